"""pyx12's word on a batch: kept beside it, or heard before it is sealed, as the partner wants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import edi
from app.domain.identity import Prefix, parse_id
from app.domain.opinion import OpinionFinding, SecondOpinion, Verdict
from app.flows.give_up import give_up
from app.flows.ports import WORKFLOW_SECOND_OPINION
from tests.http.loop import Practice
from tests.http.test_loop import claimed, encounter


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def finds_fault_with(*texts: str, code: str = "7", ref: str = "CLM05-2") -> Any:
    """A validator that faults every segment that holds one of these texts."""

    def ask(data: bytes) -> SecondOpinion:
        asked.append(data)
        found = tuple(
            OpinionFinding(code, ref, number)
            for number, segment in enumerate(data.decode().split("~"), start=1)
            if any(text in segment for text in texts)
        )
        verdict = Verdict.DIFFERS if found else Verdict.CONTENT
        return SecondOpinion(verdict, found, len(found))

    asked: list[bytes] = []
    ask.asked = asked  # type: ignore[attr-defined]
    return ask


def batched(practice: Practice, **body: Any) -> dict[str, Any]:
    """The one batch of all ready claims, as POST /v1/batches answers."""
    response = practice.ask("POST", "/v1/batches", json=body)
    assert response.status_code == 201, response.text
    (batch,) = response.json()["items"]
    assert isinstance(batch, dict)
    return batch


def three(practice: Practice) -> list[dict[str, Any]]:
    """Three ready claims of three patients."""
    return [
        claimed(practice, n, coverages=[encounter()["coverages"][0] | {"memberId": f"MEMBER{n}"}])
        for n in (1, 2, 3)
    ]


def stages(practice: Practice, claims: list[dict[str, Any]]) -> list[str]:
    return [practice.get(f"/v1/claims/{claim['id']}")["stage"] for claim in claims]


def numbers_in(data: bytes) -> list[str]:
    return [s.split("*")[1] for s in data.decode().split("~\n") if s.startswith("CLM*")]


# ── warn: it leaves at once ────────────────────────────────────────────────


def test_a_batch_leaves_and_keeps_what_pyx12_says_of_it(practice: Practice) -> None:
    claimed(practice)
    batch = batched(practice)
    assert (batch["state"], batch["secondOpinion"]) == ("SEALED", None)
    practice.work()  # pyx12 itself
    after = practice.get(f"/v1/batches/{batch['id']}")
    assert after["state"] == "TRANSMITTED"
    assert after["secondOpinion"] == {
        "verdict": "content", "count": 0, "findings": [], "reason": None,
    }  # fmt: skip
    assert practice.get("/v1/batches")["items"] == [after]


def test_a_warning_names_code_and_place_and_holds_nothing_up(practice: Practice) -> None:
    claims = three(practice)
    practice.pyx12 = finds_fault_with("CLM*", "MEMBER2")
    batch = batched(practice)
    practice.work()
    after = practice.get(f"/v1/batches/{batch['id']}")
    assert (after["state"], after["claims"]) == ("TRANSMITTED", 3)
    assert after["secondOpinion"]["verdict"] == "differs"
    assert after["secondOpinion"]["count"] == 4
    assert after["secondOpinion"]["findings"][0] == {
        "code": "7", "ref": "CLM05-2", "segmentNumber": 22,
    }  # fmt: skip
    assert "MEMBER" not in str(after)
    assert stages(practice, claims) == ["TRANSMITTED"] * 3


def test_more_faults_than_a_batch_keeps_are_counted(practice: Practice) -> None:
    claimed(practice)
    practice.pyx12 = lambda data: SecondOpinion(
        Verdict.DIFFERS, tuple(OpinionFinding("1", "ZZZ", n) for n in range(1, 151)), 151
    )
    batch = batched(practice)
    practice.work()
    opinion = practice.get(f"/v1/batches/{batch['id']}")["secondOpinion"]
    assert (opinion["count"], len(opinion["findings"])) == (151, 100)


def test_it_is_asked_once_however_often_the_job_runs(practice: Practice) -> None:
    claimed(practice)
    practice.pyx12 = finds_fault_with()
    batched(practice)
    practice.jobs *= 3
    practice.work()
    assert len(practice.pyx12.asked) == 1
    assert len(practice.partner.delivered) == 1


def test_who_wants_none_is_not_asked(practice: Practice) -> None:
    assert practice.set_partner(secondOpinion="off")["secondOpinion"] == "off"
    claimed(practice)
    practice.pyx12 = finds_fault_with("CLM*")
    batch = batched(practice)
    practice.work()
    after = practice.get(f"/v1/batches/{batch['id']}")
    assert (after["state"], after["secondOpinion"]) == ("TRANSMITTED", None)
    assert practice.pyx12.asked == []


# ── block: it is asked before the batch is sealed ──────────────────────────


@pytest.fixture
def blocking(practice: Practice) -> Practice:
    assert practice.set_partner(secondOpinion="block")["secondOpinion"] == "block"
    return practice


def test_an_open_batch_is_sealed_as_it_was_asked_about(blocking: Practice) -> None:
    claims = three(blocking)
    blocking.pyx12 = finds_fault_with()
    batch = batched(blocking)
    assert (batch["state"], batch["claims"]) == ("OPEN", 3)
    assert stages(blocking, claims) == ["READY"] * 3
    blocking.work()
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert (after["state"], after["secondOpinion"]["verdict"]) == ("TRANSMITTED", "content")
    assert [after[name] for name in ("sha256", "interchangeControlNumber", "createdAt")] == [
        batch[name] for name in ("sha256", "interchangeControlNumber", "createdAt")
    ]
    assert blocking.pyx12.asked == list(blocking.partner.delivered.values())
    assert stages(blocking, claims) == ["TRANSMITTED"] * 3


def test_the_claims_it_names_are_held_and_the_others_go(blocking: Practice) -> None:
    claims = three(blocking)
    blocking.pyx12 = finds_fault_with(claims[1]["patientControlNumber"])
    batch = batched(blocking)
    blocking.work()
    assert stages(blocking, claims) == ["TRANSMITTED", "NEEDS_INFO", "TRANSMITTED"]
    held = blocking.get(f"/v1/claims/{claims[1]['id']}")
    (finding,) = held["findings"]
    assert (finding["ruleId"], finding["severity"]) == ("ENV09", "error")
    assert finding["message"] == (
        "The second opinion (pyx12): CLM05-2 holds none of its codes (its code 7)."
    )
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert (after["state"], after["claims"]) == ("TRANSMITTED", 2)
    assert after["reason"] == f"Left out: {held['id']} (held, as their findings say)."
    assert after["secondOpinion"]["verdict"] == "content"
    assert after["interchangeControlNumber"] == batch["interchangeControlNumber"]
    (sent,) = blocking.partner.delivered.values()
    assert sent == blocking.pyx12.asked[-1]
    assert len(blocking.pyx12.asked) == 2
    assert numbers_in(sent) == [
        claims[0]["patientControlNumber"],
        claims[2]["patientControlNumber"],
    ]
    assert edi.check(sent).errors == 0
    assert blocking.ask("GET", f"/v1/claims/{claims[1]['id']}/x12").status_code == 409


def test_a_corrected_claim_leaves_with_the_next_batch(blocking: Practice) -> None:
    claim = claimed(blocking)
    blocking.pyx12 = finds_fault_with(claim["patientControlNumber"])
    batch = batched(blocking)
    blocking.work()
    abandoned = blocking.get(f"/v1/batches/{batch['id']}")
    assert (abandoned["state"], abandoned["secondOpinion"]["count"]) == ("ABANDONED", 1)
    assert abandoned["reason"] == f"Left out: {claim['id']} (held, as their findings say)."
    assert blocking.partner.delivered == {}
    assert blocking.ask("POST", "/v1/batches").json()["items"] == []

    revised = blocking.ask("POST", "/v1/encounters", json=encounter(patientPaid="5.00"))
    assert revised.status_code == 200
    blocking.pyx12 = finds_fault_with()
    again = batched(blocking)
    assert int(again["interchangeControlNumber"]) == int(batch["interchangeControlNumber"]) + 1
    blocking.work()
    assert stages(blocking, [claim]) == ["TRANSMITTED"]
    assert blocking.get(f"/v1/claims/{claim['id']}")["findings"] == []


def test_a_fault_of_a_level_is_one_of_each_claim_below_it(blocking: Practice) -> None:
    claims = three(blocking)
    blocking.pyx12 = finds_fault_with("MEMBER3", ref="NM109")
    batched(blocking)
    blocking.work()
    assert stages(blocking, claims) == ["TRANSMITTED", "TRANSMITTED", "NEEDS_INFO"]


def test_what_is_missing_at_the_end_of_a_claim_is_not_the_next_ones_fault(
    blocking: Practice,
) -> None:
    """pyx12 notices a missing segment at the one that comes in its place."""
    claims = three(blocking)
    at_the_next = finds_fault_with("HL*3*", code="3", ref="CTP")
    blocking.pyx12 = lambda data: (
        SecondOpinion(Verdict.CONTENT) if at_the_next.asked else at_the_next(data)
    )
    batched(blocking)
    blocking.work()
    assert stages(blocking, claims) == ["NEEDS_INFO", "TRANSMITTED", "TRANSMITTED"]


@pytest.mark.parametrize("text", ["ISA*", "BHT*", "NM1*41*"])
def test_a_fault_above_all_claims_seals_nothing_and_holds_no_claim(
    blocking: Practice, text: str
) -> None:
    claims = three(blocking)
    blocking.pyx12 = finds_fault_with(text, ref="NM109")
    batch = batched(blocking)
    blocking.work()
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert after["state"] == "ABANDONED"
    assert after["reason"].startswith(
        "The second opinion finds fault with what stands above all claims: NM109 (code 7)."
    )
    assert stages(blocking, claims) == ["READY"] * 3
    assert [blocking.get(f"/v1/claims/{claim['id']}")["findings"] for claim in claims] == [[]] * 3
    assert blocking.partner.delivered == {}
    blocking.set_partner(secondOpinion="warn")
    batched(blocking)
    blocking.work()
    assert stages(blocking, claims) == ["TRANSMITTED"] * 3


def test_an_error_without_a_place_seals_nothing(blocking: Practice) -> None:
    claim = claimed(blocking)
    blocking.pyx12 = lambda data: SecondOpinion(Verdict.DIFFERS)
    batch = batched(blocking)
    blocking.work()
    assert blocking.get(f"/v1/batches/{batch['id']}")["state"] == "ABANDONED"
    assert stages(blocking, [claim]) == ["READY"]


def test_no_opinion_is_no_objection(blocking: Practice) -> None:
    claim = claimed(blocking)
    blocking.pyx12 = lambda data: SecondOpinion(Verdict.NONE, reason="pyx12 stopped with KeyError")
    batch = batched(blocking)
    blocking.work()
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert after["state"] == "TRANSMITTED"
    assert after["secondOpinion"]["reason"] == "pyx12 stopped with KeyError"
    assert stages(blocking, [claim]) == ["TRANSMITTED"]


def test_a_claim_in_an_open_batch_is_in_no_other(blocking: Practice) -> None:
    claim = claimed(blocking)
    batch = batched(blocking)
    assert blocking.ask("POST", "/v1/batches").json() == {"items": [], "held": []}
    refused = blocking.ask("POST", "/v1/batches", json={"claimIds": [claim["id"]]})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert batch["id"] in refused.json()["detail"]


def test_a_claim_that_changes_while_it_waits_leaves_as_it_is_then(blocking: Practice) -> None:
    claim = claimed(blocking)
    blocking.pyx12 = finds_fault_with()
    batch = batched(blocking)
    assert blocking.ask("POST", "/v1/encounters", json=encounter(patientPaid="5.00")).is_success
    blocking.work()
    first, second = blocking.pyx12.asked
    assert b"AMT*F5*5~" not in first
    assert b"AMT*F5*5~" in second
    assert list(blocking.partner.delivered.values()) == [second]
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert (after["state"], after["reason"]) == ("TRANSMITTED", None)
    assert stages(blocking, [claim]) == ["TRANSMITTED"]


def test_a_claim_that_edits_hold_while_it_waits_stays_behind(blocking: Practice) -> None:
    claims = three(blocking)
    batch = batched(blocking)
    changed = encounter(
        1,
        coverages=[encounter()["coverages"][0] | {"memberId": "MEMBER1"}],
        totalCharge="200.00",
    )
    assert blocking.ask("POST", "/v1/encounters", json=changed).is_success
    blocking.work()
    assert stages(blocking, claims) == ["NEEDS_INFO", "TRANSMITTED", "TRANSMITTED"]
    held = blocking.get(f"/v1/claims/{claims[0]['id']}")
    assert [finding["ruleId"] for finding in held["findings"]] == ["CLM02"]
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert after["reason"] == f"Left out: {claims[0]['id']} (changed meanwhile)."


def test_a_profile_that_lets_go_meanwhile_is_heeded(blocking: Practice) -> None:
    claims = three(blocking)
    batch = batched(blocking)
    blocking.set_partner(secondOpinion="warn")
    blocking.pyx12 = finds_fault_with("CLM*")
    blocking.work()
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert (after["state"], after["secondOpinion"]["count"]) == ("TRANSMITTED", 3)
    assert stages(blocking, claims) == ["TRANSMITTED"] * 3


def test_a_batch_that_cannot_be_finished_gives_its_claims_back(blocking: Practice) -> None:
    claim = claimed(blocking)
    batch = batched(blocking)
    give_up(
        blocking.units,
        workflow=WORKFLOW_SECOND_OPINION,
        tenant_id=blocking.tenants["ACME"].id,
        subject_id=parse_id(Prefix.BATCH, batch["id"]),  # type: ignore[arg-type]
        fault="KeyError at app/flows/opinions.py:1",
    )
    after = blocking.get(f"/v1/batches/{batch['id']}")
    assert after["state"] == "ABANDONED"
    assert "KeyError at app/flows/opinions.py:1" in after["reason"]
    assert stages(blocking, [claim]) == ["READY"]
    blocking.work()  # the job that comes too late finds nothing to do
    assert blocking.get(f"/v1/batches/{batch['id']}") == after
    assert blocking.partner.delivered == {}
    blocking.pyx12 = finds_fault_with()
    batched(blocking)


def test_a_ta1_for_a_batch_that_never_left_moves_nothing(blocking: Practice) -> None:
    claim = claimed(blocking)
    batch = batched(blocking)
    number = batch["interchangeControlNumber"]
    ta1 = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CLEARINGHOUSE':15}*ZZ*{'CLAIMLOOP':15}*261123*1500*^*00501"
        f"*000000009*0*T*:~TA1*{number}*261123*1500*A*000~IEA*0*000000009~"
    )
    opinions, blocking.jobs = blocking.jobs, []
    assert blocking.ask("POST", "/v1/files", content=ta1.encode()).status_code == 202
    blocking.work()
    assert blocking.get(f"/v1/batches/{batch['id']}")["state"] == "OPEN"
    assert stages(blocking, [claim]) == ["READY"]
    blocking.jobs = opinions
    blocking.work()
    assert stages(blocking, [claim]) == ["TRANSMITTED"]


def test_no_other_tenant_sees_a_batch(practice: Practice) -> None:
    claimed(practice)
    batch = batched(practice)
    assert practice.get("/v1/batches", key="OTHER")["items"] == []
    assert practice.ask("GET", f"/v1/batches/{batch['id']}", key="OTHER").status_code == 404


def test_batches_are_listed_in_pages(practice: Practice) -> None:
    made = []
    for n in (1, 2, 3):
        claimed(practice, n)
        made.append(batched(practice)["id"])
    first = practice.get("/v1/batches?pageSize=2")
    rest = practice.get(f"/v1/batches?pageSize=2&pageToken={first['nextPageToken']}")
    assert [b["id"] for b in first["items"] + rest["items"]] == made
    assert rest["nextPageToken"] is None
