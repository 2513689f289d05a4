"""837 professional claim, 005010X222A1 (837.md 2 to 4 and 7)."""

from __future__ import annotations

from edi.envelope import Transaction
from edi.model import Loop, many, maybe, one, use
from edi.segments import (
    AMT,
    BHT,
    CAS,
    CLM,
    CN1,
    CR1,
    CR2,
    CR3,
    CRC,
    CTP,
    CUR,
    DMG,
    DTP,
    FRM,
    HCP,
    HI,
    HL,
    K3,
    LIN,
    LQ,
    LX,
    MEA,
    MOA,
    N3,
    N4,
    NM1,
    NTE,
    OI,
    PAT,
    PER,
    PRV,
    PS1,
    PWK,
    QTY,
    REF,
    SBR,
    SV1,
    SV5,
    SVD,
)  # fmt: skip

_PERSON = {2: "1", 8: "XX"}
_CITY = use(required="1")
_CONTACT = use(
    required="3 4", codes={1: "IC", 3: "ED EM FX TE", 5: "ED EM EX FX TE", 7: "ED EM EX FX TE"}
)
_SECONDARY_IDS = use(codes={1: "0B 1G G2 LU"})


def _level(code: str) -> HL:
    return HL(number="0", level=code)


# ── Parties ────────────────────────────────────────────────────────────────


class Provider(Loop, id="provider"):
    """A provider named with an NPI and, where the payer wants them, other numbers."""

    name: NM1 = one(use=use(unused="6", codes={8: "XX"}))
    taxonomy: PRV | None = maybe()
    references: list[REF] = many(use=_SECONDARY_IDS)

    @property
    def npi(self) -> str | None:
        """NM109 when NM108 is XX."""
        return self.name.id if self.name.id_qualifier == "XX" else None


class Location(Loop, id="location"):
    """A place: name, address and other numbers."""

    name: NM1 = one(use=use(unused="6", codes={2: "2", 8: "XX"}))
    street: N3 = one()
    city: N4 = one(use=_CITY)
    references: list[REF] = many(use=use(codes={1: "0B G2 LU"}), most=3)
    contact: PER | None = maybe(use=use(codes={1: "IC"}))


class ReferringProvider2310A(Provider, id="2310A"):
    """DN referring; P3 primary care, only as the second."""


class RenderingProvider2310B(Provider, id="2310B"):
    """82, when it is not the billing provider."""


class ServiceFacility2310C(Location, id="2310C"):
    """77, when the service was not at the billing provider's address."""


class SupervisingProvider2310D(Provider, id="2310D"):
    """DQ."""


class AmbulancePickUp2310E(Location, id="2310E"):
    """PW."""


class AmbulanceDropOff2310F(Location, id="2310F"):
    """45."""


class RenderingProvider2420A(Provider, id="2420A"):
    """82 of a line, when it differs from the claim's."""


class PurchasedServiceProvider2420B(Provider, id="2420B"):
    """QB."""


class ServiceFacility2420C(Location, id="2420C"):
    """77 of a line."""


class SupervisingProvider2420D(Provider, id="2420D"):
    """DQ of a line."""


class OrderingProvider2420E(Loop, id="2420E"):
    """DK, at line level only."""

    name: NM1 = one(use=use(unused="6", codes={2: "1", 8: "XX"}))
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=_CITY)
    references: list[REF] = many(use=_SECONDARY_IDS)
    contact: PER | None = maybe(use=_CONTACT)


class ReferringProvider2420F(Provider, id="2420F"):
    """DN, P3 of a line."""


class AmbulancePickUp2420G(Location, id="2420G"):
    """PW of a line."""


class AmbulanceDropOff2420H(Location, id="2420H"):
    """45 of a line."""


# ── Service line ───────────────────────────────────────────────────────────


class Drug2410(Loop, id="2410"):
    """A drug by its NDC, and how much of it."""

    lin: LIN = one(use=use(codes={2: "EN EO HI N4 ON UK UP"}))
    ctp: CTP = one(use=use(codes={"5-1": "F2 GR ME ML UN"}))
    prescription: REF | None = maybe("VY", "XZ")


class LineAdjudication2430(Loop, id="2430"):
    """What another payer decided on the line."""

    svd: SVD = one(use=use(required="3 5"))
    adjustments: list[CAS] = many(use=use(codes={1: "CO CR OA PI PR"}), most=5)
    adjudicated: DTP = one("573")
    remaining_patient_liability: AMT | None = maybe("EAF")


