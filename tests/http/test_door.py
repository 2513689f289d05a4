"""The door itself: who gets in, what is turned away, and what a refusal gives away."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from app.documents.problem_json import ProblemDocument
from app.http.application import create_app
from app.http.needs import Limits, Needs
from app.http.paging import token_of
from app.http.problems import Kind
from tests.http.door import ADMIN, CLOCK, READER, KnownKeys, NoDatabase, NoFiles, Remembered, client

SECRET = "SECRET77"
NEEDS = Needs(
    units=NoDatabase(),
    raw=NoFiles(),
    keys=KnownKeys(),
    idempotency=Remembered(),
    clock=CLOCK,
    ready=lambda: "The database does not answer.",
    limits=Limits(file_bytes=4096, json_bytes=2048),
)
APP = create_app(NEEDS)


def ask(method: str, path: str, *, key: str | None = ADMIN, **more: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        async with client(APP, key=key) as http:
            return await http.request(method, path, **more)

    return asyncio.run(asked())


def problem(response: httpx.Response) -> ProblemDocument:
    """The problem of an answer, complete and consistent with its status and headers."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["requestId"] == response.headers["x-request-id"]
    assert re.fullmatch(r"req_[0-9A-Z]{26}", body["requestId"])
    assert body["type"].endswith("/" + body["code"].replace("_", "-"))
    assert SECRET not in response.text
    return ProblemDocument.model_validate(body, by_alias=True, by_name=False)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {SECRET}"},
        {"Authorization": f"Basic {ADMIN}"},
        {"Authorization": ADMIN},
    ],
)
def test_without_a_valid_key_nobody_gets_in(headers: dict[str, str]) -> None:
    response = ask("GET", "/v1/claims", key=None, headers=headers)
    assert problem(response).code == "unauthenticated"
    assert response.headers["www-authenticate"] == "Bearer"


WRITES = ["/v1/encounters", "/v1/encounters/enc_1/claims", "/v1/batches", "/v1/files",
          "/v1/deposits", "/v1/deposits/dep_1:match", "/v1/deposits/dep_1:unmatch",
          "/v1/patient-payments", "/v1/patient-payments/ppt_1:refund",
          "/v1/patient-payments/ppt_1:void",
          "/v1/denials/den_1:writeOff", "/v1/denials/den_1:close",
          "/v1/payers/60054/terms"]  # fmt: skip


@pytest.mark.parametrize("path", WRITES)
def test_a_reading_key_changes_nothing(path: str) -> None:
    assert problem(ask("POST", path, key=READER, content=b"{}")).code == "forbidden"


LATER = ["/v1/claims/", "/v1/rules", "/docs", "/redoc",
         "/v1/encounters/x/y", "/v1/claims/clm_1/evidence", "/"]  # fmt: skip


@pytest.mark.parametrize("path", LATER)
def test_a_path_that_is_not_due_is_absent(path: str) -> None:
    assert problem(ask("GET", path)).code == "not_found"


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/v1/claims"), ("PUT", "/v1/batches")])
def test_a_method_that_is_not_known_is_told_which_are(method: str, path: str) -> None:
    response = ask(method, path)
    assert problem(response).code == "method_not_allowed"
    assert response.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/encounters/enc_1",
        f"/v1/batches/{SECRET}",
        f"/v1/claims/{SECRET}",
        "/v1/claims/enc_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        f"/v1/files/{SECRET}",
        f"/v1/remittances/{SECRET}",
        f"/v1/denials/{SECRET}",
    ],
)
def test_an_id_that_cannot_be_one_is_not_found(path: str) -> None:
    assert problem(ask("GET", path)).code == "not_found"


PARAMETERS = [
    ("pageSize=0", "pageSize", "greater_than_equal"),
    ("pageSize=501", "pageSize", "less_than_equal"),
    (f"pageSize={SECRET}", "pageSize", "int_parsing"),
    (f"stage={SECRET}", "stage", "enum"),
    (f"status={SECRET}", "status", "enum"),
    (f"pageToken={SECRET}", "pageToken", "page_token"),
    ("pageToken=%ff", "pageToken", "page_token"),
    (f"pageToken={token_of(5)}", "pageToken", "page_token"),
    ("patientControlNumber=%00", "patientControlNumber", "string_pattern_mismatch"),
    (f"patientControlNumber={SECRET * 5}", "patientControlNumber", "string_too_long"),
]


@pytest.mark.parametrize(("query", "parameter", "code"), PARAMETERS)
def test_a_wrong_parameter_is_named_and_its_value_is_not(
    query: str, parameter: str, code: str
) -> None:
    told = problem(ask("GET", f"/v1/claims?{query}"))
    assert told.code == "invalid_request"
    assert [(e.parameter, e.code) for e in told.errors] == [(parameter, code)]


