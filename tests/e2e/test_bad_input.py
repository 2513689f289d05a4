"""Bad files: a row with state and reason, every byte kept, no claim changed, no cent moved."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.main import Application
from tests.e2e import books
from tests.e2e.ready_claims import TENANT, Billed, billed_claims, remittance
from tests.e2e.running import ROOT, Answer, claimloop
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

    def ingest(self, files: Mapping[str, bytes], *, tenant: str = TENANT) -> dict[str, Any]:
        """What `claimloop ingest --json` says of each file; the bytes must have been kept."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        for name, data in files.items():
            (folder / name).write_bytes(data)
        answer = self.run("ingest", folder, "--tenant", tenant, "--json")
        assert "Traceback" not in answer.err
        ended = {Path(item["path"]).name: item for item in answer.json}
        faulty = any(item["state"] in ("failed", "quarantined") for item in answer.json)
        waits = any(
            paid["state"] == "waiting" or paid["waiting"]
            for item in answer.json
            for paid in item["remittances"]
        )
        assert answer.code == (1 if faulty or waits else 0)
        assert self.kept(files.keys()) == files
        return ended

    def run(self, *arguments: str | Path) -> Answer:
        return claimloop(*arguments, url=self.billed.url, data=self.billed.data)

    def kept(self, names: Collection[str]) -> dict[str, bytes]:
        """The bytes that are kept for these files, read back through the product."""
        with books.opened(self.billed.url) as connection:
            rows = books.files(connection)
        app = Application(Settings(database_url=self.billed.url, data_dir=self.billed.data))
        try:
            return {name: app.raw.get(rows[name].tenant_id, rows[name].sha256) for name in names}
        finally:
            app.close()

    def state(self) -> tuple[object, ...]:
        with books.opened(self.billed.url) as connection:
            return books.claims(connection), books.journal(connection), books.facts(connection)


@pytest.fixture
def place(migrated_url: str, tmp_path: Path) -> Place:
    billed = billed_claims(url=migrated_url, data=tmp_path / "data", count=GOOD_CLAIMS)
    folder = tmp_path / "incoming"
    folder.mkdir()
    return Place(billed, folder)


# What is wrong, the file, and words of the reason.
TORN: dict[str, tuple[Callable[[str], bytes], str]] = {
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


def test_torn_files_fail_whole_and_stand_in_nobodys_way(place: Place) -> None:
    before = place.state()
    ended = place.ingest({name: tear(place.good()) for name, (tear, _) in TORN.items()})
    for name, (_, reason) in TORN.items():
        assert ended[name]["state"] == "failed", name
        assert reason in ended[name]["reason"], name
    with books.opened(place.billed.url) as connection:
        rows = books.files(connection)
        assert not books.remittances(connection)
    assert {rows[name].state for name in TORN} == {"failed"}
    assert place.state() == before
    # The good file of the same sender is taken afterwards.
    assert place.ingest({"good": place.good().encode()})["good"]["state"] == "processed"
    with books.opened(place.billed.url) as connection:
        assert {claim[0] for claim in books.claims(connection).values()} == {"PAID"}


def test_a_test_file_is_quarantined_in_a_live_tenant(place: Place) -> None:
    made = place.run("keys", "create", "--tenant", "live", "--mode", "live", "--json")
    assert (made.code, made.json["mode"]) == (0, "live")
    before = place.state()
    (ended,) = place.ingest({"test": place.good().encode()}, tenant="live").values()
    assert ended["state"] == "quarantined"
    assert "ISA15" in ended["reason"]
    assert place.state() == before


def test_a_production_file_is_taken_by_a_test_tenant(place: Place) -> None:
    (ended,) = place.ingest({"live": _swap(place.good(), "*0*T*:", "*0*P*:")}).values()
    assert ended["state"] == "processed"


def test_the_same_file_and_the_same_remittance_in_another_envelope_pay_once(place: Place) -> None:
    good = place.good()
    first = place.ingest({"first": good.encode()})["first"]
    before = place.state()
    again = place.ingest({"same bytes": good.encode(), "another envelope": _wrapped_anew(good)})
    assert first["state"] == "processed"
    for name in again:
        assert (again[name]["state"], again[name]["duplicateOf"]) == ("duplicate", first["fileId"])
    assert place.state() == before
    with books.opened(place.billed.url) as connection:
        assert books.balances(connection)["cash"] == place.billed.payment


def test_an_unbalanced_remittance_waits_and_its_deposit_stays_unapplied(place: Place) -> None:
    good = place.good()
    (ended,) = place.ingest({"short": _swap(good, "BPR*I*330.00*", "BPR*I*329.99*")}).values()
    assert ended["state"] == "processed"
    assert [issue["code"] for issue in ended["issues"]] == ["BAL-REMITTANCE"]
    (told,) = ended["remittances"]
    assert (told["state"], told["posted"], told["waiting"]) == ("waiting", 0, 3)
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
    ended = place.ingest({"line": wrong.encode()})["line"]
    assert ended["state"] == "processed"
    assert [issue["code"] for issue in ended["issues"]] == ["BAL-CLAIM", "BAL-LINE"]
    (told,) = ended["remittances"]
    assert (told["state"], told["posted"], told["waiting"]) == ("posted_with_exceptions", 2, 1)
    with books.opened(place.billed.url) as connection:
        claims = books.claims(connection)
        accounts = books.balances(connection)
        (why,) = books.messages(connection).values()
    assert sorted(claim[0] for claim in claims.values()) == ["PAID", "PAID", "TRANSMITTED"]
    assert str(-accounts["unapplied"]) == "110.00"
    assert "20.01" in str(why)


# ── Acknowledgments for what nobody sent ───────────────────────────────────


STRAY: dict[str, Sequence[str]] = {
    "a TA1": ("TA1*000099999*261101*0900*R*001",),
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
        "SE*19*0001",
    ),
}


