"""Other payers of the same claim, and what they decided on it and on its lines (837.md 7)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from edi.guides.claim_parties import (
    ADDRESS,
    FILING_INDICATORS,
    MEMBER,
    PAYER,
    PLAIN,
    RELATIONSHIPS,
    nameless,
)
from edi.model import Loop, any_of, each, many, maybe, mixed, one, use
from edi.segments import AMT, CAS, DTP, N3, N4, NM1, OI, REF, SBR, SVD

ADJUSTMENT = use(required="2", codes={1: "CO CR OA PI PR"})
_DAY = use(codes={2: "D8"})


class OtherSubscriber(Loop):
    """The other insured."""

    name: NM1 = one("IL", use=MEMBER)
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=ADDRESS)
    references: list[REF] = mixed(each("SY", use=PLAIN))


class OtherPayer(Loop):
    """The other payer. Its id is the SVD01 of the lines it decided on."""

    name: NM1 = one("PR", use=PAYER)
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=ADDRESS)
    adjudicated: DTP | None = maybe("573", use=_DAY)
    references: list[REF] = mixed(
        any_of("2U EI FY NF", most=2, use=PLAIN), each("G1 9F T4 F8", use=PLAIN)
    )


class OtherPayerPerson(Loop):
    """A person by the number the other payer gave."""

    name: NM1 = one(use=nameless("1"))
    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=3, due=True, use=PLAIN))


class OtherPayerReferring(OtherPayerPerson):
    """Who referred the patient (DN, P3)."""

    references: list[REF] = mixed(any_of("0B 1G G2", most=3, due=True, use=PLAIN))


class OtherPayerFacility(Loop):
    """The place of service (77)."""

    name: NM1 = one(use=nameless("2"))
    references: list[REF] = mixed(any_of("0B G2 LU", most=3, due=True, use=PLAIN))


class OtherPayerBilling(Loop):
    """The billing provider (85)."""

    name: NM1 = one(use=nameless("1 2"))
    references: list[REF] = mixed(any_of("G2 LU", most=2, due=True, use=PLAIN))


class OtherInsurance(Loop):
    """Another payer of the same claim (each guide adds remarks, and whom it names)."""

    sbr: SBR = one(
        use=use(required="2", unused="5", codes={2: RELATIONSHIPS, 9: FILING_INDICATORS})
    )
    adjustments: list[CAS] = many(use=ADJUSTMENT, most=5)
    amounts: list[AMT] = mixed(each("D A8 EAF"))
    oi: OI = one(use=use(required="3 6", unused="4"))

    if TYPE_CHECKING:
        payer: OtherPayer

    def amount(self, qualifier: str) -> Decimal | None:
        """D paid by this payer, A8 never covered, EAF still owed by the patient."""
        return next((a.amount for a in self.amounts if a.qualifier == qualifier), None)


class LineAdjudication(Loop):
    """What another payer decided on a line."""

    svd: SVD = one(use=use(required="5"))
    adjustments: list[CAS] = many(use=ADJUSTMENT, most=5)
    adjudicated: DTP = one("573", use=_DAY)
    remaining_patient_liability: AMT | None = maybe("EAF")
