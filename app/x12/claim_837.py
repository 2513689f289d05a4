"""Claims to the bytes of an 837, and the gate they pass before anyone may seal them.

The bytes are read back and compared, claim by claim, with what was meant. A claim that cannot be
written, or that our own checks find fault with, stays out with findings while the others go; any
other difference is a fault of this program and raises.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import edi
from app.domain.batch import BatchHeader, ClaimPosition, OutboundClaim
from app.domain.encounter import ClaimType
from app.domain.finding import Finding, Severity
from app.x12.build_837 import transaction_set
from app.x12.grouping import ProviderGroup, in_file_order, provider_groups, transaction_sets
from app.x12.kinds import KINDS
from app.x12.parts_837 import MissingMember, segment_and_element
from app.x12.read_837 import ReadClaim, examine_written, read_claims
from app.x12.wire_form import RefusedClaim, wire_form
from edi.envelope import Transaction

__all__ = ["ReadBackMismatch", "WrittenBatch", "file_label", "read_claims", "write_batch"]

GUIDE_EDIT = "ENV06"  # ours: a claim the guide's own rules refuse


@dataclass(frozen=True, slots=True)
class WrittenBatch:
    """An interchange ready to be sealed; `data` is empty when no claim could be written."""

    data: bytes
    sha256: str
    positions: tuple[ClaimPosition, ...]  # in the order of the file
    refused: Mapping[UUID, tuple[Finding, ...]]  # by submission


class ReadBackMismatch(Exception):
    """What was written does not read back as what was meant; nothing of it may leave."""

    def __init__(self, message: str) -> None:
        super().__init__(f"the 837 read back differs from the claims: {message}")


def file_label(claim_type: ClaimType) -> str:
    """How the names of this kind of file begin: 837P, 837I, 837D."""
    return KINDS[claim_type].label


def write_batch(header: BatchHeader, claims: Sequence[OutboundClaim]) -> WrittenBatch:
    """One interchange for the header's partner; the claims are all of the header's kind.

    Raises EdiError when the partner's own profile cannot be written, and ReadBackMismatch.
    """
    _write(header, [_transaction(header, [], number=1)])
    refused: dict[UUID, tuple[Finding, ...]] = {}
    meant: list[OutboundClaim] = []
    for claim in claims:
        form = wire_form(claim, partner=header.partner)
        if isinstance(form, RefusedClaim):
            refused[form.submission_id] = form.findings
        else:
            meant.append(form)
    while meant:
        try:
            data = unproven(header, meant)
        except (edi.EdiError, MissingMember):
            faulty = _unwritable(header, meant)
            if not faulty:
                raise
        else:
            order, back = _in_order(header, meant), _ReadBack(data)
            faulty = back.faults(order)
            if not faulty:
                positions = back.compared(order)
                return WrittenBatch(data, _hash(data), positions, refused)
        refused |= faulty
        meant = [claim for claim in meant if claim.submission_id not in faulty]
    return WrittenBatch(b"", _hash(b""), (), refused)


# ── Writing ────────────────────────────────────────────────────────────────


def _in_order(header: BatchHeader, claims: Iterable[OutboundClaim]) -> list[OutboundClaim]:
    """The claims in the order in which they are written."""
    sets = transaction_sets(claims, limit=header.partner.claims_per_transaction)
    return [claim for part in sets for claim in in_file_order(provider_groups(part))]


def unproven(header: BatchHeader, claims: Sequence[OutboundClaim]) -> bytes:
    """The interchange before it has passed the gate; claims are in wire form."""
    sets = transaction_sets(claims, limit=header.partner.claims_per_transaction)
    transactions = [
        _transaction(header, provider_groups(part), number=number)
        for number, part in enumerate(sets, start=1)
    ]
    return _write(header, transactions)


def _transaction(
    header: BatchHeader, groups: Sequence[ProviderGroup], *, number: int
) -> Transaction:
    kind = KINDS[header.claim_type]
    return transaction_set(kind, header, groups, reference=_reference(header, number))


def _write(header: BatchHeader, transactions: list[Transaction]) -> bytes:
    partner, numbers = header.partner, header.numbers
    interchange = edi.Interchange(
        sender_qualifier=partner.sender_qualifier,
        sender=partner.sender,
        receiver_qualifier=partner.receiver_qualifier,
        receiver=partner.receiver,
        date=header.written.date(),
        time=header.written.time(),
        control_number=numbers.interchange,
        acknowledgment_requested=partner.acknowledgment_requested,
        usage=header.usage,
        groups=[
            edi.FunctionalGroup(
                sender=partner.sender,
                receiver=partner.receiver,
                date=header.written.date(),
                time=header.written.time(),
                control_number=numbers.group,
                version=partner.guides[header.claim_type],
                transactions=transactions,
            )
        ],
    )
    delimiters = edi.Delimiters(
        element=partner.element_separator,
        repetition=partner.repetition_separator,
        component=partner.component_separator,
        segment=partner.segment_terminator,
        line_end=partner.line_end,
    )
    return edi.write(interchange, delimiters=delimiters)


def _reference(header: BatchHeader, number: int) -> str:
    """BHT03: the batch's reference, and from the second set on its number behind it."""
    reference = header.numbers.batch_reference
    return reference if number == 1 else f"{reference}-{number}"


