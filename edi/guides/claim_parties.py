"""Who is who in a claim file, alike for professional, institutional and dental claims: submitter,
receiver, providers, insured, patient, payer (837.md 2 and 8).

A guide takes a class from here as it is, or derives from it and narrows what its own text narrows.
"""

from __future__ import annotations

from edi.model import Loop, Use, any_of, each, many, maybe, mixed, one, use
from edi.segments import CUR, DMG, HL, N3, N4, NM1, PAT, PER, PRV, REF

# ── How segments are used ──────────────────────────────────────────────────

PLAIN = use(unused="4")  # a reference of the payer this claim goes to
OWNED = use(codes={"4-1": "2U"})  # a reference that may belong to another payer, named in REF04
ADDRESS = use(required="1")

ANYONE = use(required="3", unused="6", codes={2: "1 2", 8: "XX"})
PERSON = use(required="3", unused="6", codes={2: "1", 8: "XX"})
ORGANIZATION = use(required="3", unused="4 5 6 7", codes={2: "2", 8: "XX"})
MEMBER = use(required="3 8 9", unused="6", codes={2: "1 2", 8: "II MI"})
MEMBER_IF_ANY = use(required="3", unused="6", codes={2: "1 2", 8: "II MI"})
PAYER = use(required="3 8 9", unused="4 5 6 7", codes={2: "2", 8: "PI XV"})


def nameless(entity_types: str) -> Use:
    """NM1 that says no more than the role."""
    return use(unused="3 4 5 6 7 8 9", codes={2: entity_types})


CONTACT = use(required="3 4", codes={1: "IC", 3: "EM FX TE", 5: "EM EX FX TE", 7: "EM EX FX TE"})
CASUALTY_CONTACT = use(required="3 4", unused="7 8", codes={1: "IC", 3: "TE", 5: "EX"})


def taxonomy_as(role: str) -> Use:
    """PRV of a provider in this role."""
    return use(required="2 3", codes={1: role, 2: "PXC"})


RELATIONSHIPS = "01 18 19 20 21 39 40 53 G8"
DEPENDENTS = "01 19 20 21 39 40 53 G8"
INSURANCE_TYPES = "12 13 14 15 16 41 42 43 47"
FILING_INDICATORS = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"


def level(code: str) -> HL:
    """A level whose numbers `number_levels` fills in."""
    return HL(number="0", level=code)


# ── Submitter and receiver ─────────────────────────────────────────────────


class Submitter1000A(Loop, id="1000A"):
    """Who sends the file."""

    name: NM1 = one("41", use=use(required="3 8 9", unused="6 7", codes={2: "1 2", 8: "46"}))
    contacts: list[PER] = many(use=CONTACT, most=2, least=1)


class Receiver1000B(Loop, id="1000B"):
    """Who gets the file."""

    name: NM1 = one("40", use=use(required="3 8 9", unused="4 5 6 7", codes={2: "2", 8: "46"}))


# ── Billing provider ───────────────────────────────────────────────────────


class Named(Loop):
    """Someone with a name, and an NPI where one can be had."""

    name: NM1 = one(use=ANYONE)

    @property
    def npi(self) -> str | None:
        """NM109 when NM108 is XX."""
        return self.name.id if self.name.id_qualifier == "XX" else None


class BillingProviderName(Named):
    """Who bills."""

    street: N3 = one()
    city: N4 = one(use=ADDRESS)
    references: list[REF] = mixed(
        any_of("EI SY", due=True, use=PLAIN), any_of("0B 1G", most=2, use=PLAIN)
    )
    contacts: list[PER] = many(use=CONTACT, most=2)

    @property
    def tax_id(self) -> str | None:
        """REF*EI or REF*SY."""
        return next((r.value for r in self.references if r.qualifier in ("EI", "SY")), None)


class PayToAddress(Loop):
    """Where to send money, when not to the billing provider's address."""

    name: NM1 = one("87", use=nameless("1 2"))
    street: N3 = one()
    city: N4 = one(use=ADDRESS)


