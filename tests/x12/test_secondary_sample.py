"""The verified sample: out of its primary 835 comes its secondary 837P, segment by segment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.claim import Claim
from app.domain.encounter import Encounter
from app.domain.next_payer import Adjudicated, with_decision
from app.domain.remittance import ClaimPayment
from app.x12.claim_837 import read_claims, write_batch
from app.x12.remittance_835 import read_payments, read_remittances
from tests.referee import pyx12_errors
from tests.x12.claims import HEADER, outbound

SAMPLES = Path(__file__).parents[3] / "shared" / "domain" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")


def undecided(e: Encounter) -> Encounter:
    """The encounter before any payer had spoken."""
    return replace(
        e,
        coverages=tuple(replace(c, decision=None) for c in e.coverages),
        service_lines=tuple(replace(line, decisions=()) for line in e.service_lines),
    )


def adjudicated(e: Encounter) -> Adjudicated:
    data = (SAMPLES / "835.edi").read_bytes()
    (remittance,) = read_remittances(data)
    (payment,) = [item for _, item in read_payments(data) if isinstance(item, ClaimPayment)]
    places = {line.line_control_number: n for n, line in enumerate(e.service_lines)}
    lines = {s.ordinal: places[s.line_control_number or ""] for s in payment.services}
    return Adjudicated(UUID(int=1), payment, remittance, lines)


def test_the_sample_comes_out_of_its_remittance() -> None:
    sample = (SAMPLES / "837p_secondary.edi").read_bytes()
    (expected,) = read_claims(sample)
    bare = undecided(expected.claim.encounter)
    told = with_decision(bare, "P", [adjudicated(bare)])
    written = write_batch(HEADER, [outbound(of=told, position="S")])
    assert written.refused == {}
    assert pyx12_errors(written.data) == []
    (read,) = read_claims(written.data)
    assert read.claim == Claim(
        expected.claim.encounter, expected.claim.responsibility, expected.claim.frequency
    )