def test_answers_to_what_nobody_sent_change_no_claim(tmp_path: Path) -> None:
    """The demo's tenant has claims in every stage; none of them moves."""
    url, data = f"sqlite:///{tmp_path}/claimloop.db", tmp_path / "data"
    assert claimloop("demo", "--keep", tmp_path, url=url, data=data).code == 0
    for name, body in STRAY.items():
        (tmp_path / f"{name}.edi").write_text(_enveloped(body))
    with books.opened(url) as connection:
        before = books.claims(connection), books.journal(connection), books.facts(connection)
        known = books.unmatched(connection)
    paths = tmp_path.glob("*.edi")
    answer = claimloop("ingest", *paths, "--tenant", "demo", "--json", url=url, data=data)
    assert answer.code == 0, answer.out
    assert [item["state"] for item in answer.json] == ["processed"] * len(STRAY)
    with books.opened(url) as connection:
        after = books.claims(connection), books.journal(connection), books.facts(connection)
        # Each is kept, in sight of whoever looks for it.
        assert books.unmatched(connection) == known + len(STRAY)
    assert after == before


# ── Encounters ─────────────────────────────────────────────────────────────

GOOD_ENCOUNTER = (ROOT / "fixtures/encounters/office-visit.json").read_text()
SECRET = "HUSHNAME"

BAD_ENCOUNTERS = {
    "malformed": (GOOD_ENCOUNTER.replace('"claimType"', '"claimType', 1), [""]),
    "cut off": (GOOD_ENCOUNTER[: len(GOOD_ENCOUNTER) // 2], [""]),
    "unknown member": (
        GOOD_ENCOUNTER.replace('"gender"', f'"nickname": "{SECRET}", "gender"', 1),
        ["/patient/nickname"],
    ),
    "wrong type": (
        GOOD_ENCOUNTER.replace('"firstName": "ANN"', f'"firstName": ["{SECRET}"]', 1),
        ["/patient/firstName"],
    ),
    "the same member twice": (
        GOOD_ENCOUNTER.replace('"claimType"', '"claimType": "professional", "claimType"', 1),
        ["/claimType"],
    ),
    "a date that is none, and a number for money": (
        GOOD_ENCOUNTER.replace('"1980-01-02"', f'"{SECRET}"', 1).replace('"225.50"', "225.50"),
        ["/patient/dateOfBirth", "/totalCharge"],
    ),
}


def test_bad_encounters_are_refused_with_every_place_and_no_value(place: Place) -> None:
    before = place.state()
    ended = place.ingest({name: text.encode() for name, (text, _) in BAD_ENCOUNTERS.items()})
    for name, (_, pointers) in BAD_ENCOUNTERS.items():
        item = ended[name]
        assert (item["state"], item["kind"]) == ("failed", "encounter"), name
        assert item["reason"], name
        assert [issue["pointer"] for issue in item["issues"]] == pointers, name
    assert SECRET not in json.dumps(ended)
    assert place.state() == before


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
    envelope = (
        f"ISA|00|{'':10}|00|{'':10}|30|{'HOUSE':15}|ZZ|{'ACME':15}"
        "|261121|1000|^|00501|000004711|1|T|>"
    )
    group = "GS|HP|HOUSE|ACME|20261121|1000|4711|X|005010X221A1"
    return "'\r\n".join([envelope, group, *lines, "GE|1|4711", "IEA|1|000004711", ""]).encode()


def _enveloped(body: Sequence[str]) -> str:
    isa = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PAYER':15}*ZZ*{'ACME':15}"
        "*261101*0900*^*00501*000000009*0*T*:"
    )
    if body[0].startswith("TA1"):
        return "".join(f"{segment}~" for segment in (isa, *body, "IEA*0*000000009"))
    code = "FA" if "999" in body[0] else "HN"
    group = f"GS*{code}*PAYER*ACME*20261101*0900*9*X*{body[0].split('*')[3]}"
    return "".join(f"{segment}~" for segment in (isa, group, *body, "GE*1*9", "IEA*1*000000009"))
