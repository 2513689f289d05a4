"""The life of encounters, claims, files and money, told over HTTP on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import edi
from tests.http.loop import Practice

SAMPLE = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "encounters" / "office-visit.json").read_text()
)


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def encounter(number: int = 1, **changes: Any) -> dict[str, Any]:
    return deepcopy(SAMPLE) | {"externalId": f"ENC-{number}"} | changes


def taken(practice: Practice, number: int = 1, **changes: Any) -> str:
    response = practice.ask("POST", "/v1/encounters", json=encounter(number, **changes))
    assert response.status_code == 201, response.text
    assert response.headers["location"] == f"/v1/encounters/{response.json()['id']}"
    return str(response.json()["id"])


def claimed(practice: Practice, number: int = 1, **changes: Any) -> dict[str, Any]:
    path = f"/v1/encounters/{taken(practice, number, **changes)}/claims"
    response = practice.ask("POST", path)
    assert response.status_code == 201, response.text
    (claim,) = response.json()["items"]
    assert isinstance(claim, dict)
    return claim


def test_an_encounter_is_taken_once_and_corrected_until_its_claim_has_left(
    practice: Practice,
) -> None:
    name = taken(practice)
    again = practice.ask("POST", "/v1/encounters", json=encounter())
    assert (again.status_code, again.json()["id"], again.json()["version"]) == (200, name, 1)

    corrected = encounter(patientPaid="5.00")
    revised = practice.ask("POST", "/v1/encounters", json=corrected)
    assert (revised.status_code, revised.json()["version"]) == (200, 2)
    shown = practice.get(f"/v1/encounters/{name}")
    assert shown["id"] == name
    assert shown["patientPaid"] == "5.00"
    assert shown["serviceLines"][1]["drug"] == SAMPLE["serviceLines"][1]["drug"]

    practice.ask("POST", f"/v1/encounters/{name}/claims")
    practice.ask("POST", "/v1/batches")
    refused = practice.ask("POST", "/v1/encounters", json=encounter(patientPaid="6.00"))
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert practice.get(f"/v1/encounters/{name}")["patientPaid"] == "5.00"
    assert practice.ask("POST", "/v1/encounters", json=corrected).status_code == 200


def test_a_claim_shows_its_money_line_by_line(practice: Practice) -> None:
    claim = claimed(practice)
    assert (claim["status"], claim["stage"]) == ("READY", "READY")
    assert (claim["charge"], claim["paid"], claim["balance"]) == ("225.50", "0.00", "225.50")
    assert (claim["payerId"], claim["responsibility"], claim["frequency"]) == ("60054", "P", "1")
    lines = [(x["lineControlNumber"], x["procedure"], x["balance"]) for x in claim["lines"]]
    assert lines == [
        ("1", {"code": "G0439", "modifiers": []}, "150.00"),
        ("2", {"code": "J1885", "modifiers": []}, "75.50"),
    ]
    assert practice.get(f"/v1/claims/{claim['id']}") == claim
    again = practice.ask("POST", f"/v1/encounters/{claim['encounterId']}/claims")
    assert (again.status_code, again.json()["items"]) == (200, [claim])
    balance = practice.get("/v1/ledger/trial-balance")
    assert balance["accounts"]["receivable_payer"] == "225.50"
    assert balance["accounts"]["charges"] == "-225.50"
    assert balance["sum"] == "0.00"


def test_edits_hold_a_claim_until_its_encounter_is_corrected(practice: Practice) -> None:
    claim = claimed(practice, totalCharge="200.00")
    assert (claim["status"], claim["stage"]) == ("DRAFT", "NEEDS_INFO")
    (finding,) = claim["findings"]
    assert (finding["ruleId"], finding["pointer"]) == ("CLM02", "/totalCharge")
    assert (finding["value"], finding["expected"]) == ("200.00", "225.50")
    assert practice.ask("POST", "/v1/batches").json()["items"] == []

    assert practice.ask("POST", "/v1/encounters", json=encounter()).status_code == 200
    mended = practice.get(f"/v1/claims/{claim['id']}")
    assert (mended["stage"], mended["findings"], mended["version"]) == ("READY", [], 2)


def test_validation_finds_the_same_and_stores_nothing(practice: Practice) -> None:
    before = practice.rows()
    bad = encounter(totalCharge="200.00", signatureOnFile=None)
    response = practice.ask("POST", "/v1/claims:validate", json=bad)
    assert response.status_code == 200
    assert [f["ruleId"] for f in response.json()["findings"]] == ["CLM02", "CLM07"]
    assert practice.rows() == before


NOTHING_STORED = [
    ("/v1/encounters", b"{"),
    ("/v1/encounters", json.dumps(encounter(totalCharge=225.5)).encode()),
    ("/v1/encounters", json.dumps(encounter(nickname="ANN")).encode()),
    ("/v1/encounters", json.dumps(encounter(claimType="veterinary")).encode()),
    ("/v1/batches", b'{"claimIds": ["clm_00000000000000000000000000"]}'),
    ("/v1/encounters/enc_00000000000000000000000000/claims", b""),
    ("/v1/files", b""),
]


@pytest.mark.parametrize(("path", "body"), NOTHING_STORED)
def test_a_refused_request_stores_nothing(practice: Practice, path: str, body: bytes) -> None:
    before = practice.rows()
    response = practice.ask("POST", path, content=body)
    assert response.status_code in (400, 404)
    assert response.headers["content-type"] == "application/problem+json"
    assert practice.rows() == before
    assert practice.jobs == []


def test_ready_claims_are_written_sealed_and_sent(practice: Practice) -> None:
    claims = [claimed(practice, number) for number in (1, 2)]
    held = claimed(practice, 3, totalCharge="1.00")
    named = practice.ask("POST", "/v1/batches", json={"claimIds": [claims[1]["id"]]})
    (batch,) = named.json()["items"]
    assert (named.status_code, batch["state"], batch["claims"]) == (201, "SEALED", 1)
    assert batch["partnerId"].startswith("con_")
    (rest,) = practice.ask("POST", "/v1/batches").json()["items"]
    assert rest["claims"] == 1
    nothing_ready = practice.ask("POST", "/v1/batches")
    assert (nothing_ready.status_code, nothing_ready.json()) == (201, {"items": [], "held": []})

    practice.work()
    assert practice.get(f"/v1/batches/{batch['id']}")["state"] == "TRANSMITTED"
    sent = practice.ask("GET", f"/v1/batches/{batch['id']}/x12")
    assert sent.headers["content-type"] == "application/EDI-X12"
    assert practice.partner.delivered[batch["fileName"]] == sent.content
    assert f"CLM*{claims[1]['patientControlNumber']}*225.5*".encode() in sent.content

    alone = practice.ask("GET", f"/v1/claims/{claims[0]['id']}/x12")
    assert alone.status_code == 200
    report = edi.check(alone.content)
    assert [i.message for i in report.issues if i.severity == "error"] == []
    assert alone.content.count(b"CLM*") == 1
    assert f"CLM*{claims[0]['patientControlNumber']}*".encode() in alone.content

    stages = [practice.get(f"/v1/claims/{c['id']}")["stage"] for c in (*claims, held)]
    assert stages == ["TRANSMITTED", "TRANSMITTED", "NEEDS_INFO"]
    items = practice.get(f"/v1/claims/{claims[0]['id']}/timeline")["items"]
    assert [item["stage"] for item in items] == ["READY", "BATCHED", "TRANSMITTED"]
    assert set(items[0]) == {"at", "stage", "reportedBy", "code", "fileId", "segmentNumber", "loop"}
    unwritten = practice.ask("GET", f"/v1/claims/{held['id']}/x12")
    assert (unwritten.status_code, unwritten.json()["code"]) == (409, "conflict")
    refused = practice.ask("POST", "/v1/batches", json={"claimIds": [held["id"]]})
    assert refused.status_code == 409


def test_requests_that_race_make_one_encounter_one_claim_and_one_batch(
    practice: Practice,
) -> None:
    encounters = practice.ask_at_once(6, "POST", "/v1/encounters", json=encounter())
    assert sorted(r.status_code for r in encounters) == [200] * 5 + [201]
    (name,) = {r.json()["id"] for r in encounters}
    claims = practice.ask_at_once(6, "POST", f"/v1/encounters/{name}/claims")
    assert sorted(r.status_code for r in claims) == [200] * 5 + [201]
    (claim,) = practice.get("/v1/claims")["items"]
    batches = practice.ask_at_once(4, "POST", "/v1/batches")
    assert sorted(len(r.json()["items"]) for r in batches) == [0] * 3 + [1]
    practice.work()
    assert len(practice.partner.delivered) == 1
    files = practice.ask_at_once(4, "POST", "/v1/files", content=b"no X12")
    assert sorted(r.json()["state"] for r in files) == ["duplicate"] * 3 + ["received"]
    balance = practice.get("/v1/ledger/trial-balance")["accounts"]
    assert balance["receivable_payer"] == claim["charge"]


def test_the_same_request_under_its_key_is_carried_out_once(practice: Practice) -> None:
    key = {"Idempotency-Key": "file-7"}
    first = practice.ask("POST", "/v1/files", content=b"no X12", headers=key)
    again = practice.ask("POST", "/v1/files", content=b"no X12", headers=key)
    assert (first.status_code, first.json()["state"]) == (202, "received")
    # Without the key this would be a second file, in state duplicate.
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert len(practice.jobs) == 1
    other = practice.ask("POST", "/v1/files", content=b"else", headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = practice.ask("POST", "/v1/files", key="OTHER", content=b"else", headers=key)
    assert elsewhere.status_code == 202, "another tenant's keys are its own"


def test_a_refused_request_is_forgotten_and_may_be_mended_under_its_key(
    practice: Practice,
) -> None:
    key = {"Idempotency-Key": "encounter-1"}
    refused = practice.ask("POST", "/v1/encounters", json=encounter(totalCharge=1), headers=key)
    assert refused.status_code == 400
    assert practice.ask("POST", "/v1/encounters", json=encounter(), headers=key).status_code == 201


def test_a_key_that_is_withdrawn_opens_nothing(practice: Practice) -> None:
    secret = practice.secrets["ACME"]
    caller = practice.keys.authenticate(secret)
    assert caller is not None
    practice.keys.revoke(caller.tenant, caller.key_id)
    refused = practice.ask("GET", "/v1/claims")
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert practice.get("/v1/claims", key="OTHER")["items"] == []


def test_the_list_is_paged_without_skipping_or_repeating(practice: Practice) -> None:
    made = [claimed(practice, number)["id"] for number in range(1, 6)]
    seen: list[str] = []
    token = ""
    while True:
        page = practice.get(f"/v1/claims?pageSize=2&pageToken={token}")
        seen += [claim["id"] for claim in page["items"]]
        if len(seen) == 2:
            made.append(claimed(practice, 6)["id"])  # meanwhile
        token = page["nextPageToken"]
        if token is None:
            break
    assert seen == made
    assert page["items"][0]["lines"], "a claim in a list shows its lines too"


def test_the_list_is_filtered(practice: Practice) -> None:
    ready, held = claimed(practice, 1), claimed(practice, 2, totalCharge="1.00")
    number = ready["patientControlNumber"]
    for query, expected in (
        ("stage=NEEDS_INFO", [held["id"]]),
        ("status=READY", [ready["id"]]),
        (f"patientControlNumber={number}", [ready["id"]]),
        (f"patientControlNumber={number}&stage=NEEDS_INFO", []),
        ("stage=PAID", []),
        ("patientControlNumber=&status=&stage=&pageSize=&pageToken=", [ready["id"], held["id"]]),
    ):
        assert [c["id"] for c in practice.get(f"/v1/claims?{query}")["items"]] == expected, query


def test_another_tenant_sees_nothing_of_it(practice: Practice) -> None:
    claim = claimed(practice)
    (batch,) = practice.ask("POST", "/v1/batches").json()["items"]
    file = practice.ask("POST", "/v1/files", content=b"hello").json()["fileId"]
    for path in (
        f"/v1/encounters/{claim['encounterId']}",
        f"/v1/claims/{claim['id']}",
        f"/v1/claims/{claim['id']}/timeline",
        f"/v1/claims/{claim['id']}/x12",
        f"/v1/batches/{batch['id']}",
        f"/v1/batches/{batch['id']}/x12",
        f"/v1/files/{file}",
        f"/v1/files/{file}/content",
    ):
        assert practice.ask("GET", path).status_code == 200, path
        assert practice.ask("GET", path, key="OTHER").status_code == 404, path
    assert practice.get("/v1/claims", key="OTHER")["items"] == []
    accounts = practice.get("/v1/ledger/trial-balance", key="OTHER")["accounts"]
    assert set(accounts.values()) == {"0.00"}
    same = practice.ask("POST", "/v1/encounters", key="OTHER", json=encounter())
    assert same.status_code == 201
    assert same.json()["id"] != claim["encounterId"]


PAID = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*ACME           *261120*1200*^*00501"
    "*000000007*0*T*:~GS*HP*PAYER*ACME*20261120*1200*7*X*005010X221A1~ST*835*0001~"
    "BPR*I*162.9*C*ACH*CCP*01*021000021*DA*123456*1512345678**01*021000021*DA*654321*20261120~"
    "TRN*1*TRACE1*1512345678~DTM*405*20261120~N1*PR*EXAMPLE HEALTH~N3*1 PAYER ST~"
    "N4*ALBANY*NY*12203~PER*BL*DESK*TE*8005550100~N1*PE*ACME MEDICAL*XX*1234567893~LX*1~"
    "CLP*{number}*1*225.5*162.9*17.5*CI*ICN1*11*1~NM1*QC*1*SAMPLE*ANN****MI*SIMADJ0001~"
    "SVC*HC:G0439*150*102.5**1~DTM*472*20261005~CAS*CO*45*30~CAS*PR*1*10**2*5**3*2.5~REF*6R*1~"
    "SVC*HC:J1885*75.5*60.4**2~DTM*472*20261005~CAS*CO*45*15.1~REF*6R*2~SE*22*0001~GE*1*7~"
    "IEA*1*000000007~"
)


def test_a_remittance_file_pays_the_claim(practice: Practice) -> None:
    claim = claimed(practice)
    practice.ask("POST", "/v1/batches")
    practice.work()
    sent = PAID.format(number=claim["patientControlNumber"]).encode()
    response = practice.ask(
        "POST", "/v1/files", content=sent, headers={"X-File-Name": "era-20261120.edi"}
    )
    assert response.status_code == 202
    file = f"/v1/files/{response.json()['fileId']}"
    assert response.headers["location"] == file
    practice.work()

    done = practice.get(file)
    assert (done["state"], done["kind"], done["name"]) == ("processed", "835", "era-20261120.edi")
    assert (done["transactionSets"], done["claims"], done["reason"]) == (1, 1, None)
    assert practice.ask("GET", f"{file}/content").content == sent

    paid = practice.get(f"/v1/claims/{claim['id']}")
    assert (paid["stage"], paid["status"]) == ("PAID", "PROCESSED")
    assert paid["payerClaimControlNumber"] == "ICN1"
    money = ("paid", "adjusted", "patientResponsibility", "balance")
    assert [paid[part] for part in money] == ["162.90", "45.10", "17.50", "0.00"]
    assert [[x[part] for part in money] for x in paid["lines"]] == [
        ["102.50", "30.00", "17.50", "0.00"],
        ["60.40", "15.10", "0.00", "0.00"],
    ]
    timeline = practice.get(f"/v1/claims/{claim['id']}/timeline")["items"]
    (decided,) = [item for item in timeline if item["stage"] == "PAID"]
    assert decided["fileId"] == response.json()["fileId"]
    assert (decided["segmentNumber"], decided["loop"]) == (13, "2100")

    (listed,) = practice.get("/v1/remittances")["items"]
    assert (listed["paymentAmount"], listed["traceNumber"]) == ("162.90", "TRACE1")
    detail = practice.get(f"/v1/remittances/{listed['id']}")
    (payment,) = detail["items"]
    assert (payment["claimId"], payment["state"], payment["paid"]) == (
        claim["id"], "posted", "162.90")  # fmt: skip
    assert detail["providerAdjustments"] == []
    assert detail["nextPageToken"] is None

    balance = practice.get("/v1/ledger/trial-balance")
    assert balance["accounts"]["cash"] == "162.90"
    assert balance["accounts"]["unapplied"] == "0.00"
    assert balance["accounts"]["receivable_patient"] == "17.50"
    assert balance["sum"] == "0.00"

    twice = practice.ask("POST", "/v1/files", content=sent).json()
    assert (twice["state"], twice["duplicateOf"]) == ("duplicate", response.json()["fileId"])
    practice.work()
    assert practice.get("/v1/ledger/trial-balance") == balance


def test_a_file_that_is_no_file_fails_with_its_reason_and_keeps_its_bytes(
    practice: Practice,
) -> None:
    for content in (b"hello", PAID[:300].encode(), b'{"claimType": "professional"}'):
        response = practice.ask("POST", "/v1/files", content=content)
        practice.work()
        file = practice.get(f"/v1/files/{response.json()['fileId']}")
        assert file["state"] == "failed"
        assert file["reason"]
        assert practice.ask("GET", f"/v1/files/{file['id']}/content").content == content
    assert practice.get("/v1/remittances")["items"] == []


def test_an_encounter_may_come_as_a_file(practice: Practice) -> None:
    response = practice.ask("POST", "/v1/files", json=encounter())
    practice.work()
    file = practice.get(f"/v1/files/{response.json()['fileId']}")
    assert (file["state"], file["kind"], file["claims"]) == ("processed", "encounter", 1)
    (claim,) = practice.get("/v1/claims")["items"]
    assert claim["stage"] == "READY"
