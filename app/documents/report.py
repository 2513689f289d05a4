"""Reports as JSON: what they tell, and their rows by column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.documents.answers import Answer, Day
from app.domain.report import Cell, Report, cell_text


class ColumnDocument(Answer):
    name: str
    measure: str  # text, count, money or rate


class ReportDocument(Answer):
    """A report without its rows."""

    name: str
    title: str
    definition: str
    columns: list[ColumnDocument]

    @classmethod
    def of(cls, report: Report) -> ReportDocument:
        return cls(**_members(report))


class ReportRowsDocument(ReportDocument):
    """Money is a text with two decimals, a rate one with four; null: nothing to name or divide."""

    as_of: Day
    items: list[dict[str, str | int | None]]

    @classmethod
    def told(
        cls, report: Report, rows: Sequence[tuple[Cell, ...]], *, as_of: date
    ) -> ReportRowsDocument:
        items = [
            {
                c.name: cell_text(cell, c.measure)
                for c, cell in zip(report.columns, row, strict=True)
            }
            for row in rows
        ]
        return cls(**_members(report), as_of=as_of, items=items)


def _members(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "title": report.title,
        "definition": report.definition,
        "columns": [ColumnDocument(name=c.name, measure=c.measure) for c in report.columns],
    }
