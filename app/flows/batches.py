"""Ready claims into batches, one a trading partner and kind of claim; and these to the partner.

Writing is one transaction: control numbers, bytes, where each claim stands in them. Sealing, which
promises the job that sends them, belongs to it, unless the partner's profile lets a second opinion
object: then the batch stays OPEN until a job has asked (flows/opinions.py). The bytes are on disk
under their hash before either commits, and every attempt to send hands over those bytes under the
same name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.batch import BatchState, StoredBatch
from app.domain.claim import Claim, StoredClaim
from app.domain.encounter import ClaimType
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, new_id, public_id
from app.domain.lifecycle import Stage
from app.domain.opinion import OpinionPolicy
from app.domain.partner import PartnerProfile
from app.domain.transmission import SendState
from app.flows.evidence import own, record
from app.flows.ports import (
    WORKFLOW_TRANSMIT_BATCH,
    MatchedEvidence,
    RawFiles,
    Transports,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.sealing import hold, partner_of, promise_opinion, seal, write
from app.flows.sending import SealedFile, attempt, record_attempt
from app.x12.claim_837 import file_label

MOST_AT_ONCE = 5000  # claims written in one transaction; what is left waits for the next call


@dataclass(frozen=True, slots=True)
class Sealed:
    """The batches that were written, and claims that could not be written and are held."""

    batches: list[StoredBatch]
    held: list[UUID]


def seal_batches(
    uow: UnitOfWork,
    raw: RawFiles,
    *,
    claim_ids: Sequence[UUID] | None = None,
    partner_id: UUID | None = None,
) -> Sealed:
    """Write all ready claims, those of a partner, or those named, and seal them; one batch a
    partner and kind of claim.

    A batch of a partner whose profile lets a second opinion object is OPEN until a job has asked.

    A claim that cannot be written goes back to NEEDS_INFO with findings; the others leave. Raises
    NotFound for an unknown claim and Conflict for one that is not READY.
    """
    if claim_ids is None:
        ids = uow.claims.ready(limit=MOST_AT_ONCE, partner_id=partner_id)
    else:
        ids = list(claim_ids)
    claims = uow.claims.to_send(ids)
    # Asked for once the claims are locked: another request may have written them meanwhile.
    written = uow.batches.holding(ids)
    if claim_ids is None:
        claims = [
            (stored, claim)
            for stored, claim in claims
            if stored.stage is Stage.READY and stored.id not in written
        ]
    else:
        _refuse_unready(ids, claims, written)
    batches: dict[object, tuple[_Plan, list[tuple[StoredClaim, Claim]]]] = {}
    for stored, claim in claims:
        plan = _Plan(partner_of(uow, stored), claim.encounter.claim_type)
        batch = batches.setdefault((plan.partner.id, plan.claim_type), (plan, []))
        batch[1].append((stored, claim))
    sealed = Sealed([], [])
    for plan, mine in batches.values():
        _write(uow, raw, plan, mine, sealed)
    return sealed


def transmit_batch(
    units: UnitsOfWork, raw: RawFiles, transports: Transports, *, tenant_id: UUID, batch_id: UUID
) -> BatchState:
    """Hand a sealed batch to its partner; safe to repeat until the outcome is on record.

    What failed is tried again by the schedule, with the same bytes under the same name.
    """
    name = public_id(Prefix.BATCH, batch_id)
    with units(tenant_id, actor="system") as uow:
        batch = uow.batches.get(batch_id)
        if batch is None:
            raise NotFound("batch", name)
        if not batch.state.waits:
            return batch.state
        partner = uow.partners.get(batch.partner_id)
    if partner is None:
        raise NotFound("trading partner", public_id(Prefix.PARTNER, batch.partner_id))
    file = SealedFile(batch_id, WORKFLOW_TRANSMIT_BATCH, batch.file_name, batch.sha256)
    attempted = attempt(units, raw, transports, tenant_id=tenant_id, partner=partner, file=file)
    if attempted is None:
        return batch.state
    state, stage = _AFTER_SENDING[attempted.outcome.state]
    with units(tenant_id, actor="system") as uow:
        now = uow.batches.get(batch_id)
        if not record_attempt(uow, file, attempted):
            return now.state if now else state
        if now is None or not now.state.waits:
            # An acknowledgment was faster: it knows more than we do.
            uow.schedule.at(WORKFLOW_TRANSMIT_BATCH, batch_id, None)
            return now.state if now else state
        uow.batches.mark(batch_id, state)
        uow.audit(f"batch.{state.lower()}", subject=name, detail={"sha256": batch.sha256})
        if stage is not None:
            submissions = tuple(c.submission_id for c in uow.batches.claims(batch_id))
            record(uow, [MatchedEvidence(own(uow, stage, code=batch.file_name), submissions)])
            uow.event("batch.transmitted", resource=name, data={"state": state})
    return state


def retransmit(uow: UnitOfWork, batch_id: UUID, *, reason: str) -> StoredBatch:
    """A person has it sent again now: what failed, or what the partner says it never received.

    The same bytes go out under the same name. Raises NotFound, and Conflict for a batch that is
    neither waiting nor of unknown outcome.
    """
    name = public_id(Prefix.BATCH, batch_id)
    batch = uow.batches.get(batch_id)
    if batch is None:
        raise NotFound("batch", name)
    if not batch.state.waits and batch.state is not BatchState.SEND_UNKNOWN:
        raise Conflict(
            f"Batch {name} is {batch.state}.",
            do="What the partner has is not sent again; mend its claims and send those.",
        )
    if batch.state is BatchState.SEND_UNKNOWN:
        uow.transmissions.forget_published(batch_id)
        uow.batches.mark(batch_id, BatchState.FAILED_TRANSPORT)
    uow.schedule.at(WORKFLOW_TRANSMIT_BATCH, batch_id, uow.clock.now())
    uow.audit("batch.retransmitted", subject=name, detail={"reason": reason})
    uow.event("batch.retransmitted", resource=name)
    return uow.batches.get(batch_id) or batch


_AFTER_SENDING: dict[SendState, tuple[BatchState, Stage | None]] = {
    SendState.SENT: (BatchState.TRANSMITTED, Stage.TRANSMITTED),
    SendState.UNKNOWN: (BatchState.SEND_UNKNOWN, Stage.SEND_UNKNOWN),
    SendState.FAILED: (BatchState.FAILED_TRANSPORT, None),
}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one interchange is for: a partner and a kind of claim."""

    partner: PartnerProfile
    claim_type: ClaimType


