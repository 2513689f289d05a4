"""What of an encounter one payer is told, and what holds a claim that cannot be spelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.batch import OutboundClaim
from app.domain.encounter import Encounter, Patient
from app.domain.party import Person, Provider
from app.x12.wire_form import RefusedClaim, wire_form
from tests.x12.claims import (
    ACME,
    ANN,
    CLINIC,
    DANA,
    FULL,
    PARTNER,
    SPOUSE_PAY,
    VISIT,
    covered,
    dx,
    outbound,
)


def sent(outbound_claim: OutboundClaim) -> Encounter:
    form = wire_form(outbound_claim, partner=PARTNER)
    assert isinstance(form, OutboundClaim)
    return form.claim.encounter


def held(outbound_claim: OutboundClaim) -> list[str]:
    form = wire_form(outbound_claim, partner=PARTNER)
    assert isinstance(form, RefusedClaim)
    assert {finding.rule_id for finding in form.findings} == {"ENV04"}
    return [finding.pointer for finding in form.findings]


def test_the_wire_form_of_a_wire_form_is_itself() -> None:
    once = wire_form(outbound(of=FULL), partner=PARTNER)
    assert isinstance(once, OutboundClaim)
    assert wire_form(once, partner=PARTNER) == once


def test_ids_of_the_source_system_stay_at_home() -> None:
    encounter = sent(outbound(of=FULL))
    assert (encounter.source_system, encounter.external_id) == ("", "")
    assert encounter.patient.external_id is None


def test_a_later_payer_is_told_for_information_when_it_is_named_in_full() -> None:
    assert [c.payer_id for c in sent(outbound(of=FULL)).coverages] == ["60054", "87726"]
    half = replace(FULL.coverages[1], payer_name=None)
    told = sent(outbound(of=FULL, coverages=(FULL.coverages[0], half)))
    assert [c.payer_id for c in told.coverages] == ["60054"]


def test_a_dependents_subscriber_travels_with_name_and_id_alone() -> None:
    coverage = sent(outbound(coverages=(SPOUSE_PAY,))).coverages[0]
    assert coverage.subscriber == Person("PAT", "SAMPLE")
    assert coverage.relationship == "01"


def test_a_dependent_with_an_own_member_id_is_sent_as_the_subscriber() -> None:
    own = replace(SPOUSE_PAY, patient_has_own_id=True, subscriber_ssn="123456780")
    coverage = sent(outbound(coverages=(own,))).coverages[0]
    assert (coverage.relationship, coverage.subscriber, coverage.subscriber_ssn) == (
        "18",
        None,
        None,
    )


def test_medicare_is_told_no_social_security_number() -> None:
    assert sent(outbound(of=FULL)).coverages[0].subscriber_ssn == "123456780"
    medicare = covered(claim_filing_code="MB", subscriber_ssn="123456780")
    assert sent(outbound(coverages=medicare)).coverages[0].subscriber_ssn is None


SAID_ONCE: list[tuple[str, dict[str, Any], str]] = [
    ("pay_to_address", {"pay_to_address": CLINIC}, "the billing provider's own address"),
    ("service_facility", {"service_facility": replace(ACME)}, "the billing provider's own place"),
    ("rendering_provider", {"rendering_provider": replace(ACME)}, "the billing provider"),
]


@pytest.mark.parametrize(("member", "changes", "why"), SAID_ONCE)
def test_what_repeats_the_billing_provider_is_left_out(
    member: str, changes: dict[str, Any], why: str
) -> None:
    assert getattr(sent(outbound(**changes)), member) is None, why


def test_a_line_says_only_what_differs_from_the_claim() -> None:
    line = replace(
        VISIT, place_of_service="11", service_date_end=date(2026, 10, 5), rendering_provider=DANA
    )
    assert sent(outbound(service_lines=(line,))).service_lines == (VISIT,)


def test_a_line_of_the_billing_provider_under_another_rendering_provider_says_so() -> None:
    solo = Provider("1234567893", first_name="SOLO", last_name="DOCTOR")
    line = replace(VISIT, rendering_provider=solo)
    assert sent(outbound(service_lines=(line,))).service_lines[0].rendering_provider == solo


def test_an_amount_of_nothing_paid_is_not_sent() -> None:
    assert sent(outbound(patient_paid=Decimal("0.00"))).patient_paid == 0


def test_names_are_spelled_plainly() -> None:
    person = replace(ANN, first_name="  Zoë ", last_name="Muñoz", middle_name=" ")
    spelled = sent(outbound(patient=Patient("P-1", person))).patient.person
    assert (spelled.first_name, spelled.last_name, spelled.middle_name) == ("ZOE", "MUNOZ", None)


HELD: list[tuple[dict[str, Any], list[str]]] = [
    ({"patient": Patient("P-1", replace(ANN, last_name="O*NEIL"))}, ["/patient/lastName"]),
    ({"claim_note": "SEE ~ BELOW"}, ["/claimNote"]),
    ({"diagnoses": dx("E119", "I:10")}, ["/diagnoses/1/code"]),
    (
        {"service_lines": (VISIT, replace(VISIT, line_id="2^"))},
        ["/serviceLines/1/lineId"],
    ),
    (
        {"billing_provider": replace(ACME, address=replace(CLINIC, address1="路 2"))},
        ["/billingProvider/address/address1"],
    ),
]


@pytest.mark.parametrize(("changes", "pointers"), HELD)
def test_what_cannot_be_spelled_holds_the_claim_and_says_where(
    changes: dict[str, Any], pointers: list[str]
) -> None:
    assert held(outbound(**changes)) == pointers


def test_a_finding_points_to_the_coverage_where_the_encounter_has_it() -> None:
    second = covered(responsibility="S", member_id="X1")
    first = covered(group_number="G*1")
    assert held(outbound(coverages=second + first)) == ["/coverages/1/groupNumber"]
    assert held(outbound(coverages=second + first, position="S")) == ["/coverages/1/groupNumber"]
    asked = sent(outbound(coverages=second + covered(), position="S")).coverages
    assert [c.member_id for c in asked] == ["X1", "W123456789"]


def test_a_held_claim_shows_no_value() -> None:
    form = wire_form(outbound(claim_note="SECRET~NOTE"), partner=PARTNER)
    assert isinstance(form, RefusedClaim)
    assert "SECRET" not in str(form.findings)
