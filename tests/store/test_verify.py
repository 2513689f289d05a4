"""`verify` believes honest books, and finds each thing that was tampered with, with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Table, delete, text, update

from app.domain.ledger import Account
from app.domain.lifecycle import Stage
from app.flows.ports import FileState, StoredFile, Tenant
from app.flows.process import process_file
from app.flows.receive import receive_file
from app.flows.verify import Difference, verify
from app.store import tables as t
from app.store.crypto import Cipher
from app.store.raw_files import FolderRawFiles
from app.store.records import DatabaseRecords
from tests.store.practice import ENCOUNTERS, Practice, an_encounter

D = Decimal

ERA = """\
ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLAIMLOOP      *261120*1200*^*00501*000000009*0*T*:~
GS*HP*PAYER*CLAIMLOOP*20261120*1200*9*X*005010X221A1~
ST*835*0001~
BPR*I*{deposit}*C*ACH*CCP*01*044000037*DA*1*1512345678**01*044115090*DA*2*20261120~
TRN*1*EFT9*1512345678~
DTM*405*20261120~
N1*PR*EXAMPLE HEALTH PLAN~
N3*1 PAYER PLAZA~
N4*HARTFORD*CT*061230001~
REF*2U*60054~
PER*BL*EDI DESK*TE*8005550101~
N1*PE*MAPLE FAMILY CLINIC*XX*1234567893~
REF*TJ*311234567~
LX*1~
CLP*{number}*1*{charge}*{paid}*10*12*ICN1*11*1~
NM1*QC*1*DOE*JANE****MI*W1~
{lines}
CLP*NOT-OURS*1*25*25**12*ICN2*11*1~
NM1*QC*1*ROE*RICK****MI*W2~
SVC*HC:G0439*25*25**1~
DTM*472*20261001~
PLB*1234567893*20261231*L6:INT*-1.5~
SE*{count}*0001~
GE*1*9~
IEA*1*000000009~
"""  # noqa: E501 - an ISA is 106 characters long


class Books:
    """A practice with two claims, one of them paid, and its records."""

    def __init__(self, engine: Engine, folder: Path, cipher: Cipher) -> None:
        self.practice = Practice(engine, cipher=cipher)
        self.folder = folder
        self.raw = FolderRawFiles(folder, cipher)
        self.records = DatabaseRecords(engine, cipher=cipher)
        self.claim = self.practice.claim(an_encounter())
        self.practice.claim(replace(an_encounter(ENCOUNTERS[1]), claim_note="held"))
        file = self.receive(self.era())
        state = process_file(
            self.practice.units, self.raw, tenant_id=self.practice.tenant.id, file_id=file.id
        )
        assert state is FileState.PROCESSED

    def receive(self, data: bytes) -> StoredFile:
        return receive_file(
            self.practice.units,
            self.raw,
            tenant_id=self.practice.tenant.id,
            name="835.edi",
            data=data,
            actor="test",
        )

    def era(self) -> bytes:
        """The first line of the claim owes the patient 10, the others are paid in full."""
        segments = []
        for turn, line in enumerate(self.claim.lines):
            patient = 10 if turn == 0 else 0
            segments.append(
                f"SVC*HC:{line.procedure.code}*{line.charge}*{line.charge - patient}**1~"
            )
            segments.append("DTM*472*20261001~")
            if patient:
                segments.append("CAS*PR*3*10~")
            segments.append(f"REF*6R*{line.line_control_number}~")
        paid = self.claim.charge - 10
        era = ERA.format(
            deposit=paid + D("26.50"),
            number=self.claim.patient_control_number,
            charge=self.claim.charge,
            paid=paid,
            lines="\n".join(segments),
            count="COUNT",
        )
        inside = era[era.index("ST*835") : era.index("GE*1*9")]
        return era.replace("COUNT", str(inside.count("~"))).encode()

    def verify(self) -> list[Difference]:
        return list(verify(self.records, self.raw, self.practice.tenant))


@pytest.fixture(params=[Cipher(), Cipher((bytes(range(32)),))], ids=["plain", "sealed"])
def books(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Books:
    return Books(engine, tmp_path / "raw", request.param)


def test_honest_books_are_believed(books: Books) -> None:
    with books.practice.work() as uow:
        claim = uow.claims.get(books.claim.id)
        balance = uow.journal.trial_balance()
    assert claim is not None
    assert (claim.stage, claim.patient_responsibility) == (Stage.PAID, D(10))
    assert balance[Account.UNAPPLIED] == D(-25)
    assert balance[Account.INTEREST] == D("-1.50")
    assert books.verify() == []


def test_a_tenant_without_rows_is_believed(books: Books, neighbour: Tenant) -> None:
    assert list(verify(books.records, books.raw, neighbour)) == []


def _unprotected(connection: Connection, table: Table) -> None:
    """What an intruder with the database's own password can do."""
    for act in ("update", "delete"):
        suffix = f" ON {table.name}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {table.name}_no_{act}{suffix}"))


def _audit(connection: Connection) -> None:
    _unprotected(connection, t.audit_entry)
    connection.execute(update(t.audit_entry).where(t.audit_entry.c.sequence == 2).values(actor="x"))


