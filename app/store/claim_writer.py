"""A claim as it is made and revised: version, lines with their charges, first submission.

A charge is made once an encounter line and keeps its id over versions, payers and attempts; lines
are told apart by their line control number and, where two share one, by their turn.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update

from app.domain.claim import Claim, StoredClaim, StoredSubmission, position_after
from app.domain.claim_matching import number_key
from app.domain.encounter import ServiceLine
from app.domain.finding import Finding
from app.domain.lifecycle import ReportedBy, Stage
from app.domain.money import ZERO
from app.domain.remittance import CURRENCY
from app.store import tables as t
from app.store.claim_rows import SNAPSHOT, claims_where, findings_json, stored_claims
from app.store.session import Session

GONE = 100_000  # the position of a line that the latest version does not have
_LineKey = tuple[str, int]  # line control number and occurrence


class ClaimWriter:
    """The writing half of the `Claims` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, claim_id: UUID) -> StoredClaim | None:
        return next(iter(self._find(t.claim.c.id == claim_id)), None)

    def add(
        self,
        claim: Claim,
        *,
        encounter_id: UUID,
        payer_row: UUID | None,
        patient_control_number: str,
        snapshot: bytes,
        findings: Sequence[Finding],
    ) -> StoredClaim:
        id, submission_id = self._session.new_id(), self._session.new_id()
        now = self._session.clock.now()
        row = {
            "id": id,
            "encounter_id": encounter_id,
            "claim_number": 1,
            "responsibility": claim.responsibility,
            **self._members(claim, payer_row, findings),
            "version": 1,
            "submission_id": submission_id,
            "attempt": 1,
            "patient_control_number": patient_control_number,
            "payer_claim_control_number": None,
            "elsewhere": ZERO,
            "paid": ZERO,
            "adjusted": ZERO,
            "patient_responsibility": ZERO,
            "currency": CURRENCY,
            "stage": Stage.DRAFT,
            "status": Stage.DRAFT.status,
            "reported_by": ReportedBy.SYSTEM,
            "as_of": None,
            "created_at": now,
        }
        if id not in self._session.inserted(t.claim, [row]):
            return self._the_one_that_stands(encounter_id, claim.responsibility)
        self._add_version(id, 1, claim, encounter_id, snapshot)
        self._write_lines(id, encounter_id, claim)
        self._add_submission(submission_id, id, 1, attempt=1, number=patient_control_number)
        return self._existing(id)

    def revise(
        self,
        claim_id: UUID,
        claim: Claim,
        *,
        payer_row: UUID | None,
        snapshot: bytes,
        findings: Sequence[Finding],
    ) -> StoredClaim:
        stands = self._existing(claim_id)
        version = stands.version + 1
        self._session.connection.execute(
            update(t.claim)
            .where(self._session.owns(t.claim), t.claim.c.id == claim_id)
            .values(version=version, **self._members(claim, payer_row, findings))
        )
        self._session.connection.execute(
            update(t.submission)
            .where(self._session.owns(t.submission), t.submission.c.id == stands.submission_id)
            .values(version=version)
        )
        self._add_version(claim_id, version, claim, stands.encounter_id, snapshot)
        self._write_lines(claim_id, stands.encounter_id, claim)
        return self._existing(claim_id)

    def submit_again(
        self,
        claim_id: UUID,
        claim: Claim,
        *,
        payer_row: UUID | None,
        patient_control_number: str,
        snapshot: bytes,
        findings: Sequence[Finding],
    ) -> StoredClaim:
        stands = self._existing(claim_id)
        id, version, attempt = self._session.new_id(), stands.version + 1, stands.attempt + 1
        self._session.connection.execute(
            update(t.claim)
            .where(self._session.owns(t.claim), t.claim.c.id == claim_id)
            .values(
                version=version,
                submission_id=id,
                attempt=attempt,
                patient_control_number=patient_control_number,
                **self._members(claim, payer_row, findings),
            )
        )
        self._add_version(claim_id, version, claim, stands.encounter_id, snapshot)
        self._write_lines(claim_id, stands.encounter_id, claim)
        self._add_submission(id, claim_id, version, attempt=attempt, number=patient_control_number)
        return self._existing(claim_id)

    def submissions(self, claim_id: UUID) -> list[StoredSubmission]:
        query = (
            select(t.submission, t.claim_version.c.frequency)
            .join_from(
                t.submission,
                t.claim_version,
                (t.claim_version.c.tenant_id == t.submission.c.tenant_id)
                & (t.claim_version.c.claim_id == t.submission.c.claim_id)
                & (t.claim_version.c.version == t.submission.c.version),
            )
            .where(self._session.owns(t.submission), t.submission.c.claim_id == claim_id)
            .order_by(t.submission.c.attempt)
        )
        return [
            StoredSubmission(
                row.id, row.attempt, row.version, row.patient_control_number, row.frequency
            )
            for row in self._session.connection.execute(query)
        ]

    def _find(self, *conditions: ColumnElement[bool]) -> list[StoredClaim]:
        query = claims_where(self._session, *conditions)
        return stored_claims(self._session, self._session.connection.execute(query).all())

    def _existing(self, claim_id: UUID) -> StoredClaim:
        found = self.get(claim_id)
        if found is None:
            raise LookupError("only a claim of this tenant is revised")
        return found

    def _the_one_that_stands(self, encounter_id: UUID, responsibility: str) -> StoredClaim:
        at = (t.claim.c.encounter_id == encounter_id) & (t.claim.c.responsibility == responsibility)
        return self._find(at)[0]

    def _members(
        self, claim: Claim, payer_row: UUID | None, findings: Sequence[Finding]
    ) -> dict[str, Any]:
        """The columns that a version gives its claim."""
        coverage = claim.coverage
        return {
            "claim_type": claim.encounter.claim_type,
            "next_position": position_after(claim.encounter, claim.responsibility),
            "frequency": claim.frequency,
            "payer_row": payer_row,
            "payer_id": coverage.payer_id,
            "payer_name": coverage.payer_name,
            "billing_npi": claim.encounter.billing_provider.npi,
            "first_service_date": claim.encounter.first_date,
            "predetermination": claim.encounter.is_predetermination,
            **self._session.sealed_columns("claim.member_id", coverage.member_id or None),
            **self._session.sealed_columns("claim.subscriber_ssn", coverage.subscriber_ssn),
            "findings": findings_json(findings),
            "charge": claim.charge,
        }

    def _add_submission(
        self, id: UUID, claim_id: UUID, version: int, *, attempt: int, number: str
    ) -> None:
        row = {
            "id": id,
            "claim_id": claim_id,
            "version": version,
            "attempt": attempt,
            "patient_control_number": number,
            "number_key": number_key(number),
            "created_at": self._session.clock.now(),
        }
        self._session.insert(t.submission, [row])

    def _add_version(
        self, claim_id: UUID, version: int, claim: Claim, encounter_id: UUID, snapshot: bytes
    ) -> None:
        built_from = self._session.connection.execute(
            select(t.encounter.c.version).where(
                self._session.owns(t.encounter), t.encounter.c.id == encounter_id
            )
        ).scalar_one()
        sealed = self._session.seal(snapshot, SNAPSHOT)
        row = {
            "claim_id": claim_id,
            "version": version,
            "encounter_version": built_from,
            "frequency": claim.frequency,
            "content": sealed.data,
            "content_key_id": sealed.key_id,
            "content_hash": hashlib.sha256(snapshot).hexdigest(),
            "created_at": self._session.clock.now(),
        }
        self._session.insert(t.claim_version, [row])

    def _write_lines(self, claim_id: UUID, encounter_id: UUID, claim: Claim) -> None:
        """The claim's lines as this version has them. One that went away goes, if nothing was ever
        posted to it, while its charge stays for the journal that names it; else it stays behind the
        others and asks for nothing, until the payer takes back what it decided of it."""
        charges = self._charges(encounter_id, claim)
        query = select(
            t.service_line.c.id, t.service_line.c.line_control_number, t.service_line.c.occurrence
        ).where(self._session.owns(t.service_line), t.service_line.c.claim_id == claim_id)
        known = {
            (number, occurrence): id
            for id, number, occurrence in self._session.connection.execute(query)
        }
        new = []
        for position, (key, line) in enumerate(_keyed(claim.lines), start=1):
            members = _line_members(line, position=position, charge_id=charges[key])
            standing = known.pop(key, None)
            if standing is None:
                new.append(
                    {
                        "id": self._session.new_id(),
                        "claim_id": claim_id,
                        "line_control_number": key[0],
                        "occurrence": key[1],
                        "elsewhere": ZERO,
                        "paid": ZERO,
                        "adjusted": ZERO,
                        "patient_responsibility": ZERO,
                        **members,
                    }
                )
                continue
            self._session.connection.execute(
                update(t.service_line)
                .where(self._session.owns(t.service_line), t.service_line.c.id == standing)
                .values(**members)
            )
        if known:
            gone = self._session.owns(t.service_line), t.service_line.c.id.in_(known.values())
            paid = exists().where(
                self._session.owns(t.claim_payment), t.claim_payment.c.claim_id == claim_id
            )
            self._session.connection.execute(delete(t.service_line).where(*gone, ~paid))
            self._session.connection.execute(
                update(t.service_line).where(*gone).values(charge=ZERO, position=GONE)
            )
        self._session.insert(t.service_line, new)

    def _charges(self, encounter_id: UUID, claim: Claim) -> dict[_LineKey, UUID]:
        """The receivable of each line, made where there is none, brought up to its amount."""
        now = self._session.clock.now()
        rows = [
            {
                "id": self._session.new_id(),
                "encounter_id": encounter_id,
                "line_control_number": number,
                "occurrence": occurrence,
                "amount": _receivable(claim, line),
                "currency": CURRENCY,
                "service_date": line.service_date,
                "procedure_code": line.billed.code,
                "created_at": now,
            }
            for (number, occurrence), line in _keyed(claim.lines)
        ]
        self._session.insert_once(t.charge, rows)
        wanted = dict(_keyed(claim.lines))
        found: dict[_LineKey, UUID] = {}
        for row in self._session.connection.execute(
            self._session.rows(t.charge, t.charge.c.encounter_id == encounter_id)
        ).all():
            key = (row.line_control_number, row.occurrence)
            line = wanted.get(key)
            found[key] = row.id
            amount = _receivable(claim, line) if line else ZERO
            if row.amount != amount:
                self._session.connection.execute(
                    update(t.charge)
                    .where(self._session.owns(t.charge), t.charge.c.id == row.id)
                    .values(amount=amount)
                )
        return found


def _receivable(claim: Claim, line: ServiceLine) -> Decimal:
    """A predetermination asks what would be paid: there is nothing to receive for it."""
    return ZERO if claim.encounter.is_predetermination else line.charge


def _keyed(lines: Sequence[ServiceLine]) -> Iterator[tuple[_LineKey, ServiceLine]]:
    seen: Counter[str] = Counter()
    for line in lines:
        number = line.line_control_number
        yield (number, seen[number]), line
        seen[number] += 1


def _line_members(line: ServiceLine, *, position: int, charge_id: UUID) -> dict[str, Any]:
    billed = line.billed
    return {
        "charge_id": charge_id,
        "position": position,
        "procedure_qualifier": billed.qualifier,
        "procedure_code": billed.code,
        "modifiers": list(billed.modifiers),
        "description": billed.description,
        "service_date": line.service_date,
        "units": line.units,
        "unit": line.unit,
        "charge": line.charge,
    }
