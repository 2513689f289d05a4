"""The kinds of 837: for each, its guide, and the two functions that write and read its claims.

A new kind is a row here, a `build_` and a `read_` module; the levels above a claim, the gate and
the batches are shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from app.domain.batch import OutboundClaim
from app.domain.encounter import ClaimType, Encounter
from app.x12 import (
    build_dental,
    build_institutional,
    build_professional,
    read_dental,
    read_institutional,
    read_professional,
    wire_dental,
    wire_institutional,
    wire_professional,
)
from edi.envelope import Transaction
from edi.guides import x222_professional, x223_institutional, x224_dental


@dataclass(frozen=True, slots=True)
class Kind:
    """One 837 guide. `guide` is its module: the three share the names of their loops."""

    claim_type: ClaimType
    label: str  # as in the names of files: 837P, 837I, 837D
    guide: ModuleType
    transaction: Callable[..., Transaction]  # the class of its transaction set
    claim_loop: Callable[[OutboundClaim], Any]  # to a 2300
    claim_members: Callable[[Any], dict[str, Any]]  # of a 2300, to the members of an Encounter
    wire_members: Callable[[Encounter, Encounter], Encounter]  # told, and reduced as every kind is
    tells_of_the_patient: bool  # PAT05 to PAT09: death, weight, pregnancy


KINDS: Mapping[ClaimType, Kind] = {
    ClaimType.PROFESSIONAL: Kind(
        ClaimType.PROFESSIONAL,
        "837P",
        x222_professional,
        x222_professional.ProfessionalClaims,
        build_professional.claim_loop,
        read_professional.claim_members,
        wire_professional.wire_members,
        tells_of_the_patient=True,
    ),
    ClaimType.INSTITUTIONAL: Kind(
        ClaimType.INSTITUTIONAL,
        "837I",
        x223_institutional,
        x223_institutional.InstitutionalClaims,
        build_institutional.claim_loop,
        read_institutional.claim_members,
        wire_institutional.wire_members,
        tells_of_the_patient=False,
    ),
    ClaimType.DENTAL: Kind(
        ClaimType.DENTAL,
        "837D",
        x224_dental,
        x224_dental.DentalClaims,
        build_dental.claim_loop,
        read_dental.claim_members,
        wire_dental.wire_members,
        tells_of_the_patient=False,
    ),
}


def kind_of(transaction: Transaction | None) -> Kind | None:
    """The kind of a transaction set that was read; None for one that is no 837 of ours."""
    return next((k for k in KINDS.values() if type(transaction) is k.transaction), None)
