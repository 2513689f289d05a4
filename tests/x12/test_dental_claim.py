"""A dental encounter becomes an 837D, which reads back as what was meant (837.md 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import edi
from app.domain.dental import DentalTreatment, Orthodontics, Tooth
from app.domain.encounter import Encounter
from app.x12.claim_837 import read_claims, write_batch
from app.x12.single_claim import single_claim
from tests.x12.dental_claims import (
    DENTAL,
    DENTAL_HEADER,
    FILLING,
    FULL_DENTAL,
    PREDETERMINATION,
    WITH_ASSISTANT,
    dental,
)

ALL = {
    "plain": DENTAL,
    "full": FULL_DENTAL,
    "predetermination": PREDETERMINATION,
    "assistant": WITH_ASSISTANT,
}


def written(*encounters: Encounter) -> list[str]:
    """The segments of the claims, as a file with these alone holds them."""
    claims = [dental(n, of=e) for n, e in enumerate(encounters, start=1)]
    batch = write_batch(DENTAL_HEADER, claims)
    assert batch.refused == {}
    return [segment.strip() for segment in batch.data.decode().split("~")]


@pytest.mark.parametrize("name", ALL)
def test_what_is_written_has_no_issue_and_reads_back(name: str) -> None:
    batch = write_batch(DENTAL_HEADER, [dental(of=ALL[name])])
    assert batch.refused == {}
    assert edi.check(batch.data).issues == []
    (claim,) = read_claims(batch.data)
    assert claim.claim is not None
    assert claim.claim.encounter.claim_type == "dental"
    (position,) = batch.positions
    (alone,) = read_claims(single_claim(batch.data, position))
    assert alone.claim == claim.claim


SEGMENTS = [
    ("plain", "CLM*C000000001-1*225***11:B:1*Y*A*Y*Y"),
    ("plain", "DTP*472*D8*20261005"),
    ("plain", "SV3*AD:D2001*180**20**1"),
    ("plain", "TOO*JP*14*M:O"),
    ("predetermination", "CLM*C000000001-1*900***11:B:1*Y*A*Y*Y**********PB"),
    ("predetermination", "SV3*AD:D6001*900***I*1"),
    ("assistant", "NM1*DD*1*ASSIST*ASA****XX*1669457891"),
    ("assistant", "PRV*AS*PXC*1223S0112X"),
    ("full", "CLM*C000000001-1*1110***11:B:7*Y*A*Y*Y**AA:OA::NY*01********3"),
    ("full", "DTP*452*D8*20260902"),
    ("full", "DN1*24*20"),
    ("full", "DN2*8*M****JP"),
    ("full", "PWK*RB*EL***AC*ATT1"),
    ("full", "PWK*DA*AA"),
    ("full", "CN1*02*10.5*5*C1*2.5*V1"),
    ("full", "REF*G3*PD1"),
    ("full", "REF*G1*PA1"),
    ("full", "NTE*ADD*NOTE 5"),
    ("full", "HI*ABK:K0262*ABF:K029*ABF:K0381*ABF:K045"),
    ("full", "PRV*RF*PXC*1223E0200X"),
    ("full", "NM1*P3*1*PRIMER*RAE****XX*1669457891"),
    ("full", "SV3*AD:D2001*180**20**1*****1:2:3:4"),
    ("full", "SV3*AD:D6001*900*22*10:R*R*1"),
    ("full", "DTP*472*RD8*20261006-20261007"),
    ("full", "DTP*139*D8*20150505"),
    ("full", "DTP*446*D8*20260102"),
    ("full", "DTP*196*D8*20260103"),
    ("full", "DTP*198*D8*20260104"),
    ("full", "SV3*AD:D1001*30****2"),
    ("full", "AMT*T*0.5"),
]


@pytest.mark.parametrize(("name", "segment"), SEGMENTS)
def test_each_fact_stands_in_its_segment(name: str, segment: str) -> None:
    assert segment in written(ALL[name])


def test_a_predetermination_names_no_day_of_service() -> None:
    assert not [s for s in written(PREDETERMINATION) if s.startswith("DTP*472")]


def test_the_claims_day_is_said_once() -> None:
    lines = tuple(replace(line, service_date=date(2026, 10, 5)) for line in DENTAL.service_lines)
    repeated = replace(DENTAL, service_lines=lines)
    assert written(repeated) == written(DENTAL)
    assert sum(s.startswith("DTP*472") for s in written(repeated)) == 1


def test_a_known_prior_placement_is_not_an_estimated_one() -> None:
    crown = FULL_DENTAL.service_lines[1]
    assert crown.dental is not None
    known = replace(crown, dental=replace(crown.dental, prior_placement_estimated=False))
    segments = written(
        replace(FULL_DENTAL, service_lines=(FILLING, known), total_charge=Decimal(1080))
    )
    assert "DTP*441*D8*20150505" in segments
    assert not [s for s in segments if s.startswith("DTP*139")]


def test_orthodontics_of_unknown_length_say_so() -> None:
    day = date(2026, 10, 5)
    unknown = DentalTreatment(service_date=day, orthodontics=Orthodontics(indicator="Y"))
    assert "DN1****Y" in written(replace(DENTAL, dental=unknown))


def test_teeth_of_one_line_stand_each_in_a_segment_of_its_own() -> None:
    assert FILLING.dental is not None
    many = tuple(Tooth(number) for number in ("1", "32", "A", "T", "51", "82", "AS", "TS"))
    line = replace(FILLING, dental=replace(FILLING.dental, teeth=many))
    segments = written(replace(DENTAL, service_lines=(line, DENTAL.service_lines[1])))
    assert [s for s in segments if s.startswith("TOO")] == [f"TOO*JP*{t.number}" for t in many]


def test_a_fifth_diagnosis_has_no_place() -> None:
    five = (*FULL_DENTAL.diagnoses, FULL_DENTAL.diagnoses[0])
    claim = dental(of=replace(FULL_DENTAL, diagnoses=five))
    batch = write_batch(DENTAL_HEADER, [claim])
    (finding,) = batch.refused[claim.submission_id]
    assert finding.pointer == "/diagnoses/4"
