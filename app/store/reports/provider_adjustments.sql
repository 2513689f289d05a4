-- Provider adjustments
-- PLB amounts by payer and reason; a positive amount lowered a payment.
-- What is booked: nothing of remittances that wait or were un-posted.
-- payer text, reason text, adjustments count, amount money
select payer, reason, count(*) as adjustments, sum(amount) as amount
from (
    select coalesce(r.payer_name, '-') as payer, a.reason, a.id, sum(l.amount) as amount
    from provider_adjustment a
    join remittance r on r.tenant_id = a.tenant_id and r.id = a.remittance_id
    join journal_entry e on e.tenant_id = a.tenant_id and e.source_type = 'provider_adjustment'
        and e.source_id = a.id
    join journal_line l on l.tenant_id = e.tenant_id and l.entry_id = e.id
        and l.account <> 'unapplied'
    where a.tenant_id = :tenant
    group by coalesce(r.payer_name, '-'), a.reason, a.id
    having sum(l.amount) <> 0
) booked
group by payer, reason
order by payer, reason
