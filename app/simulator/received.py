"""An 837 as the simulated clearinghouse keeps it: what its answers need, no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Procedure:
    """SV101, SV202 or SV301 as it was sent; NU and the revenue code of a line without one."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One 2400."""

    procedure: Procedure
    charge: Decimal
    units: Decimal | None
    control_number: str | None  # REF*6R
    first_date: date | None  # None: nothing has been done yet
    last_date: date | None
    revenue_code: str | None = None  # SV201
    days: Decimal = Decimal(0)  # that a room was used
    settled: Decimal = Decimal(0)  # by the payers before this one: not its business any more


@dataclass(frozen=True, slots=True)
class Stay:
    """What an institution says of the whole."""

    statement_from: date  # DTP*434
    statement_through: date
    inpatient: bool
    drg: str | None  # HI*DR


@dataclass(frozen=True, slots=True)
class Name:
    """NM103 to NM105 and NM107; of an organization `last` alone."""

    last: str
    first: str | None = None
    middle: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """The billing provider, who is the payee."""

    npi: str
    is_person: bool
    name: Name
    tax_id: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One 2300 with what stands above it."""

    patient_control_number: str
    charge: Decimal
    facility_type: str  # CLM05-1
    frequency: str  # CLM05-3
    filing_indicator: str | None  # SBR09
    responsibility: str  # SBR01
    member_id: str
    subscriber: Name
    patient: Name
    patient_is_subscriber: bool
    payer_id: str
    payer_name: str
    billing_provider: Provider
    group_number: str | None
    lines: tuple[Line, ...]
    segment_in_set: int  # of CLM, counted from ST = 1
    predetermination: bool = False  # CLM19 PB: it asks what would be paid
    stay: Stay | None = None  # of an institutional claim

    @property
    def days(self) -> Decimal:
        return sum((line.days for line in self.lines), Decimal(0))

    @property
    def first_date(self) -> date | None:
        if self.stay is not None:
            return self.stay.statement_from
        return min((line.first_date for line in self.lines if line.first_date), default=None)

    @property
    def last_date(self) -> date | None:
        if self.stay is not None:
            return self.stay.statement_through
        return max((line.last_date for line in self.lines if line.last_date), default=None)


@dataclass(slots=True)
class TransactionSet:
    """One ST; `readable` is False when it holds errors."""

    st01: str
    control_number: str  # ST02
    guide: str  # ST03
    reference: str = ""  # BHT03
    submitter_name: str = ""
    submitter_id: str = ""
    claims: list[Claim] = field(default_factory=list)
    readable: bool = False


@dataclass(slots=True)
class Group:
    """One GS."""

    functional_id: str
    sender: str
    receiver: str
    control_number: str
    version: str
    sets: list[TransactionSet] = field(default_factory=list)


@dataclass(slots=True)
class Interchange:
    """One ISA; `fault` is the TA105 code of what is wrong with it, if anything is."""

    control_number: str
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    isa_date: str  # YYMMDD and HHMM as they stand: a TA1 echoes them
    isa_time: str
    on: date
    at: time
    usage: str
    acknowledgment_requested: bool
    groups: list[Group] = field(default_factory=list)
    fault: str | None = None
