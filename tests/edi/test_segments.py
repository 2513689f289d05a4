"""Each segment both ways: the object is written as the text, and the text is read as the object."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal as D

import pytest

import edi
from edi.delimiters import Delimiters
from edi.model import Segment
from edi.segments import (
    AMT,
    BHT,
    BPR,
    CAS,
    CL1,
    CLM,
    CLP,
    CRC,
    CTP,
    DMG,
    DN1,
    DN2,
    DTM,
    DTP,
    HCP,
    HI,
    HL,
    IK4,
    LIN,
    MOA,
    N4,
    NM1,
    PER,
    PLB,
    REF,
    SBR,
    STC,
    SV1,
    SV2,
    SV3,
    SVC,
    SVD,
    TA1,
    TOO,
    TS2,
    Adjustment,
    AdjustmentReason,
    DiagnosisPointers,
    ElementPosition,
    Facility,
    HealthCode,
    LineProcedure,
    OralCavity,
    Procedure,
    ProviderAdjustment,
    ReferenceOwner,
    RelatedCauses,
    Status,
    ToothSurfaces,
    UnitOfMeasure,
)  # fmt: skip

BOTH_WAYS: list[tuple[Segment, str]] = [
    (CAS(group="CO", adjustments=[Adjustment(reason="45", amount=D(20))]), "CAS*CO*45*20"),
    (
        CAS(
            group="CO",
            adjustments=[
                Adjustment(reason="45", amount=D(10)),
                Adjustment(reason="253", amount=D(12), quantity=D(1)),
                Adjustment(reason="97", amount=D("-8.5")),
            ],
        ),
        "CAS*CO*45*10**253*12*1*97*-8.5",
    ),
    (AMT(qualifier="B6", amount=D("140.5")), "AMT*B6*140.5"),
    (AMT(qualifier="B6", amount=D(0)), "AMT*B6*0"),
    (REF(qualifier="6R", value="L1"), "REF*6R*L1"),
    (
        REF(qualifier="G1", value="A1", owner=ReferenceOwner(qualifier="2U", value="60054")),
        "REF*G1*A1**2U:60054",
    ),
    (DTM(qualifier="232", on=date(2026, 1, 2)), "DTM*232*20260102"),
    (DTP.on("472", date(2026, 1, 2)), "DTP*472*D8*20260102"),
    (DTP.between("472", date(2026, 1, 2), date(2026, 1, 3)), "DTP*472*RD8*20260102-20260103"),
    (
        NM1(entity="QC", entity_type="1", last_name="DOE", first_name="JANE"),
        "NM1*QC*1*DOE*JANE",
    ),
    (
        NM1(entity="41", entity_type="2", last_name="ACME", id_qualifier="46", id="S1"),
        "NM1*41*2*ACME*****46*S1",  # five separators between name and 46
    ),
    (N4(city="COLUMBUS", state="OH", postal_code="432150001"), "N4*COLUMBUS*OH*432150001"),
    (
        PER(function="IC", qualifier_1="TE", number_1="6145550100"),
        "PER*IC**TE*6145550100",
    ),
    (DMG(format_qualifier="D8", birth_date=date(1980, 2, 14), sex="F"), "DMG*D8*19800214*F"),
    (
        SBR(responsibility="P", relationship="18", group_number="G1", filing_indicator="CI"),
        "SBR*P*18*G1******CI",
    ),
    (
        BHT(
            structure="0019",
            purpose="00",
            reference="B1",
            created_on=date(2026, 1, 5),
            created_at=time(14, 30),
            type="CH",
        ),
        "BHT*0019*00*B1*20260105*1430*CH",
    ),
    (HL(number="2", parent="1", level="22", child="0"), "HL*2*1*22*0"),
    (
        CLM(
            patient_control_number="C1",
            charge=D("225.5"),
            facility=Facility(code="11", qualifier="B", frequency="1"),
            provider_signature="Y",
            assignment="A",
            benefits_assigned="Y",
            release_of_information="Y",
            related_causes=RelatedCauses(cause_1="AA", cause_2="OA", state="OH"),
        ),
        "CLM*C1*225.5***11:B:1*Y*A*Y*Y**AA:OA::OH",
    ),
    (
        HI(
            codes=[
                HealthCode(qualifier="ABK", code="E119"),
                HealthCode(qualifier="ABF", code="I10", present_on_admission="Y"),
            ]
        ),
        "HI*ABK:E119*ABF:I10:::::::Y",
    ),
    (
        SV1(
            procedure=LineProcedure(qualifier="HC", code="G0463", modifiers=["25", "59"]),
            charge=D(150),
            unit="UN",
            units=D("1.5"),
            diagnoses=DiagnosisPointers(pointers=[1, 2]),
        ),
        "SV1*HC:G0463:25:59*150*UN*1.5***1:2",
    ),
    (
        SV1(
            procedure=LineProcedure(qualifier="HC", code="E1399", description="SPECIAL PART"),
            charge=D(9),
        ),
        "SV1*HC:E1399:::::SPECIAL PART*9",
    ),
    (LIN(qualifier="N4", code="00409379501"), "LIN**N4*00409379501"),
    (CTP(quantity=D("1.5"), unit=UnitOfMeasure(code="ML")), "CTP****1.5*ML"),
    (
        BPR(
            handling="I",
            amount=D("190.5"),
            credit_debit="C",
            method="CHK",
            effective_date=date(2026, 1, 20),
        ),
        "BPR*I*190.5*C*CHK************20260120",
    ),
    (
        CLP(
            patient_control_number="C1",
            status="22",
            charge=D(-150),
            paid=D(-100),
            filing_indicator="12",
            payer_claim_control_number="ICN1",
        ),
        "CLP*C1*22*-150*-100**12*ICN1",
    ),
    (
        SVC(
            procedure=Procedure(qualifier="HC", code="G0463"),
            charge=D(150),
            paid=D(100),
            units_paid=D(1),
            submitted_procedure=Procedure(qualifier="HC", code="G0464"),
        ),
        "SVC*HC:G0463*150*100**1*HC:G0464",
    ),
    (MOA(remarks=["MA01", "MA18"]), "MOA***MA01*MA18"),
    (MOA(remarks=["MA01"], professional_component=D("9.5")), "MOA***MA01******9.5"),
    (TS2(values=[D(1), D(2)]), "TS2*1*2"),
    (
        PLB(
            provider="1234567893",
            fiscal_period_end=date(2026, 12, 31),
            adjustments=[
                ProviderAdjustment(
                    reason=AdjustmentReason(code="WO", reference="ICN1"), amount=D(50)
                ),
                ProviderAdjustment(reason=AdjustmentReason(code="L6"), amount=D("-3.12")),
            ],
        ),
        "PLB*1234567893*20261231*WO:ICN1*50*L6*-3.12",
    ),
    (
        STC(
            status=Status(category="A3", code="21"),
            effective_date=date(2026, 1, 6),
            action="U",
            charge=D(65),
            status_2=Status(category="A3", code="187"),
        ),
        "STC*A3:21*20260106*U*65******A3:187",
    ),
    (
        IK4(element=ElementPosition(element=5, component=1), reference=1331, code="7"),
        "IK4*5:1*1331*7",
    ),
    (CL1(admission_type="1", admission_source="1", patient_status="01"), "CL1*1*1*01"),
    (CL1(patient_status="30"), "CL1***30"),
    (SV2(revenue_code="0120", charge=D(8000), unit="DA", units=D(4)), "SV2*0120**8000*DA*4"),
    (
        SV2(
            revenue_code="0300",
            procedure=LineProcedure(qualifier="HC", code="J1100", modifiers=["59"]),
            charge=D(120),
            unit="UN",
            units=D(1),
            non_covered=D("20.5"),
        ),
        "SV2*0300*HC:J1100:59*120*UN*1**20.5",
    ),
    (
        SV3(
            procedure=LineProcedure(qualifier="AD", code="D2009"),
            charge=D(285),
            oral_cavity=OralCavity(areas=["20", "30"]),
            placement="R",
            count=D(1),
            diagnoses=DiagnosisPointers(pointers=[1, 2]),
        ),
        "SV3*AD:D2009*285**20:30*R*1*****1:2",
    ),
    (
        TOO(code_list="JP", tooth="14", surfaces=ToothSurfaces(surfaces=["M", "O"])),
        "TOO*JP*14*M:O",
    ),
    (DN1(total_months=D(36), remaining_months=D(30)), "DN1*36*30"),
    (DN1(indicator="Y"), "DN1****Y"),
    (DN2(tooth="8", status="M", code_list="JP"), "DN2*8*M****JP"),
    (
        HI(
            codes=[
                HealthCode(
                    qualifier="BI", code="70", format_qualifier="RD8", date="20260101-20260104"
                )
            ]
        ),
        "HI*BI:70:RD8:20260101-20260104",
    ),
    (HI(codes=[HealthCode(qualifier="BE", code="80", amount=D(4))]), "HI*BE:80:::4"),
    (CRC(category="ZZ", applies="N", conditions=["NU"]), "CRC*ZZ*N*NU"),
    (
        SVD(
            payer="60054",
            paid=D(0),
            procedure=LineProcedure(qualifier="HC", code="J1100"),
            revenue_code="0636",
            units=D(10),
            bundled_line=1,
        ),
        "SVD*60054*0*HC:J1100*0636*10*1",
    ),
    (HCP(method="10", allowed=D(100), savings=D(20)), "HCP*10*100*20"),
    (
        TA1(control_number="000000101", date="260105", time="1430", status="A", note="000"),
        "TA1*000000101*260105*1430*A*000",
    ),
]


@pytest.mark.parametrize(("segment", "text"), BOTH_WAYS, ids=[text for _, text in BOTH_WAYS])
def test_reads_and_writes(segment: Segment, text: str) -> None:
    assert segment.format() == text
    assert type(segment).parse(text.split("*")) == segment


ODD = Delimiters(element="|", repetition="!", component=">", segment="'")


@pytest.mark.parametrize(("segment", "text"), BOTH_WAYS, ids=[text for _, text in BOTH_WAYS])
def test_reads_and_writes_with_other_delimiters(segment: Segment, text: str) -> None:
    text = text.replace("*", "|").replace(":", ">")
    assert segment.format(ODD) == text
    assert type(segment).parse(text.split("|"), ODD) == segment


@pytest.mark.parametrize(
    ("amount", "text"),
    [("100.50", "100.5"), ("100.00", "100"), ("1E+2", "100"), ("-0.00", "0"), ("0.05", "0.05")],
)
def test_money_is_written_without_idle_zeros(amount: str, text: str) -> None:
    assert AMT(qualifier="F5", amount=D(amount)).format() == f"AMT*F5*{text}"


@pytest.mark.parametrize(
    ("segment", "says"),
    [
        (REF(qualifier="6R", value="A*B"), "REF02 holds a delimiter"),
        (REF(qualifier="6R", value="A~B"), "REF02 holds a delimiter"),
        (REF(qualifier="6R", value="A^B"), "REF02 holds a delimiter"),
        (REF(qualifier="6R", value="A:B"), "REF02 holds a delimiter"),
        (REF(qualifier="6R", value="A\nB"), "REF02 holds a control character"),
        (REF(qualifier="6R", value=""), "REF02 is required and has no value"),
        (REF(qualifier="6R", value=None), "REF02 is required and has no value"),  # type: ignore[arg-type]
        (AMT(qualifier="F5", amount=None), "AMT02 is required and has no value"),  # type: ignore[arg-type]
        (AMT(qualifier="F5", amount=1.5), "AMT02 is no Decimal"),  # type: ignore[arg-type]
        (HI(codes=[HealthCode(qualifier="ABK", code="E1:9")]), "HI01-2 holds a delimiter"),
        (HI(codes=[HealthCode(qualifier="ABK", code="Z1")] * 13), "HI01 has more than 12 values"),
        (
            SV1(procedure=LineProcedure(qualifier="HC", code=""), charge=D(1)),
            "SV101-2 is required and has no value",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_by_place_and_not_by_value(
    segment: Segment, says: str
) -> None:
    with pytest.raises(edi.EdiError) as refused:
        segment.format()
    assert str(refused.value) == says
