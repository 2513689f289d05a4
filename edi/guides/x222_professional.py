"""837 professional claim, 005010X222A1, in full (837.md 2 to 4 and 7)."""

from __future__ import annotations

from decimal import Decimal

from edi.envelope import Transaction
from edi.guides.claim_details import (
    ATTACHMENT,
    CONTRACT,
    DAY,
    DAYS,
    EPSDT,
    Claim,
    Drug,
    ServiceLine,
    code_list,
    repricing,
)
from edi.guides.claim_other_payers import (
    LineAdjudication,
    OtherInsurance,
    OtherPayer,
    OtherPayerBilling,
    OtherPayerFacility,
    OtherPayerPerson,
    OtherPayerReferring,
    OtherSubscriber,
)
from edi.guides.claim_parties import (
    ADDRESS,
    CASUALTY_CONTACT,
    CONTACT,
    DEPENDENTS,
    FILING_INDICATORS,
    INSURANCE_TYPES,
    OWNED,
    PERSON,
    PLAIN,
    RELATIONSHIPS,
    SUBSCRIBER_LEVEL,
    BillingProvider,
    BillingProviderName,
    Facility,
    Named,
    Patient,
    PatientNameWithContact,
    PayerName,
    PayToAddress,
    Provider,
    Receiver1000B,
    SpecializedProvider,
    Submitter1000A,
    SubscriberNameWithContact,
    level,
    nameless,
)
from edi.model import Loop, any_of, each, many, maybe, mixed, one, use
from edi.segments import (
    AMT,
    BHT,
    CLM,
    CN1,
    CR1,
    CR2,
    CR3,
    CRC,
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
    PS1,
    PWK,
    QTY,
    REF,
    SBR,
    SV1,
    SV5,
    SVD,
)  # fmt: skip

_METHODS = "00 01 02 03 04 05 07 08 09 10 11 12 13 14"
_LINE_METHODS = f"06 {_METHODS}"
_PROCEDURES = "ER HC IV WK"
_CAUSES = "AA EM OA"
_AMBULANCE = use(required="3", codes={3: "01 04 05 06 07 08 09 12"})

# ── Providers ──────────────────────────────────────────────────────────────


class AmbulanceStop(Loop):
    """Where an ambulance picked up or dropped off."""

    name: NM1 = one(use=nameless("2"))
    street: N3 = one()
    city: N4 = one(use=ADDRESS)


class DropOff(AmbulanceStop):
    """The drop-off may have a name."""

    name: NM1 = one(use=use(unused="4 5 6 7 8 9", codes={2: "2"}))


class ReferringProvider2310A(Provider, id="2310A"):
    """DN referring; P3 primary care, only as the second."""

    references: list[REF] = mixed(any_of("0B 1G G2", most=3, use=PLAIN))


class RenderingProvider2310B(SpecializedProvider, id="2310B"):
    """82, when it is not the billing provider."""


class ServiceFacility2310C(Facility, id="2310C"):
    """77, when the service was not at the billing provider's address."""

    contact: PER | None = maybe(use=CASUALTY_CONTACT)


class SupervisingProvider2310D(Provider, id="2310D"):
    """DQ."""


class AmbulancePickUp2310E(AmbulanceStop, id="2310E"):
    """PW."""


class AmbulanceDropOff2310F(DropOff, id="2310F"):
    """45."""


class RenderingProvider2420A(SpecializedProvider, id="2420A"):
    """82 of a line, when it differs from the claim's."""

    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=20, use=OWNED))


class PurchasedServiceProvider2420B(Named, id="2420B"):
    """QB: an identifier without a name."""

    name: NM1 = one(use=use(unused="3 4 5 6 7", codes={2: "1 2", 8: "XX"}))
    references: list[REF] = mixed(any_of("0B 1G G2", most=20, use=OWNED))


class ServiceFacility2420C(Facility, id="2420C"):
    """77 of a line."""

    references: list[REF] = mixed(any_of("G2 LU", most=3, use=OWNED))


class SupervisingProvider2420D(Provider, id="2420D"):
    """DQ of a line."""

    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=20, use=OWNED))


class OrderingProvider2420E(Named, id="2420E"):
    """DK, at line level only."""

    name: NM1 = one(use=PERSON)
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=ADDRESS)
    references: list[REF] = mixed(any_of("0B 1G G2", most=20, use=OWNED))
    contact: PER | None = maybe(use=CONTACT)


class ReferringProvider2420F(Provider, id="2420F"):
    """DN, P3 of a line."""

    references: list[REF] = mixed(any_of("0B 1G G2", most=20, use=OWNED))


