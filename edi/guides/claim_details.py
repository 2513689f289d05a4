"""What claims of every kind say alike: attachments, contracts, repricing, codes, drugs; and what
can be asked of any claim (837.md 4 to 6).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from edi.guides.claim_parties import PLAIN
from edi.model import Loop, Use, maybe, one, use
from edi.segments import CLM, CTP, DTP, HI, LIN, LX, REF

if TYPE_CHECKING:
    from edi.guides.claim_other_payers import LineAdjudication, OtherInsurance

DAY = use(codes={2: "D8"})
DAYS = use(codes={2: "D8 RD8"})
DELIVERIES = "AA BM EL EM FT FX"
ATTACHMENT = use(
    codes={
        1: "03 04 05 06 07 08 09 10 11 13 15 21 A3 A4 AM AS B2 B3 B4 BR BS BT CB CK CT D2 DA DB DG"
        " DJ DS EB HC HR I5 IR LA M1 MT NN OB OC OD OE OX OZ P4 P5 PE PN PO PQ PY PZ RB RR RT RX SG"
        " V5 XP",
        2: DELIVERIES,
        5: "AC",
    }
)
CONTRACT = use(codes={1: "01 02 03 04 05 06 09"})
EPSDT = use(required="3", last=5, codes={3: "AV NU S2 ST"})


def repricing(methods: str, *, unused: str = "", codes: dict[int | str, str] | None = None) -> Use:
    """HCP, with the elements this kind of claim leaves out."""
    known: dict[int | str, str] = {1: methods, 13: "T1 T2 T3 T4 T5 T6", 14: "1 2 3 4 5"}
    return use(required="1 2", unused=unused, codes=known | {15: "1 2 3 4 5 6"} | (codes or {}))


def code_list(
    first: str,
    then: str = "",
    *,
    last: int = 12,
    form: str = "",
    amount: bool = False,
    present_on_admission: bool = False,
) -> Use:
    """HI with codes of one kind: `first` qualifies the first of them, `then` the others.

    `form`: each has a date in this form; `amount`: an amount; `present_on_admission`: an indicator.
    """
    codes: dict[int | str, str] = {"1-1": first}
    if then:
        codes["2-1"] = then
    unused = {3, 4, 5, 6, 7, 8, 9}
    must = []
    if form:
        codes["1-3"] = form
        must = [3, 4]
    if amount:
        must = [5]
    if present_on_admission:
        codes["1-9"] = "N U W Y"
        unused.discard(9)
    return use(
        required=" ".join(["1", *(f"1-{n}" for n in must)]),
        unused=" ".join(f"1-{n}" for n in sorted(unused - set(must))),
        codes=codes,
        last=last if last < 12 else 0,
    )


class Drug(Loop):
    """A drug by its NDC, and how much of it."""

    lin: LIN = one(use=use(codes={2: "N4"}))
    ctp: CTP = one(use=use(codes={"5-1": "F2 GR ME ML UN"}))
    prescription: REF | None = maybe("VY", "XZ", use=PLAIN)


class ServiceLine(Loop):
    """What can be asked of a line of any claim."""

    if TYPE_CHECKING:
        lx: LX
        references: list[REF]

    pointer_element: ClassVar[str] = ""  # SV107, SV311

    @property
    def charge(self) -> Decimal:
        """SV102, SV203 or SV302."""
        raise NotImplementedError

    @property
    def service(self) -> Any:
        """SV1, SV2 or SV3."""
        raise NotImplementedError

    @property
    def served(self) -> DTP | None:
        """DTP*472, the day or days of service."""
        raise NotImplementedError

    @property
    def pointers(self) -> list[int]:
        """The diagnoses the line is for."""
        return []

    @property
    def decisions(self) -> list[LineAdjudication]:
        """What other payers decided on the line."""
        found: list[LineAdjudication] = getattr(self, "adjudications", [])
        return found

    @property
    def line_control_number(self) -> str | None:
        """REF*6R."""
        return self.reference("6R")

    def reference(self, qualifier: str) -> str | None:
        """The first reference with this qualifier."""
        return next((r.value for r in self.references if r.qualifier == qualifier), None)


class Claim(Loop):
    """What can be asked of any claim."""

    if TYPE_CHECKING:
        clm: CLM
        dates: list[DTP]
        references: list[REF]
        health_codes: list[HI]

    @property
    def diagnoses(self) -> list[str]:
        """The diagnosis codes in order, the principal one first."""
        return [
            c.code
            for hi in self.health_codes
            for c in hi.codes
            if c.qualifier in ("ABK", "ABF", "BK", "BF", "TQ")
        ]

    @property
    def service_lines(self) -> list[ServiceLine]:
        """The lines."""
        found: list[ServiceLine] = getattr(self, "lines", [])
        return found

    @property
    def other_payers(self) -> list[OtherInsurance]:
        """The other payers, in the order they stand."""
        found: list[OtherInsurance] = getattr(self, "other_insurances", [])
        return found

    def reference(self, qualifier: str) -> str | None:
        """The first reference with this qualifier: F8 payer claim control number, G1 authorization,
        D9 trace ...
        """
        return next((r.value for r in self.references if r.qualifier == qualifier), None)

    def date(self, qualifier: str) -> DTP | None:
        """The first date with this qualifier."""
        return next((d for d in self.dates if d.qualifier == qualifier), None)
