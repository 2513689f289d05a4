-- Rejections
-- Submissions that were rejected before anyone decided on them, by who rejected them and why (the
-- code of the TA1, 999 or 277CA).
-- reported_by text, kind text, code text, submissions count
select e.reported_by, e.kind, coalesce(e.code, '-') as code, count(distinct m.submission_id) as submissions
from evidence e
join evidence_match m on m.tenant_id = e.tenant_id and m.evidence_id = e.id
where e.tenant_id = :tenant and e.stage in ('REJECTED', 'FILE_REJECTED')
  and not exists (select 1 from evidence_match later
                  where later.tenant_id = m.tenant_id and later.supersedes_id = m.id)
group by e.reported_by, e.kind, coalesce(e.code, '-')
order by submissions desc, code
