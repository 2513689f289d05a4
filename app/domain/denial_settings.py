"""What a tenant may set about its work, and where it begins."""

from __future__ import annotations

from decimal import Decimal

# Up to this a biller writes off alone, above it the role admin decides (lifecycle.md 5 and 8).
WRITE_OFF_LIMIT = Decimal("100.00")
