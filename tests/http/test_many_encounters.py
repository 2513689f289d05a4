"""Files of many encounters, and zips: each is taken or refused by itself, none in silence."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.documents.encounter_csv import read_encounter_csv, template
from app.documents.sniff import Sniffed, sniff
from tests.http.loop import Practice
from tests.http.test_loop import encounter


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def taken(practice: Practice, data: bytes, *, name: str = "pile") -> dict[str, Any]:
    """The file, worked on to its end."""
    file = practice.ask("POST", "/v1/files", content=data, headers={"X-File-Name": name}).json()
    practice.work()
    found = practice.get(f"/v1/files/{file['id']}")
    assert isinstance(found, dict)
    return found


def numbered(number: int, **members: Any) -> dict[str, Any]:
    return encounter() | {"externalId": f"E-{number}"} | members


def lines(*encounters: object) -> bytes:
    return "\n".join(json.dumps(one) for one in encounters).encode()


def table(*rows: dict[str, str]) -> bytes:
    """A CSV like the template, each row changed in some cells."""
    heading, example = list(csv.reader(io.StringIO(template())))
    names = [*heading, *(name for row in rows for name in row if name not in heading)]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(names)))
    writer.writeheader()
    for row in rows:
        writer.writerow(dict(zip(heading, example, strict=True)) | row)
    return out.getvalue().encode()


def issues(file: dict[str, Any]) -> list[tuple[int | None, str, str]]:
    return [(issue["row"], issue["pointer"], issue["code"]) for issue in file["issues"]]


def test_lines_of_json_become_claims_and_the_bad_one_says_its_line(practice: Practice) -> None:
    data = lines(numbered(1), numbered(2, totalCharge=7), {"externalId": "x"}, numbered(4))
    file = taken(practice, data)
    assert (file["kind"], file["state"], file["claims"]) == ("encounter NDJSON", "processed", 2)
    assert file["reason"] == "2 of 4 encounters were refused; 2 were taken."
    assert (2, "/totalCharge", "money") in issues(file)
    assert {row for row, _, _ in issues(file)} == {2, 3}
    assert len(practice.get("/v1/claims")["items"]) == 2


def test_the_same_lines_in_another_file_change_nothing(practice: Practice) -> None:
    taken(practice, lines(numbered(1), numbered(2)))
    before = practice.rows()
    again = taken(practice, lines(numbered(2), numbered(1)))
    assert (again["state"], again["claims"], again["issues"]) == ("processed", 2, [])
    after = practice.rows()
    assert {name for name in before if before[name] != after[name]} <= {
        "file", "fingerprint", "reading", "audit_entry", "event"
    }  # fmt: skip


def test_the_template_is_taken_as_it_stands(practice: Practice) -> None:
    file = taken(practice, template().encode())
    assert (file["kind"], file["state"], file["claims"]) == ("encounter CSV", "processed", 1)
    (claim,) = practice.get("/v1/claims")["items"]
    assert (claim["charge"], claim["stage"]) == ("150.00", "READY")


def test_rows_of_one_encounter_are_its_lines(practice: Practice) -> None:
    data = table(
        {"totalCharge": "225.50"},
        {
            "totalCharge": "225.50",
            "serviceLines.lineId": "2",
            "serviceLines.procedure.code": "J1885",
            "serviceLines.procedure.modifiers": "JZ 59",
            "serviceLines.charge": "75.50",
            "serviceLines.units": "2",
            "serviceLines.diagnosisPointers": "1",
            "serviceLines.drug.ndc": "00409379501",
            "serviceLines.drug.quantity": "1",
            "serviceLines.drug.unit": "ML",
        },
    )
    (found,) = read_encounter_csv(data)
    assert not hasattr(found, "code"), found
    file = taken(practice, data)
    assert (file["state"], file["claims"], file["issues"]) == ("processed", 1, [])
    (claim,) = practice.get("/v1/claims")["items"]
    assert claim["charge"] == "225.50"
    assert [line["procedure"]["modifiers"] for line in claim["lines"]] == [[], ["JZ", "59"]]


def test_refused_rows_come_back_as_a_table_that_can_be_mended_and_sent(practice: Practice) -> None:
    data = table(
        {"externalId": "E-1"},
        {"externalId": "E-2", "serviceLines.charge": "1,5", "patient.lastName": "SECRET"},
        {"externalId": "E-3", "coverages.1.payerId": "", "coverages.1.relationship": "XX"},
    )
    file = taken(practice, data, name="day.csv")
    assert (file["state"], file["claims"]) == ("processed", 1)
    assert issues(file) == [
        (3, "/serviceLines/0/charge", "money"),
        (4, "/coverages/0/relationship", "literal_error"),
    ]
    assert "SECRET" not in json.dumps(file)
    answer = practice.ask("GET", f"/v1/files/{file['id']}/errors")
    assert answer.headers["content-type"].startswith("text/csv")
    refused = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["externalId"] for row in refused] == ["E-2", "E-3"]
    assert refused[0]["error"].startswith("/serviceLines/0/charge: Money is")

    # The column `error` says nothing of an encounter, and would be refused as one: it is taken off.
    refused[0]["serviceLines.charge"], refused[1]["coverages.1.relationship"] = "150.00", "18"
    mended = table(*({n: c for n, c in row.items() if n != "error"} for row in refused))
    again = taken(practice, mended)
    assert (again["state"], again["claims"], again["issues"]) == ("processed", 2, [])


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([{}, {"patient.lastName": "OTHER"}], [(3, "", "differs")]),
        ([{"serviceLines.unknown": "1"}], [(2, "/serviceLines/0/unknown", "extra_forbidden")]),
        ([{"sourceSystem": ""}], [(2, "/sourceSystem", "missing")]),
        ([{"placeOfService.x": "1"}], [(2, "", "column")]),
    ],
    ids=["rows differ", "no such member", "no key", "no place"],
)
def test_what_a_table_can_have_wrong(
    practice: Practice, rows: list[dict[str, str]], found: list[tuple[int, str, str]]
) -> None:
    file = taken(practice, table(*rows))
    assert (file["state"], issues(file)) == ("failed", found)
    assert practice.get("/v1/claims")["items"] == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"sourceSystem,externalId\n1,2,3\n", "cells"),
        (b"sourceSystem,externalId,externalId\n1,2,3\n", "column"),
        (b"sourceSystem,externalId\n\n", "rows"),
        (b'sourceSystem,externalId\n"1,2\n', "csv"),
        (b"sourceSystem,externalId\n\xff,2\n", "encoding"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(practice: Practice, data: bytes, code: str) -> None:
    file = taken(practice, data)
    assert (file["state"], [issue["code"] for issue in file["issues"]]) == ("failed", [code])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_read(separator: str) -> None:
    heading, row = template().splitlines()
    text = f"{heading}\r\n{row}\r\n".replace(",", separator)
    assert sniff(io.BytesIO(b"\xef\xbb\xbf" + text.encode())) is Sniffed.CSV
    (found,) = read_encounter_csv(b"\xef\xbb\xbf" + text.encode())
    assert getattr(found, "encounter", None) is not None


def test_one_encounter_in_many_lines_is_no_file_of_lines() -> None:
    assert sniff(io.BytesIO(json.dumps(encounter(), indent=2).encode())) is None
    assert sniff(io.BytesIO(json.dumps(encounter()).encode())) is None
    assert sniff(io.BytesIO(lines({}, {}))) is Sniffed.NDJSON


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_zip_is_its_files(practice: Practice) -> None:
    data = zipped(
        **{
            "day/one.json": json.dumps(numbered(1)).encode(),
            "..\\..\\two.ndjson": lines(numbered(2), numbered(3)),
            "bad.835": b"ISA*00*",
        }
    )
    file = taken(practice, data, name="day.zip")
    assert (file["kind"], file["state"]) == ("zip", "processed")
    assert file["reason"] == "3 file(s) were taken out of it."
    files = practice.get("/v1/files")["items"]
    assert [(f["name"], f["state"]) for f in files] == [
        ("day.zip", "processed"),
        ("one.json", "processed"),
        ("two.ndjson", "processed"),
        ("bad.835", "failed"),
    ]
    assert len(practice.get("/v1/claims")["items"]) == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(a=b"ISA" * 100)[:-30], "cut off or damaged"),
        (zipped(a=bytes(10_000_000)), "unpack to far more"),
        (zipped(**{"a.zip": zipped(a=b"1")}), "another zip"),
        (zipped(), ""),
    ],
    ids=["cut off", "bomb", "nested", "empty"],
)
def test_a_zip_that_is_none_is_refused_as_a_whole(
    practice: Practice, data: bytes, reason: str
) -> None:
    file = taken(practice, data)
    assert file["state"] == "failed"
    assert reason in file["reason"]
    assert len(practice.get("/v1/files")["items"]) == 1


def test_the_issues_of_any_file_are_a_table(practice: Practice) -> None:
    file = taken(practice, b'{"sourceSystem": 7}')
    answer = practice.ask("GET", f"/v1/files/{file['id']}/errors").text
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert {"pointer": "/sourceSystem", "code": "string_type"}.items() <= rows[0].items()
