"""Code lists that a practice loads; the setting is kept in the audit chain."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.payment_codes import CodeList, DatedCode
from app.flows.ports import UnitOfWork


def load_codes(uow: UnitOfWork, kind: CodeList, codes: Sequence[DatedCode]) -> None:
    """These codes in place of those that stood; what is listed as unknown is seen by them anew."""
    uow.codes.load(kind, codes)
    uow.audit("codes.loaded", subject=kind, detail={"codes": len(codes)})
