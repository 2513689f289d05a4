"""Segments that number, date and tie things together."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from edi.model import Composite, Segment, el, opt, run
from edi.model.values import to_date


class TA1(Segment):
    """Interchange acknowledgment: what the receiver of our interchange made of its envelope."""

    control_number: str = el(1, 9)  # ISA13 of the interchange that is acknowledged
    date: str = el(2, 6)  # its ISA09, YYMMDD
    time: str = el(3, 4)  # its ISA10, HHMM
    status: str = el(4, codes="A E R")
    note: str = el(5, 3)  # acks.md 1


class BHT(Segment):
    """Beginning of a hierarchical transaction."""

    structure: str = el(1, codes="0019 0085 0010")
    purpose: str = el(2, 2)
    reference: str = el(3, 50)  # our batch id; 277CA 2200B TRN02 brings it back
    created_on: date = el(4)
    created_at: time = el(5)
    type: str | None = opt(6, 2)


class HL(Segment):
    """A level of the hierarchy. `number_levels` fills number, parent and child; only the level is
    ours to say.
    """

    number: str = el(1, 12)
    parent: str | None = opt(2, 12)
    level: str = el(3, codes="19 20 21 22 23 PT")
    child: str | None = opt(4, codes="0 1")


class LX(Segment):
    """A counter."""

    number: int = el(1, 6)


class TRN(Segment):
    """A trace number."""

    type: str = el(1, codes="1 2")
    number: str = el(2, 50)
    originator: str | None = opt(3, 10, shortest=10)
    supplement: str | None = opt(4, 50)


class ReferenceOwner(Composite):
    """C040: whose number the reference is."""

    qualifier: str = el(1, 3)
    value: str = el(2, 50)


class REF(Segment):
    """A reference number and what it refers to."""

    qualifier: str = el(1, 3)
    value: str = el(2, 50)
    owner: ReferenceOwner | None = opt(4)


class DTM(Segment):
    """A date in a remittance."""

    qualifier: str = el(1, 3)
    on: date = el(2)


class DTP(Segment):
    """A date, a span of dates or a time; `format_qualifier` says which: D8, RD8, DT or TM."""

    qualifier: str = el(1, 3)
    format_qualifier: str = el(2, codes="D8 RD8 DT TM")
    value: str = el(3, 35)
    checked = True
    dated = (2, 3)

    @classmethod
    def on(cls, qualifier: str, day: date) -> DTP:
        """One day."""
        return cls(qualifier=qualifier, format_qualifier="D8", value=f"{day:%Y%m%d}")

    @classmethod
    def between(cls, qualifier: str, first: date, last: date) -> DTP:
        """From `first` to `last`, both included."""
        return cls(
            qualifier=qualifier, format_qualifier="RD8", value=f"{first:%Y%m%d}-{last:%Y%m%d}"
        )

    @property
    def first(self) -> date:
        """The day, or the first of the span. ValueError where `format_qualifier` is TM or the value
        is no date.
        """
        return to_date(self.value[:8])

    @property
    def last(self) -> date:
        """The day, or the last of the span."""
        return to_date(self.value[9:] if self.format_qualifier == "RD8" else self.value[:8])

    def faults(self) -> list[tuple[int, str, str]]:
        return (
            []
            if is_dated(self.format_qualifier, self.value)
            else [(3, "IK403:8", f"the value is not {DATED[self.format_qualifier]}")]
        )


class AMT(Segment):
    """An amount of money and what it is."""

    qualifier: str = el(1, 3)
    amount: Decimal = el(2, 18)


class QTY(Segment):
    """A quantity and what is counted."""

    qualifier: str = el(1, 2)
    quantity: Decimal = el(2, 15)


class LQ(Segment):
    """A code from an industry list: HE = remark (RARC), RX = NCPDP reject, UT = DME form."""

    qualifier: str = el(1, 3)
    code: str = el(2, 30)


class NTE(Segment):
    """A note."""

    qualifier: str = el(1, 3)
    text: str = el(2, 80)


class K3(Segment):
    """Fixed-format information, by agreement only."""

    text: str = el(1, 80)


class CUR(Segment):
    """The currency, when it is not the US dollar."""

    entity: str = el(1, 3)
    currency: str = el(2, 3, shortest=3)
    rate: Decimal | None = opt(3, 10)


class Procedure(Composite):
    """C003: a procedure, drug or revenue code with its modifiers."""

    qualifier: str = el(1, 2, shortest=2)
    code: str = el(2, 48)
    modifiers: list[str] = run(3, times=4, longest=2, shortest=2)
    description: str | None = opt(7, 80)


# What a value is, by its date time period format qualifier (element 1250).
DATED = {
    "D8": "a date CCYYMMDD",
    "RD8": "two dates CCYYMMDD-CCYYMMDD, the earlier one first",
    "DT": "a date and time CCYYMMDDHHMM",
    "TM": "a time HHMM",
}


def is_dated(form: str, value: str) -> bool:
    """Whether a text is a date in this form: D8, RD8 (first to last), DT or TM."""
    try:
        if form == "D8":
            to_date(value)
        elif form == "RD8":
            if value[8:9] != "-" or len(value) != 17:
                return False
            return to_date(value[:8]) <= to_date(value[9:])
        elif form == "DT":
            to_date(value[:8])
            return len(value) in (12, 14) and _clock(value[8:])
        elif form == "TM":
            return len(value) in (4, 6, 8) and _clock(value)
    except ValueError:
        return False
    return True


def _clock(value: str) -> bool:
    return value.isdigit() and value[:2] < "24" and value[2:4] < "60"
