"""A claim to the second payer tells what the first decided, in the guide's own form, and back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import edi
from app.domain.encounter import Encounter
from app.domain.other_payer import PriorAdjustment
from app.x12.claim_837 import read_claims, write_batch
from app.x12.wire_form import wire_form
from tests.domain import cob_stories as stories
from tests.domain.encounters import CLEAN, SECOND
from tests.referee import pyx12_errors
from tests.x12.claims import HEADER, PARTNER, outbound

D = Decimal


def written(encounter: Encounter, *, position: str = "S") -> list[str]:
    """The segments of 2300, once the file is whole, passes both validators and reads back."""
    claim = outbound(of=encounter, position=position)
    batch = write_batch(HEADER, [claim])
    assert batch.refused == {}
    assert edi.check(batch.data).issues == []
    assert pyx12_errors(batch.data) == []
    (read,) = read_claims(batch.data)
    form = wire_form(claim, partner=PARTNER)
    assert read.claim == form.claim
    segments = batch.data.decode().replace("\n", "").split("~")
    start = next(n for n, s in enumerate(segments) if s.startswith("CLM"))
    return segments[start : next(n for n, s in enumerate(segments) if s.startswith("SE*"))]


def after(segments: list[str], first: str, last: str) -> list[str]:
    """From the segment that begins with `first` up to the one before `last`."""
    start = next(n for n, s in enumerate(segments) if s.startswith(first))
    return segments[start : next(n for n, s in enumerate(segments) if n > start and s[:2] == last)]


def test_the_second_payer_is_told_what_the_first_paid_and_adjusted() -> None:
    told = stories.decided(stories.SECONDARY, remarks=("MA01", "N130"))
    segments = written(told)
    assert after(segments, "SBR", "LX") == [
        "SBR*P*18*******CI",
        "AMT*D*180.5",
        "OI***Y***Y",
        "MOA***MA01*N130",
        "NM1*IL*1*SAMPLE*ANN****MI*W123456789",
        "N3*1 MAIN ST",
        "N4*ALBANY*NY*122030001",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*60054",
        "REF*F8*ICN1",
    ]
    assert after(segments, "SVD", "LX") == [
        "SVD*60054*105*HC:G0439**1",
        "CAS*CO*45*25",
        "CAS*PR*2*20",
        "DTP*573*D8*20261020",
    ]


def test_what_is_only_known_of_the_whole_claim_stands_in_2320() -> None:
    told = stories.decided(stories.BY_CLAIM, remaining_patient_liability=D("20.00"))
    assert after(written(told), "SBR", "LX") == [
        "SBR*P*18*******CI",
        "CAS*CO*45*25",
        "CAS*PR*2*20",
        "AMT*D*180.5",
        "AMT*EAF*20",
        "OI***Y***Y",
        "NM1*IL*1*SAMPLE*ANN****MI*W123456789",
        "N3*1 MAIN ST",
        "N4*ALBANY*NY*122030001",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*60054",
        "DTP*573*D8*20261020",
        "REF*F8*ICN1",
    ]


def test_a_plan_that_never_covers_this_is_told_with_the_whole_charge() -> None:
    never = stories.first(decision=None, never_covers=True)
    lines = tuple(replace(line, decisions=()) for line in never.service_lines)
    segments = written(replace(never, service_lines=lines))
    assert "AMT*A8*225.5" in segments
    assert not [s for s in segments if s[:3] in ("CAS", "SVD") or s.startswith("AMT*D")]


def test_the_first_payer_is_told_of_the_second_for_information() -> None:
    both = replace(CLEAN, coverages=(CLEAN.coverages[0], SECOND))
    segments = written(both, position="P")
    assert after(segments, "SBR", "LX") == [
        "SBR*S*01*******CI",
        "OI***Y***Y",
        "NM1*IL*1*OTHER*PAT****MI*X5550001",
        "N3*1 MAIN ST",
        "N4*ALBANY*NY*122030001",
        "NM1*PR*2*SECOND HEALTH*****PI*87726",
    ]


def test_prior_payers_stand_before_later_ones() -> None:
    third = replace(SECOND, responsibility="T", payer_id="11111")
    fourth = replace(SECOND, responsibility="A", payer_id="22222")
    prior = stories.PRIMARY
    mixed = replace(stories.SECONDARY, coverages=(fourth, third, SECOND, prior))
    assert [s[4] for s in written(mixed) if s.startswith("SBR")] == ["P", "T", "A"]


def test_medicare_is_told_no_remaining_liability() -> None:
    owed = stories.line(remaining_patient_liability=D("20.00"))
    assert "AMT*EAF*20" in written(owed)
    medicare = replace(stories.MEDICARE, insurance_type_code="12")
    segments = written(replace(owed, coverages=(stories.PRIMARY, medicare)))
    assert not [s for s in segments if s.startswith("AMT*EAF")]


def test_adjustments_of_a_group_share_a_segment_and_a_reason_stands_once() -> None:
    reasons = ("1", "2", "3", "66", "100", "142", "178")
    adjustments = (
        PriorAdjustment("PR", "1", D("2.00")),
        PriorAdjustment("CO", "45", D("25.00"), D(1)),
        *(PriorAdjustment("PR", reason, D("2.00")) for reason in reasons),
        PriorAdjustment("CO", "45", D("4.00"), D(1)),
    )
    paid = D("105.00") - D("0.00")
    told = stories.line(adjustments=adjustments, paid=paid)
    assert after(written(told), "SVD", "DT")[1:] == [
        "CAS*PR*1*4**2*2**3*2**66*2**100*2**142*2",
        "CAS*PR*178*2",
        "CAS*CO*45*29*2",
    ]


@pytest.mark.parametrize("encounter", [stories.SECONDARY, stories.BY_CLAIM])
def test_the_wire_form_is_its_own_wire_form(encounter: Encounter) -> None:
    once = wire_form(outbound(of=encounter, position="S"), partner=PARTNER)
    assert wire_form(once, partner=PARTNER) == once
