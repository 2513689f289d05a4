"""Any professional encounter that the edits would let pass: every member of its own kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.domain.claim_details import (
    Attachment,
    ClaimDates,
    ClaimNumbers,
    Contract,
    Diagnosis,
    Note,
    Repricing,
)
from app.domain.encounter import Coverage, Encounter, ServiceLine
from app.domain.other_payer import (
    LineDecision,
    PayerDecision,
    PriorAdjustment,
    ProviderAtPayer,
)
from app.domain.party import Address, Contact, OtherId, Provider
from app.domain.procedure import Device, Drug, Procedure
from app.domain.professional import (
    Ambulance,
    EpsdtReferral,
    EquipmentCertificate,
    EquipmentPrice,
    Form,
    FormAnswer,
    LineDates,
    LineNumbers,
    PurchasedService,
    SpinalManipulation,
    TestResult,
    VisionCondition,
)
from tests.x12.claims import DANA, ENCOUNTER, SELF_PAY, SPOUSE_PAY

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """What an 837 can carry as it stands: capitals, no blanks at the ends."""
    return st.text(_LETTERS + "0123456789 '-.", min_size=least, max_size=most).filter(
        lambda text: text == text.strip()
    )


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any], most: int, *, least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=most, unique=True).map(tuple)


days = st.dates(date(2026, 1, 1), date(2026, 10, 5))
money = st.integers(1, 999_999).map(lambda cents: Decimal(cents).scaleb(-2))
counts = st.integers(1, 9_999).map(Decimal)
quantities = st.integers(1, 999_999).map(lambda n: Decimal(n).scaleb(-3).normalize() + 0)
numbers = words(30)
clia = maybe(st.just("36D0123456"))
npis = st.sampled_from(["1740293307", "1205836004", "1669457891"])
addresses = st.builds(
    Address, words(55), words(30, 2), st.sampled_from(["NY", "CA"]), st.just("122030001"),
    maybe(words(55)),
)  # fmt: skip


def other_ids(*qualifiers: str) -> st.SearchStrategy[Any]:
    """Each kind of number once at most."""
    return st.just(()) | some(st.sampled_from(qualifiers), 3).flatmap(
        lambda found: st.tuples(*(st.builds(OtherId, st.just(q), words(30)) for q in found))
    )


people = st.builds(
    Provider, npis, first_name=maybe(words(35)), last_name=words(60), middle_name=maybe(words(25)),
    other_ids=other_ids("0B", "1G", "G2"),
)  # fmt: skip
ordering = st.builds(
    replace,
    people,
    address=maybe(addresses),
    contact=maybe(st.builds(Contact, words(60), st.just("5185550100"))),
)
facilities = st.builds(
    Provider, maybe(npis), organization_name=words(60), address=addresses,
    other_ids=other_ids("G2", "LU"),
)  # fmt: skip
attachments = some(
    st.builds(Attachment, st.sampled_from(["OZ", "B4", "77", "RB"][:2]), st.just("AA"))
    | st.builds(Attachment, st.just("RB"), st.sampled_from(["BM", "EL", "FX"]), words(50, 2)),
    10,
)
contracts = st.builds(
    Contract,
    st.sampled_from(["01", "02", "09"]),
    maybe(money),
    maybe(st.integers(1, 99).map(Decimal)),
    maybe(words(50)),
    maybe(st.integers(1, 99).map(Decimal)),
    maybe(words(30)),
)
REPRICED = {
    name: maybe(numbers) for name in ("repriced_claim", "adjusted_repriced_claim", "network_trace")
}
REPRICED_LINE = {name: maybe(numbers) for name in ("repriced_line", "adjusted_repriced_line")}


def pricing(**of_this_kind: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None, the least a repricer says, or all of it."""
    least = st.builds(Repricing, st.just("00"), money)
    return st.none() | least | st.builds(
        Repricing, st.sampled_from(["01", "10", "14"]), money, maybe(money), maybe(words(50)),
        maybe(money), maybe(words(50)), maybe(money),
        reject_reason=maybe(st.sampled_from(["T1", "T6"])),
        compliance=maybe(st.sampled_from("15")), exception=maybe(st.sampled_from("16")),
        **of_this_kind,
    )  # fmt: skip


