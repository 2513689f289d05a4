"""The dental encounter that docs/claims-and-files.md shows is taken, and becomes what it says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from app.documents.encounter import read_encounter
from app.domain.encounter import Encounter
from app.domain.scrub import ScrubContext, scrub
from app.x12.claim_837 import write_batch
from tests.x12.dental_claims import DENTAL_HEADER, dental

PAGE = Path(__file__).parents[2] / "docs" / "claims-and-files.md"
SAID = [
    "CLM*C000000001-1*1080***11:B:1*Y*A*Y*Y",
    "DTP*472*D8*20261006",
    "DN2*1*M****JP",
    "PWK*RB*EL***AC*XRAY1",
    "REF*G3*PD0004",
    "SV3*AD:D2001*180**20**1",
    "TOO*JP*14*M:O",
    "SV3*AD:D6001*900***R*1",
    "DTP*441*D8*20150505",
]


def test_the_documented_dental_encounter_is_a_clean_claim() -> None:
    (shown,) = re.findall(r"^```json dental\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    encounter = read_encounter(shown.encode())
    assert isinstance(encounter, Encounter), encounter
    assert scrub(encounter, ScrubContext(today=date(2026, 11, 23))) == []
    batch = write_batch(DENTAL_HEADER, [dental(of=encounter)])
    segments = [segment.strip() for segment in batch.data.decode().split("~")]
    assert [segment for segment in SAID if segment not in segments] == []
