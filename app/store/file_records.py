"""Remittances by the files they came in, for `verify`, read in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import Connection, select

from app.domain.clock import SystemClock
from app.domain.remittance import ClaimPayment
from app.flows.ports import RemittanceState, Tenant
from app.flows.verify_files import RemittedFile
from app.store import tables as t
from app.store.crypto import Cipher
from app.store.payment_rows import kept_payments
from app.store.session import Session

_AT_ONCE = 500


class TenantFiles:
    """The `FileRecords` of one tenant."""

    def __init__(self, connection: Connection, tenant: Tenant, cipher: Cipher) -> None:
        self._session = Session(connection, tenant, "verify", SystemClock(), cipher)

    def remitted(self) -> Iterator[RemittedFile]:
        own = t.remittance
        query = (
            select(own.c.file_id, own.c.ordinal, own.c.id, t.file.c.sha256)
            .join_from(
                own,
                t.file,
                (t.file.c.tenant_id == own.c.tenant_id) & (t.file.c.id == own.c.file_id),
            )
            .where(
                self._session.owns(own),
                own.c.state != RemittanceState.DUPLICATE,
                own.c.finished,
            )
            .order_by(own.c.file_id, own.c.ordinal)
        )
        files: dict[UUID, tuple[str, dict[int, UUID]]] = {}
        for file_id, ordinal, id, sha256 in self._session.connection.execute(query):
            files.setdefault(file_id, (sha256, {}))[1][ordinal] = id
        for file_id, (sha256, remittances) in files.items():
            yield RemittedFile(file_id, sha256, remittances, self._payments(remittances))

    def _payments(
        self, remittances: Mapping[int, UUID]
    ) -> Iterator[tuple[int, UUID, ClaimPayment]]:
        payment = t.claim_payment
        for ordinal, id in remittances.items():
            after = 0
            while True:
                rows = self._session.connection.execute(
                    self._session.rows(
                        payment, payment.c.remittance_id == id, payment.c.ordinal > after
                    )
                    .order_by(payment.c.ordinal)
                    .limit(_AT_ONCE)
                ).all()
                for kept in kept_payments(self._session, rows):
                    yield ordinal, kept.id, kept.payment
                if len(rows) < _AT_ONCE:
                    break
                after = rows[-1].ordinal