class Form2440(Loop, id="2440"):
    """A form, such as a certificate of medical necessity."""

    lq: LQ = one(use=use(codes={1: "AS UT"}))
    answers: list[FRM] = many(most=99, least=1)


class ServiceLine2400(Loop, id="2400"):
    """One billed service."""

    lx: LX = one(factory=lambda: LX(number=0))
    sv1: SV1 = one(use=use(required="3 4 7", codes={"1-1": "ER HC IV WK"}))
    sv5: SV5 | None = maybe()
    attachments: list[PWK] = many(most=11)
    ambulance: CR1 | None = maybe()
    dme_certification: CR3 | None = maybe()
    conditions: list[CRC] = many(use=use(codes={1: "07 70 09"}), most=5)
    service_date: DTP = one("472", use=use(codes={2: "D8 RD8"}))
    dates: list[DTP] = many(use=use(codes={1: "471 607 463 461 304 738 739 011 455 454"}), most=11)
    quantities: list[QTY] = many(use=use(codes={1: "PT FL"}), most=2)
    measurements: list[MEA] = many(use=use(codes={1: "OG TR", 2: "HT R1 R2 R3 R4"}), most=5)
    contract: CN1 | None = maybe()
    references: list[REF] = many(use=use(codes={1: "9B 9D G1 6R EW X4 F4 BT 9F"}), most=17)
    amounts: list[AMT] = many(use=use(codes={1: "T F4"}), most=2)
    fixed_format: list[K3] = many(most=10)
    notes: list[NTE] = many(use=use(codes={1: "ADD DCP TPO"}), most=2)
    purchased_service: PS1 | None = maybe()
    pricing: HCP | None = maybe()
    drug: Drug2410 | None = maybe()
    rendering_provider: RenderingProvider2420A | None = maybe("82")
    purchased_service_provider: PurchasedServiceProvider2420B | None = maybe("QB")
    service_facility: ServiceFacility2420C | None = maybe("77")
    supervising_provider: SupervisingProvider2420D | None = maybe("DQ")
    ordering_provider: OrderingProvider2420E | None = maybe("DK")
    referring_providers: list[ReferringProvider2420F] = many("DN", "P3", most=2)
    pick_up: AmbulancePickUp2420G | None = maybe("PW")
    drop_off: AmbulanceDropOff2420H | None = maybe("45")
    adjudications: list[LineAdjudication2430] = many(most=15)
    forms: list[Form2440] = many()

    @property
    def line_control_number(self) -> str | None:
        """REF*6R."""
        return self.reference("6R")

    def reference(self, qualifier: str) -> str | None:
        """The first reference with this qualifier."""
        return next((r.value for r in self.references if r.qualifier == qualifier), None)


# ── Other payers ───────────────────────────────────────────────────────────


class OtherSubscriber2330A(Loop, id="2330A"):
    """The other insured."""

    name: NM1 = one("IL", use=use(required="3 8 9", unused="6", codes={8: "II MI"}))
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=_CITY)
    references: list[REF] = many(use=use(codes={1: "SY"}), most=1)


class OtherPayer2330B(Loop, id="2330B"):
    """The other payer. Its id is the SVD01 of the lines it decided on."""

    name: NM1 = one("PR", use=use(required="3 8 9", codes={2: "2", 8: "PI XV"}))
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=_CITY)
    adjudicated: DTP | None = maybe("573")
    references: list[REF] = many(use=use(codes={1: "2U EI FY NF G1 9F T4 F8"}), most=6)


class OtherPayerProvider(Loop, id="2330"):
    """A provider by the number the other payer gave it."""

    name: NM1 = one(use=use(unused="3 4 5 6 7 8 9"))
    references: list[REF] = many(use=_SECONDARY_IDS, least=1)


class OtherPayerReferring2330C(OtherPayerProvider, id="2330C"):
    """DN, P3."""


class OtherPayerRendering2330D(OtherPayerProvider, id="2330D"):
    """82."""


class OtherPayerFacility2330E(OtherPayerProvider, id="2330E"):
    """77."""


class OtherPayerSupervising2330F(OtherPayerProvider, id="2330F"):
    """DQ."""


class OtherPayerBilling2330G(OtherPayerProvider, id="2330G"):
    """85."""


