"""Claims: finding them, locking them, and the projections kept beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, update

from app.documents.snapshot import filing_code, read_snapshot
from app.domain.claim import PRIMARY, Claim, ClaimLine, StoredClaim
from app.domain.finding import Finding
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.flows.ports import Added, Amounts, ClaimFilter, Folded, ShownClaim
from app.store import tables as t
from app.store.bulk import ADD, SET, UNLESS_NONE
from app.store.claim_rows import SNAPSHOT, claims_where, findings_json, stored_claims
from app.store.claim_writer import ClaimWriter
from app.store.partners import payers_of_partner
from app.store.session import Session, chunks

_ADDED = {"paid": ADD, "adjusted": ADD, "patient_responsibility": ADD}
_PROJECTED = {
    "stage": SET,
    "status": SET,
    "reported_by": SET,
    "as_of": SET,
    "payer_claim_control_number": UNLESS_NONE,
}


class ClaimRepository(ClaimWriter):
    """The `Claims` of one unit of work."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def of_encounter(self, encounter_id: UUID) -> list[StoredClaim]:
        # The encounter is held, so that two workers do not both find that it has no claim yet.
        query = select(t.encounter.c.id).where(
            self._session.owns(t.encounter), t.encounter.c.id == encounter_id
        )
        self._session.connection.execute(self._session.locked(query, t.encounter))
        return self._find(t.claim.c.encounter_id == encounter_id)

    def search(self, which: ClaimFilter, *, limit: int, after: UUID | None) -> list[StoredClaim]:
        conditions: list[ColumnElement[bool]] = []
        if which.patient_control_number is not None:
            number = t.submission.c.patient_control_number == which.patient_control_number
            of_number = select(t.submission.c.claim_id).where(
                self._session.owns(t.submission), number
            )
            conditions.append(t.claim.c.id.in_(of_number))
        if which.status is not None:
            conditions.append(t.claim.c.status == which.status)
        if which.stage is not None:
            conditions.append(t.claim.c.stage == which.stage)
        if after is not None:
            conditions.append(t.claim.c.id > after)
        query = claims_where(self._session, *conditions).limit(limit)
        return stored_claims(self._session, self._session.connection.execute(query).all())

    def set_findings(self, claim_id: UUID, findings: Sequence[Finding]) -> None:
        self._session.connection.execute(
            update(t.claim)
            .where(self._session.owns(t.claim), t.claim.c.id == claim_id)
            .values(findings=findings_json(findings))
        )

    def ready(self, *, limit: int, partner_id: UUID | None = None) -> list[UUID]:
        written = exists().where(
            self._session.owns(t.batch_position),
            t.batch_position.c.submission_id == t.claim.c.submission_id,
        )
        query = (
            select(t.claim.c.id)
            .where(self._session.owns(t.claim), t.claim.c.stage == Stage.READY, ~written)
            .order_by(t.claim.c.id)
            .limit(limit)
        )
        if partner_id is not None:
            query = query.where(
                t.claim.c.payer_row.in_(payers_of_partner(self._session, partner_id))
            )
        return list(self._session.connection.execute(query).scalars())

    def to_send(self, claim_ids: Sequence[UUID]) -> list[tuple[StoredClaim, Claim]]:
        claims = self._locked(sorted(claim_ids))
        snapshots = self.snapshots(list(claims))
        return [(stored, snapshots[id]) for id, stored in claims.items()]

    def snapshots(self, claim_ids: Sequence[UUID]) -> dict[UUID, Claim]:
        return {id: read_snapshot(content) for id, content in self._contents(claim_ids)}

    def filing_codes(self, claim_ids: Sequence[UUID]) -> dict[UUID, str | None]:
        return {id: filing_code(content) for id, content in self._contents(claim_ids)}

    def _contents(self, claim_ids: Sequence[UUID]) -> Iterator[tuple[UUID, bytes]]:
        for some in chunks(claim_ids):
            query = (
                select(t.claim_version)
                .join_from(
                    t.claim,
                    t.claim_version,
                    (t.claim_version.c.tenant_id == t.claim.c.tenant_id)
                    & (t.claim_version.c.claim_id == t.claim.c.id)
                    & (t.claim_version.c.version == t.claim.c.version),
                )
                .where(self._session.owns(t.claim), self._session.among(t.claim.c.id, some))
            )
            for row in self._session.connection.execute(query).all():
                content = self._session.open(row.content, row.content_key_id, SNAPSHOT)
                yield row.claim_id, content

    def by_patient_control_number(self, numbers: Sequence[str]) -> dict[str, StoredClaim]:
        owners: dict[str, tuple[UUID, UUID]] = {}
        for some in chunks(list(numbers)):
            query = select(
                t.submission.c.patient_control_number, t.submission.c.claim_id, t.submission.c.id
            ).where(
                self._session.owns(t.submission),
                self._session.among(t.submission.c.patient_control_number, some),
            )
            for number, claim_id, id in self._session.connection.execute(query).all():
                owners[number] = (claim_id, id)
        claims = self._with_siblings({claim_id for claim_id, _ in owners.values()})
        return {
            number: replace(
                claims[owner], submission_id=submission_id, patient_control_number=number
            )
            for number, (owner, submission_id) in owners.items()
        }

    def held(self, claim_ids: Sequence[UUID]) -> dict[UUID, StoredClaim]:
        return self._with_siblings(set(claim_ids))

    def shown(self, submission_ids: Sequence[UUID]) -> dict[UUID, ShownClaim]:
        owners: dict[UUID, UUID] = {}
        for some in chunks(list(submission_ids)):
            query = select(t.submission.c.id, t.submission.c.claim_id).where(
                self._session.owns(t.submission), self._session.among(t.submission.c.id, some)
            )
            owners.update((id, owner) for id, owner in self._session.connection.execute(query))
        c = t.claim.c
        found: dict[UUID, ShownClaim] = {}
        for some in chunks(sorted(set(owners.values()))):
            of_claims: Select[Any] = (
                select(c.id, c.submission_id, c.frequency, c.stage)
                .where(self._session.owns(t.claim), self._session.among(c.id, some))
                .order_by(c.id)
            )
            held = self._session.connection.execute(self._session.locked(of_claims, t.claim))
            for id, latest, frequency, stage in held:
                found[id] = ShownClaim(id, latest, frequency, Stage(stage))
        return {id: found[owner] for id, owner in owners.items()}

    def project(self, states: Sequence[Folded]) -> None:
        rows = [
            {
                "id": one.claim_id,
                "stage": one.state.stage,
                "status": one.state.stage.status,
                "reported_by": one.state.evidence.reported_by if one.state.evidence else "SYSTEM",
                "as_of": one.state.evidence.effective if one.state.evidence else None,
                "payer_claim_control_number": one.payer_claim_control_number,
            }
            for one in states
        ]
        self._session.change(t.claim, rows, how=_PROJECTED)

    def add_amounts(self, postings: Sequence[Added]) -> None:
        claims: dict[UUID, Amounts] = {}
        lines: dict[tuple[UUID, UUID], Amounts] = {}
        for one in postings:
            claims[one.claim_id] = _sum(claims.get(one.claim_id), one.total)
            for line_id, amounts in one.lines.items():
                key = (one.claim_id, line_id)
                lines[key] = _sum(lines.get(key), amounts)
        of_claims = [{"id": id, **_columns(sums)} for id, sums in claims.items()]
        self._session.change(t.claim, of_claims, how=_ADDED)
        of_lines = [
            {"id": id, "claim_id": claim_id, **_columns(sums)}
            for (claim_id, id), sums in lines.items()
        ]
        self._session.change(t.service_line, of_lines, how=_ADDED, key=("id", "claim_id"))

    def _with_siblings(self, claim_ids: Collection[UUID]) -> dict[UUID, StoredClaim]:
        """As _locked, with the other claims of encounters that several payers are asked for: all of
        them owe the same charges, so each knows what the others hold open."""
        other = t.claim.alias("other")
        wanted = set(claim_ids)
        for some in chunks(sorted(claim_ids)):
            query = (
                select(other.c.id)
                .join_from(
                    t.claim,
                    other,
                    (other.c.tenant_id == t.claim.c.tenant_id)
                    & (other.c.encounter_id == t.claim.c.encounter_id),
                )
                .where(self._session.owns(t.claim), self._session.among(t.claim.c.id, some))
                .where(t.claim.c.next_position.is_not(None) | (t.claim.c.responsibility != PRIMARY))
            )
            wanted.update(self._session.connection.execute(query).scalars())
        held = self._locked(sorted(wanted))
        if wanted == set(claim_ids) and not any(c.next_position for c in held.values()):
            return held
        of_encounter: defaultdict[UUID, list[StoredClaim]] = defaultdict(list)
        for one in held.values():
            of_encounter[one.encounter_id].append(one)
        return {
            id: _beside(held[id], of_encounter[held[id].encounter_id])
            for id in sorted(claim_ids)
            if id in held
        }

    def _locked(self, claim_ids: Sequence[UUID]) -> dict[UUID, StoredClaim]:
        """The claims, held in the order of their ids, so that two workers never wait in a ring."""
        found: dict[UUID, StoredClaim] = {}
        for some in chunks(claim_ids):
            query = claims_where(self._session, self._session.among(t.claim.c.id, some))
            rows = self._session.connection.execute(self._session.locked(query, t.claim)).all()
            found.update((c.id, c) for c in stored_claims(self._session, rows))
        return found


