"""Faults that pyx12 4.0.0 passes without a word and we find: those validation.md 2 lists, and sums
that do not add up. Those of a single rule stand in `tests.edi.planted`; NPIs and pointers are as
many as the files have.

(fault, file, what is written for what, code, element, how the segment begins that it is found at)
"""

from __future__ import annotations

from tests.edi.planted import Changes, other_payer

Row = tuple[str, str, Changes, str, str, str]
CLAIM = "CLM*C00001-1*"
PATIENT = "NM1*IL*1*DOE*JANE*"
NAMED: tuple[Row, ...] = (
    ("bad-Luhn NPI", "P", (("XX*1245319599", "XX*1245319598"),), "NPI-CHECK", "NM109", "NM1*82*"),
    ("3-decimal money", "P", (("*225.5*", "*225.555*"),), "CLAIM-CENTS", "CLM02", CLAIM),
    ("trailing-zero money", "P", (("*225.5*", "*225.50*"),), "MONEY-ZEROS", "CLM02", CLAIM),
    ("negative money", "P", (("*150*UN", "*-150*UN"),), "CHARGE-NEGATIVE", "SV102", "SV1*HC:G0463"),
    ("5-digit ZIP", "P", (("OH*432150001", "OH*43215"),), "ZIP-NINE", "N403", "N4*COLUMBUS*"),
    ("PO box", "P", (("N3*100 MAPLE ST", "N3*PO BOX 100"),), "PO-BOX", "N301", "N3*PO"),
    ("pointer to absent dx", "P", (("***1:2", "***1:7"),), "DX-POINTER", "SV107-2", "SV1*HC:G0463"),
    ("ZZZZ99", "P", (("ABF:I10", "ABF:ZZZZ99"),), "DX-FORM", "HI02-2", "HI*"),
    ("dotted dx", "P", (("ABK:E119", "ABK:E11.9"),), "DX-FORM", "HI01-2", "HI*"),
    ("ABK mixed with BF", "P", (("ABF:I10", "BF:4011"),), "DX-VERSIONS", "HI02-1", "HI*"),
    ("future DOS", "P", (("D8*20260102", "D8*20270102"),), "SERVICE-FUTURE", "DTP03", "DTP*472*D8"),
    (
        "reversed RD8", "P", (("20260102-20260102", "20260103-20260102"),),
        "IK403:8", "DTP03", "DTP*472*RD8",
    ),
    ("freq 7 without REF*F8", "P", (("11:B:1*", "11:B:7*"),), "FREQUENCY-NUMBER", "REF", CLAIM),
    ("freq Z", "P", (("11:B:1*", "11:B:Z*"),), "FREQUENCY-CODE", "CLM05-3", CLAIM),
    ("SBR02 empty, no 2000C", "P", (("SBR*P*18*", "SBR*P**"),), "SBR-NOT-SELF", "SBR02", "SBR*P*"),
    ("HL04=1 without child", "P", (("HL*2*1*22*0", "HL*2*1*22*1"),), "HL-CHILD", "HL04", "HL*2*"),
    ("lower case", "P", (("DOE*JANE", "Doe*JANE"),), "X12-CASE", "NM103", "NM1*IL*"),
    (
        "bad state in 2010AA", "P", (("COLUMBUS*OH*432150001", "COLUMBUS*ZZ*432150001"),),
        "STATE", "N402", "N4*COLUMBUS*ZZ",
    ),
    ("missing ST03", "P", (("*0001*005010X222A1", "*0001"),), "IK403:1", "ST03", "ST*"),
    ("wrong ST03", "P", (("01*005010X222A1", "01*005010X223A2"),), "IK502:I6", "ST03", "ST*"),
    ("no address when self", "P", (("N3*5 OAK AVE~\n", ""),), "SELF-STREET", "N3", PATIENT),
    ("no DMG when self", "P", (("DMG*D8*19800214*F~\n", ""),), "SELF-BIRTH", "DMG", PATIENT),
    (
        "invalid procedure code", "P", (("HC:G0463", "HC:ZZZZZ"),),
        "PROCEDURE-FORM", "SV101-2", "SV1*HC:ZZZZZ",
    ),
    ("TOB ZZ", "II", (("11:A:1", "ZZ:A:1"),), "BILL-TYPE", "CLM05-1", "CLM*H00001-1*"),
    ("3-digit revenue code", "II", (("SV2*0250", "SV2*250"),), "REVENUE-CODE", "SV201", "SV2*250*"),
    ("discharge hour 14", "II", (("TM*1400", "TM*14"),), "IK403:8", "DTP03", "DTP*096*"),
    (
        "missing attending", "II",
        (("NM1*71*1*WELBY*MORGAN****XX*1245319599~\nPRV*AT*PXC*207R00000X~\n", ""),),
        "ATTENDING", "NM1", "CLM*H00001-1*",
    ),
    ("CL101 missing", "II", (("CL1*1*1", "CL1**1"),), "IK403:1", "CL101", "CL1*"),
    (
        "no admission date", "II", (("DTP*435*DT*202601011030~\n", ""),),
        "STAY-ADMISSION", "DTP", "CLM*H00001-1*",
    ),
    ("unknown CARC", "R", (("CAS*CO*45*10", "CAS*CO*999*10"),), "REASON", "CAS02", "CAS*CO*999*"),
)  # fmt: skip

