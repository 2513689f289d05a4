"""TA1, 999 and 277CA: each answer is tied to the claims it is about, in one transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from uuid import UUID

from app.domain.ack import (
    ClaimAck,
    ClaimStatus,
    ImplementationAck,
    InterchangeAck,
    Place,
    StatusReport,
    claim_stage,
    interchange_stage,
    level_stage,
    set_stages,
)
from app.domain.batch import BatchState, StoredBatch
from app.domain.lifecycle import Evidence, ReportedBy, Stage
from app.flows.evidence import at_midnight, record
from app.flows.ports import MatchedEvidence, SentClaim, StoredFile, UnitOfWork, UnitsOfWork

Ack = InterchangeAck | ImplementationAck | ClaimAck


def acknowledge(
    units: UnitsOfWork, acks: Iterable[Ack], *, tenant_id: UUID, file: StoredFile
) -> None:
    """Book every acknowledgment of a file; what names nothing of ours is kept and waits."""
    for ack in acks:
        with units(tenant_id, actor="system") as uow:
            _book(ack, uow, file)


@singledispatch
def _book(ack: object, uow: UnitOfWork, file: StoredFile) -> None:
    raise TypeError(f"{type(ack).__name__} is no acknowledgment")


@_book.register
def _interchange(ack: InterchangeAck, uow: UnitOfWork, file: StoredFile) -> None:
    stage = interchange_stage(ack)
    batch = uow.batches.by_interchange(_number(ack.interchange_control_number))
    claims = uow.batches.claims(batch.id) if batch else []
    fact = _of_clearinghouse(
        stage, ack, file, place=ack.place, code=f"TA1*{ack.status}*{ack.note_code}"
    )
    record(uow, [_matched(fact, claims, file, f"ISA13={ack.interchange_control_number}")])
    if batch:
        rejected = stage is Stage.FILE_REJECTED
        _advance(uow, batch, BatchState.TA1_REJECTED if rejected else BatchState.TA1_ACCEPTED)


@_book.register
def _implementation(ack: ImplementationAck, uow: UnitOfWork, file: StoredFile) -> None:
    group = f"AK9*{ack.status}"
    batch = uow.batches.by_group(_number(ack.group_control_number))
    if batch is None:
        fact = _of_clearinghouse(Stage.UNKNOWN, ack, file, place=ack.place, code=group)
        record(uow, [_matched(fact, [], file, f"AK102={ack.group_control_number}")])
        return
    by_set: dict[str, list[SentClaim]] = {}
    for claim in uow.batches.claims(batch.id):
        by_set.setdefault(claim.transaction_control_number, []).append(claim)
    stages = set_stages(ack, list(by_set))
    items = []
    for number, (stage, response) in stages.items():
        place: Place = response.place if response else ack.place
        code = f"IK5*{response.status}" if response else group
        fact = _of_clearinghouse(stage, ack, file, place=place, code=code)
        items.append(_matched(fact, by_set[number], file, f"AK202={number}"))
    record(uow, items)
    _advance(uow, batch, _group_state({stage for stage, _ in stages.values()}))


@_book.register
def _claim_ack(ack: ClaimAck, uow: UnitOfWork, file: StoredFile) -> None:
    known = uow.claims.by_patient_control_number([c.patient_control_number for c in ack.claims])
    items = []
    payer_numbers: dict[UUID, str] = {}
    listed = set()
    for status in ack.claims:
        claim = known.get(status.patient_control_number)
        stage, said_by = claim_stage(status, source_entity=ack.source_entity)
        evidence = _claim_evidence(stage, said_by, status.report, file)
        submissions = (claim.submission_id,) if claim else ()
        if claim:
            listed.add(claim.submission_id)
            if status.payer_claim_control_number:
                payer_numbers[claim.submission_id] = status.payer_claim_control_number
        items.append(MatchedEvidence(evidence, submissions, file.id, subject=_subject(status)))
    items += _inherited(ack, uow, file, listed)
    record(uow, items, payer_numbers=payer_numbers)


def _inherited(
    ack: ClaimAck, uow: UnitOfWork, file: StoredFile, listed: set[UUID]
) -> list[MatchedEvidence]:
    """What a batch or provider level says of the claims below it that the file does not list.

    A rejection speaks for all of them. A kind word does so only in a file that ends at that level:
    where others are listed, a claim that is not has been answered by nobody yet.
    """
    batch = uow.batches.by_reference(ack.batch_reference) if ack.batch_reference else None
    if batch is None:
        return []
    claims = [
        c
        for c in uow.batches.claims(batch.id)
        if c.batch_reference == ack.batch_reference and c.submission_id not in listed
    ]
    levels: list[tuple[StatusReport, list[SentClaim]]] = []
    if ack.batch_report:
        levels.append((ack.batch_report, claims))
    for npi, report in ack.provider_reports:
        levels.append((report, [c for c in claims if c.billing_npi == npi]))
    items = []
    for report, below in levels:
        stage, said_by = level_stage(report, source_entity=ack.source_entity)
        if below and (stage is Stage.REJECTED or not ack.claims):
            evidence = _claim_evidence(stage, said_by, report, file)
            items.append(_matched(evidence, below, file, f"BHT03={ack.batch_reference}"))
    return items


def _of_clearinghouse(
    stage: Stage,
    ack: InterchangeAck | ImplementationAck,
    file: StoredFile,
    *,
    place: Place,
    code: str,
) -> Evidence:
    """A TA1 or 999: only who checks syntax writes them, so it is the clearinghouse's word."""
    return Evidence(
        stage,
        ReportedBy.CLEARINGHOUSE,
        at_midnight(ack.effective),
        kind="TA1" if isinstance(ack, InterchangeAck) else "999",
        code=code,
        file_sha256=file.sha256,
        segment_number=place.segment_number,
        loop=place.loop,
    )


