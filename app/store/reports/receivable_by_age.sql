-- Receivable by age and payer
-- What payers still owe by the books, denials included, by days since the service. The share beyond
-- 90 days is usually wanted below one tenth.
-- payer text, days_0_30 money, days_31_60 money, days_61_90 money, days_91_120 money, older money, total money, beyond_90 rate
select payer, days_0_30, days_31_60, days_61_90, days_91_120, older, total,
       case when total > 0 then (days_91_120 + older) * 10000 / total end as beyond_90
from (
    select coalesce(c.payer_name, c.payer_id, '-') as payer,
           sum(case when d.service_date >= :day_30 then l.amount else 0 end) as days_0_30,
           sum(case when d.service_date < :day_30 and d.service_date >= :day_60 then l.amount else 0 end) as days_31_60,
           sum(case when d.service_date < :day_60 and d.service_date >= :day_90 then l.amount else 0 end) as days_61_90,
           sum(case when d.service_date < :day_90 and d.service_date >= :day_120 then l.amount else 0 end) as days_91_120,
           sum(case when d.service_date is null or d.service_date < :day_120 then l.amount else 0 end) as older,
           sum(l.amount) as total
    from journal_line l
    join claim c on c.tenant_id = l.tenant_id and c.id = l.claim_id
    left join charge d on d.tenant_id = l.tenant_id and d.id = l.charge_id
    where l.tenant_id = :tenant and l.account = 'receivable_payer'
    group by coalesce(c.payer_name, c.payer_id, '-')
) aged
where total <> 0
order by total desc, payer
