"""What was done, as a code with its modifiers; and what drug was given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Procedure:
    """What was done: HCPCS, CPT or CDT code and up to four modifiers (SV101, SV202, SV301)."""

    code: str
    modifiers: tuple[str, ...] = ()
    description: str | None = None
    qualifier: str = "HC"


@dataclass(frozen=True, slots=True)
class Drug:
    """2410 LIN and CTP: national drug code (11 digits), quantity and unit (F2 GR ME ML UN)."""

    ndc: str
    quantity: Decimal
    unit: str
    prescription_number: str | None = None  # REF*XZ
    link_number: str | None = None  # REF*VY: lines of one compound


@dataclass(frozen=True, slots=True)
class Device:
    """2410 LIN and CTP of a device or another product, by the list its code is of.

    EN and EO (EAN), HI (HIBC), ON (order number), UK (GTIN-14, as a UDI has it), UP (UPC).
    """

    qualifier: str  # LIN02
    code: str  # LIN03
    quantity: Decimal
    unit: str
    prescription_number: str | None = None  # REF*XZ
    link_number: str | None = None  # REF*VY
