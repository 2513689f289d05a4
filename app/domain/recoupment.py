"""What payers take back at the provider level: overpayment recovery (WO), forwarding balance (FB).

A negative pair defers: the payer has not taken it yet. A positive one takes. Over its life a
balance ends at zero; until then it is on the worklist. A WO belongs to a payer, a payee and a
reference; FB to payer and payee, because it is carried under a new reference each time. 72 is the
payer's receipt of a refund that we mailed, and offsets the WO of its reference. None of them
changes a claim: only a CLP does (835.md section 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.money import ZERO

OVERPAYMENT, FORWARDING, REFUND_RECEIVED = "WO", "FB", "72"
MOST_TOKENS = 12
_SHORTEST = 4  # what is shorter names nothing by itself
_SEPARATORS = re.compile(r"[\s:#/,;>]+")


class Finding(StrEnum):
    """What a balance says to the person who works it."""

    SETTLED = "settled"
    DEFERRED = "deferred"  # below zero: the payer has announced it and will take it
    RECOVERED = "recovered"  # above zero, and its reversal is posted: look for the deferral
    NO_REVERSAL = "no_reversal"  # above zero, and we know neither reversal nor refund


@dataclass(frozen=True, slots=True)
class Recoupment:
    """One balance; `id` is its first pair's."""

    id: UUID
    kind: str  # WO, FB
    payer: str  # TRN03, else the payer's name
    payer_name: str | None
    payee: str  # PLB01
    reference: str | None  # PLB03-2; None for FB
    balance: Decimal  # as in the account payer_recoupment
    refunded: Decimal  # by 72 of the same reference, negative
    pairs: int
    first_date: date | None
    last_date: date | None
    reversed: bool  # a posted reversal of the claim it names is known
    claim_id: UUID | None = None

    @property
    def open(self) -> Decimal:
        """What is left to be explained or taken."""
        return self.balance + self.refunded

    @property
    def finding(self) -> Finding:
        if self.open == ZERO:
            return Finding.SETTLED
        if self.open < ZERO:
            return Finding.DEFERRED
        if self.kind == OVERPAYMENT and not self.reversed:
            return Finding.NO_REVERSAL
        return Finding.RECOVERED


def reference_tokens(reference: str | None) -> list[str]:
    """What in a PLB reference may be a claim's number, each once.

    Forms seen (835.md section 5): the number alone; Medicare's, a claim number of up to 17
    characters with the member's at 20 to 30; `PTACCT#CCYYMMDD CLAIM#`; numbers with separators.
    """
    text = (reference or "").strip().upper()
    candidates = [text, text[:17], text[19:30], *_SEPARATORS.split(text)]
    tokens = (candidate.strip() for candidate in candidates)
    return list(dict.fromkeys(t for t in tokens if len(t) >= _SHORTEST))[:MOST_TOKENS]
