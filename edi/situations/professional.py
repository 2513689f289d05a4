"""Rules of professional claims alone: admission, ambulance, manipulation, anaesthesia, equipment,
laboratories (837.md 4).
"""

from __future__ import annotations

from typing import Any

from edi.situations import forms
from edi.situations.days import span
from edi.situations.rule import Context, Found, Hit, Rule

P = "837P"
INPATIENT_PLACES = frozenset({"21", "51", "61"})
AMBULANCES = frozenset({"41", "42"})
# Anaesthesia that is not paid by the minute (daily care, burns by area).
_NOT_BY_MINUTE = frozenset({"01953", "01996", "01999"})
_WHO_GAVE_IT = forms.words("AA AD G8 G9 P1 P2 P3 P4 P5 P6 QK QS QX QY QZ")
# Codes of HCPCS Level II that stand for whatever has no code of its own.
_UNLISTED = forms.words(
    "A0999 A4649 A9999 E1399 J3490 J3590 J9999 L0999 L2999 L3999 L5999 L8499 L8699"
)


def _no_admission(o: Any, c: Context) -> Found:
    if o.clm.facility.code not in INPATIENT_PLACES or o.date("435") is not None:
        return None
    return Hit(by=o.clm)


def odd_order(o: Any, c: Context) -> bool:
    """Whether the claim has dates that must follow each other."""
    return len(o.dates) > 1


# First, second, and what is told where the second lies before the first.
_ORDER = (("435", "096"), ("360", "361"), ("090", "091"), ("297", "296"), ("431", "444"))


def _out_of_order(o: Any, c: Context) -> Found:
    found = []
    for first, second in _ORDER:
        a, b = o.date(first), o.date(second)
        if a is not None and b is not None and span(b)[0] and span(b)[0] < span(a)[0]:
            found.append(b)
    return found


def _no_transport(o: Any, c: Context) -> Found:
    if o.clm.facility.code not in AMBULANCES or o.ambulance is not None:
        return None
    return None if any(x.ambulance for x in o.lines) else Hit(by=o.clm)


def odd_place(o: Any, c: Context) -> bool:
    """Whether the place of service is an inpatient one or an ambulance, or there is transport."""
    return o.clm.facility.code in LOOKED_AT or o.ambulance is not None


LOOKED_AT = INPATIENT_PLACES | AMBULANCES


def _no_stop(role: str) -> Any:
    def no_stop(o: Any, c: Context) -> Found:
        if o.ambulance is None or getattr(o, role) is not None:
            return None
        if any(getattr(x, role) is not None for x in o.lines):
            return None
        return Hit(by=o.ambulance)

    return no_stop


def _no_certification(o: Any, c: Context) -> Found:
    if o.ambulance is None or any(x.category == "07" for x in o.conditions):
        return None
    if any(x.category == "07" for line in o.lines for x in line.conditions):
        return None
    return Hit(by=o.ambulance)


def _no_manifestation(o: Any, c: Context) -> Found:
    """CR208 A and M, acute: Medicare asks when it began."""
    medicare = c.subscriber is not None and c.subscriber.sbr.filing_indicator == "MB"
    if not medicare or o.spinal.condition not in ("A", "M") or o.date("453") is not None:
        return None
    return Hit(by=o.spinal)


def _no_first_treatment(o: Any, c: Context) -> Found:
    if o.date("454") is not None or any(d.qualifier == "454" for x in o.lines for d in x.dates):
        return None
    return Hit(by=o.spinal)


def _period_of_a_man(o: Any, c: Context) -> Found:
    d = o.date("484")
    dmg = c.person.demographics if c.person is not None else None
    return Hit(d) if d is not None and dmg is not None and dmg.sex == "M" else None


def odd_service(o: Any, c: Context) -> bool:
    """Whether units, anaesthesia or modifiers of a line need a closer look."""
    sv1 = o.sv1
    units = sv1.units
    if sv1.unit != "UN" or not units or units.is_signed() or sv1.epsdt is not None:
        return True
    code = sv1.procedure.code
    return (
        code[0] == "0" or code in _UNLISTED or bool(_TELLING.intersection(sv1.procedure.modifiers))
    )


_TELLING = frozenset({"50", "90"})


def _no_units(o: Any, c: Context) -> Found:
    units = o.sv1.units
    return Hit(o.sv1) if units is not None and units <= 0 else None


def _anaesthesia(o: Any) -> bool:
    p = o.sv1.procedure
    code = p.code
    return p.qualifier == "HC" and len(code) == 5 and code.isdigit() and "00100" <= code <= "01999"


