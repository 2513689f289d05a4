"""Rows of claim and service_line as domain values, and findings as JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from app.domain.claim import ClaimLine, StoredClaim
from app.domain.finding import Finding, Severity
from app.domain.lifecycle import Stage
from app.domain.procedure import Procedure
from app.store.session import Session, chunks
from app.store.tables import claim, service_line

SNAPSHOT = "claim_version.content"


_c, _l = claim.c, service_line.c
# Read for every claim that a file pays: no column more than is needed; the lines by position.
_CLAIM = (
    _c.id,
    _c.encounter_id,
    _c.claim_type,
    _c.payer_row,
    _c.payer_id,
    _c.payer_name,
    _c.responsibility,
    _c.frequency,
    _c.version,
    _c.submission_id,
    _c.attempt,
    _c.patient_control_number,
    _c.payer_claim_control_number,
    _c.charge,
    _c.paid,
    _c.adjusted,
    _c.patient_responsibility,
    _c.stage,
    _c.reported_by,
    _c.as_of,
    _c.first_service_date,
    _c.findings,
    _c.predetermination,
    _c.billing_npi,
    _c.next_position,
    _c.elsewhere,
)
_LINE = (
    _l.claim_id,
    _l.id,
    _l.charge_id,
    _l.line_control_number,
    _l.procedure_code,
    _l.modifiers,
    _l.description,
    _l.procedure_qualifier,
    _l.charge,
    _l.paid,
    _l.adjusted,
    _l.patient_responsibility,
    _l.units,
    _l.service_date,
    _l.elsewhere,
)


def claims_where(session: Session, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The query whose rows `stored_claims` takes; in the order of their ids."""
    return select(*_CLAIM).where(session.owns(claim), *conditions).order_by(_c.id)


def stored_claims(session: Session, rows: Sequence[Any]) -> list[StoredClaim]:
    """The claims of these rows with their lines, in the order of the rows."""
    lines: dict[UUID, list[ClaimLine]] = {row.id: [] for row in rows}
    asks_only = {row.id for row in rows if row.predetermination}
    for some in chunks(list(lines)):
        query = (
            select(*_LINE)
            .where(session.owns(service_line), session.among(_l.claim_id, some))
            .order_by(_l.claim_id, _l.position)
        )
        for row in session.connection.execute(query).all():
            lines[row[0]].append(_line(row, asks_only=row[0] in asks_only))
    return [_claim(row, lines[row.id]) for row in rows]


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in asdict(finding).items() if value is not None}
        for finding in findings
    ]


def _claim(row: Any, lines: Iterable[ClaimLine]) -> StoredClaim:
    return StoredClaim(
        id=row.id,
        encounter_id=row.encounter_id,
        claim_type=row.claim_type,
        payer_row=row.payer_row,
        payer_id=row.payer_id,
        payer_name=row.payer_name,
        responsibility=row.responsibility,
        frequency=row.frequency,
        version=row.version,
        submission_id=row.submission_id,
        attempt=row.attempt,
        patient_control_number=row.patient_control_number,
        payer_claim_control_number=row.payer_claim_control_number,
        charge=row.charge,
        paid=row.paid,
        adjusted=row.adjusted,
        patient_responsibility=row.patient_responsibility,
        stage=Stage(row.stage),
        reported_by=row.reported_by,
        as_of=row.as_of.isoformat() if row.as_of else None,
        first_service_date=row.first_service_date,
        findings=tuple(
            Finding(**{**members, "severity": Severity(members["severity"])})
            for members in row.findings
        ),
        lines=tuple(lines),
        predetermination=row.predetermination,
        billing_npi=row.billing_npi,
        next_position=row.next_position,
        elsewhere=row.elsewhere,
    )


def _line(row: Any, *, asks_only: bool) -> ClaimLine:
    _, id, charge_id, number, code, modifiers, description, qualifier, *money = row
    charge, paid, adjusted, patient, units, service_date, elsewhere = money
    return ClaimLine(
        id,
        charge_id,
        number,
        Procedure(code, tuple(modifiers), description, qualifier),
        charge,
        paid,
        adjusted,
        patient,
        asks_only,
        units,
        service_date,
        elsewhere,
    )
