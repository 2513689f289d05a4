-- Waiting payments
-- Claim payments that changed no claim yet, by the reason why; their money is in unapplied.
-- reason text, payments count, paid money, oldest text
select p.reason, count(*) as payments, sum(p.paid) as paid, cast(min(r.effective_date) as varchar) as oldest
from claim_payment p
join remittance r on r.tenant_id = p.tenant_id and r.id = p.remittance_id
where p.tenant_id = :tenant and p.state = 'waiting'
group by p.reason
order by payments desc, p.reason
