"""What TA1, 999 and 277CA say, and which stage each of their words means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.lifecycle import ReportedBy, Stage


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: segment number (1 = first ISA) and loop."""

    segment_number: int
    loop: str


@dataclass(frozen=True, slots=True)
class InterchangeAck:
    """TA1: the answer to one interchange of ours."""

    interchange_control_number: str  # TA101 = our ISA13
    status: str  # TA104: A, E, R
    note_code: str  # TA105
    place: Place
    effective: date | None = None  # ISA09 of the file it stands in


@dataclass(frozen=True, slots=True)
class SetResponse:
    """AK2 .. IK5: the answer to one transaction set of ours."""

    control_number: str  # AK202 = our ST02
    status: str  # IK501: A, E, R, M, W, X
    notes: tuple[str, ...]  # "IK304:8 CLM@19", "IK403:7 CLM05-1": codes and places, no values
    place: Place


@dataclass(frozen=True, slots=True)
class ImplementationAck:
    """999: the answer to one functional group of ours."""

    functional_id: str  # AK101
    group_control_number: str  # AK102 = our GS06
    version: str | None  # AK103
    status: str  # AK901: A, E, P, R, M, W, X
    included: int  # AK902
    received: int  # AK903
    accepted: int  # AK904
    responses: tuple[SetResponse, ...]
    effective: date | None  # GS04 of the file
    place: Place


@dataclass(frozen=True, slots=True)
class StatusCode:
    """One composite of STC01, STC10 or STC11: category, status and entity."""

    category: str
    status: str
    entity: str | None = None

    def __str__(self) -> str:
        return ":".join(part for part in (self.category, self.status, self.entity) if part)


@dataclass(frozen=True, slots=True)
class StatusReport:
    """All STC of one level together."""

    codes: tuple[StatusCode, ...]
    rejected: bool  # STC03 = U somewhere
    effective: date | None
    place: Place


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """2200D: what a 277CA says of one claim."""

    patient_control_number: str  # TRN02 = CLM01
    report: StatusReport
    line_reports: tuple[StatusReport, ...] = ()
    payer_claim_control_number: str | None = None  # REF*1K
    clearinghouse_trace: str | None = None  # REF*D9
    charge: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ClaimAck:
    """277CA: one transaction set about one batch of ours."""

    source_entity: str  # 2100A NM101: PR payer or AY clearinghouse
    batch_reference: str | None  # 2200B TRN02 = our BHT03
    batch_report: StatusReport | None
    provider_reports: tuple[tuple[str, StatusReport], ...]  # billing NPI, its 2200C
    claims: tuple[ClaimStatus, ...]
    place: Place


_TRANSACTION_ACCEPTED = frozenset("AE")
_REJECT_CATEGORIES = frozenset({"A3", "A6", "A7", "A8"})

# Category -> stage where nothing rejects; the highest of those present counts.
_CATEGORY_STAGE: dict[str, Stage] = {
    "A0": Stage.FORWARDED,
    "A1": Stage.RECEIVED,
    "A4": Stage.NOT_FOUND,
    "A5": Stage.SPLIT,
    "A2": Stage.ACCEPTED_CLEARINGHOUSE,
}


def interchange_stage(ack: InterchangeAck) -> Stage:
    """TA104 A and E let the file pass; anything else rejects it with all its claims."""
    return Stage.FILE_ACCEPTED if ack.status in _TRANSACTION_ACCEPTED else Stage.FILE_REJECTED


def set_stages(
    ack: ImplementationAck, sent: list[str]
) -> dict[str, tuple[Stage, SetResponse | None]]:
    """The stage of each transaction set we sent in the group (ST02s), listed in the 999 or not.

    A set that a partly accepted group does not list is accepted; where AK9's counts contradict the
    listed answers, every set is UNKNOWN until a person has looked (api.md 4.3 rule 6). Control
    numbers are compared as numbers too: senders strip zeros.
    """
    by_number = {_bare(r.control_number): r for r in ack.responses}
    group_stage = (
        Stage.FILE_ACCEPTED if ack.status in _TRANSACTION_ACCEPTED | {"P"} else Stage.FILE_REJECTED
    )
    contradicts = _contradicts(ack)
    stages: dict[str, tuple[Stage, SetResponse | None]] = {}
    for number in sent:
        response = by_number.get(_bare(number))
        if contradicts:
            stages[number] = (Stage.UNKNOWN, response)
        elif response is None:
            stages[number] = (group_stage, None)
        elif response.status in _TRANSACTION_ACCEPTED:
            stages[number] = (Stage.FILE_ACCEPTED, response)
        else:
            stages[number] = (Stage.FILE_REJECTED, response)
    return stages


def claim_stage(status: ClaimStatus, *, source_entity: str) -> tuple[Stage, ReportedBy]:
    """The stage a 277CA gives a claim, and whose word it is.

    A clearinghouse relays a payer's answer under its own name: REF*1K, or PR in an STC composite,
    gives the payer away (api.md 4.2 row 12). One reject composite anywhere rejects the claim; a
    rejected line does so when it carries STC03 = U.
    """
    reports = (status.report, *status.line_reports)
    return _report_stage(
        reports,
        from_payer=source_entity == "PR"
        or status.payer_claim_control_number is not None
        or any(code.entity == "PR" for code in status.report.codes),
    )


def level_stage(report: StatusReport, *, source_entity: str) -> tuple[Stage, ReportedBy]:
    """The stage a batch or provider level gives all claims below it when no claim is listed."""
    return _report_stage((report,), from_payer=source_entity == "PR")


def _report_stage(
    reports: tuple[StatusReport, ...], *, from_payer: bool
) -> tuple[Stage, ReportedBy]:
    said_by = ReportedBy.PAYER if from_payer else ReportedBy.CLEARINGHOUSE
    codes = [code for report in reports for code in report.codes]
    if any(c.category in _REJECT_CATEGORIES for c in codes) or any(r.rejected for r in reports):
        return Stage.REJECTED, said_by
    known = [c.category for c in codes if c.category in _CATEGORY_STAGE]
    if not known:
        return Stage.UNKNOWN, said_by
    order = list(_CATEGORY_STAGE)
    stage = _CATEGORY_STAGE[max(known, key=order.index)]
    if stage is Stage.ACCEPTED_CLEARINGHOUSE and from_payer:
        return Stage.ACCEPTED_PAYER, said_by
    return stage, said_by


def _contradicts(ack: ImplementationAck) -> bool:
    """AK903 counts the sets received, AK904 those accepted: rejections make the difference."""
    rejected = sum(r.status not in _TRANSACTION_ACCEPTED for r in ack.responses)
    if ack.status in _TRANSACTION_ACCEPTED:
        return rejected > 0 or ack.accepted < ack.received
    if ack.status == "P":
        return ack.received - ack.accepted != rejected
    return False


def _bare(control_number: str) -> str:
    return control_number.strip().lstrip("0")
