"""835s for stories over HTTP, written as short as a story needs and complete enough to balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from zlib import crc32

_HEAD = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*ACME           *261120*1200*^*00501"
    "*{control:09d}*0*T*:~GS*HP*PAYER*ACME*20261120*1200*7*X*005010X221A1~ST*835*0001~"
    "BPR*{handling}*{paid}*C*{method}{bank}*{day}~TRN*1*{trace}*1512345678~DTM*405*{day}~"
    "N1*PR*EXAMPLE HEALTH~N3*1 PAYER ST~N4*ALBANY*NY*12203~PER*BL*DESK*TE*8005550100~"
    "N1*PE*ACME MEDICAL*XX*1234567893~LX*1~"
)
_BANK = "*CCP*01*021000021*DA*123456*1512345678**01*021000021*DA*654321"


def clp(
    claim: Mapping[str, Any],
    *,
    paid: str,
    lines: Sequence[str] = (),
    status: str = "1",
    charge: str = "225.5",
    icn: str = "ICN1",
    cas: str = "",
    remarks: str = "",
    first_line: int = 1,
) -> str:
    """CLP and what follows it; a line is `charge*paid*CAS triplets`, `+` and RARCs behind it."""
    number = claim["patientControlNumber"]
    text = f"CLP*{number}*{status}*{charge}*{paid}**CI*{icn}*11*1~"
    text += f"CAS*{cas}~" if cas else ""
    text += "NM1*QC*1*SAMPLE*ANN****MI*SIMADJ0001~"
    text += f"MOA***{remarks}~" if remarks else ""
    for position, line in enumerate(lines, first_line):
        money, *codes = line.split("+")
        line_charge, line_paid, *adjustments = money.split("*")
        procedure = "G0439" if position == 1 else "J1885"
        text += f"SVC*HC:{procedure}*{line_charge}*{line_paid}**1~DTM*472*20261005~"
        for start in range(0, len(adjustments), 3):
            text += f"CAS*{'*'.join(adjustments[start : start + 3])}~"
        text += f"REF*6R*{position}~"
        text += "".join(f"LQ*HE*{code}~" for code in codes)
    return text


def era(*claims: str, trace: str = "T1", day: str = "20261120", plb: str = "") -> str:
    """One 835 of one transaction set that pays what its claims say."""
    paid = sum((Decimal(text.split("*")[4]) for text in claims), Decimal(0))
    taken = Decimal(plb.split("*")[-1].rstrip("~")) if plb else Decimal(0)
    total = paid - taken
    head = _HEAD.format(
        control=crc32(trace.encode()) % 10**9,
        handling="I" if total else "H",
        method="ACH" if total else "NON",
        bank=_BANK if total else "*" * 11,
        paid=total,
        trace=trace,
        day=day,
    )
    body = head + "".join(claims) + plb
    segments = body.count("~") - 2 + 1  # from ST to SE
    control = f"{crc32(trace.encode()) % 10**9:09d}"
    text = f"{body}SE*{segments}*0001~GE*1*7~IEA*1*{control}~"
    return text.replace("~", "~\n")
