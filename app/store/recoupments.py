"""Recoupment balances from their view, and the claims that PLB references name."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, String, Uuid, column, select, table

from app.domain.money import ZERO
from app.domain.recoupment import Recoupment
from app.store.session import Session, chunks
from app.store.tables import (
    claim,
    claim_payment,
    provider_adjustment,
    provider_adjustment_token,
    submission,
)
from app.store.types import Cents

_VIEW: Any = table(
    "recoupment",
    column("tenant_id", Uuid(as_uuid=True)),
    column("id", Uuid(as_uuid=True)),
    *(column(name, String) for name in ("kind", "payer", "payer_name", "payee", "reference")),
    *(column(name, Cents) for name in ("balance", "refunded", "open")),
    column("pairs", Integer),
    column("first_date", Date),
    column("last_date", Date),
    column("reversed", Integer),
)


class RecoupmentRepository:
    """The `Recoupments` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, *, open_only: bool, limit: int, after: UUID | None) -> list[Recoupment]:
        conditions = [self._session.owns(_VIEW)]
        if open_only:
            conditions.append(_VIEW.c.open != ZERO)
        if after is not None:
            conditions.append(_VIEW.c.id > after)
        query = select(_VIEW).where(*conditions).order_by(_VIEW.c.id).limit(limit)
        rows = self._session.connection.execute(query).all()
        named = self._named([row.id for row in rows if row.kind == "WO"])
        return [_read(row, named.get(row.id)) for row in rows]

    def claims_named(self, remittance_id: UUID) -> dict[int, UUID]:
        rows = self._session.connection.execute(
            self._session.rows(
                provider_adjustment, provider_adjustment.c.remittance_id == remittance_id
            )
        ).all()
        named = self._named([row.id for row in rows])
        return {row.ordinal: named[row.id] for row in rows if row.id in named}

    def naming(self, claim_id: UUID) -> list[tuple[UUID, int]]:
        token, plb = provider_adjustment_token.c, provider_adjustment
        query = (
            select(plb.c.id, plb.c.remittance_id, plb.c.ordinal)
            .join_from(
                provider_adjustment_token,
                plb,
                (plb.c.tenant_id == token.tenant_id) & (plb.c.id == token.provider_adjustment_id),
            )
            .where(
                self._session.owns(provider_adjustment_token),
                token.token.in_(sorted(self._numbers(claim_id))),
            )
            .order_by(plb.c.id)
            .distinct()
        )
        rows = self._session.connection.execute(query).all()
        named = self._named([row.id for row in rows])
        return [(row.remittance_id, row.ordinal) for row in rows if named.get(row.id) == claim_id]

    def _numbers(self, claim_id: UUID) -> set[str]:
        """Every number the claim is known by, as tokens are spelled."""
        session = self._session
        queries = (
            select(submission.c.patient_control_number).where(
                session.owns(submission), submission.c.claim_id == claim_id
            ),
            select(claim.c.payer_claim_control_number).where(
                session.owns(claim), claim.c.id == claim_id
            ),
            select(claim_payment.c.payer_claim_control_number).where(
                session.owns(claim_payment), claim_payment.c.claim_id == claim_id
            ),
        )
        found = (n for query in queries for n in session.connection.execute(query).scalars())
        return {number.strip().upper() for number in found if number}

    def _named(self, pair_ids: list[UUID]) -> dict[UUID, UUID]:
        """The one claim that each pair names, by the payer's number before ours; where a number
        is that of several claims, none."""
        tokens: defaultdict[UUID, list[str]] = defaultdict(list)
        for some in chunks(pair_ids):
            query = self._session.rows(
                provider_adjustment_token,
                provider_adjustment_token.c.provider_adjustment_id.in_(some),
            ).order_by(provider_adjustment_token.c.ordinal)
            for row in self._session.connection.execute(query):
                tokens[row.provider_adjustment_id].append(row.token)
        everything = sorted({token for of_pair in tokens.values() for token in of_pair})
        by_payer: defaultdict[str, set[UUID]] = defaultdict(set)
        by_us: defaultdict[str, set[UUID]] = defaultdict(set)
        for texts in chunks(everything):
            for numbers, owner, found in (
                (claim.c.payer_claim_control_number, claim.c.id, by_payer),
                (claim_payment.c.payer_claim_control_number, claim_payment.c.claim_id, by_payer),
                (submission.c.patient_control_number, submission.c.claim_id, by_us),
            ):
                owners = select(numbers, owner).where(
                    self._session.owns(numbers.table), numbers.in_(texts), owner.is_not(None)
                )
                for number, claim_id in self._session.connection.execute(owners):
                    found[number.strip().upper()].add(claim_id)
        named = {}
        for pair_id, of_pair in tokens.items():
            for found in (by_payer, by_us):
                claims = set().union(*(found[t] for t in of_pair if t in found))
                if claims:
                    if len(claims) == 1:
                        named[pair_id] = claims.pop()
                    break
        return named


def _read(row: Any, claim_id: UUID | None) -> Recoupment:
    return Recoupment(
        id=row.id,
        kind=row.kind,
        payer=row.payer,
        payer_name=row.payer_name,
        payee=row.payee,
        reference=row.reference or None,
        balance=row.balance,
        refunded=row.refunded,
        pairs=row.pairs,
        first_date=row.first_date,
        last_date=row.last_date,
        reversed=bool(row.reversed),
        claim_id=claim_id,
    )
