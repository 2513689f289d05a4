-- Remittances
-- 835 transaction sets by what became of them; auto-posted is the share of their claim payments that
-- nobody had to look at. A deposit that came in parts counts with the part that booked it.
-- state text, remittances count, deposits money, posted count, waiting count, auto_posted rate
select state, remittances, deposits, posted, waiting,
       case when posted + waiting > 0 then posted * 10000 / (posted + waiting) end as auto_posted
from (
    select r.state, count(*) as remittances,
           sum(case when r.same_payment_as is not null then 0
                    when r.credit_debit = 'D' then -r.payment_amount else r.payment_amount end) as deposits,
           sum(r.posted) as posted, sum(r.waiting) as waiting
    from remittance r
    where r.tenant_id = :tenant and r.state <> 'duplicate'
    group by r.state
) taken
order by state
