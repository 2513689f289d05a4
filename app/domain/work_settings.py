"""What a tenant may set about its work, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class BillNext(StrEnum):
    """Who asks the next payer once one has decided."""

    ASKED = "asked"  # a person does, claim by claim or from the worklist
    AUTOMATIC = "automatic"  # the hourly sweep does, wherever nothing speaks against it


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """The settings of one tenant."""

    # Up to this a biller writes off alone, above it the role admin decides (lifecycle.md 5 and 8).
    write_off_limit: Decimal = Decimal("100.00")
    bill_next: BillNext = BillNext.ASKED