class PayToPlan2010AC(Loop, id="2010AC"):
    """A plan that paid and now asks to be paid back (Medicaid subrogation)."""

    name: NM1 = one("PE", use=PAYER)
    street: N3 = one()
    city: N4 = one(use=ADDRESS)
    references: list[REF] = mixed(any_of("2U FY NF", use=PLAIN), each("EI", due=True, use=PLAIN))


class BillingProvider(Loop):
    """A billing provider, with its subscribers (which each guide adds)."""

    hl: HL = one(
        "20",
        at=3,
        use=use(required="4", unused="2", codes={4: "1"}),
        factory=lambda: level("20"),
    )
    taxonomy: PRV | None = maybe(use=taxonomy_as("BI"))
    currency: CUR | None = maybe(use=use(unused="3", codes={1: "85"}))
    billing_provider: BillingProviderName = one("85")
    pay_to: PayToAddress | None = maybe("87")
    pay_to_plan: PayToPlan2010AC | None = maybe("PE")


# ── Insured, payer, patient ────────────────────────────────────────────────


class SubscriberName(Loop):
    """The insured. Address and birth date belong here only when the patient is the insured."""

    name: NM1 = one("IL", use=MEMBER)
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=ADDRESS)
    demographics: DMG | None = maybe(use=use(required="3"))
    references: list[REF] = mixed(each("SY Y4", use=PLAIN))


class SubscriberNameWithContact(SubscriberName):
    """The insured, with whom to ask about a property and casualty claim."""

    contact: PER | None = maybe(use=CASUALTY_CONTACT)


class PayerName(Loop):
    """The payer this claim goes to."""

    name: NM1 = one("PR", use=PAYER)
    street: N3 | None = maybe()
    city: N4 | None = maybe(use=ADDRESS)
    references: list[REF] = mixed(
        any_of("2U EI FY NF", most=3, use=PLAIN), any_of("G2 LU", use=PLAIN)
    )


class PatientName(Loop):
    """The patient, when not the insured."""

    name: NM1 = one("QC", use=use(required="3", unused="6 8 9", codes={2: "1"}))
    street: N3 = one()
    city: N4 = one(use=ADDRESS)
    demographics: DMG = one(use=use(required="3"))
    references: list[REF] = mixed(each("Y4", use=PLAIN), any_of("1W SY", use=PLAIN))


class PatientNameWithContact(PatientName):
    """The patient, with whom to ask about a property and casualty claim."""

    contact: PER | None = maybe(use=CASUALTY_CONTACT)


class Patient(Loop):
    """A patient who is not the insured (the guide adds the claims)."""

    hl: HL = one("23", at=3, use=use(required="2 4", codes={4: "0"}), factory=lambda: level("23"))
    pat: PAT = one(use=use(required="1", unused="5 6 7 8 9", codes={1: DEPENDENTS}))
    patient: PatientName = one("QC")


SUBSCRIBER_LEVEL = use(required="2 4", codes={4: "0 1"})

# ── Providers of a claim or a line ─────────────────────────────────────────


class Provider(Named):
    """A person who takes part in the care, by NPI and, where the payer wants it, other numbers."""

    name: NM1 = one(use=PERSON)
    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=4, use=PLAIN))


class SpecializedProvider(Named):
    """As `Provider`, with a taxonomy."""

    name: NM1 = one(use=ANYONE)
    taxonomy: PRV | None = maybe(use=taxonomy_as("PE"))
    references: list[REF] = mixed(any_of("0B 1G G2 LU", most=4, use=PLAIN))


class Facility(Named):
    """Where the service was given: name, address and other numbers."""

    name: NM1 = one(use=ORGANIZATION)
    street: N3 = one()
    city: N4 = one(use=ADDRESS)
    references: list[REF] = mixed(any_of("0B G2 LU", most=3, use=PLAIN))
