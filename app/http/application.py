"""The application: routes, callers, problems and limits joined around what is handed in."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from fastapi import Depends, FastAPI

from app.http import openapi, problems
from app.http.callers import documented
from app.http.frame import Frame
from app.http.guarded import documented_header
from app.http.needs import Needs
from app.http.routes import (
    appeals,
    batches,
    claims,
    claims_again,
    codes,
    denials,
    deposits,
    encounters,
    files,
    health,
    money,
    partners,
    patient_money,
    payers,
    payments,
    remittance_reports,
    reports,
    suggestions,
    tasks,
    terms,
    underpayments,
    worklists,
)

GUARDED = (
    encounters.router,
    claims.router,
    claims_again.router,
    batches.router,
    files.router,
    money.router,
    deposits.router,
    patient_money.router,
    payments.router,
    remittance_reports.router,
    partners.router,
    terms.router,
    codes.router,
    reports.router,
    denials.router,
    appeals.router,
    tasks.router,
    underpayments.router,
    payers.router,
    worklists.router,
    suggestions.router,
)


def create_app(needs: Needs) -> FastAPI:
    """The ASGI application. Its only paths are those of design/contracts.md that are due."""
    app = FastAPI(
        title="Claimloop",
        version=_version(),
        description="Encounters out as claims, back as posted money.",
        docs_url=None,  # these pages load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a path is right or absent; a POST is not sent around
        responses=openapi.PROBLEMS,
    )
    app.state.needs = needs
    for router in GUARDED:
        app.include_router(router, dependencies=[Depends(documented), Depends(documented_header)])
    app.include_router(health.router)
    problems.install(app)
    openapi.install(app)
    app.add_middleware(Frame, needs=needs)
    return app


def _version() -> str:
    try:
        return version("claimloop")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
