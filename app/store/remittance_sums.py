"""What is stored of a remittance, added up by the database for its report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, case, func, select

from app.domain.ledger import Account
from app.domain.money import ZERO
from app.domain.remittance import PaymentState
from app.domain.remittance_report import NEXT_PAYER, Sums, Tally
from app.store import tables as t
from app.store.session import Session, chunks

_p, _s, _a, _b = t.claim_payment, t.service_payment, t.adjustment, t.provider_adjustment
_entry, _line = t.journal_entry, t.journal_line


def remittance_sums(session: Session, remittance_id: UUID) -> Sums:
    """Of all its claim payments, services, adjustments and PLB pairs, and of what they booked."""
    mine = (_p.c.tenant_id == session.tenant.id) & (_p.c.remittance_id == remittance_id)
    by_state = session.connection.execute(
        select(_p.c.state, func.count(), func.sum(_p.c.charge), func.sum(_p.c.paid))
        .where(mine)
        .group_by(_p.c.state)
        .order_by(_p.c.state)
    )
    tallies = tuple(Tally(PaymentState(row[0]), *row[1:]) for row in by_state)
    services, charge, paid = session.connection.execute(
        select(func.count(), func.sum(_s.c.charge), func.sum(_s.c.paid))
        .select_from(_s)
        .join(_p, _of(_s, _p))
        .where(mine)
    ).one()
    on_lines = case((_a.c.service_ordinal > 0, _a.c.amount))
    adjusted, lines_adjusted = session.connection.execute(
        select(func.sum(_a.c.amount), func.sum(on_lines))
        .select_from(_a)
        .join(_p, _of(_a, _p))
        .where(mine)
    ).one()
    pairs = session.connection.execute(
        select(func.sum(_b.c.amount)).where(session.owns(_b), _b.c.remittance_id == remittance_id)
    ).scalar_one()
    payments = select(_p.c.id).where(mine)
    adjustments = select(_b.c.id).where(session.owns(_b), _b.c.remittance_id == remittance_id)
    return Sums(
        tallies=tallies,
        adjusted=adjusted or ZERO,
        services=services,
        service_charge=charge or ZERO,
        service_paid=paid or ZERO,
        service_adjusted=lines_adjusted or ZERO,
        provider_adjustments=pairs or ZERO,
        applied=_booked(session, "claim_payment", payments),
        provider_posted=-_booked(session, "provider_adjustment", adjustments),
        deposited=-_booked(session, "remittance", [remittance_id]),
    )


def booked(
    session: Session, source_type: str, source_ids: Sequence[UUID]
) -> dict[UUID, dict[str, Decimal]]:
    """What each source has booked by account; what it left to another payer is NEXT_PAYER."""
    found: dict[UUID, dict[str, Decimal]] = {}
    next_payer = (_line.c.account == Account.RECEIVABLE_PAYER) & (
        _line.c.payer_position != t.claim.c.responsibility
    )
    account = case((next_payer, NEXT_PAYER), else_=_line.c.account)
    for some in chunks(source_ids):
        query = (
            select(_entry.c.source_id, account, func.sum(_line.c.amount))
            .select_from(_entry)
            .join(_line, _of_entry())
            .outerjoin(
                t.claim,
                (t.claim.c.tenant_id == _line.c.tenant_id) & (t.claim.c.id == _line.c.claim_id),
            )
            .where(
                session.owns(_entry),
                _entry.c.source_type == source_type,
                _entry.c.source_id.in_(some),
            )
            .group_by(_entry.c.source_id, account)
        )
        for source_id, name, amount in session.connection.execute(query):
            found.setdefault(source_id, {})[name] = amount
    return found


def _booked(session: Session, source_type: str, ids: Select[tuple[UUID]] | list[UUID]) -> Decimal:
    """What sources moved in unapplied."""
    total: Decimal | None = session.connection.execute(
        select(func.sum(_line.c.amount))
        .select_from(_entry)
        .join(_line, _of_entry())
        .where(
            session.owns(_entry),
            _entry.c.source_type == source_type,
            _entry.c.source_id.in_(ids),
            _line.c.account == Account.UNAPPLIED,
        )
    ).scalar_one()
    return total or ZERO


def _of_entry() -> ColumnElement[bool]:
    return (_line.c.tenant_id == _entry.c.tenant_id) & (_line.c.entry_id == _entry.c.id)


def _of(child: Table, parent: Table) -> ColumnElement[bool]:
    return (child.c.tenant_id == parent.c.tenant_id) & (child.c.claim_payment_id == parent.c.id)