def _write(
    uow: UnitOfWork,
    raw: RawFiles,
    plan: _Plan,
    claims: Sequence[tuple[StoredClaim, Claim]],
    sealed: Sealed,
) -> None:
    """One interchange, if any of the claims can be written."""
    partner = plan.partner
    now = uow.clock.now()
    numbers = uow.partners.take_control_numbers(partner.id)
    written = write(uow, partner, numbers, claim_type=plan.claim_type, at=now, claims=claims)
    sealed.held.extend(hold(uow, claims, written.refused))
    if not written.positions:  # the number is spent, and the chain of acts says on what
        burned = {"interchangeControlNumber": numbers.interchange, "held": len(written.refused)}
        subject = public_id(Prefix.PARTNER, partner.id)
        uow.audit("batch.not_written", subject=subject, detail=burned)
        return
    batch = StoredBatch(
        id=new_id(uow.clock),
        partner_id=partner.id,
        interchange_control_number=numbers.interchange,
        group_control_number=numbers.group,
        file_name=partner.name_of_file(
            kind=file_label(plan.claim_type), number=numbers.interchange, day=now.date()
        ),
        sha256=raw.put(uow.tenant.id, written.data),
        claims=len(written.positions),
        state=BatchState.OPEN,
        mode=uow.tenant.mode,
        created_at=now,
    )
    uow.batches.add(batch, positions=written.positions)
    if partner.second_opinion is not OpinionPolicy.OFF:
        promise_opinion(uow, batch.id)
    if partner.second_opinion is OpinionPolicy.BLOCK:
        subject = public_id(Prefix.BATCH, batch.id)
        uow.audit("batch.opened", subject=subject, detail={"sha256": batch.sha256})
        sealed.batches.append(batch)
    else:
        sealed.batches.append(seal(uow, batch))


def _refuse_unready(
    ids: Sequence[UUID],
    claims: Sequence[tuple[StoredClaim, Claim]],
    written: Mapping[UUID, UUID],
) -> None:
    found = {stored.id: stored for stored, _ in claims}
    for claim_id in ids:
        name = public_id(Prefix.CLAIM, claim_id)
        if claim_id not in found:
            raise NotFound("claim", name)
        stage = found[claim_id].stage
        if stage is not Stage.READY:
            raise Conflict(
                f"Claim {name} is {stage}, not READY; nothing was batched.",
                do="Leave it out, or mend what holds it.",
            )
        if claim_id in written:
            raise Conflict(
                f"Claim {name} is in {public_id(Prefix.BATCH, written[claim_id])} already, which"
                " waits for a second opinion; nothing was batched.",
                do="Leave it out.",
            )
