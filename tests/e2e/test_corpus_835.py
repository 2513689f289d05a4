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

_SE01 = "SE01 does not count the segments that are there"
_GE02 = "GE02 is not the control number of its GS"
_NO_ISA = "no ISA segment was found"

# What ends `failed`, read by eye, and words of the reason. Nothing of these files is booked.
FAILED = {
    # SE01 30 for 27 segments, SE02, GE02, IEA02 differ: made to be wrong.
    "badx12__error-validation.edi": _SE01,
    "bryanbritten__multiple-claims-single-check.edi": _SE01,  # 182 for 183
    "chs-cds-aiml__test-edi-835-files-test.835": _SE01,  # 17 for 16
    "gunajii__sample-files-sample-835.edi": _SE01,  # 15 for 14, and an ISA of 104 characters
    "keiron835__blue-cross-nc-sample.txt": _NO_ISA,  # ST to SE only
    "machete__Layout835Tests-cs-literal1.edi": _SE01,  # shortened by hand, 1301 still says SE01
    "machete__Layout835Tests-cs-literal3.edi": _SE01,
    "machete__Layout835Tests-cs-literal5.edi": _SE01,
    "ryanco__example835NoISA.txt": _NO_ISA,
    "ryanco__example835SpecialCharsOne.txt": _GE02,  # GS06 is X; and BPR02 is the word NOT
    # The element separator is two bytes, a UTF-8 letter; X12 delimiters are one.
    "ryanco__example835nonasciielemsep.txt": "its elements and delimiters cannot be told apart",
    "ryanco__resources-example835One.txt": _GE02,
    "stupidedi__notes-split.edi": _SE01,  # 24 for 20, 5 and 5
    "tigershark__t-sample-835.txt": _SE01,  # 1 for 28; amounts are words
}

# Files that end `processed` with a claim payment that waits by itself, and words of its message.
WAITING = {
    # SVC02 is 24599.00 (a procedure code moved one element on): 24599 - 1579 is not 1766.50.
    "lfh__tertiary-payment.835": "A required part of this claim payment cannot be read",
    "stupidedi__notes-recover.txt": "SVC03 says 1766.50",  # the same, other delimiters
    # 4199.68 - 1201.68 is 2998.00, CLP04 says 4000.00.
    "moov-io__example-5010-835-sample2.txt": "CLP04 says 4000.00",
    # SVC01 is HC>55669 where ISA16 says ":": the claim adds up, its procedure cannot be told.
    "lfh__cob-contractural-adjustment.835": "A required part of this claim payment cannot be read",
}
# Files that say what another file says, in other words: one of the two is the duplicate.
SAME_CONTENT = {
    "edilens__samples-835-test-0001.edi": (
        "badx12__X221-secondary-payment-with-higher-fee-schedule.edi"
    ),
    "lfh__demo-file-demo.835": "badx12__X221-dollars-and-data-sent-together.edi",
}
# Traces under which remittances of one payer, day and payee tell other things of a claim of an
# earlier one: examples that were edited, or that reuse a header. Which of them comes first decides
# how many wait; those bring no cash.
OTHER_CONTENT = {"12345", "CK NUMBER 1", "0012524879", "10100000000"}
_ADDS_UP = {"lfh__cob-contractural-adjustment.835"}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {path.name: split(path.read_bytes()) for path in sorted(CORPUS.iterdir())}


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> Home:
    made = claimloop("keys", "create", "--tenant", "corpus", url=database_url, data=tmp_path)
    assert made.code == 0, made.err
    return Home(database_url, tmp_path)


def test_what_is_whole_and_balances_is_in_no_reviewed_table(verdicts: dict[str, Verdict]) -> None:
    assert {name for name, v in verdicts.items() if not v.whole} == FAILED.keys()
    unbalanced = {name for name, v in verdicts.items() if v.whole and not v.balances}
    assert unbalanced == WAITING.keys() - _ADDS_UP


