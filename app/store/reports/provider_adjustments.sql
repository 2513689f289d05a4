-- Provider adjustments
-- PLB amounts by payer and reason; a positive amount lowered a payment.
-- payer text, reason text, adjustments count, amount money
select coalesce(r.payer_name, '-') as payer, a.reason, count(*) as adjustments, sum(a.amount) as amount
from provider_adjustment a
join remittance r on r.tenant_id = a.tenant_id and r.id = a.remittance_id
where a.tenant_id = :tenant and r.state <> 'duplicate'
group by coalesce(r.payer_name, '-'), a.reason
order by payer, a.reason
