"""Tools for people: JSON, scrubbed files, the page."""

from __future__ import annotations

import html.parser
import json
import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import edi
from edi.__main__ import main
from edi.page import page
from edi.scrub import scrub
from edi.scrub.fakes import Fakes
from edi.scrub.rules import KNOWN
from edi.segments import __all__ as SEGMENTS
from edi.show import show
from edi.to_json import documents
from edi.validate import npi_is_valid
from tests.edi.planted import planted

ROOT = Path(__file__).parents[2]
X12 = ROOT / "fixtures/x12"
FILES = sorted(X12.rglob("*.edi"))
ONE_CLAIM = X12 / "837p/pass/one_claim.edi"
DEPENDENT = X12 / "837p/pass/secondary_of_a_dependent.edi"
PAID = X12 / "835/pass/one_claim_paid.edi"
KEY = b"a key of this test"


def scrubbed(data: bytes, key: bytes = KEY) -> bytes:
    return b"".join(scrub(data, key=key))


# ── JSON ──


def test_a_payment_is_one_document_with_its_lines() -> None:
    found = list(documents(PAID.read_bytes()))
    assert [d["document"] for d in found] == [
        "interchange",
        "claimPayment",
        "transactionSet",
        "file",
    ]
    payment = found[1]
    assert payment["data"]["clp"]["patientControlNumber"] == "C00001-1"
    assert payment["data"]["clp"]["paid"] == "190.5"
    assert [s["svc"]["charge"] for s in payment["data"]["services"]] == ["150", "75.5"]
    assert payment["data"]["services"][0]["dates"] == [{"qualifier": "472", "on": "2026-01-02"}]
    assert (payment["transactionSet"], payment["segmentNumber"]) == ("0001", 17)
    header = found[2]["data"]
    assert header["bpr"]["effectiveDate"] == "2026-01-20"
    assert "headerNumbers" not in header


def test_a_claim_brings_the_loops_around_it() -> None:
    claims = [d for d in documents(DEPENDENT.read_bytes()) if d["document"] == "claim"]
    assert [w["loop"] for w in claims[0]["within"]] == ["2000A", "2000B", "2000C"]
    assert claims[0]["data"]["lines"][0]["lx"]["number"] == 1


@pytest.mark.parametrize(
    ("file", "number", "holds"),
    [
        ("837i/pass/inpatient_stay", "H00001-1", ["SV2", "revenueCode", "0120"]),
        ("837d/pass/filling_and_crown_again", "D00001-1", ["SV3", "teeth", "14"]),
    ],
)
def test_claims_of_an_institution_and_a_dentist_are_documents(
    file: str, number: str, holds: list[str]
) -> None:
    found = list(documents((X12 / f"{file}.edi").read_bytes()))
    (claim,) = [d for d in found if d["document"] == "claim"]
    assert claim["data"]["clm"]["patientControlNumber"] == number
    lines = claim["data"]["lines"]
    assert len(lines) >= 2
    assert holds[0].lower() in lines[0]
    assert holds[2] in json.dumps(lines)
    assert found[-1]["errors"] == 0


@pytest.mark.parametrize("file", ["837i/pass/inpatient_stay", "837d/pass/filling_and_crown_again"])
def test_nobody_is_left_in_a_scrubbed_claim_of_any_kind(file: str) -> None:
    before = (X12 / f"{file}.edi").read_bytes()
    after = scrubbed(before)
    kept = 0
    for was, now in zip(edi.segments(before), edi.segments(after), strict=True):
        e, f = was.elements, now.elements
        if e[0] == "NM1" and e[1] in ("IL", "QC", "71", "72", "82"):
            kept += 1
            assert (e[3:5], e[9:10] or ["some"]) != (f[3:5], f[9:10])
            assert e[9:10] == [] or e[9] != f[9]
        if e[0] in ("DMG", "N3", "CLM"):
            assert e[1:3] != f[1:3]
    assert kept >= 2
    assert edi.check(after).errors == 0


def test_a_claim_that_cannot_be_read_is_there_by_its_first_segment() -> None:
    wrong = (X12 / "837p/fail/charge_is_no_number.edi").read_bytes()
    (claim,) = [d for d in documents(wrong) if d["document"] == "claim"]
    assert claim["rejected"] is True
    assert claim["opening"][:3] == ["CLM", "C00001-1", "225,5"]
    assert [i["code"] for i in claim["issues"]] == ["IK403:6"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(X12).as_posix())
def test_json_has_each_issue_once_and_no_float(path: Path) -> None:
    data = path.read_bytes()
    lines = [json.dumps(d) for d in documents(data)]
    found: list[dict[str, Any]] = []
    for line in lines:
        document = json.loads(line, parse_float=_no_float)
        found += document.get("issues", [])
    expected = edi.check(data).as_json()["issues"]
    assert sorted(map(_place, found)) == sorted(map(_place, expected))


