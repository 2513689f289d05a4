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


def surfaces_of(tooth: str) -> frozenset[str]:
    """The surfaces that this tooth has; none where there is no such tooth."""
    if tooth not in TEETH:
        return frozenset()
    own = _BESIDE.get(tooth, tooth)
    return SURFACES_OF_ANTERIOR if own in ANTERIOR else SURFACES_OF_POSTERIOR
