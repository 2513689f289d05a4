"""Every published 835 of the corpus onto the books, beside what a plain splitter counts in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.money import ZERO
from tests.e2e import books
from tests.e2e.running import Answer, claimloop
from tests.e2e.splitter import Split, Verdict, split

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "835"

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of published files (../shared/corpus) is not here"
)

# What does not end `processed`, read by eye: name, state, and words of the reason.
REVIEWED: dict[str, tuple[str, str]] = {}

# Claim payments that wait because an equation of theirs does not hold, read by eye.
UNBALANCED: dict[str, str] = {}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {path.name: split(path.read_bytes()) for path in sorted(CORPUS.iterdir())}


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> Home:
    made = claimloop("keys", "create", "--tenant", "corpus", url=database_url, data=tmp_path)
    assert made.code == 0, made.err
    return Home(database_url, tmp_path)


def test_every_file_ends_as_the_splitter_and_the_reviewed_table_say(
    home: Home, verdicts: dict[str, Verdict]
) -> None:
    ingested = home.ingest()
    assert ingested.code == 1  # files are among them that cannot be booked
    assert "Traceback" not in ingested.err
    assert len(ingested.json) == len(verdicts) == 57
    ended = {Path(item["path"]).name: item for item in ingested.json}
    with books.opened(home.url) as connection:
        rows = books.files(connection)
        by_file = defaultdict(list)
        for remittance in books.remittances(connection):
            by_file[remittance.file_id].append(remittance)
        stored = {
            remittance.id: books.stored_payments(connection, remittance.id)
            for remittance in books.remittances(connection)
        }
    firsts: Counter[str] = Counter()
    for name, verdict in verdicts.items():
        item, row = ended[name], rows[name]
        if name in REVIEWED:
            state, reason = REVIEWED[name]
            assert (item["state"], row.state) == (state, state), name
            assert reason in row.reason, name
            assert not by_file[row.id], name
            continue
        mine = sorted(by_file[row.id], key=lambda r: r.ordinal)
        known = [r.state == "duplicate" for r in mine]
        assert item["state"] == row.state == ("duplicate" if all(known) else "processed"), name
        assert len(mine) == len(verdict.sets), name
        for remittance, counted, duplicate in zip(mine, verdict.sets, known, strict=True):
            _same_figures(remittance, counted)
            firsts[counted.body] += not duplicate
            if not duplicate:
                assert stored[remittance.id] == (
                    counted.claims,
                    counted.claims_paid,
                    counted.provider_adjustments,
                ), name
        assert item["transactionSets"] == len(verdict.sets), name
        assert item["claims"] == sum(s.claims for s in verdict.sets), name
    # One remittance that comes ten times is one remittance, whichever copy was read first.
    assert set(firsts.values()) == {1}


def test_files_that_balance_and_are_whole_are_not_in_the_reviewed_table(
    verdicts: dict[str, Verdict],
) -> None:
    sound = {name for name, v in verdicts.items() if v.whole and v.balances}
    assert not sound & REVIEWED.keys()
    unsound = verdicts.keys() - sound - REVIEWED.keys()
    assert unsound == UNBALANCED.keys()


def test_the_money_of_the_corpus_ties_out(home: Home, verdicts: dict[str, Verdict]) -> None:
    home.ingest()
    taken = {s.body: s for n, v in verdicts.items() if n not in REVIEWED for s in v.sets}
    deposits = sum((s.deposit for s in taken.values()), ZERO)
    adjusted = sum((s.provider_adjustments for s in taken.values() if _posts(s)), ZERO)
    ledger = home.run("ledger", "--tenant", "corpus", "--json").json
    accounts = {name: Decimal(amount) for name, amount in ledger["accounts"].items()}
    assert Decimal(ledger["sum"]) == sum(accounts.values(), ZERO) == ZERO
    assert accounts["cash"] == deposits
    # Nobody here billed any of these claims, so nothing is paid to a claim: paid = 0.
    paid = ZERO
    assert -accounts["unapplied"] == deposits - (-adjusted) - paid
    assert accounts["interest"] + accounts["provider_adjustments"] == adjusted
    assert accounts["receivable_payer"] == ZERO


def test_a_second_ingest_changes_nothing(home: Home) -> None:
    home.ingest()
    with books.opened(home.url) as connection:
        before = books.journal(connection), books.facts(connection)
    again = home.ingest()
    assert {item["state"] for item in again.json} == {"duplicate"}
    assert all(item["duplicateOf"] for item in again.json)
    with books.opened(home.url) as connection:
        assert (books.journal(connection), books.facts(connection)) == before
    assert home.run("verify").code == 0


class Home:
    """One installation with the tenant `corpus`."""

    def __init__(self, url: str, data: Path) -> None:
        self.url, self.data = url, data

    def run(self, *arguments: str | Path) -> Answer:
        return claimloop(*arguments, url=self.url, data=self.data)

    def ingest(self) -> Answer:
        return self.run("ingest", CORPUS, "--tenant", "corpus", "--json")


def _same_figures(remittance: Any, counted: Split) -> None:
    assert (
        remittance.trace_number,
        remittance.claim_count,
        remittance.claims_paid,
        remittance.provider_adjustments_total,
        remittance.payment_amount,
    ) == (
        counted.trace,
        counted.claims,
        counted.claims_paid,
        counted.provider_adjustments,
        counted.payment,
    )


def _posts(counted: Split) -> bool:
    """PLB pairs leave unapplied only where the transaction balances."""
    return "transaction" not in counted.unbalanced
