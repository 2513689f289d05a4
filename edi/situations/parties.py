"""Rules on names, addresses and numbers of whoever takes part (837.md 2, 8)."""

from __future__ import annotations

from typing import Any

from edi.segments import N1, N3, N4, NM1, PER, PRV, REF
from edi.situations import forms
from edi.situations.rule import Context, Found, Hit, Rule
from edi.validate import npi_is_valid

CLAIMS = "837P 837I 837D"
EVERY = f"{CLAIMS} 835 277CA 276 277"
_NPI = frozenset({"XX"})


def _npi(x: NM1 | N1, c: Context) -> Found:
    if x.id is None or npi_is_valid(x.id):
        return None
    return Hit(x, "NM109" if isinstance(x, NM1) else "N104")


def _npi_reference(x: REF, c: Context) -> Found:
    return not npi_is_valid(x.value)


def _taxonomy(x: PRV, c: Context) -> Found:
    return x.taxonomy is not None and not forms.TAXONOMY(x.taxonomy)


def _tax_number(x: REF, c: Context) -> Found:
    return not forms.is_tax_number(x.value)


def _invented(x: REF, c: Context) -> Found:
    return forms.is_tax_number(x.value) and forms.is_invented(x.value)


def _clia(x: REF, c: Context) -> Found:
    return not forms.CLIA(x.value)


def _state(x: N4, c: Context) -> Found:
    return x.state is not None and x.state not in forms.STATES and x.country in (None, "US", "CA")


def _phones(x: PER, c: Context) -> Found:
    found = []
    for n, (kind, number) in enumerate(
        (
            (x.qualifier_1, x.number_1),
            (x.qualifier_2, x.number_2),
            (x.qualifier_3, x.number_3),
        )
    ):
        if kind in ("TE", "FX") and number and not forms.TEN_DIGITS(number):
            found.append(Hit(x, f"PER{2 * n + 4:02d}"))
    return found


def _box(o: Any, c: Context) -> Found:
    street: N3 = o.street
    if street.line_1 and forms.PO_BOX(street.line_1):
        return street
    if street.line_2 and forms.PO_BOX(street.line_2):
        return Hit(street, "N302")
    return None


def _five_digits(o: Any, c: Context) -> Found:
    city: N4 = o.city
    if city.country in (None, "US") and not forms.NINE_DIGITS(city.postal_code or ""):
        return city if city.state not in _PROVINCES else None
    return None


_PROVINCES = forms.words("AB BC MB NB NL NS NT NU ON PE QC SK YT NF PQ")


def _same_address(o: Any, c: Context) -> Found:
    """The pay-to address is the billing provider's."""
    here, there = o.billing_provider, o.pay_to
    if (here.street, here.city) == (there.street, there.city):
        return Hit(there.street, loop=there)
    return None


def _facility_is_biller(o: Any, c: Context) -> Found:
    biller = c.billing.billing_provider if c.billing is not None else None
    if biller is None or (biller.street, biller.city) != (o.street, o.city):
        return None
    return Hit(o.street)


FACILITIES = "837P:2310C 837P:2420C 837I:2310E 837D:2310C 837D:2420D"

