"""What a denial's reason means for our work: category, scenario, what to do, who does it.

The knowledge of 835.md sections 10 and 11 in our own words, as tables; the official texts are
licensed, and CAQH's list of allowed combinations (CORE 360) changes three times a year, so neither
is here. Whoever knows better for a payer changes a row, not an engine. EDITION is stored with every
denial, so that a denial can tell by which tables it was judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum

from app.domain.carc import CarcClass, carc_class

EDITION = "2026-11"


class Category(StrEnum):
    """Why it was denied, as the person thinks who mends it."""

    ELIGIBILITY = "eligibility"
    COVERAGE_LIMIT = "coverage_limit"
    NON_COVERED = "non_covered"
    AUTHORIZATION = "authorization"
    TIMELY_FILING = "timely_filing"
    DUPLICATE = "duplicate"
    COORDINATION = "coordination"
    MEDICAL_NECESSITY = "medical_necessity"
    CODING = "coding"
    BUNDLING = "bundling"
    DOCUMENTATION = "documentation"
    PROVIDER = "provider"
    PLACE = "place"
    INPATIENT = "inpatient"
    UNKNOWN = "unknown"  # a code none of our tables knows: a person looks


class Scenario(IntEnum):
    """The business scenarios of CORE 360."""

    DOCUMENTATION = 1  # additional information: documents are missing
    CLAIM_DATA = 2  # additional information: data of the claim are missing or wrong
    NOT_COVERED = 3
    NOT_SEPARATELY_PAYABLE = 4


class Action(StrEnum):
    """What we recommend to do next."""

    CORRECT = "correct"  # a replacement claim, frequency 7
    NEW_CLAIM = "new_claim"  # it was never processed: again as an original
    APPEAL = "appeal"
    SEND_RECORDS = "send_records"
    BILL_PATIENT = "bill_patient"
    BILL_OTHER_PAYER = "bill_other_payer"
    FIND_ORIGINAL = "find_original"  # it was taken for a repetition
    WRITE_OFF = "write_off"  # by a person's decision only
    WAIT = "wait"  # the payer will come back by itself
    REVIEW = "review"


class Owner(StrEnum):
    """Whose step is next."""

    CODER = "CODER"
    BILLER = "BILLER"
    PROVIDER = "PROVIDER"
    PATIENT = "PATIENT"
    PAYER = "PAYER"
    SYSTEM = "SYSTEM"


class Window(StrEnum):
    """Which of a payer's terms counts the days of an action."""

    APPEAL = "appeal"
    CORRECTION = "correction"
    RECORDS = "records"
    FILING = "filing"  # from the first date of service, not from the decision


@dataclass(frozen=True, slots=True)
class Advice:
    """What the tables say of one denial."""

    category: Category
    scenario: Scenario | None  # None: CORE 360 has none for it
    action: Action
    owner: Owner
    appealable: bool
    chance: Decimal  # of getting the money, before we have a history of our own
    patient_liable: bool = False

    @property
    def window(self) -> Window | None:
        return WINDOW.get(self.action)


WINDOW: Mapping[Action, Window] = {
    Action.CORRECT: Window.CORRECTION,
    Action.NEW_CLAIM: Window.FILING,
    Action.APPEAL: Window.APPEAL,
    Action.SEND_RECORDS: Window.RECORDS,
    Action.BILL_OTHER_PAYER: Window.FILING,
    Action.FIND_ORIGINAL: Window.CORRECTION,
    Action.REVIEW: Window.APPEAL,
}

_D = Decimal
_C, _S, _A, _O = Category, Scenario, Action, Owner

# Category -> advice, by 835.md section 10; scenarios by section 11, which names some codes of each,
# and for the categories it does not name the nearest of the four. The chances are where we begin.
ADVICE: Mapping[Category, Advice] = {
    advice.category: advice
    for advice in (
        Advice(_C.ELIGIBILITY, _S.NOT_COVERED, _A.CORRECT, _O.BILLER, False, _D("0.6")),
        Advice(_C.COVERAGE_LIMIT, _S.NOT_COVERED, _A.APPEAL, _O.BILLER, True, _D("0.3")),
        Advice(_C.NON_COVERED, _S.NOT_COVERED, _A.APPEAL, _O.BILLER, True, _D("0.2")),
        Advice(_C.AUTHORIZATION, _S.NOT_COVERED, _A.APPEAL, _O.BILLER, True, _D("0.5")),
        Advice(_C.TIMELY_FILING, None, _A.APPEAL, _O.BILLER, True, _D("0.3")),
        Advice(_C.DUPLICATE, None, _A.FIND_ORIGINAL, _O.BILLER, True, _D("0.2")),
        Advice(_C.COORDINATION, _S.CLAIM_DATA, _A.BILL_OTHER_PAYER, _O.BILLER, False, _D("0.6")),
        Advice(_C.MEDICAL_NECESSITY, _S.NOT_COVERED, _A.APPEAL, _O.PROVIDER, True, _D("0.4")),
        Advice(_C.CODING, _S.CLAIM_DATA, _A.CORRECT, _O.CODER, True, _D("0.7")),
        Advice(_C.BUNDLING, _S.NOT_SEPARATELY_PAYABLE, _A.CORRECT, _O.CODER, True, _D("0.3")),
        Advice(_C.DOCUMENTATION, _S.DOCUMENTATION, _A.SEND_RECORDS, _O.BILLER, True, _D("0.6")),
        Advice(_C.PROVIDER, _S.CLAIM_DATA, _A.CORRECT, _O.BILLER, True, _D("0.5")),
        Advice(_C.PLACE, _S.NOT_COVERED, _A.CORRECT, _O.CODER, True, _D("0.4")),
        Advice(_C.INPATIENT, _S.NOT_SEPARATELY_PAYABLE, _A.REVIEW, _O.CODER, True, _D("0.3")),
        Advice(_C.UNKNOWN, None, _A.REVIEW, _O.BILLER, True, _D("0.3")),
    )
}

