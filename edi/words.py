"""Our own words for the few codes we act on, by element; the lists of X12, NUBC and others are
licensed and stay where they are bought.
"""

from __future__ import annotations

_POSITIONS = {"P": "pays first", "S": "pays second", "T": "pays third"}
_GROUPS = {
    "CO": "by contract",
    "PR": "the patient owes",
    "OA": "neither",
    "PI": "the payer's own cut",
}
WORDS: dict[str, dict[str, str]] = {
    "CLM05-3": {"1": "original", "7": "replacement", "8": "void"},
    "CLM19": {"PB": "asks what would be paid"},
    "HL03": {"20": "billing provider or payer", "22": "insured", "23": "patient", "PT": "patient"},
    "SBR01": _POSITIONS,
    "SBR02": {"18": "self"},
    "PAT01": {"01": "spouse", "19": "child"},
    "CAS01": _GROUPS,
    "CLP02": {
        "1": "processed as first payer",
        "2": "processed as second payer",
        "3": "processed as third payer",
        "4": "patient not known",
        "19": "processed as first payer and passed on",
        "20": "processed as second payer and passed on",
        "21": "processed as third payer and passed on",
        "22": "takes an earlier payment back",
        "23": "passed on, not processed",
        "25": "priced, not paid",
    },
    "BPR03": {"C": "paid to the payee", "D": "taken from the payee"},
    "AK901": {"A": "accepted", "E": "accepted with faults", "P": "in part", "R": "rejected"},
    "IK501": {"A": "accepted", "E": "accepted with faults", "R": "rejected"},
    "TA104": {"A": "accepted", "E": "accepted with faults", "R": "rejected"},
    "NM101": {
        "85": "billing provider", "87": "pay-to address", "IL": "insured", "QC": "patient",
        "PR": "payer", "82": "rendering provider", "77": "place of service", "DN": "referred",
        "DQ": "supervised", "DK": "ordered", "71": "attended", "72": "operated", "40": "receiver",
        "41": "submitter", "PW": "picked up", "45": "dropped off", "DD": "assistant surgeon",
        "74": "corrected", "TT": "passed on to", "AY": "clearinghouse",
    },
    "N101": {"PR": "payer", "PE": "payee"},
    "DTP01": {
        "472": "service", "434": "statement", "435": "admission", "096": "discharge",
        "439": "accident", "431": "onset", "454": "first treatment", "573": "decided",
        "050": "received", "009": "processed", "441": "prior placement",
    },
    "DTM01": {
        "472": "service", "150": "service from", "151": "service to", "232": "statement from",
        "233": "statement to", "050": "received", "405": "made",
    },
    "REF01": {
        "EI": "tax number", "SY": "social security number", "F8": "payer's claim number",
        "G1": "authorization", "9F": "referral", "6R": "line number", "D9": "trace",
        "EA": "medical record", "X4": "CLIA", "2U": "payer id", "1K": "payer's claim number",
    },
    "AMT01": {
        "D": "paid by this payer", "A8": "never covered", "EAF": "still owed by the patient",
        "F5": "paid by the patient", "F3": "owed by the patient", "B6": "allowed",
    },
    "STC01-1": {
        "A0": "passed on", "A1": "received", "A2": "accepted", "A3": "rejected", "A4": "not found",
        "A5": "split", "A6": "rejected: missing", "A7": "rejected: invalid",
        "A8": "rejected: does not fit",
    },
    "HI01-1": {
        "ABK": "principal diagnosis", "ABJ": "admitting diagnosis", "APR": "reason of the visit",
        "BBR": "principal procedure", "DR": "DRG", "BE": "value", "BH": "occurrence",
        "BI": "occurrence span", "BG": "condition",
    },
    "SV305": {"I": "first", "R": "again"},
}  # fmt: skip


def word_of(ref: str, code: str) -> str:
    """Our word for a code at an element such as "CLM05-3"; empty where we have none."""
    return WORDS.get(ref, {}).get(code, "")
