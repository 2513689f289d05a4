-- Patient share
-- What payers gave to patients: deductible (1), coinsurance (2), copay (3), and the rest.
-- payer text, deductible money, coinsurance money, copay money, other money
select coalesce(c.payer_name, c.payer_id, '-') as payer,
       sum(case when a.reason = '1' then a.amount else 0 end) as deductible,
       sum(case when a.reason = '2' then a.amount else 0 end) as coinsurance,
       sum(case when a.reason = '3' then a.amount else 0 end) as copay,
       sum(case when a.reason not in ('1', '2', '3') then a.amount else 0 end) as other
from adjustment a
join claim_payment p on p.tenant_id = a.tenant_id and p.id = a.claim_payment_id
join claim c on c.tenant_id = p.tenant_id and c.id = p.claim_id
where a.tenant_id = :tenant and p.state = 'posted' and p.status <> '22' and a."group" = 'PR'
group by coalesce(c.payer_name, c.payer_id, '-')
order by payer