def test_the_corpus_on_the_books(home: Home, verdicts: dict[str, Verdict]) -> None:
    ingested = home.ingest()
    assert ingested.code == 1  # files are among them that cannot be booked
    assert "Traceback" not in ingested.err
    assert len(ingested.json) == len(verdicts) == 57
    every_file_ends_as_counted_and_reviewed(home, verdicts, ingested)
    the_money_ties_out(home, verdicts)
    a_second_ingest_changes_nothing(home)
    checked = home.run("verify")
    assert checked.code == 0, checked.out


def every_file_ends_as_counted_and_reviewed(
    home: Home, verdicts: dict[str, Verdict], ingested: Answer
) -> None:
    ended = {Path(item["path"]).name: item for item in ingested.json}
    with books.opened(home.url) as connection:
        rows = books.files(connection)
        why = books.messages(connection)
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
        if name in FAILED:
            assert item["state"] == row.state == "failed", name
            assert FAILED[name] in row.reason, name
            assert not by_file[row.id], name
            continue
        mine = sorted(by_file[row.id], key=lambda r: r.ordinal)
        known = [r.state == "duplicate" for r in mine]
        assert item["state"] == row.state == ("duplicate" if all(known) else "processed"), name
        assert len(mine) == len(verdict.sets), name
        for remittance, counted, duplicate in zip(mine, verdict.sets, known, strict=True):
            _same_figures(remittance, counted)
            firsts[verdicts[SAME_CONTENT.get(name, name)].sets[0].body] += (
                not duplicate if name in SAME_CONTENT else 0
            )
            if name not in SAME_CONTENT:
                firsts[counted.body] += not duplicate
            if not duplicate:
                assert stored[remittance.id] == (
                    counted.claims,
                    counted.claims_paid,
                    counted.provider_adjustments,
                ), name
        assert item["transactionSets"] == len(verdict.sets), name
        assert item["claims"] == sum(s.claims for s in verdict.sets), name
        held = any(remittance.seen == "other_content" for remittance in mine)
        if name in WAITING and not held:
            assert WAITING[name] in str([why[remittance.id] for remittance in mine]), name
    # One remittance that comes ten times is one remittance, whichever copy was read first.
    assert set(firsts.values()) == {1}


def the_money_ties_out(home: Home, verdicts: dict[str, Verdict]) -> None:
    with books.opened(home.url) as connection:
        held = [r for r in books.remittances(connection) if r.same_payment_as is not None]
    assert held
    assert {r.trace_number for r in held} <= OTHER_CONTENT
    left_out = FAILED.keys() | SAME_CONTENT.keys()
    taken = {s.body: s for n, v in verdicts.items() if n not in left_out for s in v.sets}
    deposits = sum((s.deposit for s in taken.values()), ZERO)
    deposits -= sum((r.payment_amount for r in held), ZERO)
    adjusted = sum((s.provider_adjustments for s in taken.values() if _posts(s)), ZERO)
    adjusted -= sum((r.provider_adjustments_total for r in held if not r.imbalances), ZERO)
    ledger = home.run("ledger", "--tenant", "corpus", "--json").json
    accounts = {name: Decimal(amount) for name, amount in ledger["accounts"].items()}
    assert Decimal(ledger["sum"]) == sum(accounts.values(), ZERO) == ZERO
    assert accounts["cash"] == deposits
    # Nobody here billed any of these claims, so nothing is paid to a claim: paid = 0.
    paid = ZERO
    assert -accounts["unapplied"] == deposits - (-adjusted) - paid
    plb = ("interest", "provider_adjustments", "payer_recoupment")
    assert sum((accounts[account] for account in plb), ZERO) == adjusted
    assert accounts["receivable_payer"] == ZERO


def a_second_ingest_changes_nothing(home: Home) -> None:
    with books.opened(home.url) as connection:
        before = books.journal(connection), books.facts(connection)
    again = home.ingest()
    assert {item["state"] for item in again.json} == {"duplicate"}
    assert all(item["duplicateOf"] for item in again.json)
    with books.opened(home.url) as connection:
        assert (books.journal(connection), books.facts(connection)) == before


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
