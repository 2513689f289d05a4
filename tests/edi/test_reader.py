"""What a reader hands out, and what it does not."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import edi
from edi.guides.x214_claim_acknowledgment import (
    BillingProvider2000C,
    InformationReceiver2000B,
    Patient2000D,
)  # fmt: skip
from edi.guides.x221_remittance import ClaimPayment
from edi.guides.x222_professional import Claim2300

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
REMITTANCE = (FIXTURES / "835/pass/one_claim_paid.edi").read_text()
CLAIMS = (FIXTURES / "837p/pass/secondary_of_a_dependent.edi").read_text()
STATUS = (FIXTURES / "277ca/pass/accepted_and_rejected.edi").read_text()


def events(text: str) -> list[edi.Event]:
    return list(edi.read(text.encode("latin-1")))


def units(text: str) -> list[edi.Unit]:
    return [e for e in events(text) if isinstance(e, edi.Unit)]


def closed(text: str) -> edi.TransactionClosed:
    return next(e for e in events(text) if isinstance(e, edi.TransactionClosed))


def test_a_file_is_told_in_its_own_order() -> None:
    assert [type(e).__name__ for e in events(REMITTANCE)] == [
        "InterchangeOpened",
        "GroupOpened",
        "TransactionOpened",
        "Unit",
        "TransactionClosed",
        "GroupClosed",
        "InterchangeClosed",
        "FileClosed",
    ]


def test_a_claim_payment_comes_with_its_header_and_its_place() -> None:
    (unit,) = units(REMITTANCE)
    payment: ClaimPayment = unit.loop
    assert unit.transaction.payer.payer_id == "60054"
    assert unit.transaction.reassociation_trace == ("EFT0001", "1512345678")
    assert payment.clp.paid == D("190.5")
    assert payment.reference("1L") == "GRP001"
    assert [s.line_control_number for s in payment.services] == ["L1", "L2"]
    assert [s.allowed for s in payment.services] == [D(140), D("65.5")]
    assert payment.remarks == ["MA01"]
    assert (unit.ordinal, unit.segment_number, unit.segment_count) == (1, 17, 19)
    assert unit.byte_offset == REMITTANCE.index("CLP*")
    assert payment.at == 17
    assert [s.at for s in payment.services] == [24, 30]
    assert closed(REMITTANCE).segment_count == 34


def test_a_claim_comes_with_all_who_stand_around_it() -> None:
    (unit,) = units(CLAIMS)
    claim: Claim2300 = unit.loop
    billing, subscriber, patient = unit.parents
    assert billing.billing_provider.npi == "1234567893"
    assert subscriber.payer.name.id == "87726"
    assert patient.patient.name.first_name == "SAM"
    assert claim.diagnoses == ["E109"]
    assert claim.other_insurances[0].payer.name.id == "60054"
    assert claim.lines[0].adjudications[0].svd.paid == D(125)


def test_every_level_of_a_claim_acknowledgment_is_a_unit() -> None:
    found = [type(u.loop) for u in units(STATUS)]
    assert found == [InformationReceiver2000B, BillingProvider2000C, Patient2000D, Patient2000D]
    receiver: Any = units(STATUS)[0].loop
    assert receiver.trace.trn.number == "BATCH0001"
    last: Patient2000D = units(STATUS)[-1].loop
    assert last.claims[0].patient_control_number == "C00002-1"
    assert last.claims[0].services[0].line_control_number == "L1"
    assert [s.category for s in last.claims[0].statuses[0].statuses] == ["A3"]


def test_an_acknowledgment_that_stops_at_the_batch_has_its_status() -> None:
    lines = STATUS.split("\n")
    head = [*lines[:17], "SE*16*0001~", *lines[-3:]]
    text = "\n".join(head).replace("HL*2*1*21*1", "HL*2*1*21*0")
    (unit,) = units(text)
    assert unit.loop.trace.statuses[0].status.category == "A1"
    assert edi.check(text.encode()).errors == 0


def test_a_loop_that_lacks_what_it_needs_is_rejected_and_not_half_filled() -> None:
    (unit,) = units(REMITTANCE.replace("*225.5*190.5*", "*225.5*many*"))
    assert unit.rejected
    assert unit.loop is None
    assert unit.opening[:3] == ("CLP", "C00001-1", "1")
    assert [i.code for i in unit.issues] == ["IK403:6"]


def test_a_claim_under_a_subscriber_that_cannot_be_read_is_rejected_too() -> None:
    (unit,) = units(CLAIMS.replace("SBR*S*", "SBR**"))
    assert unit.rejected
    assert unit.opening[:2] == ("CLM", "C00001-2")


def test_a_bad_element_does_not_put_what_follows_out_of_place() -> None:
    (unit,) = units(REMITTANCE.replace("DTM*232*20260102", "DTM*232*20261302"))
    assert not unit.rejected
    assert [d.qualifier for d in unit.loop.dates] == ["050"]
    assert len(unit.loop.services) == 2


def test_a_remittance_without_lx_is_read_as_if_it_had_one() -> None:
    (unit,) = units(REMITTANCE.replace("LX*1~\n", ""))
    assert unit.parents[0].lx is None
    assert unit.loop.clp.patient_control_number == "C00001-1"


def test_what_hangs_on_an_unknown_party_does_not_fall_to_its_neighbour() -> None:
    strange = "NM1*ZZ*2*STRANGER~\nREF*G2*STRANGE~\nLX*1~"
    (unit,) = units(CLAIMS.replace("LX*1~", strange))
    (issue,) = [i for i in unit.issues if i.code == "IK304:2"]
    assert issue.segment_count == 2
    assert unit.loop.rendering_provider.references == []


def test_the_same_body_has_the_same_hash_in_any_envelope() -> None:
    other = REMITTANCE.replace("000000101", "000000202").replace("\n", "\r\n")
    other = other.translate(str.maketrans("*:~", "|>'"))
    assert closed(other).body_sha256 == closed(REMITTANCE).body_sha256
    assert closed(REMITTANCE.replace("190.5", "190.4")).body_sha256 != closed(other).body_sha256


def test_an_unsupported_version_is_named_and_its_segments_counted() -> None:
    report = edi.check(REMITTANCE.replace("005010X221A1", "004010X091A1").encode())
    (issue,) = report.issues
    assert issue.code == "X12-GUIDE"
    assert "004010X091A1" in issue.message
    assert (report.segments_reported, issue.segment_count) == (32, 32)
    assert not report.transaction_sets[0].accepted


def test_issues_are_bounded_and_counted() -> None:
    bad = "REF*QQ*X~\n" * 3000
    report = edi.check(REMITTANCE.replace("DTM*232", bad + "DTM*232").encode())
    assert len(report.issues) == 901  # a tenth of the room is kept for errors, and there is one
    assert [i.code for i in report.issues if i.severity == "error"] == ["IK502:4"]
    assert report.issues_dropped == 2100
    assert report.counts == {"IK403:7": 3000, "IK502:4": 1}
    assert (report.errors, report.warnings) == (1, 3000)
    assert not report.transaction_sets[0].accepted


def test_as_many_issues_are_kept_as_one_asks_for() -> None:
    bad = "REF*QQ*X~\n" * 3000
    data = REMITTANCE.replace("DTM*232", bad + "DTM*232").encode()
    assert len(edi.check(data, most_issues=10).issues) == 10
    report = edi.check(data, most_issues=5000)
    assert (len(report.issues), report.issues_dropped) == (3001, 0)


def test_a_repetition_separator_in_data_is_warned_of() -> None:
    (issue,) = edi.check(CLAIMS.replace("*DOE*SAM", "*DOE^SAM").encode()).issues
    assert (issue.code, issue.severity, issue.ref) == ("IK403:12", "warning", "NM103")
    other = CLAIMS.replace("*^*00501", "*U*00501").replace("*DOE*SAM", "*DOE^SAM")
    assert edi.check(other.encode()).issues == []  # none is declared, so it is a character


def test_an_isa_is_looked_at_like_any_segment() -> None:
    found = {
        "control character": (("RECEIVER1 ", "RECEI\x07VER1"), "TA105:008", "ISA08", "error"),
        "in a password": (
            ("00*          *ZZ", "00*    \x07     *ZZ"),
            "TA105:013",
            "ISA04",
            "error",
        ),
        "qualifier": (("ISA*00", "ISA*05"), "TA105:010", "ISA01", "warning"),
        "sender's qualifier": (("ZZ*SUB", "31*SUB"), "TA105:005", "ISA05", "warning"),
    }
    for name, ((old, new), *expected) in found.items():
        faulty = REMITTANCE.replace(old, new, 1)
        issues = [i for i in edi.check(faulty.encode()).issues if i.code.startswith("TA105")]
        assert (name, [[i.code, i.ref, i.severity] for i in issues]) == (name, [expected])


def test_an_interchange_that_comes_twice_in_a_file_is_warned_of() -> None:
    (issue,) = edi.check((REMITTANCE + STATUS + REMITTANCE).encode()).issues[-1:]
    assert (issue.code, issue.severity, issue.ref) == ("TA105:025", "warning", "ISA13")
    assert edi.check(REMITTANCE.encode() * 3).counts["TA105:025"] == 2
    other = REMITTANCE.replace("SUBMITTER1     *ZZ", "SUBMITTER2     *ZZ")
    assert "TA105:025" not in edi.check((REMITTANCE + other).encode()).counts
