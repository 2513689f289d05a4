"""What an inbound file is and whether it is whole, found in one streaming pass.

A file whose envelope is torn (cut off, counts or control numbers that differ) fails as a whole:
what is missing from it may be a payment. Faults inside a transaction set do not fail the file; they
are issues, and the gates of matching and balance judge what they touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, BinaryIO

import edi
from app.domain.money import LARGEST
from app.domain.remittance import Remittance
from app.x12.acknowledgment import says_enough
from app.x12.remittance_835 import RemittanceReading
from edi.guides import x221_remittance as x221
from edi.guides import x231_acknowledgment as x231

MOST_ISSUES = 200  # kept with the file's row; the edi check shows all of them
_EXAMINED = frozenset({"835", "837"})
_HEAD = 512  # bytes that tell JSON from X12
_BOM = b"\xef\xbb\xbf"

# What each code of a torn envelope means for the sender, as the file's reason.
_TORN = {
    "IK502:2": "a transaction set has no SE: the file is cut off",
    "IK502:3": "SE02 is not the control number of its ST",
    "IK502:4": "SE01 does not count the segments that are there",
    "AK905:3": "a functional group has no GE: the file is cut off",
    "AK905:4": "GE02 is not the control number of its GS",
    "AK905:5": "GE01 does not count the transaction sets that are there",
    "TA105:001": "IEA02 is not the control number of its ISA",
    "TA105:021": "IEA01 does not count the functional groups that are there",
    "TA105:022": "segments stand outside of any interchange",
    "TA105:023": "an interchange has no IEA: the file is cut off",
    "TA105:024": "segments stand outside of any functional group",
    "X12-STRAY": "segments stand outside of any transaction set",
}
_KINDS = {("277", "005010X214"): "277CA"}  # others go by their ST01


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the pass found. `failure` is the reason why nothing of the file may be used."""

    kind: str  # 837, 835, 999, 277CA, TA1, encounter, or what it was recognised as
    kinds: frozenset[str] = frozenset()  # of everything in it that can be read
    failure: str | None = None
    sets: frozenset[str] = frozenset()  # ST01 of all in it, or 277CA, readable or not; and TA1
    envelopes: frozenset[tuple[str, ...]] = frozenset()  # ISA05 to ISA08
    usages: frozenset[str] = frozenset()  # ISA15: T, P
    interchanges: int = 0
    transaction_sets: int = 0
    claims: int = 0
    issues: tuple[Mapping[str, Any], ...] = ()  # without the values they are about
    remittances: tuple[Remittance, ...] = ()  # as read_remittances gives them


def inspect(source: bytes | BinaryIO) -> Inspection:
    """Look through a file from its beginning; a stream must be seekable and stays open.

    The issues of claims and payments tell of sums, NPIs and what depends on other segments too; a
    payment whose sums differ is held by the gates, whatever an issue says.
    """
    if _head(source).removeprefix(_BOM).lstrip().startswith((b"{", b"[")):
        return Inspection("encounter", frozenset({"encounter"}))
    seen = _Seen()
    for event in edi.read(source):
        seen.take(event)
    found = seen.inspection()
    if found.kinds & _EXAMINED and found.failure is None:
        if not isinstance(source, bytes):
            source.seek(0)
        return replace(found, issues=_examined(source))
    return found


def _examined(source: bytes | BinaryIO) -> tuple[Mapping[str, Any], ...]:
    for event in edi.examine(source):
        if isinstance(event, edi.FileClosed):
            return _issues(event.report)
    raise LookupError("every file that is read is closed")