class AmbulancePickUp2420G(AmbulanceStop, id="2420G"):
    """PW of a line."""


class AmbulanceDropOff2420H(DropOff, id="2420H"):
    """45 of a line."""


# ── Service line ───────────────────────────────────────────────────────────


class Drug2410(Drug, id="2410"):
    """A drug by its NDC, or a device by its product number, and how much of it."""

    lin: LIN = one(use=use(codes={2: "EN EO HI N4 ON UK UP"}))


class LineAdjudication2430(LineAdjudication, id="2430"):
    """What another payer decided on the line."""

    svd: SVD = one(use=use(required="3 5", unused="4", codes={"3-1": _PROCEDURES}))


class Form2440(Loop, id="2440"):
    """A form, such as a certificate of medical necessity."""

    lq: LQ = one(use=use(codes={1: "AS UT"}))
    answers: list[FRM] = many(most=99, least=1)


class ServiceLine2400(ServiceLine, id="2400"):
    """One billed service."""

    lx: LX = one(factory=lambda: LX(number=0))
    sv1: SV1 = one(use=use(required="3 4 7", codes={"1-1": _PROCEDURES}))
    sv5: SV5 | None = maybe(
        use=use(required="4 5 6", unused="1-3 1-4 1-5 1-6 1-7", codes={"1-1": "HC"})
    )
    attachments: list[PWK] = mixed(
        any_of("AA BM EL EM FT FX", most=10, use=ATTACHMENT),
        any_of("AB AD AF AG NS", use=use(codes={1: "CT"}, last=2)),  # DME certificate
        at=2,
    )
    ambulance: CR1 | None = maybe()
    dme_certification: CR3 | None = maybe()
    conditions: list[CRC] = mixed(
        each("07", most=3, use=_AMBULANCE),
        each("70", use=use(required="3", last=3, codes={3: "65"})),
        each("09", use=use(required="3", last=4, codes={3: "38 ZV"})),
    )
    service_date: DTP = one("472", use=DAYS)
    dates: list[DTP] = mixed(
        each("471 607 463 461 304 011 455 454", use=DAY), any_of("738 739", most=2, use=DAY)
    )
    quantities: list[QTY] = mixed(each("PT FL"))
    measurements: list[MEA] = many(use=use(codes={1: "OG TR", 2: "HT R1 R2 R3 R4"}), most=5)
    contract: CN1 | None = maybe(use=CONTRACT)
    references: list[REF] = mixed(
        each("9B 9D 6R EW X4 F4 BT", use=PLAIN), each("G1 9F", most=5, use=OWNED)
    )
    amounts: list[AMT] = mixed(each("T F4"))
    fixed_format: list[K3] = many(most=10)
    notes: list[NTE] = mixed(any_of("ADD DCP"), each("TPO"))
    purchased_service: PS1 | None = maybe()
    pricing: HCP | None = maybe(
        use=repricing(_LINE_METHODS, unused="8", codes={9: _PROCEDURES, 11: "MJ UN"})
    )
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

    pointer_element = "SV107"

    @property
    def charge(self) -> Decimal:
        """SV102."""
        return self.sv1.charge

    @property
    def service(self) -> SV1:
        """SV1."""
        return self.sv1

    @property
    def served(self) -> DTP:
        """DTP*472."""
        return self.service_date

    @property
    def pointers(self) -> list[int]:
        """SV107."""
        return self.sv1.diagnoses.pointers if self.sv1.diagnoses is not None else []


# ── Other payers ───────────────────────────────────────────────────────────


class OtherSubscriber2330A(OtherSubscriber, id="2330A"):
    """The other insured."""


class OtherPayer2330B(OtherPayer, id="2330B"):
    """The other payer."""


class OtherPayerReferring2330C(OtherPayerReferring, id="2330C"):
    """DN, P3."""


class OtherPayerRendering2330D(OtherPayerPerson, id="2330D"):
    """82."""

    name: NM1 = one(use=nameless("1 2"))


class OtherPayerFacility2330E(OtherPayerFacility, id="2330E"):
    """77."""


class OtherPayerSupervising2330F(OtherPayerPerson, id="2330F"):
    """DQ."""


class OtherPayerBilling2330G(OtherPayerBilling, id="2330G"):
    """85."""


class OtherInsurance2320(OtherInsurance, id="2320"):
    """Another payer of the same claim, and what it decided."""

    sbr: SBR = one(
        use=use(required="2", codes={2: RELATIONSHIPS, 5: INSURANCE_TYPES, 9: FILING_INDICATORS})
    )
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


