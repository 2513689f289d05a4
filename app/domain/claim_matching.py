"""Which claim a claim payment is about: an exact number, or two confirmations of one claim.

What confirms a claim: its patient control number as a payer may have changed it, the payer's own
number of it, and what was billed (member, date, charge, lines). Only a patient control number that
comes back as it left suffices alone. A confirmation that fits two claims confirms neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.lifecycle import Stage
from app.domain.line_matching import place
from app.domain.remittance import ClaimPayment, Remittance


class Confidence(StrEnum):
    """How sure a match is; only the first two are posted without a person."""

    CERTAIN = "certain"  # our own number as it left
    CONFIRMED = "confirmed"  # two confirmations that do not depend on one another
    LIKELY = "likely"  # one confirmation
    POSSIBLE = "possible"  # one that fits other claims too, or a part of one


class Confirmation(StrEnum):
    """What a claim was found by; joined by `+` they are the method of a match."""

    NUMBER = "patient_control_number"
    NUMBER_CHANGED = "patient_control_number_changed"  # other case, padding, zeros, punctuation
    NUMBER_CUT = "patient_control_number_cut"
    PAYER_NUMBER = "payer_claim_control_number"
    BILLED = "member_date_charge_lines"
    BILLED_IN_PART = "member_date_or_charge"  # never more than a suggestion


WHY: dict[Confirmation, str] = {
    Confirmation.NUMBER: "CLP01 is its patient control number.",
    Confirmation.NUMBER_CHANGED: "CLP01 is its patient control number but for case, padding, zeros"
    " or punctuation.",
    Confirmation.NUMBER_CUT: "Its patient control number begins with CLP01.",
    Confirmation.PAYER_NUMBER: "CLP07 or REF*F8 is the payer's number of it.",
    Confirmation.BILLED: "Member, date, charge and every line are those of the payment.",
    Confirmation.BILLED_IN_PART: "The member is that of the payment, and its date or its charge.",
}

_SHORTEST_CUT = 6  # characters of CLP01: a shorter one begins too many numbers
_NUMBERS = (Confirmation.NUMBER_CHANGED, Confirmation.NUMBER_CUT)
# A claim that never left is answered by nobody; its number is not known outside.
_NEVER_LEFT = frozenset({Stage.DRAFT, Stage.NEEDS_INFO, Stage.ON_HOLD, Stage.READY, Stage.BATCHED})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that a payment may be about; `numbers` are those of all its submissions."""

    claim: StoredClaim
    numbers: tuple[tuple[str, UUID], ...] = ()  # patient control number, submission
    same_member: bool = False  # NM109 of the payment is its member id


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A claim with what speaks for it."""

    claim: StoredClaim
    confirmations: tuple[Confirmation, ...]
    confidence: Confidence

    @property
    def method(self) -> str:
        return "+".join(self.confirmations)

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(WHY[c] for c in self.confirmations)


def find_claim(
    payment: ClaimPayment, candidates: Sequence[Candidate], *, remittance: Remittance
) -> Suggestion | None:
    """The claim of the payment where that is certain or confirmed."""
    return next(
        (
            s
            for s in suggestions(payment, candidates, remittance=remittance)
            if s.confidence in (Confidence.CERTAIN, Confidence.CONFIRMED)
        ),
        None,
    )


def suggestions(
    payment: ClaimPayment, candidates: Sequence[Candidate], *, remittance: Remittance
) -> list[Suggestion]:
    """Every claim that something speaks for, the surest first."""
    found = [(c, _confirmations(payment, c, remittance)) for c in candidates]
    found = [(c, confirmed) for c, confirmed in found if confirmed]
    counts = [kind for _, confirmed in found for kind in _kinds(confirmed)]
    alone = {kind for kind in counts if counts.count(kind) == 1}
    firm = [len(_kinds(confirmed) & alone) for _, confirmed in found]
    disputed = sum(count > 0 for count in firm) > 1  # two claims have something of their own
    ranked = []
    for (candidate, confirmed), count in zip(found, firm, strict=True):
        if Confirmation.NUMBER in confirmed:
            confidence = Confidence.CERTAIN
        elif count >= 2 and not disputed:
            confidence = Confidence.CONFIRMED
        else:
            confidence = Confidence.LIKELY if count else Confidence.POSSIBLE
        ranked.append(Suggestion(_under_number(payment, candidate), confirmed, confidence))
    order = list(Confidence)
    return sorted(
        ranked, key=lambda s: (order.index(s.confidence), -len(s.confirmations), s.claim.id)
    )


def number_key(number: str) -> str:
    """A patient control number without what payers change in it: `c-0042` and `0C0042` are one."""
    return "".join(c for c in number.upper() if c.isalnum()).lstrip("0")


def cut_key(number: str) -> str | None:
    """The beginning by which a number is found that came back shortened; None when too short."""
    key = number_key(number)
    return key if len(key) >= _SHORTEST_CUT else None


def is_blank(number: str) -> bool:
    """CLP01 says nothing: the payer never had our number (`0`, or blanks)."""
    return not number_key(number)


def _confirmations(
    payment: ClaimPayment, candidate: Candidate, remittance: Remittance
) -> tuple[Confirmation, ...]:
    claim, given = candidate.claim, payment.patient_control_number.strip()
    if any(number == given for number, _ in candidate.numbers):
        return (Confirmation.NUMBER,)
    if claim.stage in _NEVER_LEFT:
        return ()
    confirmed = []
    key = number_key(given)
    keys = {number_key(number) for number, _ in candidate.numbers}
    if key and key in keys:
        confirmed.append(Confirmation.NUMBER_CHANGED)
    elif len(key) >= _SHORTEST_CUT and any(k.startswith(key) for k in keys):
        confirmed.append(Confirmation.NUMBER_CUT)
    known = claim.payer_claim_control_number
    if known and known in (payment.payer_claim_control_number, payment.original_claim_number):
        confirmed.append(Confirmation.PAYER_NUMBER)
    if candidate.same_member:
        dated = payment.service_date is not None and payment.service_date in _days(claim)
        charged = payment.charge == claim.charge
        billed = dated and charged and _pays(remittance, candidate)
        if billed and payment.services and place(payment.services, claim.lines).covers(claim.lines):
            confirmed.append(Confirmation.BILLED)
        elif dated or charged:
            confirmed.append(Confirmation.BILLED_IN_PART)
    return tuple(confirmed)


def _kinds(confirmed: Sequence[Confirmation]) -> set[str]:
    """Confirmations that do not depend on one another; a partial one is none."""
    kinds = {"number" if c in _NUMBERS else str(c) for c in confirmed}
    return kinds - {Confirmation.BILLED_IN_PART}


def _days(claim: StoredClaim) -> set[object]:
    """The day a claim begins by its header, or by its lines."""
    days = [line.service_date for line in claim.lines if line.service_date is not None]
    return {claim.first_service_date, *([min(days)] if days else [])}


def _pays(remittance: Remittance, candidate: Candidate) -> bool:
    """The payee is the one who billed, as far as both are known by NPI."""
    if remittance.payee_qualifier != "XX" or candidate.claim.billing_npi is None:
        return True
    return remittance.payee_identifier == candidate.claim.billing_npi


def _under_number(payment: ClaimPayment, candidate: Candidate) -> StoredClaim:
    """The claim under the submission that the payment answers; the latest where none is named."""
    given = payment.patient_control_number.strip()
    key = number_key(given)
    for fits in (
        lambda number: number == given,
        lambda number: bool(key) and number_key(number) == key,
    ):
        for number, submission in candidate.numbers:
            if fits(number):
                if submission == candidate.claim.submission_id:
                    return candidate.claim
                return replace(
                    candidate.claim, submission_id=submission, patient_control_number=number
                )
    return candidate.claim
