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
    "RT": "835/pass/two_lx_inpatient_and_provider_money",
    "A": "277ca/pass/accepted_and_rejected",
    "F": "999/pass/one_claim_rejected",
}
WITHOUT_MAP = ("D", "DO")  # in pyx12 4.0.0
Changes = tuple[tuple[str, str], ...]


def planted(base: str, *changes: tuple[str, str]) -> bytes:
    """A file with faults in it, and with the right count in SE01."""
    text = (X12 / f"{BASES[base]}.edi").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    body = text[text.index("\nST*") + 1 : text.index("\nSE*") + 1]
    return re.sub(r"\nSE\*\d+\*", f"\nSE*{body.count('~') + 1}*", text).encode()


def other_payer(position: str, decided: str, payer: str) -> str:
    """Another payer before the first line."""
    return (
        f"SBR*{position}*18*G2******CI~\n{decided}\nOI***Y***Y~\n".replace("\n\n", "\n")
        + f"NM1*IL*1*DOE*JANE****MI*X1~\nNM1*PR*2*OTHER PLAN*****PI*{payer}~\nLX*1~"
    )


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
    ("STATE-835", "R", (("N4*HARTFORD*CT", "N4*HARTFORD*QQ"),), "N402"),
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
    # ── professional ──
    ("ADMISSION-DATE", "P", (("11:B:1*Y", "21:B:1*Y"),), "DTP"),
    (
        "DATE-ORDER",
        "PA",
        (("DTP*435*D8*20260101~", "DTP*435*D8*20260103~\nDTP*096*D8*20260102~"),),
        "DTP03",
    ),
    ("AMBULANCE-TRANSPORT", "P", (("11:B:1*Y", "41:B:1*Y"),), "CR1"),
    (
        "AMBULANCE-PICK-UP",
        "PA",
        (("NM1*PW*2~\nN3*5 OAK AVE~\nN4*COLUMBUS*OH*432150002~\n", ""),),
        "NM1",
    ),
    (
        "AMBULANCE-DROP-OFF",
        "PA",
        (
            (
                "NM1*45*2*MAPLE GENERAL HOSPITAL~\n"
                "N3*200 HOSPITAL WAY~\nN4*COLUMBUS*OH*432150001~\n",
                "",
            ),
        ),
        "NM1",
    ),
    ("AMBULANCE-CERTIFICATION", "PA", (("CRC*07*Y*01*09~\n", ""),), "CRC"),
    ("SPINAL-ACUTE", "PA", (("CRC*07", "CR2********A~\nCRC*07"),), "DTP"),
    ("SPINAL-FIRST", "P", (("HI*ABK", "CR2********C~\nHI*ABK"),), "DTP"),
    (
        "PERIOD-MALE",
        "P",
        (("REF*D9", "DTP*484*D8*20251201~\nREF*D9"), ("0214*F", "0214*M")),
        "DTP03",
    ),
    ("SCREENING-REFERRAL", "P", (("UN*1***1:2~", "UN*1***1:2****Y~"),), "CRC"),
    ("UNITS", "P", (("*150*UN*1*", "*150*UN*0*"),), "SV104"),
    ("ANAESTHESIA-MINUTES", "P", (("HC:G0463:25*150", "HC:00100:AA*150"),), "SV103"),
    ("ANAESTHESIA-WHOLE", "PA", (("MJ*95*", "MJ*95.5*"),), "SV104"),
    ("ANAESTHESIA-WHO", "P", (("HC:G0463:25*150*UN", "HC:00100:25*150*MJ"),), "SV101-3"),
    ("UNLISTED", "P", (("HC:G0463:25*", "HC:E1399*"),), "SV101-7"),
    ("BOTH-SIDES", "P", (("G0463:25*", "G0463:50:LT*"),), "SV101"),
    ("REFERRED-LABORATORY", "P", (("G0103:QW", "G0103:90"),), "REF"),
    (
        "EQUIPMENT-CODE",
        "P",
        (("DTP*472*D8", "SV5*HC:E0601*DA*30*75.5*600*4~\nDTP*472*D8"),),
        "SV501-2",
    ),
    (
        "EQUIPMENT-DAYS",
        "P",
        (("DTP*472*D8", "SV5*HC:G0463*DA*0*75.5*600*4~\nDTP*472*D8"),),
        "SV503",
    ),
    ("PURCHASED-FROM", "P", (("REF*6R*L1~", "REF*6R*L1~\nPS1*123456*10~"),), "NM1"),
    (
        "PURCHASED-ID",
        "P",
        (("REF*6R*L1~", "REF*6R*L1~\nPS1*123456*10~\nNM1*QB*2******XX*1245319599~"),),
        "PS101",
    ),
    (
        "AMBULANCE-PATIENTS",
        "P",
        (("DTP*472*D8*20260102~", "DTP*472*D8*20260102~\nQTY*PT*1~"),),
        "QTY02",
    ),
    ("TAX-MORE", "P", (("REF*6R*L1~", "REF*6R*L1~\nAMT*T*500~"),), "AMT02"),
    ("CERTIFICATE-FORM", "P", (("DTP*472*D8", "PWK*CT*AB~\nDTP*472*D8"),), "LQ"),
    # ── institutional ──
    ("BILL-TYPE", "II", (("11:A:1", "ZZ:A:1"),), "CLM05-1"),
    ("STAY-ADMISSION", "II", (("DTP*435*DT*202601011030~\n", ""),), "DTP"),
    ("STAY-ADMISSION-HOUR", "II", (("DT*202601011030", "D8*20260101"),), "DTP02"),
    ("STAY-ADMISSION-LATE", "II", (("DT*202601011030", "DT*202601051030"),), "DTP03"),
    ("STAY-DISCHARGE-HOUR", "II", (("DTP*096*TM*1400~\n", ""),), "DTP"),
    ("STAY-DISCHARGED", "II", (("CL1*1*1*01", "CL1*1*1*30"),), "DTP"),
    ("STAY-INTERIM", "II", (("11:A:1", "11:A:2"),), "CL103"),
    ("STAY-FINAL", "II", (("11:A:1", "11:A:4"), ("CL1*1*1*01", "CL1*1*1*30")), "CL103"),
    ("STAY-SOURCE", "II", (("CL1*1*1*01", "CL1*1**01"),), "CL102"),
    ("ADMISSION-TYPE", "II", (("CL1*1*1*01", "CL1*7*1*01"),), "CL101"),
    ("PATIENT-STATUS", "II", (("CL1*1*1*01", "CL1*1*1*1"),), "CL103"),
    ("STAY-DIAGNOSIS", "II", (("HI*ABJ:R0602~\n", ""),), "HI"),
    ("STAY-PRESENT", "II", (("J189:::::::Y", "J189"), ("E119:::::::Y", "E119")), "HI01-9"),
    ("VISIT-PRESENT", "IO", (("S52501A", "S52501A:::::::Y"),), "HI01-9"),
    ("VISIT-REASON", "IO", (("HI*APR:M79602*APR:R52~\n", ""),), "HI"),
    ("STAY-REASON", "II", (("HI*ABJ:R0602~", "HI*ABJ:R0602~\nHI*APR:R52~"),), "HI01-1"),
    (
        "ATTENDING",
        "II",
        (("NM1*71*1*WELBY*MORGAN****XX*1245319599~\nPRV*AT*PXC*207R00000X~\n", ""),),
        "NM1",
    ),
    ("OPERATING", "II", (("NM1*72*1*STONE*AVERY****XX*1245319599~\n", ""),), "NM1"),
    ("OPERATING-OTHER", "II", (("NM1*72*1", "NM1*ZZ*1"),), "NM101"),
    (
        "OPERATING-OTHER-LINE",
        "II",
        (
            ("NM1*72*1*STONE*AVERY****XX*1245319599~\n", ""),
            ("AMT*GT*12.5~", "AMT*GT*12.5~\nNM1*ZZ*1*STONE*AVERY****XX*1245319599~"),
        ),
        "NM101",
    ),
    (
        "RENDERING-ATTENDS",
        "IO",
        (("NM1*DN*1", "NM1*82*1*WELBY*MORGAN****XX*1245319599~\nNM1*DN*1"),),
        "NM109",
    ),
    ("PROCEDURE-VISIT", "IO", (("APR:R52~", "APR:R52~\nHI*BBR:0BH17EZ:D8:20260110~"),), "HI01-1"),
    ("PROCEDURE-PRINCIPAL", "II", (("HI*BBR:0BH17EZ:D8:20260102~\n", ""),), "HI01-1"),
    ("PROCEDURE-PCS", "II", (("0BH17EZ", "0BHI7EZ"),), "HI01-2"),
    ("BILLING-CODE", "II", (("BG:C1", "BG:C1X"),), "HI01-2"),
    ("DRG-FORM", "II", (("DR:193", "DR:19A"),), "HI01-2"),
    ("HI-FUTURE", "II", (("0BH17EZ:D8:20260102", "0BH17EZ:D8:20260202"),), "HI01-4"),
    ("BILLING-CODE-TWICE", "II", (("BG:17", "BG:C1"),), "HI02-2"),
    ("ROOM-DAYS", "II", (("BE:80:::4", "BE:80:::3"),), "SV205"),
    ("STAY-DAYS", "II", (("HI*BE:80:::4*BE:A1", "HI*BE:A1"),), "HI"),
    ("ROOM-TWICE", "II", (("SV2*0250**7000*UN*12**350", "SV2*0120**7000*DA*0"),), "SV201"),
    ("REVENUE-CODE", "II", (("SV2*0250", "SV2*250"),), "SV201"),
    ("REVENUE-TOTAL", "II", (("SV2*0250", "SV2*0001"),), "SV201"),
    ("NOT-COVERED", "II", (("*12**350", "*12**9000"),), "SV207"),
    ("UNITS-NEGATIVE", "II", (("UN*12*", "UN*-12*"),), "SV205"),
    ("VISIT-PROCEDURE", "IO", (("SV2*0450*HC:G0380:25*", "SV2*0450**"),), "SV202"),
    ("VISIT-DATE", "IO", (("DTP*472*D8*20260110~\n", ""),), "DTP"),
    ("LINE-OUTSIDE", "IO", (("DTP*472*D8*20260110", "DTP*472*D8*20260111"),), "DTP03"),
    # ── dental ──
    ("PREDETERMINATION-DAY", "DO", (("REF*6R*L1~", "DTP*472*D8*20260103~\nREF*6R*L1~"),), "DTP"),
    ("SERVICE-DAY", "D", (("DTP*472*D8*20260103~\n", ""),), "DTP"),
    (
        "ASSISTANT-RENDERS",
        "D",
        (("PXC*1223P0221X~", "PXC*1223P0221X~\nNM1*DD*1*FERN*RILEY****XX*1245319599~"),),
        "NM1",
    ),
    ("ORTHODONTICS-MONTHS", "DO", (("DN1*36*30", "DN1*30*36"),), "DN102"),
    ("ORTHODONTICS-WORD", "DO", (("DN1*36*30", "DN1*36*30**Y"),), "DN104"),
    ("ORTHODONTICS", "DO", (("DN1*36*30~\n", ""),), "DN1"),
    ("TOOTH-STATUS", "D", (("DN2*16*", "DN2*33*"),), "DN201"),
    (
        "TOOTH-STATUS-TWICE",
        "D",
        (("DN2*16*M****JP~", "DN2*16*M****JP~\nDN2*16*E****JP~"),),
        "DN201",
    ),
    (
        "TEETH-COUNT",
        "D",
        (("R*1*****", "R*2*****"), ("TOO*JP*3*O~", "TOO*JP*3*O~\nTOO*JP*4*O~")),
        "SV306",
    ),
    ("TOOTH", "D", (("TOO*JP*14*", "TOO*JP*34*"),), "TOO02"),
    ("TOOTH-MISSING", "D", (("TOO*JP*14*", "TOO*JP**"),), "TOO02"),
    ("SURFACE-TWICE", "D", (("M:O~", "O:O~"),), "TOO03"),
    ("SURFACE-O", "D", (("TOO*JP*14*M:O", "TOO*JP*8*M:O"),), "TOO03-2"),
    ("SURFACE-I", "D", (("14*M:O", "14*M:I"),), "TOO03-2"),
    ("SURFACE-B", "D", (("14*M:O", "8*M:B"),), "TOO03-2"),
    ("SURFACE-F", "D", (("14*M:O", "14*M:F"),), "TOO03-2"),
    ("AREA", "D", (("**20*R", "**50*R"),), "SV304-1"),
    ("AREA-TWICE", "D", (("**20*R", "**20:20*R"),), "SV304-2"),
    ("PROSTHESIS-PRIOR", "D", (("DTP*441*D8*20150601~\n", ""),), "DTP"),
    ("PROSTHESIS-FIRST", "D", (("*20*R*1", "*20*I*1"),), "DTP"),
    ("DENTAL-COUNT", "D", (("R*1*****", "R*0*****"),), "SV306"),
    # ── other payers ──
    ("PAYER-POSITION", "PS", (("SBR*P*19", "SBR*S*19"),), "SBR01"),
    ("PAYER-GAP", "P", (("SBR*P*18", "SBR*S*18"),), "SBR"),
    ("PAYER-TWICE", "PS", (("LX*1~", other_payer("T", "AMT*A8*225.5~", "60054")),), "NM109"),
    ("PAYER-DESTINATION", "PS", (("PI*87726", "PI*60054"),), "NM109"),
    ("COB-PAYER", "PS", (("SVD*60054", "SVD*99999"),), "SVD01"),
    ("COB-PAID", "PS", (("AMT*D*190.5~\n", ""),), "AMT"),
    ("COB-DAY", "P", (("LX*1~", other_payer("S", "AMT*D*0~", "70100")),), "DTP"),
    (
        "COB-DAY-TWICE",
        "IO",
        (("REF*F8*MCD000123", "DTP*573*D8*20260201~\nREF*F8*MCD000123"),),
        "DTP",
    ),
    ("COB-NEVER", "PS", (("AMT*D*190.5~", "AMT*D*190.5~\nAMT*A8*5~"),), "AMT02"),
    ("COB-LIABILITY-TWICE", "PS", (("AMT*D*190.5~", "AMT*D*190.5~\nAMT*EAF*15~"),), "AMT02"),
    (
        "COB-UNDECIDED",
        "P",
        (("SBR*P*18", "SBR*S*18"), ("LX*1~", other_payer("P", "", "70100"))),
        "AMT",
    ),
    ("COB-LATER", "P", (("LX*1~", other_payer("S", "AMT*D*10~", "70100")),), "SBR01"),
    ("COB-NEGATIVE", "PS", (("AMT*D*190.5", "AMT*D*-190.5"),), "AMT02"),
    ("COB-FUTURE", "PS", (("573*D8*20260120", "573*D8*20260220"),), "DTP03"),
    ("COB-BEFORE-SERVICE", "PS", (("573*D8*20260120", "573*D8*20251220"),), "DTP03"),
    ("COB-REASON-TWICE", "PS", (("CAS*CO*45*10~", "CAS*CO*45*5**45*5~"),), "CAS05"),
    ("COB-BUNDLED", "PS", (("HC:G0463:25**1~\nCAS", "HC:G0463:25**1*9~\nCAS"),), "SVD06"),
    ("COB-GROUP-NAME", "PS", (("*GRP001*", "*GRP001*STAFF"),), "SBR04"),
    ("REFERENCE-OWNER", "PS", (("REF*6R*L1~", "REF*6R*L1~\nREF*G1*A1**2U:999~"),), "REF04-2"),
    # ── remittance ──
    ("PAYMENT-NEGATIVE", "R", (("BPR*I*190.5", "BPR*I*-190.5"),), "BPR02"),
    ("PAYMENT-PAYER", "R", (("EFT0001*1512345678", "EFT0001*1999999999"),), "TRN03"),
    ("PAYMENT-NOTHING", "R", (("BPR*I*190.5", "BPR*I*0"),), "BPR04"),
    ("PAYMENT-NON", "R", (("*C*ACH*", "*C*NON*"),), "BPR04"),
    ("PAYMENT-BANK", "R", (("**01*044115090*DA*987654321*", "******"),), "BPR13"),
    ("SHARE", "R", (("*190.5*15*12", "*190.5*20*12"),), "CLP05"),
    ("REVERSAL-SIGN", "R", (("C00001-1*1*", "C00001-1*22*"),), "CLP04"),
    ("REMIT-NEGATIVE", "R", (("*1*225.5*190.5", "*1*-225.5*190.5"),), "CLP03"),
    ("PRICED-ONLY", "R", (("C00001-1*1*", "C00001-1*25*"),), "CLP04"),
    ("DENIED-PAID", "R", (("C00001-1*1*", "C00001-1*4*"),), "CLP04"),
    (
        "STATEMENT-REVERSED",
        "R",
        (("DTM*232*20260102~", "DTM*232*20260102~\nDTM*233*20260101~"),),
        "DTM02",
    ),
    (
        "SERVICE-REVERSED",
        "R",
        (("DTM*472*20260102~", "DTM*150*20260102~\nDTM*151*20260101~"),),
        "DTM02",
    ),
    ("SERVICE-NO-DAY", "R", (("DTM*232*20260102~\n", ""), ("DTM*472*20260102~\n", "")), "DTM"),
    (
        "DAY-AND-SPAN",
        "R",
        (("DTM*472*20260102~", "DTM*472*20260102~\nDTM*150*20260102~"),),
        "DTM01",
    ),
    ("SUBMITTED-SAME", "R", (("*150*125**1~", "*150*125**1*HC:G0463:25~"),), "SVC06"),
    ("UNITS-SAME", "R", (("*150*125**1~", "*150*125**1**1~"),), "SVC07"),
    ("REASON", "R", (("CAS*CO*45*10", "CAS*CO*999*10"),), "CAS02"),
    ("REASON-GROUP", "R", (("CAS*CO*45*10", "CAS*CO*23*10"),), "CAS02"),
    ("REASON-CLAIMS", "R", (("CAS*CO*45*10", "CAS*CO*192*10"),), "CAS02"),
    ("REASON-TWICE", "R", (("CAS*CO*45*10", "CAS*CO*45*5**45*5"),), "CAS05"),
    ("REASON-ALL", "R", (("CAS*CO*45*10", "CAS*CO*45*150"), ("*150*125**1", "*150*0**1")), "CAS02"),
    ("REASON-REMARK", "R", (("CAS*CO*45*10", "CAS*CO*16*10"), ("MOA***MA01~\n", "")), "CAS02"),
    # ── acknowledgments ──
    ("STATUS-ACTION", "A", (("STC*A2:20:PR*20260106*WQ", "STC*A2:20:PR*20260106*U"),), "STC03"),
    ("STATUS-ALONE", "A", (("STC*A3:562:85", "STC*A3:21:85"),), "STC01-2"),
    ("SET-ACCEPTED", "F", (("IK5*R*5", "IK5*A"),), "IK501"),
    ("SET-REASON", "F", (("IK5*R*5", "IK5*R"),), "IK502"),
    ("SEGMENT-ELEMENTS", "F", (("IK4*5:1*1331*7*98~\n", ""),), "IK4"),
    ("GROUP-ACCEPTED", "F", (("AK9*R*1*1*0", "AK9*A*1*1*2"),), "AK904"),
    ("GROUP-VERDICT", "F", (("AK9*R*1*1*0", "AK9*A*1*1*0"),), "AK901"),
)
