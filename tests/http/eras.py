"""835 files for stories: the claims as CLP and what follows, the rest made to balance."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import count

from tests.http.loop import Practice

FIRST = ("EXAMPLE HEALTH", "60054")
SECOND = ("SECOND HEALTH", "87726")
THIRD = ("THIRD HEALTH", "33333")
_numbers = count(1)

# A visit of 150.00 and 75.50: the payer allows 80 %, leaves 17.50 of the first line to the patient.
USUAL = (
    "CLP*{number}*{status}*225.5*162.9*17.5*12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN****MI*W123456789~"
    "SVC*HC:G0439*150*102.5**1~DTM*472*20261005~CAS*CO*45*30~CAS*PR*1*10**2*5**3*2.5~REF*6R*1~"
    "SVC*HC:J1885*75.5*60.4**2~DTM*472*20261005~CAS*CO*45*15.1~REF*6R*2~"
)
# The next payer pays what the first left to the patient but for 2.50.
REST = (
    "CLP*{number}*{status}*225.5*15*2.5*12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN****MI*X5550001~"
    "SVC*HC:G0439*150*15**1~DTM*472*20261005~CAS*OA*23*132.5~CAS*PR*3*2.5~REF*6R*1~"
    "SVC*HC:J1885*75.5*0**2~DTM*472*20261005~CAS*OA*23*75.5~REF*6R*2~"
)


def era(
    *claims: str, payer: tuple[str, str] = FIRST, on: str = "20261120", produced: str = "20261119"
) -> bytes:
    """One remittance whose deposit is what its claims pay; each call has a trace of its own."""
    number = next(_numbers)
    paid = sum((Decimal(c.split("*")[4]) for c in claims), Decimal(0))
    name, id = payer
    if paid:
        bpr = f"BPR*I*{paid:f}*C*ACH*CCP*01*044000037*DA*1*1512345678**01*044115090*DA*2*{on}~"
    else:
        bpr = f"BPR*H*0*C*NON************{on}~"
    body = (
        f"ST*835*0001~{bpr}TRN*1*EFT{number:04d}*1512345678~DTM*405*{produced}~N1*PR*{name}~"
        f"N3*1 PAYER ST~N4*ALBANY*NY*12203~REF*2U*{id}~PER*BL*DESK*TE*8005550100~"
        f"N1*PE*ACME MEDICAL*XX*1234567893~LX*1~{''.join(claims)}"
    )
    return (
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*ACME           *261120*1200*^*00501"
        f"*{number:09d}*0*T*:~GS*HP*PAYER*ACME*20261120*1200*{number}*X*005010X221A1~"
        f"{body}SE*{body.count('~') + 1}*0001~GE*1*{number}~IEA*1*{number:09d}~"
    ).encode()


def taken_back(claim: str) -> str:
    """The reversal of a claim payment: CLP02 22, every amount negated."""
    return "~".join(map(_negated, claim.split("~")))


def told(text: str, number: str, *, status: str = "1", icn: str = "ICN1") -> str:
    return text.format(number=number, status=status, icn=icn)


def received(practice: Practice, data: bytes) -> dict[str, object]:
    """The file taken and worked; it must be processed."""
    file = practice.ask("POST", "/v1/files", content=data).json()["fileId"]
    practice.work()
    done: dict[str, object] = practice.get(f"/v1/files/{file}")
    assert done["state"] == "processed", done
    return done


def _negated(segment: str) -> str:
    elements = segment.split("*")
    places: Sequence[int] = ()
    if elements[0] == "CLP":
        elements[2], places = "22", (3, 4)
        elements[5] = ""
    elif elements[0] == "SVC":
        places = (2, 3)
    elif elements[0] == "CAS":
        places = range(3, len(elements), 3)
    for place in places:
        elements[place] = f"{-Decimal(elements[place]):f}"
    return "*".join(elements)
