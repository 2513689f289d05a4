"""`claimloop demo`: the whole loop, beside what a person wrote down for each encounter."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.cli.demo import run_demo
from app.config import Settings
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.flows.ports import ClaimFilter, Mode
from app.main import Application
from tests.e2e import books
from tests.e2e.running import ROOT, Answer, claimloop

FIXTURES = ROOT / "fixtures" / "encounters"
EXPECTED = {
    path.name.removesuffix(".expected.json"): json.loads(path.read_text())
    for path in sorted(FIXTURES.glob("*.expected.json"))
}
ENCOUNTERS = {name: json.loads((FIXTURES / f"{name}.json").read_text()) for name in EXPECTED}
MEMBERS = [
    "encounters", "claims", "batches", "states", "charges", "paid", "adjusted", "patient", "open",
    "deposits", "unapplied", "providerAdjustments", "ledgerSum", "seconds",
]  # fmt: skip
MONEY = ["charges", "paid", "adjusted", "patient", "open"]


def demo(folder: Path, *options: str | Path) -> Answer:
    return claimloop("demo", "--json", *options, url="sqlite:///unused.db", data=folder)


def test_the_demo_does_what_its_fixtures_say(tmp_path: Path) -> None:
    answer = demo(tmp_path, "--keep", tmp_path / "kept")
    assert (answer.code, answer.err.count("differs")) == (0, 0), answer.err
    figures = answer.json  # one document, and nothing else on standard output
    assert list(figures) == MEMBERS
    assert figures["encounters"] == figures["claims"] == len(EXPECTED)
    as_written_down(figures, Counter(EXPECTED.keys()))
    with books.opened(f"sqlite:///{tmp_path}/kept/claimloop.db") as connection:
        ended = books.claims(connection)
    assert ended == {
        ENCOUNTERS[name]["externalId"]: (
            expected["stage"],
            Decimal(ENCOUNTERS[name]["totalCharge"]),
            Decimal(expected["paid"]),
            Decimal(expected["adjusted"]),
            Decimal(expected["patient"]),
        )
        for name, expected in EXPECTED.items()
    }


def test_kept_and_run_again_it_stays_as_it_is(tmp_path: Path) -> None:
    first = demo(tmp_path, "--keep", tmp_path / "kept").json
    with books.opened(f"sqlite:///{tmp_path}/kept/claimloop.db") as connection:
        before = books.journal(connection), books.facts(connection)
    second = demo(tmp_path, "--keep", tmp_path / "kept", "--encounters", "3")
    assert second.code == 0, second.err
    assert without_time(second.json) == without_time(first)
    with books.opened(f"sqlite:///{tmp_path}/kept/claimloop.db") as connection:
        assert (books.journal(connection), books.facts(connection)) == before


@pytest.mark.parametrize("number", [7, len(EXPECTED) + 5])
def test_fewer_or_more_encounters_than_fixtures(number: int, tmp_path: Path) -> None:
    answer = demo(tmp_path, "--encounters", str(number))
    assert answer.code == 0, answer.err
    assert answer.json["encounters"] == answer.json["claims"] == number
    names = sorted(EXPECTED)
    as_written_down(answer.json, Counter(names[n % len(names)] for n in range(number)))
    assert not (tmp_path / "kept").exists()


def test_the_readme_shows_what_the_demo_prints(tmp_path: Path) -> None:
    printed = claimloop("demo", url="sqlite:///unused.db", data=tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert _without_seconds(shown) == _without_seconds(printed.out)
    for told in (
        "1 duplicate, 15 posted, 1 posted_with_exceptions, 1 waiting",
        "WO of EXAMPLE UNION FUND 0.00 after 2 PLB pair(s), FB of EXAMPLE TRUST -62.60 after",
        "next payers: 1 ready, 1 passed on by the payer",
        "remits.unbalanced 2, plb.open 1",
    ):
        assert told in printed.out


def test_a_demo_of_no_encounters_could_not_be_done(tmp_path: Path) -> None:
    answer = demo(tmp_path, "--encounters", "0")
    assert (answer.code, answer.out) == (2, "")
    assert "--encounters" in answer.err


def test_the_same_loop_on_either_database(database_url: str, tmp_path: Path) -> None:
    app = Application(Settings(database_url=database_url, data_dir=tmp_path, log_level="WARNING"))
    try:
        result = run_demo(app, encounters=None, tell=lambda line: None)
        tenant = app.tenant("demo", mode=Mode.TEST)
        with app.units(tenant.id, actor="test") as uow:
            paid = uow.claims.search(ClaimFilter(stage="PAID"), limit=5, after=None)
            lives = [[item.stage for item in uow.evidence.timeline(c.id)] for c in paid]
    finally:
        app.close()
    assert result.differences == []
    # All of it happened on one day, and the dates of X12 files carry no time of day.
    assert [(life[:3], life[-1]) for life in lives] == [
        ([Stage.READY, Stage.BATCHED, Stage.TRANSMITTED], Stage.PAID)
    ] * 5
    as_written_down(result.as_json(), Counter(EXPECTED.keys()))


def as_written_down(figures: dict[str, Any], names: Counter[str]) -> None:
    """States and money are those of the expected files; both identities of the money hold."""
    stages = Counter[str]()
    for name, count in names.items():
        stages[EXPECTED[name]["stage"]] += count
    assert figures["states"] == stages
    money = {name: Decimal(figures[name]) for name in MEMBERS if isinstance(figures[name], str)}
    assert money["charges"] == sum(
        (_charged(ENCOUNTERS[n]) * count for n, count in names.items()), ZERO
    )
    for part in MONEY[1:]:
        assert money[part] == sum(
            (Decimal(EXPECTED[n][part]) * count for n, count in names.items()), ZERO
        ), part
    assert money["charges"] == sum((money[part] for part in MONEY[1:]), ZERO)
    assert money["deposits"] == money["paid"] + money["unapplied"] + money["providerAdjustments"]
    assert money["ledgerSum"] == ZERO
    # Interest of 1.00 a claim comes by PLB L6, 3.00 are kept by PLB 72; what one payer paid too
    # much, it carries forward (FB); what another did, it has taken meanwhile (WO). What does not
    # add up waits with its cent too much.
    plb = Counter(_scenario(n) for n in names.elements())
    carried = plb["SIMFB"] * Decimal("62.60")
    assert money["providerAdjustments"] == plb["SIMINT"] - 3 * plb["SIMPLB"] + carried
    assert money["unapplied"] == (plb["SIMBADCLAIM"] + plb["SIMBADSUM"]) * Decimal("180.41")


def without_time(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if name != "seconds"}


def _without_seconds(text: str) -> str:
    return re.sub(r"in \d+\.\d s$", "in .. s", text.rstrip())


def _charged(encounter: dict[str, Any]) -> Decimal:
    """A predetermination asks what would be paid and charges nothing."""
    asks_only = encounter.get("dental", {}).get("predetermination", False)
    return ZERO if asks_only else Decimal(encounter["totalCharge"])


def _scenario(name: str) -> str:
    member_id: str = ENCOUNTERS[name]["coverages"][0]["memberId"]
    return member_id.rstrip("0123456789")
