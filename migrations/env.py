"""Alembic's door: runs the versions on the connection that app/store/migrate.py hands in.

To write a new version: `python -m app.store.migrate revision MESSAGE`.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Uuid
from sqlalchemy.types import TypeDecorator

from app.store.tables import metadata


def _ours(name: str | None, type_: str, parent_names: object) -> bool:
    """DBOS keeps its tables beside ours on SQLite; a table of ours that was dropped is still ours
    in the history, so only names we never had are left alone."""
    return type_ != "table" or name in metadata.tables


def _frozen(type_: str, obj: Any, autogen: AutogenContext) -> str | Literal[False]:
    """A version names SQLAlchemy's own types: ours may change, history may not."""
    if type_ != "type":
        return False
    if isinstance(obj, TypeDecorator):
        return f"sa.{obj.impl_instance!r}"
    if isinstance(obj, Uuid | JSON):
        return f"sa.{type(obj).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    include_name=_ours,
    render_item=_frozen,
    compare_type=True,
)
context.run_migrations()
