-- Days in receivable
-- What payers and patients owe, less credits, over what is charged on an average day of the last 90.
-- receivable money, charges_of_90_days money, days count
select receivable, charges_of_90_days,
       case when charges_of_90_days > 0 then receivable * 90 / charges_of_90_days end as days
from (
    select coalesce(sum(case when l.account in ('receivable_payer', 'receivable_patient', 'patient_credit')
                             then l.amount else 0 end), 0) as receivable,
           coalesce(sum(case when l.account = 'charges' and d.service_date > :day_90
                             then -l.amount else 0 end), 0) as charges_of_90_days
    from journal_line l
    left join charge d on d.tenant_id = l.tenant_id and d.id = l.charge_id
    where l.tenant_id = :tenant
) whole
