"""Whatever a professional encounter tells is written, read back equal, and faultless to both
validators; and its JSON says the same.
"""

from __future__ import annotations

import json

from hypothesis import HealthCheck, Phase, given, settings

import edi
from app.documents.encounter import encounter_json, read_encounter
from app.domain.claim import positions_due
from app.domain.encounter import Encounter
from app.x12.claim_837 import read_claims, write_batch
from app.x12.wire_form import wire_form
from tests.referee import pyx12_errors
from tests.x12.claims import HEADER, PARTNER, outbound, structure_alone
from tests.x12.professional_strategy import professional_encounters

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # to shrink such a value takes minutes
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(encounter=professional_encounters())
def test_any_professional_claim_is_written_and_read_back_equal(encounter: Encounter) -> None:
    (position,) = positions_due(encounter)
    claim = outbound(of=encounter, position=position)

    with structure_alone():
        batch = write_batch(HEADER, [claim])

    assert batch.refused == {}
    (read,) = read_claims(batch.data)
    form = wire_form(claim, partner=PARTNER)
    assert read.claim == form.claim
    # Drawn claims are well-formed and add up; they need not make sense (SNIP type 4).
    assert [issue for issue in edi.check(batch.data).issues if issue.snip < 4] == []
    # pyx12 takes the certificate of equipment for another paper (validation.md section 2).
    if b"PWK*CT*A" not in batch.data and b"PWK*CT*NS" not in batch.data:
        assert pyx12_errors(batch.data) == []


@settings(max_examples=30, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(encounter=professional_encounters())
def test_any_professional_encounter_is_its_json(encounter: Encounter) -> None:
    assert read_encounter(json.dumps(encounter_json(encounter)).encode()) == encounter
