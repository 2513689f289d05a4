"""The tables by subject; `metadata` is what migrations/ must make of an empty database."""

from __future__ import annotations

from app.store.tables.access import api_key, idempotency_key, sftp_user, tenant
from app.store.tables.claims import (
    batch,
    batch_position,
    claim,
    claim_basis,
    claim_version,
    service_line,
    submission,
)
from app.store.tables.codes import payment_code, unknown_code
from app.store.tables.columns import metadata
from app.store.tables.deposits import (
    deposit,
    deposit_match,
    deposit_sighting,
    reassociation,
)
from app.store.tables.encounters import charge, encounter, encounter_version
from app.store.tables.expected_payments import expected_payment, underpayment_act
from app.store.tables.files import answer, evidence, evidence_match, file, reading
from app.store.tables.ledger import fingerprint, journal_entry, journal_line
from app.store.tables.log import audit_entry, counter, event, worker_heartbeat
from app.store.tables.parties import payer, payer_identifier, trading_partner
from app.store.tables.patient_money import patient_payment
from app.store.tables.payments import payment_act
from app.store.tables.remittances import (
    adjustment,
    claim_payment,
    provider_adjustment,
    provider_adjustment_token,
    remark,
    remittance,
    remittance_content,
    service_payment,
)
from app.store.tables.terms import fee, fee_schedule, treatment_row
from app.store.tables.wire import (
    due,
    partner_change,
    pull_state,
    remote_file,
    transmission,
    transmission_step,
)
from app.store.tables.work import (
    appeal,
    appeal_denial,
    appeal_document,
    denial,
    denial_act,
    payer_terms,
    task,
    task_note,
    work_setting,
)

# What is said once and never changed: the database itself refuses UPDATE and DELETE.
APPEND_ONLY = (
    encounter_version,
    claim_version,
    claim_basis,
    evidence,
    evidence_match,
    journal_entry,
    journal_line,
    audit_entry,
    deposit,
    deposit_sighting,
    deposit_match,
    patient_payment,
    payment_act,
    denial_act,
    task_note,
    fee_schedule,
    expected_payment,
    underpayment_act,
    transmission_step,
    partner_change,
)

__all__ = [
    "APPEND_ONLY",
    "adjustment",
    "answer",
    "api_key",
    "appeal",
    "appeal_denial",
    "appeal_document",
    "audit_entry",
    "batch",
    "batch_position",
    "charge",
    "claim",
    "claim_basis",
    "claim_payment",
    "claim_version",
    "counter",
    "denial",
    "denial_act",
    "deposit",
    "deposit_match",
    "deposit_sighting",
    "due",
    "encounter",
    "encounter_version",
    "event",
    "evidence",
    "evidence_match",
    "expected_payment",
    "fee",
    "fee_schedule",
    "file",
    "fingerprint",
    "idempotency_key",
    "journal_entry",
    "journal_line",
    "metadata",
    "partner_change",
    "patient_payment",
    "payer",
    "payer_identifier",
    "payer_terms",
    "payment_act",
    "payment_code",
    "provider_adjustment",
    "provider_adjustment_token",
    "pull_state",
    "reading",
    "reassociation",
    "remark",
    "remittance",
    "remittance_content",
    "remote_file",
    "service_line",
    "service_payment",
    "sftp_user",
    "submission",
    "task",
    "task_note",
    "tenant",
    "trading_partner",
    "transmission",
    "transmission_step",
    "treatment_row",
    "underpayment_act",
    "unknown_code",
    "work_setting",
    "worker_heartbeat",
]
