"""Institutional claims leave as 837I: what the bytes say, and that they read back as meant."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import edi
from app.domain.encounter import Encounter
from app.x12.claim_837 import WrittenBatch, read_claims, write_batch
from app.x12.second_opinion import Verdict, second_opinion
from app.x12.single_claim import single_claim
from tests.x12.claims import SAM, SPOUSE_PAY, outbound, structure_alone
from tests.x12.institutional import (
    ATTENDING,
    DAY,
    FULL_STAY,
    HEADER_I,
    INPATIENT,
    OUTPATIENT,
    SURGEON,
    ancillary,
)

DEPENDENT = replace(
    OUTPATIENT,
    patient=replace(OUTPATIENT.patient, person=SAM),
    coverages=(replace(SPOUSE_PAY, relationship="19"),),
)


def written(*encounters: Encounter) -> WrittenBatch:
    claims = [outbound(n, of=e) for n, e in enumerate(encounters, start=1)]
    batch = write_batch(HEADER_I, claims)
    assert batch.refused == {}
    return batch


def segments(batch: WrittenBatch, *names: str) -> list[str]:
    text = batch.data.decode().replace("\n", "")
    return [s for s in text.split("~") if s.split("*")[0] in names]


def issues(data: bytes) -> list[edi.Issue]:
    """What is found, but that a stay with everything also has the reason of a visit."""
    return [i for i in edi.check(data).issues if i.code != "STAY-REASON"]


STORIES = {"stay": INPATIENT, "visit": OUTPATIENT, "everything": FULL_STAY, "dependent": DEPENDENT}


@pytest.mark.parametrize("story", STORIES)
def test_what_is_written_is_right_by_both_validators(story: str) -> None:
    batch = written(STORIES[story])
    assert issues(batch.data) == []
    assert second_opinion(batch.data).verdict is Verdict.CONTENT


def test_the_stay_in_the_segments_of_its_guide() -> None:
    batch = written(INPATIENT)
    assert segments(batch, "GS")[0].endswith("*X*005010X223A2")
    assert segments(batch, "CLM", "DTP", "CL1", "HI", "SV2", "PRV") == [
        "PRV*BI*PXC*282N00000X",
        "CLM*C000000001-1*6640.25***11:A:1**A*Y*Y",
        "DTP*096*TM*1400",
        "DTP*434*RD8*20261001-20261005",
        "DTP*435*DT*202610011030",
        "CL1*1*1*01",
        "HI*ABK:J189:::::::Y",
        "HI*ABJ:R0602",
        "HI*DR:193",
        "HI*ABF:E119:::::::Y",
        "HI*BE:80:::4",
        "PRV*AT*PXC*207R00000X",
        "SV2*0120**6000*DA*4",
        "SV2*0250**640.25*UN*1",
    ]


def test_lists_of_more_than_twelve_codes_take_a_second_segment() -> None:
    found = [s.split("*") for s in segments(written(FULL_STAY), "HI")]
    kinds = [(hi[1].split(":")[0], len(hi) - 1) for hi in found]
    assert kinds == [
        ("ABK", 1), ("ABJ", 1), ("APR", 3), ("ABN", 12), ("DR", 1), ("ABF", 12), ("ABF", 12),
        ("BBR", 1), ("BBQ", 12), ("BBQ", 12), ("BI", 12), ("BI", 12), ("BH", 12), ("BH", 12),
        ("BE", 12), ("BE", 12), ("BG", 12), ("BG", 12), ("TC", 12), ("TC", 12),
    ]  # fmt: skip


def test_an_interim_bill_has_its_frequency_from_the_type_of_bill() -> None:
    assert FULL_STAY.type_of_bill == "0113"
    assert segments(written(FULL_STAY), "CLM")[0].split("*")[5] == "11:A:3"


def test_who_is_known_already_is_not_named_again() -> None:
    stay = INPATIENT.institutional
    assert stay is not None
    attending = stay.attending_provider
    same = replace(
        INPATIENT,
        rendering_provider=attending,
        referring_provider=attending,
        institutional=replace(stay, operating_physician=SURGEON),
        service_lines=(
            replace(
                ancillary("1", "0360", "G0105", "6640.25", DAY),
                rendering_provider=attending,
                institutional=replace(
                    INPATIENT.service_lines[0].institutional,
                    operating_physician=SURGEON,
                ),
            ),
        ),
    )
    with structure_alone():  # its days and charges are those of another stay
        batch = written(same)
    names = [s.split("*")[1] for s in segments(batch, "NM1")]
    assert names == ["41", "40", "85", "IL", "PR", "71", "72"]


def test_what_the_guide_has_no_place_for_stays_with_us() -> None:
    told = replace(
        OUTPATIENT,
        place_of_service="22",
        patient_paid=Decimal("20.00"),
        signature_on_file=True,
        related_causes=("AA",),
        service_lines=tuple(
            replace(line, diagnosis_pointers=(1,), place_of_service="22", emergency=True)
            for line in OUTPATIENT.service_lines
        ),
    )
    assert written(told).data == written(OUTPATIENT).data


def test_one_claim_of_a_batch_stands_alone() -> None:
    batch = written(INPATIENT, DEPENDENT, FULL_STAY)
    whole = {c.patient_control_number: c.claim for c in read_claims(batch.data)}
    for position in batch.positions:
        alone = single_claim(batch.data, position)
        assert issues(alone) == []
        (claim,) = read_claims(alone)
        assert claim.claim == whole[claim.patient_control_number or ""]


def test_a_claim_the_guide_refuses_stays_out_and_says_where() -> None:
    stay = OUTPATIENT.institutional
    assert stay is not None
    group = replace(ATTENDING, organization_name="A GROUP", first_name=None, last_name=None)
    attended_by_a_group = replace(OUTPATIENT, institutional=replace(stay, attending_provider=group))
    claims = [outbound(1, of=attended_by_a_group), outbound(2, of=OUTPATIENT)]
    batch = write_batch(HEADER_I, claims)
    assert [p.submission_id for p in batch.positions] == [claims[1].submission_id]
    (finding,) = batch.refused[claims[0].submission_id]
    assert (finding.rule_id, finding.segment) == ("ENV06", "NM1")
