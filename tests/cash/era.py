"""835s for stories of money: a header, claim payments and PLB segments as they are written."""

from __future__ import annotations

from decimal import Decimal


def era(
    *loops: str,
    paid: str,
    trace: str = "EFT9",
    payer: str = "1512345678",
    method: str = "ACH",
    date: str = "20261120",
    number: int = 1,
) -> bytes:
    """One interchange of one remittance; `loops` are segments with their terminators left out at
    the end, such as `CLP*...~NM1*...`, and `paid` is BPR02."""
    head = [
        f"ST*835*{number:04d}",
        f"BPR*I*{paid}*C*{method}*CCP*01*044000037*DA*1*{payer}**01*044115090*DA*2*{date}",
        f"TRN*1*{trace}*{payer}",
        f"DTM*405*{date}",
        "N1*PR*EXAMPLE HEALTH PLAN",
        "N3*1 PAYER PLAZA",
        "N4*HARTFORD*CT*061230001",
        "REF*2U*60054",
        "PER*BL*EDI DESK*TE*8005550101",
        "N1*PE*MAPLE FAMILY CLINIC*XX*1234567893",
        "REF*TJ*311234567",
        "LX*1",
    ]
    body = head + [segment for loop in loops for segment in loop.split("~") if segment]
    body.append(f"SE*{len(body) + 1}*{number:04d}")
    envelope = [
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLAIMLOOP      "
        f"*261120*1200*^*00501*{number:09d}*0*T*:",
        f"GS*HP*PAYER*CLAIMLOOP*20261120*1200*{number}*X*005010X221A1",
        *body,
        f"GE*1*{number}",
        f"IEA*1*{number:09d}",
    ]
    return ("~".join(envelope) + "~").encode()


def clp(
    number: str,
    *lines: str,
    status: str = "1",
    icn: str = "ICN1",
    charge: str = "225.5",
    paid: str = "0",
    patient: str = "",
) -> str:
    """One claim payment with its service lines."""
    head = f"CLP*{number}*{status}*{charge}*{paid}*{patient}*12*{icn}*11*1"
    return "~".join([head, "NM1*QC*1*SAMPLE*ANN****MI*W1", *lines])


def line(
    charge: str, paid: str, cas: str = "", *, code: str = "G0439", control: str | None = "1"
) -> str:
    """One service; `cas` as `CO*45*30 PR*1*10`."""
    segments = [f"SVC*HC:{code}*{charge}*{paid}**1", "DTM*472*20261002"]
    segments += [f"CAS*{triplet}" for triplet in cas.split()]
    if control:
        segments.append(f"REF*6R*{control}")
    return "~".join(segments)


def plb(*pairs: str, provider: str = "1234567893") -> str:
    """A PLB segment of pairs such as `WO:ICN1*50`."""
    return "*".join(["PLB", provider, "20261231", *pairs])


def unpaid(number: str, amount: str) -> str:
    """A claim payment of somebody else's claim: money that waits in unapplied."""
    money = Decimal(amount)
    return clp(
        number, line(f"{money}", f"{money}", control=None), charge=f"{money}", paid=f"{money}"
    )
