"""The implementation guides, one a module, and the table that finds them by ST01 and version.

A guide is loaded when a file first needs it; `GUIDES`, `BY_VERSION` and the names of the classes
load what they name.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edi.envelope import Transaction
    from edi.guides.x212_claim_status import ClaimStatusRequest, ClaimStatusResponse
    from edi.guides.x214_claim_acknowledgment import ClaimAcknowledgment
    from edi.guides.x221_remittance import Remittance
    from edi.guides.x222_professional import ProfessionalClaims
    from edi.guides.x223_institutional import InstitutionalClaims
    from edi.guides.x224_dental import DentalClaims
    from edi.guides.x231_acknowledgment import ImplementationAcknowledgment

    GUIDES: tuple[type[Transaction], ...]
    BY_VERSION: dict[tuple[str, str], type[Transaction]]

# The module of a guide by the number in its versions, and its transaction sets.
_HOMES = {
    "X222": ("x222_professional", ("ProfessionalClaims",)),
    "X223": ("x223_institutional", ("InstitutionalClaims",)),
    "X224": ("x224_dental", ("DentalClaims",)),
    "X221": ("x221_remittance", ("Remittance",)),
    "X231": ("x231_acknowledgment", ("ImplementationAcknowledgment",)),
    "X214": ("x214_claim_acknowledgment", ("ClaimAcknowledgment",)),
    "X212": ("x212_claim_status", ("ClaimStatusRequest", "ClaimStatusResponse")),
}


# What we know and do not read, by the beginning of the version.
REFUSED = {
    "003": "a version before 5010",
    "004": "version 4010, which 5010 has replaced",
    "005010X291": "the professional data-reporting guide",
    "005010X292": "the institutional data-reporting guide",
    "005010X298": "the data-reporting guide for adjudicated professional claims",
}


def refusal_of(version: str) -> str:
    """Why no guide reads this version, if we know it; otherwise empty."""
    return next((why for known, why in REFUSED.items() if version.startswith(known)), "")


@lru_cache(maxsize=256)
def guide_of(st01: str, version: str) -> type[Transaction] | None:
    """The guide that reads this transaction set, if there is one."""
    guides = _guides_in(version[6:10])
    return next((g for g in guides if g.st01 == st01 and version in g.reads), None)


def __getattr__(name: str) -> Any:
    if name == "GUIDES":
        return tuple(guide for number in _HOMES for guide in _guides_in(number))
    if name == "BY_VERSION":
        return {(g.st01, v): g for number in _HOMES for g in _guides_in(number) for v in g.reads}
    if name == "Transaction":
        return import_module("edi.envelope").Transaction
    for module, classes in _HOMES.values():
        if name in classes:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _guides_in(number: str) -> list[type[Transaction]]:
    """The transaction sets of one guide."""
    if number not in _HOMES:
        return []
    module, classes = _HOMES[number]
    home = import_module(f"{__name__}.{module}")
    return [getattr(home, name) for name in classes]


__all__ = [
    "BY_VERSION",
    "GUIDES",
    "REFUSED",
    "ClaimAcknowledgment",
    "ClaimStatusRequest",
    "ClaimStatusResponse",
    "DentalClaims",
    "ImplementationAcknowledgment",
    "InstitutionalClaims",
    "ProfessionalClaims",
    "Remittance",
    "Transaction",
    "guide_of",
    "refusal_of",
]  # fmt: skip
