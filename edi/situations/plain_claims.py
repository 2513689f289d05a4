"""Whether a professional claim is plain: one pass that adds it up, counts its lines, and looks for
whatever a rule could find. Most are; only the others are shown to `edi.balance`, `edi.validate` and
the rules, who say what is wrong.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from edi.situations import forms
from edi.situations.claims import TELLING
from edi.situations.diagnoses import odd_code
from edi.situations.lines import odd_line
from edi.situations.professional import LOOKED_AT, odd_service
from edi.situations.rule import Context, Plain
from edi.validate import npi_is_valid

_ZERO = Decimal(0)
_MOST = 20_000
_LOOKED_AT = TELLING | {"EI", "SY", "X4", "F4"}


def odd_claim(o: Any, c: Context) -> bool:
    """Whether the balance or a rule of `CLAIM` may find anything in a professional claim (2300)."""
    clm, lines, payer = o.clm, o.lines, c.subscriber
    if (
        clm.facility.frequency != "1"
        or clm.facility.code in LOOKED_AT
        or len(clm.patient_control_number) > 20
        or clm.related_causes is not None
        or o.attachments or o.amounts or o.conditions or o.other_insurances
        or o.ambulance is not None or o.spinal is not None or o.supervising_provider is not None
        or o.pick_up is not None or o.drop_off is not None
        or payer is None or payer.sbr.responsibility != "P" or c.died is not None
    ):  # fmt: skip
        return True
    for r in o.references:
        if r.qualifier in _LOOKED_AT:
            return True
    if o.dates and _odd_dates(o.dates, c):
        return True
    if _odd_diagnoses(o, c) or _odd_people(o, c):
        return True
    if o.service_facility is not None and _odd_facility(o.service_facility, c):
        return True
    charged, numbers = _ZERO, []
    for n, line in enumerate(lines, 1):
        number, charge = line.lx.number, line.sv1.charge
        if number != n or type(number) is not int or charge.is_signed():
            return True
        if type(charge) is not Decimal or _odd_line(line, c):
            return True
        for r in line.references:
            if r.qualifier == "6R":
                numbers.append(r.value)
            elif r.qualifier in _LOOKED_AT:
                return True
            if r.owner is not None:
                return True
        charged += charge
    if charged != clm.charge or type(clm.charge) is not Decimal or len(set(numbers)) < len(numbers):
        return True
    text = str(charged)  # has as many digits behind its point as the line that has most
    return "E" in text or ("." in text and len(text) - text.find(".") > 3)


def _odd_diagnoses(o: Any, c: Context) -> bool:
    """Whether a diagnosis is not plainly right beside the others; counts them for the pointers."""
    codes = [x for hi in o.health_codes for x in hi.codes]
    for x in codes:
        if odd_code(x):
            return True
    c.diagnoses = len(codes)
    return len(codes) > 1 and len({x.code for x in codes}) < len(codes)


def _odd_dates(dates: list[Any], c: Context) -> bool:
    """Whether a date may be out of order, in the future, or due to something else in the claim."""
    d = dates[0]
    return len(dates) > 1 or d.qualifier in _TELLING_DATES or d.value[:8] > c.made


_TELLING_DATES = frozenset({"439", "484"})


def _odd_facility(o: Any, c: Context) -> bool:
    """Whether the place of service may be the biller's, a box, or nowhere."""
    name, street, city = o.name, o.street, o.city
    if c.billing is None or street is None or city is None or o.contact or o.references:
        return True
    zip_code, line = city.postal_code or "", street.line_1
    return (
        line == c.billing.billing_provider.street.line_1
        or "BOX" in line.upper()
        or street.line_2 is not None
        or city.country is not None
        or city.state not in forms.STATES
        or len(zip_code) != 9
        or not zip_code.isdecimal()
        or _odd_number(name)
    )


def _odd_number(name: Any) -> bool:
    """Whether an NPI is wrong."""
    return name.id_qualifier == "XX" and name.id is not None and not npi_is_valid(name.id)


def _odd_people(o: Any, c: Context) -> bool:
    """Whether somebody's numbers need a closer look, or somebody is told twice."""
    x = o.rendering_provider
    if x is not None:
        name, taxonomy = x.name, x.taxonomy
        if c.billing is None or name.id == c.billing.billing_provider.name.id:
            return True
        if _odd_number(name):
            return True
        known = taxonomy is None or taxonomy.taxonomy in _TAXONOMIES
        if not known and _odd_taxonomy(taxonomy):
            return True
        if x.references and not _LOOKED_AT.isdisjoint([r.qualifier for r in x.references]):
            return True
    people = o.referring_providers
    if people:
        name = people[0].name
        if len(people) > 1 or name.entity != "DN":
            return True
        if people[0].references or _odd_number(name):
            return True
    return False


