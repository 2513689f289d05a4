"""TA1, 999 and 277CA: edi events to the domain's acknowledgments, each with its place.

Codes and places go up, values do not: what a sender quotes back at us may be a patient's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

import edi
from app.domain.ack import (
    ClaimAck,
    ClaimStatus,
    ImplementationAck,
    InterchangeAck,
    Place,
    SetResponse,
    StatusCode,
    StatusReport,
)
from edi.guides import x214_claim_acknowledgment as x214
from edi.guides import x231_acknowledgment as x231
from edi.model import Loop
from edi.segments import IK3, IK4, STC

Acknowledgment = InterchangeAck | ImplementationAck | ClaimAck

_REJECT = "U"  # STC03


def read_acknowledgments(source: bytes | BinaryIO) -> Iterator[Acknowledgment]:
    """Every TA1, 999 and 277CA of a file, in its order.

    A 277CA gives one ClaimAck for each batch of ours that it answers (2000B). Other transaction
    sets are passed over, and loops that could not be read are left to the edi report. A 999 without
    AK1 or AK9 says nothing; `inspect` names it as the reason why the file fails.
    """
    interchange_date: date | None = None
    group_date: date | None = None
    started = 0
    responses: list[SetResponse] = []
    batches: list[_Batch] = []
    for event in edi.read(source):
        match event:
            case edi.InterchangeOpened():
                interchange_date = _day(event.date, "%y%m%d")
            case edi.GroupOpened():
                group_date = _day(event.date, "%Y%m%d")
            case edi.InterchangeAck():
                yield _interchange(event, interchange_date)
            case edi.TransactionOpened():
                started, responses, batches = event.segment_number, [], []
            case edi.Unit(loop=x231.TransactionSetResponse() as response):
                verdict = event.segment_number + event.segment_count - 1  # IK5 closes the loop
                responses.append(_response(response, Place(verdict, response.id)))
            case edi.Unit(loop=x214.InformationReceiver2000B() as receiver):
                batches.append(_Batch(event, receiver))
            case edi.Unit(loop=x214.BillingProvider2000C() as provider) if batches:
                batches[-1].add_provider(provider)
            case edi.Unit(loop=x214.Patient2000D() as patient) if batches:
                batches[-1].add_patient(patient)
            case edi.TransactionClosed(transaction=x231.ImplementationAcknowledgment() as ack):
                if says_enough(ack):
                    yield _implementation(ack, responses, group_date, Place(started, "999"))
            case edi.TransactionClosed(transaction=x214.ClaimAcknowledgment()):
                yield from (batch.ack(Place(started, "277CA")) for batch in batches)


def says_enough(loop: x231.ImplementationAcknowledgment) -> bool:
    """Whether a 999 says which group it answers and how; a torn one lacks AK1 or AK9."""
    present: tuple[object, ...] = (loop.ak1, loop.ak9)
    return None not in present


# ── TA1 and 999 ────────────────────────────────────────────────────────────


def _interchange(event: edi.InterchangeAck, effective: date | None) -> InterchangeAck:
    ta1 = event.ack
    return InterchangeAck(
        interchange_control_number=ta1.control_number,
        status=ta1.status,
        note_code=ta1.note,
        place=Place(event.segment_number, "TA1"),
        effective=effective,
    )


def _response(loop: x231.TransactionSetResponse, place: Place) -> SetResponse:
    notes = [note for segment in loop.segments for note in _notes(segment)]
    notes += [f"IK502:{code}" for code in loop.ik5.codes]
    return SetResponse(
        control_number=loop.ak2.control_number,
        status=loop.ik5.status,
        notes=tuple(notes),
        place=place,
    )


def _notes(segment: x231.SegmentError2100) -> Iterator[str]:
    """`IK304:8 CLM@19` for the segment, `IK403:7 CLM05-1` for each of its elements."""
    ik3: IK3 = segment.ik3
    yield f"IK304:{ik3.code or '?'} {ik3.segment}@{ik3.position}"
    for element in segment.elements:
        ik4: IK4 = element.ik4
        component = f"-{ik4.element.component}" if ik4.element.component else ""
        yield f"IK403:{ik4.code} {ik3.segment}{ik4.element.element:02d}{component}"


def _implementation(
    loop: x231.ImplementationAcknowledgment,
    responses: Sequence[SetResponse],
    effective: date | None,
    place: Place,
) -> ImplementationAck:
    ak1, ak9 = loop.ak1, loop.ak9
    return ImplementationAck(
        functional_id=ak1.functional_id,
        group_control_number=ak1.control_number,
        version=ak1.version,
        status=ak9.status,
        included=ak9.included,
        received=ak9.received,
        accepted=ak9.accepted,
        responses=tuple(responses),
        effective=effective,
        place=place,
    )


# ── 277CA ──────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Batch:
    """One 2000B and what stands below it, gathered while it is read."""

    unit: edi.Unit
    receiver: x214.InformationReceiver2000B
    providers: list[tuple[str, StatusReport]] = field(default_factory=list)
    claims: list[ClaimStatus] = field(default_factory=list)

    def add_provider(self, loop: x214.BillingProvider2000C) -> None:
        """A 2200C may lack its STC; it then says nothing of its own."""
        if loop.trace is not None and loop.trace.statuses and loop.name.id:
            self.providers.append((loop.name.id, self._report(loop.trace.statuses, loop.trace)))

    def add_patient(self, loop: x214.Patient2000D) -> None:
        for claim in loop.claims:
            self.claims.append(
                ClaimStatus(
                    patient_control_number=claim.patient_control_number,
                    report=self._report(claim.statuses, claim),
                    line_reports=tuple(
                        self._report(service.statuses, service) for service in claim.services
                    ),
                    payer_claim_control_number=claim.reference("1K"),
                    clearinghouse_trace=claim.reference("D9"),
                    charge=next((stc.charge for stc in claim.statuses), None),
                )
            )

    def ack(self, place: Place) -> ClaimAck:
        """What the file says of this batch."""
        source = self.unit.parents[0]
        assert isinstance(source, x214.InformationSource2000A)
        trace = self.receiver.trace
        return ClaimAck(
            source_entity=source.name.entity,
            batch_reference=trace.trn.number,
            batch_report=self._report(trace.statuses, trace) if trace.statuses else None,
            provider_reports=tuple(self.providers),
            claims=tuple(self.claims),
            place=place,
        )

    def _report(self, statuses: Sequence[STC], loop: Loop) -> StatusReport:
        """Every composite of every STC counts; the day is the latest of them, else the file's."""
        days = [stc.effective_date for stc in statuses if stc.effective_date is not None]
        return StatusReport(
            codes=tuple(
                StatusCode(status.category, status.code, status.entity)
                for stc in statuses
                for status in stc.statuses
            ),
            rejected=any(stc.action == _REJECT for stc in statuses),
            effective=max(days, default=self.unit.transaction.bht.created_on),
            # In each of these loops the STC stands right behind the segment that opens it.
            place=Place(loop.at + 1, loop.id),
        )


def _day(text: str, form: str) -> date | None:
    """A date of the envelope; None where it is none."""
    try:
        return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None
