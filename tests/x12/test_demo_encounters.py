"""The demo encounters as a claim file: pyx12 finds nothing, payers answer as the table says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

import edi
from app.documents.encounter import read_encounter
from app.domain.ack import ClaimAck, claim_stage
from app.domain.batch import BatchHeader, OutboundClaim
from app.domain.claim import Claim, patient_control_number, positions_due
from app.domain.encounter import ClaimType
from app.domain.finding import blocking
from app.domain.outcome import classify
from app.domain.remittance import ClaimPayment
from app.domain.scrub import ScrubContext, scrub
from app.simulator.answers import Reply
from app.simulator.clearinghouse import reply
from app.x12.acknowledgment import read_acknowledgments
from app.x12.claim_837 import WrittenBatch, write_batch
from app.x12.remittance_835 import read_payments, read_remittances
from tests.referee import pyx12_errors
from tests.x12.claims import HEADER

FIXTURES = Path(__file__).parents[2] / "fixtures" / "encounters"
NAMES = sorted(p.stem for p in FIXTURES.glob("*.json") if not p.name.endswith(".expected.json"))
TODAY = date(2026, 11, 23)

# What pyx12 4.0.0 finds in right files by its own faults (domain/validation.md section 2): it takes
# the certificate of equipment (PWK*CT*AB) for another paper.
FAULTS_OF_PYX12 = {"PWK02 7 (AB) is not a valid code for Attachment Transmission Code (PWK02)"}


@cache
def clean_claims() -> dict[str, OutboundClaim]:
    """The encounters that the edits let pass, by name."""
    claims = {}
    for number, name in enumerate(NAMES, start=1):
        encounter = read_encounter((FIXTURES / f"{name}.json").read_bytes())
        assert not isinstance(encounter, list), (name, encounter)
        claim = Claim(
            encounter,
            responsibility=positions_due(encounter)[0],
            frequency=encounter.claim_frequency_code,
            payer_claim_control_number=encounter.claim_control_number,
        )
        context = ScrubContext(today=TODAY, payer_served=lambda _: None)
        if not blocking(scrub(encounter, context)):
            pcn = patient_control_number(root=number, attempt=1)
            claims[name] = OutboundClaim(UUID(int=number), pcn, claim)
    return claims


@cache
def batch(kind: ClaimType) -> WrittenBatch:
    header = BatchHeader(
        HEADER.partner,
        HEADER.numbers,
        kind,
        "T",
        datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    )
    claims = clean_claims().values()
    return write_batch(header, [c for c in claims if c.claim.encounter.claim_type is kind])


BILLED = sorted({c.claim.encounter.claim_type for c in clean_claims().values()})


@cache
def replies() -> list[Reply]:
    """What comes back for the batch of each kind."""
    return [reply(batch(kind).data) for kind in BILLED]


def expected(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((FIXTURES / f"{name}.expected.json").read_bytes())
    return found


def test_every_clean_claim_is_written() -> None:
    assert [batch(kind).refused for kind in BILLED] == [{}] * len(BILLED)
    assert sum(len(batch(kind).positions) for kind in BILLED) == len(clean_claims()) >= 30


@pytest.mark.parametrize("kind", BILLED)
def test_our_own_check_finds_no_error(kind: ClaimType) -> None:
    issues = edi.check(batch(kind).data).issues
    assert [issue for issue in issues if issue.severity == "error"] == []


@pytest.mark.parametrize("kind", [k for k in BILLED if k is not ClaimType.DENTAL])
def test_the_file_passes_pyx12_which_has_no_dental_map(kind: ClaimType) -> None:
    assert set(pyx12_errors(batch(kind).data)) - FAULTS_OF_PYX12 == set()


@cache
def payments() -> dict[str, ClaimPayment]:
    return {
        item.patient_control_number: item
        for given in replies()
        for file in given.answers
        if "-835-" in file.name
        for _, item in read_payments(file.data)
        if isinstance(item, ClaimPayment)
    }


@cache
def payer_stages() -> dict[str, str]:
    return {
        status.patient_control_number: claim_stage(status, source_entity=ack.source_entity)[0]
        for given in replies()
        for file in given.answers
        if "-277CA-PR-" in file.name
        for ack in read_acknowledgments(file.data)
        if isinstance(ack, ClaimAck)
        for status in ack.claims
    }


@pytest.mark.parametrize("name", sorted(clean_claims()))
def test_the_payer_answers_each_claim_as_its_story_says(name: str) -> None:
    story, number = expected(name), clean_claims()[name].patient_control_number
    payment = payments().get(number)
    if payment is None:
        assert story["stage"] in {"REJECTED", "FILE_REJECTED", "FILE_ACCEPTED"}
        assert payer_stages().get(number) == {"REJECTED": "REJECTED"}.get(story["stage"])
        return
    if clean_claims()[name].claim.encounter.is_predetermination:
        assert (payment.status, payment.paid, story["stage"]) == ("25", 0, "PREDETERMINED")
        assert payment.imbalances == ()
        return
    if name.startswith("out-of-balance-"):  # it waits, and the claim stays where it was
        assert (bool(payment.imbalances), story["stage"]) == (
            name == "out-of-balance-claim",
            "ACCEPTED_PAYER",
        )
        return
    sums = dict.fromkeys(("CO-45", "PR", "CO-97", "CO-197", "OA-23"), Decimal(0))
    for adjustment in payment.all_adjustments:
        group, reason = adjustment.group, adjustment.reason
        sums["PR" if group == "PR" else f"{group}-{reason}"] += adjustment.amount
    assert {
        "stage": classify(payment).stage,
        "paid": f"{payment.paid:.2f}",
        "adjusted": f"{sums['CO-45']:.2f}",
        "patient": f"{sums['PR']:.2f}",
        "open": f"{sums['CO-97'] + sums['CO-197'] + sums['OA-23']:.2f}",
    } == story


def test_every_remittance_of_the_demo_balances_but_the_two_that_are_meant_not_to() -> None:
    out_of_balance = []
    for given in replies():
        files = [f for f in given.answers if "-835-" in f.name]
        told = {f.name: list(read_remittances(f.data)) for f in files}
        out_of_balance += [r.imbalances for some in told.values() for r in some if r.imbalances]
        firsts = [r for name, some in told.items() for r in some if "-again" not in name]
        assert sum(r.deposit for r in firsts) == sum(d.amount for d in given.deposits)
    [[fault]] = out_of_balance
    assert (fault.level, fault.found - fault.expected) == ("transaction", Decimal("0.01"))
    [claim] = [p for p in payments().values() if p.imbalances]
    assert claim.patient_control_number == (
        clean_claims()["out-of-balance-claim"].patient_control_number
    )
