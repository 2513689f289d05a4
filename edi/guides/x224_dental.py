"""837 dental claim, 005010X224A2, in full (837.md 2, 6 and 7)."""

from __future__ import annotations

from decimal import Decimal

from edi.envelope import Transaction
from edi.guides.claim_details import (
    CONTRACT,
    DAY,
    DAYS,
    DELIVERIES,
    Claim,
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
    CLM,
    CN1,
    DN1,
    DN2,
    DTP,
    HCP,
    HI,
    HL,
    K3,
    LX,
    MOA,
    NM1,
    NTE,
    PRV,
    PWK,
    REF,
    SBR,
    SV3,
    SVD,
    TOO,
)  # fmt: skip

_METHODS = "00 01 02 03 04 05 07 08 09 10 11 12 13 14"
_CAUSES = "AA EM OA"
_PROCEDURES = "AD"

# ── Providers ──────────────────────────────────────────────────────────────


class ReferringProvider2310A(SpecializedProvider, id="2310A"):
    """DN referring; P3 primary care, only as the second."""

    name: NM1 = one(use=PERSON)
    taxonomy: PRV | None = maybe(use=taxonomy_as("RF"))
    references: list[REF] = mixed(any_of("0B 1G G2", most=3, use=PLAIN))


class RenderingProvider2310B(SpecializedProvider, id="2310B"):
    """82, when it is not the billing provider."""


class ServiceFacility2310C(Facility, id="2310C"):
    """77, when the service was not at the billing provider's address."""


class AssistantSurgeon2310D(SpecializedProvider, id="2310D"):
    """DD, never beside an 82."""

    name: NM1 = one(use=PERSON)
    taxonomy: PRV | None = maybe(use=taxonomy_as("AS"))


class SupervisingProvider2310E(Provider, id="2310E"):
    """DQ."""


class RenderingProvider2420A(SpecializedProvider, id="2420A"):
    """82 of a line, when it differs from the claim's."""

    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=20, use=OWNED))


class AssistantSurgeon2420B(SpecializedProvider, id="2420B"):
    """DD of a line."""

    name: NM1 = one(use=PERSON)
    taxonomy: PRV | None = maybe(use=taxonomy_as("AS"))
    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=20, use=OWNED))


class SupervisingProvider2420C(Provider, id="2420C"):
    """DQ of a line."""

    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=20, use=OWNED))


class ServiceFacility2420D(Facility, id="2420D"):
    """77 of a line."""

    references: list[REF] = mixed(any_of("0B G2 LU", most=20, use=OWNED))


# ── Service line ───────────────────────────────────────────────────────────


class LineAdjudication2430(LineAdjudication, id="2430"):
    """What another payer decided on the line."""

    svd: SVD = one(use=use(required="3 5", unused="4", codes={"3-1": "AD ER"}))


class ServiceLine2400(ServiceLine, id="2400"):
    """One billed service."""

    lx: LX = one(factory=lambda: LX(number=0))
    sv3: SV3 = one(use=use(codes={"1-1": _PROCEDURES}))
    teeth: list[TOO] = many(most=32)
    dates: list[DTP] = mixed(
        each("472", use=DAYS),
        any_of("139 441", use=DAY),  # prior placement, estimated or known
        each("452 446 196 198", use=DAY),
    )
    contract: CN1 | None = maybe(use=CONTRACT)
    references: list[REF] = mixed(each("6R 9B 9D", use=PLAIN), each("G1 G3 9F", most=5, use=OWNED))
    amounts: list[AMT] = mixed(each("T"))
    fixed_format: list[K3] = many(most=10)
    pricing: HCP | None = maybe(
        use=repricing(_METHODS, unused="8", codes={9: _PROCEDURES, 11: "UN"})
    )
    rendering_provider: RenderingProvider2420A | None = maybe("82")
    assistant_surgeon: AssistantSurgeon2420B | None = maybe("DD")
    supervising_provider: SupervisingProvider2420C | None = maybe("DQ")
    service_facility: ServiceFacility2420D | None = maybe("77")
    adjudications: list[LineAdjudication2430] = many(most=15)

    pointer_element = "SV311"

    @property
    def charge(self) -> Decimal:
        """SV302."""
        return self.sv3.charge

    @property
    def service(self) -> SV3:
        """SV3."""
        return self.sv3

    @property
    def served(self) -> DTP | None:
        """DTP*472."""
        return next((d for d in self.dates if d.qualifier == "472"), None)

    @property
    def pointers(self) -> list[int]:
        """SV311."""
        return self.sv3.diagnoses.pointers if self.sv3.diagnoses is not None else []


# ── Other payers ───────────────────────────────────────────────────────────


class OtherSubscriber2330A(OtherSubscriber, id="2330A"):
    """The other insured."""


