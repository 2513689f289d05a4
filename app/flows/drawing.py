"""What one payer is asked: the encounter as it stands, and what the books know of payers before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.documents.snapshot import read_snapshot, snapshot_bytes
from app.domain.claim import Claim, Frequency, StoredClaim
from app.domain.clock import local_date
from app.domain.crossover import NotDue, why_not_due
from app.domain.encounter import Coverage, Encounter
from app.domain.finding import Finding, Severity
from app.domain.next_payer import for_next, with_decision
from app.domain.scrub import ScrubContext, scrub
from app.flows.ports import StoredEncounter, UnitOfWork

GUIDE_EDIT = "ENV06"  # what the writer would say of it
AGAIN = frozenset({Frequency.REPLACEMENT, Frequency.VOID})


@dataclass(frozen=True, slots=True)
class Drawn:
    """A claim as it would be stored: judged, and with the payments that it tells of."""

    claim: Claim
    snapshot: bytes
    findings: list[Finding]
    payer_row: UUID | None
    basis: frozenset[UUID] = frozenset()


def draw(
    uow: UnitOfWork,
    stored: StoredEncounter,
    position: str,
    *,
    number: str | None = None,
    all_the_same: bool = False,
) -> Drawn:
    """The claim to the payer in `position`, as an original.

    Edit COB06 holds one that the payer before left nothing to ask for, unless it is asked
    `all_the_same`.
    """
    earlier = [
        c
        for c in uow.claims.of_encounter(stored.id)
        if _rank(stored.encounter, c.responsibility) < _rank(stored.encounter, position)
    ]
    if not earlier:  # the encounter is the first to say what is asked, and how often
        return _judged(uow, claim_to(stored.encounter, position), number=number)
    encounter = for_next(stored.encounter, position)
    not_due = None if all_the_same else _not_due(uow, stored.encounter, earlier)
    return _told(uow, encounter, position, earlier, number=number, not_due=not_due)


def draw_again(
    uow: UnitOfWork,
    stored: StoredEncounter,
    claim: StoredClaim,
    *,
    frequency: str,
    payer_number: str | None,
    number: str,
) -> Drawn:
    """The claim once more, under another number, as that frequency asks it."""
    position = claim.responsibility
    earlier = [
        c
        for c in uow.claims.of_encounter(stored.id)
        if _rank(stored.encounter, c.responsibility) < _rank(stored.encounter, position)
    ]
    encounter = for_next(stored.encounter, position) if earlier else stored.encounter
    if frequency in AGAIN:
        encounter = replace(
            encounter, claim_frequency_code=str(frequency), claim_control_number=payer_number
        )
    if not earlier:
        return _judged(uow, claim_to(encounter, position), number=number)
    told_before = uow.next_payers.basis(claim.id) if frequency in AGAIN else None
    return _told(uow, encounter, position, earlier, number=number, told_before=told_before)


def claim_to(encounter: Encounter, position: str) -> Claim:
    """The claim that the encounter asks of the payer in `position`."""
    return Claim(
        encounter,
        responsibility=position,
        frequency=encounter.claim_frequency_code,
        payer_claim_control_number=encounter.claim_control_number,
    )


def judge(
    uow: UnitOfWork, claim: Claim, *, number: str | None, not_due: NotDue | None = None
) -> list[Finding]:
    """Run the edits with what they may know of today, the payer and our numbers."""

    def served(payer_id: str) -> bool | None:
        payer = uow.payers.find(payer_id)
        return None if payer is None else payer.served

    context = ScrubContext(
        today=local_date(uow.clock, uow.tenant.time_zone),
        responsibility=claim.responsibility,
        payer_served=served,
        patient_control_number=number,
        not_due=not_due,
    )
    return scrub(claim.encounter, context)


def void_of(uow: UnitOfWork, claim: Claim, *, payer_number: str, number: str) -> Drawn:
    """The claim with the content it had, to be taken back."""
    encounter = replace(
        claim.encounter,
        claim_frequency_code=Frequency.VOID.value,
        claim_control_number=payer_number,
    )
    return _judged(uow, claim_to(encounter, claim.responsibility), number=number)


def _told(
    uow: UnitOfWork,
    encounter: Encounter,
    position: str,
    earlier: Sequence[StoredClaim],
    *,
    number: str | None,
    told_before: Collection[UUID] | None = None,
    not_due: NotDue | None = None,
) -> Drawn:
    """With the decisions of the payers that we asked before, as the books have them now."""
    told, basis = encounter, set()
    today = local_date(uow.clock, uow.tenant.time_zone)
    for asked in earlier:
        found = [replace(f, told_on=today) for f in uow.next_payers.adjudications(asked.id)]
        now = {item.id for item in found}
        again = bool(told_before) and bool(now) and not now.issubset(told_before or ())
        told = with_decision(told, asked.responsibility, found, decided_again=again)
        basis |= now
    claim = claim_to(told, position)
    snapshot = snapshot_bytes(claim)
    try:
        read_snapshot(snapshot)
    except ValueError:
        bare = _judged(uow, claim_to(encounter, position), number=number)
        return replace(bare, findings=[*bare.findings, _unsayable(encounter, earlier)])
    judged = _judged(uow, claim, number=number, not_due=not_due)
    return replace(judged, basis=frozenset(basis))


def _not_due(
    uow: UnitOfWork, encounter: Encounter, earlier: Sequence[StoredClaim]
) -> NotDue | None:
    """What the payer asked last says against it; that none has decided is for COB01 to say."""
    last = max(earlier, key=lambda claim: _rank(encounter, claim.responsibility))
    obstacle = why_not_due(uow.next_payers.adjudications(last.id))
    return obstacle if obstacle and obstacle.insist else None


def _judged(
    uow: UnitOfWork, claim: Claim, *, number: str | None, not_due: NotDue | None = None
) -> Drawn:
    return Drawn(
        claim=claim,
        snapshot=snapshot_bytes(claim),
        findings=judge(uow, claim, number=number, not_due=not_due),
        payer_row=_payer_row(uow, claim.coverage),
    )


def _payer_row(uow: UnitOfWork, coverage: Coverage) -> UUID | None:
    if not coverage.payer_id or not coverage.payer_name:
        return None
    return uow.payers.ensure(payer_id=coverage.payer_id, name=coverage.payer_name).id


def _unsayable(encounter: Encounter, earlier: Collection[StoredClaim]) -> Finding:
    """A remittance may hold what no claim has a place for: a code too long, too many reasons."""
    positions = {claim.responsibility for claim in earlier}
    place = next(n for n, c in enumerate(encounter.coverages) if c.responsibility in positions)
    return Finding(
        rule_id=GUIDE_EDIT,
        severity=Severity.ERROR,
        snip_type=3,
        pointer=f"/coverages/{place}/decision",
        message="The remittance of the payer asked before says what a claim cannot carry.",
        fix="Enter its decision by hand in the encounter, with codes that the guide has.",
    )


def _rank(encounter: Encounter, position: str) -> int:
    coverage = encounter.coverage(position)
    return coverage.rank if coverage else -1
