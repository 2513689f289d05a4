"""An encounter arrives as JSON: what is taken, what is refused, and what a refusal gives away."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from app.documents.encounter import canonical_bytes, encounter_json, read_encounter
from app.documents.problem import Problem
from app.domain.encounter import Encounter
from tests.documents.encounter_strategy import encounters

FULL: dict[str, Any] = {
    "sourceSystem": "acme-pms",
    "externalId": "ENC-1001",
    "claimType": "professional",
    "patient": {
        "externalId": "P-1",
        "firstName": "ANN",
        "middleName": "Q",
        "lastName": "SAMPLE",
        "suffix": "JR",
        "dateOfBirth": "1980-01-02",
        "dateOfDeath": "2026-10-07",
        "gender": "F",
        "address": {
            "address1": "1 MAIN ST",
            "address2": "APT 2",
            "city": "ALBANY",
            "state": "NY",
            "postalCode": "122030001",
        },
    },
    "coverages": [
        {
            "responsibility": "P",
            "payerId": "60054",
            "payerName": "EXAMPLE HEALTH",
            "claimFilingCode": "CI",
            "memberId": "W123456789",
            "groupNumber": "G100",
            "groupName": "ACME WORKERS",
            "insuranceTypeCode": "12",
            "patientHasOwnId": False,
            "relationship": "19",
            "subscriber": {"firstName": "PAT", "lastName": "SAMPLE", "ssn": "900112222"},
        }
    ],
    "billingProvider": {
        "npi": "1234567893",
        "taxonomyCode": "207Q00000X",
        "organizationName": "ACME MEDICAL",
        "employerId": "512345678",
        "address": {
            "address1": "2 CLINIC WAY",
            "city": "ALBANY",
            "state": "NY",
            "postalCode": "122030002",
        },
        "contact": {"name": "BILLING", "phoneNumber": "5185550100"},
    },
    "renderingProvider": {"npi": "1245319599", "firstName": "DANA", "lastName": "DOCTOR"},
    "referringProvider": None,
    "serviceFacility": None,
    "payToAddress": {
        "address1": "PO BOX 9",
        "city": "ALBANY",
        "state": "NY",
        "postalCode": "122030009",
    },
    "placeOfService": "11",
    "signatureOnFile": True,
    "acceptAssignment": "A",
    "benefitsAssigned": "Y",
    "releaseOfInformation": "Y",
    "patientPaid": "10.00",
    "totalCharge": "225.50",
    "priorAuthorization": "AUTH1",
    "referralNumber": "REF1",
    "claimFrequencyCode": "7",
    "claimControlNumber": "ICN77",
    "cliaNumber": "36D0123456",
    "claimNote": "SEE RECORD",
    "relatedCausesCode": ["AA"],
    "autoAccidentStateCode": "NY",
    "claimDateInformation": {
        "symptomDate": "2026-10-01",
        "accidentDate": "2026-10-01",
        "admissionDate": "2026-10-02",
        "dischargeDate": "2026-10-06",
    },
    "diagnoses": [{"code": "E119"}, {"code": "I10"}],
    "serviceLines": [
        {
            "lineId": "1",
            "serviceDate": "2026-10-05",
            "serviceDateEnd": "2026-10-06",
            "placeOfService": "21",
            "emergency": True,
            "procedure": {
                "code": "G0439",
                "modifiers": ["25"],
                "description": "VISIT",
                "qualifier": "HC",
            },
            "charge": "225.50",
            "units": "1.5",
            "unit": "UN",
            "diagnosisPointers": [1, 2],
            "drug": {"ndc": "00409379501", "quantity": "0.125", "unit": "ML"},
            "renderingProvider": {"npi": "1999999984", "lastName": "ROE"},
        }
    ],
}


def _read(document: object) -> Encounter | list[Problem]:
    return read_encounter(json.dumps(document).encode())


def _changed(path: str, value: object) -> dict[str, Any]:
    document = deepcopy(FULL)
    *parents, last = path.strip("/").split("/")
    target: Any = document
    for step in parents:
        target = target[int(step)] if isinstance(target, list) else target[step]
    target[last] = value
    return document


def test_an_encounter_with_every_member_is_read_and_given_back() -> None:
    encounter = _read(FULL)
    assert isinstance(encounter, Encounter)
    assert encounter.total_charge == Decimal("225.50")
    assert encounter.dates.accident_date == date(2026, 10, 1)
    assert encounter.coverages[0].subscriber_ssn == "900112222"
    assert encounter.service_lines[0].units == Decimal("1.5")
    given_back = encounter_json(encounter)
    without_nulls = {name: value for name, value in FULL.items() if value is not None}
    assert given_back == without_nulls


@settings(max_examples=150, deadline=None)
@given(encounters)
def test_any_encounter_comes_back_equal(encounter: Encounter) -> None:
    again = _read(encounter_json(encounter))
    assert again == encounter
    assert isinstance(again, Encounter)
    assert canonical_bytes(again) == canonical_bytes(encounter)


SAME_MEANING = [
    ("/totalCharge", "225.5"),
    ("/serviceLines/0/units", "1.500"),
    ("/serviceLines/0/serviceDate", "20261005"),
    ("/patient/address/postalCode", "12203-0001"),
    ("/patient/lastName", " SAMPLE "),
    ("/relatedCausesCode", "AA"),
    ("/referringProvider", None),
    ("/coverages/0/subscriber/middleName", ""),
]


@pytest.mark.parametrize(("path", "value"), SAME_MEANING)
def test_the_same_meaning_has_the_same_content(path: str, value: object) -> None:
    plain, other = _read(FULL), _read(_changed(path, value))
    assert isinstance(plain, Encounter)
    assert isinstance(other, Encounter)
    assert canonical_bytes(other) == canonical_bytes(plain)


def test_another_charge_has_another_content() -> None:
    plain, other = _read(FULL), _read(_changed("/totalCharge", "225.51"))
    assert isinstance(plain, Encounter)
    assert isinstance(other, Encounter)
    assert canonical_bytes(other) != canonical_bytes(plain)


SECRET = "SECRET77"
REFUSED = [
    ("/totalCharge", 225.5, "money"),
    ("/totalCharge", 225, "money"),
    ("/totalCharge", "225.505", "money"),
    ("/totalCharge", "1e3", "money"),
    ("/totalCharge", "٢٢٥", "money"),
    ("/totalCharge", "123456789.00", "money_too_large"),
    ("/serviceLines/0/charge", SECRET, "money"),
    ("/serviceLines/0/units", 1, "quantity"),
    ("/serviceLines/0/units", "1.0005", "quantity"),
    ("/serviceLines/0/serviceDate", "2026-02-30", "date"),
    ("/serviceLines/0/serviceDate", "05/10/2026", "date"),
    ("/serviceLines/0/serviceDate", 20261005, "date"),
    ("/serviceLines/0/diagnosisPointers", [1, True], "int_type"),
    ("/serviceLines/0/diagnosisPointers", [1, "2"], "int_type"),
    ("/serviceLines/0/procedure/modifiers", [SECRET], "string_pattern_mismatch"),
    ("/serviceLines/0/drug/ndc", "0409-3795-01", "string_pattern_mismatch"),
    ("/serviceLines", [], "too_short"),
    ("/coverages", [], "too_short"),
    ("/coverages/0/relationship", SECRET, "literal_error"),
    ("/coverages/0/subscriber", SECRET, "model_type"),
    ("/patient/gender", SECRET, "literal_error"),
    ("/patient/dateOfBirth", SECRET, "date"),
    ("/patient/firstName", SECRET * 9, "string_too_long"),
    ("/patient/lastName", "", "string_too_short"),
    ("/patient/lastName", 7, "string_type"),
    ("/patient/nickname", SECRET, "extra_forbidden"),
    ("/patient/address/state", "", "missing_state"),
    ("/patient/address/postalCode", "ABCDE", "zip"),
    ("/billingProvider/organizationName", None, "provider_name"),
    ("/signatureOnFile", "yes", "bool_type"),
    ("/claimType", "vision", "claim_type_not_served"),
    ("/claimType", SECRET, "claim_type_not_served"),
    ("/diagnoses", {"code": SECRET}, "list_type"),
    ("/claimNote", f"{SECRET}\u0000", "character"),
    ("/claimNote", "\ud800", "character"),
]


@pytest.mark.parametrize(("path", "value", "code"), REFUSED)
def test_a_wrong_member_is_named_and_its_value_is_not(path: str, value: object, code: str) -> None:
    problems = _read(_changed(path, value))
    assert isinstance(problems, list)
    assert [p.code for p in problems] == [code]
    parents_too = {path, path.rpartition("/")[0]}
    assert problems[0].pointer.startswith(tuple(parents_too))
    assert SECRET not in repr(problems)


def test_every_fault_is_told_at_once() -> None:
    document = _changed("/totalCharge", 1)
    del document["externalId"]
    document["patient"]["gender"] = "X"
    problems = _read(document)
    assert isinstance(problems, list)
    assert {p.pointer for p in problems} == {"/totalCharge", "/externalId", "/patient/gender"}


def test_a_member_name_that_may_be_data_is_not_repeated() -> None:
    problems = _read(_changed("/patient/ANN SAMPLE 900112222", "x"))
    assert isinstance(problems, list)
    assert [(p.pointer, p.code) for p in problems] == [("/patient", "extra_forbidden")]


NO_JSON = [
    (b"", "malformed_json", 1, 1),
    (b'{\n  "patient": SECRET77}', "malformed_json", 2, 14),
    (b'{"a": 1', "malformed_json", 1, 8),
    (b'{"a": "\xff"}', "encoding", 1, 8),
    (b"[" * 100_000, "too_deep", None, None),
]


@pytest.mark.parametrize(("raw", "code", "line", "column"), NO_JSON)
def test_what_is_no_json_gives_one_problem_with_its_place(
    raw: bytes, code: str, line: int | None, column: int | None
) -> None:
    problems = read_encounter(raw)
    assert isinstance(problems, list)
    assert [(p.code, p.line, p.column) for p in problems] == [(code, line, column)]
    assert "SECRET77" not in repr(problems)


UNSAFE_JSON = [
    (b'{"totalCharge": "1.00", "totalCharge": "2.00"}', "/totalCharge", "duplicate_member"),
    (b'{"serviceLines": [{"charge": "1", "charge": "1"}]}', "/serviceLines/0/charge",
     "duplicate_member"),
    (b'{"totalCharge": NaN}', "/totalCharge", "number"),
    (b'{"totalCharge": -Infinity}', "/totalCharge", "number"),
    (b'{"totalCharge": 1e999999999}', "/totalCharge", "number"),
    (b'{"totalCharge": ' + b"9" * 5000 + b"}", "/totalCharge", "number"),
    (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "/a" + "/0" * 32, "too_deep"),
    (b"[]", "", "model_type"),
    (b"null", "", "model_type"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "pointer", "code"), UNSAFE_JSON)
def test_json_that_readers_understand_differently_is_refused(
    raw: bytes, pointer: str, code: str
) -> None:
    problems = read_encounter(raw)
    assert isinstance(problems, list)
    assert [(p.pointer, p.code) for p in problems] == [(pointer, code)]
