"""Reads an 837 of any kind as a clearinghouse does: envelope by envelope, claim by claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import edi
from app.simulator.prior import with_settled
from app.simulator.received import (
    Claim,
    Group,
    Interchange,
    Line,
    Name,
    Procedure,
    Provider,
    Stay,
    TransactionSet,
)
from edi.guides import (
    claim_details,
    claim_parties,
    x222_professional,
    x223_institutional,
    x224_dental,
)
from edi.segments import NM1, LineProcedure

PREDETERMINATION = "PB"  # CLM19
INPATIENT = frozenset({"11", "18", "21", "41"})  # CLM05-1 of stays
REVENUE_CODE = "NU"  # SVC01-1
INVALID_CONTENT = "024"  # TA105: something is wrong with a functional group


def receive(data: bytes) -> list[Interchange]:
    """Every interchange of the file with the claims that could be read in it."""
    found: list[Interchange] = []
    started = 0
    for event in edi.read(data):
        match event:
            case edi.InterchangeOpened():
                found.append(_interchange(event))
            case edi.GroupOpened():
                found[-1].groups.append(_group(event, found[-1]))
            case edi.TransactionOpened():
                started = event.segment_number
                opened = TransactionSet(event.st01, event.control_number, event.guide)
                found[-1].groups[-1].sets.append(opened)
            case edi.Unit(loop=claim_details.Claim()) if _is_answered(event):
                current = found[-1].groups[-1].sets[-1]
                _head(current, event.transaction)
                current.claims.append(_claim(event, started))
            case edi.TransactionClosed():
                current = found[-1].groups[-1].sets[-1]
                current.readable = event.accepted and event.transaction is not None
            case edi.GroupClosed():
                if any(issue.severity == "error" for issue in event.issues):
                    found[-1].fault = INVALID_CONTENT
            case edi.InterchangeClosed():
                codes = [i.code for i in event.issues if i.code.startswith("TA105:")]
                if codes:
                    found[-1].fault = codes[0].removeprefix("TA105:")
    return found


def _interchange(event: edi.InterchangeOpened) -> Interchange:
    return Interchange(
        control_number=event.control_number,
        sender_qualifier=event.sender_qualifier,
        sender=event.sender,
        receiver_qualifier=event.receiver_qualifier,
        receiver=event.receiver,
        isa_date=event.date,
        isa_time=event.time,
        on=_moment(event.date + event.time, "%y%m%d%H%M").date(),
        at=_moment(event.date + event.time, "%y%m%d%H%M").time(),
        usage=event.usage,
        acknowledgment_requested=event.acknowledgment_requested,
    )


def _group(event: edi.GroupOpened, interchange: Interchange) -> Group:
    return Group(
        functional_id=event.functional_id,
        sender=event.sender,
        receiver=event.receiver,
        control_number=event.control_number,
        version=event.version,
    )


def _head(current: TransactionSet, loop: Any) -> None:
    current.reference = loop.bht.reference
    submitter = loop.submitter.name
    current.submitter_name = submitter.last_name or ""
    current.submitter_id = submitter.id or ""


def _is_answered(unit: edi.Unit) -> bool:
    """A claim with errors has its set rejected, so nobody looks into it further."""
    loop: Any = unit.loop
    readable = all(issue.severity != "error" for issue in unit.issues)
    return readable and all(type(line) in _LINES for line in loop.lines)


def _claim(unit: edi.Unit, started: int) -> Claim:
    loop: Any = unit.loop
    levels: list[Any] = list(unit.parents)
    billing, subscriber, *below = levels
    assert isinstance(billing, claim_parties.BillingProvider)
    insured, payer = subscriber.subscriber.name, subscriber.payer.name
    patient = below[0].patient.name if below else insured
    provider = billing.billing_provider
    return Claim(
        patient_control_number=loop.clm.patient_control_number,
        charge=loop.clm.charge,
        facility_type=loop.clm.facility.code,
        frequency=loop.clm.facility.frequency,
        filing_indicator=subscriber.sbr.filing_indicator,
        responsibility=subscriber.sbr.responsibility,
        member_id=insured.id or "",
        subscriber=_name(insured),
        patient=_name(patient),
        patient_is_subscriber=not below,
        payer_id=payer.id or "",
        payer_name=payer.last_name or "",
        billing_provider=Provider(
            npi=provider.npi or "",
            is_person=provider.name.entity_type == "1",
            name=_name(provider.name),
            tax_id=provider.tax_id,
        ),
        group_number=subscriber.sbr.group_number,
        lines=with_settled(loop, [_LINES[type(line)](line, loop) for line in loop.lines]),
        segment_in_set=unit.segment_number - started + 1,
        predetermination=loop.clm.submission_reason == PREDETERMINATION,
        stay=_stay(loop) if isinstance(loop, x223_institutional.Claim2300) else None,
    )


def _name(nm1: NM1) -> Name:
    return Name(nm1.last_name or "", nm1.first_name, nm1.middle_name, nm1.suffix)


def _stay(loop: x223_institutional.Claim2300) -> Stay | None:
    statement = loop.date("434")
    if statement is None:  # required: without it the set is rejected
        return None
    codes = [code for hi in loop.health_codes for code in hi.codes]
    return Stay(
        statement_from=statement.first,
        statement_through=statement.last,
        inpatient=loop.clm.facility.code in INPATIENT,
        drg=next((code.code for code in codes if code.qualifier == "DR"), None),
    )


# ── Lines, as each kind has them ───────────────────────────────────────────


def _professional(loop: x222_professional.ServiceLine2400, claim: claim_details.Claim) -> Line:
    sv1, when = loop.sv1, loop.service_date
    return Line(
        procedure=_procedure(sv1.procedure),
        charge=sv1.charge,
        units=sv1.units,
        control_number=loop.line_control_number,
        first_date=when.first,
        last_date=when.last,
    )


def _dental(loop: x224_dental.ServiceLine2400, claim: claim_details.Claim) -> Line:
    """The claim's day is that of its lines; a predetermination has none."""
    sv3 = loop.sv3
    when = next((d for d in loop.dates if d.qualifier == "472"), claim.date("472"))
    return Line(
        procedure=_procedure(sv3.procedure),
        charge=sv3.charge,
        units=sv3.count,
        control_number=loop.line_control_number,
        first_date=when.first if when else None,
        last_date=when.last if when else None,
    )


