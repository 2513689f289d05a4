"""What waits for a claim, judged again when its books have moved, so that order does not matter.

An original, its reversal and its correction come in one file or in three, in any order. Whatever
came last, the same payments are on the books in the end: a reversal posts as soon as its original
is there; a payment that would overpay waits until a reversal makes room for it; and where such a
payment is what a reversal takes back, both post together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.matching import POSSIBLE_DUPLICATE, REVERSAL_WITHOUT_ORIGINAL, Waits
from app.domain.posting import Posted, Remaining
from app.domain.remittance import ClaimPayment
from app.domain.reversal import TakesBack, takes_back

# Reasons for which a payment waits until the books of its claim move; the others wait for a person.
REVERSAL_DIFFERS = Waits(
    "reversal_differs",
    "The payer takes a payment back (CLP02 = 22), but its amounts or its number are not those of"
    " the payment that is posted. Compare the two; un-post the payment if it does not stand.",
)
OVERPAID = "overpaid"
SETTLED_LATER = frozenset({REVERSAL_WITHOUT_ORIGINAL.reason, REVERSAL_DIFFERS.reason, OVERPAID})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A payment of the claim: one that waits, or one that stands on its books."""

    id: UUID
    payment: ClaimPayment
    posted: Posted | None  # what it puts on the books; None for a reversal, or where nothing moves
    fingerprint: str | None = None
    reason: str | None = None  # why it waits; None where it stands
    order: tuple[Any, ...] = ()  # of what waits: by what the files say, never by when they came
    took_back: UUID | None = None  # the original a reversal took off the books when it was on them


@dataclass(frozen=True, slots=True)
class Post:
    """The payment goes on the books now."""

    id: UUID


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The reversal goes on the books now and takes the original off."""

    id: UUID
    original_id: UUID


@dataclass(frozen=True, slots=True)
class KeepWaiting:
    """It still waits, for another reason than before."""

    id: UUID
    why: Waits


Step = Post | TakeBack | KeepWaiting


def settle(
    claim: StoredClaim,
    *,
    waiting: Iterable[Candidate],
    standing: Iterable[Candidate],
    posted: Collection[str],
) -> list[Step]:
    """The steps, in their order; `posted` are fingerprints that are on the books already."""
    books = _Books(claim, waiting, standing, posted)
    while books.take_back() or books.post():
        pass
    return books.steps + books.reasons()


class _Books:
    """The claim's payments while they are being settled."""

    def __init__(
        self,
        claim: StoredClaim,
        waiting: Iterable[Candidate],
        standing: Iterable[Candidate],
        posted: Collection[str],
    ) -> None:
        self.steps: list[Step] = []
        self._claim = claim
        self._remaining = Remaining()
        self._waiting = {w.id: w for w in sorted(waiting, key=lambda w: w.order)}
        self._standing = {s.id: s for s in standing}
        self._posted = set(posted)

    def take_back(self) -> bool:
        """One reversal that finds its original; one that only waits is posted first."""
        for reversal in self._open(reversals=True):
            original = self._original_of(reversal)
            if original is None:
                continue
            if original.id in self._waiting:
                self._goes(original)
                self.steps.append(Post(original.id))
            elif original.posted:
                self._remaining.give_back(self._claim, original.posted)
            self._standing.pop(original.id, None)
            self._goes(reversal)
            self.steps.append(TakeBack(reversal.id, original.id))
            return True
        return False

    def post(self) -> bool:
        """One payment that there is room for now."""
        for one in self._open(reversals=False):
            if one.posted and self._remaining.take(self._claim, one.posted) is not None:
                continue
            self._goes(one)
            self._standing[one.id] = one
            self.steps.append(Post(one.id))
            return True
        return False

    def reasons(self) -> list[Step]:
        """Those that wait for another reason than they said."""
        told = ((w, self._why(w)) for w in self._waiting.values())
        return [KeepWaiting(w.id, why) for w, why in told if why and why.reason != w.reason]

    def _why(self, waiting: Candidate) -> Waits | None:
        if waiting.fingerprint in self._posted:
            return POSSIBLE_DUPLICATE
        if not waiting.payment.is_reversal:
            return None
        closest = max(
            (takes_back(waiting.payment, s.payment) for s in self._standing.values()),
            default=TakesBack.NOTHING,
        )
        return REVERSAL_DIFFERS if closest else REVERSAL_WITHOUT_ORIGINAL

    def _open(self, *, reversals: bool) -> list[Candidate]:
        return [
            w
            for w in self._waiting.values()
            if w.payment.is_reversal is reversals and w.fingerprint not in self._posted
        ]

    def _original_of(self, reversal: Candidate) -> Candidate | None:
        """What stands before what waits."""
        candidates = [*self._standing.values(), *self._open(reversals=False)]
        before = [c for c in candidates if c.id == reversal.took_back]
        confirmed = (
            c for c in candidates if takes_back(reversal.payment, c.payment) is TakesBack.CONFIRMED
        )
        return next(chain(before, confirmed), None)

    def _goes(self, one: Candidate) -> None:
        del self._waiting[one.id]
        if one.fingerprint:
            self._posted.add(one.fingerprint)