def _audit_tail(connection: Connection) -> None:
    _unprotected(connection, t.audit_entry)
    connection.execute(delete(t.audit_entry).where(t.audit_entry.c.sequence > 3))


def _content(connection: Connection) -> None:
    _unprotected(connection, t.claim_version)
    connection.execute(update(t.claim_version).values(content=b"{}"))


def _journal(connection: Connection) -> None:
    _unprotected(connection, t.journal_line)
    cash = t.journal_line.c.account == Account.CASH
    connection.execute(update(t.journal_line).where(cash).values(amount=D("0.01")))


def _evidence(connection: Connection) -> None:
    _unprotected(connection, t.evidence)
    paid = t.evidence.c.kind == "835"
    connection.execute(update(t.evidence).where(paid).values(stage=Stage.DENIED))


TAMPERED: list[tuple[str, Callable[[Connection], object], list[tuple[str, str]]]] = [
    ("an audit entry", _audit, [("audit", "entry 2 does not match its hash")]),
    ("the end of the audit chain", _audit_tail, [("audit", "it ends at entry 3, but")]),
    ("a snapshot", _content, [("content", "does not")] * 2),
    (
        "a deposit",
        _journal,
        [
            ("journal", "its lines sum to"),
            ("deposits", "it holds 0.01"),
            ("amounts", "booked 0.01"),
        ],
    ),
    ("evidence", _evidence, [("stage", "its evidence says DENIED by PAYER")]),
    (
        "a claim's figures",
        lambda c: c.execute(
            update(t.claim).where(t.claim.c.stage == Stage.PAID).values(paid=D("0.01"))
        ),
        [
            ("projection", "paid is kept as 0.01, booked"),
            ("projection", "its balance is kept as"),
        ],
    ),
    (
        "a charge of a line",
        lambda c: c.execute(
            update(t.service_line)
            .where(t.service_line.c.patient_responsibility != D(0))
            .values(charge=D("0.01"), patient_responsibility=D("9.99"))
        ),
        [
            ("projection", "charge is kept as 0.01, booked"),
            ("projection", "patient responsibility is kept as 9.99, booked 10.00"),
            ("projection", "its balance is kept as"),
        ],
    ),
    (
        "a stage",
        lambda c: c.execute(
            update(t.claim).where(t.claim.c.stage == Stage.PAID).values(stage=Stage.DENIED)
        ),
        [("stage", "the stage is kept as DENIED by PAYER, its evidence says PAID")],
    ),
    (
        "a claim payment",
        lambda c: c.execute(
            update(t.claim_payment).where(t.claim_payment.c.paid == D(25)).values(paid=D(26))
        ),
        [
            ("remittance", "its claim payments sum to"),
            ("file", "its payment is stored as 26.00, its file says 25.00"),
            ("amounts", "its charge less its adjustments is 25.00, it paid 26.00"),
        ],
    ),
    (
        "a lost claim payment",
        lambda c: c.execute(delete(t.claim_payment).where(t.claim_payment.c.paid == D(25))),
        [
            ("remittance", "1 claim payments are stored and 1 of them posted, it counts 2 and 1"),
            ("remittance", "1 of its 2 claim payments are stored"),
            ("remittance", "its claim payments sum to"),
            ("file", "claim payment 2 of its file is not stored"),
        ],
    ),
    (
        "a PLB pair",
        lambda c: c.execute(update(t.provider_adjustment).values(amount=D("-1.49"))),
        [
            ("remittance", "its provider adjustments sum to -1.49, its file's to -1.50"),
            ("provider_adjustment", "its amount is -1.49, booked -1.50"),
        ],
    ),
    (
        "a file's hash",
        lambda c: c.execute(update(t.file).values(sha256="0" * 64)),
        [("bytes", "no raw file 0000")],
    ),
]


@pytest.mark.parametrize(
    ("tamper", "expected"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED]
)
def test_what_was_tampered_with_is_found(
    books: Books, tamper: Callable[[Connection], object], expected: list[tuple[str, str]]
) -> None:
    with books.practice.engine.begin() as connection:
        tamper(connection)
    found = books.verify()
    assert [difference.check for difference in found] == [check for check, _ in expected]
    for difference, (_, message) in zip(found, expected, strict=True):
        assert message in difference.message
        assert difference.place
        assert difference.tenant == books.practice.tenant.name


def test_damage_on_the_disk_is_found(books: Books) -> None:
    [path] = [path for path in books.folder.rglob("*") if path.is_file()]
    path.write_bytes(path.read_bytes()[:-1])
    [difference] = books.verify()
    assert difference.check == "bytes"
    assert difference.place.startswith("fil_")


def test_verifying_keeps_no_writer_waiting(books: Books) -> None:
    with books.records(books.practice.tenant) as records:
        before = records.balance(Account.CHARGES)
        books.practice.claim(an_encounter(ENCOUNTERS[2]))
        assert records.balance(Account.CHARGES) == before
    with books.records(books.practice.tenant) as records:
        assert records.balance(Account.CHARGES) < before