class OtherPayer2330B(OtherPayer, id="2330B"):
    """The other payer."""

    references: list[REF] = mixed(
        any_of("2U EI FY NF", most=2, use=PLAIN), each("G1 G3 9F T4 F8", use=PLAIN)
    )


class OtherPayerReferring2330C(OtherPayerReferring, id="2330C"):
    """DN, P3."""


class OtherPayerRendering2330D(OtherPayerPerson, id="2330D"):
    """82."""

    name: NM1 = one(use=nameless("1 2"))


class OtherPayerSupervising2330E(OtherPayerPerson, id="2330E"):
    """DQ."""


class OtherPayerBilling2330F(OtherPayerBilling, id="2330F"):
    """85."""


class OtherPayerFacility2330G(OtherPayerFacility, id="2330G"):
    """77."""


class OtherPayerAssistantSurgeon2330H(OtherPayerPerson, id="2330H"):
    """DD."""


class OtherInsurance2320(OtherInsurance, id="2320"):
    """Another payer of the same claim, and what it decided."""

    outpatient: MOA | None = maybe()
    subscriber: OtherSubscriber2330A = one("IL")
    payer: OtherPayer2330B = one("PR")
    referring_providers: list[OtherPayerReferring2330C] = many("DN", "P3", most=2)
    rendering_provider: OtherPayerRendering2330D | None = maybe("82")
    supervising_provider: OtherPayerSupervising2330E | None = maybe("DQ")
    billing_provider: OtherPayerBilling2330F | None = maybe("85")
    service_facility: OtherPayerFacility2330G | None = maybe("77")
    assistant_surgeon: OtherPayerAssistantSurgeon2330H | None = maybe("DD")


# ── Claim ──────────────────────────────────────────────────────────────────


class Claim2300(Claim, id="2300", unit="whole"):
    """One claim. A predetermination of benefits has CLM19 and no service date."""

    clm: CLM = one(
        use=use(
            required="6 7 8 9",
            unused="10 11-3",
            codes={
                "5-2": "B", 7: "A C", "11-1": _CAUSES, "11-2": _CAUSES, 12: "01 02 03 05", 19: "PB",
            },
        )
    )  # fmt: skip
    dates: list[DTP] = mixed(each("439 452 050", use=DAY), each("472", use=DAYS))
    orthodontics: DN1 | None = maybe()
    tooth_statuses: list[DN2] = many(use=use(required="6"), most=35)
    attachments: list[PWK] = many(
        use=use(codes={1: "B4 DA DG EB OZ P6 RB RR", 2: DELIVERIES, 5: "AC"}), most=10
    )
    contract: CN1 | None = maybe(use=CONTRACT)
    amounts: list[AMT] = mixed(each("F5"))
    references: list[REF] = mixed(each("G3 4N F8 9F G1 9A 9C D9", use=PLAIN))
    fixed_format: list[K3] = many(most=10)
    notes: list[NTE] = mixed(each("ADD", most=5))
    health_codes: list[HI] = mixed(
        any_of("ABK BK TQ", use=code_list("ABK BK TQ", "ABF BF TQ", last=4))
    )
    pricing: HCP | None = maybe(use=repricing(_METHODS, unused="8 9 10 11 12"))
    referring_providers: list[ReferringProvider2310A] = many("DN", "P3", most=2)
    rendering_provider: RenderingProvider2310B | None = maybe("82")
    service_facility: ServiceFacility2310C | None = maybe("77")
    assistant_surgeon: AssistantSurgeon2310D | None = maybe("DD")
    supervising_provider: SupervisingProvider2310E | None = maybe("DQ")
    other_insurances: list[OtherInsurance2320] = many(most=10)
    lines: list[ServiceLine2400] = many(most=50, least=1)


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
    """Who bills."""


class PayToAddress2010AB(PayToAddress, id="2010AB"):
    """Where to send money, when not to the billing provider's address."""


class BillingProvider2000A(BillingProvider, id="2000A"):
    """A billing provider, with its subscribers."""

    billing_provider: BillingProviderName2010AA = one("85")
    pay_to: PayToAddress2010AB | None = maybe("87")
    subscribers: list[Subscriber2000B] = many(least=1)


class DentalClaims(Transaction, id="837D"):
    """A batch of dental claims."""

    st01 = "837"
    functional_id = "HC"
    guide = "005010X224A2"
    reads = ("005010X224A2", "005010X224A1", "005010X224A3", "005010X224")

    bht: BHT = one(use=use(required="6", codes={1: "0019", 2: "00 18", 6: "CH RP 31"}))
    submitter: Submitter1000A = one("41")
    receiver: Receiver1000B = one("40")
    billing_providers: list[BillingProvider2000A] = many(least=1)
