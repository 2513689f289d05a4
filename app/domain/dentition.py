"""Teeth, their surfaces and the areas of the mouth, as tables (837.md 6).

Permanent teeth are 1 to 32 from the upper right third molar round to the lower right one, primary
teeth A to T in the same way. A supernumerary tooth is named by the one it stands beside: that
number and 50 (51 to 82), or that letter and S (AS to TS).
"""

from __future__ import annotations

_PRIMARY = "ABCDEFGHIJKLMNOPQRST"
# From the third tooth of a quadrant's middle on: canines and incisors.
ANTERIOR = frozenset([*map(str, range(6, 12)), *map(str, range(22, 28)), *"CDEFGHMNOPQR"])
POSTERIOR = frozenset([*map(str, range(1, 33)), *_PRIMARY]) - ANTERIOR

_BESIDE = {str(n + 50): str(n) for n in range(1, 33)} | {f"{x}S": x for x in _PRIMARY}
TEETH = ANTERIOR | POSTERIOR | frozenset(_BESIDE)

# Every tooth has a mesial, a distal and a lingual surface; the other two depend on where it stands.
SURFACES_OF_ALL = frozenset("MDL")
SURFACES_OF_ANTERIOR = SURFACES_OF_ALL | frozenset("IF")  # incisal, facial
SURFACES_OF_POSTERIOR = SURFACES_OF_ALL | frozenset("OB")  # occlusal, buccal

WHOLE_MOUTH = frozenset({"00"})
ARCHES = frozenset({"01", "02"})  # upper, lower
SEXTANTS = frozenset({"03", "04", "05", "06", "07", "08"})
QUADRANTS = frozenset({"10", "20", "30", "40"})
SIDES = frozenset({"L", "R"})
OTHER_AREA = frozenset({"09"})
AREAS = WHOLE_MOUTH | ARCHES | SEXTANTS | QUADRANTS | SIDES | OTHER_AREA


def _teeth(permanent: range, primary: str) -> frozenset[str]:
    return frozenset([*map(str, permanent), *primary])


_IN_QUADRANT = {
    "10": _teeth(range(1, 9), "ABCDE"),  # upper right
    "20": _teeth(range(9, 17), "FGHIJ"),  # upper left
    "30": _teeth(range(17, 25), "KLMNO"),  # lower left
    "40": _teeth(range(25, 33), "PQRST"),  # lower right
}
# The teeth of each area that has some and not others.
_IN_AREA = _IN_QUADRANT | {
    "01": _IN_QUADRANT["10"] | _IN_QUADRANT["20"],
    "02": _IN_QUADRANT["30"] | _IN_QUADRANT["40"],
    "R": _IN_QUADRANT["10"] | _IN_QUADRANT["40"],
    "L": _IN_QUADRANT["20"] | _IN_QUADRANT["30"],
    "03": _teeth(range(1, 6), "AB"),
    "04": _teeth(range(6, 12), "CDEFGH"),
    "05": _teeth(range(12, 17), "IJ"),
    "06": _teeth(range(17, 22), "KL"),
    "07": _teeth(range(22, 28), "MNOPQR"),
    "08": _teeth(range(28, 33), "ST"),
}


def lies_in(tooth: str, area: str) -> bool:
    """Whether the tooth is of the area; in the whole mouth, or in another area, any may be."""
    return _BESIDE.get(tooth, tooth) in _IN_AREA.get(area, POSTERIOR | ANTERIOR)


def surfaces_of(tooth: str) -> frozenset[str]:
    """The surfaces that this tooth has; none where there is no such tooth."""
    if tooth not in TEETH:
        return frozenset()
    own = _BESIDE.get(tooth, tooth)
    return SURFACES_OF_ANTERIOR if own in ANTERIOR else SURFACES_OF_POSTERIOR
