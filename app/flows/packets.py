"""Gathers what an appeal's packet is made of."""

from __future__ import annotations

from uuid import UUID

from app.domain.appeal_packet import Acknowledged, Packet, Submitted
from app.domain.clock import local_date
from app.domain.errors import NotFound
from app.flows.ports import UnitOfWork


def packet_of(uow: UnitOfWork, appeal_id: UUID) -> Packet:
    """Raises NotFound when there is no such appeal."""
    appeal = uow.appeals.get(appeal_id)
    stored = uow.claims.get(appeal.claim_id) if appeal else None
    if appeal is None or stored is None:
        raise NotFound("appeal", "of this id")
    of_claim = uow.denials.of_claims([stored.id])[stored.id]
    denials = tuple(d for d in of_claim if d.id in set(appeal.denial_ids))
    payments = sorted({denial.new.payment_id for denial in denials})
    return Packet(
        appeal=appeal,
        stored=stored,
        claim=uow.claims.snapshots([stored.id])[stored.id],
        denials=denials,
        remitted=tuple(uow.appeals.remitted(payments)),
        submitted=_submitted(uow, stored.id),
        acknowledged=tuple(_acknowledged(uow, stored.id)),
        papers=tuple(uow.appeals.documents(appeal_id)),
        as_of=local_date(uow.clock, uow.tenant.time_zone),
    )


def _submitted(uow: UnitOfWork, claim_id: UUID) -> Submitted | None:
    written = uow.batches.of_claim(claim_id)
    if written is None:
        return None
    batch, position = written
    return Submitted(
        interchange_control_number=f"{batch.interchange_control_number:09d}",
        group_control_number=str(batch.group_control_number),
        transaction_control_number=position.transaction_control_number,
        file_name=batch.file_name,
        sha256=batch.sha256,
        written_at=batch.created_at,
    )


def _acknowledged(uow: UnitOfWork, claim_id: UUID) -> list[Acknowledged]:
    """What came back for the claim before it was decided, oldest first."""
    told = []
    for item in uow.evidence.timeline(claim_id):
        file = uow.files.get(item.file_id) if item.file_id else None
        if file is None or file.kind not in ("TA1", "999", "277CA"):
            continue
        told.append(
            Acknowledged(
                kind=file.kind,
                code=item.code,
                on=item.at.date(),
                reported_by=item.reported_by,
                file_name=file.name,
                file_sha256=file.sha256,
                segment_number=item.segment_number or 0,
            )
        )
    return told
