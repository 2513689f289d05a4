"""The evidence log: what files and we ourselves said, and which submissions it is about.

A fact is known by a hash of what it says and where, so the same file read twice says it once. What
a fact was matched to stands in rows of its own; a match that a later row supersedes counts no more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.lifecycle import Adjudication, Evidence, ReportedBy, Stage, rank
from app.flows.ports import FactPlace, MatchedEvidence, MatchId, TimelineItem
from app.store.session import Session, chunks
from app.store.tables import evidence, evidence_match, submission

# The method of a row that only takes a match back.
WITHDRAWN = "withdrawn"


class EvidenceRepository:
    """The `EvidenceLog` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, items: Iterable[MatchedEvidence]) -> None:
        by_identity = {_identity(item): item for item in items}
        ids = self._facts(by_identity)
        about = [
            (item, ids[identity], submission_id)
            for identity, item in by_identity.items()
            for submission_id in item.submission_ids
        ]
        self._session.insert_once(
            evidence_match,
            [
                self._match(id, *one, replaces=None)
                for id, one in zip(self._session.new_ids(len(about)), about, strict=True)
            ],
        )

    def append_again(self, items: Iterable[MatchedEvidence]) -> None:
        by_identity = {_identity(item): item for item in items}
        ids = self._facts(by_identity)
        last = self._last_matches(list(ids.values()))
        rows = []
        for identity, item in by_identity.items():
            for submission_id in item.submission_ids:
                before = last.get((ids[identity], submission_id))
                if before is None or before.method == WITHDRAWN:
                    id = self._session.new_id()
                    rows.append(
                        self._match(id, item, ids[identity], submission_id, replaces=before)
                    )
        self._session.insert(evidence_match, rows)

    def matches_of_claims(self, claim_ids: Sequence[UUID]) -> dict[FactPlace, list[MatchId]]:
        found: dict[FactPlace, list[MatchId]] = {}
        for some in chunks(list(claim_ids)):
            query = (
                matched_evidence()
                .add_columns(evidence_match.c.id.label("match_id"))
                .join(
                    submission,
                    (submission.c.tenant_id == evidence_match.c.tenant_id)
                    & (submission.c.id == evidence_match.c.submission_id),
                )
                .where(
                    self._session.owns(submission),
                    self._session.among(submission.c.claim_id, some),
                    evidence.c.kind == "835",
                )
                .order_by(evidence_match.c.id)
            )
            for row in self._session.connection.execute(query).all():
                place = FactPlace(row.file_id, row.segment_number)
                found.setdefault(place, []).append(MatchId(row.match_id, row.submission_id))
        return found

    def withdraw(self, matches: Sequence[MatchId]) -> None:
        rows: list[Any] = []
        for some in chunks([match.id for match in matches]):
            query = self._session.rows(
                evidence_match, self._session.among(evidence_match.c.id, some)
            )
            rows += self._session.connection.execute(query).all()
        now = self._session.clock.now()
        self._session.insert(
            evidence_match,
            [
                {
                    "id": self._session.new_id(),
                    "evidence_id": row.evidence_id,
                    "submission_id": row.submission_id,
                    "revision": row.revision + 1,
                    "supersedes_id": row.id,
                    "method": WITHDRAWN,
                    "confidence": row.confidence,
                    "matched_by": self._session.actor,
                    "matched_at": now,
                }
                for row in rows
            ],
        )

    def of_submissions(self, submission_ids: Sequence[UUID]) -> dict[UUID, list[Evidence]]:
        found: dict[UUID, list[Evidence]] = {id: [] for id in submission_ids}
        for some in chunks(list(found)):
            query = _SAID.where(
                self._session.owns(evidence_match),
                self._session.among(evidence_match.c.submission_id, some),
            )
            for submission_id, *said in self._session.connection.execute(query).all():
                found[submission_id].append(_evidence(*said))
        return found

    def timeline(self, claim_id: UUID) -> list[TimelineItem]:
        query = (
            matched_evidence()
            .join(
                submission,
                (submission.c.tenant_id == evidence_match.c.tenant_id)
                & (submission.c.id == evidence_match.c.submission_id),
            )
            .where(self._session.owns(submission), submission.c.claim_id == claim_id)
            .order_by(evidence.c.effective, evidence.c.recorded_at, evidence.c.segment_number)
        )
        rows = self._session.connection.execute(query).all()
        once = {row.id: row for row in rows}  # one fact may be about two submissions of the claim
        return sorted((_item(row) for row in once.values()), key=_in_story_order)

    def _last_matches(self, evidence_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Any]:
        last: dict[tuple[UUID, UUID], Any] = {}
        for some in chunks(evidence_ids):
            query = self._session.rows(
                evidence_match, self._session.among(evidence_match.c.evidence_id, some)
            ).order_by(evidence_match.c.revision)
            for row in self._session.connection.execute(query).all():
                last[row.evidence_id, row.submission_id] = row
        return last

    def _match(
        self,
        id: UUID,
        item: MatchedEvidence,
        evidence_id: UUID,
        submission_id: UUID,
        *,
        replaces: Any,
    ) -> dict[str, Any]:
        return {
            "id": id,
            "evidence_id": evidence_id,
            "submission_id": submission_id,
            "revision": 0 if replaces is None else replaces.revision + 1,
            "supersedes_id": None if replaces is None else replaces.id,
            "method": item.method,
            "confidence": item.confidence,
            "matched_by": self._session.actor,
            "matched_at": self._session.clock.now(),
        }

    def _facts(self, by_identity: Mapping[str, MatchedEvidence]) -> dict[str, UUID]:
        """The ids of these facts, which are kept once."""
        now = self._session.clock.now()
        ids = dict(zip(by_identity, self._session.new_ids(len(by_identity)), strict=True))
        rows = [
            {"id": ids[identity], "identity": identity, "recorded_at": now, **_columns(item)}
            for identity, item in by_identity.items()
        ]
        return ids if self._session.insert_once(evidence, rows) else self._ids(list(by_identity))

    def _ids(self, identities: Sequence[str]) -> dict[str, UUID]:
        ids: dict[str, UUID] = {}
        for some in chunks(identities):
            query = select(evidence.c.identity, evidence.c.id).where(
                self._session.owns(evidence), self._session.among(evidence.c.identity, some)
            )
            ids.update((identity, id) for identity, id in self._session.connection.execute(query))
        return ids