class OtherInsurance2320(Loop, id="2320"):
    """Another payer of the same claim, and what it decided."""

    sbr: SBR = one(use=use(required="2"))
    adjustments: list[CAS] = many(use=use(codes={1: "CO CR OA PI PR"}), most=5)
    amounts: list[AMT] = many(use=use(codes={1: "D A8 EAF"}), most=3)
    oi: OI = one(use=use(required="3 6"))
    outpatient: MOA | None = maybe()
    subscriber: OtherSubscriber2330A = one("IL")
    payer: OtherPayer2330B = one("PR")
    referring_providers: list[OtherPayerReferring2330C] = many("DN", "P3", most=2)
    rendering_provider: OtherPayerRendering2330D | None = maybe("82")
    service_facility: OtherPayerFacility2330E | None = maybe("77")
    supervising_provider: OtherPayerSupervising2330F | None = maybe("DQ")
    billing_provider: OtherPayerBilling2330G | None = maybe("85")


# ── Claim ──────────────────────────────────────────────────────────────────


class Claim2300(Loop, id="2300", unit="whole"):
    """One claim."""

    clm: CLM = one(use=use(required="6 7 8 9", codes={"5-2": "B"}))
    dates: list[DTP] = many(
        use=use(
            codes={1: "431 454 304 453 439 484 455 471 314 360 361 297 296 435 096 090 091 444 050"}
        ),
        most=17,
    )
    attachments: list[PWK] = many(most=10)
    contract: CN1 | None = maybe()
    amounts: list[AMT] = many(use=use(codes={1: "F5"}), most=1)
    references: list[REF] = many(
        use=use(codes={1: "4N F5 EW 9F G1 F8 X4 9A 9C LX D9 EA P4 1J"}, unused="4"),
        most=14,
        distinct=True,
    )
    fixed_format: list[K3] = many(most=10)
    notes: list[NTE] = many(use=use(codes={1: "ADD CER DCP DGN TPO"}), most=1)
    ambulance: CR1 | None = maybe()
    spinal: CR2 | None = maybe()
    conditions: list[CRC] = many(use=use(codes={1: "07 E1 E2 E3 75 ZZ"}), most=8)
    health_codes: list[HI] = many(least=1, most=4)
    pricing: HCP | None = maybe()
    referring_providers: list[ReferringProvider2310A] = many("DN", "P3", most=2)
    rendering_provider: RenderingProvider2310B | None = maybe("82")
    service_facility: ServiceFacility2310C | None = maybe("77")
    supervising_provider: SupervisingProvider2310D | None = maybe("DQ")
    pick_up: AmbulancePickUp2310E | None = maybe("PW")
    drop_off: AmbulanceDropOff2310F | None = maybe("45")
    other_insurances: list[OtherInsurance2320] = many(most=10)
    lines: list[ServiceLine2400] = many(most=50, least=1)

    @property
    def diagnoses(self) -> list[str]:
        """The diagnosis codes in order, the principal one first."""
        return [
            c.code
            for hi in self.health_codes
            for c in hi.codes
            if c.qualifier in ("ABK", "ABF", "BK", "BF")
        ]

    def reference(self, qualifier: str) -> str | None:
        """The first reference with this qualifier: F8 payer claim control number, G1 authorization,
        D9 trace ...
        """
        return next((r.value for r in self.references if r.qualifier == qualifier), None)

    def date(self, qualifier: str) -> DTP | None:
        """The first date with this qualifier."""
        return next((d for d in self.dates if d.qualifier == qualifier), None)


# ── Subscriber, patient, provider ──────────────────────────────────────────


class SubscriberName2010BA(Loop, id="2010BA"):
    """The insured. Address and birth date belong here only when the patient is the insured."""

    name: NM1 = one("IL", use=use(required="3 8 9", unused="6", codes={8: "II MI"}))
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=_CITY)
    demographics: DMG | None = maybe(use=use(required="3"))
    references: list[REF] = many(use=use(codes={1: "SY Y4"}, unused="4"), most=2)
    contact: PER | None = maybe(use=use(codes={1: "IC", 3: "TE", 5: "EX"}))


class PayerName2010BB(Loop, id="2010BB"):
    """The payer this claim goes to."""

    name: NM1 = one("PR", use=use(required="3 8 9", codes={2: "2", 8: "PI XV"}))
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=_CITY)
    references: list[REF] = many(use=use(codes={1: "2U EI FY NF G2 LU"}, unused="4"), most=5)


