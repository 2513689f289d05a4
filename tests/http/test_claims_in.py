"""837 files of other systems: their claims become ours, each once, and none in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import edi
from app.transport.memory import MemoryTransport
from tests.http.loop import Practice
from tests.http.next_payer import leave
from tests.http.test_again import acknowledged
from tests.http.test_answers import from_partner
from tests.x12.test_read_and_written_again import counted

X12 = Path(__file__).parents[2] / "fixtures" / "x12"
FOUR = (X12 / "837p" / "pass" / "two_subscribers_four_claims.edi").read_bytes()
ONE = (X12 / "837p" / "pass" / "one_claim.edi").read_bytes()
OTHER_DIAGNOSIS = ("HI*ABK:E119*", "HI*ABK:R0602*")
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    assert practice.differences() == []
    practice.engine.dispose()


def put(practice: Practice, data: bytes) -> dict[str, Any]:
    """The file, worked on to its end."""
    file = practice.ask("POST", "/v1/files", content=data).json()
    practice.work()
    found: dict[str, Any] = practice.get(f"/v1/files/{file['id']}")
    return found


def claims(practice: Practice) -> list[dict[str, Any]]:
    found = practice.get("/v1/claims")["items"]
    return [practice.get(f"/v1/claims/{claim['id']}") for claim in reversed(found)]


def sent_files(practice: Practice) -> list[bytes]:
    assert isinstance(practice.partner, MemoryTransport)
    return list(practice.partner.delivered.values())


def told(file: dict[str, Any]) -> set[str]:
    """Codes of the issues that kept a claim from being taken."""
    return {i["code"] for i in file["issues"] if "pointer" in i}


def changed(data: bytes, *changes: tuple[str, str]) -> bytes:
    """Their next file: other control numbers, and what they changed."""
    text = data.decode().replace("\n", "")
    number = re.search(r"\*(\d{9})\*[01]\*[TP]\*", text)
    assert number is not None
    text = text.replace(number[1], f"{int(number[1]) + len(changes) + 1:09d}")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return counted(text)


def test_each_claim_is_taken_and_what_leaves_is_what_came(practice: Practice) -> None:
    file = put(practice, FOUR)
    assert (file["state"], file["reason"], told(file)) == ("processed", None, set())
    ours = claims(practice)
    assert sorted(c["charge"] for c in ours) == ["120.00", "40.25", "60.00", "80.00"]
    leave(practice)
    (sent,) = sent_files(practice)
    written = [s.text for s in edi.segments(sent)]
    for claim in ours:
        assert any(s.startswith(f"CLM*{claim['patientControlNumber']}*") for s in written) == (
            claim["stage"] == "READY"
        )
    for segment in ("NM1*IL*1*DOE*JANE*Q***MI*W123456789", "SV1*HC:G0463*80*UN*1***1"):
        assert segment in written


def test_the_same_claims_again_are_not_taken_twice(practice: Practice) -> None:
    put(practice, FOUR)
    before = practice.rows()
    file = put(practice, changed(FOUR))
    assert (file["state"], told(file)) == ("processed", set())
    after = practice.rows()
    for table in ("claim", "encounter", "journal_entry", "claim_version"):
        assert before[table] == after[table], table


def test_before_it_left_a_claim_is_corrected_by_its_sender(practice: Practice) -> None:
    put(practice, ONE)
    (claim,) = claims(practice)
    put(practice, changed(ONE, OTHER_DIAGNOSIS))
    (corrected,) = claims(practice)
    assert (corrected["id"], corrected["version"]) == (claim["id"], claim["version"] + 1)


def test_voided_before_it_left_it_never_leaves(practice: Practice) -> None:
    put(practice, ONE)
    file = put(practice, changed(ONE, (":B:1*", ":B:8*")))
    assert told(file) == set()
    (claim,) = claims(practice)
    assert claim["stage"] == "ON_HOLD"
    leave(practice)
    assert sent_files(practice) == []


def test_a_change_of_what_has_left_is_a_replacement_or_nothing(practice: Practice) -> None:
    put(practice, ONE)
    leave(practice)
    other = OTHER_DIAGNOSIS
    file = put(practice, changed(ONE, other))
    assert (file["state"], told(file)) == ("failed", {"claim_has_left"})
    file = put(practice, changed(ONE, other, (":B:1*", ":B:7*")))
    assert told(file) == {"conflict"}  # the payer has not decided yet
    (claim,) = claims(practice)
    assert claim["patientControlNumber"].endswith("-1")


def test_a_rejected_claim_comes_again_mended(practice: Practice) -> None:
    put(practice, ONE)
    leave(practice)
    (claim,) = claims(practice)
    acknowledged(practice, claim["patientControlNumber"], "A3")
    (claim,) = claims(practice)
    assert claim["status"] == "REJECTED"
    assert told(put(practice, changed(ONE))) == {"still_rejected"}
    file = put(practice, changed(ONE, OTHER_DIAGNOSIS))
    assert told(file) == set()
    (claim,) = claims(practice)
    assert (claim["stage"], claim["patientControlNumber"][-2:]) == ("READY", "-2")


def test_our_own_claims_are_not_taken_as_somebody_elses(practice: Practice) -> None:
    put(practice, ONE)
    leave(practice)
    (sent,) = sent_files(practice)
    file = put(practice, sent)
    assert (file["state"], told(file)) == ("failed", {"own_claim"})
    assert len(claims(practice)) == 1


def test_a_claim_that_has_a_plan_paid_is_not_sent_without_saying_so(practice: Practice) -> None:
    text = ONE.decode().replace("\n", "")
    at = text.index("HL*2*")
    plan = "NM1*PE*2*PLAN*****PI*60054~N3*1 MAIN~N4*ALBANY*NY*122030001~REF*EI*123456789~"
    file = put(practice, counted(text[:at] + plan + text[at:]))
    assert (file["state"], told(file), claims(practice)) == ("failed", {"pay_to_plan"}, [])


def test_a_secondary_claim_asks_the_secondary_payer(practice: Practice) -> None:
    secondary = (X12 / "837p" / "pass" / "secondary_of_a_dependent.edi").read_bytes()
    file = put(practice, secondary)
    assert told(file) == set()
    (claim,) = claims(practice)
    assert claim["responsibility"] == "S"


def test_what_a_999_refuses_is_not_taken(practice: Practice) -> None:
    practice.set_partner(answers=["TA1", "999"])
    text = FOUR.decode().replace("\n", "")
    wrong = counted(
        text.replace("HI*ABK:J069~LX*1~SV1*HC:G0463*80*", "HI*ABK:J069~LX*1~SV1*HC:G0463*8x0*", 1)
    )
    file = put(practice, from_partner(wrong))
    assert (file["state"], claims(practice)) == ("failed", [])
    assert "set_refused" in told(file)


def test_without_a_999_the_sound_claims_are_taken(practice: Practice) -> None:
    text = FOUR.decode().replace("\n", "")
    wrong = counted(
        text.replace("HI*ABK:J069~LX*1~SV1*HC:G0463*80*", "HI*ABK:J069~LX*1~SV1*HC:G0463*8x0*", 1)
    )
    file = put(practice, wrong)
    assert (file["state"], len(claims(practice))) == ("processed", 3)
    assert file["reason"].startswith("1 of 4 claims were refused; 3 were taken.")


def test_a_segment_that_is_not_carried_is_named(practice: Practice) -> None:
    text = ONE.decode().replace("\n", "")
    payer = re.search(r"NM1\*PR\*[^~]*~", text)
    assert payer is not None
    file = put(
        practice, counted(text.replace(payer[0], payer[0] + "N3*PO BOX 1~N4*ALBANY*NY*12203~"))
    )
    warned = [i for i in file["issues"] if i["code"] == "CLAIM-LEFT"]
    assert [i["message"].split()[0] for i in warned] == ["N3", "N4"]
    assert len(claims(practice)) == 1


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")
def test_every_claim_of_the_published_files_is_taken_or_refused_with_a_reason(
    practice: Practice,
) -> None:
    for path in sorted(p for k in ("837P", "837I", "837D") for p in (CORPUS / k).iterdir()):
        file = put(practice, path.read_bytes())
        assert file["state"] in ("processed", "failed", "duplicate"), path.name
        if file["state"] == "failed":
            assert file["reason"], path.name
    assert len(claims(practice)) >= 30
