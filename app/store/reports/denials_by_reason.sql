-- Denials by reason
-- Adjustments of posted payments whose reason is a denial, by group and code (CARC).
-- adjustment_group text, reason text, claims count, lines count, amount money
select a."group" as adjustment_group, a.reason, count(distinct p.claim_id) as claims, count(*) as lines, sum(a.amount) as amount
from adjustment a
join claim_payment p on p.tenant_id = a.tenant_id and p.id = a.claim_payment_id
where a.tenant_id = :tenant and p.state = 'posted' and p.status <> '22' and a.reason in :denial_codes
group by a."group", a.reason
order by amount desc, a.reason
