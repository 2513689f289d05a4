"""Ready claims into sealed batches, one a trading partner and kind of claim; and these to the
partner.

Sealing is one transaction: control numbers, bytes, where each claim stands in them, and the job
that will send them. The bytes are on disk under their hash before that transaction commits, and
every attempt to send hands over those bytes under the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.batch import BatchHeader, BatchState, OutboundClaim, PartnerProfile, StoredBatch
from app.domain.claim import Claim, StoredClaim
from app.domain.encounter import ClaimType
from app.domain.errors import Conflict, NotFound, TransmissionFailed
from app.domain.identity import Prefix, new_id, public_id
from app.domain.lifecycle import Stage
from app.domain.transmission import SendState
from app.flows.evidence import own, record
from app.flows.ports import (
    QUEUE_BATCHES,
    WORKFLOW_TRANSMIT_BATCH,
    MatchedEvidence,
    Mode,
    RawFiles,
    Tenant,
    Transports,
    UnitOfWork,
    UnitsOfWork,
)
from app.x12.claim_837 import file_label, write_batch

MOST_AT_ONCE = 5000  # claims sealed in one transaction; what is left waits for the next call

_USAGE = {Mode.TEST: "T", Mode.LIVE: "P"}


@dataclass(frozen=True, slots=True)
class Sealed:
    """The batches that were sealed, and claims that could not be written and are held."""

    batches: list[StoredBatch]
    held: list[UUID]


def seal_batches(
    uow: UnitOfWork, raw: RawFiles, *, claim_ids: Sequence[UUID] | None = None
) -> Sealed:
    """Write and seal all ready claims, or those named; one batch a partner and kind of claim.

    A claim that cannot be written goes back to NEEDS_INFO with findings; the others leave. Raises
    NotFound for an unknown claim and Conflict for one that is not READY.
    """
    ids = uow.claims.ready(limit=MOST_AT_ONCE) if claim_ids is None else list(claim_ids)
    claims = uow.claims.to_send(ids)
    if claim_ids is None:
        claims = [pair for pair in claims if pair[0].stage is Stage.READY]
    else:
        _refuse_unready(ids, claims)
    batches: dict[object, tuple[PartnerProfile, ClaimType, list[tuple[StoredClaim, Claim]]]] = {}
    for stored, claim in claims:
        if stored.payer_row is None:
            raise LookupError("a claim without a payer cannot be READY: edit PAY01 holds it")
        partner = uow.partners.for_payer(stored.payer_row)
        kind = claim.encounter.claim_type
        batch = batches.setdefault((partner.id, kind), (partner, kind, []))
        batch[2].append((stored, claim))
    sealed = Sealed([], [])
    for partner, kind, mine in batches.values():
        _seal(uow, raw, _Plan(partner, kind), mine, sealed)
    return sealed


def transmit_batch(
    units: UnitsOfWork, raw: RawFiles, transports: Transports, *, tenant_id: UUID, batch_id: UUID
) -> BatchState:
    """Hand a sealed batch to its partner; safe to repeat until the outcome is on record.

    Raises TransmissionFailed when no byte left: the job tries the same bytes again.
    """
    name = public_id(Prefix.BATCH, batch_id)
    with units(tenant_id, actor="system") as uow:
        batch = uow.batches.get(batch_id)
        if batch is None:
            raise NotFound("batch", name)
        if batch.state not in (BatchState.SEALED, BatchState.FAILED_TRANSPORT):
            return batch.state
        tenant = uow.tenant
        partner = uow.partners.get(batch.partner_id)
    if partner is None:
        raise NotFound("trading partner", public_id(Prefix.PARTNER, batch.partner_id))
    _keep_modes_apart(tenant, partner)
    outcome = transports(tenant, partner).send(batch.file_name, raw.get(tenant_id, batch.sha256))
    state, stage = _AFTER_SENDING[outcome.state]
    with units(tenant_id, actor="system") as uow:
        now = uow.batches.get(batch_id)
        if now is None or now.state not in (BatchState.SEALED, BatchState.FAILED_TRANSPORT):
            return now.state if now else state  # another attempt, or an acknowledgment, was faster
        uow.batches.mark(batch_id, state)
        uow.audit(f"batch.{state.lower()}", subject=name, detail={"sha256": batch.sha256})
        if stage is not None:
            submissions = tuple(c.submission_id for c in uow.batches.claims(batch_id))
            record(uow, [MatchedEvidence(own(uow, stage, code=batch.file_name), submissions)])
            uow.event("batch.transmitted", resource=name, data={"state": state})
    if outcome.state is SendState.FAILED:
        raise TransmissionFailed(name, outcome.reason or "the transport gave no reason")
    return state


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


def _seal(
    uow: UnitOfWork,
    raw: RawFiles,
    plan: _Plan,
    claims: list[tuple[StoredClaim, Claim]],
    sealed: Sealed,
) -> None:
    """One interchange, if any of the claims can be written."""
    partner = plan.partner
    header = BatchHeader(
        partner=partner,
        numbers=uow.partners.take_control_numbers(partner.id),
        claim_type=plan.claim_type,
        usage=_USAGE[uow.tenant.mode],
        written=uow.clock.now().replace(second=0, microsecond=0),  # ISA10, GS05, BHT05: HHMM
    )
    outbound = [
        OutboundClaim(stored.submission_id, stored.patient_control_number, claim)
        for stored, claim in claims
    ]
    written = write_batch(header, outbound)
    by_submission = {stored.submission_id: stored for stored, _ in claims}
    for submission, findings in written.refused.items():
        sealed.held.append(by_submission[submission].id)
        uow.claims.set_findings(by_submission[submission].id, findings)
        codes = ",".join(sorted({f.rule_id for f in findings}))
        record(uow, [MatchedEvidence(own(uow, Stage.NEEDS_INFO, code=codes), (submission,))])
    if not written.positions:
        return
    batch = StoredBatch(
        id=new_id(uow.clock),
        partner_id=partner.id,
        interchange_control_number=header.numbers.interchange,
        group_control_number=header.numbers.group,
        file_name=f"{file_label(plan.claim_type)}_{partner.name}_{header.numbers.interchange:09d}.edi",
        sha256=raw.put(uow.tenant.id, written.data),
        claims=len(written.positions),
        state=BatchState.SEALED,
        mode=uow.tenant.mode,
    )
    uow.batches.add(batch, positions=written.positions)
    submissions = tuple(p.submission_id for p in written.positions)
    record(uow, [MatchedEvidence(own(uow, Stage.BATCHED, code=batch.file_name), submissions)])
    name = public_id(Prefix.BATCH, batch.id)
    uow.audit("batch.sealed", subject=name, detail={"sha256": batch.sha256, "claims": batch.claims})
    uow.event("batch.created", resource=name, data={"claims": batch.claims})
    uow.enqueue(
        WORKFLOW_TRANSMIT_BATCH,
        queue=QUEUE_BATCHES,
        workflow_id=f"transmit-{batch.id}",
        args=[str(uow.tenant.id), str(batch.id)],
    )
    sealed.batches.append(batch)


def _refuse_unready(ids: list[UUID], claims: list[tuple[StoredClaim, Claim]]) -> None:
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


def _keep_modes_apart(tenant: Tenant, partner: PartnerProfile) -> None:
    if partner.live and tenant.mode is not Mode.LIVE:
        raise Conflict(
            f"Tenant {tenant.name} is a test tenant and partner {partner.name} is live.",
            do="Nothing was sent; point the partner to a test receiver.",
        )