def _institutional(loop: x223_institutional.ServiceLine2400, claim: claim_details.Claim) -> Line:
    """The answer names the procedure, or the revenue code where there is none."""
    sv2, when = loop.sv2, loop.service_date
    return Line(
        procedure=_procedure(sv2.procedure)
        if sv2.procedure
        else Procedure(REVENUE_CODE, sv2.revenue_code, ()),
        charge=sv2.charge,
        units=sv2.units,
        control_number=loop.line_control_number,
        first_date=when.first if when else None,
        last_date=when.last if when else None,
        revenue_code=sv2.revenue_code if sv2.procedure else None,
        days=sv2.units if sv2.unit == "DA" and sv2.units else Decimal(0),
    )


_LINES: Mapping[type, Callable[[Any, Any], Line]] = {
    x222_professional.ServiceLine2400: _professional,
    x223_institutional.ServiceLine2400: _institutional,
    x224_dental.ServiceLine2400: _dental,
}


def _procedure(sent: LineProcedure) -> Procedure:
    return Procedure(sent.qualifier, sent.code, tuple(sent.modifiers))


def _moment(text: str, form: str) -> datetime:
    """The sender's clock; an envelope with none gets the first day there is, never ours."""
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - X12 names no zone
    except ValueError:
        return datetime.combine(date(2000, 1, 1), time())
