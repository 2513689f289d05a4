-- Clean claims
-- Claims that no edit ever held, over all claims, by kind.
-- claim_type text, claims count, clean count, clean_rate rate
select claim_type, claims, clean, clean * 10000 / claims as clean_rate
from (
    select c.claim_type, count(*) as claims,
           sum(case when exists (
               select 1
               from evidence_match m
               join evidence e on e.tenant_id = m.tenant_id and e.id = m.evidence_id
               join submission s on s.tenant_id = m.tenant_id and s.id = m.submission_id
               where s.tenant_id = c.tenant_id and s.claim_id = c.id and e.stage = 'NEEDS_INFO'
           ) then 0 else 1 end) as clean
    from claim c
    where c.tenant_id = :tenant
    group by c.claim_type
) judged
order by claim_type