def _in_story_order(item: TimelineItem) -> tuple[date, int]:
    """By day, then by what follows what: the dates of an X12 file carry no time of day."""
    return item.at.date(), rank(item.stage, ReportedBy(item.reported_by))


def matched_evidence() -> Select[Any]:
    """Evidence with the matches that stand."""
    later = evidence_match.alias("later")
    superseded = (
        select(later.c.id)
        .where(
            later.c.tenant_id == evidence_match.c.tenant_id,
            later.c.supersedes_id == evidence_match.c.id,
        )
        .exists()
    )
    return (
        select(evidence, evidence_match.c.submission_id)
        .join_from(
            evidence_match,
            evidence,
            (evidence.c.tenant_id == evidence_match.c.tenant_id)
            & (evidence.c.id == evidence_match.c.evidence_id),
        )
        .where(~superseded, evidence_match.c.method != WITHDRAWN)
    )


def _identity(item: MatchedEvidence) -> str:
    fact = item.evidence
    # What we say ourselves has no place in a file; it is told apart by whom it is about.
    about = [] if fact.file_sha256 else sorted(str(id) for id in item.submission_ids)
    decided = fact.adjudication
    parts = [
        fact.kind,
        fact.stage,
        fact.reported_by,
        fact.effective.isoformat(),
        fact.code,
        fact.file_sha256,
        fact.segment_number,
        fact.loop,
        item.subject,
        decided
        and [
            decided.status,
            str(decided.charge),
            str(decided.paid),
            decided.payer_claim_control_number,
        ],
        about,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _columns(item: MatchedEvidence) -> dict[str, Any]:
    fact = item.evidence
    decided = fact.adjudication
    return {
        "kind": fact.kind,
        "stage": fact.stage,
        "reported_by": fact.reported_by,
        "effective": fact.effective,
        "code": fact.code,
        "subject": item.subject,
        "file_id": item.file_id,
        "file_sha256": fact.file_sha256,
        "segment_number": fact.segment_number,
        "loop": fact.loop,
        "claim_status": decided.status if decided else None,
        "charge": decided.charge if decided else None,
        "paid": decided.paid if decided else None,
        "payer_claim_control_number": decided.payer_claim_control_number if decided else None,
    }


_FACT = (
    "stage",
    "reported_by",
    "effective",
    "kind",
    "code",
    "file_sha256",
    "segment_number",
    "loop",
    "claim_status",
    "charge",
    "paid",
    "payer_claim_control_number",
)
_SAID = matched_evidence().with_only_columns(
    evidence_match.c.submission_id,
    *(evidence.c[name] for name in _FACT),
    maintain_column_froms=True,
)


def read_evidence(row: Any) -> Evidence:
    return _evidence(*(row._mapping[name] for name in _FACT))


def _evidence(stage: str, reported_by: str, *fact: Any) -> Evidence:
    effective, kind, code, sha256, segment, loop, status, charge, paid, payer_number = fact
    decided = None if status is None else Adjudication(status, charge, paid, payer_number)
    return Evidence(
        Stage(stage), ReportedBy(reported_by), effective, kind, code, sha256, segment, loop, decided
    )


def _item(row: Any) -> TimelineItem:
    return TimelineItem(
        at=row.effective,
        stage=Stage(row.stage),
        reported_by=row.reported_by,
        code=row.code,
        file_id=row.file_id,
        segment_number=row.segment_number if row.file_id else None,
        loop=row.loop,
    )
