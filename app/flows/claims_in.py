"""The claims of an 837 that came in, each taken by itself, a transaction each.

A claim is one encounter, known by its sender's name for it (submitter, billing provider, CLM01).
What its sender does next with that claim is done here too: sent anew after a rejection it is
resubmitted, with frequency 7 or 8 it is replaced or voided. Run again after a kill, what was taken
is found unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.documents.encounter import canonical_bytes, encounter_hash, read_encounter
from app.documents.problem import Problem
from app.domain.claim import Frequency, StoredClaim, positions_due
from app.domain.encounter import Encounter
from app.domain.errors import Conflict
from app.domain.lifecycle import Stage
from app.flows.again import REJECTED, replace_claim, resubmit_claims, void_claim
from app.flows.answers import refuses_whole_sets
from app.flows.claims import build_claims
from app.flows.evidence import own, record
from app.flows.intake import CORRECTABLE, Taken, take_encounter
from app.flows.ports import (
    FileState,
    MatchedEvidence,
    RawFiles,
    StoredFile,
    UnitOfWork,
    UnitsOfWork,
)
from app.x12.answers import refused_sets
from app.x12.claims_in import IncomingClaim, incoming_claims
from app.x12.inbound import Inspection

MOST_ISSUES = 10_000  # kept with the file's row
_CHANGES = frozenset({Frequency.REPLACEMENT, Frequency.VOID})


@dataclass(frozen=True, slots=True)
class TakenClaims:
    """What became of a file of claims."""

    state: FileState
    reason: str | None
    issues: tuple[dict[str, Any], ...]


def take_claims(
    units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, file: StoredFile, found: Inspection
) -> TakenClaims:
    """Take what can be taken; safe to run again from any point.

    Where a 999 of ours refuses a transaction set, none of its claims is taken: its sender sends all
    of them again.
    """
    data = raw.get(tenant_id, file.sha256)
    with units(tenant_id, actor="system") as uow:
        whole_sets, now = refuses_whole_sets(uow, found), uow.clock.now()
    refused = refused_sets(data, at=now) if whole_sets else frozenset()
    issues: list[dict[str, Any]] = []
    claims = taken = 0
    for claim in incoming_claims(data):
        claims += 1
        faults = [_SET_REFUSED] if claim.set_key in refused else _take(units, tenant_id, claim)
        issues += [_issue(claim, fault) for fault in faults]
        if not faults:
            taken += 1
            issues += _left(claim)
    state = FileState.PROCESSED if taken or not claims else FileState.FAILED
    return TakenClaims(state, _reason(claims, taken), tuple(issues[:MOST_ISSUES]))


def _take(units: UnitsOfWork, tenant_id: UUID, claim: IncomingClaim) -> list[Problem]:
    """What keeps the claim from being taken; empty where it was, or had been."""
    if claim.encounter is None:
        errors = [issue for issue in claim.issues if issue.severity == "error"]
        return [Problem("", e.code, e.told) for e in errors] or [_UNREAD]
    encounter = read_encounter(canonical_bytes(claim.encounter))
    if isinstance(encounter, list):
        return encounter
    if any(left.name == _PAY_TO_PLAN for left in claim.left):
        return [_PAYS_ANOTHER]
    if positions_due(encounter) != [claim.asked]:
        return [_NOT_NEXT]
    try:
        with units(tenant_id, actor="system") as uow:
            return _decide(uow, encounter, position=claim.asked)
    except Conflict as conflict:
        return [Problem("", "conflict", str(conflict))]


def _decide(uow: UnitOfWork, encounter: Encounter, *, position: str) -> list[Problem]:
    if uow.claims.by_patient_control_number([encounter.external_id]):
        return [_OURS]
    known = uow.encounters.find(
        source_system=encounter.source_system, external_id=encounter.external_id
    )
    claims = uow.claims.of_encounter(known.id) if known else []
    if known is not None and known.encounter.claim_frequency_code not in _CHANGES:
        encounter, frequency = _as_first(encounter), encounter.claim_frequency_code
    else:  # new, or its original was never here: that it changes one is part of what it is
        frequency = Frequency.ORIGINAL
    asked = [claim for claim in claims if claim.responsibility == position]
    if claims and not asked:
        return [_FOLLOWED]
    if claims and frequency == Frequency.VOID and _all_unsent(claims):
        return _hold_back(uow, asked[0])
    if not claims or _all_unsent(claims):
        intake = take_encounter(uow, encounter)
        if intake.taken is Taken.REFUSED:
            return [_HAS_LEFT]
        build_claims(uow, intake.stored.id)
        return []
    same = known and encounter_hash(canonical_bytes(encounter)) == known.content_hash
    return _change(uow, frequency, asked[0], None if same else encounter)


def _change(
    uow: UnitOfWork, frequency: str, claim: StoredClaim, corrected: Encounter | None
) -> list[Problem]:
    """The sender's word about a claim of its that has left; `corrected` where the content differs.

    What was done already, with the very content, is not done again.
    """
    if frequency == Frequency.VOID:
        if claim.frequency == Frequency.VOID:
            return []
        void_claim(uow, claim.id, reason="Its sender's 837 voids it (CLM05-3 is 8).")
        return []
    if corrected is None:
        return [_STILL_REJECTED] if claim.stage in REJECTED else []
    if claim.stage in REJECTED:
        resubmit_claims(uow, [claim.id], corrected=corrected)
        return []
    if frequency != Frequency.REPLACEMENT:
        return [_HAS_LEFT]
    replace_claim(uow, claim.id, corrected=corrected)
    return []


def _hold_back(uow: UnitOfWork, claim: StoredClaim) -> list[Problem]:
    """Voided by its sender before it left: the payer never hears of it."""
    if claim.stage is not Stage.ON_HOLD:
        held = own(uow, Stage.ON_HOLD, code="VOIDED-BY-SENDER")
        record(uow, [MatchedEvidence(held, (claim.submission_id,))])
    return []


def _all_unsent(claims: Sequence[StoredClaim]) -> bool:
    return all(claim.stage in CORRECTABLE for claim in claims)


def _as_first(encounter: Encounter) -> Encounter:
    """Its content without the change it asks for: that a claim replaces another is the claim's."""
    if encounter.claim_frequency_code not in _CHANGES:
        return encounter
    return replace(
        encounter, claim_frequency_code=Frequency.ORIGINAL.value, claim_control_number=None
    )


