"""Code lists that a practice loads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.payment_codes import CodeList, DatedCode


class PaymentCodes(Protocol):
    """Dated codes of a list beside those we ship; each list is replaced whole."""

    def loaded(self, kind: CodeList) -> list[DatedCode]:
        """In the order they were given."""
        ...

    def load(self, kind: CodeList, codes: Sequence[DatedCode]) -> None: ...
