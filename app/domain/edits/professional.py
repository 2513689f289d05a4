"""Rules of single fields of practice on professional claims: CHI01, CLM12, LIN05 to LIN08, DME01,
PRV03 and PRV04.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.edits.service_line import INPATIENT
from app.domain.encounter import ClaimType, ServiceLine
from app.domain.formats import is_npi
from app.domain.party import Provider

_P = (ClaimType.PROFESSIONAL,)
MANIPULATION = frozenset({"98940", "98941", "98942"})
# Active treatment; or why a maintenance treatment is billed all the same.
_TREATMENT = frozenset({"AT", "GA", "GY", "GZ"})
_SPINE = "M99"  # ICD-10-CM of segmental and somatic dysfunction
ANESTHESIA = re.compile("0(0[1-9]|1[0-9])[0-9]{2}")  # 00100 to 01999
_ANESTHETIST = frozenset({"AA", "AD", "QK", "QS", "QX", "QY", "QZ"})
MINUTES = "MJ"
# HCPCS level II codes that name no one thing: what was done is told in words.
_UNLISTED = (
    "A0999 A4421 A4641 A4649 A4913 A9699 A9900 A9999 B9998 B9999 C9399 E0769 E1399 E1699 J3490"
    " J3590 J7199 J7599 J7699 J7799 J7999 J8498 J8499 J8597 J8999 J9999 K0108 L0999 L1499 L2999"
    " L3649 L3999 L5999 L7499 L8039 L8499 L8699 Q0507 Q0508 Q0509 Q4050 Q4051 Q4082 Q4100 S9379"
    " T1999 T5999 V2199 V2799 V5298 V5299"
)
UNLISTED = frozenset(_UNLISTED.split())
_CLIA = re.compile("[0-9]{2}D[0-9]{7}")
_WAIVED, _REFERRED_OUT = "QW", "90"


@edit(
    "CHI01",
    snip=6,
    place=Place("2400", "SV1", "01-3", "24D"),
    rule="A spinal manipulation says that it treats (AT), when treatment began or turned acute, "
    "and points to the spine's diagnosis.",
    claim_types=_P,
)
def chiropractic(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    begun = encounter.dates.initial_treatment_date or encounter.dates.acute_manifestation_date
    for index, line in enumerate(claim.lines):
        if line.billed.code not in MANIPULATION:
            continue
        at = f"/serviceLines/{index}"
        if not _TREATMENT & _modifiers(line):
            yield Fault(
                f"{at}/procedure/modifiers",
                f"Line {index + 1} does not say that the manipulation treats.",
                "Add AT, or for maintenance the modifier that tells why it is billed.",
            )
        if not (begun or line.dates.initial_treatment_date):
            yield Fault(
                "/claimDateInformation/initialTreatmentDate",
                f"Line {index + 1} is a manipulation, and nothing tells when treatment began.",
                "Enter the date of the first treatment, or of the acute manifestation.",
                Place("2300", "DTP", "03", "15"),
            )
        pointed = [
            encounter.diagnoses[pointer - 1].code.upper()
            for pointer in line.diagnosis_pointers
            if 1 <= pointer <= len(encounter.diagnoses)
        ]
        if not any(code.startswith(_SPINE) for code in pointed):
            yield Fault(
                f"{at}/diagnosisPointers",
                f"Line {index + 1} is a manipulation and points to no diagnosis of the spine.",
                f"Point to the diagnosis that begins with {_SPINE}.",
                Place("2400", "SV1", "07", "24E"),
            )


@edit(
    "CLM12",
    snip=4,
    place=Place("2300", "DTP", "03", "18"),
    rule="Services to an inpatient (place of service 21, 51, 61) come with the admission date.",
    claim_types=_P,
)
def admission(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    places = {line.place_of_service or encounter.place_of_service for line in claim.lines}
    if places & INPATIENT and encounter.dates.admission_date is None:
        yield Fault(
            "/claimDateInformation/admissionDate",
            "The services were given to an inpatient, and the admission date is missing.",
            "Enter the date of the admission.",
        )


@edit(
    "LIN05",
    snip=6,
    place=Place("2400", "SV1", "03", "24G"),
    rule="Anesthesia is billed in whole minutes (MJ), with the modifier of who gave it.",
    claim_types=_P,
)
def anesthesia(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        at = f"/serviceLines/{index}"
        if line.unit == MINUTES and line.units != line.units.to_integral_value():
            yield Fault(
                f"{at}/units",
                f"Line {index + 1} counts parts of a minute.",
                "Count whole minutes.",
                Place("2400", "SV1", "04", "24G"),
                value=f"{line.units:f}",
            )
        if not ANESTHESIA.fullmatch(line.billed.code):
            continue
        if line.unit != MINUTES:
            yield Fault(
                f"{at}/unit",
                f"Line {index + 1} is an anesthesia and counts no minutes.",
                "Enter MJ, and the minutes as units.",
            )
        if not _ANESTHETIST & _modifiers(line):
            yield Fault(
                f"{at}/procedure/modifiers",
                f"Line {index + 1} does not say who gave the anesthesia.",
                f"Add one of {', '.join(sorted(_ANESTHETIST))}.",
                Place("2400", "SV1", "01-3", "24D"),
            )


@edit(
    "LIN06",
    snip=4,
    place=Place("2400", "SV1", "01-7", "24"),
    rule="A code that names no one thing comes with a description.",
    claim_types=_P,
)
def unlisted(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        if line.billed.code.upper() in UNLISTED and not line.billed.description:
            yield Fault(
                f"/serviceLines/{index}/procedure/description",
                f"The code of line {index + 1} names no one thing, and nothing tells what it was.",
                "Describe it in up to 80 characters.",
            )


@edit(
    "LIN07",
    snip=4,
    place=Place("2410", "CTP", "04"),
    rule="The quantity of a drug is more than zero.",
    claim_types=(ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL),
)
def drug(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        if line.drug is not None and line.drug.quantity <= 0:
            yield Fault(
                f"/serviceLines/{index}/drug/quantity",
                f"The drug of line {index + 1} has the quantity {line.drug.quantity:f}.",
                "Enter how much was given, in the unit of the drug.",
                value=f"{line.drug.quantity:f}",
            )


@edit(
    "LIN08",
    snip=6,
    place=Place("2300", "REF", "02", "23"),
    rule="A waived test (QW) names its laboratory's CLIA number, a test referred out (90) that of "
    "the laboratory that did it; the third character of the ten is D.",
    claim_types=_P,
)
def laboratory(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    own = claim.encounter.clia_number
    if own is not None and not _CLIA.fullmatch(own.upper()):
        yield Fault("/cliaNumber", "The CLIA number is not two digits, D and seven.", _CLIA_FIX)
    for index, line in enumerate(claim.lines):
        numbers, at = line.numbers, f"/serviceLines/{index}/numbers"
        place = Place("2400", "REF", "02", "23")
        for member, number in (
            ("cliaNumber", numbers.clia_number),
            ("referringCliaNumber", numbers.referring_clia_number),
        ):
            if number is not None and not _CLIA.fullmatch(number.upper()):
                what = f"The CLIA number of line {index + 1} is not two digits, D and seven."
                yield Fault(f"{at}/{member}", what, _CLIA_FIX, place)
        if _WAIVED in _modifiers(line) and not (own or numbers.clia_number):
            yield Fault(
                "/cliaNumber",
                f"Line {index + 1} is a waived test, and no CLIA number is there.",
                "Enter the number of the laboratory's certificate of waiver.",
            )
        if _REFERRED_OUT in _modifiers(line) and not numbers.referring_clia_number:
            yield Fault(
                f"{at}/referringCliaNumber",
                f"Line {index + 1} was done by another laboratory, whose CLIA number is missing.",
                "Enter that laboratory's number.",
                place,
            )


_CLIA_FIX = "Enter the ten characters of the laboratory's certificate."


@edit(
    "DME01",
    snip=6,
    place=Place("2400", "CR3", "01"),
    rule="A certificate of equipment says when therapy began, a renewed or revised one when that "
    "was, and who ordered the equipment.",
    claim_types=_P,
)
def equipment(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        certificate, at = line.certificate, f"/serviceLines/{index}"
        if certificate is None:
            continue
        if certificate.begin_therapy_date is None:
            yield Fault(
                f"{at}/certificate/beginTherapyDate",
                f"The certificate of line {index + 1} does not say when therapy began.",
                "Enter the date.",
                Place("2400", "DTP", "03"),
            )
        if certificate.type != "I" and certificate.certification_revision_date is None:
            yield Fault(
                f"{at}/certificate/certificationRevisionDate",
                f"The certificate of line {index + 1} was renewed or revised, and no date is told.",
                "Enter the date.",
                Place("2400", "DTP", "03"),
            )
        if line.ordering_provider is None:
            yield Fault(
                f"{at}/orderingProvider",
                f"Line {index + 1} has a certificate, and nobody who ordered the equipment.",
                "Name the provider who signed the certificate, with address and contact.",
                Place("2420E", "NM1", "03"),
            )


@edit(
    "PRV03",
    snip=4,
    place=Place("2310A", "NM1", "09", "17b"),
    rule="Who referred, ordered or supervised is a person with an NPI; a primary care provider is "
    "named beside the one who referred.",
)
def other_providers(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    e = claim.encounter
    named: list[tuple[str, Provider | None, Place | None]] = [
        ("/referringProvider", e.referring_provider, None),
        ("/primaryCareProvider", e.primary_care_provider, None),
        ("/supervisingProvider", e.supervising_provider, Place("2310D", "NM1", "09", "17b")),
    ]
    for index, line in enumerate(claim.lines):
        at = f"/serviceLines/{index}"
        named += [
            (f"{at}/referringProvider", line.referring_provider, Place("2420F", "NM1", "09")),
            (f"{at}/orderingProvider", line.ordering_provider, Place("2420E", "NM1", "09")),
            (f"{at}/supervisingProvider", line.supervising_provider, Place("2420D", "NM1", "09")),
        ]
    for pointer, provider, place in named:
        if provider is None:
            continue
        if not provider.is_person:
            yield Fault(
                f"{pointer}/organizationName",
                "An organization cannot refer, order or supervise.",
                "Name the person, by lastName and firstName.",
                place,
            )
        if provider.npi is not None and not is_npi(provider.npi):
            yield Fault(
                f"{pointer}/npi",
                "This NPI is not ten digits with a right check digit.",
                "Compare it with the NPI registry; a digit is wrong or two are swapped.",
                place,
            )
    if e.primary_care_provider is not None and e.referring_provider is None:
        yield Fault(
            "/primaryCareProvider",
            "A primary care provider is named, and nobody who referred.",
            "Name who referred, or leave the primary care provider out.",
        )


@edit(
    "PRV04",
    snip=4,
    place=Place("2310C", "N3", "01", "32"),
    rule="A service facility comes with its name and address.",
)
def facility(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for pointer, provider, place in (
        ("/serviceFacility", claim.encounter.service_facility, None),
        *(
            (
                f"/serviceLines/{i}/serviceFacility",
                line.service_facility,
                Place("2420C", "N3", "01"),
            )
            for i, line in enumerate(claim.lines)
        ),
    ):
        if provider is not None and provider.address is None:
            yield Fault(
                f"{pointer}/address",
                "The place of service is named without its address.",
                "Enter the street address, with all nine digits of the ZIP code.",
                place,
            )


def _modifiers(line: ServiceLine) -> set[str]:
    return {modifier.upper() for modifier in line.billed.modifiers}


EDITS = (
    chiropractic,
    admission,
    anesthesia,
    unlisted,
    drug,
    laboratory,
    equipment,
    other_providers,
    facility,
)
