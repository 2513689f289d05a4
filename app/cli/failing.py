"""How a command says that it could not do what was asked, and how it opens the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from app.cli.log_lines import configure_logging
from app.config import Settings
from app.flows.ports import Tenant
from app.main import Application


class Failure(Exception):
    """One sentence for the person at the terminal; exit code 2."""


@contextmanager
def application(settings: Settings | None = None) -> Iterator[Application]:
    """The application, closed again; settings or a database that do not work are a Failure."""
    settings = settings or Settings()
    configure_logging(settings.log_level)
    try:
        app = Application(settings)
    except (ValueError, OSError, SQLAlchemyError) as fault:
        raise Failure(f"cannot start: {fault}") from fault
    try:
        yield app
    finally:
        app.close()


def known_tenant(app: Application, name: str) -> Tenant:
    """The tenant, or a Failure that says how to make it."""
    tenant = app.tenants.find(name)
    if tenant is None:
        raise Failure(
            f"there is no tenant {name!r}; make it with: claimloop keys create --tenant {name}"
        )
    return tenant
