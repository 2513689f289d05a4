"""Files that come in are answered with TA1 and 999, as their sender's profile says, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import edi
from app.domain.identity import Prefix, parse_id
from app.domain.transmission import SendOutcome, SendState
from app.flows.give_up import give_up
from app.flows.ports import WORKFLOW_ANSWER_FILE, Mode
from app.transport.memory import MemoryTransport
from edi.guides.x231_acknowledgment import ImplementationAcknowledgment
from edi.segments import TA1
from tests.http.loop import Practice
from tests.referee import pyx12_errors

X12 = Path(__file__).parents[2] / "fixtures" / "x12"
CLAIMS = (X12 / "837p" / "pass" / "one_claim.edi").read_bytes()
BOTH = {"answers": ["TA1", "999"]}


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def from_partner(data: bytes, *, asks: str = "1", number: int = 77) -> bytes:
    """The file as the partner sends it: its ids in the ISA, ISA14 and ISA13 as told."""
    isa, rest = data[:105].decode().split("*"), data[105:].decode()
    old = isa[13]
    isa[5:9] = ["ZZ", f"{'CLEARINGHOUSE':15}", "ZZ", f"{'CLAIMLOOP':15}"]
    isa[13:16] = [f"{number:09d}", asks, "T"]
    return ("*".join(isa) + rest.replace(f"*{old}~", f"*{number:09d}~")).encode()


def payment(*, claim: str = "CLP*NOBODY-1*1*100*100**12*ICN1*11*1", paid: str = "100") -> bytes:
    body = [
        f"BPR*I*{paid}*C*ACH*CCP*01*999999992*DA*1*1512345678**01*999988880*DA*2*20261120",
        "TRN*1*T0001*1512345678",
        "DTM*405*20261119",
        "N1*PR*EXAMPLE HEALTH", "N3*1 PAYER ST", "N4*ALBANY*NY*122030003", "REF*2U*60054",
        "PER*BL*HELP*TE*8005550100",
        "N1*PE*ACME MEDICAL*XX*1234567893",
        "LX*1",
        claim,
        "NM1*QC*1*SAMPLE*ANN****MI*W1",
        "DTM*232*20261005",
        f"SVC*HC:G0439*{paid}*{paid}**1",
        "DTM*472*20261005",
        "REF*6R*1",
    ]  # fmt: skip
    envelope = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'X':15}*ZZ*{'Y':15}*261120*0900*^*00501*000000001*0*T*:",
        "GS*HP*CLEARINGHOUSE*CLAIMLOOP*20261120*0900*1*X*005010X221A1",
        "ST*835*0001",
        *body,
        f"SE*{len(body) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return from_partner("".join(f"{segment}~\n" for segment in envelope).encode())


def sent(practice: Practice, data: bytes, *, key: str = "ACME") -> dict[str, Any]:
    """The file as GET /v1/files/{id} shows it once every job is done."""
    response = practice.ask("POST", "/v1/files", key=key, content=data)
    assert response.status_code == 202, response.text
    practice.work()
    shown: dict[str, Any] = practice.get(f"/v1/files/{response.json()['id']}", key=key)
    return shown


def answer_to(practice: Practice, data: bytes) -> dict[str, Any]:
    (answer,) = sent(practice, data)["answers"]
    assert isinstance(answer, dict)
    return answer


def parts(data: bytes) -> tuple[list[TA1], list[ImplementationAcknowledgment]]:
    """The TA1s and 999s of an answer, after both validators have found nothing wrong with it."""
    report = edi.check(data)
    assert report.issues == []
    assert pyx12_errors(data) == []
    ta1s = [event.ack for event in edi.read(data) if isinstance(event, edi.InterchangeAck)]
    return ta1s, edi.load(data)


# ── What is answered, and with what ────────────────────────────────────────


def test_claims_that_come_in_are_taken_and_answered(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    file = sent(practice, from_partner(CLAIMS))
    assert (file["kind"], file["state"], file["claims"]) == ("837", "processed", 1)
    assert file["reason"] is None
    assert len(practice.get("/v1/claims")["items"]) == 1
    (answer,) = file["answers"]
    assert (answer["state"], answer["contents"], answer["verdict"]) == (
        "TRANSMITTED",
        "TA1-999",
        "A",
    )
    assert (answer["receivedControlNumber"], answer["interchange"]) == ("000000077", 1)
    assert answer["fileName"] == f"TA1-999_default_{answer['interchangeControlNumber']}.edi"
    data = practice.partner.delivered[answer["fileName"]]
    shown = practice.ask("GET", f"/v1/files/{file['id']}/answers/{answer['id']}")
    assert shown.content == data
    (ta1,), (ack,) = parts(data)
    assert (ta1.control_number, ta1.status, ta1.note) == ("000000077", "A", "000")
    assert (ack.ak1.functional_id, ack.ak9.status) == ("HC", "A")
    isa = data[:105].decode().split("*")
    assert [isa[n].strip() for n in (5, 6, 7, 8, 14, 15)] == [
        "ZZ", "CLAIMLOOP", "ZZ", "CLEARINGHOUSE", "0", "T",
    ]  # fmt: skip


def test_faulty_claims_are_refused_with_their_place(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    file = sent(practice, from_partner(CLAIMS.replace(b"*11:B:1*", b"*11:C:1*")))
    assert file["state"] == "failed"
    assert [issue["code"] for issue in file["issues"]] == ["IK403:7", "set_refused"]
    assert all("value" not in issue for issue in file["issues"])
    assert practice.get("/v1/claims")["items"] == []
    (answer,) = file["answers"]
    assert answer["verdict"] == "R"
    _, (ack,) = parts(practice.partner.delivered[answer["fileName"]])
    (fault,) = ack.responses[0].segments
    assert (fault.ik3.segment, fault.ik3.loop, fault.elements[0].ik4.code) == ("CLM", "2300", "7")


def test_claims_that_do_not_add_up_are_accepted_and_listed(practice: Practice) -> None:
    """One claim's sums are the business of a 277CA; a 999 would take the whole set."""
    practice.set_partner(**BOTH)
    unbalanced = (X12 / "837p" / "fail" / "charges_do_not_add_up.edi").read_bytes()
    file = sent(practice, from_partner(unbalanced))
    assert file["state"] == "processed"
    assert any(issue["code"].startswith("BAL-") for issue in file["issues"])
    assert file["answers"][0]["verdict"] == "A"


