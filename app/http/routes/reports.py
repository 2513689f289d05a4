"""Reports: what they tell, and what they tell today."""

from __future__ import annotations

from fastapi import APIRouter

from app.documents.answers import Items
from app.documents.report import ReportDocument, ReportRowsDocument
from app.domain.clock import local_date
from app.domain.errors import NotFound
from app.http.callers import Reader
from app.http.guarded import GuardedRoute
from app.http.requests import Handed, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/reports", tags=["reports"])


@router.get("")
def list_reports(caller: Reader, needs: Handed) -> Items[ReportDocument]:
    """All reports with their definitions."""
    with unit(needs, caller) as uow:
        return Items(items=[ReportDocument.of(report) for report in uow.reports.all()])


@router.get("/{name}")
def get_report(name: str, caller: Reader, needs: Handed) -> ReportRowsDocument:
    """One report as of today in the tenant's time zone."""
    with unit(needs, caller) as uow:
        found = [report for report in uow.reports.all() if report.name == name]
        if not found:
            raise NotFound("report", "of this name")
        today = local_date(uow.clock, uow.tenant.time_zone)
        rows = uow.reports.rows(found[0], today=today)
    return ReportRowsDocument.told(found[0], rows, as_of=today)
