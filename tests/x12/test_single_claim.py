"""One claim of a batch on its own: the same claim, in an interchange that stands alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

import edi
from app.documents.encounter import read_encounter
from app.domain.batch import OutboundClaim
from app.domain.claim import Claim
from app.domain.encounter import ClaimType, Encounter
from app.x12.claim_837 import read_claims, write_batch
from app.x12.kinds import KINDS
from app.x12.single_claim import single_claim
from tests.x12.claims import HEADER, PARTNER

FOLDER = Path(__file__).parents[2] / "fixtures" / "encounters"


def _demo_claims(kind: ClaimType = ClaimType.PROFESSIONAL) -> list[OutboundClaim]:
    claims = []
    for number, path in enumerate(sorted(FOLDER.glob("*.json")), start=1):
        if path.name.startswith("held-") or path.name.endswith(".expected.json"):
            continue
        encounter = read_encounter(path.read_bytes())
        assert isinstance(encounter, Encounter)
        if encounter.claim_type is kind:
            claims.append(OutboundClaim(UUID(int=number), f"C{number:09d}-1", Claim(encounter)))
    return claims


@pytest.mark.parametrize("line_end", ["\n", ""])
@pytest.mark.parametrize("most", [5000, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_each_claim_of_a_batch_stands_alone(kind: ClaimType, line_end: str, most: int) -> None:
    partner = replace(PARTNER, line_end=line_end, claims_per_transaction=most)
    batch = write_batch(replace(HEADER, partner=partner, claim_type=kind), _demo_claims(kind))
    assert batch.refused == {}
    together = {claim.patient_control_number: claim.claim for claim in read_claims(batch.data)}
    assert len(together) == len(batch.positions)
    for position in batch.positions:
        alone = single_claim(batch.data, position)
        (claim,) = read_claims(alone)
        assert claim.claim == together.pop(claim.patient_control_number)
        (report,) = [edi.check(alone)]
        assert [issue.code for issue in report.issues if issue.severity == "error"] == []
        assert alone[:106] == batch.data[:106]
    assert together == {}


def test_a_transaction_set_that_is_not_there_is_told() -> None:
    batch = write_batch(HEADER, _demo_claims()[:1])
    position = replace(batch.positions[0], transaction_control_number="9999")
    with pytest.raises(LookupError, match="transaction set"):
        single_claim(batch.data, position)