def _not_in_minutes(o: Any, c: Context) -> Found:
    if not _anaesthesia(o) or o.sv1.procedure.code in _NOT_BY_MINUTE or o.sv1.unit == "MJ":
        return None
    return Hit(o.sv1)


def _parts_of_minutes(o: Any, c: Context) -> Found:
    units = o.sv1.units
    if o.sv1.unit != "MJ" or units is None or units == int(units):
        return None
    return Hit(o.sv1, "SV104")


def _who(o: Any, c: Context) -> Found:
    if not _anaesthesia(o) or _WHO_GAVE_IT.intersection(o.sv1.procedure.modifiers):
        return None
    return Hit(o.sv1)


def _undescribed(o: Any, c: Context) -> Found:
    p = o.sv1.procedure
    if p.code not in _UNLISTED or p.description or o.notes or c.claim.notes:  # type: ignore[attr-defined]
        return None
    return Hit(o.sv1)


def _both_sides(o: Any, c: Context) -> Found:
    m = o.sv1.procedure.modifiers
    if "50" not in m:
        return None
    return Hit(o.sv1) if "LT" in m or "RT" in m or o.sv1.units not in (None, 1) else None


def _no_laboratory(o: Any, c: Context) -> Found:
    if "90" not in o.sv1.procedure.modifiers or o.reference("F4") is not None:
        return None
    return Hit(by=o.sv1)


def _other_equipment(o: Any, c: Context) -> Found:
    return Hit(o.sv5) if o.sv5.procedure.code != o.sv1.procedure.code else None


def _no_price_of_equipment(o: Any, c: Context) -> Found:
    return Hit(o.sv5) if o.sv5.days <= 0 else None


def _purchased_from(o: Any, c: Context) -> Found:
    return Hit(by=o.purchased_service) if o.purchased_service_provider is None else None


def _purchased_id(o: Any, c: Context) -> Found:
    seller = o.purchased_service_provider
    known = {seller.name.id, *(r.value for r in seller.references)} - {None}
    if not known or o.purchased_service.provider in known:
        return None
    return Hit(o.purchased_service)


def _patients(o: Any, c: Context) -> Found:
    return [q for q in o.quantities if q.qualifier == "PT" and q.quantity < 2]


def _taxes(o: Any, c: Context) -> Found:
    return [a for a in o.amounts if a.amount > o.charge]


def _no_screening(o: Any, c: Context) -> Found:
    claim: Any = c.claim
    if o.sv1.epsdt != "Y" or any(x.category == "ZZ" for x in claim.conditions):
        return None
    return Hit(loop=claim, by=o.sv1)


def _no_form(o: Any, c: Context) -> Found:
    """A certificate that comes with the claim is its form."""
    papers = [p for p in o.attachments if p.report == "CT" and p.transmission in _CERTIFICATES]
    return Hit(by=papers[0]) if papers and not o.forms else None


_CERTIFICATES = frozenset({"AB", "AD", "AF", "AG", "NS"})

