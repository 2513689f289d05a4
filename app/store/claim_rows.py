"""Rows of claim and service_line as domain values, and findings as JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from app.domain.claim import ClaimLine, StoredClaim
from app.domain.finding import Finding, Severity
from app.domain.lifecycle import Stage
from app.domain.procedure import Procedure
from app.store.session import Session, chunks
from app.store.tables import service_line

SNAPSHOT = "claim_version.content"


def stored_claims(session: Session, rows: Sequence[Any]) -> list[StoredClaim]:
    """The claims of these rows with their lines, in the order of the rows."""
    lines: dict[UUID, list[ClaimLine]] = {row.id: [] for row in rows}
    asks_only = {row.id: row.predetermination for row in rows}
    for some in chunks(list(lines)):
        query = session.rows(service_line, service_line.c.claim_id.in_(some)).order_by(
            service_line.c.claim_id, service_line.c.position
        )
        for row in session.connection.execute(query):
            lines[row.claim_id].append(_line(row, asks_only=asks_only[row.claim_id]))
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
    return ClaimLine(
        id=row.id,
        charge_id=row.charge_id,
        line_control_number=row.line_control_number,
        procedure=Procedure(
            row.procedure_code, tuple(row.modifiers), row.description, row.procedure_qualifier
        ),
        charge=row.charge,
        paid=row.paid,
        adjusted=row.adjusted,
        patient_responsibility=row.patient_responsibility,
        predetermination=asks_only,
        units=row.units,
        service_date=row.service_date,
        elsewhere=row.elsewhere,
    )
