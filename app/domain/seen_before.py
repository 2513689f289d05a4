"""Whether a remittance has been seen before, in whatever clothes it comes again.

A trace (TRN02 of one payer) names one payment. What comes again under it is one of four things:
the same content (a duplicate: from another envelope, or from payer and clearinghouse both), a part
of a payment that was split over several files, another content of the same payment (a correction
of the remittance), or another payment whose payer reuses traces. Cash is booked once a payment: a
duplicate, a part and another content bring none of their own.

That a remittance is a duplicate is known by the hash of its content alone; `judge` tells the others
apart.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.money import ZERO, money_text
from app.domain.remittance import Content, Remittance

_NO_PAYMENT = "NON"  # BPR04


class Seen(StrEnum):
    """What a remittance is beside those that came before it under its trace."""

    FIRST = "first"  # nothing like it: it brings its own deposit
    PART = "part"  # of a payment split over several remittances; the first booked the deposit
    OTHER_CONTENT = "other_content"  # of a payment that is booked; a person decides


@dataclass(frozen=True, slots=True)
class Earlier:
    """A remittance that is stored under the same trace of the same payer."""

    id: UUID
    payment: tuple[object, ...]  # payment_key
    content: Content | None  # None: stored before contents were kept
    seen: Seen
    same_payment_as: UUID | None
    adds_up_to: Decimal
    deposit: Decimal  # BPR02, booked by it or not
    whole: bool  # its own sums come to its BPR02

    @property
    def lead(self) -> UUID:
        """The remittance that booked the deposit."""
        return self.same_payment_as or self.id


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it is, and of which remittance."""

    seen: Seen
    of: UUID | None = None
    shared: int = 0  # claim payments it has in common with earlier ones


FIRST = Verdict(Seen.FIRST)


def judge(remittance: Remittance, earlier: Sequence[Earlier]) -> Verdict:
    """What it is beside those of its payer and trace in the order they came, without duplicates."""
    content = remittance.content
    if content is None or not names_a_payment(remittance):
        return FIRST
    same_payment = [e for e in earlier if e.payment == payment_key(remittance)]
    leads = [e for e in same_payment if e.seen is Seen.FIRST]
    split = _split(remittance, content, same_payment)
    if split is not None:
        return Verdict(Seen.PART, split.id)
    shared = max((_shared(content.numbers, e, "numbers") for e in same_payment), default=0)
    if leads and (shared or not is_whole(remittance)):
        return Verdict(Seen.OTHER_CONTENT, leads[0].id, shared)
    for other in earlier:
        if other.payment[1:] != payment_key(remittance)[1:]:
            continue  # of another day or payee: the trace was used again
        restated = _shared(content.payments, other, "payments")
        if restated:
            return Verdict(Seen.OTHER_CONTENT, other.lead, restated)
    return FIRST


def names_a_payment(remittance: Remittance) -> bool:
    """Whether its trace stands for money at the bank; that of a notice is often always the same."""
    return remittance.payment_method != _NO_PAYMENT and remittance.payment_amount != ZERO


def left_of(deposit: Decimal, parts: Iterable[Decimal]) -> Decimal:
    """What a split payment still lacks: its deposit less what its parts come to."""
    return deposit - sum(parts, ZERO)


def whole_waits(remittance: Remittance) -> str:
    """Why a remittance waits whose own sums do not come to its BPR02: an error, or a part."""
    first = remittance.imbalances[0]
    left = remittance.deposit - remittance.adds_up_to
    if len(remittance.imbalances) > 1 or left <= ZERO or not names_a_payment(remittance):
        return f"{first.message} Nothing of it is posted; ask the payer for a corrected one."
    return (
        f"{first.message} Nothing of it is posted. {money_text(left)} is missing: it posts with the"
        " rest when that comes in another remittance of this trace; else ask the payer for a"
        " corrected one."
    )


def parts_wait(left: Decimal, *, deposit: Decimal, parts: int) -> str:
    """Why the parts of a split payment wait."""
    lacks = "is missing" if left > ZERO else "is too much"
    return (
        f"{parts} remittances of this trace are parts of one payment: of BPR02"
        f" {money_text(deposit)}, {money_text(abs(left))} {lacks}. They post together when the rest"
        " has come."
    )


def other_content_waits(
    verdict: Verdict, remittance: Remittance, earlier: Sequence[Earlier]
) -> str:
    """Why a remittance waits whose payment is booked under another content."""
    other = next(e for e in earlier if e.id == verdict.of)
    common = (
        f"{verdict.shared} of its claim payments are in that one too"
        if verdict.shared
        else "its own sums do not come to its BPR02"
    )
    cash = f"Cash of {money_text(other.deposit)} is booked with the earlier one"
    if other.deposit != remittance.deposit:
        cash += f"; this one says {money_text(remittance.deposit)}"
    return (
        f"An earlier remittance has this trace with other content, and {common}: this looks like a"
        f" correction of it. {cash}, and none with this one. Compare the two and ask the payer"
        " which one stands."
    )


def payment_key(remittance: Remittance) -> tuple[object, ...]:
    """What a bank would call the same payment, beside payer and trace."""
    payee = remittance.payee_identifier or remittance.payee_name or ""
    return (
        remittance.payment_amount,
        remittance.credit_debit,
        remittance.effective_date,
        payee.strip().upper(),
    )


def payer_key(identifier: str | None, name: str | None) -> str:
    """TRN03, which is the payer's EIN with a leading 1 or without; its name where there is none."""
    given = (identifier or name or "").strip().upper()
    return given[1:] if identifier and len(given) == _WITH_ONE and given[0] == "1" else given


_WITH_ONE = 10  # characters of TRN03 where the 1 leads


def is_whole(remittance: Remittance) -> bool:
    """Whether its claim payments less its PLB pairs come to its BPR02."""
    return not remittance.imbalances


def _split(
    remittance: Remittance, content: Content, same_payment: Sequence[Earlier]
) -> Earlier | None:
    """The first part of the payment that this one is a further part of: none of them comes to
    BPR02 alone, their claim payments are others, and something is still missing."""
    if is_whole(remittance):
        return None
    for lead in same_payment:
        if lead.seen is not Seen.FIRST or lead.whole:
            continue
        parts = [lead, *(e for e in same_payment if e.same_payment_as == lead.id and _is_part(e))]
        if left_of(lead.deposit, (p.adds_up_to for p in parts)) != ZERO and not any(
            _shared(content.payments, part, "payments") for part in parts
        ):
            return lead
    return None


def _is_part(earlier: Earlier) -> bool:
    return earlier.seen is Seen.PART


def _shared(mine: bytes, other: Earlier, which: str) -> int:
    """How many names of claim payments two remittances have in common."""
    if other.content is None:
        return 0
    theirs: bytes = getattr(other.content, which)
    return len(_names(mine) & _names(theirs))


def _names(packed: bytes) -> set[int]:
    names = array("Q")
    names.frombytes(packed)
    return set(names)
