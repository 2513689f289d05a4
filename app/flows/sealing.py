"""How a batch is written and sealed: by the request that makes it, or later by a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.domain.batch import BatchHeader, BatchState, ControlNumbers, OutboundClaim, StoredBatch
from app.domain.claim import Claim, StoredClaim
from app.domain.encounter import ClaimType
from app.domain.errors import Conflict
from app.domain.finding import Finding
from app.domain.identity import Prefix, public_id
from app.domain.lifecycle import Stage
from app.domain.partner import PartnerProfile
from app.flows.evidence import own, record
from app.flows.ports import (
    QUEUE_BATCHES,
    QUEUE_OPINIONS,
    WORKFLOW_SECOND_OPINION,
    WORKFLOW_TRANSMIT_BATCH,
    MatchedEvidence,
    Mode,
    Tenant,
    UnitOfWork,
)
from app.x12.claim_837 import WrittenBatch, write_batch

_USAGE = {Mode.TEST: "T", Mode.LIVE: "P"}


def partner_of(uow: UnitOfWork, claim: StoredClaim) -> PartnerProfile:
    """The trading partner that takes claims of this claim's payer."""
    if claim.payer_row is None:
        raise LookupError("a claim without a payer cannot be READY: edit PAY01 holds it")
    return uow.partners.for_payer(claim.payer_row)


def write(
    uow: UnitOfWork,
    partner: PartnerProfile,
    numbers: ControlNumbers,
    *,
    claim_type: ClaimType,
    at: datetime,
    claims: Sequence[tuple[StoredClaim, Claim]],
) -> WrittenBatch:
    """The interchange of claims of one kind; the same arguments give the same bytes."""
    header = BatchHeader(
        partner=partner,
        numbers=numbers,
        claim_type=claim_type,
        usage=_USAGE[uow.tenant.mode],
        written=at.replace(second=0, microsecond=0),  # ISA10, GS05, BHT05: HHMM
    )
    outbound = [
        OutboundClaim(stored.submission_id, stored.patient_control_number, claim)
        for stored, claim in claims
    ]
    return write_batch(header, outbound)


def hold(
    uow: UnitOfWork,
    claims: Sequence[tuple[StoredClaim, Claim]],
    refused: Mapping[UUID, Sequence[Finding]],
) -> list[UUID]:
    """Claims back to NEEDS_INFO with their findings (by submission); gives their ids."""
    held = []
    for stored, _ in claims:
        findings = refused.get(stored.submission_id)
        if findings:
            held.append(stored.id)
            uow.claims.set_findings(stored.id, findings)
            codes = ",".join(sorted({f.rule_id for f in findings}))
            fact = own(uow, Stage.NEEDS_INFO, code=codes)
            record(uow, [MatchedEvidence(fact, (stored.submission_id,))])
    return held


def seal(uow: UnitOfWork, batch: StoredBatch) -> StoredBatch:
    """From here on its bytes do not change; the job that sends them is promised."""
    uow.batches.mark(batch.id, BatchState.SEALED)
    submissions = tuple(c.submission_id for c in uow.batches.claims(batch.id))
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
    return replace(batch, state=BatchState.SEALED)


def promise_opinion(uow: UnitOfWork, batch_id: UUID) -> None:
    """The job that asks for a second opinion."""
    uow.enqueue(
        WORKFLOW_SECOND_OPINION,
        queue=QUEUE_OPINIONS,
        workflow_id=f"opinion-{batch_id}",
        args=[str(uow.tenant.id), str(batch_id)],
    )


def keep_modes_apart(tenant: Tenant, partner: PartnerProfile) -> None:
    """Nothing of a test tenant goes to a live partner, nor the other way; raises Conflict."""
    if partner.live is not (tenant.mode is Mode.LIVE):
        words = {True: "live", False: "test"}
        raise Conflict(
            f"Tenant {tenant.name} is a {tenant.mode} tenant and partner {partner.name} is"
            f" a {words[partner.live]} one.",
            do="Nothing was done; this tenant needs a partner of its own mode.",
        )
