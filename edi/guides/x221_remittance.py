"""835 health care claim payment advice, 005010X221A1, in full (835.md).

Payers are not under our control, so whatever does not harm the money is a warning here: a code
outside its list, a missing technical contact, a segment out of order.
"""

from __future__ import annotations

from decimal import Decimal

from edi.envelope import Transaction
from edi.model import Loop, any_of, each, many, maybe, mixed, one, use
from edi.segments import (
    AMT,
    BPR,
    CAS,
    CLP,
    CUR,
    DTM,
    LQ,
    LX,
    MIA,
    MOA,
    N1,
    N3,
    N4,
    NM1,
    PER,
    PLB,
    QTY,
    RDM,
    REF,
    SVC,
    TRN,
    TS2,
    TS3,
)  # fmt: skip

_REPORTED = "ZK ZL ZM ZN ZO"
_PLAIN = use(unused="4")
_ADJUSTMENT = use(required="2")
_CARRIER = use(required="3 8 9", unused="4 5 6 7", codes={2: "2", 8: "AD FI NI PI PP XV"})
_WAYS: dict[int | str, str] = {3: "EM FX TE", 5: "EM EX FX TE", 7: "EX"}


class ServicePayment(Loop, id="2110", tolerant=True):
    """What the payer decided on one service line."""

    svc: SVC = one(
        use=use(
            required="3",
            unused="1-7",
            codes={"1-1": "AD ER HC HP IV N4 N6 NU UI WK", "6-1": "AD ER HC HP IV N4 NU WK"},
        )
    )
    dates: list[DTM] = many(use=use(codes={1: "150 151 472"}), most=2)
    adjustments: list[CAS] = many(use=_ADJUSTMENT, most=99)
    references: list[REF] = mixed(
        any_of("1S APC BB E9 G1 G3 LU RB", most=8, use=_PLAIN),
        each("6R", use=_PLAIN),
        any_of("0B 1A 1B 1C 1D 1G 1H 1J D3 G2 HPI SY TJ", most=10, use=_PLAIN),
        each("0K", most=5, use=_PLAIN),
    )
    amounts: list[AMT] = many(use=use(codes={1: f"B6 KH T T2 {_REPORTED}"}), most=9)
    quantities: list[QTY] = many(use=use(codes={1: _REPORTED}), most=6)
    remarks: list[LQ] = many(use=use(codes={1: "HE RX"}), most=99)

    @property
    def line_control_number(self) -> str | None:
        """REF*6R: our own number of the line, echoed."""
        return _reference(self.references, "6R")

    @property
    def allowed(self) -> Decimal | None:
        """AMT*B6."""
        return _amount(self.amounts, "B6")

    def reference(self, qualifier: str) -> str | None:
        """The first reference with this qualifier."""
        return _reference(self.references, qualifier)

    def amount(self, qualifier: str) -> Decimal | None:
        """The first amount with this qualifier."""
        return _amount(self.amounts, qualifier)