# Codes of a category, by CARC. A code of class DENIAL or BUNDLED stands here exactly once.
_CODES: Mapping[Category, str] = {
    _C.ELIGIBILITY: "26 27 31 32 33 34 140 166 177 179 180 200 224 238 239 257 258 277",
    _C.COVERAGE_LIMIT: "35 119 149 222 273",
    _C.NON_COVERED: (
        "49 51 53 54 55 60 96 109 111 114 157 158 159 160 167 168 170 171 202 204 212 242 243 254"
        " 269 270 272 279 280 289 290 291 292 297 298 299 300 301 B1"
    ),
    _C.AUTHORIZATION: "15 39 61 95 165 197 198 210 284 287 288 296 302",
    _C.TIMELY_FILING: "29 164 286 B4",
    _C.DUPLICATE: "18 B13",
    _C.COORDINATION: "19 20 21 22 129 136 215 228 275 276 303",
    _C.MEDICAL_NECESSITY: "40 50 56 150 151 152 153 154",
    _C.CODING: (
        "4 5 6 7 8 9 10 11 12 16 58 110 112 125 135 146 181 182 189 199 206 207 208 240 261"
        " 267 268 282 A1 B7 B16 B22"
    ),
    _C.BUNDLING: "97 107 190 194 231 234 236 B10 B15",
    _C.DOCUMENTATION: "148 163 226 227 250 251 252 B12",
    _C.PROVIDER: "147 173 174 175 176 183 184 185 213 283 B23",
    _C.PLACE: "13 14 115 117 188 233 249 B8 B9 B14 B20",
    # Of class INFORMATION; what such a code takes is still owed until somebody has looked.
    _C.INPATIENT: "69 70 74 75 76 78 89 186 A5 A8",
}

_CATEGORY: Mapping[str, Category] = {
    code: category for category, codes in _CODES.items() for code in codes.split()
}

# Codes that ask for something else than the others of their category.
_EXCEPTIONS: Mapping[str, Advice] = {
    "109": Advice(_C.NON_COVERED, _S.NOT_COVERED, _A.BILL_OTHER_PAYER, _O.BILLER, False, _D("0.8")),
    # A reversal and a correction will follow by themselves (835.md section 10).
    "257": Advice(_C.ELIGIBILITY, _S.NOT_COVERED, _A.WAIT, _O.PAYER, False, _D("0.6")),
    "277": Advice(_C.ELIGIBILITY, _S.NOT_COVERED, _A.WAIT, _O.PAYER, False, _D("0.6")),
    # There is a number, but it does not fit the service or the provider.
    "15": Advice(_C.AUTHORIZATION, _S.CLAIM_DATA, _A.CORRECT, _O.BILLER, True, _D("0.6")),
    "284": Advice(_C.AUTHORIZATION, _S.CLAIM_DATA, _A.CORRECT, _O.BILLER, True, _D("0.6")),
    "296": Advice(_C.AUTHORIZATION, _S.CLAIM_DATA, _A.CORRECT, _O.BILLER, True, _D("0.6")),
    # A penalty for late filing.
    "B4": Advice(_C.TIMELY_FILING, None, _A.WRITE_OFF, _O.BILLER, True, _D("0.1")),
    # Asked of the patient.
    "227": Advice(_C.DOCUMENTATION, _S.DOCUMENTATION, _A.SEND_RECORDS, _O.PATIENT, True, _D("0.6")),
    "233": Advice(_C.PLACE, _S.NOT_COVERED, _A.APPEAL, _O.PROVIDER, True, _D("0.3")),
    "249": Advice(_C.PLACE, _S.NOT_COVERED, _A.APPEAL, _O.PROVIDER, True, _D("0.3")),
}

# RARC -> what it changes, for the codes that need one (835.md section 6).
UNPROCESSABLE = "MA130"  # never processed: no appeal, again as an original
_RECORDS_ASKED = frozenset({"M127", "N202", "N517", "N706"})
_SAYS_LITTLE = frozenset({"16", "96", "A1", "226", "250", "251", "252"})

# lifecycle.md section 5: whatever a rule says, these are written off by a person or not at all.
NEVER_BY_RULE = frozenset(["16", "18", "22", "29", "50", "96", "97", "109", "197", "204", "252"])

_WORKED = frozenset({CarcClass.DENIAL, CarcClass.BUNDLED, CarcClass.UNKNOWN})


def category_of(reason: str) -> Category | None:
    """The category of a CARC whose amount somebody has to work on; None for all others."""
    if reason in _CATEGORY:
        return _CATEGORY[reason]
    return Category.UNKNOWN if carc_class(reason) in _WORKED else None


def advice_on(group: str, reason: str, remarks: Collection[str]) -> Advice | None:
    """What the tables say of an adjustment with its remarks; None where it is no denial."""
    category = category_of(reason)
    if category is None:
        return None
    if reason in _SAYS_LITTLE and _RECORDS_ASKED.intersection(remarks):
        category = Category.DOCUMENTATION
    special = _EXCEPTIONS.get(reason)
    advice = special if special and special.category is category else ADVICE[category]
    if UNPROCESSABLE in remarks:
        advice = replace(advice, action=Action.NEW_CLAIM, appealable=False)
    if group == "PR" and advice.action is not Action.WAIT:
        advice = replace(
            advice, action=Action.BILL_PATIENT, owner=Owner.BILLER, patient_liable=True
        )
    return advice
