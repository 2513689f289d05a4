"""Reports of api.md 5.2 that the tables can answer, one SQL file each.

A file begins with its title, its definition and, in the last line of the comment, its columns with
what they hold. Money is integer cents and a rate is a whole number of ten-thousandths, so that no
database ever computes a float. `python -m app.store.reports docs` publishes
docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Date, bindparam, text

from app.domain.carc import CarcClass, codes_of
from app.domain.money import from_cents
from app.domain.report import Cell, Column, Measure, Report
from app.store.session import Session
from app.store.tables.columns import ID

_DAYS = (30, 60, 90, 120)


class ReportRepository:
    """The `Reports` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[Report]:
        return reports()

    def rows(self, report: Report, *, today: date) -> list[tuple[Cell, ...]]:
        known: dict[str, tuple[Any, Any]] = {
            f"day_{n}": (today - timedelta(days=n), bindparam(f"day_{n}", type_=Date))
            for n in _DAYS
        }
        known["tenant"] = (self._session.tenant.id, bindparam("tenant", type_=ID))
        denials = codes_of(CarcClass.DENIAL)
        known["denial_codes"] = (denials, bindparam("denial_codes", expanding=True))
        used = {name: pair for name, pair in known.items() if f":{name}" in report.sql}
        query = text(report.sql).bindparams(*(parameter for _, parameter in used.values()))
        values = {name: value for name, (value, _) in used.items()}
        return [
            tuple(_READ[c.measure](cell) for c, cell in zip(report.columns, row, strict=True))
            for row in self._session.connection.execute(query, values)
        ]


@cache
def reports() -> tuple[Report, ...]:
    """All of them, by name."""
    folder = files(__package__)
    found = [f for f in folder.iterdir() if f.name.endswith(".sql")]
    return tuple(
        _report(f.name.removesuffix(".sql").replace("_", "-"), f.read_text(encoding="utf-8"))
        for f in sorted(found, key=lambda f: f.name)
    )


def page() -> str:
    """docs/metrics.md."""
    parts = [
        "# Reports and their definitions\n",
        "Each report with the SQL that answers it, published from `app/store/reports/`. Amounts",
        "are cents there and rates ten-thousandths; `GET /v1/reports/{id}` gives money with two",
        "decimals and a rate as a part of one. `:day_30` is the day 30 days ago, `:denial_codes`",
        "are the codes of class denial (`app/domain/carc.py`).\n",
    ]
    for report in reports():
        columns = ", ".join(f"`{c.name}` ({c.measure})" for c in report.columns)
        parts += [
            f"## {report.name}\n",
            f"{report.title}. {report.definition}\n",
            f"Columns: {columns}.\n",
            f"```sql\n{report.sql}\n```\n",
        ]
    return "\n".join(parts)


def _report(name: str, source: str) -> Report:
    comment = [line[2:].strip() for line in source.splitlines() if line.startswith("--")]
    title, *definition, columns = comment
    sql = "\n".join(line for line in source.splitlines() if not line.startswith("--"))
    pairs = (column.split() for column in columns.split(","))
    return Report(
        name=name,
        title=title,
        definition=" ".join(definition),
        columns=tuple(Column(column, Measure(measure)) for column, measure in pairs),
        sql=sql.strip(),
    )


def _rate(parts: Any) -> Decimal | None:
    return None if parts is None else Decimal(int(parts)).scaleb(-4)


_READ: dict[Measure, Any] = {
    Measure.TEXT: lambda cell: cell,
    Measure.COUNT: lambda cell: None if cell is None else int(cell),
    Measure.MONEY: lambda cell: None if cell is None else from_cents(int(cell)),
    Measure.RATE: _rate,
}
