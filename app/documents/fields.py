"""The types of JSON members: how each is written, what it becomes, and how it is written back.

Every text is trimmed. A member that may be absent is also absent when it is null or empty, so
that a system that sends every field does not differ from one that leaves out what it lacks.
Lengths are those of the guide (837.md 1.3), because a later stage could only say "too long".
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from app.domain.money import from_thousandths, money_text, to_thousandths

T = TypeVar("T")

MONEY_PATTERN = r"^-?[0-9]+(\.[0-9]{1,2})?$"
QUANTITY_PATTERN = r"^-?[0-9]+(\.[0-9]{1,3})?$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$|^[0-9]{8}$"

HOST = r"^[0-9A-Za-z.:-]{1,253}$"
HOST_KEY = r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [0-9A-Za-z+/]+={0,3}$"
SECRET_NAME = r"^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$"
PARTNER_NAME = r"^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$"
FILE_NAME = r"^([0-9A-Za-z_][.-]?|\{(kind|partner|number|date)\}[.-]?)+$"
CLOCK_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
SEPARATOR = r"^[!-/:-@\[-`{-~\x1c-\x1f]$"
URL = r"^(https://[0-9A-Za-z.-]+|http://127\.0\.0\.1)(:[0-9]{1,5})?(/[0-9A-Za-z._~/-]*)?$"

# What a pattern asks for, in words: the sentence of a problem is made of it.
SHAPES = {
    r"^[0-9]{2}$": "two digits",
    r"^[0-9]{4}$": "four digits",
    r"^0?[1-9][0-9][0-9A-Za-z]$": "a type of bill such as 0111, its last character the frequency",
    r"^([01][0-9]|2[0-3])[0-5][0-9]$": "a time of day as HHMM",
    r"^[0-9A-Za-z]$": "one letter or digit",
    r"^[0-9]{10}$": "ten digits",
    r"^[0-9]{11}$": "eleven digits without dashes",
    r"^[A-Za-z]{2}$": "two letters",
    r"^[0-9A-Za-z]{2}$": "two letters or digits",
    r"^[0-9A-Za-z]{10}$": "ten letters or digits",
    r"^[0-9A-Za-z]{1,48}$": "letters and digits only",
    r"^([0-9]{5}(-?[0-9]{4})?|[0-9A-Za-z -]{3,15})$": "a postal code, in the US 5 or 9 digits",
    r"^[^@\s]+@[^@\s]+$": "an e-mail address",
    HOST: "a host's name or address",
    HOST_KEY: "a public key as in known_hosts, such as ssh-ed25519 AAAA..., without a host",
    SECRET_NAME: "the name of a secret: letters, digits, _ or -",
    PARTNER_NAME: "1 to 32 letters, digits, _ or -",
    FILE_NAME: "letters, digits, . _ - and the words {kind} {partner} {number} {date}",
    CLOCK_TIME: "a time of day as HH:MM",
    SEPARATOR: "one character that is no letter, digit or blank",
    URL: "an address that begins with https://, or with http://127.0.0.1 on this machine",
    r"^[0-9A-Za-z ._&-]{2,15}$": "2 to 15 letters, digits, blanks or . _ & -",
}


class Document(BaseModel):
    """A JSON object: camelCase members, none beyond the declared ones, no silent conversion."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        strict=True,
        frozen=True,
        str_strip_whitespace=True,
        serialize_by_alias=True,
    )