class PatientName2010CA(Loop, id="2010CA"):
    """The patient, when not the insured."""

    name: NM1 = one("QC", use=use(required="3", unused="6 8 9", codes={2: "1"}))
    street: N3 = one()
    city: N4 = one(use=_CITY)
    demographics: DMG = one(use=use(required="3"))
    references: list[REF] = many(use=use(codes={1: "Y4 1W SY"}, unused="4"), most=2)
    contact: PER | None = maybe(use=use(codes={1: "IC", 3: "TE", 5: "EX"}))


class Patient2000C(Loop, id="2000C"):
    """A patient who is not the insured, with the patient's claims."""

    hl: HL = one("23", at=3, factory=lambda: _level("23"))
    pat: PAT = one(use=use(required="1", codes={1: "01 19 20 21 39 40 53 G8"}))
    patient: PatientName2010CA = one("QC")
    claims: list[Claim2300] = many(most=100)


class Subscriber2000B(Loop, id="2000B"):
    """An insured person at one payer, with the claims of this person or of dependents."""

    hl: HL = one("22", at=3, factory=lambda: _level("22"))
    sbr: SBR = one(use=use(codes={2: "18", 5: "12 13 14 15 16 41 42 43 47"}))
    pat: PAT | None = maybe(use=use(unused="1"))
    subscriber: SubscriberName2010BA = one("IL")
    payer: PayerName2010BB = one("PR")
    claims: list[Claim2300] = many(most=100)
    patients: list[Patient2000C] = many()


class BillingProviderName2010AA(Loop, id="2010AA"):
    """Who bills."""

    name: NM1 = one("85", use=use(required="3", unused="6", codes={8: "XX"}))
    street: N3 = one()
    city: N4 = one(use=_CITY)
    references: list[REF] = many(use=use(codes={1: "EI SY 0B 1G"}, unused="4"), most=3, least=1)
    contacts: list[PER] = many(use=_CONTACT, most=2)

    @property
    def npi(self) -> str | None:
        """NM109 when NM108 is XX."""
        return self.name.id if self.name.id_qualifier == "XX" else None

    @property
    def tax_id(self) -> str | None:
        """REF*EI or REF*SY."""
        return next((r.value for r in self.references if r.qualifier in ("EI", "SY")), None)


class PayToAddress2010AB(Loop, id="2010AB"):
    """Where to send money, when not to the billing provider's address."""

    name: NM1 = one("87", use=use(unused="3 4 5 6 7 8 9"))
    street: N3 = one()
    city: N4 = one(use=_CITY)


class PayToPlan2010AC(Loop, id="2010AC"):
    """A plan that paid and now asks to be paid back (Medicaid subrogation)."""

    name: NM1 = one("PE", use=use(required="3 8 9", codes={2: "2", 8: "PI XV"}))
    street: N3 = one()
    city: N4 = one(use=_CITY)
    references: list[REF] = many(use=use(codes={1: "2U FY NF EI"}, unused="4"), most=2, least=1)


class BillingProvider2000A(Loop, id="2000A"):
    """A billing provider, with its subscribers."""

    hl: HL = one("20", at=3, factory=lambda: _level("20"))
    taxonomy: PRV | None = maybe(use=use(required="2 3", codes={1: "BI", 2: "PXC"}))
    currency: CUR | None = maybe()
    billing_provider: BillingProviderName2010AA = one("85")
    pay_to: PayToAddress2010AB | None = maybe("87")
    pay_to_plan: PayToPlan2010AC | None = maybe("PE")
    subscribers: list[Subscriber2000B] = many(least=1)


class Submitter1000A(Loop, id="1000A"):
    """Who sends the file."""

    name: NM1 = one("41", use=use(required="3 8 9", unused="6", codes={8: "46"}))
    contacts: list[PER] = many(use=_CONTACT, most=2, least=1)


class Receiver1000B(Loop, id="1000B"):
    """Who gets the file."""

    name: NM1 = one("40", use=use(required="3 8 9", unused="6", codes={2: "2", 8: "46"}))


class ProfessionalClaims(Transaction, id="837P"):
    """A batch of professional claims."""

    st01 = "837"
    functional_id = "HC"
    guide = "005010X222A1"
    reads = ("005010X222A1", "005010X222A2", "005010X222")

    bht: BHT = one(use=use(required="6", codes={1: "0019", 2: "00 18", 6: "CH RP 31"}))
    submitter: Submitter1000A = one("41")
    receiver: Receiver1000B = one("40")
    billing_providers: list[BillingProvider2000A] = many(least=1)
