"""Any dental encounter that the edits would let pass: every member of its own kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.domain.claim_details import Attachment, ClaimDates, ClaimNumbers, Diagnosis, Note
from app.domain.dental import DentalLine, DentalTreatment, Orthodontics, Tooth, ToothStatus
from app.domain.dentition import AREAS, TEETH, surfaces_of
from app.domain.encounter import Encounter, ServiceLine
from app.domain.party import Provider
from app.domain.procedure import Procedure
from app.domain.professional import LineNumbers
from tests.x12.claims import SELF_PAY, SPOUSE_PAY
from tests.x12.dental_claims import DENTAL
from tests.x12.professional_strategy import (
    REPRICED,
    REPRICED_LINE,
    contracts,
    days,
    decided,
    facilities,
    line_pricing,
    maybe,
    money,
    npis,
    numbers,
    other_ids,
    people,
    pricing,
    some,
    words,
)

DONE = date(2026, 10, 5)
specialists = st.builds(
    Provider,
    npis,
    first_name=maybe(words(35)),
    last_name=words(60),
    taxonomy_code=maybe(st.just("1223S0112X")),
    other_ids=other_ids("0B", "1G", "G2"),
)
total_months, remaining_months = (st.integers(*span).map(Decimal) for span in ((24, 48), (1, 24)))


@st.composite
def teeth(draw: st.DrawFn) -> tuple[Tooth, ...]:
    named = draw(some(st.sampled_from(sorted(TEETH)), 4))
    return tuple(
        Tooth(number, draw(some(st.sampled_from(sorted(surfaces_of(number))), 5)))
        for number in named
    )


@st.composite
def lines(draw: st.DrawFn, number: int, *, done: bool) -> ServiceLine:
    named = draw(teeth())
    prosthesis = draw(st.sampled_from([None, "I", "R"]))
    assistant = draw(maybe(specialists))
    own_day = done and draw(st.booleans())
    return ServiceLine(
        line_id=str(number),
        service_date=date(2026, 10, 6) if own_day else None,
        service_date_end=draw(maybe(st.just(date(2026, 10, 7)))) if own_day else None,
        procedure=Procedure("D2001", qualifier="AD", description=draw(maybe(words(80)))),
        charge=draw(money),
        units=Decimal(1) if len(named) > 1 else draw(st.integers(1, 99).map(Decimal)),
        diagnosis_pointers=draw(some(st.just(1), 1)),
        place_of_service=draw(st.sampled_from([None, "22"])),
        fixed_format=draw(some(words(80), 3)),
        contract=draw(maybe(contracts)),
        numbers=LineNumbers(
            prior_authorization=draw(maybe(numbers)),
            referral_number=draw(maybe(numbers)),
            predetermination=draw(maybe(numbers)),
            **{name: draw(number) for name, number in REPRICED_LINE.items()},
        ),
        repricing=draw(line_pricing("AD", "D2001", "UN")),
        sales_tax=draw(maybe(money)),
        rendering_provider=None if assistant else draw(maybe(specialists)),
        supervising_provider=draw(maybe(people)),
        service_facility=draw(maybe(facilities)),
        dental=DentalLine(
            oral_cavity=draw(some(st.sampled_from(sorted(AREAS)), 5)),
            prosthesis=prosthesis,
            teeth=named,
            prior_placement_date=draw(days) if prosthesis == "R" else None,
            prior_placement_estimated=prosthesis == "R" and draw(st.booleans()),
            appliance_placement_date=draw(maybe(days)),
            replacement_date=draw(maybe(days)),
            treatment_start_date=draw(maybe(days)),
            treatment_completion_date=draw(maybe(days)),
            assistant_surgeon=assistant,
        ),
    )


@st.composite
def treatments(draw: st.DrawFn, *, done: bool) -> DentalTreatment:
    missing = draw(some(st.sampled_from(sorted(TEETH)), 5))
    return DentalTreatment(
        predetermination=not done,
        service_date=DONE if done else None,
        service_date_end=draw(maybe(st.just(date(2026, 10, 8)))) if done else None,
        orthodontics=draw(
            st.sampled_from([None, Orthodontics(indicator="Y")])
            | st.builds(Orthodontics, total_months, maybe(remaining_months))
        ),
        tooth_statuses=tuple(
            ToothStatus(number, draw(st.sampled_from("EM"))) for number in missing
        ),
    )


@st.composite
def dental_encounters(draw: st.DrawFn) -> Encounter:
    done = draw(st.booleans())
    billed = tuple(draw(lines(n, done=done)) for n in range(1, draw(st.integers(1, 3)) + 1))
    rendering, assistant = draw(st.sampled_from([(None, None), (1, None), (None, 1)]))
    note = draw(maybe(words(80)))
    referring = draw(maybe(specialists))
    causes = draw(st.sampled_from([(), ("OA",), ("AA", "EM")]))
    treatment = draw(treatments(done=done))
    encounter = replace(
        DENTAL,
        coverages=(draw(st.sampled_from([SELF_PAY, SPOUSE_PAY])),),
        diagnoses=draw(
            st.sampled_from(
                [
                    (Diagnosis("K029"),),
                    (Diagnosis("K029"), Diagnosis("K0262")),
                    (Diagnosis("A12345", code_list="SNODENT"),),
                    (Diagnosis("K029"), Diagnosis("A12345", code_list="SNODENT")),
                ]
            )
        ),
        service_lines=billed,
        total_charge=sum((line.charge for line in billed), Decimal(0)),
        rendering_provider=draw(specialists) if rendering else None,
        referring_provider=referring,
        primary_care_provider=draw(maybe(specialists)) if referring else None,
        supervising_provider=draw(maybe(people)),
        service_facility=draw(maybe(facilities)),
        patient_paid=draw(st.sampled_from([Decimal(0), Decimal("0.01")])),
        prior_authorization=draw(maybe(numbers)),
        referral_number=draw(maybe(numbers)),
        claim_note=note,
        notes=draw(some(st.builds(Note, st.just("ADD"), words(80)), 4)) if note else (),
        fixed_format=draw(some(words(80), 3)),
        related_causes=causes,
        auto_accident_state="NY" if "AA" in causes else None,
        special_program=draw(st.sampled_from([None, "01", "02", "03", "05"])),
        delay_reason=draw(st.sampled_from([None, "1", "11", "15"])),
        dates=ClaimDates(
            accident_date=draw(days) if causes else None,
            appliance_placement_date=draw(maybe(days)),
        ),
        numbers=ClaimNumbers(
            service_authorization_exception=draw(maybe(st.sampled_from("1234567"))),
            predetermination=draw(maybe(numbers)),
            **{name: draw(number) for name, number in REPRICED.items()},
        ),
        repricing=draw(pricing()),
        attachments=draw(
            some(
                st.builds(Attachment, st.sampled_from(["DA", "RB", "P6"]), st.just("AA"))
                | st.builds(Attachment, st.just("RB"), st.just("EL"), words(50, 2)),
                10,
            )
        ),
        contract=draw(maybe(contracts)),
        dental=replace(treatment, assistant_surgeon=draw(specialists) if assistant else None),
    )
    return _as_dental(draw(decided(encounter))) if draw(st.booleans()) else encounter


def _as_dental(encounter: Encounter) -> Encounter:
    """What another payer adjudicated on a dental line is a dental code, and it is named (SVD03)."""
    procedure = Procedure("D2001", qualifier="AD")

    def told(line: ServiceLine) -> dict[str, Any]:
        own = (replace(d, procedure=procedure, bundled_line=None) for d in line.decisions)
        return {"decisions": tuple(own)}

    return replace(
        encounter,
        service_lines=tuple(replace(line, **told(line)) for line in encounter.service_lines),
    )
