"""What another payer decided, as the next payer is told it (837.md 7: loops 2320 and 2430).

Per payer, the charge of the claim is what it paid and all that it adjusted; per line with a
decision likewise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.party import OtherId
from app.domain.procedure import Procedure


@dataclass(frozen=True, slots=True)
class PriorAdjustment:
    """One reason in a CAS."""

    group: str  # CO, CR, OA, PI, PR
    reason: str  # CARC
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProviderAtPayer:
    """A provider of the claim by the numbers that another payer gave (2330C to 2330I)."""

    role: str  # NM101: DN P3 82 77 DQ 85, institutional 71 72 ZZ, dental DD
    ids: tuple[OtherId, ...]
    is_person: bool = True  # NM102


@dataclass(frozen=True, slots=True)
class PayerDecision:
    """2320: what the payer of a coverage decided on the whole claim."""

    paid: Decimal  # AMT*D, zero when it paid nothing
    adjustments: tuple[PriorAdjustment, ...] = ()  # CAS; those of the lines are not repeated
    remaining_patient_liability: Decimal | None = None  # AMT*EAF, where no line tells it
    decided_on: date | None = None  # DTP*573, where no line tells it
    payer_claim_control_number: str | None = None  # REF*F8 of 2330B
    decided_again: bool = False  # REF*T4*Y: this corrects what the payer had decided before
    remarks: tuple[str, ...] = ()  # RARC of MOA or MIA, up to five


@dataclass(frozen=True, slots=True)
class LineDecision:
    """2430: what another payer decided on a line."""

    payer_id: str  # SVD01, the id of a coverage
    paid: Decimal  # SVD02
    units: Decimal  # SVD05
    decided_on: date  # DTP*573
    procedure: Procedure | None = None  # SVD03 as that payer adjudicated it
    revenue_code: str | None = None  # SVD04, institutional
    bundled_line: int | None = None  # SVD06
    adjustments: tuple[PriorAdjustment, ...] = ()  # CAS
    remaining_patient_liability: Decimal | None = None  # AMT*EAF