_TAXONOMIES: set[str] = set()  # those that were looked at and are in order


def _odd_taxonomy(prv: Any) -> bool:
    code = prv.taxonomy
    if prv.qualifier != "PXC" or code is None:
        return False
    if not forms.TAXONOMY(code):
        return True
    if len(_TAXONOMIES) < _MOST:
        _TAXONOMIES.add(code)
    return False


def _odd_line(o: Any, c: Context) -> bool:
    """Whether a rule may find anything in a line (2400) but its number, charge and references."""
    if (
        o.adjudications or o.dates or o.attachments or o.amounts or o.quantities
        or o.drug is not None or o.sv5 is not None or o.purchased_service is not None
        or o.rendering_provider is not None or o.purchased_service_provider is not None
        or o.service_facility is not None or o.supervising_provider is not None
        or o.ordering_provider is not None or o.referring_providers
        or o.pick_up is not None or o.drop_off is not None
    ):  # fmt: skip
        return True
    day = o.service_date.value
    if not (c.born <= day <= c.made if len(day) == 8 else c.born <= day[:8] and day[-8:] <= c.made):
        return True
    sv1 = o.sv1
    procedure, units, diagnoses = sv1.procedure, sv1.units, sv1.diagnoses
    if procedure.modifiers or procedure.code not in _PROCEDURES or procedure.qualifier != "HC":
        return odd_line(o, c) or odd_service(o, c) or _learned(procedure)
    if sv1.unit != "UN" or not units or units.is_signed() or sv1.epsdt is not None:
        return True
    if diagnoses is None:
        return False
    pointers = diagnoses.pointers
    if len(pointers) == 1:
        return not 0 < pointers[0] <= c.diagnoses
    return odd_line(o, c)


_PROCEDURES: set[str] = set()  # codes of HCPCS that were looked at and are in order


def _learned(procedure: Any) -> bool:
    if procedure.qualifier == "HC" and len(_PROCEDURES) < _MOST:
        _PROCEDURES.add(procedure.code)
    return False


CLAIM = Plain(
    "2300", odd_claim,
    forms.words(
        "NPI-CHECK TAXONOMY-FORM TAX-NUMBER CLIA-FORM STATE PHONE-FORM PO-BOX-FACILITY"
        " ZIP-NINE-FACILITY FACILITY-SAME FREQUENCY-NUMBER FREQUENCY-ORIGINAL FREQUENCY-CODE"
        " CLAIM-NUMBER-LONG ACCIDENT-DATE EMPLOYMENT-DATE ACCIDENT-CAUSE ACCIDENT-STATE"
        " REFERRAL-PROVIDER REFERRING-ROLES RENDERING-BILLS ATTACHMENT-NUMBER ATTACHMENT-AVAILABLE"
        " EPSDT-REFERRAL LINE-NUMBER-TWICE DX-DUPLICATE DX-FORM DX-VERSIONS DX-CAUSE-FIRST DX-ICD-9"
        " DX-POINTER DX-POINTER-TWICE PROCEDURE-FORM MODIFIER-FORM MODIFIER-TWICE NDC-FORM"
        " DRUG-QUANTITY PAID-MORE PAID-NEGATIVE CHARGE-NEGATIVE CHARGE-CENTS CLAIM-NEGATIVE"
        " CLAIM-CENTS MONEY-ZEROS SERVICE-FUTURE SERVICE-ENDS-FUTURE SERVICE-BEFORE-BIRTH"
        " SERVICE-AFTER-DEATH EVENT-FUTURE ADMISSION-DATE DATE-ORDER AMBULANCE-TRANSPORT"
        " AMBULANCE-PICK-UP AMBULANCE-DROP-OFF AMBULANCE-CERTIFICATION SPINAL-ACUTE SPINAL-FIRST"
        " PERIOD-MALE SCREENING-REFERRAL UNITS ANAESTHESIA-MINUTES ANAESTHESIA-WHOLE"
        " ANAESTHESIA-WHO UNLISTED BOTH-SIDES REFERRED-LABORATORY EQUIPMENT-CODE EQUIPMENT-DAYS"
        " PURCHASED-FROM PURCHASED-ID AMBULANCE-PATIENTS TAX-MORE CERTIFICATE-FORM PAYER-POSITION"
        " PAYER-GAP PAYER-TWICE PAYER-DESTINATION COB-PAYER COB-PAID COB-DAY COB-DAY-TWICE"
        " COB-NEVER COB-LIABILITY-TWICE COB-UNDECIDED COB-LATER COB-NEGATIVE COB-FUTURE"
        " COB-BEFORE-SERVICE COB-REASON-TWICE COB-BUNDLED COB-GROUP-NAME REFERENCE-OWNER"
    ),
)  # fmt: skip
