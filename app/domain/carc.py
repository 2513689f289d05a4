"""What kind of reason a claim adjustment reason code (CARC) is, in our own words.

The table follows domain/835.md section 10. It carries no official text: that is licensed, and a
customer loads its own copy. A code that is not listed is UNKNOWN: its money is posted, nothing is
written off for it, and a person is asked.
"""

from __future__ import annotations

from enum import StrEnum


class CarcClass(StrEnum):
    """Why less than the charge was paid."""

    PATIENT = "patient"
    CONTRACTUAL = "contractual"
    SEQUESTRATION = "sequestration"
    PRIOR_PAYER = "prior_payer"
    BUNDLED = "bundled"
    DENIAL = "denial"
    INFORMATION = "information"
    UNKNOWN = "unknown"


def carc_class(reason: str) -> CarcClass:
    """The class of one code."""
    return _CLASS.get(reason, CarcClass.UNKNOWN)


def codes_of(kind: CarcClass) -> list[str]:
    """All codes of a class, in the order of the table."""
    return _CODES.get(kind, "").split()


_CODES: dict[CarcClass, str] = {
    CarcClass.PATIENT: "1 2 3 66 100 142 178 187 201 229 241 247 248",
    CarcClass.CONTRACTUAL: (
        "24 44 45 59 90 91 94 102 103 104 105 121 130 131 132 139 144 161 172 205 223 225 232 237"
        " 245 256 P12"
    ),
    CarcClass.SEQUESTRATION: "253",
    CarcClass.PRIOR_PAYER: "23",
    CarcClass.BUNDLED: "97 107 190 194 231 234 236 B10 B15",
    CarcClass.INFORMATION: (
        "85 101 133 137 143 193 195 209 216 235 246 293 294 A0 B11 69 70 74 75 76 78 89 186 A5 A8"
    ),
    CarcClass.DENIAL: (
        # eligibility, coverage limits, not covered
        "26 27 31 32 33 34 140 166 177 179 180 200 224 238 239 257 258 277"
        " 35 119 149 222 273"
        " 49 51 53 54 55 60 96 109 111 114 157 158 159 160 167 168 170 171 202 204 212 242 243 254"
        " 269 270 272 279 280 289 290 291 292 297 298 299 300 301 B1"
        # authorization, timely filing, duplicate, coordination, medical necessity
        " 15 39 61 95 165 197 198 210 284 287 288 296 302"
        " 29 164 286 B4 18 B13"
        " 19 20 21 22 129 136 148 215 228 275 276 303"
        " 40 50 56 150 151 152 153 154 251"
        # coding, documentation, provider, place
        " 4 5 6 7 8 9 10 11 12 16 58 110 112 125 135 146 181 182 189 199 206 207 208 240 252 261"
        " 267 268 282 A1 B7 B16 B22"
        " 163 226 227 250 B12"
        " 147 173 174 175 176 183 184 185 213 283 B23"
        " 13 14 115 117 188 233 249 B8 B9 B14 B20"
    ),
}
_CLASS = {code: kind for kind, codes in _CODES.items() for code in codes.split()}

# Codes that cut a line's units and pay the rest: a paid line with one of them is partly denied.
UNIT_CUTS = frozenset({"151", "222"})
