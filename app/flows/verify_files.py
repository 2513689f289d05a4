"""What is stored of remittances, compared with the files they came in, read once more.

Of a claim payment that is what money follows from: numbers, status, sums, and each adjustment with
group, reason and amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.errors import KeptBytesLost
from app.domain.identity import Prefix, public_id
from app.domain.money import money_text
from app.domain.remittance import Adjustment, ClaimPayment
from app.flows.ports import RawFiles, Tenant
from app.x12.remittance_835 import read_payments

_Found = Iterator[tuple[str, str]]  # place and message


@dataclass(frozen=True, slots=True)
class RemittedFile:
    """An 835 and, of each remittance in it that is stored to its end and no copy, its payments."""

    file_id: UUID
    sha256: str
    remittances: dict[int, UUID]  # by their ordinal in the file
    payments: Iterator[tuple[int, UUID, ClaimPayment]]  # by ordinals: remittance's, then its own


class FileRecords(Protocol):
    """The rows of one tenant; payments come in parts, so that memory stays flat."""

    def remitted(self) -> Iterator[RemittedFile]: ...


def stored_otherwise(records: FileRecords, raw: RawFiles, tenant: Tenant) -> _Found:
    """Place and message of each claim payment that is not what its file says."""
    for file in records.remitted():
        try:
            with raw.open(tenant.id, file.sha256) as source:
                told = (
                    (ordinal, item)
                    for ordinal, item in read_payments(source)
                    if isinstance(item, ClaimPayment) and ordinal in file.remittances
                )
                yield from _compare(told, file)
        except KeptBytesLost:
            continue  # the check of bytes says so


def _compare(told: Iterable[tuple[int, ClaimPayment]], file: RemittedFile) -> _Found:
    stored = next(file.payments, None)
    for ordinal, item in told:
        if stored is None or (stored[0], stored[2].ordinal) != (ordinal, item.ordinal):
            place = public_id(Prefix.REMITTANCE, file.remittances[ordinal])
            yield place, f"claim payment {item.ordinal} of its file is not stored"
            continue
        kept = stored[2]
        place = public_id(Prefix.CLAIM_PAYMENT, stored[1])
        for name, ours, theirs in zip(_NAMES, _figures(kept), _figures(item), strict=True):
            if ours != theirs:
                yield place, f"{name} stored as {_shown(ours)}, its file says {_shown(theirs)}"
        stored = next(file.payments, None)
    while stored is not None:
        yield public_id(Prefix.CLAIM_PAYMENT, stored[1]), "its file does not say it"
        stored = next(file.payments, None)


_NAMES = (
    "its number is",
    "the payer's number is",
    "its status is",
    "its charge is",
    "its payment is",
    "the patient's share is",
    "its adjustments are",
    "its services are",
)


def _figures(payment: ClaimPayment) -> tuple[object, ...]:
    return (
        payment.patient_control_number,
        payment.payer_claim_control_number,
        payment.status,
        payment.charge,
        payment.paid,
        payment.patient_responsibility,
        _adjusted(payment.adjustments),
        [(s.charge, s.paid, s.units, _adjusted(s.adjustments)) for s in payment.services],
    )


def _adjusted(adjustments: Iterable[Adjustment]) -> list[tuple[str, str, Decimal]]:
    return [(a.group, a.reason, a.amount) for a in adjustments]


def _shown(value: object) -> str:
    """Amounts and codes; numbers of claims are told by their place alone."""
    if isinstance(value, Decimal):
        return money_text(value)
    return "others" if isinstance(value, list) else "another" if value else "none"
