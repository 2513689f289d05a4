-- First pass
-- First attempts that were sent, those that a payer took in or decided without any rejection before,
-- and those that were paid, or rightly paid nothing, at once.
-- payer text, sent count, accepted count, resolved count, acceptance rate, resolution rate
select payer, sent, accepted, resolved, accepted * 10000 / sent as acceptance, resolved * 10000 / sent as resolution
from (
    select coalesce(c.payer_name, c.payer_id, '-') as payer, count(*) as sent,
           sum(case when f.rejected = 0 and f.accepted = 1 then 1 else 0 end) as accepted,
           sum(case when f.rejected = 0 and f.resolved = 1 then 1 else 0 end) as resolved
    from (
        select s.tenant_id, s.claim_id,
               max(case when e.stage = 'TRANSMITTED' then 1 else 0 end) as sent,
               max(case when e.stage in ('REJECTED', 'FILE_REJECTED') then 1 else 0 end) as rejected,
               max(case when e.stage = 'ACCEPTED_PAYER' or e.kind = '835' then 1 else 0 end) as accepted,
               max(case when e.stage in ('PAID', 'ZERO_PAY') then 1 else 0 end) as resolved
        from submission s
        join evidence_match m on m.tenant_id = s.tenant_id and m.submission_id = s.id
        join evidence e on e.tenant_id = m.tenant_id and e.id = m.evidence_id
        where s.tenant_id = :tenant and s.attempt = 1
          and not exists (select 1 from evidence_match later
                          where later.tenant_id = m.tenant_id and later.supersedes_id = m.id)
        group by s.tenant_id, s.claim_id
    ) f
    join claim c on c.tenant_id = f.tenant_id and c.id = f.claim_id
    where f.sent = 1
    group by coalesce(c.payer_name, c.payer_id, '-')
) passed
order by sent desc, payer
