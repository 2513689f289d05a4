-- Underpayments
-- Lines of posted payments that were held to an agreed fee, those allowed less, by how much, and what
-- of it is still being worked, by payer and procedure. Cuts that are suspect without a fee are counted
-- as short by the cut.
-- payer text, procedure text, judged count, short count, expected money, allowed money, underpaid money, open money, overpaid money
select coalesce(payer_name, payer_id, '-') as payer, coalesce(procedure_code, '-') as procedure, count(*) as judged,
       sum(case when finding in ('underpaid', 'whole_charge', 'beyond_allowed') then 1 else 0 end) as short,
       sum(coalesce(expected, 0)) as expected, sum(allowed) as allowed,
       sum(case when finding in ('underpaid', 'whole_charge', 'beyond_allowed') then difference else 0 end) as underpaid,
       sum(case when finding in ('underpaid', 'whole_charge', 'beyond_allowed') and state in ('open', 'disputed')
                then at_stake else 0 end) as open,
       sum(case when finding = 'overpaid' then -difference else 0 end) as overpaid
from allowed_as_judged
where tenant_id = :tenant
group by coalesce(payer_name, payer_id, '-'), coalesce(procedure_code, '-')
order by underpaid desc, payer, procedure