def line_pricing(qualifier: str, code: str, unit: str) -> st.SearchStrategy[Any]:
    return pricing(
        procedure_qualifier=st.just(qualifier), procedure=st.just(code),
        unit=st.just(unit), quantity=quantities,
    ) | pricing()  # fmt: skip


_transport = ["01", "04", "05", "06", "07", "08", "09", "12"]


@st.composite
def ambulances(draw: st.DrawFn, *, of_a_line: bool = False) -> Ambulance:
    drop_off = draw(maybe(addresses))
    weight = draw(maybe(st.integers(1, 900).map(Decimal)))
    told = not of_a_line or draw(st.booleans())
    return Ambulance(
        reason=draw(st.sampled_from("ABCDE")) if told else None,
        distance=draw(quantities) if told else None,
        pick_up=draw(maybe(addresses)),
        drop_off=drop_off,
        drop_off_name=draw(maybe(words(60))) if drop_off else None,
        patient_weight=weight if told else None,
        round_trip_purpose=draw(maybe(words(80))) if told else None,
        stretcher_purpose=draw(maybe(words(80))) if told else None,
        conditions=draw(some(st.sampled_from(_transport), 5)),
        conditions_absent=draw(some(st.sampled_from(_transport), 5)),
        patient_count=draw(maybe(st.integers(2, 9))) if of_a_line else None,
    )


certificates = st.builds(
    EquipmentCertificate,
    st.sampled_from("IRS"),
    counts,
    maybe(st.sampled_from(["AB", "AD", "AF", "AG", "NS"])),
    st.just(("38",)),
    st.booleans(),
    maybe(days),
    maybe(days),
    maybe(days),
) | st.builds(EquipmentCertificate, st.just("I"), counts)
answers = st.builds(
    FormAnswer,
    words(20),
    maybe(st.sampled_from("YNW")),
    words(50),
    maybe(days),
    maybe(st.integers(1, 999).map(lambda n: Decimal(n).scaleb(-1))),
)
forms = some(
    st.builds(Form, words(30), some(answers, 4, least=1), st.sampled_from(["UT", "AS"])), 3
)


@st.composite
def drugs(draw: st.DrawFn) -> Drug:
    number, linked = draw(maybe(words(50))), draw(st.booleans())
    return Drug(
        "00409379501",
        draw(quantities),
        draw(st.sampled_from(["F2", "GR", "ME", "ML", "UN"])),
        prescription_number=None if linked else number,
        link_number=number if linked else None,
    )


devices = st.builds(
    Device, st.sampled_from(["EN", "EO", "HI", "ON", "UK", "UP"]), words(30),
    quantities, st.just("UN"), prescription_number=maybe(words(50)),
)  # fmt: skip


line_extras: dict[str, st.SearchStrategy[Any]] = {
    "units": quantities,
    "unit": st.just("UN"),
    "emergency": st.booleans(),
    "epsdt": st.booleans(),
    "family_planning": st.booleans(),
    "copay_exempt": st.booleans(),
    "drug": maybe(drugs()),
    "referring_provider": maybe(people),
    "ordering_provider": maybe(ordering),
    "supervising_provider": maybe(people),
    "service_facility": maybe(facilities),
    "attachments": attachments,
    "note": maybe(words(80)),
    "notes": some(st.builds(Note, st.just("TPO"), words(80)), 1),
    "fixed_format": some(words(80), 10),
    "contract": maybe(contracts),
    "dates": st.builds(LineDates, *(maybe(days) for _ in range(7))),
    "numbers": st.builds(
        LineNumbers, maybe(numbers), maybe(numbers), clia, clia, maybe(numbers), maybe(numbers),
        **REPRICED_LINE,
    ),
    "repricing": line_pricing("HC", "A0428", "MJ"),
    "sales_tax": maybe(money),
    "postage": maybe(money),
    "obstetric_units": maybe(counts),
    "test_results": some(
        st.builds(TestResult, st.sampled_from(["TR", "OG"]), st.sampled_from(["R1", "HT"]),
                  quantities), 5
    ),
    "ambulance": maybe(ambulances(of_a_line=True)),
    "equipment": maybe(
        st.builds(EquipmentPrice, counts, money, money, st.sampled_from(["1", "4", "6"]))
    ),
    "certificate": maybe(certificates),
    "hospice_employee": maybe(st.booleans()),
    "forms": forms,
    "purchased_service": maybe(st.builds(PurchasedService, npis, money, st.booleans())),
}  # fmt: skip

