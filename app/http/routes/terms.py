"""What is agreed with payers: fee schedules, and their own treatment of adjustments."""

from __future__ import annotations

from fastapi import APIRouter

from app.documents.answers import Items
from app.documents.query import OneVersion
from app.documents.terms import FeeScheduleAnswer, TreatmentAnswer, read_fees, read_treatments
from app.flows.terms import set_fees, set_treatments
from app.http.callers import Admin, Reader
from app.http.guarded import GuardedRoute
from app.http.openapi import FEES_BODY, TREATMENTS_BODY
from app.http.problems import refused
from app.http.requests import Handed, RawBody, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/payers", tags=["payers"])


@router.get("/{payer_id}/fees")
def get_fees(
    payer_id: str, caller: Reader, needs: Handed, version: OneVersion = None
) -> FeeScheduleAnswer:
    """The fees agreed with the payer of that id (as encounters name it), as they were given.

    `version` is an earlier schedule, as an underpayment names it.
    """
    with unit(needs, caller) as uow:
        return FeeScheduleAnswer.of(uow.terms.schedule(payer_id, version))


@router.put("/{payer_id}/fees", openapi_extra=FEES_BODY)
def put_fees(payer_id: str, raw: RawBody, caller: Admin, needs: Handed) -> FeeScheduleAnswer:
    """Replace them. Payments posted from now on are held to them."""
    fees, problems = read_fees(raw, payer_id=payer_id)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        set_fees(uow, payer_id, fees)
        return FeeScheduleAnswer.of(uow.terms.schedule(payer_id, None))


@router.get("/{payer_id}/treatments")
def get_treatments(payer_id: str, caller: Reader, needs: Handed) -> Items[TreatmentAnswer]:
    """The payer's own rows; what they do not name follows docs/ledger.md."""
    with unit(needs, caller) as uow:
        return Items(items=[TreatmentAnswer.of(row) for row in uow.terms.treatments(payer_id)])


@router.put("/{payer_id}/treatments", openapi_extra=TREATMENTS_BODY)
def put_treatments(
    payer_id: str, raw: RawBody, caller: Admin, needs: Handed
) -> Items[TreatmentAnswer]:
    """Replace them. What is posted already stays as it was posted."""
    rows, problems = read_treatments(raw)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        set_treatments(uow, payer_id, rows)
        return Items(items=[TreatmentAnswer.of(row) for row in uow.terms.treatments(payer_id)])