def test_a_payment_is_posted_and_accepted(practice: Practice) -> None:
    practice.set_partner(answers=["999"])
    file = sent(practice, payment())
    assert (file["kind"], file["state"], file["reason"]) == ("835", "processed", None)
    (answer,) = file["answers"]
    assert (answer["contents"], answer["verdict"]) == ("999", "A")
    ta1s, (ack,) = parts(practice.partner.delivered[answer["fileName"]])
    assert ta1s == []
    assert (ack.ak1.functional_id, ack.responses[0].ak2.st01) == ("HP", "835")


def test_what_was_booked_in_spite_of_a_fault_is_not_refused(practice: Practice) -> None:
    """The sound part is posted, so an R, which asks for the file again, would be untrue."""
    practice.set_partner(answers=["999"])
    unbalanced = payment(claim="CLP*NOBODY-1*1*100*90**12*ICN1*11*1")
    assert edi.check(unbalanced).errors > 0
    file = sent(practice, unbalanced)
    assert file["state"] == "processed"
    (answer,) = file["answers"]
    assert answer["verdict"] == "E"
    _, (ack,) = parts(practice.partner.delivered[answer["fileName"]])
    assert ack.responses[0].ik5.status == "E"
    assert ack.responses[0].segments != []


def test_a_277ca_is_answered_where_the_profile_says_so(practice: Practice) -> None:
    status = from_partner(next((X12 / "277ca" / "pass").glob("*.edi")).read_bytes())
    practice.set_partner(answers=["999"])
    assert sent(practice, status)["answers"] == []
    practice.set_partner(answersTo=["277CA"])
    assert sent(practice, payment())["answers"] == []
    answer = answer_to(practice, status.replace(b"~\n", b"~"))
    assert answer["verdict"] == "A"
    _, (ack,) = parts(practice.partner.delivered[answer["fileName"]])
    assert (ack.ak1.functional_id, ack.ak1.version[:10]) == ("HN", "005010X214")


def test_nothing_is_sent_to_who_wants_nothing(practice: Practice) -> None:
    assert sent(practice, from_partner(CLAIMS))["answers"] == []
    assert practice.partner.delivered == {}