claim_extras: dict[str, st.SearchStrategy[Any]] = {
    "primary_care_provider": st.none(),
    "supervising_provider": maybe(people),
    "service_facility": maybe(facilities),
    "patient_signature_source": maybe(st.just("P")),
    "fixed_format": some(words(80), 10),
    "special_program": maybe(st.sampled_from(["02", "03", "05", "09"])),
    "delay_reason": maybe(st.sampled_from(["1", "11", "15"])),
    "related_causes": some(st.sampled_from(["AA", "EM", "OA"]), 2),
    "dates": st.builds(
        ClaimDates,
        **{
            name: maybe(days)
            for name in ClaimDates.__dataclass_fields__
            if name not in ("appliance_placement_date", "disability_end_date", "accident_date")
        },
    ),
    "numbers": st.builds(
        ClaimNumbers,
        maybe(numbers),
        maybe(st.sampled_from("YN")),
        maybe(numbers),
        some(numbers, 1),
        maybe(numbers),
        maybe(numbers),
        maybe(npis),
        **REPRICED,
    ),
    "repricing": pricing(),
    "diagnoses": st.sampled_from([None, "ICD9"]).map(
        lambda of: (Diagnosis("R079", None, of), Diagnosis("I10", None, of))
    ),
    "attachments": attachments,
    "contract": maybe(contracts),
    "condition_codes": some(st.sampled_from([f"{n:02d}" for n in range(40)]), 24),
    "anesthesia_procedures": some(st.sampled_from(["G0105", "G0121"]), 2),
    "ambulance": maybe(ambulances()),
    "spinal_manipulation": maybe(
        st.builds(
            SpinalManipulation, st.sampled_from("ACDEFGM"), maybe(words(80)), maybe(words(80))
        )
    ),
    "vision_conditions": some(
        st.builds(
            VisionCondition,
            st.sampled_from(["E1", "E2", "E3"]),
            st.booleans(),
            some(st.sampled_from(["L1", "L2", "L3", "L4", "L5"]), 5, least=1),
        ),
        3,
    ),
    "homebound": st.booleans(),
     "epsdt_referral": maybe(
        st.just(EpsdtReferral(False, ("NU",)))
        | st.builds(
            EpsdtReferral, st.just(True), some(st.sampled_from(["AV", "S2", "ST"]), 3, least=1)
        )
    ),
}  # fmt: skip


@st.composite
def service_lines(draw: st.DrawFn, number: int) -> ServiceLine:
    end = draw(maybe(st.just(date(2026, 10, 7))))
    told = {name: draw(strategy) for name, strategy in line_extras.items()}
    if told["drug"] is None:
        told["device"] = draw(maybe(devices))
    return ServiceLine(
        line_id=str(number),
        service_date=date(2026, 10, 5),
        procedure=Procedure("A0428", ("RH",), draw(maybe(words(80)))),
        charge=draw(money),
        diagnosis_pointers=(1,),
        service_date_end=end,
        **told,
    )