class Claim2300(Claim, id="2300", unit="whole"):
    """One claim."""

    clm: CLM = one(
        use=use(
            required="6 7 8 9",
            unused="19 11-3",
            codes={"5-2": "B", "11-1": _CAUSES, "11-2": _CAUSES, 12: "02 03 05 09"},
        )
    )
    dates: list[DTP] = mixed(
        each("431 454 304 453 439 484 455 471 297 296 435 096 444 050", use=DAY),
        any_of("314 360 361", use=DAYS),  # disability: its span, its first or its last day
        any_of("090 091", most=2, use=DAY),
    )
    attachments: list[PWK] = many(use=ATTACHMENT, most=10)
    contract: CN1 | None = maybe(use=CONTRACT)
    amounts: list[AMT] = mixed(each("F5"))
    references: list[REF] = mixed(
        each("4N F5 EW 9F G1 F8 X4 9A 9C LX D9 EA P4 1J", use=PLAIN),
    )
    fixed_format: list[K3] = many(most=10)
    notes: list[NTE] = mixed(any_of("ADD CER DCP DGN TPO"))
    ambulance: CR1 | None = maybe()
    spinal: CR2 | None = maybe()
    conditions: list[CRC] = mixed(
        each("07", most=3, use=_AMBULANCE),
        any_of("E1 E2 E3", most=3, use=use(required="3", codes={3: "L1 L2 L3 L4 L5"})),
        each("75", use=use(required="3", last=3, codes={2: "Y", 3: "IH"})),
        each("ZZ", use=EPSDT),
    )
    health_codes: list[HI] = mixed(
        any_of("ABK BK", due=True, use=code_list("ABK BK", "ABF BF")),
        each("BP", use=code_list("BP", "BO", last=2)),
        each("BG", most=2, use=code_list("BG")),
    )
    pricing: HCP | None = maybe(use=repricing(_METHODS, unused="8 9 10 11 12"))
    referring_providers: list[ReferringProvider2310A] = many("DN", "P3", most=2)
    rendering_provider: RenderingProvider2310B | None = maybe("82")
    service_facility: ServiceFacility2310C | None = maybe("77")
    supervising_provider: SupervisingProvider2310D | None = maybe("DQ")
    pick_up: AmbulancePickUp2310E | None = maybe("PW")
    drop_off: AmbulanceDropOff2310F | None = maybe("45")
    other_insurances: list[OtherInsurance2320] = many(most=10)
    lines: list[ServiceLine2400] = many(most=50, least=1)


# ── Levels ─────────────────────────────────────────────────────────────────


class SubscriberName2010BA(SubscriberNameWithContact, id="2010BA"):
    """The insured."""


class PatientName2010CA(PatientNameWithContact, id="2010CA"):
    """The patient, when not the insured."""


class PayerName2010BB(PayerName, id="2010BB"):
    """The payer; two numbers it gave the billing provider may be told."""

    references: list[REF] = mixed(
        any_of("2U EI FY NF", most=3, use=PLAIN), any_of("G2 LU", most=2, use=PLAIN)
    )


class Patient2000C(Patient, id="2000C"):
    """A patient who is not the insured, with the patient's claims."""

    pat: PAT = one(use=use(required="1", codes={1: DEPENDENTS}))
    patient: PatientName2010CA = one("QC")
    claims: list[Claim2300] = many(most=100, least=1)


class Subscriber2000B(Loop, id="2000B"):
    """An insured person at one payer, with the claims of this person or of dependents."""

    hl: HL = one("22", at=3, use=SUBSCRIBER_LEVEL, factory=lambda: level("22"))
    sbr: SBR = one(use=use(codes={2: "18", 5: INSURANCE_TYPES, 9: FILING_INDICATORS}))
    pat: PAT | None = maybe(use=use(unused="1"))
    subscriber: SubscriberName2010BA = one("IL")
    payer: PayerName2010BB = one("PR")
    claims: list[Claim2300] = many(most=100)
    patients: list[Patient2000C] = many()


class BillingProviderName2010AA(BillingProviderName, id="2010AA"):
    """Who bills."""


class PayToAddress2010AB(PayToAddress, id="2010AB"):
    """Where to send money, when not to the billing provider's address."""


class BillingProvider2000A(BillingProvider, id="2000A"):
    """A billing provider, with its subscribers."""

    billing_provider: BillingProviderName2010AA = one("85")
    pay_to: PayToAddress2010AB | None = maybe("87")
    subscribers: list[Subscriber2000B] = many(least=1)


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
