"""The few NUBC codes that edits act on: bare code values in groups that we name ourselves.

The lists with their texts are licensed (National Uniform Billing Committee) and are the customer's
to load; what stands here is what a rule of validation.md section 6 asks about.
"""

from __future__ import annotations

# CLM05-1, facility and classification
INPATIENT_BILLS = frozenset({"11", "18", "21", "41"})
ACUTE_INPATIENT_BILL = "11"
OUTPATIENT_BILLS = frozenset(
    {"13", "14", "23", "71", "72", "73", "74", "75", "76", "77", "83", "85"}
)
UNSCHEDULED_VISIT_BILLS = frozenset({"13", "85"})
BILLS = (
    INPATIENT_BILLS
    | OUTPATIENT_BILLS
    | frozenset(
        {"12", "22", "28", "32", "33", "34", "43", "65", "66", "78", "79", "81", "82", "84", "86",
         "87", "89"}
    )
)  # fmt: skip

# CLM05-3
FREQUENCIES = frozenset("0123456789ABCDEFGHIJKLMNOPQXYZ")
CHANGES_AN_EARLIER_CLAIM = frozenset("678")
INTERIM_FIRST, INTERIM_CONTINUING, INTERIM_LAST = "2", "3", "4"

# CL1
ADMISSION_TYPES = frozenset("123459")
UNSCHEDULED = frozenset("125")
NEWBORN = "4"
NEWBORN_SOURCES = frozenset("56")
ADMISSION_SOURCES = frozenset("1245689DEFG")
_STATUSES = """
    01 02 03 04 05 06 07 09 20 21 30 40 41 42 43 50 51 61 62 63 64 65 66 69 70
    81 82 83 84 85 86 87 88 89 90 91 92 93 94 95
"""
PATIENT_STATUSES = frozenset(_STATUSES.split())
STILL_A_PATIENT = "30"

# SV201
TOTAL_LINE = "0001"  # a line of paper claims; CLM02 is the total
PRICED_BY_CASE = frozenset({"0022", "0023", "0024"})  # their HIPPS line may charge nothing


def is_room(revenue_code: str) -> bool:
    """Room and board, counted in days."""
    return "0100" <= revenue_code <= "0219"


def is_emergency(revenue_code: str) -> bool:
    """Emergency room, urgent care and observation."""
    return revenue_code.startswith("045") or revenue_code in ("0516", "0526", "0762")


def is_ambulance(revenue_code: str) -> bool:
    return revenue_code.startswith("054")


def names_its_procedure(revenue_code: str) -> bool:
    """An outpatient line of such a department says what was done (validation.md section 3)."""
    in_range = "0300" <= revenue_code <= "0369"
    return in_range or revenue_code[:3] in ("045", "048", "051", "061") or revenue_code == "0636"


# HI*BE
COVERED_DAYS, NON_COVERED_DAYS = "80", "81"
