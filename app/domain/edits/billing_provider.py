"""Who asks for the money: BIL01 to BIL04, and who did the work: PRV01."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType
from app.domain.formats import is_employer_id, is_npi, is_po_box, is_ssn, is_zip_plus_four
from app.domain.party import Provider


@edit(
    "BIL01",
    snip=5,
    place=Place("2010AA", "NM1", "09", "33a"),
    places={
        ClaimType.INSTITUTIONAL: Place("2010AA", "NM1", "09", "56"),
        ClaimType.DENTAL: Place("2010AA", "NM1", "09", "49"),
    },
    rule="The billing provider has an NPI with a right check digit.",
)
def billing_npi(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    npi = claim.encounter.billing_provider.npi
    at = "/billingProvider/npi"
    if npi is None:
        yield Fault(at, "The billing provider has no NPI.", "Enter its ten-digit NPI.")
    elif not is_npi(npi):
        yield Fault(
            at,
            "The billing provider's NPI is not ten digits with a right check digit.",
            "Compare it with the NPI registry; a digit is wrong or two are swapped.",
        )


@edit(
    "BIL02",
    snip=5,
    place=Place("2010AA", "REF", "02", "25"),
    places={
        ClaimType.INSTITUTIONAL: Place("2010AA", "REF", "02", "5"),
        ClaimType.DENTAL: Place("2010AA", "REF", "02", "51"),
    },
    rule="The billing provider has one tax id of nine digits: EIN, or SSN of a sole proprietor; an "
    "institution is an organization with an EIN.",
)
def billing_tax_id(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    provider = claim.encounter.billing_provider
    if claim.encounter.claim_type is ClaimType.INSTITUTIONAL and provider.is_person:
        yield Fault(
            "/billingProvider/lastName",
            "The billing provider of an institutional claim is a person.",
            "Name the institution as organizationName, with its EIN.",
            Place("2010AA", "NM1", "02"),
        )
    if provider.employer_id is not None:
        if not is_employer_id(provider.employer_id):
            yield Fault(
                "/billingProvider/employerId",
                "The billing provider's EIN is not nine digits, or is a placeholder.",
                "Enter the nine digits without a dash.",
            )
        if provider.ssn is not None:
            yield Fault(
                "/billingProvider/ssn",
                "The billing provider has both an EIN and an SSN; a claim carries one tax id.",
                "Leave out the one the payer does not have on file.",
            )
    elif provider.ssn is None:
        yield Fault(
            "/billingProvider/employerId",
            "The billing provider has no tax id.",
            "Enter the nine digits of its EIN.",
        )
    elif not is_ssn(provider.ssn):
        yield Fault(
            "/billingProvider/ssn",
            "The billing provider's SSN is not nine digits of a number that is given out.",
            "Enter the nine digits without dashes, or an EIN.",
        )


@edit(
    "BIL03",
    snip=4,
    place=Place("2010AA", "N3", "01", "33"),
    places={
        ClaimType.INSTITUTIONAL: Place("2010AA", "N3", "01", "1"),
        ClaimType.DENTAL: Place("2010AA", "N3", "01", "48"),
    },
    rule="The billing provider's address is a street, no PO box or lock box.",
)
def billing_street(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    address = claim.encounter.billing_provider.address
    if address is None:
        yield Fault(
            "/billingProvider/address",
            "The billing provider has no address.",
            "Enter the street address of the practice.",
        )
        return
    for member, street in (("address1", address.address1), ("address2", address.address2)):
        if street is not None and is_po_box(street):
            yield Fault(
                f"/billingProvider/address/{member}",
                "The billing provider's address is a box, and payers take a street only.",
                "Enter the street here and the box as payToAddress.",
            )


@edit(
    "BIL04",
    snip=4,
    place=Place("2010AA", "N4", "03", "33"),
    places={
        ClaimType.INSTITUTIONAL: Place("2010AA", "N4", "03", "1"),
        ClaimType.DENTAL: Place("2010AA", "N4", "03", "48"),
    },
    rule="The billing provider's ZIP code has nine digits.",
)
def billing_zip(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    address = claim.encounter.billing_provider.address
    if address is None or (address.country or "US").upper() != "US":
        return  # BIL03 says that the address is missing
    if not is_zip_plus_four(address.postal_code):
        yield Fault(
            "/billingProvider/address/postalCode",
            "The billing provider's ZIP code lacks its last four digits, or they are 0000.",
            "Enter all nine digits; the postal service looks them up by street.",
        )


@edit(
    "PRV01",
    snip=4,
    place=Place("2310B", "NM1", "09", "24J"),
    places={
        ClaimType.INSTITUTIONAL: Place("2310D", "NM1", "09", "78"),
        ClaimType.DENTAL: Place("2310B", "NM1", "09", "54"),
    },
    rule="The rendering provider is a person with an NPI that is not the group's.",
)
def rendering_provider(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    for pointer, provider, place in (
        ("", encounter.rendering_provider, None),
        *(
            (
                f"/serviceLines/{index}",
                line.rendering_provider,
                Place(_LINE_RENDERING[encounter.claim_type], "NM1", "09", "24J"),
            )
            for index, line in enumerate(encounter.service_lines)
        ),
    ):
        if provider is not None:
            yield from _rendering(
                f"{pointer}/renderingProvider", provider, place, billing=encounter.billing_provider
            )


_LINE_RENDERING = {
    ClaimType.PROFESSIONAL: "2420A",
    ClaimType.INSTITUTIONAL: "2420C",
    ClaimType.DENTAL: "2420A",
}


def _rendering(
    pointer: str, provider: Provider, place: Place | None, *, billing: Provider
) -> Iterator[Fault]:
    if not provider.is_person:
        yield Fault(
            f"{pointer}/organizationName",
            "The rendering provider is an organization.",
            "Name the person who did the service, by lastName and firstName.",
            place,
        )
    if provider.npi is None or not is_npi(provider.npi):
        yield Fault(
            f"{pointer}/npi",
            "The rendering provider's NPI is missing or its check digit is wrong.",
            "Enter the person's own ten-digit NPI (type 1).",
            place,
        )
    elif provider.npi == billing.npi and not billing.is_person:
        yield Fault(
            f"{pointer}/npi",
            "The rendering provider's NPI is that of the billing group.",
            "Enter the person's own NPI, or leave the rendering provider out.",
            place,
        )


EDITS = (billing_npi, billing_tax_id, billing_street, billing_zip)
RENDERING_EDITS = (rendering_provider,)
