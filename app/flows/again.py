"""A claim that left once and goes again: replaced, voided, or sent anew after a rejection.

Rejected is not denied (lessons.md 25). A rejected claim was never adjudicated: it goes again as an
original under the next number of its root. One that the payer decided on is replaced or voided, and
names the payer's number of what it changes. Neither is charged a second time; where a replacement
charges something else, the difference is journaled as it is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.documents.encounter import canonical_bytes, encounter_hash
from app.domain.claim import (
    Frequency,
    StoredClaim,
    StoredSubmission,
    number_of_attempt,
)
from app.domain.encounter import Encounter
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.lifecycle import OUTCOMES, Stage, fold_as
from app.domain.next_payer import standing
from app.flows.claims import charge_again, record_verdict
from app.flows.drawing import AGAIN, Drawn, draw_again, void_of
from app.flows.next_claims import UNSENT, follow, hand_on
from app.flows.ports import StoredEncounter, UnitOfWork

REJECTED = frozenset({Stage.REJECTED, Stage.FILE_REJECTED})


def replace_claim(
    uow: UnitOfWork, claim_id: UUID, *, corrected: Encounter | None = None
) -> StoredClaim:
    """The claim as a replacement (frequency 7), of the corrected encounter or as it stands.

    Raises NotFound, and Conflict where the payer has not decided on it or a change is under way.
    """
    claim = _decided(uow, claim_id, "replace")
    number = _payers_number(uow, claim)
    stored = _encounter(uow, claim, corrected)
    drawn = draw_again(
        uow,
        stored,
        claim,
        frequency=Frequency.REPLACEMENT,
        payer_number=number,
        number=_next_number(claim),
    )
    return _submit(uow, claim, drawn, act="claim.replaced")


def void_claim(uow: UnitOfWork, claim_id: UUID, *, reason: str) -> StoredClaim:
    """The claim taken back (frequency 8), with the content that the payer decided on; the reason is
    kept in the audit."""
    claim = _decided(uow, claim_id, "void")
    asked = uow.claims.to_send([claim.id])[0][1]
    drawn = void_of(uow, asked, payer_number=_payers_number(uow, claim), number=_next_number(claim))
    return _submit(uow, claim, drawn, act="claim.void_requested", reason=reason)


def resubmit_claims(
    uow: UnitOfWork, claim_ids: Sequence[UUID], *, corrected: Encounter | None = None
) -> list[StoredClaim]:
    """Rejected claims, each under the next number of its root; all of them or, with Conflict, none.

    `corrected` is the encounter of the one claim that is named.
    """
    return [_resubmit(uow, id, corrected) for id in dict.fromkeys(claim_ids)]


def submissions_of(uow: UnitOfWork, claim: StoredClaim) -> list[tuple[StoredSubmission, Stage]]:
    """Every attempt with its stage. What a replacement that was decided on replaces is REPLACED;
    until then it stays as it was decided."""
    attempts = uow.claims.submissions(claim.id)
    history = uow.evidence.of_submissions([a.id for a in attempts])
    found: list[tuple[StoredSubmission, Stage]] = []
    replaced = False
    for attempt in reversed(attempts):
        stage = fold_as(history[attempt.id], frequency=attempt.frequency).stage
        decided = stage in OUTCOMES
        if replaced and decided:
            found.append((attempt, Stage.REPLACED))
        else:
            found.append((attempt, stage))
        replaced |= attempt.frequency == Frequency.REPLACEMENT and decided
    return found[::-1]


def _resubmit(uow: UnitOfWork, claim_id: UUID, corrected: Encounter | None) -> StoredClaim:
    claim = _claim(uow, claim_id)
    name = public_id(Prefix.CLAIM, claim.id)
    if claim.stage not in REJECTED:
        raise Conflict(
            f"Claim {name} is {claim.stage}; only a rejected claim is sent again as it was.",
            do="Replace or void what the payer has decided on; correct what has not left.",
        )
    if claim.frequency == Frequency.VOID:
        asked = uow.claims.to_send([claim.id])[0][1]
        drawn = void_of(
            uow, asked, payer_number=_payers_number(uow, claim), number=_next_number(claim)
        )
        return _submit(uow, claim, drawn, act="claim.resubmitted")
    changes = claim.frequency == Frequency.REPLACEMENT and _is_ours(uow, claim)
    drawn = draw_again(
        uow,
        _encounter(uow, claim, corrected),
        claim,
        frequency=Frequency.REPLACEMENT if changes else Frequency.ORIGINAL,
        payer_number=_payers_number(uow, claim) if changes else None,
        number=_next_number(claim),
    )
    return _submit(uow, claim, drawn, act="claim.resubmitted")


def _is_ours(uow: UnitOfWork, claim: StoredClaim) -> bool:
    """The payer has decided on an attempt of it; else the encounter itself asks for the change."""
    return bool(uow.next_payers.adjudications(claim.id))


def _decided(uow: UnitOfWork, claim_id: UUID, what: str) -> StoredClaim:
    claim = _claim(uow, claim_id)
    name = public_id(Prefix.CLAIM, claim.id)
    if claim.predetermination:
        raise Conflict(f"Claim {name} only asks what would be paid.", do="Send the services done.")
    if claim.attempt > 1 and claim.frequency in AGAIN and claim.stage not in OUTCOMES:
        if claim.stage in REJECTED:
            raise Conflict(f"Claim {name} was rejected.", do="Correct it and resubmit it.")
        if claim.stage is Stage.VOIDED:
            raise Conflict(f"Claim {name} is void.", do="Send the encounter as a new one.")
        raise Conflict(
            f"A change of claim {name} is under way (frequency {claim.frequency}).",
            do="Wait for the payer's answer to it.",
        )
    if claim.stage in UNSENT or claim.stage is Stage.BATCHED:
        raise Conflict(
            f"Claim {name} has not left.", do="Correct its encounter; nothing is to be changed yet."
        )
    if claim.stage in REJECTED:
        raise Conflict(
            f"Claim {name} was rejected, so the payer has nothing to {what}.",
            do="Correct it and resubmit it.",
        )
    return claim


def _payers_number(uow: UnitOfWork, claim: StoredClaim) -> str:
    """CLP07 of the latest remittance that nothing took back."""
    held = standing(uow.next_payers.adjudications(claim.id))
    numbers = [item.payment.payer_claim_control_number for item in held]
    number = next((n for n in reversed(numbers) if n), None)
    if number is None:
        raise Conflict(
            f"No remittance that stands gives the payer's number of claim"
            f" {public_id(Prefix.CLAIM, claim.id)}.",
            do="A claim that was never adjudicated cannot be replaced or voided; wait for its 835.",
        )
    return number


def _submit(
    uow: UnitOfWork, old: StoredClaim, drawn: Drawn, *, act: str, reason: str | None = None
) -> StoredClaim:
    new = uow.claims.submit_again(
        old.id,
        drawn.claim,
        payer_row=drawn.payer_row,
        patient_control_number=_next_number(old),
        snapshot=drawn.snapshot,
        findings=drawn.findings,
    )
    uow.next_payers.keep_basis(new.id, new.version, drawn.basis)
    charge_again(uow, old, new)
    subject = public_id(Prefix.CLAIM, new.id)
    detail = {"attempt": new.attempt, "frequency": new.frequency, "version": new.version}
    uow.audit(act, subject=subject, detail=detail | ({"reason": reason} if reason else {}))
    uow.event(act, resource=subject, data=detail)
    for giver in uow.claims.of_encounter(new.encounter_id):
        if giver.next_position == new.responsibility:
            hand_on(uow, giver, new, uow.next_payers.adjudications(giver.id))
    uow.next_payers.restate(new.encounter_id)
    record_verdict(uow, new, drawn.findings)
    follow(uow, [new.id])
    return uow.claims.get(new.id) or new


def _encounter(uow: UnitOfWork, claim: StoredClaim, corrected: Encounter | None) -> StoredEncounter:
    stored = uow.encounters.get(claim.encounter_id)
    assert stored is not None, "a claim has its encounter"
    if corrected is None:
        return stored
    was = stored.encounter
    if (corrected.source_system, corrected.external_id) != (was.source_system, was.external_id):
        raise Conflict(
            "The corrected encounter is another one: sourceSystem or externalId differ.",
            do="Send the encounter of this claim.",
        )
    if corrected.coverage(claim.responsibility) is None or (
        corrected.claim_type is not was.claim_type
    ):
        raise Conflict(
            "The corrected encounter no longer asks this payer, or is of another kind.",
            do="Void this claim and send the encounter as a new one.",
        )
    content = canonical_bytes(corrected)
    new = uow.encounters.add_version(
        stored.id, corrected, content=content, content_hash=encounter_hash(content)
    )
    if new.version != stored.version:
        subject = public_id(Prefix.ENCOUNTER, stored.id)
        uow.audit("encounter.revised", subject=subject, detail={"version": new.version})
        uow.event("encounter.revised", resource=subject, data={"version": new.version})
    return new


def _next_number(claim: StoredClaim) -> str:
    return number_of_attempt(claim.patient_control_number, claim.attempt + 1)


def _claim(uow: UnitOfWork, claim_id: UUID) -> StoredClaim:
    claim = uow.claims.get(claim_id)
    if claim is None:
        raise NotFound("claim", public_id(Prefix.CLAIM, claim_id))
    return claim
