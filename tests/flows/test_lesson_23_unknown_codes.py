"""Lesson 23: a code that no list knows holds no money back; it is posted, and a person sees it.

Five claims: a CARC, a RARC of a line, one of a claim, a CARC under PR, and a CLP02 that no list of
ours has; the fourth has none of that.
"""

from __future__ import annotations

from decimal import Decimal as D

from app.domain.payment_codes import CodeList, is_known
from tests.cash.desk import Desk
from tests.flows.clinic import Clinic
from tests.flows.stories import story
from tests.flows.test_lesson_30_undone_and_in_bulk import audited
from tests.http.test_again import sent

# Number: paid, adjusted, the patient's, open; what is listed.
CLAIMS = {
    "2301-1": ((60, 0, 0, 40), "CARC 9999, RARC N9999"),
    "2302-1": ((80, 20, 0, 0), "RARC MA999"),
    "2303-1": ((0, 0, 0, 100), "CARC ZZ1"),
    "2304-1": ((80, 0, 20, 0), None),
    "2305-1": ((80, 0, 20, 0), "CLP02 77"),
}


def test_lesson_23_unknown_codes_are_posted_and_listed(clinic: Clinic) -> None:
    for number in CLAIMS:
        clinic.bill(number, 100)
    clinic.take(story("23_codes_nobody_knows"))
    assert {state for _, state, _ in clinic.states()} == {"posted"}
    for number, (figures, _) in CLAIMS.items():
        assert clinic.figures(number)[1:] == figures, number
    # Nothing is written off for what nobody knows, nor given to the patient.
    assert clinic.balances() == {
        "cash": D(300),
        "charges": D(-500),
        "contractual": D(20),
        "receivable_patient": D(40),
        "receivable_payer": D(140),
    }
    told = dict(clinic.listed_reasons("codes.unknown"))
    assert told == {number: codes for number, (_, codes) in CLAIMS.items() if codes}
    assert clinic.verify() == []


def test_lesson_23_a_list_is_loaded_anew_by_date(desk: Desk) -> None:
    for number in (1, 2):
        sent(desk, number)
    file = story("25_b_denied").replace(b"CO*197*", b"CO*901*")
    later = file.replace(b"C000000001-1", b"C000000002-1").replace(b"EFT2501", b"EFT2502")
    desk.send(file)
    desk.send(later.replace(b"20261120~\nTRN", b"20261201~\nTRN"))
    assert [row["reason"] for row in desk.view("wl_codes_unknown")] == ["CARC 901, CARC 901"] * 2

    door = "/v1/code-lists/CARC"
    body = {"items": [{"code": "901", "validFrom": "2026-12-01"}]}
    assert desk.ask("PUT", door, json=body).status_code == 403
    assert desk.ask("PUT", "/v1/code-lists/NONE", key="ADMIN", json=body).status_code == 400
    loaded = desk.ask("PUT", door, key="ADMIN", json=body)
    assert loaded.status_code == 200, loaded.text
    assert desk.get(door) == loaded.json()
    # On 2026-11-20 it was in no list yet; on 2026-12-01 it is.
    (left,) = desk.view("wl_codes_unknown")
    assert left["reference"] == "C000000001-1"
    desk.ask("PUT", door, key="ADMIN", json={"items": [{"code": "901"}]})
    assert desk.view("wl_codes_unknown") == []
    assert [act for act, *_ in audited(desk) if act == "codes.loaded"] == ["codes.loaded"] * 2


def test_lesson_23_what_we_know() -> None:
    known = [(CodeList.CARC, "45"), (CodeList.RARC, "MA18"), (CodeList.RARC, "N89"),
             (CodeList.RARC, "M15"), (CodeList.STATUS, "22")]  # fmt: skip
    unknown = [(CodeList.CARC, "9999"), (CodeList.RARC, "N9999"), (CodeList.RARC, "X1"),
               (CodeList.RARC, "MA0"), (CodeList.STATUS, "5")]  # fmt: skip
    assert all(is_known(*code) for code in known)
    assert not any(is_known(*code) for code in unknown)
