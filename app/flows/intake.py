"""Encounters in: new, the same again, corrected, or too late to be corrected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.documents.encounter import canonical_bytes, encounter_hash
from app.domain.claim import StoredClaim
from app.domain.encounter import Encounter
from app.domain.identity import Prefix, public_id
from app.domain.lifecycle import Stage
from app.flows.claims import revise_claims
from app.flows.ports import StoredEncounter, UnitOfWork

# A claim in one of these stages has not left us: its encounter may still be corrected.
CORRECTABLE = frozenset({Stage.DRAFT, Stage.NEEDS_INFO, Stage.ON_HOLD, Stage.READY})


class Taken(StrEnum):
    """What taking an encounter did."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    REVISED = "revised"
    REFUSED = "refused"  # it differs from what is stored, and a claim of it cannot follow


@dataclass(frozen=True, slots=True)
class Intake:
    """The stored encounter and what was done."""

    taken: Taken
    stored: StoredEncounter


def take_encounter(uow: UnitOfWork, encounter: Encounter) -> Intake:
    """Keep the encounter under (source system, external id); the same content again is a no-op."""
    content = canonical_bytes(encounter)
    content_hash = encounter_hash(content)
    known = uow.encounters.find(
        source_system=encounter.source_system, external_id=encounter.external_id
    )
    if known is None:
        stored = uow.encounters.add(encounter, content=content, content_hash=content_hash)
        _tell(uow, stored, "encounter.created")
        return Intake(Taken.CREATED, stored)
    if known.content_hash == content_hash:
        return Intake(Taken.UNCHANGED, known)
    if not all(_correctable(c, encounter) for c in uow.claims.of_encounter(known.id)):
        return Intake(Taken.REFUSED, known)
    stored = uow.encounters.add_version(
        known.id, encounter, content=content, content_hash=content_hash
    )
    _tell(uow, stored, "encounter.revised")
    revise_claims(uow, stored)
    return Intake(Taken.REVISED, stored)


def _correctable(claim: StoredClaim, encounter: Encounter) -> bool:
    """It has not left, and the corrected encounter still has the payer it asks."""
    return claim.stage in CORRECTABLE and encounter.coverage(claim.responsibility) is not None


def _tell(uow: UnitOfWork, stored: StoredEncounter, what: str) -> None:
    subject = public_id(Prefix.ENCOUNTER, stored.id)
    uow.audit(what, subject=subject, detail={"version": stored.version})
    uow.event(what, resource=subject, data={"version": stored.version})
