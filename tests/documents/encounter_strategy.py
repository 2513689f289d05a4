"""Any encounter that the JSON can say, for property tests here and in other rooms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from app.domain.claim_details import ClaimDates, Diagnosis
from app.domain.encounter import ClaimType, Coverage, Encounter, Patient, ServiceLine
from app.domain.party import Address, Contact, Person, Provider
from app.domain.procedure import Drug, Procedure

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    inner = st.text(_LETTERS + "abcdefÉé0123456789 '&.,-", min_size=least, max_size=most)
    return inner.map(str.strip).filter(lambda text: len(text) >= least)


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


_digits = "0123456789"
_days = st.dates(date(1900, 1, 1), date(2030, 1, 1))
_money = st.integers(-999_999, 9_999_999).map(lambda cents: Decimal(cents).scaleb(-2))
_quantities = st.integers(-99, 999_999).map(lambda n: Decimal(n).scaleb(-3).normalize() + 0)
_zips = st.text(_digits, min_size=9, max_size=9) | st.text(_digits, min_size=5, max_size=5)

addresses = st.builds(
    Address,
    address1=_words(55),
    address2=_maybe(_words(55)),
    city=_words(30, 2),
    state=st.sampled_from(["NY", "CA", "TX"]),
    postal_code=_zips,
    country=st.sampled_from([None, "US"]),
)
contacts = st.builds(
    Contact,
    name=_words(60),
    phone_number=_maybe(st.text(_digits, min_size=10, max_size=10)),
    email=_maybe(st.just("billing@example.org")),
)
people = st.builds(
    Person,
    first_name=_maybe(_words(35)),
    middle_name=_maybe(_words(25)),
    last_name=_words(60),
    suffix=_maybe(_words(10)),
    date_of_birth=_maybe(_days),
    gender=st.sampled_from([None, "F", "M", "U"]),
    address=_maybe(addresses),
)
_ids = _maybe(st.text(_digits, min_size=9, max_size=10))
_taxonomies = _maybe(st.just("207Q00000X"))
providers = st.builds(
    Provider,
    npi=_ids,
    organization_name=_words(60),
    taxonomy_code=_taxonomies,
    employer_id=_ids,
    ssn=_ids,
    address=_maybe(addresses),
    contact=_maybe(contacts),
) | st.builds(
    Provider,
    npi=_ids,
    first_name=_maybe(_words(35)),
    middle_name=_maybe(_words(25)),
    last_name=_words(60),
    taxonomy_code=_taxonomies,
)


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    subscriber = draw(_maybe(people))
    return Coverage(
        responsibility=draw(st.sampled_from("PSTABCU")),
        payer_id=draw(_maybe(st.text(_digits, min_size=2, max_size=5))),
        payer_name=draw(_maybe(_words(60))),
        claim_filing_code=draw(st.sampled_from(["CI", "MB", "MC", "ZZ"])),
        member_id=draw(st.just("") | st.text(_LETTERS + _digits, min_size=2, max_size=80)),
        relationship=draw(st.sampled_from(["18", "01", "19", "G8"])),
        group_number=draw(_maybe(_words(50))),
        group_name=draw(_maybe(_words(60))),
        insurance_type_code=draw(st.sampled_from([None, "12", "47"])),
        subscriber=subscriber,
        subscriber_ssn=draw(_ids) if subscriber else None,
        patient_has_own_id=draw(st.booleans()),
    )


diagnoses = st.sampled_from(["E119", "I10", "J45.909"]).map(Diagnosis)
service_lines = st.builds(
    ServiceLine,
    line_id=_words(30),
    service_date=_days,
    service_date_end=_maybe(_days),
    procedure=st.builds(
        Procedure,
        code=st.sampled_from(["G0439", "J1885", "A0428"]),
        modifiers=st.lists(st.sampled_from(["25", "RR", "LT"]), max_size=4).map(tuple),
        description=_maybe(_words(80)),
        qualifier=st.sampled_from(["HC", "ER", "IV", "WK"]),
    ),
    charge=_money,
    units=_quantities,
    unit=st.sampled_from(["UN", "MJ"]),
    diagnosis_pointers=st.lists(st.integers(-1, 13), max_size=5).map(tuple),
    place_of_service=_maybe(st.sampled_from(["11", "21"])),
    emergency=st.booleans(),
    drug=_maybe(
        st.builds(
            Drug,
            ndc=st.text(_digits, min_size=11, max_size=11),
            quantity=_quantities,
            unit=st.sampled_from(["F2", "GR", "ME", "ML", "UN"]),
        )
    ),
    rendering_provider=_maybe(providers),
)

encounters = st.builds(
    Encounter,
    source_system=_words(80),
    external_id=_words(80),
    claim_type=st.just(ClaimType.PROFESSIONAL),
    patient=st.builds(
        Patient, external_id=_maybe(_words(80)), person=people, date_of_death=_maybe(_days)
    ),
    coverages=st.lists(coverages(), min_size=1, max_size=3).map(tuple),
    billing_provider=providers,
    rendering_provider=_maybe(providers),
    referring_provider=_maybe(providers),
    service_facility=_maybe(providers),
    pay_to_address=_maybe(addresses),
    place_of_service=st.sampled_from(["11", "21", "02"]),
    signature_on_file=st.sampled_from([None, True, False]),
    accept_assignment=st.sampled_from([None, "A", "B", "C"]),
    benefits_assigned=st.sampled_from([None, "Y", "N", "W"]),
    release_of_information=st.sampled_from([None, "Y", "I"]),
    patient_paid=_money,
    total_charge=_money,
    prior_authorization=_maybe(_words(50)),
    referral_number=_maybe(_words(50)),
    claim_frequency_code=st.sampled_from("1678"),
    claim_control_number=_maybe(_words(50)),
    clia_number=_maybe(_words(50)),
    claim_note=_maybe(_words(80)),
    related_causes=st.lists(st.sampled_from(["AA", "EM", "OA"]), max_size=2).map(tuple),
    auto_accident_state=st.sampled_from([None, "NY"]),
    dates=st.builds(
        ClaimDates,
        symptom_date=_maybe(_days),
        accident_date=_maybe(_days),
        admission_date=_maybe(_days),
        discharge_date=_maybe(_days),
    ),
    diagnoses=st.lists(diagnoses, max_size=13).map(tuple),
    service_lines=st.lists(service_lines, min_size=1, max_size=3).map(tuple),
)
