"""What only dental claims tell: teeth, surfaces, areas of the mouth, orthodontics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.party import Provider


@dataclass(frozen=True, slots=True)
class Tooth:
    """TOO: a tooth in the universal numbering, and the surfaces treated."""

    number: str  # 1 to 32, A to T, 51 to 82, AS to TS
    surfaces: tuple[str, ...] = ()  # B D F I L M O, up to five


@dataclass(frozen=True, slots=True)
class ToothStatus:
    """DN2: a tooth that is missing (M) or to be extracted (E)."""

    number: str
    status: str


@dataclass(frozen=True, slots=True)
class Orthodontics:
    """DN1: months of treatment."""

    total_months: Decimal | None = None  # DN101
    remaining_months: Decimal | None = None  # DN102
    indicator: str | None = None  # DN104: Y where neither is known


@dataclass(frozen=True, slots=True)
class DentalTreatment:
    """The facts of an ADA form beside its lines and parties (837.md 6)."""

    predetermination: bool = False  # CLM19 PB: no service has been done, no dates are sent
    service_date: date | None = None  # DTP*472 of the claim, the default of its lines
    service_date_end: date | None = None
    orthodontics: Orthodontics | None = None
    tooth_statuses: tuple[ToothStatus, ...] = ()
    assistant_surgeon: Provider | None = None  # 2310D, never beside a rendering provider


@dataclass(frozen=True, slots=True)
class DentalLine:
    """What SV3, TOO and their loop say beside procedure and charge."""

    oral_cavity: tuple[str, ...] = ()  # SV304, up to five
    prosthesis: str | None = None  # SV305: I initial, R replacement
    teeth: tuple[Tooth, ...] = ()
    prior_placement_date: date | None = None  # DTP*441, or 139 where it is estimated
    prior_placement_estimated: bool = False
    appliance_placement_date: date | None = None  # DTP*452
    replacement_date: date | None = None  # DTP*446
    treatment_start_date: date | None = None  # DTP*196
    treatment_completion_date: date | None = None  # DTP*198
    assistant_surgeon: Provider | None = None  # 2420B
