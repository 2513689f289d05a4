"""835 files for stories, written as short as the segments say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal as D

HEAD = """\
ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLAIMLOOP      *261120*1200*^*00501*{control:09d}*0*T*:~
GS*HP*PAYER*CLAIMLOOP*20261120*1200*{control}*X*005010X221A1~
"""  # noqa: E501 - an ISA is 106 characters long
SET = """\
ST*835*0001~
BPR*I*{deposit}*C*ACH*CCP*01*044000037*DA*1*1512345678**01*044115090*DA*2*{day}~
TRN*1*{trace}*1512345678~
DTM*405*{day}~
N1*PR*EXAMPLE HEALTH PLAN~
N3*1 PAYER PLAZA~
N4*HARTFORD*CT*061230001~
REF*2U*60054~
PER*BL*EDI DESK*TE*8005550101~
N1*PE*MAPLE FAMILY CLINIC*XX*1234567893~
REF*TJ*311234567~
LX*1~
"""


@dataclass(frozen=True)
class Svc:
    """SVC with its CAS, `"CO*45*30 PR*2*20"`, and REF*6R."""

    charge: D
    paid: D
    cas: str = ""
    line: str | None = "1"
    code: str = "G0439"


@dataclass(frozen=True)
class Clp:
    """CLP with claim-level CAS and its services."""

    number: str
    status: str
    icn: str
    services: tuple[Svc, ...]
    cas: str = ""
    paid_more: D = D(0)  # CLP04 beyond the sum of its services
    original: str | None = None  # REF*F8

    @property
    def paid(self) -> D:
        return sum((s.paid for s in self.services), D(0)) - _sum(self.cas) + self.paid_more


def paid(number: str, *services: Svc, icn: str = "ICN1", status: str = "1", cas: str = "") -> Clp:
    return Clp(number, status, icn, services, cas)


def taken_back(original: Clp, *, icn: str | None = None, f8: str | None = None) -> Clp:
    """The 22 of a payment: every sign turned."""
    return Clp(
        original.number,
        "22",
        original.icn if icn is None else icn,
        tuple(Svc(-s.charge, -s.paid, _turned(s.cas), s.line, s.code) for s in original.services),
        _turned(original.cas),
        original=f8,
    )


def era(
    *payments: Clp,
    trace: str = "EFT1",
    day: str = "20261120",
    control: int = 9,
    plb: Sequence[tuple[str, D]] = (),
) -> bytes:
    """A file of one remittance; what the payer cannot pay below nothing it carries forward (FB)."""
    pairs = list(plb)
    net = sum((p.paid for p in payments), D(0)) - sum((amount for _, amount in pairs), D(0))
    if net < 0:
        pairs.append((f"FB:{trace}", net))
        net = D(0)
    inside = SET.format(deposit=net, day=day, trace=trace)
    for p in payments:
        charge = sum((s.charge for s in p.services), D(0))
        inside += f"CLP*{p.number}*{p.status}*{charge}*{p.paid}**12*{p.icn}*11*1~\n"
        inside += _cas(p.cas) + "NM1*QC*1*DOE*JANE****MI*W1~\n"
        inside += f"REF*F8*{p.original}~\n" if p.original else ""
        for s in p.services:
            inside += f"SVC*HC:{s.code}*{s.charge}*{s.paid}**1~\nDTM*472*20261001~\n{_cas(s.cas)}"
            inside += f"REF*6R*{s.line}~\n" if s.line else ""
    for reason, amount in pairs:
        inside += f"PLB*1234567893*20261231*{reason}*{amount}~\n"
    count = inside.count("~") + 1
    tail = f"SE*{count}*0001~\nGE*1*{control}~\nIEA*1*{control:09d}~\n"
    return (HEAD.format(control=control) + inside + tail).encode()


def _cas(text: str) -> str:
    return "".join(f"CAS*{triplet}~\n" for triplet in text.split())


def _turned(cas: str) -> str:
    triplets = (part.split("*") for part in cas.split())
    return " ".join(f"{group}*{reason}*{-D(amount)}" for group, reason, amount in triplets)


def _sum(cas: str) -> D:
    return sum((D(part.split("*")[2]) for part in cas.split()), D(0))
