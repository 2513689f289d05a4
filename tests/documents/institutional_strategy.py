"""Any institutional encounter that the JSON can say, for property tests here and in other rooms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from app.domain.claim_details import ClaimDates, Diagnosis
from app.domain.encounter import ClaimType, Encounter, ServiceLine
from app.domain.institutional import (
    DatedCode,
    InstitutionalLine,
    InstitutionalStay,
    Span,
    ValueCode,
)
from app.domain.money import ZERO
from app.domain.procedure import Procedure
from tests.documents.encounter_strategy import encounters as professional
from tests.documents.encounter_strategy import providers

_days = st.dates(date(1990, 1, 1), date(2030, 1, 1))
_codes = st.sampled_from(["A1", "11", "80", "Z9"])
_hours = st.none() | st.sampled_from(["0000", "1030", "2359"])
_money = st.integers(0, 9_999_999).map(lambda cents: Decimal(cents).scaleb(-2))
_diagnoses = st.builds(
    Diagnosis,
    code=st.sampled_from(["J189", "E119", "W1830XA", "S0101XA"]),
    present_on_admission=st.sampled_from([None, "Y", "N", "U", "W"]),
)
_dated = st.builds(DatedCode, code=_codes, on=_days)


def _few(strategy: st.SearchStrategy, most: int = 24) -> st.SearchStrategy:
    """Now and then none, or as many as there may be."""
    return st.sampled_from([0, 0, 1, most]).flatmap(
        lambda n: st.lists(strategy, min_size=n, max_size=n).map(tuple)
    )


@st.composite
def _spans(draw: st.DrawFn) -> Span:
    first, last = sorted(draw(st.tuples(_days, _days)))
    return Span(draw(_codes), first, last)


@st.composite
def stays(draw: st.DrawFn) -> InstitutionalStay:
    first, last = sorted(draw(st.tuples(_days, _days)))
    return InstitutionalStay(
        facility_type=draw(st.sampled_from(["11", "13", "21", "85"])),
        statement_from=first,
        statement_through=last,
        patient_status=draw(st.sampled_from(["01", "20", "30"])),
        admission_type=draw(st.sampled_from("1239")),
        admission_source=draw(st.sampled_from([None, "1", "D"])),
        admission_date=draw(st.none() | _days),
        admission_hour=draw(_hours),
        discharge_hour=draw(_hours),
        admitting_diagnosis=draw(st.sampled_from([None, "R0602"])),
        reasons_for_visit=draw(_few(st.sampled_from(["R51", "R52"]), most=3)),
        external_causes=draw(_few(_diagnoses, most=12)),
        drg=draw(st.sampled_from([None, "193"])),
        principal_procedure=draw(st.none() | _dated),
        other_procedures=draw(_few(_dated)),
        occurrences=draw(_few(_dated)),
        occurrence_spans=draw(_few(_spans())),
        values=draw(_few(st.builds(ValueCode, code=_codes, amount=_money))),
        treatment_codes=draw(_few(_codes)),
        estimated_amount_due=draw(st.none() | _money),
        attending_provider=draw(st.none() | providers),
        operating_physician=draw(st.none() | providers),
        other_operating_physician=draw(st.none() | providers),
    )


service_lines = st.builds(
    ServiceLine,
    line_id=st.sampled_from("123456789"),
    service_date=st.none() | _days,
    service_date_end=st.none() | _days,
    procedure=st.none()
    | st.builds(
        Procedure,
        code=st.sampled_from(["G0105", "J1885"]),
        modifiers=st.lists(st.sampled_from(["25", "LT"]), max_size=4).map(tuple),
        qualifier=st.sampled_from(["HC", "HP"]),
    ),
    charge=_money,
    units=st.integers(-99, 999_999).map(lambda n: Decimal(n).scaleb(-3).normalize() + 0),
    unit=st.sampled_from(["UN", "DA"]),
    rendering_provider=st.none() | providers,
    referring_provider=st.none() | providers,
    institutional=st.builds(
        InstitutionalLine,
        revenue_code=st.sampled_from(["0120", "0450", "0636"]),
        non_covered_charge=st.none() | _money,
        service_tax=st.none() | _money,
        facility_tax=st.none() | _money,
        operating_physician=st.none() | providers,
        other_operating_physician=st.none() | providers,
    ),
)


@st.composite
def encounters(draw: st.DrawFn) -> Encounter:
    base = draw(professional)
    return replace(
        base,
        claim_type=ClaimType.INSTITUTIONAL,
        place_of_service=None,
        signature_on_file=None,
        patient_paid=ZERO,
        related_causes=(),
        dates=ClaimDates(),
        claim_frequency_code=draw(st.sampled_from("0123456789AZ")),
        diagnoses=draw(st.lists(_diagnoses, max_size=25).map(tuple)),
        service_lines=draw(st.lists(service_lines, min_size=1, max_size=3).map(tuple)),
        institutional=draw(stays()),
    )
