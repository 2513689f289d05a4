"""Faults planted into files that are right: (rule, file, what is written for what, the element).

A change is (old, new); the first occurrence is replaced, and it must be there.
"""

from __future__ import annotations

import re
from pathlib import Path

X12 = Path(__file__).parents[2] / "fixtures" / "x12"
BASES = {
    "P": "837p/pass/one_claim",
    "PA": "837p/pass/ambulance_anesthesia_drug",
    "PS": "837p/pass/secondary_of_a_dependent",
    "II": "837i/pass/inpatient_stay",
    "IO": "837i/pass/outpatient_after_another_payer",
    "D": "837d/pass/filling_and_crown_again",
    "DO": "837d/pass/orthodontics_predetermined",
    "R": "835/pass/one_claim_paid",
}
Changes = tuple[tuple[str, str], ...]


def planted(base: str, *changes: tuple[str, str]) -> bytes:
    """A file with faults in it, and with the right count in SE01."""
    text = (X12 / f"{BASES[base]}.edi").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    body = text[text.index("\nST*") + 1 : text.index("\nSE*") + 1]
    return re.sub(r"\nSE\*\d+\*", f"\nSE*{body.count('~') + 1}*", text).encode()


PLANTED: tuple[tuple[str, str, Changes, str], ...] = (
    # ── whoever takes part ──
    ("NPI-CHECK", "P", (("XX*1245319599", "XX*1245319598"),), "NM109"),
    ("NPI-CHECK", "R", (("XX*1234567893", "XX*1234567890"),), "N104"),
    ("NPI-CHECK-REF", "R", (("REF*6R*L1~\n", "REF*6R*L1~\nREF*HPI*1234567890~\n"),), "REF02"),
    ("TAXONOMY-FORM", "P", (("PXC*207Q00000X", "PXC*207Q0000X"),), "PRV03"),
    ("TAX-NUMBER", "P", (("REF*EI*311234567", "REF*EI*31-1234567"),), "REF02"),
    ("TAX-NUMBER", "D", (("REF*SY*301234567", "REF*SY*301-23-4567"),), "REF02"),
    ("TAX-NUMBER-INVENTED", "P", (("REF*EI*311234567", "REF*EI*111111111"),), "REF02"),
    ("CLIA-FORM", "P", (("X4*36D0123456", "X4*36-0123456"),), "REF02"),
    ("STATE", "P", (("N4*COLUMBUS*OH", "N4*COLUMBUS*OX"),), "N402"),
    ("PHONE-FORM", "P", (("TE*6145550100", "TE*614-555-0100"),), "PER04"),
    ("PO-BOX", "P", (("N3*100 MAPLE ST", "N3*P.O. BOX 12"),), "N301"),
    ("PO-BOX", "D", (("N3*77 MOLAR STREET", "N3*77 MOLAR STREET*PO BOX 5"),), "N302"),
    ("PO-BOX-FACILITY", "PA", (("N3*300 SURGERY LN", "N3*PO BOX 7"),), "N301"),
    ("PO-BOX-FACILITY", "II", (("N3*12 ANNEX ROAD", "N3*LOCKBOX 9"),), "N301"),
    ("ZIP-NINE", "II", (("OH*432150001", "OH*43215"),), "N403"),
    ("ZIP-NINE-PD", "P", (("OH*432150001", "OH*43215"),), "N403"),
    ("ZIP-NINE-FACILITY", "PA", (("OH*432150003", "OH*43215"),), "N403"),
    (
        "PAY-TO-SAME",
        "PA",
        (
            (
                "N3*PO BOX 900~\nN4*COLUMBUS*OH*432160900",
                "N3*100 MAPLE ST~\nN4*COLUMBUS*OH*432150001",
            ),
        ),
        "N3",
    ),
    (
        "FACILITY-SAME",
        "PA",
        (
            (
                "N3*300 SURGERY LN~\nN4*COLUMBUS*OH*432150003",
                "N3*100 MAPLE ST~\nN4*COLUMBUS*OH*432150001",
            ),
        ),
        "N3",
    ),
    # ── the insured, the patient ──
    ("SBR-NOT-SELF", "P", (("SBR*P*18*", "SBR*P**"),), "SBR02"),
    (
        "SBR-NO-PATIENT",
        "P",
        (
            (
                "HL*2*1*22*0~\n",
                "HL*2*1*22*0~\nSBR*P**GRP001******CI~\nNM1*IL*1*ROE*ANN****MI*W1~\n"
                "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*60054~\nHL*3*1*22*0~\n",
            ),
        ),
        "SBR02",
    ),
    ("SBR-DEPENDENTS", "PS", (("SBR*S**", "SBR*S*18*"),), "SBR02"),
    ("SELF-STREET", "P", (("N3*5 OAK AVE~\n", ""),), "N3"),
    ("SELF-CITY", "P", (("N4*COLUMBUS*OH*432150002~\n", ""),), "N4"),
    ("SELF-BIRTH", "P", (("DMG*D8*19800214*F~\n", ""),), "DMG"),
    ("SELF-BIRTH", "II", (("DMG*D8*19500214*F~\n", ""),), "DMG"),
    ("SBR-GROUP-NAME", "P", (("*GRP001*", "*GRP001*ACME STAFF"),), "SBR04"),
    ("SBR-GROUP-MEMBER", "P", (("*GRP001*", "*W123456789*"),), "SBR03"),
    ("SBR-MEDICARE-TYPE", "PA", (("SBR*P*18", "SBR*S*18"),), "SBR05"),
    ("SBR-TYPE-ELSEWHERE", "P", (("GRP001******CI", "GRP001**12****CI"),), "SBR05"),
    ("SBR-FILING", "P", (("SBR*P*18*GRP001******CI", "SBR*P*18*GRP001"),), "SBR09"),
    ("SBR-PART-A", "PA", (("*MB~", "*MA~"),), "SBR09"),
    ("SBR-PART-B", "II", (("*MA~", "*MB~"),), "SBR09"),
    ("MEMBER-MEDICARE", "PA", (("MI*1EG4TE5MK73", "MI*123456789A"),), "NM109"),
    (
        "MEDICARE-SSN",
        "II",
        (("DMG*D8*19500214*F~\n", "DMG*D8*19500214*F~\nREF*SY*301234567~\n"),),
        "REF02",
    ),
    ("CASE-NUMBER", "P", (("*CI~", "*WC~"),), "REF"),
    ("BIRTH-LATER", "P", (("DMG*D8*19800214", "DMG*D8*20270214"),), "DMG02"),
    ("BIRTH-LATER", "PS", (("DMG*D8*20150704", "DMG*D8*20270214"),), "DMG02"),
    ("BIRTH-AGE", "P", (("DMG*D8*19800214", "DMG*D8*18800214"),), "DMG02"),
    ("DEATH-LATER", "PA", (("PAT*******01*154", "PAT*****D8*20270101*01*154"),), "PAT06"),
    ("DEATH-BEFORE-BIRTH", "PA", (("PAT*******01*154", "PAT*****D8*19400101*01*154"),), "PAT06"),
    (
        "PREGNANT-MALE",
        "PA",
        (("PAT*******01*154", "PAT*******01*154*Y"), ("19500214*F", "19500214*M")),
        "PAT09",
    ),
    # ── the claim ──
    ("FREQUENCY-NUMBER", "P", (("11:B:1*Y", "11:B:7*Y"),), "REF"),
    ("FREQUENCY-NUMBER", "II", (("11:A:1*", "11:A:8*"),), "REF"),
    ("FREQUENCY-NUMBER", "D", (("11:B:1*Y", "11:B:6*Y"),), "REF"),
    ("FREQUENCY-ORIGINAL", "PA", (("41:B:7", "41:B:1"),), "REF02"),
    ("FREQUENCY-CODE", "P", (("11:B:1*Y", "11:B:Z*Y"),), "CLM05-3"),
    ("CLAIM-NUMBER-LONG", "P", (("C00001-1", "C00001-1-AND-MUCH-MORE"),), "CLM01"),
    ("ACCIDENT-DATE", "PA", (("DTP*439*D8*20260101~\n", ""),), "DTP"),
    ("ACCIDENT-DATE", "D", (("DTP*439*D8*20251220~\n", ""),), "DTP"),
    ("EMPLOYMENT-DATE", "P", (("*Y*A*Y*Y~", "*Y*A*Y*Y**EM~"),), "DTP"),
    ("ACCIDENT-CAUSE", "P", (("REF*D9*", "DTP*439*D8*20251201~\nREF*D9*"),), "DTP"),
    ("ACCIDENT-STATE", "PA", (("AA:OA::OH", "AA:OA"),), "CLM11-4"),
    ("REFERRAL-PROVIDER", "P", (("REF*D9*", "REF*9F*R1~\nREF*D9*"),), "NM1"),
    ("REFERRING-ROLES", "PA", (("NM1*DN*1*REFER", "NM1*P3*1*REFER"),), "NM101"),
    ("RENDERING-BILLS", "P", (("XX*1245319599", "XX*1234567893"),), "NM109"),
    ("ATTACHMENT-NUMBER", "PA", (("PWK*OZ*EL***AC*ATT0001", "PWK*OZ*EL"),), "PWK06"),
    ("ATTACHMENT-AVAILABLE", "PA", (("PWK*OZ*EL", "PWK*OZ*AA"),), "PWK06"),
    ("EPSDT-REFERRAL", "P", (("HI*ABK", "CRC*ZZ*N*AV~\nHI*ABK"),), "CRC03"),
    ("LINE-NUMBER-TWICE", "P", (("REF*6R*L2", "REF*6R*L1"),), "REF02"),
    # ── diagnoses ──
    ("DX-DUPLICATE", "P", (("ABF:I10", "ABF:E119"),), "HI02-2"),
    ("DX-FORM", "P", (("ABK:E119", "ABK:E11.9"),), "HI01-2"),
    ("DX-FORM", "P", (("ABF:I10", "ABF:ZZZZ99"),), "HI02-2"),
    ("DX-VERSIONS", "P", (("ABF:I10", "BF:4011"),), "HI02-1"),
    ("DX-CAUSE-FIRST", "P", (("ABK:E119", "ABK:W1830XA"),), "HI01-2"),
    ("DX-ICD-9", "P", (("HI*ABK:E119*ABF:I10", "HI*BK:25000*BF:4011"),), "HI01-1"),
    # ── lines ──
    ("DX-POINTER", "P", (("UN*1***1:2", "UN*1***1:3"),), "SV107-2"),
    ("DX-POINTER", "D", (("1*****1:2", "1*****1:4"),), "SV311-2"),
    ("DX-POINTER-TWICE", "P", (("UN*1***1:2", "UN*1***1:1"),), "SV107-2"),
    ("PROCEDURE-FORM", "P", (("HC:G0463", "HC:G046"),), "SV101-2"),
    ("PROCEDURE-FORM", "IO", (("HC:G0380", "HC:ZZZZZ"),), "SV202-2"),
    ("PROCEDURE-FORM", "D", (("AD:D2009", "AD:02009"),), "SV301-2"),
    ("MODIFIER-FORM", "P", (("G0463:25", "G0463:2?"),), "SV101-3"),
    ("MODIFIER-TWICE", "P", (("G0463:25", "G0463:25:25"),), "SV101-4"),
    ("NDC-FORM", "PA", (("N4*00409379501", "N4*0409-3795-01"),), "LIN03"),
    ("DRUG-QUANTITY", "PA", (("CTP****2*", "CTP****0*"),), "CTP04"),
    # ── money ──
    ("PAID-MORE", "PA", (("AMT*F5*20", "AMT*F5*2000"),), "AMT02"),
    ("PAID-NEGATIVE", "PA", (("AMT*F5*20", "AMT*F5*-20"),), "AMT02"),
    ("CHARGE-NEGATIVE", "P", (("*150*UN", "*-150*UN"),), "SV102"),
    ("CHARGE-CENTS", "II", (("**8000*", "**8000.001*"),), "SV203"),
    ("CLAIM-NEGATIVE", "P", (("*225.5***", "*-225.5***"),), "CLM02"),
    ("CLAIM-CENTS", "P", (("*225.5***", "*225.555***"),), "CLM02"),
    ("MONEY-ZEROS", "P", (("*225.5***", "*225.50***"),), "CLM02"),
    ("MONEY-ZEROS", "D", (("D2009*180*", "D2009*180.00*"),), "SV302"),
    # ── days ──
    ("SERVICE-FUTURE", "P", (("D8*20260102", "D8*20260201"),), "DTP03"),
    ("SERVICE-FUTURE-CLAIM", "D", (("472*D8*20260103", "472*D8*20260203"),), "DTP03"),
    ("SERVICE-ENDS-FUTURE", "P", (("20260102-20260102", "20260102-20260201"),), "DTP03"),
    ("SERVICE-BEFORE-BIRTH", "PS", (("472*D8*20260102", "472*D8*20150102"),), "DTP03"),
    ("SERVICE-AFTER-DEATH", "PA", (("PAT*******01*154", "PAT*****D8*20260101*01*154"),), "DTP03"),
    ("EVENT-FUTURE", "PA", (("DTP*439*D8*20260101", "DTP*439*D8*20260301"),), "DTP03"),
)
