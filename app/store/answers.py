"""What is sent back for files that came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.domain.answer import AnswerState, StoredAnswer
from app.store.session import Session
from app.store.tables import answer


class AnswerRepository:
    """The `Answers` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, answers: Sequence[StoredAnswer]) -> None:
        self._session.insert(answer, [asdict(one) for one in answers])

    def get(self, answer_id: UUID) -> StoredAnswer | None:
        query = self._session.rows(answer, answer.c.id == answer_id)
        row = self._session.connection.execute(self._session.locked(query, answer)).one_or_none()
        return None if row is None else _answer(row)

    def of_file(self, file_id: UUID) -> list[StoredAnswer]:
        query = self._session.rows(answer, answer.c.file_id == file_id).order_by(answer.c.ordinal)
        return [_answer(row) for row in self._session.connection.execute(query)]

    def mark(self, answer_id: UUID, state: AnswerState) -> None:
        self._session.connection.execute(
            update(answer)
            .where(self._session.owns(answer), answer.c.id == answer_id)
            .values(state=state)
        )


_MEMBERS = [field.name for field in fields(StoredAnswer) if field.name != "state"]


def _answer(row: Any) -> StoredAnswer:
    members = {name: getattr(row, name) for name in _MEMBERS}
    return StoredAnswer(state=AnswerState(row.state), **members)
