"""Remittances that share a trace, and claims that a payment may be about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from app.domain.claim_matching import Candidate
from app.domain.remittance import ClaimPayment, Remittance
from app.domain.seen_before import Earlier
from app.flows.ports.remittances import StoredRemittance


class Traces(Protocol):
    """What came before under the same trace (TRN02) of the same payer."""

    def hold(self, remittances: Sequence[Remittance]) -> None:
        """Keep the traces from other workers until the unit of work ends, in one order."""
        ...

    def earlier(self, remittance: Remittance) -> list[Earlier]:
        """In the order they came, duplicates left out."""
        ...

    def parts(self, lead_id: UUID) -> list[StoredRemittance]:
        """The remittance that booked the deposit, and the further parts of its payment, held."""
        ...

    def told_otherwise(self, stored: StoredRemittance) -> list[StoredRemittance]:
        """Those that tell the payment of this one with other content (`seen`), held."""
        ...

    def pay_itself(self, remittance_id: UUID) -> None:
        """It is a payment of its own: no earlier one of its trace booked its deposit."""
        ...

    def explain(self, remittance_ids: Sequence[UUID], reason: str | None) -> None:
        """Why these wait, as it now stands."""
        ...


class Candidates(Protocol):
    """Claims that claim payments may be about, looked for in bulk."""

    def of_payments(self, payments: Sequence[ClaimPayment]) -> list[list[Candidate]]:
        """For each payment every claim that could be certain or confirmed; all of them held.

        Where CLP01 is one of our numbers there is nothing further to look for.
        """
        ...

    def near(self, payment: ClaimPayment) -> list[Candidate]:
        """The same and whatever else a person may want to see; nothing is held."""
        ...
