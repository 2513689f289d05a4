"""The tenant's own settings of its work; no row stands for the defaults."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select, update

from app.domain.work_settings import BillNext, WorkSettings
from app.store.session import Session
from app.store.tables import work_setting


class WorkSettingsRepository:
    """The `SettingsOfWork` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self) -> WorkSettings:
        query = select(work_setting).where(self._session.owns(work_setting))
        row = self._session.connection.execute(query).one_or_none()
        if row is None:
            return WorkSettings()
        return WorkSettings(write_off_limit=row.write_off_limit, bill_next=BillNext(row.bill_next))

    def set(self, settings: WorkSettings) -> None:
        values = asdict(settings)
        self._session.insert_once(work_setting, [values])
        self._session.connection.execute(
            update(work_setting).where(self._session.owns(work_setting)).values(**values)
        )
