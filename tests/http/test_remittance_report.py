"""The remittance report: its figures are the journal's, on the page and on paper."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.money import ZERO, money_text
from app.store.tables import journal_entry, journal_line
from tests.documents.test_pdf_pages import pages
from tests.e2e.ready_claims import Asked, load
from tests.flows.eras import D, Svc, era, paid, taken_back
from tests.http.loop import Practice

FIRST = paid("1001-1", Svc(D(150), D(100), "CO*45*30 PR*2*20"), icn="ICN1")
BETTER = paid("1001-1", Svc(D(150), D(110), "CO*45*30 PR*2*10"), icn="ICN2")
TWO = paid("1002-1", Svc(D(150), D(90), "CO*45*60"), Svc(D(60), D(0), "CO*197*60", line="2"),
           icn="ICN3")  # fmt: skip
STRANGE = paid("JANE <DOE>", Svc(D(80), D(70), "CO*45*10", line=None), icn="ICN4")


class Page(HTMLParser):
    """Tables by caption as rows of cells; the sentences of notes; all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[str]]]] = []
        self.notes: list[str] = []
        self.tags: list[str] = []
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in = "note" if ("class", "note") in attrs else tag
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "note":
            self.notes.append(data)
        elif self._in == "caption":
            self.tables[-1] = (data, self.tables[-1][1])
        elif self._in in ("td", "th"):
            self.tables[-1][1][-1][-1] += data

    def table(self, caption: str) -> list[list[str]]:
        return next(rows for name, rows in self.tables if name == caption)


@pytest.fixture
def practice(sqlite_url: str, tmp_path: Path) -> Practice:
    made = Practice(sqlite_url, tmp_path / "raw")
    claims = [
        Asked("1001-1", (("1", "G0439", D(150)),)),
        Asked("1002-1", (("1", "G0439", D(150)), ("2", "G0439", D(60)))),
    ]
    load(SimpleNamespace(units=made.units), made.tenants["ACME"], iter(claims))  # type: ignore[arg-type]
    fees = {"items": [{"code": "G0439", "amount": "100"}]}
    made.ask("PUT", "/v1/payers/60054/fees", key="ADMIN", json=fees)
    receive(made, era(FIRST, trace="EFT1"))
    plb = [("WO:ICN1", D(25)), ("L6:INT", D("-1.50"))]
    receive(made, era(taken_back(FIRST), BETTER, TWO, STRANGE, trace="EFT2", plb=plb))
    return made


def receive(practice: Practice, data: bytes) -> None:
    assert practice.ask("POST", "/v1/files", content=data).status_code == 202
    practice.work()


def second(practice: Practice) -> dict[str, Any]:
    [found] = [r for r in practice.get("/v1/remittances")["items"] if r["traceNumber"] == "EFT2"]
    return dict(found)