@dataclass(slots=True)
class _Seen:
    """What has been seen of the file so far."""

    reading: RemittanceReading = field(default_factory=RemittanceReading)
    report: edi.Report = field(default_factory=edi.Report)
    usages: set[str] = field(default_factory=set)
    envelopes: set[tuple[str, ...]] = field(default_factory=set)
    known: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    remittances: list[Remittance] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    preface: int | None = None  # bytes before the first ISA
    is_835: bool = False
    is_999: bool = False

    def take(self, event: edi.Event) -> None:
        remittance = self.reading.take(event)
        match event:
            case edi.InterchangeOpened():
                self.usages.add(event.usage)
                self.envelopes.add(
                    (event.sender_qualifier, event.sender, event.receiver_qualifier, event.receiver)
                )
                self.preface = event.byte_offset if self.preface is None else self.preface
            case edi.InterchangeAck():
                self.known.append("TA1")
            case edi.TransactionOpened():
                kind = _kind(event)
                (self.known if event.known else self.unknown).append(kind)
                self.is_835 = event.known and event.st01 == x221.Remittance.st01
                self.is_999 = event.known and event.st01 == x231.ImplementationAcknowledgment.st01
            case edi.Unit(loop=x221.ClaimPayment() as payment):
                self._judge_fractions(_quantities(payment), event.segment_number)
            case edi.Unit(loop=None) if self.is_999:
                # Left out, it would count as accepted where AK9 says partly.
                self._torn_acknowledgment(
                    event.segment_number, "all that a response has (AK2 .. IK5)"
                )
            case edi.TransactionClosed(transaction=ack) if self.is_999:
                if not (isinstance(ack, x231.ImplementationAcknowledgment) and says_enough(ack)):
                    self._torn_acknowledgment(event.segment_number, "AK1 or AK9")
            case edi.TransactionClosed():
                if remittance is not None:
                    self.remittances.append(remittance)
                    self._judge_fractions(_totals(event.transaction), event.segment_number)
                elif self.is_835:
                    self.reasons.append(
                        f"The remittance that ends at segment {event.segment_number} lacks what"
                        " makes it a payment (BPR, TRN, payer or payee)."
                    )
            case edi.FileClosed():
                self.report = event.report

    def _torn_acknowledgment(self, segment: int, lacks: str) -> None:
        self.reasons.append(
            f"The acknowledgment at segment {segment} lacks {lacks}, so it is not clear what it"
            " accepts."
        )

    def _judge_fractions(self, exact: Iterable[tuple[Decimal | None, int]], segment: int) -> None:
        """The first reason is enough: a file of a million such amounts has one."""
        if self.reasons:
            return
        for value, decimals in exact:
            if value is not None and abs(value) > LARGEST:
                self.reasons.append(
                    f"An amount or quantity at or after segment {segment} is larger than any that"
                    " can be kept."
                )
                return
            if value is not None and value != round(value, decimals):
                self.reasons.append(
                    f"An amount or quantity at or after segment {segment} has more than"
                    f" {decimals} decimals and cannot be kept exactly."
                )
                return

    def inspection(self) -> Inspection:
        report = self.report
        kinds = [kind for kind in self.known if kind != "TA1"] or self.known or self.unknown
        return Inspection(
            kind=kinds[0] if kinds else "unknown",
            kinds=frozenset(self.known),
            failure=next(self._failures(), None),
            sets=frozenset(kind.split()[0] for kind in [*self.known, *self.unknown] if kind),
            envelopes=frozenset(self.envelopes),
            usages=frozenset(self.usages),
            interchanges=report.interchanges,
            transaction_sets=report.transaction_set_count,
            claims=report.claims,
            issues=_issues(report),
            remittances=tuple(self.remittances),
        )

    def _failures(self) -> Iterator[str]:
        """Why the file cannot be used, the gravest reason first."""
        report = self.report
        if not report.readable:
            yield (
                f"This is no X12 file that can be read: {report.issues[0].message}. Nor is it an"
                " encounter (JSON) or a bank's file: a CSV of deposits begins with a line that"
                " names date and amount."
            )
        if self.preface is not None and report.bytes_unread > self.preface:
            yield f"{report.bytes_unread - self.preface} bytes of the file could not be read."
        for issue in sorted(report.issues, key=lambda i: i.segment_number):
            if issue.code in _TORN and not self._is_lone_ta1(issue):
                yield f"At segment {issue.segment_number}, {_TORN[issue.code]}."
        yield from self.reasons
        if not self.known:
            named = ", ".join(sorted(set(self.unknown))) or "no transaction set"
            yield f"It holds {named}, for which there is no implementation guide here."

    def _is_lone_ta1(self, issue: edi.Issue) -> bool:
        """Senders of a TA1 alone like to count it as a group in IEA01; nothing is missing then."""
        return issue.code == "TA105:021" and set(self.known) == {"TA1"} and not self.unknown


def _head(source: bytes | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        return source[:_HEAD]
    head = source.read(_HEAD)
    source.seek(0)
    return head


def _kind(opened: edi.TransactionOpened) -> str:
    if opened.known:
        return _KINDS.get((opened.st01, opened.guide[:10]), opened.st01)
    return f"{opened.st01} {opened.guide}".strip()


# ── Figures that the books can hold ────────────────────────────────────────

_CENTS, _THOUSANDTHS = 2, 3


def _quantities(loop: x221.ClaimPayment) -> Iterator[tuple[Decimal | None, int]]:
    clp = loop.clp
    yield from ((a, _CENTS) for a in (clp.charge, clp.paid, clp.patient_responsibility))
    segments = list(loop.adjustments)
    for service in loop.services:
        svc = service.svc
        yield from ((a, _CENTS) for a in (svc.charge, svc.paid, service.allowed))
        yield svc.units_paid, _THOUSANDTHS
        segments += service.adjustments
    for cas in segments:
        for adjustment in cas.adjustments:
            yield adjustment.amount, _CENTS
            yield adjustment.quantity, _THOUSANDTHS


def _totals(loop: x221.Remittance) -> Iterator[tuple[Decimal | None, int]]:
    yield loop.bpr.amount, _CENTS
    yield from ((a.amount, _CENTS) for plb in loop.provider_adjustments for a in plb.adjustments)


# ── Issues ─────────────────────────────────────────────────────────────────


def _issues(report: edi.Report) -> tuple[Mapping[str, Any], ...]:
    """The first issues as JSON; the value an issue is about may be a patient's and stays out."""
    ordered: Sequence[edi.Issue] = sorted(report.issues, key=lambda i: i.segment_number)
    shown: list[Mapping[str, Any]] = [
        {
            "code": issue.code,
            "severity": issue.severity,
            "snip": issue.snip,
            "segmentNumber": issue.segment_number,
            "byteOffset": issue.byte_offset,
            "loop": issue.loop,
            "ref": issue.ref,
            "message": issue.told,
            "segmentCount": issue.segment_count,
        }
        for issue in ordered[:MOST_ISSUES]
    ]
    more = len(ordered) - len(shown) + report.issues_dropped
    if more:
        shown.append(
            {"code": "X12-MORE", "severity": "warning", "message": f"{more} further issues."}
        )
    return tuple(shown)
