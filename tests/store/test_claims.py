"""Encounters and claims: stored once, revised in versions, found by the numbers they travel by."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from app.documents.encounter import canonical_bytes
from app.domain.errors import NotFound
from app.domain.finding import Finding, Severity
from app.domain.ledger import Account
from app.domain.lifecycle import Evidence, ReportedBy, Stage, State
from app.domain.money import ZERO
from app.flows.claims import build_claims
from app.flows.intake import Taken, take_encounter
from app.flows.ports import Added, Amounts, ClaimFilter, Folded, ShownClaim, Tenant
from tests.store.practice import CLOCK, ENCOUNTERS, Practice, an_encounter

D = Decimal


def test_encounters_come_back_as_they_were_and_their_claims_with_them(
    practice: Practice,
) -> None:
    for path in ENCOUNTERS:
        encounter = an_encounter(path)
        claim = practice.claim(encounter)
        with practice.work() as uow:
            stored = uow.encounters.get(claim.encounter_id)
            assert stored is not None
            assert stored.encounter == encounter
            found = uow.encounters.find(
                source_system=encounter.source_system, external_id=encounter.external_id
            )
            assert found == stored
            [(again, snapshot)] = uow.claims.to_send([claim.id])
            assert again == claim
            assert snapshot.encounter == encounter
        assert claim.charge == encounter.total_charge
        assert [(x.line_control_number, x.charge) for x in claim.lines] == [
            (x.line_id, x.charge) for x in encounter.service_lines
        ]


def test_the_same_encounter_again_changes_nothing(practice: Practice) -> None:
    encounter = an_encounter()
    first = practice.claim(encounter)
    assert practice.claim(encounter) == first
    with practice.work() as uow:
        content = canonical_bytes(encounter)
        known = uow.encounters.get(first.encounter_id)
        assert known is not None
        again = uow.encounters.add(encounter, content=content, content_hash=known.content_hash)
        assert (again.id, again.version) == (known.id, 1)
        version = uow.encounters.add_version(
            known.id, encounter, content=content, content_hash=known.content_hash
        )
        assert version == known
        assert uow.journal.trial_balance()[Account.CHARGES] == -encounter.total_charge


def test_a_correction_before_it_left_is_a_version_with_the_same_numbers(
    practice: Practice,
) -> None:
    encounter = an_encounter()
    first = practice.claim(encounter)
    line = encounter.service_lines[0]
    dearer = replace(
        encounter,
        service_lines=(
            replace(line, charge=line.charge + D("10.10")),
            replace(line, line_id="L-new", charge=D("0.90")),
            *encounter.service_lines[1:],
        ),
        total_charge=encounter.total_charge + D("11.00"),
    )
    with practice.work() as uow:
        assert take_encounter(uow, dearer).taken is Taken.REVISED
        [claim] = uow.claims.of_encounter(first.encounter_id)
        stored = uow.encounters.get(first.encounter_id)
    assert stored is not None
    assert stored.version == 2
    assert claim.version == 2
    assert claim.patient_control_number == first.patient_control_number
    assert claim.submission_id == first.submission_id
    assert claim.lines[0].id == first.lines[0].id
    assert claim.lines[0].charge_id == first.lines[0].charge_id
    with practice.work() as uow:
        take_encounter(uow, encounter)
        balance = uow.journal.trial_balance()
        [third] = uow.claims.of_encounter(first.encounter_id)
    assert balance[Account.RECEIVABLE_PAYER] == encounter.total_charge
    assert [line.id for line in third.lines] == [line.id for line in first.lines]


def test_two_lines_of_one_number_are_two_receivables(practice: Practice) -> None:
    encounter = an_encounter()
    line = encounter.service_lines[0]
    claim = practice.claim(replace(encounter, service_lines=(line, line)))
    assert claim.stage is Stage.NEEDS_INFO
    assert "LIN15" in {finding.rule_id for finding in claim.findings}
    assert len({line.charge_id for line in claim.lines}) == 2
    with practice.work() as uow:
        assert uow.journal.trial_balance()[Account.RECEIVABLE_PAYER] == 2 * line.charge


def test_a_claim_is_found_by_number_stage_and_page(practice: Practice) -> None:
    claims = [practice.claim(an_encounter(path)) for path in ENCOUNTERS[:5]]
    ordered = sorted(claims, key=lambda claim: claim.id)
    with practice.work() as uow:
        assert uow.claims.search(ClaimFilter(), limit=3, after=None) == ordered[:3]
        assert uow.claims.search(ClaimFilter(), limit=9, after=ordered[2].id) == ordered[3:]
        number = claims[1].patient_control_number
        by_number = ClaimFilter(patient_control_number=number)
        assert uow.claims.search(by_number, limit=9, after=None) == [claims[1]]
        ready = [claim.id for claim in ordered if claim.stage is Stage.READY]
        assert ready
        assert uow.claims.ready(limit=9) == ready
        found = uow.claims.search(ClaimFilter(stage="READY"), limit=9, after=None)
        assert [claim.id for claim in found] == ready
        assert uow.claims.by_patient_control_number([number, "C9-9", "\0"]) == {number: claims[1]}
        submissions = [claim.submission_id for claim in claims]
        assert uow.claims.shown(submissions) == {
            c.submission_id: ShownClaim(c.id, c.submission_id, c.frequency, c.stage) for c in claims
        }


def test_projections_add_up_to_the_cent_and_only_on_the_claim_they_name(
    practice: Practice,
) -> None:
    claim = practice.claim(an_encounter())
    other = practice.claim(an_encounter(ENCOUNTERS[1]))
    line = claim.lines[0].id
    part = Amounts(D("0.10"), D("0.20"), D("0.30"))
    nothing = Amounts(ZERO, ZERO, ZERO)
    state = State(
        Stage.PAID,
        Evidence(Stage.PAID, ReportedBy.PAYER, CLOCK.now(), kind="835", code="CLP02=1"),
    )
    with practice.work() as uow:
        added = Added(claim.id, part, {line: part})
        uow.claims.add_amounts([added])
        uow.claims.add_amounts([added, Added(other.id, nothing, {line: part}), added])
        uow.claims.project([Folded(claim.id, state, "ICN1")])
        uow.claims.project([Folded(claim.id, state)])  # brings no number, and takes none away
        finding = Finding("CLM02", Severity.WARNING, 3, "/totalCharge", "looks odd", value="1.00")
        uow.claims.set_findings(claim.id, [finding])
    with practice.work() as uow:
        after = uow.claims.get(claim.id)
        assert uow.claims.get(other.id) == other
    assert after is not None
    assert (after.paid, after.adjusted, after.patient_responsibility) == (
        D("0.30"),
        D("0.60"),
        D("0.90"),
    )
    assert after.lines[0].paid == D("0.30")
    assert after.stage is Stage.PAID
    assert after.reported_by == "PAYER"
    assert after.as_of == CLOCK.now().isoformat()
    assert after.payer_claim_control_number == "ICN1"
    assert after.findings == (finding,)


def test_another_tenant_sees_nothing(practice: Practice, neighbour: Tenant) -> None:
    claim = practice.claim(an_encounter())
    with practice.units(neighbour.id, actor="test") as uow:
        assert uow.claims.get(claim.id) is None
        assert uow.claims.of_encounter(claim.encounter_id) == []
        assert uow.claims.search(ClaimFilter(), limit=9, after=None) == []
        assert uow.claims.to_send([claim.id]) == []
        assert uow.claims.by_patient_control_number([claim.patient_control_number]) == {}
        assert uow.claims.shown([claim.submission_id]) == {}
        assert uow.claims.ready(limit=9) == []
        assert uow.encounters.get(claim.encounter_id) is None
        assert uow.evidence.timeline(claim.id) == []
        assert uow.evidence.of_submissions([claim.submission_id]) == {claim.submission_id: []}
        assert uow.payers.find(str(claim.payer_id)) is None
        assert set(uow.journal.trial_balance().values()) == {ZERO}
        one = Amounts(D(1), D(1), D(1))
        uow.claims.add_amounts([Added(claim.id, one, {claim.lines[0].id: one})])
        uow.claims.project([Folded(claim.id, State(Stage.DENIED, None))])
        with pytest.raises(NotFound):
            build_claims(uow, claim.encounter_id)
    with practice.work() as uow:
        assert uow.claims.get(claim.id) == claim


def test_a_unit_of_work_of_no_tenant_does_not_open(practice: Practice) -> None:
    with (
        pytest.raises(NotFound, match="there is no tenant ten_"),
        practice.units(uuid4(), actor="test"),
    ):
        raise AssertionError("it opened")
