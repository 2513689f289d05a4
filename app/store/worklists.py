"""Worklists read from their views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    String,
    TableClause,
    Uuid,
    and_,
    column,
    func,
    or_,
    select,
)
from sqlalchemy import table as a_table
from sqlalchemy.types import TypeEngine

from app.domain.worklists import Worklist, WorklistItem
from app.flows.ports import WorklistFilter
from app.store.session import Session
from app.store.types import Cents
from app.store.worklist_views import COLUMNS

_TYPES: dict[str, TypeEngine[Any]] = {
    "tenant_id": Uuid(),
    "id": Uuid(),
    "claim_id": Uuid(),
    "amount": Cents(),
    "since": Date(),
    "due": Date(),
    "sort_key": BigInteger(),
}


class WorklistRepository:
    """The `Worklists` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, worklist: Worklist, which: WorklistFilter) -> int:
        view = _view(worklist)
        query = select(func.count()).select_from(view).where(*self._meets(view, which))
        return self._session.connection.execute(query).scalar_one()

    def page(
        self,
        worklist: Worklist,
        which: WorklistFilter,
        *,
        limit: int,
        after: tuple[int, UUID] | None,
    ) -> list[WorklistItem]:
        view = _view(worklist)
        conditions = self._meets(view, which)
        if after is not None:
            key, id = after
            conditions.append(
                or_(view.c.sort_key > key, and_(view.c.sort_key == key, view.c.id > id))
            )
        query = (
            select(*(view.c[name] for name in COLUMNS if name != "tenant_id"))
            .where(*conditions)
            .order_by(view.c.sort_key, view.c.id)
            .limit(limit)
        )
        rows = self._session.connection.execute(query)
        return [WorklistItem(**row._mapping) for row in rows]

    def _meets(self, view: TableClause, which: WorklistFilter) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [view.c.tenant_id == self._session.tenant.id]
        for name, value in (
            ("payer_id", which.payer_id),
            ("category", which.category),
            ("owner", which.owner),
        ):
            if value is not None:
                conditions.append(view.c[name] == value)
        if which.due_before is not None:
            conditions.append(view.c.due < which.due_before)
        return conditions


def _view(worklist: Worklist) -> TableClause:
    return a_table(worklist.view, *(column(name, _TYPES.get(name, String())) for name in COLUMNS))