RULES = (
    Rule(
        "NPI-CHECK", EVERY, "", "NM109", _npi,
        "the NPI is not ten digits with a right check digit",
        "look the provider up in the registry of NPIs",
        "837.md 8, BIL01", "warning", "error", segment=(NM1, N1), only=("id_qualifier", _NPI),
    ),
    Rule(
        "NPI-CHECK-REF", "835", "2110", "REF02", _npi_reference,
        "the NPI is not ten digits with a right check digit",
        "look the provider up in the registry of NPIs",
        "835.md 1", "warning", "error", segment=REF, only=("qualifier", frozenset({"HPI"})),
        code="NPI-CHECK",
    ),
    Rule(
        "TAXONOMY-FORM", CLAIMS, "", "PRV03", _taxonomy,
        "a taxonomy code has ten characters, the last an X",
        "send the code of the NUCC list without blanks",
        "validation.md 3, PRV02", "warning", "error", segment=PRV,
        only=("qualifier", frozenset({"PXC"})),
    ),
    Rule(
        "TAX-NUMBER", CLAIMS, "", "REF02", _tax_number,
        "a tax or social security number has nine digits",
        "send the digits without hyphens",
        "837.md 2, BIL02", "error", segment=REF, only=("qualifier", frozenset({"EI", "SY"})),
    ),
    Rule(
        "TAX-NUMBER-INVENTED", CLAIMS, "2010AA", "REF02", _invented,
        "nobody was ever given this tax number",
        "send the number the tax authority knows",
        "837.md 8", "warning", "error", segment=REF, only=("qualifier", frozenset({"EI", "SY"})),
    ),
    Rule(
        "CLIA-FORM", "837P", "", "REF02", _clia,
        "a CLIA number is two digits, a D and seven digits",
        "send the ten characters of the certificate",
        "validation.md 3", "error", segment=REF, only=("qualifier", frozenset({"X4", "F4"})),
    ),
    Rule(
        "STATE", f"{CLAIMS} 277CA 276 277", "", "N402", _state,
        "this is no state, territory or province",
        "send its two letters, or the country in N404 where it lies abroad",
        "validation.md 2", "error", segment=N4,
    ),
    Rule(
        "STATE-835", "835", "", "N402", _state,
        "this is no state, territory or province",
        "send its two letters, or the country in N404 where it lies abroad",
        "validation.md 2", "warning", segment=N4, code="STATE",
    ),
    Rule(
        "PHONE-FORM", CLAIMS, "", "PER04", _phones,
        "a telephone number has ten digits",
        "send the digits of area code and number, and the extension after EX",
        "837.md 8", "warning", segment=PER,
    ),
    Rule(
        "PO-BOX", CLAIMS, "2010AA", "N301", _box,
        "the address of the billing provider is a post office box",
        "send the street; a box belongs into the pay-to address (2010AB)",
        "837.md 2, BIL03",
    ),
    Rule(
        "PO-BOX-FACILITY", CLAIMS, FACILITIES, "N301", _box,
        "the place of service is a post office box",
        "send the street where the service was given",
        "837.md 8", when="street", code="PO-BOX",
    ),
    Rule(
        "ZIP-NINE", "837I", "2010AA", "N403", _five_digits,
        "the ZIP code of the billing provider does not have nine digits",
        "send ZIP+4 without a hyphen",
        "837.md 2, BIL04",
    ),
    # pyx12 and the published examples of the guide itself have five digits in P and D.
    Rule(
        "ZIP-NINE-PD", "837P 837D", "2010AA", "N403", _five_digits,
        "the ZIP code of the billing provider does not have nine digits",
        "send ZIP+4 without a hyphen",
        "837.md 2, BIL04", "warning", "error", code="ZIP-NINE",
    ),
    Rule(
        "ZIP-NINE-FACILITY", CLAIMS, FACILITIES, "N403", _five_digits,
        "the ZIP code of the place of service does not have nine digits",
        "send ZIP+4 without a hyphen",
        "837.md 4.2", "warning", when="city", code="ZIP-NINE",
    ),
    Rule(
        "PAY-TO-SAME", CLAIMS, "2000A", "N3", _same_address,
        "the pay-to address is the billing provider's own",
        "leave 2010AB out",
        "837.md 2, BIL06", "warning", when="pay_to", fault="unused", because="N301",
    ),
    Rule(
        "FACILITY-SAME", CLAIMS, "837P:2310C 837I:2310E 837D:2310C", "N3", _facility_is_biller,
        "the place of service has the billing provider's own address",
        "leave the service facility out",
        "837.md 4.2, PRV04", "warning", when="street", fault="unused", because="N301",
    ),
)  # fmt: skip