BODIES = [
    (b"", "", "malformed_json"),
    (b'{"patient": ' + SECRET.encode(), "", "malformed_json"),
    (b'{"a": 1, "a": 2}', "/a", "duplicate_member"),
    (b"[]", "", "model_type"),
]


@pytest.mark.parametrize("path", ["/v1/encounters", "/v1/claims:validate"])
@pytest.mark.parametrize(("body", "pointer", "code"), BODIES)
def test_a_body_that_is_no_encounter_is_refused_with_its_place(
    path: str, body: bytes, pointer: str, code: str
) -> None:
    told = problem(ask("POST", path, content=body))
    assert told.status == 400
    assert [(e.pointer, e.code) for e in told.errors] == [(pointer, code)]
    assert (told.errors[0].line is not None) == (code == "malformed_json")


def test_every_fault_of_a_body_has_its_own_pointer() -> None:
    body = {"claimType": "professional", "totalCharge": 5, SECRET[:6]: SECRET, "patient": SECRET}
    response = ask("POST", "/v1/encounters", json=body)
    assert response.status_code == 400
    pointers = {e["pointer"] for e in response.json()["errors"]}
    assert {"/totalCharge", "/patient", "/serviceLines", "/SECRET"} <= pointers
    assert SECRET not in response.text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"claimIds": ["x"]}', "/claimIds/0"),
        (b'{"claimIds": []}', "/claimIds"),
        (b'{"all": true}', "/all"),
        (b"7", ""),
    ],
)
def test_a_wrong_batch_request_is_refused(body: bytes, pointer: str) -> None:
    told = problem(ask("POST", "/v1/batches", content=body))
    assert [e.pointer for e in told.errors] == [pointer]


def test_a_form_or_nothing_is_no_file() -> None:
    assert problem(ask("POST", "/v1/files", content=b"")).code == "invalid_request"
    form = ask("POST", "/v1/files", files={"file": b"ISA*"})
    assert problem(form).code == "unsupported_media_type"


async def _chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 100):
        yield b"x" * 100


@pytest.mark.parametrize(("path", "limit"), [("/v1/encounters", 2048), ("/v1/files", 4096)])
def test_a_body_above_the_limit_is_refused_declared_or_not(path: str, limit: int) -> None:
    assert problem(ask("POST", path, content=b"x" * (limit + 1))).code == "payload_too_large"
    streamed = ask("POST", path, content=_chunks(limit + 100))
    assert problem(streamed).code == "payload_too_large"


def test_our_own_failure_is_logged_by_place_and_tells_the_caller_nothing() -> None:
    with capture_logs() as logs:
        response = ask("GET", "/v1/claims")
    told = problem(response)
    assert (told.status, told.code, told.retryable) == (500, "internal_error", True)
    assert "W123456789" not in response.text
    assert [entry["request_id"] for entry in logs] == [told.request_id]
    assert logs[0]["error"] == "RuntimeError"
    assert any("door.py" in place for place in logs[0]["at"])
    assert "W123456789" not in repr(logs)


def test_a_request_keeps_the_id_it_came_with_if_it_is_one_of_ours() -> None:
    ours = "req_01ARZ3NDEKTSV4RRFFQ69G5FAV"
    assert ask("GET", "/healthz", headers={"X-Request-Id": ours}).headers["x-request-id"] == ours
    other = ask("GET", "/healthz", headers={"X-Request-Id": SECRET}).headers["x-request-id"]
    assert other.startswith("req_")


def test_health_needs_no_key_and_readiness_gives_its_reason() -> None:
    assert ask("GET", "/healthz", key=None).json() == {"status": "ok"}
    told = problem(ask("GET", "/readyz", key=None))
    assert (told.status, told.detail) == (503, "The database does not answer.")


@pytest.mark.parametrize("key", ["", "é" * 3, "x" * 256, "two words"])
def test_an_idempotency_key_has_its_form(key: str) -> None:
    header = {b"Idempotency-Key": key.encode()}
    told = problem(ask("POST", "/v1/encounters", headers=header, content=b"{}"))
    assert told.code == "invalid_request"


def test_a_refused_request_may_be_mended_under_its_key() -> None:
    key = {"Idempotency-Key": "mend-1"}
    assert ask("POST", "/v1/encounters", headers=key, content=b"{").status_code == 400
    again = ask("POST", "/v1/encounters", headers=key, content=b"7")
    assert problem(again).code == "invalid_request"  # and not idempotency_key_reused


