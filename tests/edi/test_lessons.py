"""The cases of lessons.md part 3 for which the corpus has no trap file; the others stand in
test_traps.py by the name of their file.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

import edi
from edi.guides.x221_remittance import ClaimPayment

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
CLAIM = (FIXTURES / "837p/pass/one_claim.edi").read_bytes().replace(b"\n", b"")
PAYMENT = (FIXTURES / "835/pass/one_claim_paid.edi").read_bytes().replace(b"\n", b"")


def changed(data: bytes, *pairs: tuple[bytes, bytes]) -> bytes:
    for old, new in pairs:
        assert old in data
        data = data.replace(old, new)
    return data


def payments(data: bytes) -> list[ClaimPayment]:
    found: list[Any] = edi.load(data)
    return [c for r in found for h in r.header_numbers for c in h.claims]


def codes(data: bytes) -> set[str]:
    return {i.code for i in edi.check(data).issues}


# ── 3.1 and 3.2: envelope and bytes ──


def test_a_blank_before_the_terminator_of_the_isa() -> None:
    data = changed(PAYMENT, (b"*:~GS", b"*: ~GS"))
    assert edi.load(data) == edi.load(PAYMENT)
    assert codes(data) == {"X12-ISA"}


@pytest.mark.parametrize("name", [b"ISAAC", b"NARCISA", b"ISA", b"IEA", b"ISA-1"])
def test_a_name_with_isa_in_it_is_no_interchange(name: bytes) -> None:
    data = changed(PAYMENT, (b"*DOE*", b"*" + name + b"*"))
    report = edi.check(data)
    assert (report.interchanges, report.issues) == (1, [])
    (payment,) = payments(data)
    assert payment.patient is not None
    assert payment.patient.last_name == name.decode()


@pytest.mark.parametrize("mark", ["*", "~", ":", "^"])
def test_a_delimiter_in_data_never_goes_out(mark: str) -> None:
    (batch,) = edi.load(CLAIM)
    level: Any = batch
    level.billing_providers[0].subscribers[0].subscriber.name.last_name = f"O{mark}NEIL"
    with pytest.raises(edi.EdiError, match="NM103 in loop 2010BA holds a delimiter"):
        batch_lines(batch)


def batch_lines(batch: Any) -> list[str]:
    from edi.model import lines_of

    return lines_of(batch, edi.STANDARD)


def test_control_numbers_shorter_than_allowed_are_read_as_they_are() -> None:
    folder = sorted((FIXTURES / "999/pass").glob("*.edi"))
    data = next(d for p in folder if b"AK2*837*0001" in (d := p.read_bytes()))
    short = data.replace(b"AK2*837*0001", b"AK2*837*101")
    (ack,) = edi.load(short)
    responses: Any = ack
    assert responses.responses[0].ak2.control_number == "101"


def test_trailing_separators_are_read_and_not_written() -> None:
    data = changed(
        CLAIM, (b"*CI~", b"*CI***~") if b"*CI***~" in CLAIM else (b"HL*1**20*1~", b"HL*1**20*1**~")
    )
    assert edi.load(data) == edi.load(CLAIM)
    assert edi.check(data).errors == 0
    (batch,) = edi.load(data)
    assert not any(line.endswith("*") for line in batch_lines(batch))


def test_separators_behind_the_last_component_are_told_and_not_written() -> None:
    data = changed(CLAIM, (b"*11:B:1*", b"*11:B:1::*"))
    assert edi.load(data) == edi.load(CLAIM)
    (issue,) = edi.check(data).issues
    assert (issue.code, issue.severity, issue.ref) == ("IK304:8", "warning", "CLM")
    (batch,) = edi.load(data)
    assert not any("::" in line for line in batch_lines(batch))


def test_empty_elements_are_no_repetition() -> None:
    report = edi.check(changed(CLAIM, (b"SE*33*0001~", b"SE**~")))
    assert {i.ref for i in report.issues} == {"SE", "SE01", "SE02"}  # and ends in a separator
    assert report.transaction_sets[0].claims == 1


def test_an_st_that_names_another_guide_than_its_group() -> None:
    assert "IK502:I6" in codes(
        changed(CLAIM, (b"ST*837*0001*005010X222A1", b"ST*837*0001*005010X222"))
    )


def test_a_set_without_st03_is_read_by_its_group() -> None:
    data = changed(CLAIM, (b"ST*837*0001*005010X222A1~", b"ST*837*0001~"))
    assert edi.check(data).transaction_sets[0].claims == 1


@pytest.mark.parametrize("version", [b"005010X222", b"005010X222A1", b"005010X222A2"])
def test_the_errata_family_is_read(version: bytes) -> None:
    data = changed(CLAIM, (b"005010X222A1", version))
    assert edi.check(data).errors == 0
    assert edi.load(data) == edi.load(CLAIM)


# ── 3.3: remittances ──

CLP = b"CLP*C00001-1*1*225.5*190.5*15*12*ICN2026001*11*1~"


def claim_status(status: bytes) -> bytes:
    return changed(PAYMENT, (CLP, CLP.replace(b"*1*225.5", b"*" + status + b"*225.5")))


@pytest.mark.parametrize("status", [b"2", b"3", b"4", b"19", b"20", b"21", b"22", b"23", b"25"])
def test_every_claim_status_is_read(status: bytes) -> None:
    (payment,) = payments(claim_status(status))
    assert payment.clp.status == status.decode()


@pytest.mark.parametrize(("text", "share"), [(b"15", D(15)), (b"0", D(0)), (b"", None)])
def test_no_patient_share_is_not_a_share_of_nothing(text: bytes, share: D | None) -> None:
    (payment,) = payments(changed(PAYMENT, (b"*190.5*15*12*", b"*190.5*" + text + b"*12*")))
    assert payment.clp.patient_responsibility == share


@pytest.mark.parametrize("number", [b"0", b"A", b"C00001-1 X"])
def test_a_claim_number_is_whatever_the_payer_sends_back(number: bytes) -> None:
    (payment,) = payments(changed(PAYMENT, (b"CLP*C00001-1*", b"CLP*" + number + b"*")))
    assert payment.clp.patient_control_number == number.decode()


def adjusted(cas: bytes) -> ClaimPayment:
    (payment,) = payments(changed(PAYMENT, (b"CAS*PR*3*15~", cas + b"~")))
    return payment


def reasons(payment: ClaimPayment) -> list[tuple[str, D]]:
    return [
        (a.reason, a.amount) for cas in payment.services[0].adjustments for a in cas.adjustments
    ]


def test_empty_quantities_do_not_shift_what_follows() -> None:
    found = reasons(adjusted(b"CAS*CO*45*10**253*12**97*8"))
    assert found[-3:] == [("45", D(10)), ("253", D(12)), ("97", D(8))]


def test_an_adjustment_of_nothing_keeps_its_reason() -> None:
    assert ("253", D(0)) in reasons(adjusted(b"CAS*CO*253*0"))


def test_a_negative_adjustment_keeps_its_sign() -> None:
    assert ("45", D("-10.5")) in reasons(adjusted(b"CAS*CO*45*-10.5"))


@pytest.mark.parametrize("group", [b"PI", b"OA", b"CR", b"PR"])
def test_the_group_is_the_one_the_payer_sent(group: bytes) -> None:
    payment = adjusted(b"CAS*" + group + b"*45*15")
    assert group.decode() in [cas.group for cas in payment.services[0].adjustments]


@pytest.mark.parametrize("qualifier", ["HC", "NU", "N4", "AD", "HP", "ER", "IV", "WK"])
def test_a_line_is_read_whatever_its_procedure_is_called(qualifier: str) -> None:
    data = changed(PAYMENT, (b"SVC*HC:G0463:25*", f"SVC*{qualifier}:0450*".encode()))
    (payment,) = payments(data)
    assert payment.services[0].svc.procedure.qualifier == qualifier
    assert payment.services[0].svc.charge == D(150)
    assert len(payment.services) == 2


def test_a_modifier_glued_to_its_code_stays_with_it() -> None:
    (payment,) = payments(changed(PAYMENT, (b"HC:G0463:25*", b"HC:G046325*")))
    assert payment.services[0].svc.procedure.code == "G046325"


def test_a_date_of_zeros_is_reported_and_the_claim_read() -> None:
    data = changed(PAYMENT, (b"DTM*232*20260102~", b"DTM*232*00000000~"))
    report = edi.check(data)
    assert [(i.code, i.ref) for i in report.issues][:1] == [("IK403:8", "DTM02")]
    assert report.transaction_sets[0].claims == 1


def test_names_are_taken_by_their_place() -> None:
    (payment,) = payments(
        changed(PAYMENT, (b"NM1*QC*1*DOE*JANE*Q***MI*W123456789~", b"NM1*QC*1*DOE*JANE~"))
    )
    assert payment.patient is not None
    assert (payment.patient.last_name, payment.patient.first_name) == ("DOE", "JANE")
    (remittance,) = edi.load(PAYMENT)
    payee: Any = remittance
    assert payee.payee.n1.id == "1234567893"


def test_a_segment_that_has_no_place_does_not_end_the_claims() -> None:
    second = CLP.replace(b"C00001-1", b"C00002-1")
    data = changed(PAYMENT, (b"SE*34*", b"ZZZ*1~" + second + b"SE*36*"))
    report = edi.check(data)
    assert report.segments_reported == 1
    assert report.transaction_sets[0].claims == 2
    assert [c.clp.patient_control_number for c in payments(data)] == ["C00001-1", "C00002-1"]


def test_remarks_of_moa_and_lq_are_all_kept() -> None:
    data = changed(
        PAYMENT,
        (b"MOA***MA01~", b"MOA***MA01*N210**M15~"),
        (b"LQ*HE*N19~", b"LQ*HE*N19~LQ*HE*M15~"),
    )
    (payment,) = payments(data)
    assert payment.outpatient is not None
    assert payment.outpatient.remarks == ["MA01", "N210", "M15"]
    assert [r.code for r in payment.services[1].remarks] == ["N19", "M15"]


# ── 3.4: claims ──


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda d: changed(d, (b"ABF:I10~", b"ABF:I10:ABF:E785~")), "IK403:"),  # in one composite
        (lambda d: changed(d, (b"***1:2~", b"***1:7~")), "DX-POINTER"),
        (lambda d: changed(d, (b"*225.5*", b"*99999*")), "BAL-CLM02"),
        (lambda d: changed(d, (b"*46*SUBMITTER1~", b"46*SUBMITTER1~")), "IK403:"),  # one star less
        (lambda d: changed(d, (b"HL*2*1*22*0~", b"HL*2*9*22*0~")), "HL-"),
    ],
)
def test_the_classic_mistakes_of_a_claim(spoil: Callable[[bytes], bytes], code: str) -> None:
    assert any(found.startswith(code) for found in codes(spoil(CLAIM)))


def test_a_thirteenth_diagnosis_is_refused() -> None:
    (batch,) = edi.load(CLAIM)
    loop: Any = batch
    (hi,) = loop.billing_providers[0].subscribers[0].claims[0].health_codes
    hi.codes = hi.codes[:1] * 13
    with pytest.raises(edi.EdiError, match="HI01 in loop 2300 has more than 12 values"):
        batch_lines(batch)


def test_elements_of_the_submitter_stand_by_number() -> None:
    (batch,) = edi.load(CLAIM)
    line = next(x for x in batch_lines(batch) if x.startswith("NM1*41"))
    assert line.split("*")[8:] == ["46", "SUBMITTER1"]