def read(practice: Practice, path: str) -> Page:
    answer = practice.ask("GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    return Page(answer.text)


def unapplied(practice: Practice, source: str) -> D:
    """What sources of that type moved in unapplied, by the journal itself."""
    with practice.engine.connect() as connection:
        query = (
            select(func.sum(journal_line.c.amount))
            .join(journal_entry, journal_entry.c.id == journal_line.c.entry_id)
            .where(journal_entry.c.source_type == source, journal_line.c.account == "unapplied")
        )
        return connection.execute(query).scalar_one() or ZERO


def test_the_figures_are_the_journals(practice: Practice) -> None:
    remittance = second(practice)
    page = read(practice, f"/v1/remittances/{remittance['id']}/report")
    # BPR02 = -100 + 110 + 90 + 70 - 25 + 1.50
    assert page.table("The three equations")[1:] == [
        ["Transaction: BPR02 = claim payments - provider adjustments", "146.50", "146.50", "yes"],
        ["Claims: paid (CLP04) = charge (CLP03) - all adjustments", "170.00", "170.00", "yes"],
        ["Lines: paid (SVC03) = charge (SVC02) - their adjustments", "170.00", "170.00", "yes"],
    ]
    books = page.table("Where the money is, by the books")[1:]
    assert books == [
        ["Posted to claims", "100.00"],
        ["Posted as provider adjustments", "-23.50"],
        ["Not applied yet", "70.00"],
        ["Deposit booked", "146.50"],
    ]
    # The first remittance's original posted 100.00 too, and nothing of it was undone in place.
    assert unapplied(practice, "claim_payment") == D(books[0][1]) + D(100)
    assert unapplied(practice, "provider_adjustment") == D(books[1][1])
    assert page.table("Claim payments by state")[1:] == [
        ["Posted", "3", "210.00", "100.00"], ["Waits", "1", "80.00", "70.00"],
        ["All", "4", "290.00", "170.00"],
    ]  # fmt: skip
    assert page.table("A positive amount lowers the payment")[1:] == [
        ["1234567893", "WO", "overpayment taken back", "ICN1",
         practice.get("/v1/claims")["items"][0]["id"], "payer recoupment", "25.00"],
        ["1234567893", "L6", "interest", "INT", "", "interest", "-1.50"],
        ["Sum", "", "", "", "", "", "23.50"],
    ]  # fmt: skip


def test_every_table_foots_and_says_what_waits(practice: Practice) -> None:
    page = read(practice, f"/v1/remittances/{second(practice)['id']}/report")
    lines = [rows for name, rows in page.tables if name == "Lines"]
    assert len(lines) == 4
    for heads, *rows, total in lines:
        for column in ("Charge", "Adjusted", "Patient", "Paid"):
            at = heads.index(column)
            assert sum((D(row[at] or 0) for row in rows), ZERO) == D(total[at]), column
    two = next(rows for rows in lines if rows[-1][3] == "210.00")
    assert two[1][4:] == ["90.00", "60.00", "0.00", "90.00", "less than agreed, 100.00 agreed"]
    reasons = [rows for name, rows in page.tables if name == "Adjustments"]
    told = [row for rows in reasons for row in rows]
    assert ["line 2", "CO", "197", "denied; the provider's by contract", "60.00"] in told
    [note] = page.notes
    payments = practice.get(f"/v1/remittances/{second(practice)['id']}")["items"]
    assert note == next(p["message"] for p in payments if p["state"] == "waiting")
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert {"caption", "thead", "main", "h1"} <= set(page.tags)


def test_one_claim_payment_alone_by_both_doors(practice: Practice) -> None:
    remittance = second(practice)
    payments = practice.get(f"/v1/remittances/{remittance['id']}")["items"]
    [back] = [p for p in payments if p["claimStatusCode"] == "22"]
    first = practice.ask("GET", f"/v1/claim-payments/{back['id']}/report").text
    path = f"/v1/remittances/{remittance['id']}/report?claimPaymentId={back['id']}"
    assert practice.ask("GET", path).text == first
    page = Page(first)
    assert [name for name, _ in page.tables] == [
        "Lines", "Adjustments", "A positive amount lowers the payment"
    ]  # fmt: skip
    assert page.table("Lines")[-1][3] == "-150.00"
    assert "22 reversal of an earlier payment" in first
    booked = dict(re.findall(r"<dt>Booked (.*?)</dt><dd>(.*?)</dd>", first))
    assert booked == {"to the claim": "-100.00", "contractual": "-30.00", "patient": "-20.00"}


def test_the_paper_says_what_the_page_says(practice: Practice) -> None:
    path = f"/v1/remittances/{second(practice)['id']}/report"
    page = read(practice, path)
    told = [practice.ask("GET", path, headers={"Accept": "application/pdf"}) for _ in range(2)]
    assert told[0].headers["content-type"] == "application/pdf"
    assert told[0].content == told[1].content  # the same report, the same bytes
    shown = re.findall(r"\((.*?)(?<!\\)\) Tj", "\n".join(pages(told[0].content)))
    paper = re.sub(r"\\([()\\])", r"\1", " ".join(shown))
    for _, rows in page.tables:
        for cell in (cell for row in rows for cell in row if re.fullmatch(r"-?\d+\.\d\d", cell)):
            assert cell in paper
    for words in ("JANE <DOE>", "Where the money is, by the books", "overpayment taken back"):
        assert words in paper
    assert money_text(D("146.50")) in paper


def test_what_is_not_there_is_not_found(practice: Practice) -> None:
    [first, other] = practice.get("/v1/remittances")["items"]
    [payment] = practice.get(f"/v1/remittances/{first['id']}")["items"]
    for path in (
        f"/v1/remittances/{other['id']}/report?claimPaymentId={payment['id']}",
        "/v1/remittances/era_x/report",
        "/v1/claim-payments/rcl_x/report",
    ):
        assert practice.ask("GET", path).status_code == 404
    for path in (f"/v1/remittances/{first['id']}", f"/v1/claim-payments/{payment['id']}"):
        assert practice.ask("GET", f"{path}/report", key="OTHER").status_code == 404
