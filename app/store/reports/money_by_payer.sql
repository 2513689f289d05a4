-- Money by payer
-- What became of the charges of each payer's claims. Net collection is what was paid over what was
-- to be had: charges less contractual adjustments and sequestration. What was handed on to the next
-- payer is open with that one; `(next payer)` while no claim asks it.
-- payer text, charges money, paid money, contractual money, sequestration money, written_off money, patient money, open money, net_collection rate
select payer, charges, paid, contractual, sequestration, written_off, patient, open,
       case when charges - contractual - sequestration > 0
            then paid * 10000 / (charges - contractual - sequestration) end as net_collection
from (
    select case when l.payer_position <> c.responsibility and n.id is null then '(next payer)'
                else coalesce(n.payer_name, n.payer_id, c.payer_name, c.payer_id, '-') end as payer,
           sum(case when l.account = 'charges' then -l.amount else 0 end) as charges,
           sum(case when l.account = 'unapplied' then l.amount else 0 end) as paid,
           sum(case when l.account = 'contractual' then l.amount else 0 end) as contractual,
           sum(case when l.account = 'sequestration' then l.amount else 0 end) as sequestration,
           sum(case when l.account = 'write_off' then l.amount else 0 end) as written_off,
           sum(case when l.account = 'receivable_patient' then l.amount else 0 end) as patient,
           sum(case when l.account = 'receivable_payer' then l.amount else 0 end) as open
    from journal_line l
    join claim c on c.tenant_id = l.tenant_id and c.id = l.claim_id
    left join claim n on n.tenant_id = c.tenant_id and n.encounter_id = c.encounter_id
        and n.responsibility = l.payer_position and l.payer_position <> c.responsibility
        and n.claim_number = (select max(m.claim_number) from claim m where m.tenant_id = n.tenant_id
                              and m.encounter_id = n.encounter_id
                              and m.responsibility = n.responsibility)
    where l.tenant_id = :tenant
    group by case when l.payer_position <> c.responsibility and n.id is null then '(next payer)'
                else coalesce(n.payer_name, n.payer_id, c.payer_name, c.payer_id, '-') end
) booked
order by charges desc, payer
