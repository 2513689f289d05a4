"""A tenant that has billed what an 835 pays: claims made from the remittance itself.

The short way round the encounter's edits and the 837, for tests and benchmarks whose subject is the
way back. Everything else is the product's own: ports, journal, evidence.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from app.config import Settings
from app.documents.encounter import canonical_bytes, read_encounter
from app.documents.snapshot import snapshot_bytes
from app.domain.claim import Claim, StoredClaim
from app.domain.claim_matching import number_key
from app.domain.encounter import Encounter, ServiceLine
from app.domain.identity import new_ids
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.posting import charge_entry
from app.domain.procedure import Procedure
from app.flows.evidence import own, record
from app.flows.ports import MatchedEvidence, Mode, Tenant, UnitOfWork
from app.main import Application
from app.store import bulk
from app.store import tables as t
from tests.e2e.running import ROOT
from tests.e2e.splitter import money, split

TENANT = "billed"
_MADE_ONE_BY_ONE = 50
_AT_ONCE = 500  # claims in one transaction
_SERVICE_DATE = date(2026, 10, 5)


@dataclass(frozen=True)
class Asked:
    """A claim as far as its payment tells what was asked: its number and its lines."""

    patient_control_number: str
    lines: tuple[tuple[str, str, Decimal], ...]  # line control number, procedure, charge


@dataclass(frozen=True)
class Billed:
    """Where the billed claims are, and what the remittance of `remittance` pays for them."""

    url: str
    data: Path
    count: int
    tenant: str = TENANT

    @property
    def payment(self) -> Decimal:
        return self.count * Decimal("110.00")

    @property
    def patient(self) -> Decimal:
        return self.count * Decimal("10.00")


def billed_claims(*, url: str, data: Path, count: int) -> Billed:
    """A new database whose tenant has sent `count` claims of two lines and 150.00 each."""
    billed = Billed(url, data, count)
    app = Application(Settings(database_url=url, data_dir=data, log_level="WARNING"))
    try:
        tenant = app.tenant(TENANT, mode=Mode.TEST)
        load(app, tenant, asked_by(_text(billed).encode()))
    finally:
        app.close()
    return billed


def remittance(billed: Billed, path: Path) -> Path:
    """Writes the 835 that pays 110.00 of each claim, 10.00 of it left to the patient."""
    path.write_text(_text(billed))
    return path


def asked_by(data: bytes) -> Iterator[Asked]:
    """The claims that an 835 answers, by a plain reading of CLP, SVC and REF*6R."""
    for transaction in split(data).sets:
        for clp, *rest in _payments(transaction.segments):
            lines: list[tuple[str, str, Decimal]] = []
            for parts in rest:
                if parts[0] == "SVC":
                    lines.append(("", parts[1].split(":")[1], abs(money(parts[2]))))
                elif parts[:2] == ("REF", "6R"):
                    lines[-1] = (parts[2], *lines[-1][1:])
            yield Asked(clp[1], tuple(lines))


def _payments(segments: Iterable[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    """Each CLP with all that belongs to it."""
    one: list[tuple[str, ...]] = []
    for parts in segments:
        if parts[0] in ("CLP", "PLB", "SE") and one:
            yield one
            one = []
        if parts[0] == "CLP" or one:
            one.append(parts)


def load(app: Application, tenant: Tenant, claims: Iterator[Asked]) -> int:
    """Makes these claims, charged and sent; gives how many.

    The first are made as the product makes claims; the others are copies of the rows of one, with
    numbers, lines and amounts of their own.
    """
    pattern = read_encounter((ROOT / "fixtures/encounters/office-visit.json").read_bytes())
    assert isinstance(pattern, Encounter)
    # What was sent is not looked at again: every claim keeps the pattern's text, made once.
    content, snapshot = canonical_bytes(pattern), snapshot_bytes(Claim(pattern))
    with app.units(tenant.id, actor="test") as uow:
        made = [
            _make(uow, pattern, asked, content, snapshot)
            for asked in islice(claims, _MADE_ONE_BY_ONE)
        ]
        _send(uow, [_Sent.of(claim) for claim in made])
    count, rows = len(made), None
    while some := list(islice(claims, _AT_ONCE)):
        rows = rows or _Rows(app, tenant, made[0])
        sent = rows.copied(some)
        with app.units(tenant.id, actor="test") as uow:
            _send(uow, sent)
        count += len(some)
    return count


@dataclass(frozen=True)
class _Sent:
    """A claim with its submission and its charges."""

    id: UUID
    submission_id: UUID
    charges: tuple[tuple[UUID, Decimal], ...]

    @classmethod
    def of(cls, claim: StoredClaim) -> _Sent:
        return cls(
            claim.id, claim.submission_id, tuple((x.charge_id, x.charge) for x in claim.lines)
        )


def _send(uow: UnitOfWork, claims: Sequence[_Sent]) -> None:
    uow.journal.post(
        [
            charge_entry(charge_id, amount, claim_id=one.id, payer_position="P")
            for one in claims
            for charge_id, amount in one.charges
        ]
    )
    submissions = tuple(one.submission_id for one in claims)
    record(uow, [MatchedEvidence(own(uow, Stage.TRANSMITTED), submissions)])


class _Rows:
    """The rows of one claim, as a pattern for others."""

    def __init__(self, app: Application, tenant: Tenant, claim: StoredClaim) -> None:
        self._app, self._tenant = app, tenant
        with app.engine.connect() as connection:
            self._of = {
                table: dict(
                    connection.execute(
                        select(table).where(column == id, table.c.tenant_id == tenant.id).limit(1)
                    )
                    .one()
                    ._mapping
                )
                for table, column, id in (
                    (t.encounter, t.encounter.c.id, claim.encounter_id),
                    (t.encounter_version, t.encounter_version.c.encounter_id, claim.encounter_id),
                    (t.charge, t.charge.c.encounter_id, claim.encounter_id),
                    (t.claim, t.claim.c.id, claim.id),
                    (t.claim_version, t.claim_version.c.claim_id, claim.id),
                    (t.service_line, t.service_line.c.claim_id, claim.id),
                    (t.submission, t.submission.c.claim_id, claim.id),
                )
            }

    def copied(self, claims: Sequence[Asked]) -> list[_Sent]:
        rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in self._of}
        sent = [self._copy(asked, rows) for asked in claims]
        with self._app.engine.begin() as connection:
            for table, some in rows.items():
                bulk.insert(connection, table, some, tenant_id=self._tenant.id)
        return sent

    def _copy(self, asked: Asked, rows: dict[Table, list[dict[str, Any]]]) -> _Sent:
        encounter, claim, submission, *ids = new_ids(self._app.clock, 3 + 2 * len(asked.lines))
        number = asked.patient_control_number
        total = sum((charge for _, _, charge in asked.lines), ZERO)

        def add(table: Table, **members: Any) -> None:
            rows[table].append({**self._of[table], **members})

        add(t.encounter, id=encounter, external_id=number)
        add(t.encounter_version, encounter_id=encounter)
        add(
            t.claim,
            id=claim,
            encounter_id=encounter,
            submission_id=submission,
            patient_control_number=number,
            charge=total,
        )
        add(t.claim_version, claim_id=claim)
        add(
            t.submission,
            id=submission,
            claim_id=claim,
            patient_control_number=number,
            number_key=number_key(number),
        )
        turns: Counter[str] = Counter()
        charges = []
        for position, (line_number, code, amount) in enumerate(asked.lines, start=1):
            id, charge_id = ids[2 * position - 2 : 2 * position]
            procedure = _procedure(code)
            same = {
                "line_control_number": line_number,
                "occurrence": turns[line_number],
                "procedure_code": procedure.code,
            }
            turns[line_number] += 1
            add(t.charge, id=charge_id, encounter_id=encounter, amount=amount, **same)
            add(
                t.service_line,
                id=id,
                claim_id=claim,
                charge_id=charge_id,
                position=position,
                charge=amount,
                modifiers=list(procedure.modifiers),
                **same,
            )
            charges.append((charge_id, amount))
        return _Sent(claim, submission, tuple(charges))


def _make(
    uow: UnitOfWork, pattern: Encounter, asked: Asked, content: bytes, snapshot: bytes
) -> StoredClaim:
    encounter = replace(
        pattern,
        external_id=asked.patient_control_number,
        service_lines=tuple(
            ServiceLine(number, _SERVICE_DATE, _procedure(code), charge, Decimal(1), "UN", (1,))
            for number, code, charge in asked.lines
        ),
        total_charge=sum((charge for _, _, charge in asked.lines), ZERO),
    )
    content_hash = hashlib.sha256(content).hexdigest()
    stored = uow.encounters.add(encounter, content=content, content_hash=content_hash)
    coverage = encounter.coverages[0]
    payer = uow.payers.ensure(payer_id=coverage.payer_id or "", name=coverage.payer_name or "")
    return uow.claims.add(
        Claim(encounter),
        encounter_id=stored.id,
        payer_row=payer.id,
        patient_control_number=asked.patient_control_number,
        snapshot=snapshot,
        findings=[],
    )


def _procedure(text: str) -> Procedure:
    """`G0463:25` as SV101 says it."""
    code, *modifiers = text.split(":")
    return Procedure(code, tuple(modifiers))


def _text(billed: Billed) -> str:
    body = [
        f"BPR*I*{billed.payment}*C*ACH*CCP*01*999999992*DA*1*1512345678**01*999988880*DA*2*20261120",
        "TRN*1*LARGE0001*1512345678",
        "DTM*405*20261119",
        "N1*PR*EXAMPLE HEALTH",
        "N3*1 PAYER ST",
        "N4*ALBANY*NY*122030003",
        "REF*2U*60054",
        "PER*BL*HELP*TE*8005550100",
        "N1*PE*ACME MEDICAL*XX*1234567893",
        "LX*1",
        *(segment for n in range(billed.count) for segment in _claim(n + 1)),
    ]
    envelope = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PAYER':15}*ZZ*{'ACME':15}*261120*0900*^*00501*000000001*0*T*:",
        "GS*HP*PAYER*ACME*20261120*0900*1*X*005010X221A1",
        "ST*835*0001",
        *body,
        f"SE*{len(body) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "".join(f"{segment}~\n" for segment in envelope)


def _claim(number: int) -> Sequence[str]:
    return (
        f"CLP*B{number:07d}-1*1*150*110*10*12*ICN{number:07d}*11*1",
        "NM1*QC*1*SAMPLE*ANN****MI*W1",
        "DTM*232*20261005",
        "SVC*HC:G0439*100*80**1",
        "DTM*472*20261005",
        "CAS*CO*45*20",
        "REF*6R*1",
        "SVC*HC:J1885*50*30**1",
        "DTM*472*20261005",
        "CAS*CO*45*10",
        "CAS*PR*1*10",
        "REF*6R*2",
    )
