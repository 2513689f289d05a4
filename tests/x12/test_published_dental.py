"""Published 837D files: what is right in them is read, written again, and read the same."""

from __future__ import annotations

from uuid import UUID

import pytest

import edi
from app.domain.batch import OutboundClaim
from app.x12.claim_837 import read_claims, write_batch
from tests.x12.claims import structure_alone
from tests.x12.dental_claims import DENTAL_HEADER
from tests.x12.test_published_files import CORPUS

FILES = sorted((CORPUS / "837D").glob("*"))
CLEAN_FILES = 5  # may rise with the corpus
pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not beside this checkout")


def test_claims_of_clean_files_are_written_again_and_read_the_same() -> None:
    clean = 0
    for path in FILES:
        data = path.read_bytes()
        if any(issue.severity == "error" for issue in edi.check(data).issues):
            continue
        clean += 1
        for number, read in enumerate(read_claims(data), start=1):
            assert read.claim is not None
            assert read.patient_control_number is not None
            claim = OutboundClaim(UUID(int=number), read.patient_control_number, read.claim)
            with structure_alone():
                batch = write_batch(DENTAL_HEADER, [claim])
            assert batch.refused == {}, path.name
            (again,) = read_claims(batch.data)
            assert again.claim == read.claim, path.name
    assert clean >= CLEAN_FILES


def test_a_published_predetermination_is_known_as_one() -> None:
    (path,) = [p for p in FILES if "predetermination" in p.name]
    (read,) = read_claims(path.read_bytes())
    assert read.claim is not None
    assert read.claim.encounter.is_predetermination
    assert read.claim.encounter.first_date is None
