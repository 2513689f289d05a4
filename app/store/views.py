"""The SQL views: dropped before a migration and made anew after it.

Views are no history: a version may rebuild the tables beneath them, and none carries a copy.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from app.store.cash_views import CASH_VIEWS
from app.store.next_payer_views import VIEWS as NEXT_PAYER_VIEWS
from app.store.open_balance_views import VIEWS as OPEN_BALANCE_VIEWS
from app.store.underpayment_views import VIEWS as UNDERPAYMENT_VIEWS

_VIEWS = CASH_VIEWS | NEXT_PAYER_VIEWS | UNDERPAYMENT_VIEWS | OPEN_BALANCE_VIEWS


def drop_views(connection: Connection) -> None:
    """The last one first: later ones may stand on earlier ones."""
    for name in reversed(_VIEWS):
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create_views(connection: Connection) -> None:
    for name, query in _VIEWS.items():
        connection.execute(text(f"CREATE VIEW {name} AS {query}"))