class ClaimPayment(Loop, id="2100", unit="whole", tolerant=True):
    """What the payer decided on one claim."""

    clp: CLP = one(use=use(required="1 6 7"))
    adjustments: list[CAS] = many(use=_ADJUSTMENT, most=99)
    patient: NM1 | None = maybe(
        "QC", use=use(unused="6", codes={2: "1", 8: "34 HN II MI MR"}), due=True
    )
    subscriber: NM1 | None = maybe("IL", use=use(required="8 9", unused="6", codes={8: "FI II MI"}))
    corrected: NM1 | None = maybe("74", use=use(unused="6", codes={8: "C"}))
    rendering_provider: NM1 | None = maybe(
        "82", use=use(required="8 9", unused="6", codes={8: "BD BS FI MC PC SL UP XX"})
    )
    crossover_carrier: NM1 | None = maybe("TT", use=_CARRIER)
    corrected_priority_payer: NM1 | None = maybe("PR", use=_CARRIER)
    other_subscriber: NM1 | None = maybe("GB", use=use(unused="6", codes={8: "FI II MI"}))
    inpatient: MIA | None = maybe()
    outpatient: MOA | None = maybe()
    references: list[REF] = mixed(
        any_of("1L 1W 28 6P 9A 9C BB CE EA F8 G1 G3 IG SY", most=5, use=_PLAIN),
        any_of("0B 1A 1B 1C 1D 1G 1H 1J D3 G2 LU", most=10, use=_PLAIN),
    )
    dates: list[DTM] = mixed(any_of("232 233", most=2), each("036 050"))
    contacts: list[PER] = many(use=use(codes={1: "CX", **_WAYS}, required="3 4"), most=2)
    amounts: list[AMT] = many(use=use(codes={1: f"AU D8 DY F5 I NL T T2 {_REPORTED}"}), most=13)
    quantities: list[QTY] = many(
        use=use(codes={1: f"CA CD LA LE NE NR OU PS VS {_REPORTED}"}), most=14
    )
    services: list[ServicePayment] = many(most=999)

    @property
    def remarks(self) -> list[str]:
        """The claim's remark codes, of MIA and MOA."""
        return [
            *(self.inpatient.remarks if self.inpatient else []),
            *(self.outpatient.remarks if self.outpatient else []),
        ]

    def reference(self, qualifier: str) -> str | None:
        """The first reference with this qualifier."""
        return _reference(self.references, qualifier)

    def amount(self, qualifier: str) -> Decimal | None:
        """The first amount with this qualifier."""
        return _amount(self.amounts, qualifier)


class HeaderNumber2000(Loop, id="2000", tolerant=True):
    """A grouping of claims by the payer. Some payers leave LX out; `lx` is None then."""

    lx: LX | None = maybe()
    provider_summary: TS3 | None = maybe()
    drg_summary: TS2 | None = maybe()
    claims: list[ClaimPayment] = many()


class Payer1000A(Loop, id="1000A", tolerant=True):
    """Who pays."""

    n1: N1 = one("PR", use=use(required="2", codes={3: "XV"}))
    street: N3 | None = maybe(due=True)
    city: N4 | None = maybe(use=use(required="1"), due=True)
    references: list[REF] = many(use=use(codes={1: "2U EO HI NF"}, unused="4"), most=4)
    contacts: list[PER] = mixed(
        each("CX", use=use(codes=_WAYS)),
        each(
            "BL",
            most=None,
            due=True,
            use=use(codes={3: "EM TE UR", 5: "EM EX FX TE UR", 7: "EM EX FX UR"}),
        ),
        each("IC", use=use(required="3 4", unused="2 5 6 7 8", codes={3: "UR"})),
    )

    @property
    def payer_id(self) -> str | None:
        """REF*2U."""
        return _reference(self.references, "2U")


class Payee1000B(Loop, id="1000B", tolerant=True):
    """Who is paid."""

    n1: N1 = one("PE", use=use(required="2 3 4", codes={3: "FI XV XX"}))
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=use(required="1"))
    references: list[REF] = many(use=use(codes={1: "0B D3 PQ TJ"}, unused="4"))
    delivery: RDM | None = maybe()


class Remittance(Transaction, id="835", tolerant=True):
    """One payment and what it is for."""

    st01 = "835"
    functional_id = "HP"
    guide = "005010X221A1"
    reads = ("005010X221A1", "005010X221")
    writes_st03 = False

    bpr: BPR = one(use=use(required="16"))
    trn: TRN = one(use=use(required="3", codes={1: "1"}))
    currency: CUR | None = maybe(use=use(unused="3", codes={1: "PR"}))
    references: list[REF] = mixed(each("EV F2", use=_PLAIN))
    production_date: DTM | None = maybe(use=use(codes={1: "405"}))
    payer: Payer1000A = one()
    payee: Payee1000B = one()
    header_numbers: list[HeaderNumber2000] = many()
    provider_adjustments: list[PLB] = many(use=use(required="3"))

    @property
    def reassociation_trace(self) -> tuple[str, str | None]:
        """TRN02 and TRN03: the cheque or transfer number and who gave it."""
        return self.trn.number, self.trn.originator


def _reference(references: list[REF], qualifier: str) -> str | None:
    return next((r.value for r in references if r.qualifier == qualifier), None)


def _amount(amounts: list[AMT], qualifier: str) -> Decimal | None:
    return next((a.amount for a in amounts if a.qualifier == qualifier), None)