def _no_float(text: str) -> Any:
    raise AssertionError(f"a float: {text}")


def _place(issue: dict[str, Any]) -> tuple[str, int, str]:
    return issue["code"], issue["segmentNumber"], issue["ref"]


# ── scrubbed ──


# An odd character goes with the name or address it stood in.
GONE_WITH_IT = {
    "control_character_in_a_name": ("IK403:6", 18, "NM104"),
    "component_separator_in_an_address": ("IK403:6", 11, "N301"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(X12).as_posix())
def test_a_scrubbed_file_checks_as_it_did(path: Path) -> None:
    before, after = edi.check(path.read_bytes()), edi.check(scrubbed(path.read_bytes()))
    was = [(i.code, i.segment_number, i.ref) for i in before.issues]
    if path.stem in GONE_WITH_IT:
        was.remove(GONE_WITH_IT[path.stem])
    assert [(i.code, i.segment_number, i.ref) for i in after.issues] == was
    assert after.segments == before.segments


def test_nothing_of_the_patient_is_left() -> None:
    text = scrubbed(DEPENDENT.read_bytes()).decode()
    people = set[str]()
    for raw in edi.segments(DEPENDENT.read_bytes()):
        e = raw.elements
        if e[0] == "NM1" and e[1] in ("IL", "QC", "85", "82"):
            people |= {e[3], *e[4:5], *e[9:10]}
        if e[0] in ("N3", "DMG", "CLM", "REF"):
            people |= {e[2]} if e[0] in ("DMG", "REF") else {e[1]}
    names = {p for p in people if len(p) > 2}
    assert len(names) > 8
    values = set(re.split(r"[*:~\n]", text))
    assert names & values == set()


def test_the_claim_and_its_payment_still_belong_together() -> None:
    claim, payment = scrubbed(ONE_CLAIM.read_bytes()), scrubbed(PAID.read_bytes())
    number = re.search(rb"CLM\*([^*]+)\*", claim)
    paid = re.search(rb"CLP\*([^*]+)\*", payment)
    assert number is not None
    assert paid is not None
    assert number[1] == paid[1] != b"C00001-1"
    assert scrubbed(ONE_CLAIM.read_bytes(), b"another") != claim


def test_days_move_together() -> None:
    fakes = Fakes(KEY)
    first, second = fakes.day("20260102"), fakes.day("20260109")
    assert first != "20260102"
    assert int(second) > int(first)
    assert fakes.period("20260102-20260109") == f"{first}-{second}"
    assert fakes.day("00000000").isdigit()


@given(st.lists(st.text("ABab019-", min_size=1, max_size=12), min_size=2, max_size=30, unique=True))
@settings(deadline=None, max_examples=60)
def test_different_numbers_stay_different_and_keep_their_shape(texts: list[str]) -> None:
    fakes = Fakes(KEY)
    made = [fakes.shape(t) for t in texts]
    assert len(set(made)) == len(texts)
    assert [_shape(t) for t in made] == [_shape(t) for t in texts]


def _shape(text: str) -> str:
    return re.sub("[0-9]", "9", re.sub("[A-Z]", "A", re.sub("[a-z]", "a", text)))


def test_an_npi_stays_right_or_wrong() -> None:
    fakes = Fakes(KEY)
    assert npi_is_valid(fakes.shape("1234567893"))
    assert not npi_is_valid(fakes.shape("1234567890"))


def test_what_nobody_knows_keeps_nothing_that_could_be_a_name() -> None:
    torn = ONE_CLAIM.read_bytes().replace(b"CLM*", b"JANE DOE WAS HERE~ZZZ*JANEDOE*AB~CLM*")
    text = scrubbed(torn)
    assert b"JANE" not in text
    assert b"*AB~" in text


def test_every_segment_we_declare_has_been_thought_of() -> None:
    declared = {n for n in SEGMENTS if n.isupper()}
    assert declared - KNOWN == set()


# ── page ──


class _Outline(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.outside += [v or "" for k, v in attrs if k in ("src", "href") and (v or "")[:1] != "#"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(X12).as_posix())
def test_the_page_holds_every_segment_and_issue_and_loads_nothing(path: Path) -> None:
    data = path.read_bytes()
    made = "".join(page(data, title=path.name))
    outline = _Outline()
    outline.feed(made)
    assert (outline.open, outline.outside) == ([], [])
    report = edi.check(data)
    assert len(re.findall(r'id="s\d+"', made)) == report.segments
    shown = "".join(outline.text)
    for issue in report.issues:
        assert f"{issue.severity} {issue.code}" in shown


def test_what_a_file_holds_is_no_markup() -> None:
    evil = ONE_CLAIM.read_bytes().replace(b"*DOE*", b"*<script>*", 1)
    made = "".join(page(evil, title="a<b"))
    assert "<script>" not in made
    assert "&lt;script&gt;" in made


# ── commands ──


@pytest.mark.parametrize("command", ["to-json", "scrub-phi", "show"])
def test_commands_say_what_they_could_not_do(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(tmp_path / "nothing.edi")]) == 2
    assert "cannot be opened" in capfd.readouterr().err
    none = tmp_path / "none.edi"
    none.write_bytes(b"JANE DOE")
    assert main([command, str(none)]) == 2
    assert "JANE" not in capfd.readouterr().out
    assert main([command, str(PAID)]) == 0
    wrong = X12 / "837p/fail/charge_is_no_number.edi"
    assert main([command, str(wrong)]) == 1


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("837p/pass/one_claim", ["1 (original)", "P (pays first)", "85 (billing provider)"]),
        ("837i/pass/inpatient_stay", ["qualifier BBR (principal procedure)", "435 (admission)"]),
        ("837d/pass/filling_and_crown_again", ["placement R (again)", "441 (prior placement)"]),
        ("835/pass/one_claim_paid", ["status 1 (processed as first payer)", "CO (by contract)"]),
        ("277ca/pass/accepted_and_rejected", ["category A2 (accepted)"]),
        ("999/pass/one_claim_rejected", ["status R (rejected)"]),
    ],
)
def test_codes_are_told_in_our_words(file: str, says: list[str]) -> None:
    told = "\n".join(show((X12 / f"{file}.edi").read_bytes()))
    assert [word for word in says if word not in told] == []


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("837p/pass/one_claim", "claim C00001-1: charge 225.5"),
        ("837i/pass/inpatient_stay", "claim H00001-1: charge 15000"),
        ("837d/pass/filling_and_crown_again", "claim D00001-1: charge 465"),
        ("835/pass/one_claim_paid", "claim C00001-1: charge 225.5, paid 190.5, patient 15"),
    ],
)
def test_the_money_of_each_claim_is_shown(
    file: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(X12 / f"{file}.edi")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(says)


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("835/pass/one_claim_paid", (b"HC:G0103:QW", b"HC"),
         "claim C00001-1: charge 225.5, paid 190.5, patient 15"),
        ("837p/pass/one_claim", (b"SV1*HC:", b"SV1*"), "claim C00001-1: charge 225.5"),
    ],
)  # fmt: skip
def test_the_money_of_a_claim_with_a_fault_is_shown_too(
    file: str, change: tuple[bytes, bytes], says: str,
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    spoiled = tmp_path / "spoiled.edi"
    spoiled.write_bytes((X12 / f"{file}.edi").read_bytes().replace(*change, 1))
    assert edi.check(spoiled.read_bytes()).issues
    assert main(["show", str(spoiled)]) == 1
    assert capsys.readouterr().out.splitlines()[-1].endswith(says)


def test_situational_faults_are_shown_in_place() -> None:
    rows = list(show(planted("P", ("11:B:1*", "11:B:7*"))))
    at = next(n for n, row in enumerate(rows) if "FREQUENCY-NUMBER" in row)
    assert "  CLM  " in rows[at - 1]


def test_colour_changes_nothing_but_colour() -> None:
    data = (X12 / "837p/fail/charge_is_no_number.edi").read_bytes()
    plain = list(show(data))
    coloured = list(show(data, colours={"error": "\x1b[31m"}))
    assert [re.sub("\x1b\\[[0-9]+m", "", line) for line in coloured] == plain
    assert sum(line.startswith("\x1b[31m") for line in coloured) == 1
    assert not any("\x1b" in line for line in plain)


def test_an_issue_of_the_file_stands_at_its_end() -> None:
    lines = list(show(b"more" + PAID.read_bytes()))
    (told,) = (line for line in lines if "X12-UNREAD" in line)
    assert told == lines[-1]
    assert told.startswith("     !  error X12-UNREAD 4 bytes outside of any interchange were not")


def test_what_is_found_at_the_end_is_shown_where_it_stands() -> None:
    lines = list(show(planted("R", ("BPR*I*190.5", "BPR*I*191"))))
    at = next(n for n, line in enumerate(lines) if "BAL-REMITTANCE" in line)
    assert "  BPR  " in lines[at - 1]


def test_more_issues_than_are_kept_are_counted() -> None:
    many = PAID.read_bytes().replace(b"LQ*HE*N19~\n", b"ZZZ*1~\n" * 1500)
    assert list(show(many))[-1].endswith("more issues, which `check` counts by code")


def test_a_pipe_is_shown_as_a_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", str(PAID)])
    as_file = capsys.readouterr().out
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_bytes, args=(PAID.read_bytes(),))
    writing.start()
    assert main(["show", str(pipe)]) == 0
    writing.join()
    assert capsys.readouterr().out == as_file