# ── The gate ───────────────────────────────────────────────────────────────


def _unwritable(
    header: BatchHeader, claims: Sequence[OutboundClaim]
) -> dict[UUID, tuple[Finding, ...]]:
    """Each claim is tried alone: which of them cannot be written, and what they lack."""
    found: dict[UUID, tuple[Finding, ...]] = {}
    for claim in claims:
        try:
            unproven(header, [claim])
        except MissingMember as fault:
            found[claim.submission_id] = (_guide_finding(str(fault), pointer=fault.pointer),)
        except edi.EdiError as fault:
            found[claim.submission_id] = (_guide_finding(str(fault)),)
    return found


class _ReadBack:
    """Our own bytes as a receiver sees them."""

    def __init__(self, data: bytes) -> None:
        self.claims: list[ReadClaim] = []
        self.around: list[edi.Issue] = []  # errors that no claim holds
        for item in examine_written(data):
            if isinstance(item, ReadClaim):
                self.claims.append(item)
            elif item.severity == "error":
                self.around.append(item)

    def faults(self, order: Sequence[OutboundClaim]) -> dict[UUID, tuple[Finding, ...]]:
        """Claims that our own reader finds errors in: too long, no such code, sums that differ.

        An error in a level above claims (a billing provider, a subscriber) is one of each of them.
        """
        if len(order) != len(self.claims):
            raise ReadBackMismatch(f"{len(order)} claims were meant, {len(self.claims)} were read")
        levels = sorted({level for claim in self.claims for level in claim.levels})
        of_level: dict[int, list[edi.Issue]] = {}
        for issue in self.around:
            above = bisect_right(levels, issue.segment_number)
            if not above:  # submitter, receiver, envelope: the partner's profile is at fault
                raise ReadBackMismatch(f"{issue.ref} of the batch's head: {issue.message}")
            of_level.setdefault(levels[above - 1], []).append(issue)
        found: dict[UUID, tuple[Finding, ...]] = {}
        for meant, was in zip(order, self.claims, strict=True):
            errors = [issue for issue in was.issues if issue.severity == "error"]
            errors += [issue for level in was.levels for issue in of_level.get(level, ())]
            if errors:
                found[meant.submission_id] = tuple(map(_issue_finding, errors))
        return found

    def compared(self, order: Sequence[OutboundClaim]) -> tuple[ClaimPosition, ...]:
        """Where each claim stands, once it is what was meant."""
        for place, (meant, was) in enumerate(zip(order, self.claims, strict=True), start=1):
            if meant.patient_control_number != was.patient_control_number:
                raise ReadBackMismatch(f"claim {place} has another patient control number")
            if was.claim is None or meant.claim != was.claim:
                raise ReadBackMismatch(f"claim {place}: {_difference(meant, was)}")
        return tuple(
            ClaimPosition(
                meant.submission_id,
                was.transaction_control_number,
                was.batch_reference,
                was.first_segment,
                was.last_segment,
            )
            for meant, was in zip(order, self.claims, strict=True)
        )


def _difference(meant: OutboundClaim, was: ReadClaim) -> str:
    """The names of the members that differ; never what they hold."""
    if was.claim is None:
        return "it could not be read"
    sent, came = meant.claim.encounter, was.claim.encounter
    names = [n for n in type(sent).__slots__ if getattr(sent, n) != getattr(came, n)]
    return ", ".join(names) or "position or frequency"


def _issue_finding(issue: edi.Issue) -> Finding:
    return _guide_finding(issue.message, loop=issue.loop, ref=issue.ref, snip=issue.snip)


def _guide_finding(
    message: str, *, pointer: str = "", loop: str = "", ref: str = "", snip: int = 2
) -> Finding:
    segment, element = segment_and_element(ref)
    return Finding(
        rule_id=GUIDE_EDIT,
        severity=Severity.ERROR,
        snip_type=snip,
        pointer=pointer,
        message=f"The claim does not fit the 837: {message}",
        fix="Correct the encounter; the other claims of the batch were written.",
        loop=loop or None,
        segment=segment,
        element=element,
    )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
