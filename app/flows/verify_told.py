"""What claims to later payers tell of earlier decisions, compared with these decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.domain.identity import Prefix, public_id

_Found = Iterator[tuple[str, str]]  # place and message


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A claim that has not left: the payments its version tells of, and those that stand with the
    payers that were asked before."""

    claim_id: UUID
    told: frozenset[UUID]
    standing: frozenset[UUID]


class ToldRecords(Protocol):
    """The rows of one tenant."""

    def unsent(self) -> Iterator[ToldOf]: ...
    def strangers(self) -> Iterator[tuple[UUID, int, UUID]]:
        """(claim, version, claim payment) of what is told of no decision on the same encounter by
        an earlier payer, or by a version that is not there."""
        ...


def told_otherwise(records: ToldRecords) -> _Found:
    """Place and message of each claim that tells of other decisions than it must."""
    for claim_id, version, payment_id in records.strangers():
        yield (
            f"{public_id(Prefix.CLAIM, claim_id)} version {version}",
            f"it tells of {public_id(Prefix.CLAIM_PAYMENT, payment_id)}, which is no decision of"
            " an earlier payer on its encounter",
        )
    for claim in records.unsent():
        place = public_id(Prefix.CLAIM, claim.claim_id)
        for payment_id in sorted(claim.standing - claim.told):
            yield place, f"it does not tell of {public_id(Prefix.CLAIM_PAYMENT, payment_id)}"
        for payment_id in sorted(claim.told - claim.standing):
            name = public_id(Prefix.CLAIM_PAYMENT, payment_id)
            yield place, f"it tells of {name}, which no longer stands"
