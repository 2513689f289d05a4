"""Decisions of earlier payers as they are stored, and what each payer is asked for by the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import TableClause, column, func, select, text, update
from sqlalchemy import table as view

from app.domain.ack import Place
from app.domain.claim import PRIMARY, StoredClaim
from app.domain.crossover import NextResponsibility, NextState
from app.domain.ledger import Account
from app.domain.money import ZERO
from app.domain.next_payer import Adjudicated
from app.domain.posting import HANDED_ON
from app.domain.procedure import Procedure
from app.domain.remittance import Adjustment, ClaimPayment, ServicePayment
from app.flows.ports import PaymentState
from app.store import tables as t
from app.store.claim_rows import claims_where, stored_claims
from app.store.remittance_rows import stored_remittance
from app.store.session import Session, chunks

_REVERSAL = "22"
_CLAIM_LEVEL = 0  # service_ordinal
_VIEWS = {
    NextState.READY: "wl_claims_secondary_ready",
    NextState.CROSSOVER_WAITING: "wl_claims_crossover_waiting",
    NextState.TO_REPLACE: "wl_claims_secondary_to_replace",
}


class NextPayerRepository:
    """The `NextPayers` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def adjudications(self, claim_id: UUID) -> list[Adjudicated]:
        payment = t.claim_payment
        query = self._session.rows(
            payment,
            payment.c.claim_id == claim_id,
            payment.c.state == PaymentState.POSTED,
            payment.c.status != _REVERSAL,
        ).order_by(payment.c.id)
        found = [self._adjudicated(row) for row in self._session.connection.execute(query).all()]
        return sorted(
            found, key=lambda a: (str(a.remittance.effective_date), a.payment.ordinal, a.id)
        )

    def keep_basis(self, claim_id: UUID, version: int, payment_ids: Collection[UUID]) -> None:
        self._session.insert_once(
            t.claim_basis,
            [
                {"claim_id": claim_id, "version": version, "claim_payment_id": id}
                for id in sorted(payment_ids)
            ],
        )

    def basis(self, claim_id: UUID) -> set[UUID]:
        latest = select(t.claim.c.version).where(
            self._session.owns(t.claim), t.claim.c.id == claim_id
        )
        query = select(t.claim_basis.c.claim_payment_id).where(
            self._session.owns(t.claim_basis),
            t.claim_basis.c.claim_id == claim_id,
            t.claim_basis.c.version == latest.scalar_subquery(),
        )
        return set(self._session.connection.execute(query).scalars())

    def due(self, *, limit: int, after: UUID | None = None) -> list[UUID]:
        listed = _worklist(NextState.READY)
        query = select(listed.c.claim_id).where(listed.c.tenant_id == self._session.tenant.id)
        if after is not None:
            query = query.where(listed.c.claim_id > after)
        ordered = query.order_by(listed.c.claim_id).limit(limit)
        return list(self._session.connection.execute(ordered).scalars())

    def behind(self, claim_ids: Collection[UUID]) -> dict[UUID, list[StoredClaim]]:
        found: dict[UUID, list[StoredClaim]] = {}
        later = t.claim.alias("later")
        for some in chunks(sorted(claim_ids)):
            query = (
                select(t.claim.c.id, later.c.id)
                .join_from(
                    t.claim,
                    later,
                    (later.c.tenant_id == t.claim.c.tenant_id)
                    & (later.c.encounter_id == t.claim.c.encounter_id)
                    & (later.c.id > t.claim.c.id),
                )
                .where(self._session.owns(t.claim), self._session.among(t.claim.c.id, some))
                .where(t.claim.c.next_position.is_not(None))
            )
            pairs = self._session.connection.execute(query).all()
            claims = self._claims({behind for _, behind in pairs})
            for id, behind in pairs:
                found.setdefault(id, []).append(claims[behind])
        return found

    def states(self, claims: Sequence[StoredClaim]) -> dict[UUID, NextResponsibility]:
        asking = {c.id: c for c in claims if c.next_position is not None}
        found: dict[UUID, NextResponsibility] = {}
        for some in chunks(list(asking)):
            ready = self._listed(NextState.READY, some)
            waiting = self._listed(NextState.CROSSOVER_WAITING, some)
            built = self._next_claims(some)
            outdated = self._listed(NextState.TO_REPLACE, list(built.values()))
            for id in some:
                claim_id = built.get(id)
                if claim_id is not None:
                    state = NextState.TO_REPLACE if claim_id in outdated else NextState.BILLED
                elif id in waiting:
                    state = NextState.CROSSOVER_WAITING
                else:
                    state = NextState.READY if id in ready else NextState.NOT_DUE
                position = asking[id].next_position
                assert position is not None
                found[id] = NextResponsibility(position, state, claim_id)
        return found

    def restate(self, encounter_id: UUID) -> None:
        of_encounter = claims_where(self._session, t.claim.c.encounter_id == encounter_id)
        rows = self._session.connection.execute(of_encounter).all()
        claims = stored_claims(self._session, rows)
        if len(claims) < 2 and all(c.responsibility == PRIMARY for c in claims):
            return
        ids = [c.id for c in claims]
        owed = self._owed_to_later_payers(ids)
        handed = self._handed_on(ids)
        for claim in claims:
            if claim.predetermination:
                continue
            at = claim.responsibility
            by_line = {}
            for line in claim.lines:
                if at == PRIMARY:
                    by_line[line.id] = -handed[at, line.charge_id]
                else:
                    by_line[line.id] = line.balance + line.elsewhere - owed[at, line.charge_id]
            if at == PRIMARY:
                total = -sum((amount for (p, _), amount in handed.items() if p == at), ZERO)
            else:
                open_there = sum((amount for (p, _), amount in owed.items() if p == at), ZERO)
                total = claim.balance + claim.elsewhere - open_there
            self._keep_elsewhere(claim, total, by_line)

    def _owed_to_later_payers(
        self, claim_ids: Sequence[UUID]
    ) -> dict[tuple[str, UUID | None], Decimal]:
        """Receivables behind the first payer, by position and charge."""
        line = t.journal_line
        query = (
            select(line.c.payer_position, line.c.charge_id, func.sum(line.c.amount))
            .where(
                self._session.owns(line),
                line.c.claim_id.in_(claim_ids),
                text("payer_position <> 'P'"),  # as the index spells it
                line.c.account == Account.RECEIVABLE_PAYER,
            )
            .group_by(line.c.payer_position, line.c.charge_id)
        )
        owed: defaultdict[tuple[str, UUID | None], Decimal] = defaultdict(lambda: ZERO)
        for position, charge_id, amount in self._session.connection.execute(query).all():
            owed[position, charge_id] = amount
        return owed

    def _handed_on(self, claim_ids: Sequence[UUID]) -> dict[tuple[str, UUID | None], Decimal]:
        """What entries that hand on what is open did, by position and charge."""
        line, entry = t.journal_line, t.journal_entry
        query = (
            select(line.c.payer_position, line.c.charge_id, func.sum(line.c.amount))
            .join_from(
                entry,
                line,
                (line.c.tenant_id == entry.c.tenant_id) & (line.c.entry_id == entry.c.id),
            )
            .where(
                self._session.owns(entry),
                entry.c.source_type == HANDED_ON,
                entry.c.source_id.in_(claim_ids),
            )
            .group_by(line.c.payer_position, line.c.charge_id)
        )
        handed: defaultdict[tuple[str, UUID | None], Decimal] = defaultdict(lambda: ZERO)
        for position, charge_id, amount in self._session.connection.execute(query).all():
            handed[position, charge_id] = amount
        return handed

    def _keep_elsewhere(
        self, claim: StoredClaim, total: Decimal, by_line: dict[UUID, Decimal]
    ) -> None:
        for table, id, kept, amount in (
            (t.claim, claim.id, claim.elsewhere, total),
            *((t.service_line, x.id, x.elsewhere, by_line[x.id]) for x in claim.lines),
        ):
            if kept != amount:
                self._session.connection.execute(
                    update(table)
                    .where(self._session.owns(table), table.c.id == id)
                    .values(elsewhere=amount)
                )

    def _next_claims(self, claim_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        following = t.claim.alias("following")
        query = (
            select(t.claim.c.id, following.c.id)
            .join_from(
                t.claim,
                following,
                (following.c.tenant_id == t.claim.c.tenant_id)
                & (following.c.encounter_id == t.claim.c.encounter_id)
                & (following.c.responsibility == t.claim.c.next_position),
            )
            .where(self._session.owns(t.claim), t.claim.c.id.in_(claim_ids))
        )
        return {row[0]: row[1] for row in self._session.connection.execute(query).all()}

    def _listed(self, state: NextState, claim_ids: Sequence[UUID]) -> set[UUID]:
        """Which of the claims stand in the worklist of that state."""
        if not claim_ids:
            return set()
        listed = _worklist(state)
        query = select(listed.c.claim_id).where(
            listed.c.tenant_id == self._session.tenant.id, listed.c.claim_id.in_(claim_ids)
        )
        return set(self._session.connection.execute(query).scalars())

    def _claims(self, ids: Collection[UUID]) -> dict[UUID, StoredClaim]:
        query = claims_where(self._session, t.claim.c.id.in_(ids))
        rows = self._session.connection.execute(self._session.locked(query, t.claim)).all()
        return {c.id: c for c in stored_claims(self._session, rows)}

    def _adjudicated(self, row: Any) -> Adjudicated:
        lines = t.service_line
        positions = {
            id: position - 1
            for id, position in self._session.connection.execute(
                select(lines.c.id, lines.c.position).where(
                    self._session.owns(lines), lines.c.claim_id == row.claim_id
                )
            )
        }
        adjustments: defaultdict[int, list[Adjustment]] = defaultdict(list)
        for a in self._of_payment(t.adjustment, row.id):
            adjustments[a.service_ordinal].append(
                Adjustment(a.group, a.reason, a.amount, a.quantity)
            )
        remarks: defaultdict[int, list[str]] = defaultdict(list)
        for told in self._of_payment(t.remark, row.id):
            remarks[told.service_ordinal].append(told.code)
        services = self._of_payment(t.service_payment, row.id)
        remittance = self._session.connection.execute(
            self._session.rows(t.remittance, t.remittance.c.id == row.remittance_id)
        ).one()
        return Adjudicated(
            id=row.id,
            payment=ClaimPayment(
                ordinal=row.ordinal,
                patient_control_number=row.patient_control_number,
                status=row.status,
                charge=row.charge,
                paid=row.paid,
                patient_responsibility=row.patient_responsibility,
                payer_claim_control_number=row.payer_claim_control_number,
                member_id=self._text(row, "member_id"),
                adjustments=tuple(adjustments[_CLAIM_LEVEL]),
                remarks=tuple(remarks[_CLAIM_LEVEL]),
                services=tuple(
                    _service(s, adjustments[s.ordinal], remarks[s.ordinal]) for s in services
                ),
                service_date=row.service_date,
                crossover=row.crossover,
                imbalances=(),
                place=Place(row.segment_number, row.loop),
                corrected_member_id=self._text(row, "corrected_member_id"),
            ),
            remittance=stored_remittance(remittance).remittance,
            lines={
                s.ordinal: positions[s.service_line_id]
                for s in services
                if s.service_line_id in positions
            },
        )

    def _of_payment(self, table: Any, payment_id: UUID) -> Sequence[Any]:
        """Rows of one claim payment in the order of their keys."""
        order = [c for name, c in table.c.items() if name in ("service_ordinal", "ordinal")]
        query = self._session.rows(table, table.c.claim_payment_id == payment_id)
        return self._session.connection.execute(query.order_by(*order)).all()

    def _text(self, row: Any, name: str) -> str | None:
        data = row._mapping[name]
        if data is None:
            return None
        key_id = row._mapping[f"{name}_key_id"]
        opened = self._session.open(data, key_id, f"claim_payment.{name}")
        return opened.decode("utf-8", "surrogateescape")


def _worklist(state: NextState) -> TableClause:
    owner, claim = t.claim.c.tenant_id, t.claim.c.id
    return view(_VIEWS[state], column("tenant_id", owner.type), column("claim_id", claim.type))


def _service(row: Any, adjustments: Iterable[Adjustment], remarks: Iterable[str]) -> ServicePayment:
    return ServicePayment(
        ordinal=row.ordinal,
        line_control_number=row.line_control_number,
        procedure=_procedure(row.procedure),
        submitted_procedure=_procedure(row.submitted_procedure)
        if row.submitted_procedure
        else None,
        charge=row.charge,
        paid=row.paid,
        units=row.units,
        allowed=row.allowed,
        service_date=row.service_date,
        adjustments=tuple(adjustments),
        remarks=tuple(remarks),
        place=Place(row.segment_number, row.loop),
        revenue_code=row.revenue_code,
    )


def _procedure(told: dict[str, Any]) -> Procedure:
    return Procedure(
        code=told["code"],
        modifiers=tuple(told["modifiers"]),
        description=told["description"],
        qualifier=told["qualifier"],
    )
