"""Reports tell what a hand count tells, on both databases; their definitions are published."""

from __future__ import annotations

from pathlib import Path

from app.store.reports import page, reports
from tests.http.loop import Practice

ROOT = Path(__file__).parents[2]


def test_the_published_definitions_are_current() -> None:
    written = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m app.store.reports docs"


def test_a_new_practice_has_nothing_to_report(database_url: str, tmp_path: Path) -> None:
    practice = Practice(database_url, tmp_path / "raw")
    told = {r.name: practice.get(f"/v1/reports/{r.name}")["items"] for r in reports()}
    practice.engine.dispose()
    nothing = {"receivable": "0.00", "charges_of_90_days": "0.00", "days": None}
    assert told == {r.name: [] for r in reports()} | {"days-in-receivable": [nothing]}


def test_a_report_that_is_none_is_named_so(database_url: str, tmp_path: Path) -> None:
    practice = Practice(database_url, tmp_path / "raw")
    assert practice.ask("GET", "/v1/reports/nothing").status_code == 404
    practice.engine.dispose()