def _blank_is_absent(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _null_is_empty(value: object) -> object:
    return [] if value is None else value


def _null_is_no(value: object) -> object:
    return False if value is None else value


ListOf = Annotated[list[T], BeforeValidator(_null_is_empty)]
Flag = Annotated[bool, BeforeValidator(_null_is_no)]
Maybe = Annotated[Optional[T], BeforeValidator(_blank_is_absent)]  # noqa: UP045 - generic alias


def _money(value: object) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(MONEY_PATTERN, value.strip()):
        raise PydanticCustomError(
            "money", 'Money is a JSON string with at most two decimals, such as "225.50".'
        )
    amount = Decimal(value.strip())
    if abs(amount) >= 10**8:
        # 837.md 1.3: monetary amounts hold ten digits with the cents.
        raise PydanticCustomError("money_too_large", "Money has at most 8 digits before the point.")
    return amount.quantize(Decimal("0.01"))


def _quantity(value: object) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(QUANTITY_PATTERN, value.strip()):
        raise PydanticCustomError(
            "quantity", 'A quantity is a JSON string with at most three decimals, such as "1.5".'
        )
    quantity = Decimal(value.strip())
    if abs(quantity) >= 10**8:
        raise PydanticCustomError(
            "quantity_too_large", "A quantity has at most 8 digits before the point."
        )
    return from_thousandths(to_thousandths(quantity))


def _date(value: object) -> date:
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(DATE_PATTERN, text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            if day.year >= 1800:  # the year 0202 is a slip of the keyboard
                return day
    raise PydanticCustomError("date", "A date is a day of the calendar as YYYY-MM-DD or YYYYMMDD.")


def _postal_code(code: str) -> str:
    return code.replace("-", "") if re.fullmatch(r"[0-9]{5}-[0-9]{4}", code) else code


def _quantity_text(quantity: Decimal) -> str:
    return f"{quantity:f}"


Money = Annotated[
    Decimal,
    BeforeValidator(_money),
    PlainSerializer(money_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": MONEY_PATTERN}),
]
Quantity = Annotated[
    Decimal,
    BeforeValidator(_quantity),
    PlainSerializer(_quantity_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": QUANTITY_PATTERN}),
]
Day = Annotated[
    date,
    BeforeValidator(_date),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DATE_PATTERN}),
]


def _text(length: int, least: int = 1) -> Any:
    return StringConstraints(min_length=least, max_length=length)


def _shaped(pattern: str) -> Any:
    assert pattern in SHAPES
    return StringConstraints(pattern=pattern)


Text2 = Annotated[str, _text(2)]
Text3 = Annotated[str, _text(3)]
Text5 = Annotated[str, _text(5)]
Text10 = Annotated[str, _text(10)]
Text20 = Annotated[str, _text(20)]
Text25 = Annotated[str, _text(25)]
Text30 = Annotated[str, _text(30)]
Text35 = Annotated[str, _text(35)]
Text50 = Annotated[str, _text(50)]
Text55 = Annotated[str, _text(55)]
Text60 = Annotated[str, _text(60)]
Text80 = Annotated[str, _text(80)]
Text256 = Annotated[str, _text(256)]
Text2000 = Annotated[str, _text(2000)]
City = Annotated[str, _text(30, least=2)]

TwoDigits = Annotated[str, _shaped(r"^[0-9]{2}$")]
FourDigits = Annotated[str, _shaped(r"^[0-9]{4}$")]
OneLetterOrDigit = Annotated[str, _shaped(r"^[0-9A-Za-z]$")]
TwoLettersOrDigits = Annotated[str, _shaped(r"^[0-9A-Za-z]{2}$")]
TimeOfDay = Annotated[str, _shaped(r"^([01][0-9]|2[0-3])[0-5][0-9]$")]
TypeOfBill = Annotated[
    str,
    _shaped(r"^0?[1-9][0-9][0-9A-Za-z]$"),
    AfterValidator(lambda bill: bill.upper().zfill(4)),
]
TwoLetters = Annotated[str, _shaped(r"^[A-Za-z]{2}$")]
Modifier = Annotated[str, _shaped(r"^[0-9A-Za-z]{2}$")]
Phone = Annotated[str, _shaped(r"^[0-9]{10}$")]
Ndc = Annotated[str, _shaped(r"^[0-9]{11}$")]
# GS02 and GS03 have two characters at least, ISA06 and ISA08 fifteen at most.
EnvelopeId = Annotated[str, _shaped(r"^[0-9A-Za-z ._&-]{2,15}$")]
Host = Annotated[str, _shaped(HOST)]
HostKey = Annotated[str, _shaped(HOST_KEY)]
SecretName = Annotated[str, _shaped(SECRET_NAME)]
PartnerName = Annotated[str, _shaped(PARTNER_NAME)]
FileName = Annotated[str, _shaped(FILE_NAME)]
ClockTime = Annotated[str, _shaped(CLOCK_TIME)]
Separator = Annotated[str, _shaped(SEPARATOR)]
Url = Annotated[str, _shaped(URL)]
Text255 = Annotated[str, _text(255)]
Taxonomy = Annotated[str, _shaped(r"^[0-9A-Za-z]{10}$")]
ProcedureCode = Annotated[str, _shaped(r"^[0-9A-Za-z]{1,48}$")]
Email = Annotated[str, _shaped(r"^[^@\s]+@[^@\s]+$"), _text(256)]
PostalCode = Annotated[
    str,
    _shaped(r"^([0-9]{5}(-?[0-9]{4})?|[0-9A-Za-z -]{3,15})$"),
    AfterValidator(_postal_code),
]

# The closed lists of X12 that 837.md names; a value outside them could not be written.
Gender = Literal["F", "M", "U"]
Responsibility = Literal["P", "S", "T", "A", "B", "C", "D", "E", "F", "G", "H", "U"]
Relationship = Literal["18", "01", "19", "20", "21", "39", "40", "53", "G8"]
ClaimFiling = Literal[
    "11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM", "LM",
    "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ",
]  # fmt: skip
InsuranceType = Literal["12", "13", "14", "15", "16", "41", "42", "43", "47"]
AdjustmentGroup = Literal["CO", "OA", "PI", "PR"]
Assignment = Literal["A", "B", "C"]
BenefitsAssigned = Literal["Y", "N", "W"]
Release = Literal["Y", "I"]
FrequencyCode = Literal["1", "6", "7", "8"]
RelatedCause = Literal["AA", "EM", "OA"]
ProcedureQualifier = Literal["HC", "ER", "HP", "IV", "WK", "AD"]
UnitOfService = Literal["UN", "MJ", "DA"]
PresentOnAdmission = Literal["Y", "N", "U", "W"]
DrugUnit = Literal["F2", "GR", "ME", "ML", "UN"]
ProviderIdQualifier = Literal["0B", "1G", "G2", "LU"]
PayerIdQualifier = Literal["2U", "EI", "FY", "NF"]
RoleAtPayer = Literal["71", "72", "77", "82", "85", "DD", "DN", "DQ", "P3", "ZZ"]
DeviceList = Literal["EN", "EO", "HI", "ON", "UK", "UP"]
DiagnosisList = Literal["ICD9", "SNODENT"]
ProcedureList = Literal["ICD9", "ABC"]
PricingMethod = Literal[
    "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14",
]  # fmt: skip
PricingRejection = Literal["T1", "T2", "T3", "T4", "T5", "T6"]
PricingCompliance = Literal["1", "2", "3", "4", "5"]
PricingException = Literal["1", "2", "3", "4", "5", "6"]

# Of professional claims (837.md 4).
TransportReason = Literal["A", "B", "C", "D", "E"]
TransportCondition = Literal["01", "04", "05", "06", "07", "08", "09", "12"]
SpinalCondition = Literal["A", "C", "D", "E", "F", "G", "M"]
ScreeningCondition = Literal["AV", "NU", "S2", "ST"]
VisionCategory = Literal["E1", "E2", "E3"]
VisionReason = Literal["L1", "L2", "L3", "L4", "L5"]
RentalFrequency = Literal["1", "4", "6"]
CertificateType = Literal["I", "R", "S"]
CertificateDelivery = Literal["AB", "AD", "AF", "AG", "NS"]
EquipmentCondition = Literal["38", "ZV"]
FormList = Literal["UT", "AS"]
Answer = Literal["Y", "N", "W"]
TestKind = Literal["TR", "OG"]
TestMeasure = Literal["R1", "R2", "R3", "R4", "HT"]
PatientSignature = Literal["P"]

YesNo = Literal["Y", "N"]
Yes = Literal["Y"]
Delivery = Literal["AA", "BM", "EL", "EM", "FT", "FX"]
ContractType = Literal["01", "02", "03", "04", "05", "06", "09"]
SpecialProgram = Literal["01", "02", "03", "05", "09"]
DelayReason = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "15"]

# Of dental claims (837.md 6). Which tooth has which surface is for the edits.
ToothSurface = Literal["B", "D", "F", "I", "L", "M", "O"]
ToothCondition = Literal["E", "M"]
Prosthesis = Literal["I", "R"]
OralCavityArea = Literal[
    "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20", "30", "40", "L", "R",
]  # fmt: skip
