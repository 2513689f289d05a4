"""An encounter leaves as an 837P that says what the encounter says, segment by segment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import edi
from app.domain.batch import OutboundClaim
from app.domain.encounter import Patient
from app.domain.party import Address, Contact, Person, Provider
from app.x12.claim_837 import ReadBackMismatch, WrittenBatch, read_claims, write_batch
from app.x12.wire_form import wire_form
from tests.x12.claims import (
    ACME,
    ANN,
    FULL,
    HEADER,
    PARTNER,
    SAM,
    SPOUSE_PAY,
    VISIT,
    covered,
    dx,
    outbound,
)


def written(*claims: OutboundClaim) -> WrittenBatch:
    return write_batch(HEADER, claims)


def segments(batch: WrittenBatch) -> list[str]:
    return batch.data.decode("ascii").replace("\n", "").rstrip("~").split("~")


def test_the_example_encounter() -> None:
    assert segments(written(outbound())) == [
        "ISA*00*          *00*          *ZZ*CLAIMLOOP      *ZZ*CLEARINGHOUSE  "
        "*261116*1430*^*00501*000000101*1*T*:",
        "GS*HC*CLAIMLOOP*CLEARINGHOUSE*20261116*1430*101*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*B000000101*20261116*1430*CH",
        "NM1*41*2*CLAIMLOOP*****46*CLAIMLOOP",
        "PER*IC*EDI DESK*TE*5185550111*EM*EDI@EXAMPLE.COM",
        "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*CLEARINGHOUSE",
        "HL*1**20*1",
        "PRV*BI*PXC*207Q00000X",
        "NM1*85*2*ACME MEDICAL*****XX*1234567893",
        "N3*2 CLINIC WAY",
        "N4*ALBANY*NY*122030002",
        "REF*EI*512345678",
        "PER*IC*BILLING*TE*5185550100",
        "HL*2*1*22*0",
        "SBR*P*18*G100******CI",
        "NM1*IL*1*SAMPLE*ANN****MI*W123456789",
        "N3*1 MAIN ST",
        "N4*ALBANY*NY*122030001",
        "DMG*D8*19800102*F",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*60054",
        "CLM*C000000001-1*225.5***11:B:1*Y*A*Y*Y",
        "HI*ABK:E119*ABF:I10",
        "NM1*82*1*DOCTOR*DANA****XX*1245319599",
        "PRV*PE*PXC*207Q00000X",
        "LX*1",
        "SV1*HC:G0439*150*UN*1***1:2",
        "DTP*472*D8*20261005",
        "REF*6R*1",
        "LX*2",
        "SV1*HC:J1885*75.5*UN*2***1",
        "DTP*472*D8*20261005",
        "REF*6R*2",
        "LIN**N4*00409379501",
        "CTP****1*ML",
        "SE*34*0001",
        "GE*1*101",
        "IEA*1*000000101",
    ]


def test_a_claim_with_everything_an_encounter_can_hold() -> None:
    text = segments(written(outbound(of=FULL)))
    assert text[text.index("HL*1**20*1") : -3] == [
        "HL*1**20*1",
        "PRV*BI*PXC*207Q00000X",
        "NM1*85*2*ACME MEDICAL*****XX*1234567893",
        "N3*2 CLINIC WAY",
        "N4*ALBANY*NY*122030002",
        "REF*EI*512345678",
        "PER*IC*BILLING*TE*5185550100",
        "NM1*87*2",
        "N3*PO BOX 9*DESK 4",
        "N4*ALBANY*NY*122030009",
        "HL*2*1*22*1",
        "SBR*P**G100******CI",
        "NM1*IL*1*SAMPLE*PAT****MI*X5550001",
        "REF*SY*123456780",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*60054",
        "HL*3*2*23*0",
        "PAT*19",
        "NM1*QC*1*SAMPLE*SAM",
        "N3*1 MAIN ST",
        "N4*ALBANY*NY*122030001",
        "DMG*D8*20150704*M",
        "CLM*C000000001-1*225.5***21:B:7*Y*A*Y*Y**AA:EM::NY",
        "DTP*431*D8*20260901",
        "DTP*439*D8*20260902",
        "DTP*435*D8*20261004",
        "DTP*096*D8*20261007",
        "AMT*F5*20",
        "REF*9F*RF1",
        "REF*G1*PA1",
        "REF*F8*ICN0001",
        "REF*X4*36D0123456",
        "NTE*ADD*SEEN AFTER HOURS",
        "HI*ABK:E110*ABF:E111*ABF:E112*ABF:E113*ABF:E114*ABF:E115*ABF:E116*ABF:E118*ABF:E119"
        "*ABF:I10*ABF:I110*ABF:I119",
        "NM1*DN*1*FERRER*RAE****XX*1740293307",
        "NM1*82*1*DOCTOR*DANA****XX*1245319599",
        "PRV*PE*PXC*207Q00000X",
        "NM1*77*2*CITY HOSPITAL*****XX*1205836004",
        "N3*2 CLINIC WAY",
        "N4*TROY*NY*122030002",
        "SBR*S*18*G100******CI",
        "OI***Y***Y",
        "NM1*IL*1*SAMPLE*SAM****MI*W123456789",
        "N3*1 MAIN ST",
        "N4*ALBANY*NY*122030001",
        "NM1*PR*2*SECOND HEALTH*****PI*87726",
        "LX*1",
        "SV1*HC:G0439:25:GT:::OFFICE WORK*150*UN*1*22**1:2**Y",
        "DTP*472*RD8*20261005-20261006",
        "REF*6R*1",
        "NM1*82*1*OTHER*LEE****XX*1669457891",
        "PRV*PE*PXC*207R00000X",
        "LX*2",
        "SV1*HC:J1885*75.5*UN*1.5***1",
        "DTP*472*D8*20261005",
        "REF*6R*2",
        "LIN**N4*00409379501",
        "CTP****1*ML",
    ]


def test_a_dead_patient_who_is_the_subscriber_has_a_pat_of_the_subscriber() -> None:
    dead = Patient("P-1", ANN, date(2026, 10, 6))
    text = segments(written(outbound(patient=dead)))
    assert text[text.index("SBR*P*18*G100******CI") + 1] == "PAT*****D8*20261006"


def test_a_dead_dependent_has_it_in_the_patient_level() -> None:
    dead = Patient("P-1", SAM, date(2026, 10, 6))
    text = segments(written(outbound(patient=dead, coverages=(SPOUSE_PAY,))))
    assert text[text.index("HL*3*2*23*0") + 1] == "PAT*01****D8*20261006"


def test_a_sole_proprietor_is_named_as_a_person_with_the_social_security_number() -> None:
    solo = replace(
        ACME, organization_name=None, first_name="SOLO", last_name="DOCTOR", employer_id=None
    )
    solo = replace(solo, ssn="123456780")
    text = segments(written(outbound(billing_provider=solo)))
    assert "NM1*85*1*DOCTOR*SOLO****XX*1234567893" in text
    assert "REF*SY*123456780" in text


def test_the_contact_is_said_once_where_it_is_the_submitters() -> None:
    same = replace(ACME, contact=PARTNER.submitter_contact)
    assert (
        sum(s.startswith("PER*") for s in segments(written(outbound(billing_provider=same)))) == 1
    )


def test_levels_are_numbered_over_providers_subscribers_and_patients() -> None:
    other = replace(ACME, npi="1245319599")
    child = replace(SPOUSE_PAY, relationship="19")
    text = segments(
        written(
            outbound(1),
            outbound(2, coverages=(SPOUSE_PAY,)),
            outbound(3, coverages=(child,), patient=Patient(None, SAM)),
            outbound(4, billing_provider=other, rendering_provider=None),
        )
    )
    assert [s for s in text if s.startswith(("HL*", "CLM*"))] == [
        "HL*1**20*1",
        "HL*2*1*22*0",
        "CLM*C000000001-1*225.5***11:B:1*Y*A*Y*Y",
        "HL*3*1*22*1",
        "HL*4*3*23*0",
        "CLM*C000000002-1*225.5***11:B:1*Y*A*Y*Y",
        "HL*5*3*23*0",
        "CLM*C000000003-1*225.5***11:B:1*Y*A*Y*Y",
        "HL*6**20*1",
        "HL*7*6*22*0",
        "CLM*C000000004-1*225.5***11:B:1*Y*A*Y*Y",
    ]


def test_each_payer_has_an_own_transaction_set_and_batch_reference() -> None:
    text = segments(written(outbound(1), outbound(2, coverages=covered(payer_id="87726"))))
    assert [s for s in text if s.startswith(("ST*", "BHT*", "GE*"))] == [
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*B000000101*20261116*1430*CH",
        "ST*837*0002*005010X222A1",
        "BHT*0019*00*B000000101-2*20261116*1430*CH",
        "GE*2*101",
    ]


def test_a_claims_position_finds_its_segments_again() -> None:
    batch = written(outbound(1), outbound(2), outbound(3, coverages=covered(payer_id="87726")))
    text = segments(batch)
    starts = [i for i, s in enumerate(text) if s.startswith("ST*")]
    for position in batch.positions:
        start = starts[int(position.transaction_control_number) - 1]
        first = text[start + position.first_segment - 1]
        last = text[start + position.last_segment - 1]
        following = text[start + position.last_segment]
        assert first.startswith(f"CLM*C{position.submission_id.int:09d}-1*")
        assert last == "CTP****1*ML"
        assert following.split("*")[0] in {"CLM", "HL", "SE"}


def test_one_bad_claim_stays_out_while_the_others_go() -> None:
    batch = written(
        outbound(1),
        outbound(2, patient=Patient(None, replace(ANN, last_name="O*NEIL"))),
        outbound(3, claim_note="X" * 81),
        outbound(4, accept_assignment=None),
        outbound(5),
    )
    assert [p.submission_id.int for p in batch.positions] == [1, 5]
    refused = {submission.int: findings for submission, findings in batch.refused.items()}
    assert sorted(refused) == [2, 3, 4]
    assert [f.pointer for f in refused[2]] == ["/patient/lastName"]
    assert "O*NEIL" not in str(batch.refused)
    assert b"O*NEIL" not in batch.data


def test_a_batch_of_nothing_but_bad_claims_has_no_bytes() -> None:
    batch = written(outbound(claim_note="~"))
    assert (batch.data, batch.positions) == (b"", ())


def test_the_same_claims_give_the_same_bytes() -> None:
    claims = [outbound(n, of=FULL) for n in range(1, 4)]
    assert written(*claims) == written(*claims)


READ_BACK: list[tuple[str, dict[str, Any]]] = [
    ("the example", {}),
    ("everything", {"of": FULL}),
    ("a dependent", {"coverages": (SPOUSE_PAY,)}),
    ("an own member id", {"coverages": (replace(SPOUSE_PAY, patient_has_own_id=True),)}),
    ("a group name", {"coverages": covered(group_number=None, group_name="WORKERS")}),
    ("Medicare second", {"coverages": covered(claim_filing_code="MB", insurance_type_code="12")}),
    ("no group", {"coverages": covered(group_number=None)}),
    ("a name alone", {"patient": Patient(None, replace(ANN, first_name=None))}),
    ("a full name", {"patient": Patient(None, replace(ANN, middle_name="Q", suffix="JR"))}),
    ("not signed", {"signature_on_file": False, "accept_assignment": "C"}),
    ("no contact", {"billing_provider": replace(ACME, contact=None)}),
    ("a contact by mail", {"billing_provider": replace(ACME, contact=Contact("B", None, "B@X.Y"))}),
    ("no taxonomy", {"billing_provider": replace(ACME, taxonomy_code=None)}),
    (
        "a foreign home",
        {
            "patient": Patient(
                None, replace(ANN, address=Address("1 RUE", "LYON", "", "", None, "FR"))
            )
        },
    ),
    ("one of three diagnoses", {"diagnoses": dx("E119", "I10", "J0190")}),
    (
        "anaesthesia",
        {
            "service_lines": (replace(VISIT, unit="MJ", units=Decimal(95)),),
            "total_charge": VISIT.charge,
        },
    ),
    ("an accident at work", {"related_causes": ("EM",)}),
]


@pytest.mark.parametrize(("story", "changes"), READ_BACK, ids=[s for s, _ in READ_BACK])
def test_what_was_written_is_read_back_equal(story: str, changes: dict[str, Any]) -> None:
    meant = outbound(**changes)
    batch = written(meant)
    assert not batch.refused
    [read] = read_claims(batch.data)
    form = wire_form(meant, partner=PARTNER)
    assert isinstance(form, OutboundClaim)
    assert read.claim == form.claim
    assert read.patient_control_number == meant.patient_control_number


def test_other_delimiters_and_no_line_ends() -> None:
    partner = replace(
        PARTNER,
        element_separator="|",
        component_separator=">",
        repetition_separator="!",
        segment_terminator="'",
        line_end="",
    )
    meant = outbound(
        patient=Patient(None, Person("ANN", "O*NEIL", ANN.date_of_birth, "F", ANN.address))
    )
    batch = write_batch(replace(HEADER, partner=partner), [meant])
    assert b"NM1|IL|1|O*NEIL|ANN||||MI|W123456789'" in batch.data
    assert b"HI|ABK>E119|ABF>I10'" in batch.data
    assert [c.claim.encounter.patient.person.last_name for c in read_claims(batch.data)] == [
        "O*NEIL"
    ]


def test_a_rendering_organization_is_named_as_one() -> None:
    lab = Provider("1245319599", organization_name="CITY LAB")
    assert "NM1*82*2*CITY LAB*****XX*1245319599" in segments(
        written(outbound(rendering_provider=lab))
    )


def test_a_partner_profile_that_cannot_be_written_blames_no_claim() -> None:
    partner = replace(PARTNER, receiver="A RECEIVER ID THAT IS TOO LONG")
    with pytest.raises(edi.EdiError, match="ISA08"):
        write_batch(replace(HEADER, partner=partner), [outbound()])


def test_a_fault_of_the_billing_provider_holds_each_of_its_claims_and_no_other() -> None:
    other = replace(ACME, npi="1245319599", organization_name="X" * 61)
    batch = written(
        outbound(1),
        outbound(2, billing_provider=other, rendering_provider=None),
        outbound(3, billing_provider=other, rendering_provider=None),
    )
    assert [p.submission_id.int for p in batch.positions] == [1]
    assert sorted(submission.int for submission in batch.refused) == [2, 3]
    [finding] = batch.refused[UUID(int=2)]
    assert (finding.loop, finding.segment, finding.element) == ("2010AA", "NM1", "03")


def test_a_dependent_without_a_subscriber_is_held() -> None:
    nobody = replace(SPOUSE_PAY, subscriber=None)
    batch = written(outbound(1, coverages=(nobody,)), outbound(2))
    assert [p.submission_id.int for p in batch.positions] == [2]
    assert batch.refused[UUID(int=1)][0].pointer == "/coverages/0/subscriber"


def test_a_thirteenth_diagnosis_is_held_and_not_cut_off() -> None:
    codes = (*(f"E11{n}" for n in range(10)), "I10", "I110", "I119")
    batch = written(outbound(1, diagnoses=dx(*codes)))
    assert batch.refused[UUID(int=1)][0].pointer == "/diagnoses/12"


def test_what_we_write_is_judged_harder_than_what_we_receive() -> None:
    nobody = replace(ACME, npi="1234567890")  # its check digit is wrong
    over = {"total_charge": Decimal("0.01")}
    batch = written(outbound(1, billing_provider=nobody), outbound(2, **over), outbound(3))
    assert [p.submission_id.int for p in batch.positions] == [3]
    places = {n.int: [(f.segment, f.element) for f in found] for n, found in batch.refused.items()}
    assert places[1] == [("NM1", "09")]
    assert ("CLM", "02") in places[2]


def test_a_difference_between_meant_and_read_raises_and_shows_no_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from app.x12 import claim_837

    whole = claim_837.examine_written

    def another_name(data: bytes) -> Any:
        return whole(data.replace(b"*SAMPLE*ANN*", b"*SIMPLE*ANN*"))

    monkeypatch.setattr(claim_837, "examine_written", another_name)
    with pytest.raises(ReadBackMismatch, match="claim 1: patient") as raised:
        written(outbound())
    assert "SAMPLE" not in str(raised.value)
    assert "SIMPLE" not in str(raised.value)
