"""Bad files: a row with state and reason, every byte kept, no claim changed, no cent moved."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.main import Application
from tests.e2e import books
from tests.e2e.ready_claims import Billed, billed_claims, remittance
from tests.e2e.running import ROOT, claimloop
from tests.e2e.splitter import segments

GOOD_CLAIMS = 3


@dataclass
class Place:
    """A tenant whose claims are on their way, and the files that come in for it."""

    billed: Billed
    folder: Path

    def good(self) -> str:
        """The 835 that pays every claim; each bad file is one step away from it."""
        return remittance(self.billed, self.folder / "good.835").read_text()

    def ingest(self, name: str, data: bytes) -> dict[str, Any]:
        """What `claimloop ingest --json` says of one file; the bytes must have been kept."""
        path = self.folder / name
        path.write_bytes(data)
        answer = claimloop(
            "ingest", path, "--tenant", self.billed.tenant, "--json",
            url=self.billed.url, data=self.billed.data,
        )  # fmt: skip
        assert "Traceback" not in answer.err
        (item,) = answer.json
        assert answer.code == (1 if item["state"] in ("failed", "quarantined") else 0)
        assert kept(self.billed, name) == data
        return dict(item)

    def state(self) -> tuple[object, ...]:
        with books.opened(self.billed.url) as connection:
            return books.claims(connection), books.journal(connection), books.facts(connection)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    billed = billed_claims(url=database_url, data=tmp_path / "data", count=GOOD_CLAIMS)
    folder = tmp_path / "incoming"
    folder.mkdir()
    return Place(billed, folder)


def kept(billed: Billed, name: str) -> bytes:
    """The bytes that are kept for a file row, read back through the product."""
    with books.opened(billed.url) as connection:
        row = books.files(connection)[name]
    app = Application(Settings(database_url=billed.url, data_dir=billed.data))
    try:
        return app.raw.get(row.tenant_id, row.sha256)
    finally:
        app.close()


# What is wrong, the file, and words of the reason.
TORN = {
    "no X12 at all": (lambda good: b"Dear Sir or Madam,\nplease find enclosed", "no X12"),
    "an empty file": (lambda good: b"", "no X12"),
    "blank lines": (lambda good: b"\r\n\r\n", "no X12"),
    "bytes of a picture": (lambda good: bytes(range(256)) * 20, "no X12"),
    "cut off inside a segment": (lambda good: good[: len(good) * 2 // 3].encode(), "cut off"),
    "cut off before SE": (lambda good: good[: good.index("SE*")].encode(), "cut off"),
    "cut off before IEA": (lambda good: good[: good.index("IEA*")].encode(), "cut off"),
    "cut off inside the ISA": (lambda good: good[:60].encode(), "cannot be told apart"),
    "SE01 one too many": (lambda good: _swap(good, "SE*48*", "SE*49*"), "SE01"),
    "GE01 one too many": (lambda good: _swap(good, "GE*1*", "GE*2*"), "GE01"),
    "IEA01 one too many": (lambda good: _swap(good, "IEA*1*", "IEA*2*"), "IEA01"),
    "another SE02": (lambda good: _swap(good, "SE*48*0001", "SE*48*0002"), "SE02"),
    "a claim payment lost on the way": (lambda good: _without_a_claim(good), "SE01"),
}


@pytest.mark.parametrize(("tear", "reason"), TORN.values(), ids=TORN.keys())
def test_a_torn_file_fails_whole(place: Place, tear: Any, reason: str) -> None:
    before = place.state()
    ended = place.ingest("torn.835", tear(place.good()))
    assert (ended["state"], ended["transactionSets"] in (0, 1)) == ("failed", True)
    assert reason in ended["reason"]
    assert place.state() == before
    # The same sender's good file is taken afterwards: nothing of the torn one stands in its way.
    assert place.ingest("good.835", place.good().encode())["state"] == "processed"
    with books.opened(place.billed.url) as connection:
        assert {claim[0] for claim in books.claims(connection).values()} == {"PAID"}


def test_a_test_file_is_quarantined_in_a_live_tenant(place: Place) -> None:
    made = claimloop(
        "keys", "create", "--tenant", "live-one", "--mode", "live", "--json",
        url=place.billed.url, data=place.billed.data,
    )  # fmt: skip
    assert (made.code, made.json["mode"]) == (0, "live")
    path = place.folder / "test-mode.835"
    path.write_text(place.good())
    before = place.state()
    answer = claimloop(
        "ingest", path, "--tenant", "live-one", "--json",
        url=place.billed.url, data=place.billed.data,
    )  # fmt: skip
    assert answer.code == 1
    (ended,) = answer.json
    assert ended["state"] == "quarantined"
    assert "ISA15" in ended["reason"]
    assert place.state() == before
    assert kept(place.billed, "test-mode.835") == path.read_bytes()


def test_a_production_file_is_taken_by_a_test_tenant(place: Place) -> None:
    live = _swap(place.good(), "*0*T*:", "*0*P*:")
    assert place.ingest("live-mode.835", live)["state"] == "processed"


def test_the_same_file_twice_pays_once(place: Place) -> None:
    good = place.good().encode()
    first = place.ingest("first.835", good)
    before = place.state()
    second = place.ingest("second.835", good)
    assert (first["state"], second["state"]) == ("processed", "duplicate")
    assert second["duplicateOf"] == first["fileId"]
    assert place.state() == before


def test_the_same_remittance_in_another_envelope_pays_once(place: Place) -> None:
    first = place.ingest("first.835", place.good().encode())
    before = place.state()
    again = place.ingest("clearinghouse.835", _wrapped_anew(place.good()))
    assert (first["state"], again["state"]) == ("processed", "duplicate")
    assert again["duplicateOf"] == first["fileId"]
    assert place.state() == before
    with books.opened(place.billed.url) as connection:
        assert books.balances(connection)["cash"] == place.billed.payment


def test_an_unbalanced_remittance_waits_and_its_deposit_stays_unapplied(place: Place) -> None:
    good = place.good()
    ended = place.ingest("short.835", _swap(good, "BPR*I*330.00*", "BPR*I*329.99*"))
    assert ended["state"] == "processed"
    with books.opened(place.billed.url) as connection:
        (one,) = books.remittances(connection)
        accounts = books.balances(connection)
        claims = books.claims(connection)
    assert one.state == "waiting"
    assert "329.99" in one.reason
    assert "330.00" in one.reason
    assert {claim[0] for claim in claims.values()} == {"TRANSMITTED"}
    assert (-accounts["unapplied"], accounts["cash"]) == (accounts["cash"], one.payment_amount)


def test_one_unbalanced_claim_waits_and_the_others_post(place: Place) -> None:
    good = place.good()
    # Nothing else of the file changes: BPR02 and CLP04 agree, the line's adjustment does not.
    wrong = good.replace("CAS*CO*45*20~", "CAS*CO*45*20.01~", 1)
    assert place.ingest("line.835", wrong.encode())["state"] == "processed"
    with books.opened(place.billed.url) as connection:
        claims = books.claims(connection)
        accounts = books.balances(connection)
        (why,) = books.messages(connection).values()
    assert sorted(claim[0] for claim in claims.values()) == ["PAID", "PAID", "TRANSMITTED"]
    assert str(-accounts["unapplied"]) == "110.00"
    assert "20.01" in str(why)


# ── Acknowledgments for what nobody sent ───────────────────────────────────


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("demo") / "kept"
    assert claimloop("demo", "--keep", home, url="sqlite:///unused.db", data=home).code == 0
    yield home


STRAY = {
    "a TA1": "TA1*000099999*261101*0900*R*001",
    "a 999 for a group": (
        "ST*999*0001*005010X231A1",
        "AK1*HC*99999*005010X222A1",
        "AK2*837*0001*005010X222A1",
        "IK5*R*5",
        "AK9*R*1*1*0",
        "SE*6*0001",
    ),
    "a 277CA for a claim": (
        "ST*277*0001*005010X214",
        "BHT*0085*08*X*20261101*0900*TH",
        "HL*1**20*1",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*60054",
        "TRN*1*T1",
        "DTP*050*D8*20261101",
        "DTP*009*D8*20261101",
        "HL*2*1*21*1",
        "NM1*41*2*ACME*****46*ACME",
        "TRN*2*NOBODY",
        "STC*A1:19:PR*20261101*WQ*100",
        "HL*3*2*19*1",
        "NM1*85*2*ACME MEDICAL*****XX*1234567893",
        "HL*4*3*PT",
        "NM1*QC*1*SAMPLE*ANN****MI*W1",
        "TRN*2*NOBODY-1",
        "STC*A7:562:85*20261101*U*100",
        "DTP*472*D8*20261005",
        "SE*18*0001",
    ),
}


@pytest.mark.parametrize("name", STRAY)
def test_an_answer_to_what_nobody_sent_changes_no_claim(
    demo_home: Path, name: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    url, path = f"sqlite:///{home}/claimloop.db", tmp_path / "stray.edi"
    path.write_text(_enveloped(STRAY[name]))
    with books.opened(url) as connection:
        before = books.claims(connection), books.journal(connection), books.facts(connection)
        known = books.unmatched(connection)
    answer = claimloop("ingest", path, "--tenant", "demo", "--json", url=url, data=home / "data")
    assert answer.code == 0, answer.err
    assert answer.json[0]["state"] == "processed"
    with books.opened(url) as connection:
        after = books.claims(connection), books.journal(connection), books.facts(connection)
        # It is kept, in sight of whoever looks for it.
        assert books.unmatched(connection) == known + 1
    assert after == before


# ── Encounters ─────────────────────────────────────────────────────────────

GOOD_ENCOUNTER = (ROOT / "fixtures/encounters/office-visit.json").read_text()
SECRET = "HUSHNAME"

BAD_ENCOUNTERS = {
    "malformed": (GOOD_ENCOUNTER.replace('"claimType"', '"claimType', 1), ""),
    "cut off": (GOOD_ENCOUNTER[: len(GOOD_ENCOUNTER) // 2], ""),
    "unknown member": (
        GOOD_ENCOUNTER.replace('"gender"', f'"nickname": "{SECRET}", "gender"', 1),
        "/patient/nickname",
    ),
    "wrong type": (
        GOOD_ENCOUNTER.replace('"firstName": "ANN"', f'"firstName": ["{SECRET}"]', 1),
        "/patient/firstName",
    ),
    "a number for money": (GOOD_ENCOUNTER.replace('"225.50"', "225.50"), "/totalCharge"),
    "a date that is none": (
        GOOD_ENCOUNTER.replace('"1980-01-02"', f'"{SECRET}"', 1),
        "/patient/dateOfBirth",
    ),
    "the same member twice": (
        GOOD_ENCOUNTER.replace('"claimType"', '"claimType": "professional", "claimType"', 1),
        "/claimType",
    ),
}


@pytest.mark.parametrize(("text", "pointer"), BAD_ENCOUNTERS.values(), ids=BAD_ENCOUNTERS.keys())
def test_a_bad_encounter_is_refused_with_its_place_and_without_its_value(
    place: Place, text: str, pointer: str
) -> None:
    before = place.state()
    ended = place.ingest("encounter.json", text.encode())
    assert (ended["state"], ended["kind"]) == ("failed", "encounter")
    assert ended["reason"]
    assert [issue["pointer"] for issue in ended["issues"]] == [pointer]
    assert SECRET not in json.dumps(ended)
    assert place.state() == before


def test_every_problem_of_an_encounter_is_told_at_once(place: Place) -> None:
    text = GOOD_ENCOUNTER.replace('"225.50"', "225.50").replace('"1980-01-02"', '"yesterday"', 1)
    ended = place.ingest("encounter.json", text.encode())
    pointers = [issue["pointer"] for issue in ended["issues"]]
    assert pointers == ["/patient/dateOfBirth", "/totalCharge"]


# ── The ways a file goes wrong ─────────────────────────────────────────────


def _swap(text: str, old: str, new: str) -> bytes:
    assert text.count(old) == 1
    return text.replace(old, new).encode()


def _without_a_claim(good: str) -> bytes:
    first, second = (good.index(f"CLP*B000000{n}-1") for n in (1, 2))
    return (good[:first] + good[second:]).encode()


def _wrapped_anew(good: str) -> bytes:
    """The same ST to SE, with other delimiters, line ends, control numbers and senders."""
    lines = []
    for parts in segments(good):
        name = parts[0]
        if name in ("ISA", "IEA", "GS", "GE"):
            continue
        if name in ("ST", "SE"):
            parts = (*parts[:2], "0777")
        lines.append("|".join(parts).replace(":", ">"))
    envelope = f"ISA|00|{'':10}|00|{'':10}|30|{'HOUSE':15}|ZZ|{'ACME':15}|261121|1000|^|00501|000004711|1|T|>"
    group = "GS|HP|HOUSE|ACME|20261121|1000|4711|X|005010X221A1"
    return "'\r\n".join(
        [envelope, group, *lines, "GE|1|4711", "IEA|1|000004711", ""]
    ).encode()


def _enveloped(body: str | tuple[str, ...]) -> str:
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PAYER':15}*ZZ*{'ACME':15}*261101*0900*^*00501*000000009*0*T*:"
    if isinstance(body, str):
        return "".join(f"{segment}~" for segment in (isa, body, "IEA*0*000000009"))
    code = "FA" if "999" in body[0] else "HN"
    group = f"GS*{code}*PAYER*ACME*20261101*0900*9*X*{body[0].split('*')[3]}"
    return "".join(
        f"{segment}~" for segment in (isa, group, *body, "GE*1*9", "IEA*1*000000009")
    )
