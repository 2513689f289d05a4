"""What an 835 says: the remittance, its claim payments and its provider-level adjustments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from app.domain.ack import Place
from app.domain.procedure import Procedure

CURRENCY = "USD"
NO_PAYMENT = "NON"  # BPR04


class PaymentState(StrEnum):
    """What became of one claim payment."""

    POSTED = "posted"
    WAITING = "waiting"
    REVERSED = "reversed"  # a posted CLP02 22 took it back
    UNPOSTED = "unposted"  # a person took our posting back; its money is in unapplied
    DISMISSED = "dismissed"  # a person says that it is none of ours, or settled elsewhere


@dataclass(frozen=True, slots=True)
class Imbalance:
    """An equation of 835.md section 4 that does not hold, with both its sides."""

    level: str  # line, claim or transaction
    expected: Decimal
    found: Decimal
    message: str


class Adjustment(NamedTuple):
    """One CAS triplet: group, claim adjustment reason code (CARC), amount."""

    group: str
    reason: str
    amount: Decimal  # positive reduces the payment
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ServicePayment:
    """SVC and what follows it (2110)."""

    ordinal: int
    line_control_number: str | None  # REF*6R
    procedure: Procedure  # SVC01, as adjudicated
    submitted_procedure: Procedure | None  # SVC06, only where it differs
    charge: Decimal
    paid: Decimal
    units: Decimal | None
    allowed: Decimal | None  # AMT*B6
    service_date: date | None
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...]
    place: Place
    revenue_code: str | None = None  # SVC04


@dataclass(frozen=True, slots=True)
class ClaimPayment:
    """CLP and what follows it (2100)."""

    ordinal: int  # position in its remittance, from 1
    patient_control_number: str  # CLP01
    status: str  # CLP02
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal | None
    payer_claim_control_number: str | None  # CLP07
    member_id: str | None  # NM109 of NM1*IL, else of NM1*QC
    adjustments: tuple[Adjustment, ...]  # claim level
    remarks: tuple[str, ...]  # MOA, MIA
    services: tuple[ServicePayment, ...]
    service_date: date | None  # DTM*232
    crossover: bool  # NM1*TT
    imbalances: tuple[Imbalance, ...]
    place: Place
    original_claim_number: str | None = None  # REF*F8: what a correction or reversal is about
    corrected_member_id: str | None = None  # NM109 of NM1*74

    @property
    def is_reversal(self) -> bool:
        return self.status == "22"

    @property
    def all_adjustments(self) -> tuple[Adjustment, ...]:
        return self.adjustments + tuple(a for s in self.services for a in s.adjustments)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One PLB pair; a positive amount reduces the payment."""

    ordinal: int
    provider: str  # PLB01
    fiscal_period_end: date | None  # PLB02
    reason: str
    reference: str | None
    amount: Decimal
    place: Place


@dataclass(frozen=True, slots=True)
class Content:
    """What a remittance says, apart from how it is written; two that say the same are one.

    `numbers` and `payments` name its claim payments, 8 bytes each, sorted: by CLP01 alone (none for
    a blank or `0`), and by CLP01, CLP07 and whether it is a reversal.
    """

    sha256: str
    numbers: bytes = field(repr=False)
    payments: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remittance:
    """One transaction set: header, the sums its gate needs, and the hash that makes it itself."""

    ordinal: int  # position in its file, from 1
    control_number: str  # ST02
    handling: str  # BPR01
    payment_amount: Decimal  # BPR02
    credit_debit: str  # BPR03
    payment_method: str  # BPR04
    effective_date: date | None  # BPR16
    trace_number: str  # TRN02
    payer_identifier: str | None  # TRN03
    payer_name: str | None
    payer_ids: tuple[tuple[str, str], ...]  # (REF qualifier or N103, value)
    payee_name: str | None
    payee_qualifier: str | None  # N103: XX, FI, XV
    payee_identifier: str | None  # N104
    currency: str
    claim_count: int
    claims_paid: Decimal  # sum of CLP04
    provider_adjustments_total: Decimal  # sum of PLB
    body_sha256: str  # ST body without envelope, delimiters normalised
    imbalances: tuple[Imbalance, ...]  # of the transaction
    issues: int  # errors the X12 check found in the set
    place: Place
    content: Content | None = field(default=None, compare=False)  # only while its file is read
    produced_on: date | None = None  # DTM*405

    @property
    def adds_up_to(self) -> Decimal:
        """What its claim payments and PLB pairs come to; of a whole remittance, its deposit."""
        return self.claims_paid - self.provider_adjustments_total

    @property
    def decided_on(self) -> date | None:
        """The day of the payer's decision: BPR16; of a notice that pays nothing, DTM*405."""
        first, second = self.effective_date, self.produced_on
        return (second or first) if self.payment_method == NO_PAYMENT else (first or second)

    @property
    def deposit(self) -> Decimal:
        """What reaches the bank: BPR02, taken away when BPR03 says debit."""
        return -self.payment_amount if self.credit_debit == "D" else self.payment_amount