def _sum(before: Amounts | None, more: Amounts) -> Amounts:
    if before is None:
        return more
    return Amounts(
        before.paid + more.paid,
        before.adjusted + more.adjusted,
        before.patient_responsibility + more.patient_responsibility,
    )


def _columns(sums: Amounts) -> dict[str, Decimal]:
    return {
        "paid": sums.paid,
        "adjusted": sums.adjusted,
        "patient_responsibility": sums.patient_responsibility,
    }


def _beside(claim: StoredClaim, claims: Sequence[StoredClaim]) -> StoredClaim:
    """The claim with what else is open of the same charges: with the other claims, and what a payer
    gave on that no claim asks the next one for yet."""
    open_of: defaultdict[UUID | None, Decimal] = defaultdict(lambda: ZERO)  # None: of the claim
    asked = {one.responsibility for one in claims}
    for one in claims:
        places: list[tuple[UUID | None, StoredClaim | ClaimLine]] = [(None, one)]
        places += [(line.charge_id, line) for line in one.lines]
        for charge_id, place in places:
            if one.id != claim.id:
                open_of[charge_id] += place.balance
            if one.next_position is not None and one.next_position not in asked:
                open_of[charge_id] += place.patient_responsibility
    return replace(
        claim,
        open_elsewhere=open_of[None],
        lines=tuple(replace(x, open_elsewhere=open_of[x.charge_id]) for x in claim.lines),
    )
