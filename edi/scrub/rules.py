"""Which elements name a person, an account or a day: by segment, "3" or "3-2" with what stands
there.

What no rule names stays: amounts, quantities, codes, qualifiers, counters. A segment that is not in
`KNOWN` is made unreadable but for its shortest elements.
"""

from __future__ import annotations

RULES: dict[str, dict[str, str]] = {
    "GS": {"4": "date"},
    "TA1": {"2": "short-date"},
    "BHT": {"3": "id", "4": "date"},
    "BPR": {"9": "id", "15": "id", "16": "date"},
    "CLM": {"1": "id"},
    "CLP": {"1": "id", "7": "id"},
    "CN1": {"4": "id"},
    "CR1": {"9": "text", "10": "text"},
    "CR2": {"10": "text", "11": "text"},
    "CTX": {"1-2": "id"},
    "DMG": {"2": "date"},
    "DTM": {"2": "date", "6": "coded-date"},
    "DTP": {"3": "coded-date"},
    "FRM": {"3": "text", "4": "date"},
    "HCP": {"4": "id", "6": "id"},
    "HI": {str(n): "health-code" for n in range(1, 13)},
    "IK4": {"4": "text"},
    "K3": {"1": "text"},
    "MSG": {"1": "text"},
    "N3": {"1": "address", "2": "address"},
    "N4": {"1": "city", "3": "id"},
    "NTE": {"2": "text"},
    "PAT": {"6": "date"},
    "PER": {"2": "surname", "4": "text", "6": "text", "8": "text"},
    "PLB": {"1": "id", "2": "date"} | {f"{n}-2": "id" for n in range(3, 15, 2)},
    "PS1": {"1": "id"},
    "PWK": {"6": "id", "7": "text"},
    "RDM": {"2": "organisation", "3": "text"},
    "REF": {"2": "id", "3": "text", "4-2": "id", "4-4": "id", "4-6": "id"},
    "SBR": {"3": "id", "4": "organisation"},
    "STC": {"2": "date", "6": "date", "8": "date", "9": "id", "12": "text"},
    "SV1": {"1-7": "text"},
    "SV2": {"2-7": "text"},
    "SV3": {"1-7": "text", "7": "text"},
    "SV5": {"1-7": "text"},
    "SVC": {"1-7": "text", "6-7": "text"},
    "SVD": {"3-7": "text"},
    "TRN": {"2": "id"},
    "TS3": {"1": "id", "3": "date"},
    "DN2": {"5": "coded-date"},
}
# Segments with nothing of a person in them.
_HARMLESS = """AK1 AK2 AK9 AMT CAS CL1 CR3 CRC CTP CUR DN1 GE HL IEA IK3 IK5 ISA LE LIN LQ LS LX MEA
MIA MOA N1 NM1 OI PRV QTY SE ST SVE TOO TS2 CR5 CR6 HSD IMM UM"""
KNOWN = frozenset({*RULES, *_HARMLESS.split()})

# Payers, clearinghouses, submitters, receivers; their numbers route the file.
KEPT_PARTIES = frozenset({"PR", "40", "41", "AY", "TT"})
# References that name a payer, a version, a kind of bill, or who is to receive the file.
KEPT_REFERENCES = frozenset({"2U", "NF", "F2", "BLT", "EV"})