# ── What is told ───────────────────────────────────────────────────────────

_UNREAD = Problem("", "unreadable", "The claim could not be read as its guide has it.")
_SET_REFUSED = Problem(
    "",
    "set_refused",
    "Its transaction set has a fault and is refused by the 999; mend it and send all of it again.",
)
_PAY_TO_PLAN = "NM1*PE"  # 2010AC
_PAYS_ANOTHER = Problem(
    "",
    "pay_to_plan",
    "It asks that a plan be paid in the provider's place (2010AC), which our claims cannot say; the"
    " money would go elsewhere. Send it to the payer another way.",
)
_NOT_NEXT = Problem(
    "",
    "payer_not_next",
    "It asks a payer whose turn it is not: tell what each payer before it decided (2320 and 2430,"
    " CAS, AMT*D), or that it never covers this (AMT*A8).",
)
_OURS = Problem(
    "",
    "own_claim",
    "Its CLM01 is the number of a claim that we wrote ourselves; a claim is not taken twice.",
)
_FOLLOWED = Problem(
    "",
    "payer_asked_by_us",
    "It asks another payer for a claim that was taken here already; the next payer is asked from"
    " what the one before it decides, so nothing was taken. See POST /v1/claims/{id}:billNext.",
)
_HAS_LEFT = Problem(
    "",
    "claim_has_left",
    "It differs from the claim that was taken under this CLM01, which has left; nothing was"
    " changed. Send the change as a replacement (CLM05-3 is 7).",
)
_STILL_REJECTED = Problem(
    "",
    "still_rejected",
    "It is the same as the claim that was rejected, so it would be rejected again; nothing was"
    " sent. Mend what the rejection names, or resubmit it as it is by POST"
    " /v1/claims/{id}:resubmit.",
)


def _left(claim: IncomingClaim) -> list[dict[str, Any]]:
    return [
        _place(left.segment_number)
        | {
            "code": "CLAIM-LEFT",
            "severity": "warning",
            "message": f"{left.name} stays in the file as it stands: the claim we make of this"
            " does not carry it in these words.",
        }
        for left in claim.left
    ]


def _issue(claim: IncomingClaim, problem: Problem) -> dict[str, Any]:
    return _place(claim.segment_number) | {
        "code": problem.code,
        "severity": "error",
        "pointer": problem.pointer,
        "message": problem.message,
    }


def _place(segment_number: int) -> dict[str, Any]:
    return {"segmentNumber": segment_number}


def _reason(claims: int, taken: int) -> str | None:
    if taken == claims:
        return None
    return (
        f"{claims - taken} of {claims} claims were refused; {taken} were taken. The issues name"
        " each by the segment number of its CLM."
    )
