"""837 institutional claim, 005010X223A2, in full (837.md 2, 5 and 7)."""

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
    FILING_INDICATORS,
    MEMBER_IF_ANY,
    ORGANIZATION,
    OWNED,
    PERSON,
    PLAIN,
    SUBSCRIBER_LEVEL,
    BillingProvider,
    BillingProviderName,
    Facility,
    Patient,
    PatientName,
    PayerName,
    PayToAddress,
    Provider,
    Receiver1000B,
    SpecializedProvider,
    Submitter1000A,
    SubscriberName,
    level,
    nameless,
    taxonomy_as,
)
from edi.model import Loop, any_of, each, many, maybe, mixed, one, use
from edi.segments import (
    AMT,
    BHT,
    CL1,
    CLM,
    CN1,
    CRC,
    DTP,
    HCP,
    HI,
    HL,
    K3,
    LX,
    MIA,
    MOA,
    NM1,
    NTE,
    PRV,
    PWK,
    REF,
    SBR,
    SV2,
    SVD,
)  # fmt: skip

_METHODS = "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14"
_PROCEDURES = "ER HC HP IV WK"

# ── Providers ──────────────────────────────────────────────────────────────


class AttendingProvider2310A(SpecializedProvider, id="2310A"):
    """71, responsible for the care as a whole."""

    name: NM1 = one(use=PERSON)
    taxonomy: PRV | None = maybe(use=taxonomy_as("AT"))


class OperatingPhysician2310B(Provider, id="2310B"):
    """72."""


class OtherOperatingPhysician2310C(Provider, id="2310C"):
    """ZZ, only beside a 72."""


class RenderingProvider2310D(Provider, id="2310D"):
    """82, when not the attending provider."""


class ServiceFacility2310E(Facility, id="2310E"):
    """77."""


class ReferringProvider2310F(Provider, id="2310F"):
    """DN."""

    references: list[REF] = mixed(any_of("0B 1G G2", most=3, use=PLAIN))


class LineProvider(Provider):
    """A provider of one line."""

    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=20, use=OWNED))


class OperatingPhysician2420A(LineProvider, id="2420A"):
    """72 of a line."""


class OtherOperatingPhysician2420B(LineProvider, id="2420B"):
    """ZZ of a line."""


class RenderingProvider2420C(LineProvider, id="2420C"):
    """82 of a line."""


class ReferringProvider2420D(Provider, id="2420D"):
    """DN of a line."""

    references: list[REF] = mixed(any_of("0B 1G G2", most=20, use=OWNED))


# ── Service line ───────────────────────────────────────────────────────────


class Drug2410(Drug, id="2410"):
    """A drug by its NDC, and how much of it."""


class LineAdjudication2430(LineAdjudication, id="2430"):
    """What another payer decided on the line."""

    svd: SVD = one(use=use(required="4 5", codes={"3-1": _PROCEDURES}))


class ServiceLine2400(ServiceLine, id="2400"):
    """One billed service, by revenue code. CLM02 is the total: a line 0001 is never sent."""

    lx: LX = one(factory=lambda: LX(number=0))
    sv2: SV2 = one(use=use(required="4 5", codes={"2-1": _PROCEDURES}))
    attachments: list[PWK] = many(use=ATTACHMENT, most=10)
    service_date: DTP | None = maybe("472", use=DAYS)
    references: list[REF] = mixed(each("6R 9B 9D", use=PLAIN))
    amounts: list[AMT] = mixed(each("GT N8"))
    notes: list[NTE] = mixed(each("TPO"))
    pricing: HCP | None = maybe(use=repricing(_METHODS, codes={9: _PROCEDURES, 11: "DA UN"}))
    drug: Drug2410 | None = maybe()
    operating_physician: OperatingPhysician2420A | None = maybe("72")
    other_operating_physician: OtherOperatingPhysician2420B | None = maybe("ZZ")
    rendering_provider: RenderingProvider2420C | None = maybe("82")
    referring_provider: ReferringProvider2420D | None = maybe("DN")
    adjudications: list[LineAdjudication2430] = many(most=15)

    @property
    def charge(self) -> Decimal:
        """SV203."""
        return self.sv2.charge

    @property
    def service(self) -> SV2:
        """SV2."""
        return self.sv2

    @property
    def served(self) -> DTP | None:
        """DTP*472."""
        return self.service_date


