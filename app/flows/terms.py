"""What is agreed with payers is set by a person, and the setting is kept in the audit chain."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.contract import Fee
from app.domain.treatment import TreatmentRow
from app.flows.ports import UnitOfWork


def set_fees(uow: UnitOfWork, payer_id: str, fees: Sequence[Fee]) -> None:
    """These fees in place of those that stood; what is posted already stays as it was posted."""
    uow.terms.set_fees(payer_id, fees)
    uow.audit("payer.fees_set", subject=payer_id, detail={"fees": len(fees)})


def set_treatments(uow: UnitOfWork, payer_id: str, rows: Sequence[TreatmentRow]) -> None:
    """These rows in place of those that stood."""
    uow.terms.set_treatments(payer_id, rows)
    told = [f"{row.group} {row.reason} {row.treatment}" for row in rows]
    uow.audit("payer.treatments_set", subject=payer_id, detail={"rows": told})
