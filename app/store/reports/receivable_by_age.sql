-- Receivable by age and payer
-- What payers still owe by the books, denials included, by days since the service. The share beyond
-- 90 days is usually wanted below one tenth.
-- What was handed on is owed by the next payer: `(next payer)` while no claim asks it. What a payer
-- decided on a claim as a whole counts by the claim's first service.
-- payer text, days_0_30 money, days_31_60 money, days_61_90 money, days_91_120 money, older money, total money, beyond_90 rate
select payer, days_0_30, days_31_60, days_61_90, days_91_120, older, total,
       case when total > 0 then (days_91_120 + older) * 10000 / total end as beyond_90
from (
    select case when l.payer_position <> c.responsibility and n.id is null then '(next payer)'
                else coalesce(n.payer_name, n.payer_id, c.payer_name, c.payer_id, '-') end as payer,
           sum(case when coalesce(d.service_date, c.first_service_date) >= :day_30 then l.amount else 0 end) as days_0_30,
           sum(case when coalesce(d.service_date, c.first_service_date) < :day_30 and coalesce(d.service_date, c.first_service_date) >= :day_60 then l.amount else 0 end) as days_31_60,
           sum(case when coalesce(d.service_date, c.first_service_date) < :day_60 and coalesce(d.service_date, c.first_service_date) >= :day_90 then l.amount else 0 end) as days_61_90,
           sum(case when coalesce(d.service_date, c.first_service_date) < :day_90 and coalesce(d.service_date, c.first_service_date) >= :day_120 then l.amount else 0 end) as days_91_120,
           sum(case when coalesce(d.service_date, c.first_service_date) is null or coalesce(d.service_date, c.first_service_date) < :day_120 then l.amount else 0 end) as older,
           sum(l.amount) as total
    from journal_line l
    join claim c on c.tenant_id = l.tenant_id and c.id = l.claim_id
    left join claim n on n.tenant_id = c.tenant_id and n.encounter_id = c.encounter_id
        and n.responsibility = l.payer_position and l.payer_position <> c.responsibility
        and n.claim_number = (select max(m.claim_number) from claim m where m.tenant_id = n.tenant_id
                              and m.encounter_id = n.encounter_id
                              and m.responsibility = n.responsibility)
    left join charge d on d.tenant_id = l.tenant_id and d.id = l.charge_id
    where l.tenant_id = :tenant and l.account = 'receivable_payer'
    group by case when l.payer_position <> c.responsibility and n.id is null then '(next payer)'
                else coalesce(n.payer_name, n.payer_id, c.payer_name, c.payer_id, '-') end
) aged
where total <> 0
order by total desc, payer
