"""Whatever a dental encounter tells is written, read back equal, without an issue, and is what its
JSON says. pyx12 has no 5010 dental map, so our own check is the only referee.
"""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings

import edi
from app.documents.encounter import encounter_json, read_encounter
from app.domain.claim import positions_due
from app.domain.encounter import Encounter
from app.domain.scrub import ScrubContext, scrub
from app.x12.claim_837 import read_claims, write_batch
from app.x12.wire_form import wire_form
from tests.domain.encounters import TODAY
from tests.x12.claims import PARTNER, outbound
from tests.x12.dental_claims import DENTAL_HEADER
from tests.x12.dental_strategy import dental_encounters

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
OF_THIS_KIND = {"DEN01", "DEN02", "DEN03", "DEN04", "DEN05", "DX02", "DX03", "LIN09"}


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(encounter=dental_encounters())
def test_any_dental_claim_is_written_and_read_back_equal(encounter: Encounter) -> None:
    (position,) = positions_due(encounter)
    claim = outbound(of=encounter, position=position)

    batch = write_batch(DENTAL_HEADER, [claim])

    assert batch.refused == {}
    (read,) = read_claims(batch.data)
    form = wire_form(claim, partner=PARTNER)
    assert read.claim == form.claim
    assert [i for i in edi.check(batch.data).issues if i.severity == "error"] == []


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(encounter=dental_encounters())
def test_any_dental_encounter_is_its_json_and_passes_the_edits_of_its_kind(
    encounter: Encounter,
) -> None:
    assert read_encounter(json.dumps(encounter_json(encounter)).encode()) == encounter
    found = {f.rule_id for f in scrub(encounter, ScrubContext(today=TODAY))}
    assert found & OF_THIS_KIND == set()