# ── Other payers ───────────────────────────────────────────────────────────


class OtherSubscriber2330A(OtherSubscriber, id="2330A"):
    """The other insured; two numbers may be told."""

    references: list[REF] = mixed(each("SY", most=2, use=PLAIN))


class OtherPayer2330B(OtherPayer, id="2330B"):
    """The other payer."""


class OtherPayerPhysician(OtherPayerPerson):
    """A physician by the number the other payer gave."""

    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=4, due=True, use=PLAIN))


class OtherPayerAttending2330C(OtherPayerPhysician, id="2330C"):
    """71."""


class OtherPayerOperating2330D(OtherPayerPhysician, id="2330D"):
    """72."""


class OtherPayerOtherOperating2330E(OtherPayerPhysician, id="2330E"):
    """ZZ."""


class OtherPayerFacility2330F(OtherPayerFacility, id="2330F"):
    """77."""


class OtherPayerRendering2330G(OtherPayerPhysician, id="2330G"):
    """82."""


class OtherPayerReferring2330H(OtherPayerReferring, id="2330H"):
    """DN."""


class OtherPayerBilling2330I(OtherPayerBilling, id="2330I"):
    """85."""

    name: NM1 = one(use=nameless("2"))


class OtherInsurance2320(OtherInsurance, id="2320"):
    """Another payer of the same claim, and what it decided."""

    inpatient: MIA | None = maybe(use=use(unused="2"))
    outpatient: MOA | None = maybe()
    subscriber: OtherSubscriber2330A = one("IL")
    payer: OtherPayer2330B = one("PR")
    attending_provider: OtherPayerAttending2330C | None = maybe("71")
    operating_physician: OtherPayerOperating2330D | None = maybe("72")
    other_operating_physician: OtherPayerOtherOperating2330E | None = maybe("ZZ")
    service_facility: OtherPayerFacility2330F | None = maybe("77")
    rendering_provider: OtherPayerRendering2330G | None = maybe("82")
    referring_provider: OtherPayerReferring2330H | None = maybe("DN")
    billing_provider: OtherPayerBilling2330I | None = maybe("85")


# ── Claim ──────────────────────────────────────────────────────────────────