DECIDED = "SVD*60054*125*"
NEVER_COVERS = other_payer("S", "AMT*A8*200~", "60999")
BALANCE: tuple[Row, ...] = (
    # ── 837: the charge is that of its lines ──
    ("CLM02 is not the sum", "P", (("*225.5*", "*225*"),), "BAL-CLM02", "CLM02", CLAIM),
    ("SV102 changed", "P", (("*75.5*", "*75.51*"),), "BAL-CLM02", "CLM02", CLAIM),
    ("SV203 changed", "II", (("*7000*UN*12", "*7000.1*UN*12"),), "BAL-CLM02", "CLM02", "CLM*H0"),
    ("SV302 changed", "D", (("*180****1", "*181****1"),), "BAL-CLM02", "CLM02", "CLM*"),
    # ── 837: what another payer has decided ──
    ("AMT*D changed", "PS", (("AMT*D*190.5", "AMT*D*190"),), "BAL-COB", "AMT02", "SBR*P*19"),
    (
        "AMT*D and the lines, institutional", "IO", (("AMT*D*300", "AMT*D*301"),),
        "BAL-COB", "AMT02", "SBR*P*19",
    ),
    (
        "a CAS of the claim changed", "IO", (("CAS*OA*45*30", "CAS*OA*45*31"),),
        "BAL-COB", "AMT02", "SBR*P*19",
    ),
    (
        "A8 is not the charge", "P", (("LX*1~", NEVER_COVERS),), "BAL-COB", "AMT02", "SBR*S*18",
    ),
    ("SVD02 changed", "PS", ((DECIDED, "SVD*60054*124*"),), "BAL-COB-LINE", "SVD02", "SVD*60054*"),
    (
        "a CAS of a line changed", "PS", (("CAS*PR*3*15", "CAS*PR*3*16"),),
        "BAL-COB-LINE", "SVD02", DECIDED,
    ),
    (
        "a CAS of a line changed, institutional", "IO", (("CAS*CO*45*120", "CAS*CO*45*121"),),
        "BAL-COB-LINE", "SVD02", "SVD*MCD01*240*",
    ),
    # ── 835: line, claim, LX, payment ──
    ("SVC03 changed", "R", (("*150*125*", "*150*124*"),), "BAL-LINE", "SVC03", "SVC*HC:G0463"),
    ("CAS03 changed", "R", (("CAS*CO*45*10", "CAS*CO*45*11"),), "BAL-LINE", "SVC03", "SVC*HC:G04"),
    ("CLP04 changed", "R", (("*225.5*190.5*", "*225.5*190*"),), "BAL-CLAIM", "CLP04", "CLP*C00001"),
    (
        "a CAS of the claim changed", "RT", (("CAS*CO*45*400", "CAS*CO*45*401"),),
        "BAL-CLAIM", "CLP04", "CLP*C00009-1*",
    ),
    (
        "CLP03 is not that of its lines", "RT", (("*2*300*150*", "*2*301*150*"),),
        "BAL-LINES", "CLP03", "CLP*C00010-1*",
    ),
    ("TS304 changed", "RT", (("*20261231*1*", "*20261231*2*"),), "BAL-TS3", "TS304", "LX*1"),
    ("TS305 changed", "RT", (("*1*2000~", "*1*2001~"),), "BAL-TS3", "TS305", "LX*1"),
    ("unbalanced 835", "R", (("BPR*I*190.5", "BPR*I*191"),), "BAL-REMITTANCE", "BPR02", "BPR*I*"),
    ("PLB04 changed", "RT", (("*75*FB", "*74*FB"),), "BAL-REMITTANCE", "BPR02", "BPR*I*"),
    ("the sign of a PLB", "RT", (("002*-25", "002*25"),), "BAL-REMITTANCE", "BPR02", "BPR*I*"),
    # ── 277CA: counts and amounts of a level are those below it ──
    ("a count of the receiver", "A", (("QTY*90*1", "QTY*90*2"),), "BAL-COUNT", "QTY02", "HL*2*"),
    ("a sum of the receiver", "A", (("AMT*YY*75~", "AMT*YY*76~"),), "BAL-AMOUNT", "AMT02", "HL*2*"),
    ("a count of the provider", "A", (("QTY*QC*1", "QTY*QC*2"),), "BAL-COUNT", "QTY02", "HL*3*"),
    (
        "a sum of the provider", "A", (("QC*1~\nAMT*YU*225.5", "QC*1~\nAMT*YU*225"),),
        "BAL-AMOUNT", "AMT02", "HL*3*",
    ),
)  # fmt: skip
