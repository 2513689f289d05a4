"""What is written is right in itself, and what would not be is refused before a byte is made."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

import edi
from edi.guides import ProfessionalClaims
from edi.segments import TA1

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"


def claims() -> ProfessionalClaims:
    data = (FIXTURES / "837p/pass/two_subscribers_four_claims.edi").read_bytes()
    (found,) = edi.load(data)
    assert isinstance(found, ProfessionalClaims)
    return found


def group(*transactions: Any, **changes: Any) -> edi.FunctionalGroup:
    known: dict[str, Any] = {
        "sender": "SUBMITTER1",
        "receiver": "RECEIVER1",
        "date": date(2026, 1, 5),
        "time": time(14, 30),
        "control_number": 7,
        "transactions": list(transactions),
    }
    return edi.FunctionalGroup(**known | changes)


def interchange(*groups: edi.FunctionalGroup, **changes: Any) -> edi.Interchange:
    known: dict[str, Any] = {
        "sender_qualifier": "ZZ",
        "sender": "SUBMITTER1",
        "receiver_qualifier": "ZZ",
        "receiver": "RECEIVER1",
        "date": date(2026, 1, 5),
        "time": time(14, 30),
        "control_number": 42,
        "usage": "T",
        "groups": list(groups),
    }
    return edi.Interchange(**known | changes)


def lines(data: bytes) -> list[str]:
    return data.decode("latin-1").split("~")


def test_the_envelope_counts_for_itself() -> None:
    second = group(claims(), control_number=8)
    data = edi.write(interchange(group(claims(), claims()), second))
    found = lines(data)
    assert len(found[0]) == 105
    assert found[0].endswith("*000000042*0*T*:")
    assert [line for line in found if line[:2] in ("ST", "GE") or line[:3] == "IEA"] == [
        "ST*837*0001*005010X222A1",
        "ST*837*0002*005010X222A1",
        "GE*2*7",
        "ST*837*0001*005010X222A1",
        "GE*1*8",
        "IEA*2*000000042",
    ]
    count = next(int(line.split("*")[1]) for line in found if line.startswith("SE*"))
    start = found.index("ST*837*0001*005010X222A1")
    assert found[start + count - 1].startswith("SE*")
    assert edi.check(data).errors == 0


def test_levels_are_numbered_from_the_tree() -> None:
    batch = claims()
    batch.billing_providers[0].subscribers.reverse()
    found = lines(edi.write(interchange(group(batch))))
    assert [line for line in found if line.startswith("HL*")] == [
        "HL*1**20*1",
        "HL*2*1*22*0",
        "HL*3*1*22*1",
        "HL*4*3*23*0",
    ]


def test_a_ta1_stands_before_the_first_group() -> None:
    ack = TA1(control_number="000000101", date="260105", time="1430", status="A", note="000")
    found = lines(edi.write(interchange(acks=[ack])))
    assert found[1:] == ["TA1*000000101*260105*1430*A*000", "IEA*0*000000042", ""]


def test_control_numbers_may_be_given() -> None:
    found = lines(edi.write(interchange(group(claims(), control_numbers=["9001"]))))
    assert "ST*837*9001*005010X222A1" in found
    assert any(line.startswith("SE*") and line.endswith("*9001") for line in found)


def spoiled_claim(**changes: Any) -> ProfessionalClaims:
    batch = claims()
    claim = batch.billing_providers[0].subscribers[0].claims[0]
    for name, value in changes.items():
        setattr(claim.clm, name, value)
    return batch


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: interchange(sender="LONGER THAN FIFTEEN"), "ISA06 must have 1 to 15 characters"),
        (lambda: interchange(sender="A*B"), "ISA06 holds a delimiter or a control character"),
        (lambda: interchange(usage="X"), "ISA15 must be P or T"),
        (lambda: interchange(control_number=0), "ISA13 must be a number from 1 to 999999999"),
        (lambda: interchange(group(claims(), sender="X")), "GS02 must have 2 to 15 characters"),
        (
            lambda: interchange(group(claims(), control_numbers=["1"])),
            "ST02 must have 4 to 9 characters",
        ),
        (
            lambda: interchange(group(claims(), claims(), control_numbers=["0001", "0001"])),
            "ST02 must differ within its functional group",
        ),
        (
            lambda: interchange(group(spoiled_claim(patient_control_number="A~B"))),
            "CLM01 in loop 2300 holds a delimiter",
        ),
        (
            lambda: interchange(group(spoiled_claim(charge=None))),
            "CLM02 in loop 2300 is required and has no value",
        ),
        (
            lambda: interchange(group(spoiled_claim(charge=225.5))),
            "CLM02 in loop 2300 is no Decimal",
        ),
        (
            lambda: interchange(group(spoiled_claim(facility=None))),
            "CLM05 in loop 2300 is required and has no value",
        ),
    ],
)
def test_what_would_be_no_x12_is_refused_by_place(build: Any, says: str) -> None:
    with pytest.raises(edi.EdiError) as refused:
        edi.write(build())
    assert str(refused.value) == says


def test_a_required_loop_that_is_not_there_is_refused() -> None:
    batch = claims()
    batch.submitter = None  # type: ignore[assignment]
    with pytest.raises(edi.EdiError, match=r"Submitter1000A in loop 837P is required"):
        edi.write(interchange(group(batch)))


def test_a_character_that_no_byte_can_hold_is_refused_by_its_segment() -> None:
    batch = claims()
    batch.submitter.name.last_name = "Zażółć"
    with pytest.raises(edi.EdiError, match=r"NM1 \(segment 5\) holds a character outside latin-1"):
        edi.write(interchange(group(batch)))


@pytest.mark.parametrize(
    "delimiters",
    [
        edi.Delimiters(element="A"),
        edi.Delimiters(component="*"),
        edi.Delimiters(segment="~~"),
        edi.Delimiters(line_end="x"),
    ],
)
def test_delimiters_that_could_not_be_read_back_are_refused(delimiters: edi.Delimiters) -> None:
    with pytest.raises(edi.EdiError):
        edi.write(interchange(), delimiters=delimiters)


def test_money_keeps_its_cents_and_loses_idle_zeros() -> None:
    found = lines(edi.write(interchange(group(spoiled_claim(charge=D("80.50"))))))
    assert any(line.startswith("CLM*C00011-1*80.5*") for line in found)
