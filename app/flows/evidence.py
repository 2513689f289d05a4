"""Evidence in, state out: append facts, fold what each touched claim now is, tell who listens."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from app.domain.identity import Prefix, public_id
from app.domain.lifecycle import Evidence, ReportedBy, Stage, fold_as
from app.flows.ports import Folded, MatchedEvidence, MatchId, UnitOfWork

# A fact without a date of its own ranks behind every dated one, whenever it arrives.
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def record(
    uow: UnitOfWork,
    items: Sequence[MatchedEvidence],
    *,
    again: Sequence[MatchedEvidence] = (),
    payer_numbers: Mapping[UUID, str] | None = None,
) -> None:
    """Append the facts and project the fold of every submission they touch.

    `again` are facts whose match a person may have taken back before. `payer_numbers` maps a
    submission to the payer claim control number its evidence brought.
    """
    uow.evidence.append(items)
    if again:
        uow.evidence.append_again(again)
    touched = {s for item in (*items, *again) for s in item.submission_ids}
    project(uow, touched, payer_numbers or {})


def withdraw(uow: UnitOfWork, matches: Sequence[MatchId]) -> None:
    """Facts that are about these submissions no more, and what the submissions are without them."""
    uow.evidence.withdraw(matches)
    project(uow, {match.submission_id for match in matches}, {})


def project(
    uow: UnitOfWork, submissions: Collection[UUID], payer_numbers: Mapping[UUID, str]
) -> None:
    """Fold what is known of each submission, keep it beside its claim, tell what changed."""
    touched = sorted(submissions, key=lambda s: s.bytes)
    if not touched:
        return
    claims = uow.claims.shown(touched)
    history = uow.evidence.of_submissions(touched)
    folded = []
    for submission in touched:
        claim = claims[submission]
        if claim.submission_id != submission:
            continue  # the claim shows its latest submission; this fact is about an earlier one
        state = fold_as(history[submission], frequency=claim.frequency)
        # The remittance that stands says the number that a replacement has to name.
        decided = state.evidence.adjudication if state.evidence else None
        number = decided.payer_claim_control_number if decided else None
        folded.append(Folded(claim.id, state, number or payer_numbers.get(submission)))
        if state.stage is not claim.stage:
            uow.event(
                "claim.status_changed",
                resource=public_id(Prefix.CLAIM, claim.id),
                data={
                    "from": claim.stage.status,
                    "to": state.stage.status,
                    "stage": state.stage,
                    "reportedBy": state.evidence.reported_by if state.evidence else None,
                },
            )
    uow.claims.project(folded)


def own(uow: UnitOfWork, stage: Stage, *, code: str | None = None) -> Evidence:
    """What we did ourselves, just now."""
    return Evidence(stage, ReportedBy.SYSTEM, uow.clock.now(), kind="OWN", code=code)


def at_midnight(day: date | None) -> datetime:
    """X12 dates carry no zone: they are kept as dates and compared as midnights."""
    return datetime.combine(day, time(), tzinfo=UTC) if day else _UNDATED