RULES = (
    Rule(
        "ADMISSION-DATE", P, "2300", "DTP", _no_admission,
        "the place of service is an inpatient one and the day of admission is missing",
        "send DTP*435", "837.md 4.1, CLM12", when=odd_place,
        fault="missing", because="CLM05-1",
    ),
    Rule(
        "DATE-ORDER", P, "2300", "DTP03", _out_of_order,
        "something ends before it has begun", "look both days up", "837.md 4.1", when=odd_order,
    ),
    Rule(
        "AMBULANCE-TRANSPORT", P, "2300", "CR1", _no_transport,
        "the place of service is an ambulance and the transport is missing",
        "send CR1", "837.md 4.1, AMB01", "warning", when=odd_place,
        fault="missing", because="CLM05-1",
    ),
    Rule(
        "AMBULANCE-PICK-UP", P, "2300", "NM1", _no_stop("pick_up"),
        "an ambulance took the patient from nowhere",
        "send the pick-up (PW) with its address", "837.md 4.2, AMB01", when=odd_place,
        fault="missing", because="CR101",
    ),
    Rule(
        "AMBULANCE-DROP-OFF", P, "2300", "NM1", _no_stop("drop_off"),
        "an ambulance took the patient nowhere",
        "send the drop-off (45) with its address", "837.md 4.2, AMB01", when=odd_place,
        fault="missing", because="CR101",
    ),
    Rule(
        "AMBULANCE-CERTIFICATION", P, "2300", "CRC", _no_certification,
        "nothing certifies the ambulance", "send CRC*07", "837.md 4.1, AMB01", "warning",
        when=odd_place, fault="missing", because="CR101",
    ),
    Rule(
        "SPINAL-ACUTE", P, "2300", "DTP", _no_manifestation,
        "Medicare is billed for an acute condition and its beginning is missing",
        "send DTP*453", "837.md 4.1, CHI01", when="spinal", fault="missing", because="CR208",
    ),
    Rule(
        "SPINAL-FIRST", P, "2300", "DTP", _no_first_treatment,
        "the day of the first manipulation is missing", "send DTP*454",
        "837.md 4.1, CHI01", "warning", when="spinal", fault="missing", because="CR208",
    ),
    Rule(
        "PERIOD-MALE", P, "2300", "DTP03", _period_of_a_man,
        "a last menstrual period is told of a male patient", "look DMG03 and DTP*484 up",
        "837.md 4.1", "warning", when="dates",
    ),
    Rule(
        "SCREENING-REFERRAL", P, "2400", "CRC", _no_screening,
        "a screening is billed and what came of it is missing", "send CRC*ZZ",
        "837.md 4.1", "warning", when=odd_service,
        fault="missing", because="SV111",
    ),
    Rule(
        "UNITS", P, "2400", "SV104", _no_units,
        "nothing was given and it is billed", "send how many units were given",
        "validation.md 6, LIN03", when=odd_service,
    ),
    Rule(
        "ANAESTHESIA-MINUTES", P, "2400", "SV103", _not_in_minutes,
        "anaesthesia is billed by units", "send MJ and the minutes",
        "837.md 4.3, LIN05", when=odd_service,
    ),
    Rule(
        "ANAESTHESIA-WHOLE", P, "2400", "SV104", _parts_of_minutes,
        "minutes of anaesthesia are whole", "send whole minutes", "837.md 4.3", when=odd_service,
    ),
    Rule(
        "ANAESTHESIA-WHO", P, "2400", "SV101-3", _who,
        "no modifier says who gave the anaesthesia",
        "send AA, AD, QK, QX, QY or QZ", "validation.md 6, LIN05", "warning", when=odd_service,
    ),
    Rule(
        "UNLISTED", P, "2400", "SV101-7", _undescribed,
        "the code stands for anything unlisted and nothing says what",
        "describe it in SV101-7 or in a note", "validation.md 6, LIN06", "warning",
        when=odd_service, fault="missing", because="SV101-2",
    ),
    Rule(
        "BOTH-SIDES", P, "2400", "SV101", _both_sides,
        "modifier 50 is both sides once", "send one unit without LT and RT",
        "validation.md 6, LIN10", "warning", when=odd_service,
    ),
    Rule(
        "REFERRED-LABORATORY", P, "2400", "REF", _no_laboratory,
        "the test was made elsewhere and the other laboratory's CLIA number is missing",
        "send REF*F4", "837.md 4.3, LIN08", "warning", when=odd_service,
        fault="missing", because="SV101-3",
    ),
    Rule(
        "EQUIPMENT-CODE", P, "2400", "SV501-2", _other_equipment,
        "what is rented is not what is billed", "send the code of SV101", "837.md 4.3", when="sv5",
    ),
    Rule(
        "EQUIPMENT-DAYS", P, "2400", "SV503", _no_price_of_equipment,
        "equipment is rented for no day", "send the days", "837.md 4.3", when="sv5",
    ),
    Rule(
        "PURCHASED-FROM", P, "2400", "NM1", _purchased_from,
        "a service was purchased and from whom is missing", "send 2420B (QB)", "837.md 4.3",
        when="purchased_service", fault="missing", because="PS101",
    ),
    Rule(
        "PURCHASED-ID", P, "2400", "PS101", _purchased_id,
        "the seller of PS1 is not the one of 2420B", "send the same number in both",
        "837.md 4.3", "warning", when="purchased_service purchased_service_provider",
    ),
    Rule(
        "AMBULANCE-PATIENTS", P, "2400", "QTY02", _patients,
        "patients in an ambulance are counted where there is more than one", "leave QTY*PT out",
        "837.md 4.3", "warning", when="quantities",
    ),
    Rule(
        "TAX-MORE", P, "2400", "AMT02", _taxes,
        "tax or postage is more than the charge that includes it", "look SV102 and AMT up",
        "837.md 4.3", when="amounts",
    ),
    Rule(
        "CERTIFICATE-FORM", P, "2400", "LQ", _no_form,
        "a certificate comes with the claim and its answers are missing", "send LQ and FRM (2440)",
        "837.md 4.3", "warning", when="attachments", fault="missing", because="PWK01",
    ),
)  # fmt: skip
