"""What an adjustment does to what the payer owes: dated rows, a payer's own before those for all.

The treatment of an adjustment is data: its group and its reason code, or the class of that code.
What is in no row stays open with the payer, and so does every denial: nothing is written off by
default. What a row writes off is bounded by the safeguards of lifecycle.md section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.carc import CarcClass, carc_class
from app.domain.contract import Agreed
from app.domain.ledger import Account
from app.domain.money import ZERO
from app.domain.remittance import Adjustment


class Treatment(StrEnum):
    """What an adjustment does to the receivable."""

    CONTRACTUAL = "contractual"
    CAPITATION = "capitation"  # paid for by the head: nothing is owed for the service
    SEQUESTRATION = "sequestration"
    PATIENT = "patient"
    BUNDLED = "bundled"  # a payer's own rows may write it off; by default it stays open
    LEAVE_OPEN = "leave_open"  # denials and what nobody has decided on: the payer still owes it


# Where the amount goes; a treatment that is not here moves nothing.
ACCOUNT: Mapping[Treatment, Account] = {
    Treatment.CONTRACTUAL: Account.CONTRACTUAL,
    Treatment.CAPITATION: Account.CONTRACTUAL,
    Treatment.SEQUESTRATION: Account.SEQUESTRATION,
    Treatment.PATIENT: Account.RECEIVABLE_PATIENT,
    Treatment.BUNDLED: Account.WRITE_OFF,
}

# No rule may write these off, whoever wrote it: each is work or money that is due (lifecycle.md 5).
NEVER_BY_RULE = frozenset(("16", "18", "22", "29", "50", "96", "97", "109", "197", "204", "252"))

# They say that a charge exceeds the fee schedule: for a whole charge that cannot be, and more than
# charge less allowed it cannot be either (835.md section 10, CARC 45).
ABOVE_THE_FEE = frozenset({"45"})


_WRITES_OFF = frozenset(ACCOUNT) - {Treatment.PATIENT}


@dataclass(frozen=True, slots=True)
class TreatmentRow:
    """One row: a group, and a reason code or a class of codes, from a day on until another."""

    group: str
    reason: str | CarcClass
    treatment: Treatment
    since: date = date.min
    until: date = date.max

    def __post_init__(self) -> None:
        if self.treatment in _WRITES_OFF and self.reason in NEVER_BY_RULE:
            raise ValueError(f"CARC {self.reason} is never written off by a rule")
        if self.treatment is Treatment.PATIENT and self.group != "PR":
            raise ValueError("only group PR makes a patient liable")

    @property
    def waives(self) -> bool:
        """Whether it writes off what the payer says the patient owes: no payer's rule does that;
        where a patient may not be billed (QMB), a person writes it off (lifecycle.md section 5).
        """
        kind = self.reason if isinstance(self.reason, CarcClass) else carc_class(self.reason)
        return self.group == "PR" and kind is CarcClass.PATIENT and self.treatment in _WRITES_OFF

    def covers(self, on: date) -> bool:
        """Whether the row holds on that day; `until` is its last."""
        return self.since <= on <= self.until


# lifecycle.md section 5. CARC 24 and its like stand before the class they belong to.
GENERAL: tuple[TreatmentRow, ...] = (
    *(TreatmentRow(g, "24", Treatment.CAPITATION) for g in ("CO", "PI", "OA")),
    *(
        TreatmentRow(g, CarcClass.CONTRACTUAL, Treatment.CONTRACTUAL)
        for g in ("CO", "PI", "OA")
    ),
    *(
        TreatmentRow(g, CarcClass.SEQUESTRATION, Treatment.SEQUESTRATION)
        for g in ("CO", "PI", "OA")
    ),
    TreatmentRow("PR", CarcClass.PATIENT, Treatment.PATIENT),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """The rows of one payer: its own first, then those for all."""

    own: Sequence[TreatmentRow] = ()
    _found: dict[tuple[str, str, date], Treatment] = field(
        default_factory=dict, compare=False, repr=False
    )

    def treatment(self, adjustment: Adjustment, on: date) -> Treatment:
        """The first row that names its group and code, else its group and class."""
        key = (adjustment.group, adjustment.reason, on)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(*key)
        return found

    def _look_up(self, group: str, reason: str, on: date) -> Treatment:
        kind = carc_class(reason)
        for rows in (self.own, GENERAL):
            for names in (reason, kind):
                for row in rows:
                    if row.waives:  # kept by an earlier version, which did not refuse it
                        continue
                    if row.group == group and row.reason == names and row.covers(on):
                        barred = row.treatment in _WRITES_OFF and reason in NEVER_BY_RULE
                        return Treatment.LEAVE_OPEN if barred else row.treatment
        return Treatment.LEAVE_OPEN


FOR_ALL = Policy()


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with the payer of a claim: how its reasons are treated, and what it should
    allow for each line we know a fee for (by line id).
    """

    policy: Policy = FOR_ALL
    agreed: Mapping[UUID, Agreed] = field(default_factory=dict)


NO_TERMS = Terms()


def cuts_whole_charge(adjustment: Adjustment, charge: Decimal) -> bool:
    """Whether all of a charge is said to be above the fee schedule."""
    return adjustment.reason in ABOVE_THE_FEE and ZERO < charge <= adjustment.amount


def treated(
    adjustments: Iterable[Adjustment],
    *,
    charge: Decimal,
    on: date,
    allowed: Decimal | None = None,
    expected: Decimal | None = None,
    policy: Policy = FOR_ALL,
) -> list[tuple[Treatment, Decimal]]:
    """Each adjustment with what it does; an amount may be split into a part that is written off and
    one that stays open.

    `charge` is that of the line (or claim), `allowed` what the payer says it allows (AMT*B6),
    `expected` what the contract allows; None where it is not known.
    """
    parts: list[tuple[Treatment, Decimal]] = []
    # What may be written off as above the fee: the smallest bound that is known.
    bounds = [charge - fee for fee in (allowed, expected) if fee is not None]
    left = max(min(bounds), ZERO) if bounds else None
    for a in adjustments:
        treatment = policy.treatment(a, on)
        if treatment is not Treatment.CONTRACTUAL or a.amount <= ZERO:
            parts.append((treatment, a.amount))
            continue
        if cuts_whole_charge(a, charge):
            parts.append((Treatment.LEAVE_OPEN, a.amount))
            continue
        off = a.amount
        if left is not None and a.reason in ABOVE_THE_FEE:
            off = min(off, left)
            left -= off
        if off:
            parts.append((treatment, off))
        if off != a.amount:
            parts.append((Treatment.LEAVE_OPEN, a.amount - off))
    return parts
