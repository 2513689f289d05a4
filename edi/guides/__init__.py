"""The implementation guides, one a module, and the table that finds them by ST01 and version."""

from __future__ import annotations

from edi.envelope import Transaction
from edi.guides.x212_claim_status import ClaimStatusRequest, ClaimStatusResponse
from edi.guides.x214_claim_acknowledgment import ClaimAcknowledgment
from edi.guides.x221_remittance import Remittance
from edi.guides.x222_professional import ProfessionalClaims
from edi.guides.x223_institutional import InstitutionalClaims
from edi.guides.x224_dental import DentalClaims
from edi.guides.x231_acknowledgment import ImplementationAcknowledgment

GUIDES: tuple[type[Transaction], ...] = (
    ProfessionalClaims,
    InstitutionalClaims,
    DentalClaims,
    Remittance,
    ImplementationAcknowledgment,
    ClaimAcknowledgment,
    ClaimStatusRequest,
    ClaimStatusResponse,
)
BY_VERSION: dict[tuple[str, str], type[Transaction]] = {
    (g.st01, v): g for g in GUIDES for v in g.reads
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


def guide_of(st01: str, version: str) -> type[Transaction] | None:
    """The guide that reads this transaction set, if there is one."""
    return BY_VERSION.get((st01, version))


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