def test_an_answer_is_never_answered(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    answer = answer_to(practice, from_partner(CLAIMS))
    ours = practice.partner.delivered[answer["fileName"]]
    file = sent(practice, from_partner(ours, number=5))
    assert (file["kind"], file["answers"]) == ("999", [])


@pytest.mark.parametrize(
    ("asks", "wanted", "contents", "reason"),
    [
        ("1", ["TA1"], "TA1", None),
        ("0", ["TA1"], None, "Only a TA1 is wanted, its ISA14 asks for none"),
        ("0", ["TA1", "999"], "999", None),
        ("1", ["999"], "999", None),
    ],
)
def test_a_ta1_is_sent_where_isa14_asks_and_the_profile_wants_it(
    practice: Practice, asks: str, wanted: list[str], contents: str | None, reason: str | None
) -> None:
    practice.set_partner(answers=wanted)
    answer = answer_to(practice, from_partner(CLAIMS, asks=asks))
    assert answer["contents"] == contents
    assert (answer["reason"] or "").startswith(reason or "")
    assert answer["state"] == ("TRANSMITTED" if contents else "NONE")


# ── Refused as a whole ─────────────────────────────────────────────────────


def test_a_file_that_is_cut_off_is_refused_by_a_ta1(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    whole = from_partner(CLAIMS, asks="0")
    file = sent(practice, whole[: whole.index(b"IEA*")])
    assert file["state"] == "failed"
    (answer,) = file["answers"]
    assert (answer["contents"], answer["verdict"]) == ("TA1", "R")
    (ta1,), acks = parts(practice.partner.delivered[answer["fileName"]])
    assert (ta1.status, ta1.note, acks) == ("R", "023", [])


def test_a_wrong_count_is_refused_by_a_999(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    file = sent(practice, from_partner(CLAIMS.replace(b"SE*33*", b"SE*32*")))
    assert file["state"] == "failed"
    (answer,) = file["answers"]
    assert (answer["contents"], answer["verdict"]) == ("TA1-999", "R")
    _, (ack,) = parts(practice.partner.delivered[answer["fileName"]])
    assert (ack.responses[0].ik5.status, ack.responses[0].ik5.codes) == ("R", ["4"])


def test_what_only_a_ta1_could_refuse_is_left_to_the_user_without_one(practice: Practice) -> None:
    practice.set_partner(answers=["999"])
    whole = from_partner(CLAIMS)
    answer = answer_to(practice, whole[: whole.index(b"IEA*")])
    assert answer["state"] == "NONE"
    assert answer["reason"].startswith("It is refused as a whole, which only a TA1 can say")
    assert practice.partner.delivered == {}


def test_a_file_that_failed_is_never_told_to_be_accepted(practice: Practice) -> None:
    """A fraction of a cent is right by the guide, and our books could not hold it."""
    practice.set_partner(**BOTH)
    file = sent(practice, payment(claim="CLP*NOBODY-1*1*100*100*.005*12*ICN1*11*1"))
    assert file["state"] == "failed"
    (answer,) = file["answers"]
    assert answer["state"] == "NONE"
    assert answer["reason"].startswith("The file failed as a whole, which no acknowledgment")
    assert practice.partner.delivered == {}


def test_an_old_version_is_refused_by_name(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    file = sent(practice, from_partner(CLAIMS.replace(b"005010X222A1", b"004010X098A1")))
    assert file["state"] == "failed"
    (answer,) = file["answers"]
    assert answer["verdict"] == "R"


# ── Who it is from ─────────────────────────────────────────────────────────


def test_a_stranger_gets_no_answer_and_the_file_says_why(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    answer = answer_to(practice, CLAIMS)
    assert (answer["state"], answer["interchange"], answer["partnerId"]) == ("NONE", 0, None)
    assert answer["reason"] == "No trading partner has the ids that its ISA05 to ISA08 name."
    assert practice.partner.delivered == {}


def test_two_senders_in_one_file_get_no_answer(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    answer = answer_to(practice, from_partner(CLAIMS) + CLAIMS)
    assert answer["reason"].startswith("Its interchanges have several senders")


def test_what_is_no_x12_has_no_sender(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    answer = answer_to(practice, b"hello")
    assert answer["reason"] == "It has no interchange that can be read, so its sender is not known."


def test_each_interchange_of_a_file_has_its_answer(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    first, second = from_partner(CLAIMS), from_partner(CLAIMS, number=78)
    answers = sent(practice, first + second)["answers"]
    assert [a["receivedControlNumber"] for a in answers] == ["000000077", "000000078"]
    assert [a["interchange"] for a in answers] == [1, 2]
    numbers = [int(a["interchangeControlNumber"]) for a in answers]
    assert numbers[1] == numbers[0] + 1
    assert len(practice.partner.delivered) == 2


def test_a_live_tenant_does_not_answer_a_test_file(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    with practice.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tenant SET mode = 'live' WHERE name = 'ACME'")
    file = sent(practice, from_partner(CLAIMS))
    assert file["state"] == "quarantined"
    (answer,) = file["answers"]
    assert (answer["state"], answer["partnerId"] is not None) == ("NONE", True)
    assert practice.tenants["ACME"].mode is Mode.TEST


def test_no_other_tenant_sees_an_answer(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    file = sent(practice, from_partner(CLAIMS))
    path = f"/v1/files/{file['id']}/answers/{file['answers'][0]['id']}"
    assert practice.ask("GET", path).status_code == 200
    assert practice.ask("GET", path, key="OTHER").status_code == 404
    other = sent(practice, from_partner(CLAIMS), key="OTHER")
    assert other["answers"] == []  # its own partner wants none
    assert practice.ask("GET", path.replace(file["id"], other["id"])).status_code == 404


# ── Once, and the same bytes ───────────────────────────────────────────────


def test_a_file_is_answered_once_however_often_it_comes_and_jobs_run(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    data = from_partner(CLAIMS)
    first = practice.ask("POST", "/v1/files", content=data).json()
    while practice.jobs:
        job = practice.jobs[0]
        practice.run_next()
        practice.jobs.append(job)  # each of them a second time
        practice.run_next(-1)
    again = sent(practice, data)
    assert (again["state"], again["answers"]) == ("duplicate", [])
    (answer,) = practice.get(f"/v1/files/{first['id']}")["answers"]
    assert list(practice.partner.delivered) == [answer["fileName"]]


def test_an_answer_that_could_not_be_handed_over_is_sent_again_as_it_was(
    practice: Practice,
) -> None:
    practice.set_partner(**BOTH)
    practice.partner = MemoryTransport([SendOutcome(SendState.FAILED, "no route")])
    file = practice.ask("POST", "/v1/files", content=from_partner(CLAIMS)).json()
    practice.work()
    (failed,) = practice.get(f"/v1/files/{file['id']}")["answers"]
    assert failed["state"] == "FAILED_TRANSPORT"
    assert practice.come_due() == []
    practice.clock.pass_by(timedelta(seconds=5))
    assert practice.come_due() == ["transmit_answer"]
    practice.work()
    (done,) = practice.get(f"/v1/files/{file['id']}")["answers"]
    assert (done["state"], done["sha256"]) == ("TRANSMITTED", failed["sha256"])
    assert list(practice.partner.delivered) == [failed["fileName"]]


def uuid_of(answer: dict[str, Any]) -> str:
    found = parse_id(Prefix.ANSWER, answer["id"])
    assert found is not None
    return str(found)


def test_an_answer_that_cannot_be_written_says_so(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    file = practice.ask("POST", "/v1/files", content=from_partner(CLAIMS)).json()
    practice.run_next()
    practice.jobs.clear()
    file_id = parse_id(Prefix.FILE, file["id"])
    assert file_id is not None
    for _ in range(2):
        give_up(
            practice.units,
            workflow=WORKFLOW_ANSWER_FILE,
            tenant_id=practice.tenants["ACME"].id,
            subject_id=file_id,
            fault="KeyError at app/flows/answers.py:1",
        )
    (answer,) = practice.get(f"/v1/files/{file['id']}")["answers"]
    assert answer["state"] == "NONE"
    assert "KeyError at app/flows/answers.py:1" in answer["reason"]


def test_nothing_of_a_patient_is_in_what_is_shown_of_an_answer(practice: Practice) -> None:
    practice.set_partner(**BOTH)
    file = sent(practice, from_partner(CLAIMS.replace(b"*11:B:1*", b"*11:C:1*")))
    assert not {"DOE", "SAMPLE", "JANE", "ANN"} & set(str(file).replace("'", " ").split())