def _claim_evidence(
    stage: Stage, said_by: ReportedBy, report: StatusReport, file: StoredFile
) -> Evidence:
    return Evidence(
        stage,
        said_by,
        at_midnight(report.effective),
        kind="277CA",
        code=" ".join(str(code) for code in report.codes) or None,
        file_sha256=file.sha256,
        segment_number=report.place.segment_number,
        loop=report.place.loop,
    )


def _matched(
    evidence: Evidence, claims: list[SentClaim], file: StoredFile, subject: str
) -> MatchedEvidence:
    return MatchedEvidence(
        evidence, tuple(c.submission_id for c in claims), file.id, subject=subject
    )


def _subject(status: ClaimStatus) -> str:
    return f"TRN02={status.patient_control_number}"


_GROUP_STATE = {
    frozenset({Stage.FILE_ACCEPTED}): BatchState.ACK_ACCEPTED,
    frozenset({Stage.FILE_REJECTED}): BatchState.ACK_REJECTED,
}


def _group_state(stages: set[Stage]) -> BatchState:
    return _GROUP_STATE.get(frozenset(stages), BatchState.ACK_PARTIAL)


# A batch only moves on: a TA1 that comes after its 999 does not take the batch back.
_BATCH_RANK = {
    state: rank
    for rank, state in enumerate(
        (
            BatchState.SEALED,
            BatchState.FAILED_TRANSPORT,
            BatchState.SEND_UNKNOWN,
            BatchState.TRANSMITTED,
            BatchState.TA1_ACCEPTED,
            BatchState.TA1_REJECTED,
            BatchState.ACK_ACCEPTED,
            BatchState.ACK_PARTIAL,
            BatchState.ACK_REJECTED,
        )
    )
}


def _advance(uow: UnitOfWork, batch: StoredBatch, state: BatchState) -> None:
    if _BATCH_RANK[state] > _BATCH_RANK[batch.state]:
        uow.batches.mark(batch.id, state)


def _number(control_number: str) -> int:
    """A control number of ours as a number; what is none of ours is 0, which we never give out."""
    text = control_number.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
