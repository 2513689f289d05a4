"""A clinic that has billed some claims and takes in what payers say of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import Engine

from app.domain.claim import StoredClaim
from app.domain.lifecycle import Stage
from app.domain.worklists import WORKLISTS
from app.flows.ports import FileState, StoredPayment, UnitOfWork, WorklistFilter
from app.flows.process import process_file
from app.flows.receive import receive_file
from app.flows.verify import Difference, verify
from app.store.crypto import Cipher
from app.store.raw_files import FolderRawFiles
from app.store.records import DatabaseRecords
from tests.e2e.ready_claims import Asked, load
from tests.store.practice import Practice

D = Decimal


class Clinic:
    """One tenant on a migrated database of the test's own."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.practice = Practice(engine)
        self.raw = FolderRawFiles(folder, Cipher())
        self.records = DatabaseRecords(engine, cipher=Cipher())

    def bill(self, number: str, *charges: int | Decimal, code: str = "G0439") -> None:
        """A claim under this number, sent; its lines are 1, 2, ..."""
        lines = tuple((str(n), code, D(charge)) for n, charge in enumerate(charges, start=1))
        app = SimpleNamespace(units=self.practice.units)
        load(app, self.practice.tenant, iter([Asked(number, lines)]))  # type: ignore[arg-type]

    def take(self, *files: bytes) -> None:
        for data in files:
            file = receive_file(
                self.practice.units,
                self.raw,
                tenant_id=self.practice.tenant.id,
                name="835.edi",
                data=data,
                actor="test",
            )
            if file.state is FileState.DUPLICATE:
                continue
            state = process_file(
                self.practice.units, self.raw, tenant_id=self.practice.tenant.id, file_id=file.id
            )
            assert state in (FileState.PROCESSED, FileState.DUPLICATE), state

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        with self.practice.work() as uow:
            yield uow

    def claim(self, number: str) -> StoredClaim:
        with self.work() as uow:
            return uow.claims.by_patient_control_number([number])[number]

    def figures(self, number: str) -> tuple[Stage, Decimal, Decimal, Decimal, Decimal]:
        """Stage, paid, adjusted, patient's share and what is open."""
        c = self.claim(number)
        return c.stage, c.paid, c.adjusted, c.patient_responsibility, c.balance

    def payments(self) -> list[StoredPayment]:
        with self.work() as uow:
            return [
                payment
                for stored in uow.remittances.page(limit=500, after=None)
                for payment in uow.remittances.payments(stored.id, limit=500, after=0)
            ]

    def states(self) -> list[tuple[str, str, str | None]]:
        """CLP02, state and reason of every claim payment, as they came."""
        return [(p.status, str(p.state), p.reason) for p in self.payments()]

    def balances(self) -> dict[str, Decimal]:
        with self.work() as uow:
            return {name: amount for name, amount in uow.journal.trial_balance().items() if amount}

    def listed(self, worklist: str) -> list[tuple[str | None, str | None, Decimal | None]]:
        """A worklist as (number, category, amount), in its own order."""
        with self.work() as uow:
            items = uow.worklists.page(WORKLISTS[worklist], WorklistFilter(), limit=50, after=None)
        return [(item.reference, item.category, item.amount) for item in items]

    def listed_reasons(self, worklist: str) -> list[tuple[str | None, str | None]]:
        """A worklist as (number, reason)."""
        with self.work() as uow:
            items = uow.worklists.page(WORKLISTS[worklist], WorklistFilter(), limit=50, after=None)
        return [(item.reference, item.reason) for item in items]

    def denials(self, number: str) -> list[tuple[str, str, Decimal]]:
        """Open denials of a claim: reason, category and what is at stake."""
        claim = self.claim(number)
        with self.work() as uow:
            kept = uow.denials.of_claims([claim.id]).get(claim.id, [])
        return [
            (d.new.found.reason, str(d.new.found.advice.category), d.verdict.at_stake)
            for d in kept
            if d.verdict.is_open
        ]

    def verify(self) -> list[Difference]:
        return list(verify(self.records, self.raw, self.practice.tenant))
