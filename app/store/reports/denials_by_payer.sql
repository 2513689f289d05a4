-- Denials by payer
-- Claims that were decided and not taken back, those denied as a whole or in part, and the money that
-- was denied: adjustments whose reason is a denial.
-- payer text, decided count, denied count, partly_denied count, denial_rate rate, denied_amount money
select payer, decided, denied, partly_denied, (denied + partly_denied) * 10000 / decided as denial_rate, denied_amount
from (
    select coalesce(c.payer_name, c.payer_id, '-') as payer,
           count(*) as decided,
           sum(case when p.outcome = 'DENIED' then 1 else 0 end) as denied,
           sum(case when p.outcome = 'PARTIALLY_PAID' then 1 else 0 end) as partly_denied,
           sum(coalesce((
               select sum(a.amount) from adjustment a
               where a.tenant_id = p.tenant_id and a.claim_payment_id = p.id and a.reason in :denial_codes
           ), 0)) as denied_amount
    from claim_payment p
    join claim c on c.tenant_id = p.tenant_id and c.id = p.claim_id
    where p.tenant_id = :tenant and p.state = 'posted' and p.status <> '22'
    group by coalesce(c.payer_name, c.payer_id, '-')
) decisions
order by denied_amount desc, payer
