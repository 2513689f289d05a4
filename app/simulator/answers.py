"""What the simulator gives back for an 837: files, and the money it says it sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """One file for the submitter's mailbox; names sort in the order of their waves."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Deposit:
    """One payment at the bank: an 835 transaction set with the same trace number tells of it."""

    trace_number: str  # TRN02
    amount: Decimal  # BPR02
    payer_id: str
    payee_npi: str
    paid_on: date | None = None  # BPR16


@dataclass(frozen=True, slots=True)
class Reply:
    """All answers to one 837 file and all payments they announce."""

    answers: tuple[Answer, ...] = ()
    deposits: tuple[Deposit, ...] = ()
