"""What claims to later payers tell of, for `verify`. These claims are few beside the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from app.domain.claim import PRIMARY, Frequency
from app.domain.encounter import rank_of
from app.flows.drawing import GUIDE_EDIT
from app.flows.next_claims import UNSENT
from app.flows.ports import PaymentState, Tenant
from app.flows.verify_told import ToldOf
from app.store import tables as t

_REVERSAL = "22"


class TenantTold:
    """The `ToldRecords` of one tenant."""

    def __init__(self, connection: Connection, tenant: Tenant) -> None:
        self._connection = connection
        self._tenant = tenant

    def unsent(self) -> Iterator[ToldOf]:
        basis, claim = t.claim_basis, t.claim
        told: defaultdict[UUID, set[UUID]] = defaultdict(set)
        of_latest = select(claim.c.id, basis.c.claim_payment_id).join_from(
            claim,
            basis,
            (basis.c.tenant_id == claim.c.tenant_id)
            & (basis.c.claim_id == claim.c.id)
            & (basis.c.version == claim.c.version),
        )
        for id, payment_id in self._rows(of_latest, claim):
            told[id].add(payment_id)
        standing: defaultdict[UUID, set[UUID]] = defaultdict(set)
        earlier, payment = t.claim.alias("earlier"), t.claim_payment
        before = select(claim.c.id, claim.c.responsibility, earlier.c.responsibility, payment.c.id)
        before = before.join_from(
            claim,
            earlier,
            (earlier.c.tenant_id == claim.c.tenant_id)
            & (earlier.c.encounter_id == claim.c.encounter_id)
            & (earlier.c.id != claim.c.id),
        ).join(
            payment,
            (payment.c.tenant_id == earlier.c.tenant_id)
            & (payment.c.claim_id == earlier.c.id)
            & (payment.c.state == PaymentState.POSTED)
            & (payment.c.status != _REVERSAL),
        )
        for id, own, other, payment_id in self._rows(before.where(_follows()), claim):
            if rank_of(other) < rank_of(own):
                standing[id].add(payment_id)
        following = select(claim.c.id, claim.c.findings).where(_follows()).order_by(claim.c.id)
        for id, findings in self._rows(following, claim):
            # What no claim can carry is not told, and the claim is held for it.
            if any(one["rule_id"] == GUIDE_EDIT for one in findings) and not told[id]:
                continue
            yield ToldOf(id, frozenset(told[id]), frozenset(standing[id]))

    def strangers(self) -> Iterator[tuple[UUID, int, UUID]]:
        basis, claim, giver = t.claim_basis, t.claim, t.claim.alias("giver")
        version, payment, act = t.claim_version, t.claim_payment, t.payment_act
        # The claims that the payment was ever posted to: it may have been matched elsewhere since.
        acted = select(act.c.claim_id).where(
            act.c.tenant_id == basis.c.tenant_id,
            act.c.claim_payment_id == basis.c.claim_payment_id,
            act.c.claim_id.is_not(None),
        )
        query = (
            select(
                basis.c.claim_id,
                basis.c.version,
                basis.c.claim_payment_id,
                claim.c.responsibility,
                version.c.version.label("there"),
                giver.c.responsibility.label("given_by"),
            )
            .join_from(
                basis,
                claim,
                and_(claim.c.tenant_id == basis.c.tenant_id, claim.c.id == basis.c.claim_id),
            )
            .join(
                version,
                (version.c.tenant_id == basis.c.tenant_id)
                & (version.c.claim_id == basis.c.claim_id)
                & (version.c.version == basis.c.version),
                isouter=True,
            )
            .join(
                payment,
                (payment.c.tenant_id == basis.c.tenant_id)
                & (payment.c.id == basis.c.claim_payment_id),
                isouter=True,
            )
            .join(
                giver,
                (giver.c.tenant_id == basis.c.tenant_id)
                & (giver.c.encounter_id == claim.c.encounter_id)
                & (giver.c.id != claim.c.id)
                & or_(giver.c.id == payment.c.claim_id, giver.c.id.in_(acted)),
                isouter=True,
            )
        )
        sound: dict[tuple[UUID, int, UUID], bool] = {}
        for row in self._rows(query, basis):
            key = (row.claim_id, row.version, row.claim_payment_id)
            fits = row.there is not None and row.given_by is not None
            fits = fits and rank_of(row.given_by) < rank_of(row.responsibility)
            sound[key] = sound.get(key, False) or fits
        yield from sorted(key for key, fits in sound.items() if not fits)

    def _rows(self, query: Any, table: Any) -> list[Any]:
        owned = query.where(table.c.tenant_id == self._tenant.id)
        return list(self._connection.execute(owned))


def _follows() -> Any:
    """Claims that have not left and tell what earlier payers decide; a void tells what was told."""
    claim = t.claim
    return and_(
        claim.c.responsibility != PRIMARY,
        claim.c.stage.in_(sorted(UNSENT)),
        claim.c.frequency != Frequency.VOID,
    )