def test_the_openapi_document_lists_these_paths_and_no_others() -> None:
    described = ask("GET", "/openapi.json", key=None).json()
    assert sorted(described["paths"]) == [
        "/healthz",
        "/readyz",
        "/v1/appeals",
        "/v1/appeals/{appeal_id}",
        "/v1/appeals/{appeal_id}/documents",
        "/v1/appeals/{appeal_id}/packet",
        "/v1/appeals/{appeal_id}:file",
        "/v1/appeals/{appeal_id}:recordDecision",
        "/v1/appeals/{appeal_id}:withdraw",
        "/v1/batches",
        "/v1/batches/{batch_id}",
        "/v1/batches/{batch_id}/transmission",
        "/v1/batches/{batch_id}/x12",
        "/v1/batches/{batch_id}:retransmit",
        "/v1/claim-payments",
        "/v1/claim-payments/{payment_id}",
        "/v1/claim-payments/{payment_id}/report",
        "/v1/claim-payments/{payment_id}/suggestions",
        "/v1/claim-payments/{payment_id}:dismiss",
        "/v1/claim-payments/{payment_id}:match",
        "/v1/claim-payments/{payment_id}:unmatch",
        "/v1/claim-payments/{payment_id}:unpost",
        "/v1/claims",
        "/v1/claims/{claim_id}",
        "/v1/claims/{claim_id}/provider-adjustments",
        "/v1/claims/{claim_id}/submissions",
        "/v1/claims/{claim_id}/timeline",
        "/v1/claims/{claim_id}/x12",
        "/v1/claims/{claim_id}:billNext",
        "/v1/claims/{claim_id}:replace",
        "/v1/claims/{claim_id}:resubmit",
        "/v1/claims/{claim_id}:void",
        "/v1/claims:billNext",
        "/v1/claims:resubmit",
        "/v1/claims:validate",
        "/v1/code-lists/{list}",
        "/v1/denials",
        "/v1/denials/{denial_id}",
        "/v1/denials/{denial_id}:assign",
        "/v1/denials/{denial_id}:close",
        "/v1/denials/{denial_id}:reopen",
        "/v1/denials/{denial_id}:writeOff",
        "/v1/deposits",
        "/v1/deposits/{deposit_id}",
        "/v1/deposits/{deposit_id}:match",
        "/v1/deposits/{deposit_id}:unmatch",
        "/v1/encounters",
        "/v1/encounters/{encounter_id}",
        "/v1/encounters/{encounter_id}/claims",
        "/v1/encounters/{encounter_id}/statement",
        "/v1/files",
        "/v1/files/{file_id}",
        "/v1/files/{file_id}/answers/{answer_id}",
        "/v1/files/{file_id}/content",
        "/v1/files/{file_id}/errors",
        "/v1/ledger/trial-balance",
        "/v1/patient-payments",
        "/v1/patient-payments/{payment_id}",
        "/v1/patient-payments/{payment_id}:refund",
        "/v1/patient-payments/{payment_id}:void",
        "/v1/payers/{payer_id}/fees",
        "/v1/payers/{payer_id}/terms",
        "/v1/payers/{payer_id}/treatments",
        "/v1/reassociations",
        "/v1/recoupments",
        "/v1/remittances",
        "/v1/remittances/{remittance_id}",
        "/v1/remittances/{remittance_id}/report",
        "/v1/remittances/{remittance_id}:accept",
        "/v1/remittances/{remittance_id}:reject",
        "/v1/remittances/{remittance_id}:repost",
        "/v1/remittances/{remittance_id}:unpost",
        "/v1/reports",
        "/v1/reports/{name}",
        "/v1/tasks",
        "/v1/tasks/{task_id}",
        "/v1/tasks/{task_id}:assign",
        "/v1/tasks/{task_id}:finish",
        "/v1/tasks/{task_id}:note",
        "/v1/tasks/{task_id}:snooze",
        "/v1/trading-partners",
        "/v1/trading-partners/{partner_id}",
        "/v1/trading-partners/{partner_id}/changes",
        "/v1/underpayments",
        "/v1/underpayments/{underpayment_id}",
        "/v1/underpayments/{underpayment_id}:accept",
        "/v1/underpayments/{underpayment_id}:dispute",
        "/v1/underpayments/{underpayment_id}:reopen",
        "/v1/work-settings",
        "/v1/worklists",
        "/v1/worklists/{name}",
    ]
    assert "HTTPValidationError" not in json.dumps(described)
    assert {"EncounterDocument", "ProblemDocument", "Coverage"} <= set(
        described["components"]["schemas"]
    )
    referred = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert referred <= set(described["components"]["schemas"])


def test_the_document_tells_every_path_and_every_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    for path in ask("GET", "/openapi.json", key=None).json()["paths"]:
        assert re.sub(r"\{\w+\}", "{id}", path) in text, path
    for kind in Kind:
        row = kind.value
        assert f"| `{row.type.replace('-', '_')}` | {row.status} |" in text, row.type
