"""Published 837P files: each claim that is read is written again, and reads back the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.batch import OutboundClaim
from app.x12.claim_837 import read_claims, write_batch
from app.x12.wire_form import wire_form
from tests.x12.claims import HEADER, PARTNER, structure_alone

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "837P"
WRITTEN_AGAIN = 49  # and one whose subscriber has no id; this may only rise


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")
def test_published_claims_are_written_again_and_read_back_the_same() -> None:
    found: Counter[str] = Counter()
    for path in sorted(CORPUS.iterdir()):
        for read in read_claims(path.read_bytes()):
            if read.claim is None:
                continue
            claim = OutboundClaim(UUID(int=1), "C1-1", read.claim)
            with structure_alone():
                batch = write_batch(HEADER, [claim])
            if batch.refused:
                found["refused"] += 1
                continue
            (back,) = read_claims(batch.data)
            assert back.claim == wire_form(claim, partner=PARTNER).claim, path.name
            found["same"] += 1
    assert found["same"] >= WRITTEN_AGAIN
    assert found["refused"] <= 1
