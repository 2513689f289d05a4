"""Each edit has a story that it stops and a near miss that it lets pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.domain.claim import Claim, positions_due
from app.domain.claim_details import ClaimDates, Diagnosis
from app.domain.edits import EDITS, Edit, Fault, Place
from app.domain.edits.edit import edit
from app.domain.encounter import ClaimType, Encounter
from app.domain.finding import Severity, blocking
from app.domain.formats import is_npi
from app.domain.party import Provider
from app.domain.procedure import Procedure
from app.domain.scrub import ScrubContext, scrub
from tests.domain import cob_stories, dental_stories, institutional_stories, professional_stories
from tests.domain.encounters import (
    CLEAN,
    OTHER_PERSON,
    SECOND,
    TODAY,
    billing,
    billing_address,
    coverage,
    line,
    person,
)

CONTEXT = ScrubContext(today=TODAY)
NOT_SERVED = replace(CONTEXT, payer_served={"60054": False}.get)
SERVED = replace(CONTEXT, payer_served={"60054": True}.get)


def numbered(number: str, **more: object) -> ScrubContext:
    return replace(CONTEXT, patient_control_number=number, **more)  # type: ignore[arg-type]


def dated(**dates: date) -> ClaimDates:
    return ClaimDates(**dates)


def dx(*codes: str) -> tuple[Diagnosis, ...]:
    return tuple(map(Diagnosis, codes))


def dead(day: date) -> Encounter:
    return replace(CLEAN, patient=replace(CLEAN.patient, date_of_death=day))


def rendering(**changes: object) -> Encounter:
    return replace(CLEAN, rendering_provider=Provider(**changes))  # type: ignore[arg-type]


DAY = date(2026, 10, 5)
Story = tuple[str, Encounter, str, ScrubContext]
MEDICARE = coverage(claim_filing_code="MB", member_id="1EG4TE5MK73")

# (edit, encounter, pointer of the finding, context)
FIRES: list[Story] = [
    ("BIL01", billing(npi=None), "/billingProvider/npi", CONTEXT),
    ("BIL01", billing(npi="1234567890"), "/billingProvider/npi", CONTEXT),
    ("BIL01", billing(npi="123456789"), "/billingProvider/npi", CONTEXT),
    ("BIL02", billing(employer_id=None), "/billingProvider/employerId", CONTEXT),
    ("BIL02", billing(employer_id="51-2345678"), "/billingProvider/employerId", CONTEXT),
    ("BIL02", billing(employer_id="000000000"), "/billingProvider/employerId", CONTEXT),
    ("BIL02", billing(employer_id=None, ssn="900112222"), "/billingProvider/ssn", CONTEXT),
    ("BIL02", billing(ssn="412112222"), "/billingProvider/ssn", CONTEXT),
    ("BIL03", billing(address=None), "/billingProvider/address", CONTEXT),
    ("BIL03", billing_address(address1="P.O. Box 12"), "/billingProvider/address/address1",
     CONTEXT),
    ("BIL03", billing_address(address2="LOCKBOX 7"), "/billingProvider/address/address2", CONTEXT),
    ("BIL04", billing_address(postal_code="12203"), "/billingProvider/address/postalCode", CONTEXT),
    ("BIL04", billing_address(postal_code="122030000"), "/billingProvider/address/postalCode",
     CONTEXT),
    ("SUB01", coverage(member_id=""), "/coverages/0/memberId", CONTEXT),
    ("SUB01", coverage(member_id="W123-456"), "/coverages/0/memberId", CONTEXT),
    ("SUB01", coverage(claim_filing_code="MB"), "/coverages/0/memberId", CONTEXT),
    ("SUB02", coverage(relationship="19"), "/coverages/0/subscriber", CONTEXT),
    ("SUB02", coverage(subscriber=OTHER_PERSON), "/coverages/0/subscriber", CONTEXT),
    ("SUB02", person(address=None), "/patient/address", CONTEXT),
    ("SUB02", person(gender=None), "/patient/gender", CONTEXT),
    ("SUB02", person(date_of_birth=None), "/patient/dateOfBirth", CONTEXT),
    ("SUB03", person(date_of_birth=DAY + timedelta(days=1)), "/patient/dateOfBirth", CONTEXT),
    ("SUB03", person(date_of_birth=date(1901, 10, 5)), "/patient/dateOfBirth", CONTEXT),
    ("SUB03", coverage(relationship="01", subscriber=replace(OTHER_PERSON,
     date_of_birth=date(2027, 1, 1))), "/coverages/0/subscriber/dateOfBirth", CONTEXT),
    ("SUB06", replace(CLEAN, coverages=(*CLEAN.coverages, replace(SECOND, responsibility="P"))),
     "/coverages/1/responsibility", CONTEXT),
    ("SUB06", coverage(responsibility="S"), "/coverages/0/responsibility", CONTEXT),
    ("SUB06", replace(CLEAN, coverages=(*CLEAN.coverages, replace(SECOND, responsibility="T"))),
     "/coverages/1/responsibility", CONTEXT),
    ("PAY01", coverage(payer_id=None), "/coverages/0/payerId", CONTEXT),
    ("PAY01", CLEAN, "/coverages/0/payerId", NOT_SERVED),
    ("PAY01", coverage(payer_name=None), "/coverages/0/payerName", CONTEXT),
    ("CLM01", CLEAN, "", numbered("C000000001-1000000000")),
    ("CLM01", CLEAN, "", numbered("c000000001-1")),
    ("CLM01", CLEAN, "", numbered("C000000001-1", control_number_max=10)),
    ("CLM01", CLEAN, "", numbered("C000000001-1", control_number_taken=lambda number: True)),
    ("CLM02", replace(CLEAN, total_charge=Decimal("225.51")), "/totalCharge", CONTEXT),
    ("CLM02", replace(line(charge=Decimal("-150.00"))), "/totalCharge", CONTEXT),
    ("CLM04", replace(CLEAN, claim_frequency_code="7"), "/claimControlNumber", CONTEXT),
    ("CLM04", replace(CLEAN, claim_control_number="ICN1"), "/claimControlNumber", CONTEXT),
    ("CLM06", replace(CLEAN, related_causes=("OA",)), "/claimDateInformation/accidentDate",
     CONTEXT),
    ("CLM06", replace(CLEAN, dates=dated(accident_date=DAY)), "/relatedCausesCode", CONTEXT),
    ("CLM06", replace(CLEAN, related_causes=("AA",), dates=dated(accident_date=DAY)),
     "/autoAccidentStateCode", CONTEXT),
    ("CLM07", replace(CLEAN, signature_on_file=None), "/signatureOnFile", CONTEXT),
    ("CLM07", replace(CLEAN, accept_assignment=None), "/acceptAssignment", CONTEXT),
    ("CLM07", replace(CLEAN, benefits_assigned=None), "/benefitsAssigned", CONTEXT),
    ("CLM07", replace(CLEAN, release_of_information=None), "/releaseOfInformation", CONTEXT),
    ("CLM10", line(service_date=TODAY + timedelta(days=1)), "/serviceLines/1/serviceDate",
     CONTEXT),
    ("CLM10", line(service_date=TODAY, service_date_end=TODAY + timedelta(days=1)),
     "/serviceLines/1/serviceDateEnd", CONTEXT),
    ("CLM10", dead(DAY - timedelta(days=1)), "/serviceLines/0/serviceDate", CONTEXT),
    ("CLM15", replace(CLEAN, patient_paid=Decimal("225.51")), "/patientPaid", CONTEXT),
    ("CLM15", replace(CLEAN, patient_paid=Decimal("-0.01")), "/patientPaid", CONTEXT),
    ("DX02", replace(CLEAN, diagnoses=dx(*(f"A0{n:02d}" for n in range(13)))), "/diagnoses",
     CONTEXT),
    ("DX02", replace(CLEAN, diagnoses=dx("E11.9", "I10")), "/diagnoses/0/code", CONTEXT),
    ("DX08", replace(CLEAN, diagnoses=(*dx("E119"), Diagnosis("4019", code_list="ICD9"))),
     "/diagnoses/1/codeList", CONTEXT),
    ("DX08", replace(CLEAN, diagnoses=(Diagnosis("A12345", code_list="SNODENT"),)),
     "/diagnoses/0/codeList", CONTEXT),
    ("DX02", replace(CLEAN, diagnoses=dx("E119", "e119")), "/diagnoses/1/code", CONTEXT),
    ("DX03", line(diagnosis_pointers=()), "/serviceLines/1/diagnosisPointers", CONTEXT),
    ("DX03", line(diagnosis_pointers=(3,)), "/serviceLines/1/diagnosisPointers/0", CONTEXT),
    ("DX03", line(diagnosis_pointers=(0,)), "/serviceLines/1/diagnosisPointers/0", CONTEXT),
    ("DX03", line(diagnosis_pointers=(1, 1)), "/serviceLines/1/diagnosisPointers/1", CONTEXT),
    ("LIN03", line(units=Decimal(0)), "/serviceLines/1/units", CONTEXT),
    ("LIN03", line(units=Decimal("-1")), "/serviceLines/1/units", CONTEXT),
    ("LIN04", line(charge=Decimal("0.00")), "/serviceLines/1/charge", CONTEXT),
    ("LIN04", line(charge=Decimal("-5.00")), "/serviceLines/1/charge", CONTEXT),
    ("LIN09", line(service_date_end=DAY - timedelta(days=1)), "/serviceLines/1/serviceDateEnd",
     CONTEXT),
    ("LIN09", line(service_date_end=DAY + timedelta(days=2)), "/serviceLines/1/units", CONTEXT),
    ("LIN09", replace(CLEAN, place_of_service="21", dates=dated(admission_date=DAY +
     timedelta(days=1))), "/serviceLines/0/serviceDate", CONTEXT),
    ("LIN15", line(line_id="1"), "/serviceLines/1/lineId", CONTEXT),
    ("PRV01", rendering(npi="1245319599", organization_name="ACME LAB"),
     "/renderingProvider/organizationName", CONTEXT),
    ("PRV01", rendering(npi=None, last_name="DOCTOR"), "/renderingProvider/npi", CONTEXT),
    ("PRV01", rendering(npi="1234567893", last_name="DOCTOR"), "/renderingProvider/npi", CONTEXT),
    ("PRV01", line(rendering_provider=Provider(npi="1", last_name="ROE")),
     "/serviceLines/1/renderingProvider/npi", CONTEXT),
    *cob_stories.FIRES,
    *institutional_stories.FIRES,
    *dental_stories.FIRES,
    *professional_stories.FIRES,
]  # fmt: skip

# (edit, encounter, what makes it near, context)
NEAR_MISSES: list[Story] = [
    ("BIL01", billing(npi="1245319599"), "another NPI with a right check digit", CONTEXT),
    ("BIL02", billing(employer_id=None, ssn="412112222"), "a sole proprietor's SSN", CONTEXT),
    ("BIL03", billing_address(address1="12 BOXWOOD POLE RD"), "a street named like a box", CONTEXT),
    ("BIL04", billing_address(postal_code="122039998"), "a filler that payers take", CONTEXT),
    ("SUB01", MEDICARE, "a Medicare id where Medicare pays", CONTEXT),
    ("SUB02", coverage(relationship="19", subscriber=OTHER_PERSON), "a child's parent", CONTEXT),
    ("SUB02", coverage(relationship="01", patient_has_own_id=True), "a spouse with an own id",
     CONTEXT),
    ("SUB02", coverage(subscriber=CLEAN.patient.person), "self, named twice alike", CONTEXT),
    ("SUB03", person(date_of_birth=DAY), "born on the day of the service", CONTEXT),
    ("SUB03", person(date_of_birth=date(1901, 10, 6)), "125 tomorrow", CONTEXT),
    ("SUB06", replace(CLEAN, coverages=(SECOND, *CLEAN.coverages)), "S listed before P", CONTEXT),
    ("PAY01", CLEAN, "a payer nobody has decided about", CONTEXT),
    ("PAY01", CLEAN, "a payer that is served", SERVED),
    ("CLM01", CLEAN, "twenty characters", numbered("C000000001-123456789")),
    ("CLM02", replace(CLEAN, total_charge=Decimal("225.5")), "the same sum, one decimal", CONTEXT),
    ("CLM04", replace(CLEAN, claim_frequency_code="7", claim_control_number="ICN1"),
     "a replacement with its number", CONTEXT),
    ("CLM06", replace(CLEAN, related_causes=("AA",), auto_accident_state="NY",
     dates=dated(accident_date=DAY)), "an auto accident with date and state", CONTEXT),
    ("CLM07", replace(CLEAN, signature_on_file=False), "no signature, but stated", CONTEXT),
    ("CLM10", line(service_date=TODAY), "today", CONTEXT),
    ("CLM10", dead(DAY), "died on the day of the service", CONTEXT),
    ("CLM15", replace(CLEAN, patient_paid=Decimal("225.50")), "the whole total", CONTEXT),
    ("DX02", replace(CLEAN, diagnoses=dx(*(f"A0{n:02d}" for n in range(12)))), "twelve", CONTEXT),
    ("DX08", replace(CLEAN, service_lines=(
        replace(CLEAN.service_lines[0], service_date=date(2015, 9, 30)),), diagnoses=(
        Diagnosis("4019", code_list="ICD9"),)), "ICD-9 of its day", CONTEXT),
    ("DX03", line(diagnosis_pointers=(2, 1)), "two, the other way round", CONTEXT),
    ("LIN03", line(units=Decimal("0.5")), "half a unit", CONTEXT),
    ("LIN04", line(charge=Decimal("0.00"), procedure=Procedure("G8891")),
     "a quality code that costs nothing", CONTEXT),
    ("LIN09", line(service_date_end=DAY + timedelta(days=1)), "two days, two units", CONTEXT),
    ("LIN09", replace(CLEAN, dates=dated(admission_date=DAY + timedelta(days=1))),
     "an office visit before the admission", CONTEXT),
    ("LIN15", line(line_id="11"), "an id that begins alike", CONTEXT),
    ("PRV01", replace(CLEAN, rendering_provider=None), "the group alone", CONTEXT),
    ("PRV01", replace(CLEAN, billing_provider=Provider(npi="1245319599", last_name="DOCTOR",
     employer_id="512345678", address=CLEAN.billing_provider.address)),
     "a doctor who bills in own name", CONTEXT),
    *cob_stories.NEAR_MISSES,
    *institutional_stories.NEAR_MISSES,
    *dental_stories.NEAR_MISSES,
    *professional_stories.NEAR_MISSES,
]  # fmt: skip

ASKED_FOR = [
    "BIL01", "BIL02", "BIL03", "BIL04", "SUB01", "SUB02", "SUB03", "SUB06", "PAY01", "SUB05",
    "CLM01", "CLM02", "CLM04", "CLM06", "CLM07", "CLM10", "CLM15", "DX02", "DX08",
    "CLM03", "DX03", "LIN03",
    "LIN04", "LIN09", "LIN15", "PRV01", "PRV05", "INS01", "INS02", "INS03", "INS04", "INS05",
    "INS06", "INS07", "DEN01", "DEN02", "DEN03", "DEN04", "DEN05", "DEN06",
    "COB01", "COB02", "COB04", "COB05", "COB06", "AMB01", "CHI01", "CLM12", "LIN05", "LIN06",
    "LIN07", "LIN08", "DME01", "PRV03", "PRV04", "ENV07", "ENV08",
]  # fmt: skip


def _names(stories: list[Story]) -> list[str]:
    return [f"{edit}-{what or 'claim'}" for edit, _, what, _ in stories]


@pytest.mark.parametrize(("edit", "encounter", "pointer", "context"), FIRES, ids=_names(FIRES))
def test_the_edit_fires_at_its_place(
    edit: str, encounter: Encounter, pointer: str, context: ScrubContext
) -> None:
    findings = [f for f in scrub(encounter, context) if f.rule_id == edit]
    assert pointer in [f.pointer for f in findings]
    severity = next(e.severity for e in EDITS if e.id == edit)
    assert blocking(findings) is (severity is Severity.ERROR)
    for finding in findings:
        assert finding.severity is severity
        assert finding.message.endswith(".")
        assert finding.fix is not None
        assert finding.fix.endswith(".")


@pytest.mark.parametrize(
    ("edit", "encounter", "near", "context"), NEAR_MISSES, ids=_names(NEAR_MISSES)
)
def test_the_edit_lets_the_near_miss_pass(
    edit: str, encounter: Encounter, near: str, context: ScrubContext
) -> None:
    assert edit not in [f.rule_id for f in scrub(encounter, context)]


@pytest.mark.parametrize("stories", [FIRES, NEAR_MISSES])
def test_no_edit_lacks_a_story(stories: list[Story]) -> None:
    assert {edit for edit, *_ in stories} == {edit.id for edit in EDITS}


def test_the_edits_are_those_of_this_release_each_once() -> None:
    assert [edit.id for edit in EDITS] == ASKED_FOR


@pytest.mark.parametrize(
    "clean", [CLEAN, *institutional_stories.INSTITUTIONS, *dental_stories.DENTISTS]
)
def test_a_clean_encounter_has_no_finding(clean: Encounter) -> None:
    assert scrub(clean, CONTEXT) == []


def test_one_diagnosis_without_an_indicator_may_be_exempt_and_warns() -> None:
    (finding,) = scrub(institutional_stories.one_of_several_not_told(), CONTEXT)
    assert (finding.pointer, finding.severity) == (
        "/diagnoses/1/presentOnAdmission",
        Severity.WARNING,
    )


def test_an_external_cause_without_an_indicator_warns() -> None:
    stay = institutional_stories.stay
    hurt = stay(external_causes=(Diagnosis("W1830XA"), Diagnosis("Y92007", "Y")))
    (finding,) = scrub(hurt, CONTEXT)
    assert (finding.rule_id, finding.pointer, finding.severity) == (
        "INS03",
        "/institutional/externalCauses/0/presentOnAdmission",
        Severity.WARNING,
    )


def test_icd_9_of_a_service_since_october_2015_is_a_warning() -> None:
    ninth = replace(CLEAN, diagnoses=(Diagnosis("4019", code_list="ICD9"),))
    (finding,) = (f for f in scrub(ninth, CONTEXT) if f.rule_id == "DX08")
    assert (finding.pointer, finding.severity) == ("/diagnoses/0/codeList", Severity.WARNING)


def test_what_is_wrong_is_told_at_once_in_the_order_of_the_edits() -> None:
    bad = replace(line(units=Decimal(0)), total_charge=Decimal(1), signature_on_file=None)
    assert [f.rule_id for f in scrub(bad, CONTEXT)] == ["CLM02", "CLM07", "LIN03"]


def test_the_secondary_claim_is_judged_by_its_own_coverage() -> None:
    both = replace(CLEAN, coverages=(*CLEAN.coverages, replace(SECOND, member_id="")))
    assert scrub(both, CONTEXT) == []
    second = scrub(both, replace(CONTEXT, responsibility="S"))
    assert [(f.rule_id, f.pointer) for f in second] == [
        ("SUB01", "/coverages/1/memberId"),
        ("COB01", "/coverages/0/decision"),  # the first payer has not decided
    ]


def test_the_payer_due_is_the_first_that_is_not_settled() -> None:
    assert positions_due(CLEAN) == ["P"]
    assert positions_due(cob_stories.SECONDARY) == ["S"]
    assert positions_due(cob_stories.first(decision=None, never_covers=True)) == ["S"]
    assert positions_due(cob_stories.first(decision=None)) == ["P"]
    assert positions_due(replace(CLEAN, coverages=(cob_stories.PRIMARY,))) == []


def test_an_edit_concerns_its_kinds_of_claims_and_points_into_their_guide() -> None:
    here, there = Place("2400", "SV1", "02", "24F"), Place("2400", "SV2", "03", "47")

    @edit(
        "LIN99",
        snip=4,
        place=here,
        rule="The story is told twice.",
        claim_types=(ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL),
        places={ClaimType.INSTITUTIONAL: there},
    )
    def told(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
        yield Fault("/serviceLines/0/charge", "It is.", "Tell it once.")

    def places(edit: Edit, kind: ClaimType) -> list[tuple[str | None, str | None]]:
        claim = Claim(replace(CLEAN, claim_type=kind))
        return [(f.segment, f.form_box) for f in edit.findings(claim, CONTEXT)]

    assert places(told, ClaimType.PROFESSIONAL) == [("SV1", "24F")]
    assert places(told, ClaimType.INSTITUTIONAL) == [("SV2", "47")]
    assert places(told, ClaimType.DENTAL) == []
    everywhere = replace(told, claim_types=frozenset(ClaimType), places={})
    assert places(everywhere, ClaimType.INSTITUTIONAL) == [
        ("SV1", None)
    ]  # 24F is no box of its form


PHI: list[Callable[[Encounter], str]] = [
    lambda e: e.patient.person.last_name,
    lambda e: e.coverages[0].member_id,
    lambda e: str(e.patient.person.date_of_birth or ""),
    lambda e: str(e.service_lines[0].service_date or ""),
]


@pytest.mark.parametrize(("edit", "encounter", "pointer", "context"), FIRES, ids=_names(FIRES))
def test_no_finding_repeats_a_patients_data(
    edit: str, encounter: Encounter, pointer: str, context: ScrubContext
) -> None:
    said = repr(scrub(encounter, context))
    for secret in PHI:
        text = secret(encounter)
        assert not text or text not in said


NPIS = [("1234567893", True), ("1245319599", True), ("1999999984", True), ("1234567894", False),
        ("3234567893", False), ("123456789O", False), ("", False)]  # fmt: skip


@pytest.mark.parametrize(("npi", "right"), NPIS)
def test_the_check_digit_of_an_npi(npi: str, right: bool) -> None:
    assert is_npi(npi) is right
