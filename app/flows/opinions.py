"""The second opinion on a written batch: asked by a job, outside of any transaction.

Where the partner's profile says `warn`, the batch has left or is leaving meanwhile, and what was
found is kept with it. Where it says `block`, the batch is OPEN: claims that are faulted go back to
NEEDS_INFO, the rest is written again under the same control numbers and asked about again, so that
what is sealed is what was asked about, byte for byte. No opinion is no objection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from app.domain.batch import BatchState, ControlNumbers, StoredBatch
from app.domain.claim import Claim, StoredClaim
from app.domain.encounter import ClaimType
from app.domain.errors import NotFound
from app.domain.finding import Finding
from app.domain.identity import Prefix, public_id
from app.domain.lifecycle import Stage
from app.domain.opinion import OpinionFinding, OpinionPolicy, SecondOpinion, Verdict
from app.domain.partner import PartnerProfile
from app.flows.ports import RawFiles, UnitOfWork, UnitsOfWork
from app.flows.sealing import hold, partner_of, seal, write
from app.x12.claim_837 import file_label
from app.x12.named_claims import Named, named_claims

MOST_KEPT = 100  # findings kept with a batch; the rest is counted

Ask = Callable[[bytes], SecondOpinion]


def second_opinion(
    units: UnitsOfWork, raw: RawFiles, ask: Ask, *, tenant_id: UUID, batch_id: UUID
) -> BatchState:
    """Ask about a batch until it is sealed or abandoned; safe to run again from any point."""
    while True:
        with units(tenant_id, actor="system") as uow:
            batch = uow.batches.get(batch_id)
            if batch is None:
                raise NotFound("batch", public_id(Prefix.BATCH, batch_id))
            if not _waits(batch):
                return batch.state
            partner = _partner(uow, batch)
        opinion, named = _asked(raw, ask, tenant_id, batch, partner)
        with units(tenant_id, actor="system") as uow:
            if uow.batches.get(batch_id) != batch or _partner(uow, batch) != partner:
                continue  # another attempt was faster, or the profile says otherwise by now
            if opinion is not None:
                _keep(uow, batch, opinion)
            if batch.state is BatchState.OPEN:
                _go_on(uow, raw, batch, partner, named)


def abandon(uow: UnitOfWork, batch: StoredBatch, reason: str) -> None:
    """Never sealed: its number is used up, its claims are free for another batch."""
    uow.batches.rewrite(batch.id, sha256=batch.sha256, positions=())
    uow.batches.mark(batch.id, BatchState.ABANDONED, reason=reason)
    subject = public_id(Prefix.BATCH, batch.id)
    uow.audit("batch.abandoned", subject=subject, detail={"sha256": batch.sha256})
    uow.event("batch.abandoned", resource=subject, data={"claims": batch.claims})


def _waits(batch: StoredBatch) -> bool:
    """Whether there is something left to ask or to decide."""
    return batch.state is BatchState.OPEN or (batch.state.may_have_left and batch.opinion is None)


def _asked(
    raw: RawFiles, ask: Ask, tenant_id: UUID, batch: StoredBatch, partner: PartnerProfile
) -> tuple[SecondOpinion | None, Named | None]:
    """What it says, and what it objects to; an open batch of who wants none is not asked about."""
    if batch.state is BatchState.OPEN and partner.second_opinion is OpinionPolicy.OFF:
        return None, None
    data = raw.get(tenant_id, batch.sha256)
    opinion = ask(data)
    if opinion.verdict is Verdict.DIFFERS and partner.second_opinion is OpinionPolicy.BLOCK:
        return opinion, named_claims(data, opinion.findings)
    return opinion, None


def _keep(uow: UnitOfWork, batch: StoredBatch, opinion: SecondOpinion) -> None:
    uow.batches.keep_opinion(batch.id, replace(opinion, findings=opinion.findings[:MOST_KEPT]))
    subject = public_id(Prefix.BATCH, batch.id)
    said = {"verdict": opinion.verdict, "count": opinion.count}
    uow.audit("batch.second_opinion", subject=subject, detail={**said, "sha256": batch.sha256})
    if opinion.verdict is Verdict.DIFFERS:
        uow.event("batch.second_opinion", resource=subject, data=said)


def _go_on(
    uow: UnitOfWork, raw: RawFiles, batch: StoredBatch, partner: PartnerProfile, named: Named | None
) -> None:
    """Seal the batch, or write it again without the claims that may not leave, or abandon it."""
    if named is not None and (named.head or not named.claims):
        abandon(uow, batch, _of_the_head(named.head))
        return
    kind = _kind(batch)
    drafted = {c.claim_id: c for c in uow.batches.claims(batch.id)}
    ready = [
        (stored, claim)
        for stored, claim in uow.claims.to_send(list(drafted))
        if stored.stage is Stage.READY
        and claim.encounter.claim_type is kind
        and partner_of(uow, stored).id == partner.id
    ]
    held = hold(uow, ready, _by_submission(ready, named))
    leaving = [(stored, claim) for stored, claim in ready if stored.id not in held]
    written = write(
        uow,
        partner,
        _numbers(uow, batch),
        claim_type=kind,
        at=batch.created_at,
        claims=leaving,
    )
    held += hold(uow, leaving, written.refused)
    if written.sha256 == batch.sha256:
        seal(uow, batch)
        return
    kept = {position.submission_id for position in written.positions}
    gone = [id for id, claim in drafted.items() if claim.submission_id not in kept]
    reason = " ".join(filter(None, (batch.reason, _left_out(gone, held)))) or None
    if not written.positions:
        abandon(uow, batch, reason or "")
        return
    sha256 = raw.put(uow.tenant.id, written.data)
    uow.batches.rewrite(batch.id, sha256=sha256, positions=written.positions)
    uow.batches.mark(batch.id, BatchState.OPEN, reason=reason)


def _of_the_head(findings: Iterable[OpinionFinding]) -> str:
    named = list(dict.fromkeys(f"{f.ref} (code {f.code})" for f in findings))
    places = ", ".join(named[:_MOST_NAMED]) or "it does not say where"
    return (
        f"The second opinion finds fault with what stands above all claims: {places}. Nothing was"
        " sealed, the claims are READY. Correct the trading partner's profile, or let it only warn."
    )


def _left_out(gone: Sequence[UUID], held: Sequence[UUID]) -> str | None:
    """Why these claims are not in it any more."""
    parts = []
    for ids, why in (
        ([id for id in gone if id in held], "held, as their findings say"),
        ([id for id in gone if id not in held], "changed meanwhile"),
    ):
        if ids:
            names = [public_id(Prefix.CLAIM, id) for id in ids[:_MOST_NAMED]]
            more = f" and {len(ids) - len(names)} more" if len(ids) > len(names) else ""
            parts.append(f"Left out: {', '.join(names)}{more} ({why}).")
    return " ".join(parts) or None


_MOST_NAMED = 20


def _by_submission(
    claims: Iterable[tuple[StoredClaim, Claim]], named: Named | None
) -> dict[UUID, tuple[Finding, ...]]:
    if named is None:
        return {}
    return {
        stored.submission_id: named.claims[stored.patient_control_number]
        for stored, _ in claims
        if stored.patient_control_number in named.claims
    }


def _numbers(uow: UnitOfWork, batch: StoredBatch) -> ControlNumbers:
    """Those the batch was first written with."""
    first = uow.batches.claims(batch.id)[0]  # of the transaction set whose BHT03 has no number
    return ControlNumbers(
        batch.interchange_control_number, batch.group_control_number, first.batch_reference
    )


def _kind(batch: StoredBatch) -> ClaimType:
    """The kind of its claims, as its file's name begins."""
    return next(kind for kind in ClaimType if batch.file_name.startswith(f"{file_label(kind)}_"))


def _partner(uow: UnitOfWork, batch: StoredBatch) -> PartnerProfile:
    partner = uow.partners.get(batch.partner_id)
    if partner is None:
        raise NotFound("trading partner", public_id(Prefix.PARTNER, batch.partner_id))
    return partner