class Claim2300(Claim, id="2300", unit="whole"):
    """One claim; CLM05 is the type of bill without its leading zero."""

    clm: CLM = one(use=use(required="7 8 9", unused="6 10 11 12 19", codes={"5-2": "A"}))
    dates: list[DTP] = mixed(
        each("096", use=use(codes={2: "TM"})),  # hour of discharge
        each("434", due=True, use=use(codes={2: "RD8"})),  # statement from and through
        each("435", use=use(codes={2: "D8 DT"})),  # admission
        each("050", use=DAY),
    )
    stay: CL1 = one(use=use(required="1"))
    attachments: list[PWK] = many(use=ATTACHMENT, most=10)
    contract: CN1 | None = maybe(use=CONTRACT)
    amounts: list[AMT] = mixed(each("F3"))
    references: list[REF] = mixed(
        each("4N 9F G1 F8 9A 9C D9 LU EA P4 G4", use=PLAIN), each("LX", most=5, use=PLAIN)
    )
    fixed_format: list[K3] = many(most=10)
    notes: list[NTE] = mixed(
        any_of("ALG DCP DGN DME MED NTR ODT RHB RLH RNH SET SFM SPT UPI", most=10), each("ADD")
    )
    conditions: list[CRC] = mixed(each("ZZ", use=EPSDT))
    health_codes: list[HI] = mixed(
        any_of("ABK BK", due=True, use=code_list("ABK BK", last=1, present_on_admission=True)),
        any_of("ABJ BJ", use=code_list("ABJ BJ", last=1)),
        any_of("APR PR", use=code_list("APR PR", last=3)),
        any_of("ABN BN", use=code_list("ABN BN", present_on_admission=True)),
        each("DR", use=code_list("DR", last=1)),
        any_of("ABF BF", most=2, use=code_list("ABF BF", present_on_admission=True)),
        any_of("BBR BR CAH", use=code_list("BBR BR CAH", last=1, form="D8")),
        any_of("BBQ BQ", most=2, use=code_list("BBQ BQ", form="D8")),
        each("BI", most=2, use=code_list("BI", form="RD8")),
        each("BH", most=2, use=code_list("BH", form="D8")),
        each("BE", most=2, use=code_list("BE", amount=True)),
        each("BG", most=2, use=code_list("BG")),
        each("TC", most=2, use=code_list("TC")),
    )
    pricing: HCP | None = maybe(use=repricing(_METHODS, unused="9 10", codes={11: "DA UN"}))
    attending_provider: AttendingProvider2310A | None = maybe("71")
    operating_physician: OperatingPhysician2310B | None = maybe("72")
    other_operating_physician: OtherOperatingPhysician2310C | None = maybe("ZZ")
    rendering_provider: RenderingProvider2310D | None = maybe("82")
    service_facility: ServiceFacility2310E | None = maybe("77")
    referring_provider: ReferringProvider2310F | None = maybe("DN")
    other_insurances: list[OtherInsurance2320] = many(most=10)
    lines: list[ServiceLine2400] = many(most=999, least=1)


# ── Levels ─────────────────────────────────────────────────────────────────


class SubscriberName2010BA(SubscriberName, id="2010BA"):
    """The insured."""

    name: NM1 = one("IL", use=MEMBER_IF_ANY)


class PatientName2010CA(PatientName, id="2010CA"):
    """The patient, when not the insured."""


class PayerName2010BB(PayerName, id="2010BB"):
    """The payer this claim goes to."""


class Patient2000C(Patient, id="2000C"):
    """A patient who is not the insured, with the patient's claims."""

    patient: PatientName2010CA = one("QC")
    claims: list[Claim2300] = many(most=100, least=1)


class Subscriber2000B(Loop, id="2000B"):
    """An insured person at one payer, with the claims of this person or of dependents."""

    hl: HL = one("22", at=3, use=SUBSCRIBER_LEVEL, factory=lambda: level("22"))
    sbr: SBR = one(use=use(unused="5", codes={2: "18", 9: FILING_INDICATORS}))
    subscriber: SubscriberName2010BA = one("IL")
    payer: PayerName2010BB = one("PR")
    claims: list[Claim2300] = many(most=100)
    patients: list[Patient2000C] = many()


class BillingProviderName2010AA(BillingProviderName, id="2010AA"):
    """The institution that bills."""

    name: NM1 = one("85", use=ORGANIZATION)
    references: list[REF] = mixed(each("EI", due=True, use=PLAIN))


class PayToAddress2010AB(PayToAddress, id="2010AB"):
    """Where to send money, when not to the billing provider's address."""

    name: NM1 = one("87", use=nameless("2"))


class BillingProvider2000A(BillingProvider, id="2000A"):
    """A billing provider, with its subscribers."""

    billing_provider: BillingProviderName2010AA = one("85")
    pay_to: PayToAddress2010AB | None = maybe("87")
    subscribers: list[Subscriber2000B] = many(least=1)


class InstitutionalClaims(Transaction, id="837I"):
    """A batch of institutional claims."""

    st01 = "837"
    functional_id = "HC"
    guide = "005010X223A2"
    reads = ("005010X223A2", "005010X223A1", "005010X223A3", "005010X223")

    bht: BHT = one(use=use(required="6", codes={1: "0019", 2: "00 18", 6: "CH RP 31"}))
    submitter: Submitter1000A = one("41")
    receiver: Receiver1000B = one("40")
    billing_providers: list[BillingProvider2000A] = many(least=1)
