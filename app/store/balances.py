"""Where what a claim says its payer owes is not what the receivable of that payer holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Select, case, func, select, type_coerce

from app.domain.ledger import Account
from app.store import tables as t


def balances_that_differ() -> list[Select[Any]]:
    """Of claims, and of their lines: (claim, kept, booked[, charge]) in cents, by claim."""
    return [_differing(by_charge=False), _differing(by_charge=True)]


def _differing(*, by_charge: bool) -> Select[Any]:
    line, own = t.service_line, t.claim
    place = line if by_charge else own
    kept: Any = case((own.c.predetermination, 0), else_=_cents(place.c.charge))
    for name in ("elsewhere", "paid", "adjusted", "patient_responsibility"):
        kept = kept - _cents(place.c[name])
    held = _receivables(by_charge=by_charge).subquery()
    booked = _zero_if_none(held.c.cents)
    at = (
        (held.c.tenant_id == own.c.tenant_id)
        & (held.c.encounter_id == own.c.encounter_id)
        & (held.c.payer_position == own.c.responsibility)
    )
    columns: list[Any] = [own.c.id, kept.label("kept"), booked]
    query = select(*columns, *([line.c.charge_id] if by_charge else [])).select_from(own)
    if by_charge:
        query = query.join(
            line, (line.c.tenant_id == own.c.tenant_id) & (line.c.claim_id == own.c.id)
        )
        at &= held.c.charge_id == line.c.charge_id
    return query.join(held, at, isouter=True).where(kept != booked).order_by(own.c.id)


def _receivables(*, by_charge: bool) -> Select[Any]:
    """What payers owe by the journal, by encounter and position, and by charge where asked."""
    line, own = t.journal_line, t.claim
    kinds = [line.c.tenant_id, own.c.encounter_id, line.c.payer_position]
    if by_charge:
        kinds.append(line.c.charge_id)
    return (
        select(*kinds, func.sum(_cents(line.c.amount)).label("cents"))
        .join_from(line, own, (own.c.tenant_id == line.c.tenant_id) & (own.c.id == line.c.claim_id))
        .where(line.c.account == Account.RECEIVABLE_PAYER)
        .group_by(*kinds)
    )


def _cents(amount: Any) -> Any:
    """Money as the integer it is stored as, so that it can be reckoned with in SQL."""
    return type_coerce(amount, BigInteger)


def _zero_if_none(cents: Any) -> Any:
    return func.coalesce(cents, 0)