@st.composite
def decided(draw: st.DrawFn, encounter: Encounter) -> Encounter:
    """The encounter behind a first payer who decided: line by line, or by claim alone."""
    by_line = draw(st.booleans())
    paid = draw(st.integers(0, 5)) * Decimal("0.01")
    adjusted = tuple(
        PriorAdjustment(group, reason, draw(money), draw(maybe(counts)))
        for group, reason in draw(
            some(st.sampled_from([("CO", "45"), ("CO", "253"), ("PR", "1"), ("OA", "94")]), 4)
        )
    )
    lines, total_paid = [], Decimal(0)
    for line in encounter.service_lines:
        rest = line.charge - paid - sum((a.amount for a in adjusted), Decimal(0))
        own = (*adjusted, PriorAdjustment("PI", "96", rest))
        decision = LineDecision(
            "60054", paid, draw(counts), draw(days),
            procedure=draw(maybe(st.just(Procedure("A0429", ("RH",))))),
            bundled_line=draw(maybe(st.just(1))),
            adjustments=own,
            remaining_patient_liability=draw(maybe(money)),
        )  # fmt: skip
        lines.append(replace(line, decisions=(decision,) if by_line else ()))
        total_paid += paid
    whole = PriorAdjustment("OA", "96", encounter.total_charge - total_paid)
    decision_on_claim = PayerDecision(
        paid=total_paid,
        adjustments=() if by_line else (whole,),
        remaining_patient_liability=draw(maybe(money)),
        decided_on=draw(days),
        payer_claim_control_number=draw(maybe(numbers)),
        decided_again=draw(st.booleans()),
        remarks=draw(some(st.sampled_from(["MA01", "N130", "N4"]), 3)),
    )
    first = replace(
        SELF_PAY,
        decision=decision_on_claim,
        prior_authorization=draw(maybe(numbers)),
        referral_number=draw(maybe(numbers)),
        payer_other_ids=draw(other_ids("2U", "FY")),
        providers=tuple(
            ProviderAtPayer(role, (OtherId("G2", draw(words(30))),), is_person=role != "77")
            for role in draw(some(st.sampled_from(["DN", "82", "DQ", "77"]), 4))
        ),
    )
    second: Coverage = replace(
        SPOUSE_PAY,
        responsibility="S",
        payer_id="87726",
        claim_filing_code=draw(st.sampled_from(["CI", "ZZ"])),
    )
    return replace(encounter, coverages=(first, second), service_lines=tuple(lines))


@st.composite
def professional_encounters(draw: st.DrawFn) -> Encounter:
    count = draw(st.integers(1, 3))
    lines = tuple(draw(service_lines(number)) for number in range(1, count + 1))
    note = draw(maybe(words(80)))
    referring = draw(maybe(people))
    billing = draw(other_ids("0B", "1G", "G2", "LU"))
    encounter = replace(
        ENCOUNTER,
        billing_provider=replace(ENCOUNTER.billing_provider, other_ids=billing),
        patient=replace(
            ENCOUNTER.patient,
            date_of_death=draw(maybe(st.just(date(2026, 10, 9)))),
            weight=draw(maybe(st.integers(1, 900).map(Decimal))),
            pregnant=draw(st.booleans()),
            casualty_claim_number=draw(maybe(numbers)),
        ),
        coverages=(draw(st.sampled_from([SELF_PAY, SPOUSE_PAY])),),
        service_lines=lines,
        total_charge=sum((line.charge for line in lines), Decimal(0)),
        claim_note=note,
        notes=() if note else draw(some(st.builds(Note, st.just("CER"), words(80)), 1)),
        rendering_provider=draw(st.sampled_from([None, DANA])),
        referring_provider=referring,
        clia_number=draw(clia),
        **{name: draw(strategy) for name, strategy in claim_extras.items()},
    )
    if referring:
        encounter = replace(encounter, primary_care_provider=draw(maybe(people)))
    if encounter.related_causes:
        dates = replace(encounter.dates, accident_date=draw(days))
        state = "NY" if "AA" in encounter.related_causes else None
        encounter = replace(encounter, dates=dates, auto_accident_state=state)
    if encounter.dates.disability_begin_date:
        end = draw(maybe(st.just(date(2026, 10, 6))))
        encounter = replace(encounter, dates=replace(encounter.dates, disability_end_date=end))
    return draw(decided(encounter)) if draw(st.booleans()) else encounter
