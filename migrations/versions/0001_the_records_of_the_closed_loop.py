"""The records of the closed loop"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("claim_payment_id", sa.Uuid(), nullable=False),
        sa.Column("service_ordinal", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "claim_payment_id",
            "service_ordinal",
            "ordinal",
            name=op.f("pk_adjustment"),
        ),
    )
    op.create_table(
        "claim_payment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("patient_control_number", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("patient_responsibility", sa.BigInteger(), nullable=True),
        sa.Column("payer_claim_control_number", sa.String(), nullable=True),
        sa.Column("member_id", sa.LargeBinary(), nullable=True),
        sa.Column("member_id_key_id", sa.String(), nullable=True),
        sa.Column("member_id_index", sa.LargeBinary(), nullable=True),
        sa.Column("service_date", sa.Date(), nullable=True),
        sa.Column("crossover", sa.Boolean(), nullable=False),
        sa.Column("imbalances", sa.JSON(), nullable=False),
        sa.Column("segment_number", sa.Integer(), nullable=False),
        sa.Column("loop", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_claim_payment")),
        sa.UniqueConstraint(
            "tenant_id",
            "remittance_id",
            "ordinal",
            name=op.f("uq_claim_payment_tenant_id_remittance_id_ordinal"),
        ),
    )
    with op.batch_alter_table("claim_payment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_payment_tenant_id_claim_id"),
            ["tenant_id", "claim_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_claim_payment_tenant_id_patient_control_number"),
            ["tenant_id", "patient_control_number"],
            unique=False,
        )

    op.create_table(
        "evidence",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("effective", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("segment_number", sa.Integer(), nullable=False),
        sa.Column("loop", sa.String(), nullable=True),
        sa.Column("claim_status", sa.String(), nullable=True),
        sa.Column("charge", sa.BigInteger(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=True),
        sa.Column("payer_claim_control_number", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("tenant_id", "identity", name=op.f("uq_evidence_tenant_id_identity")),
    )
    op.create_table(
        "evidence_match",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("matched_by", sa.String(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_evidence_match")),
        sa.UniqueConstraint(
            "tenant_id",
            "evidence_id",
            "submission_id",
            "revision",
            name=op.f("uq_evidence_match_tenant_id_evidence_id_submission_id_revision"),
        ),
    )
    with op.batch_alter_table("evidence_match", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_match_tenant_id_submission_id"),
            ["tenant_id", "submission_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_match_tenant_id_supersedes_id"),
            ["tenant_id", "supersedes_id"],
            unique=False,
        )

    op.create_table(
        "fingerprint",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "hash", name=op.f("pk_fingerprint")),
    )
    op.create_table(
        "journal_line",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("payer_position", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", "ordinal", name=op.f("pk_journal_line")),
    )
    op.create_table(
        "provider_adjustment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("fiscal_period_end", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("segment_number", sa.Integer(), nullable=False),
        sa.Column("loop", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_provider_adjustment")),
        sa.UniqueConstraint(
            "tenant_id",
            "remittance_id",
            "ordinal",
            name=op.f("uq_provider_adjustment_tenant_id_remittance_id_ordinal"),
        ),
    )
    op.create_table(
        "remark",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("claim_payment_id", sa.Uuid(), nullable=False),
        sa.Column("service_ordinal", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "claim_payment_id", "service_ordinal", "ordinal", name=op.f("pk_remark")
        ),
    )
    op.create_table(
        "service_payment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("claim_payment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("service_line_id", sa.Uuid(), nullable=True),
        sa.Column("line_control_number", sa.String(), nullable=True),
        sa.Column("procedure", sa.JSON(), nullable=False),
        sa.Column("submitted_procedure", sa.JSON(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=True),
        sa.Column("allowed", sa.BigInteger(), nullable=True),
        sa.Column("service_date", sa.Date(), nullable=True),
        sa.Column("segment_number", sa.Integer(), nullable=False),
        sa.Column("loop", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "claim_payment_id", "ordinal", name=op.f("pk_service_payment")
        ),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('test', 'live')", name=op.f("ck_tenant_mode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("name", name=op.f("uq_tenant_name")),
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("executor_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_worker_heartbeat")),
    )
    op.create_table(
        "api_key",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_api_key_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_api_key_secret_sha256")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_audit_entry_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "sequence", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "counter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_counter_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "name", name=op.f("pk_counter")),
    )
    op.create_table(
        "encounter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_system", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_encounter_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_encounter")),
        sa.UniqueConstraint(
            "tenant_id",
            "source_system",
            "external_id",
            name=op.f("uq_encounter_tenant_id_source_system_external_id"),
        ),
    )
    op.create_table(
        "event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_event_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_event")),
        sa.UniqueConstraint("tenant_id", "sequence", name=op.f("uq_event_tenant_id_sequence")),
    )
    op.create_table(
        "file",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("transaction_sets", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("issues", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "duplicate_of"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_file_tenant_id_duplicate_of"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_file_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_file")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_file_tenant_id_sha256"), ["tenant_id", "sha256"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_file_tenant_id_state"), ["tenant_id", "state"], unique=False
        )

    op.create_table(
        "idempotency_key",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answer_key_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_idempotency_key_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reverses_id"],
            ["journal_entry.tenant_id", "journal_entry.id"],
            name=op.f("fk_journal_entry_tenant_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_journal_entry_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint(
            "tenant_id",
            "source_type",
            "source_id",
            "ordinal",
            name=op.f("uq_journal_entry_tenant_id_source_type_source_id_ordinal"),
        ),
    )
    op.create_table(
        "trading_partner",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("interchange_number", sa.BigInteger(), nullable=False),
        sa.Column("group_number", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_trading_partner_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_trading_partner")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_trading_partner_tenant_id_name")),
        sa.UniqueConstraint(
            "tenant_id", "number", name=op.f("uq_trading_partner_tenant_id_number")
        ),
    )
    op.create_table(
        "batch",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("interchange_control_number", sa.BigInteger(), nullable=False),
        sa.Column("group_control_number", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["trading_partner.tenant_id", "trading_partner.id"],
            name=op.f("fk_batch_tenant_id_partner_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_batch")),
        sa.UniqueConstraint(
            "tenant_id",
            "partner_id",
            "group_control_number",
            name=op.f("uq_batch_tenant_id_partner_id_group_control_number"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "partner_id",
            "interchange_control_number",
            name=op.f("uq_batch_tenant_id_partner_id_interchange_control_number"),
        ),
    )
    op.create_table(
        "charge",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("line_control_number", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["encounter.tenant_id", "encounter.id"],
            name=op.f("fk_charge_tenant_id_encounter_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_charge")),
        sa.UniqueConstraint(
            "tenant_id",
            "encounter_id",
            "line_control_number",
            "occurrence",
            name=op.f("uq_charge_tenant_id_encounter_id_line_control_number_occurrence"),
        ),
    )
    op.create_table(
        "encounter_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_key_id", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["encounter.tenant_id", "encounter.id"],
            name=op.f("fk_encounter_version_tenant_id_encounter_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "encounter_id", "version", name=op.f("pk_encounter_version")
        ),
    )
    op.create_table(
        "payer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("served", sa.Boolean(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["trading_partner.tenant_id", "trading_partner.id"],
            name=op.f("fk_payer_tenant_id_partner_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_payer_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payer")),
    )
    op.create_table(
        "reading",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_reading_tenant_id_file_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "file_id", "edition", "kind", name=op.f("pk_reading")),
    )
    op.create_table(
        "remittance",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("posted", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("control_number", sa.String(), nullable=False),
        sa.Column("handling", sa.String(), nullable=False),
        sa.Column("payment_amount", sa.BigInteger(), nullable=False),
        sa.Column("credit_debit", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("payment_method", sa.String(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column("trace_number", sa.String(), nullable=False),
        sa.Column("payer_identifier", sa.String(), nullable=True),
        sa.Column("payer_name", sa.String(), nullable=True),
        sa.Column("payer_ids", sa.JSON(), nullable=False),
        sa.Column("payee_name", sa.String(), nullable=True),
        sa.Column("payee_qualifier", sa.String(), nullable=True),
        sa.Column("payee_identifier", sa.String(), nullable=True),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        sa.Column("claims_paid", sa.BigInteger(), nullable=False),
        sa.Column("provider_adjustments_total", sa.BigInteger(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("imbalances", sa.JSON(), nullable=False),
        sa.Column("issues", sa.Integer(), nullable=False),
        sa.Column("segment_number", sa.Integer(), nullable=False),
        sa.Column("loop", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_remittance_tenant_id_file_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_remittance")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", "ordinal", name=op.f("uq_remittance_tenant_id_file_id_ordinal")
        ),
    )
    with op.batch_alter_table("remittance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_remittance_tenant_id_trace_number"),
            ["tenant_id", "trace_number"],
            unique=False,
        )

    op.create_table(
        "claim",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("responsibility", sa.String(), nullable=False),
        sa.Column("claim_number", sa.Integer(), nullable=False),
        sa.Column("claim_type", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("payer_row", sa.Uuid(), nullable=True),
        sa.Column("payer_id", sa.String(), nullable=True),
        sa.Column("payer_name", sa.String(), nullable=True),
        sa.Column("billing_npi", sa.String(), nullable=True),
        sa.Column("first_service_date", sa.Date(), nullable=True),
        sa.Column("member_id", sa.LargeBinary(), nullable=True),
        sa.Column("member_id_key_id", sa.String(), nullable=True),
        sa.Column("member_id_index", sa.LargeBinary(), nullable=True),
        sa.Column("subscriber_ssn", sa.LargeBinary(), nullable=True),
        sa.Column("subscriber_ssn_key_id", sa.String(), nullable=True),
        sa.Column("subscriber_ssn_index", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("patient_control_number", sa.String(), nullable=False),
        sa.Column("payer_claim_control_number", sa.String(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("adjusted", sa.BigInteger(), nullable=False),
        sa.Column("patient_responsibility", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["encounter.tenant_id", "encounter.id"],
            name=op.f("fk_claim_tenant_id_encounter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payer_row"],
            ["payer.tenant_id", "payer.id"],
            name=op.f("fk_claim_tenant_id_payer_row"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_claim")),
        sa.UniqueConstraint(
            "tenant_id",
            "encounter_id",
            "responsibility",
            "claim_number",
            name=op.f("uq_claim_tenant_id_encounter_id_responsibility_claim_number"),
        ),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_tenant_id_member_id_index"),
            ["tenant_id", "member_id_index"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_claim_tenant_id_stage_id"), ["tenant_id", "stage", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_claim_tenant_id_status_id"), ["tenant_id", "status", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_claim_tenant_id_subscriber_ssn_index"),
            ["tenant_id", "subscriber_ssn_index"],
            unique=False,
        )

    op.create_table(
        "payer_identifier",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payer_id"],
            ["payer.tenant_id", "payer.id"],
            name=op.f("fk_payer_identifier_tenant_id_payer_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "scheme", "value", "valid_from", name=op.f("pk_payer_identifier")
        ),
    )
    op.create_table(
        "claim_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("encounter_version", sa.Integer(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_key_id", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claim.tenant_id", "claim.id"],
            name=op.f("fk_claim_version_tenant_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "claim_id", "version", name=op.f("pk_claim_version")),
    )
    op.create_table(
        "service_line",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("charge_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_control_number", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("procedure_qualifier", sa.String(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("modifiers", sa.JSON(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("adjusted", sa.BigInteger(), nullable=False),
        sa.Column("patient_responsibility", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "charge_id"],
            ["charge.tenant_id", "charge.id"],
            name=op.f("fk_service_line_tenant_id_charge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claim.tenant_id", "claim.id"],
            name=op.f("fk_service_line_tenant_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_line")),
        sa.UniqueConstraint(
            "tenant_id",
            "claim_id",
            "line_control_number",
            "occurrence",
            name=op.f("uq_service_line_tenant_id_claim_id_line_control_number_occurrence"),
        ),
    )
    op.create_table(
        "submission",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("patient_control_number", sa.String(), nullable=False),
        sa.Column("clearinghouse_trace", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claim.tenant_id", "claim.id"],
            name=op.f("fk_submission_tenant_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "tenant_id",
            "claim_id",
            "attempt",
            name=op.f("uq_submission_tenant_id_claim_id_attempt"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "patient_control_number",
            name=op.f("uq_submission_tenant_id_patient_control_number"),
        ),
    )
    op.create_table(
        "batch_position",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_control_number", sa.String(), nullable=False),
        sa.Column("batch_reference", sa.String(), nullable=False),
        sa.Column("first_segment", sa.Integer(), nullable=False),
        sa.Column("last_segment", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["batch.tenant_id", "batch.id"],
            name=op.f("fk_batch_position_tenant_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "submission_id"],
            ["submission.tenant_id", "submission.id"],
            name=op.f("fk_batch_position_tenant_id_submission_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "submission_id", name=op.f("pk_batch_position")),
    )
    with op.batch_alter_table("batch_position", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_batch_position_tenant_id_batch_id"),
            ["tenant_id", "batch_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_batch_position_tenant_id_batch_reference"),
            ["tenant_id", "batch_reference"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("batch_position", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_position_tenant_id_batch_reference"))
        batch_op.drop_index(batch_op.f("ix_batch_position_tenant_id_batch_id"))

    op.drop_table("batch_position")
    op.drop_table("submission")
    op.drop_table("service_line")
    op.drop_table("claim_version")
    op.drop_table("payer_identifier")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_tenant_id_subscriber_ssn_index"))
        batch_op.drop_index(batch_op.f("ix_claim_tenant_id_status_id"))
        batch_op.drop_index(batch_op.f("ix_claim_tenant_id_stage_id"))
        batch_op.drop_index(batch_op.f("ix_claim_tenant_id_member_id_index"))

    op.drop_table("claim")
    with op.batch_alter_table("remittance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remittance_tenant_id_trace_number"))

    op.drop_table("remittance")
    op.drop_table("reading")
    op.drop_table("payer")
    op.drop_table("encounter_version")
    op.drop_table("charge")
    op.drop_table("batch")
    op.drop_table("trading_partner")
    op.drop_table("journal_entry")
    op.drop_table("idempotency_key")
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_tenant_id_state"))
        batch_op.drop_index(batch_op.f("ix_file_tenant_id_sha256"))

    op.drop_table("file")
    op.drop_table("event")
    op.drop_table("encounter")
    op.drop_table("counter")
    op.drop_table("audit_entry")
    op.drop_table("api_key")
    op.drop_table("worker_heartbeat")
    op.drop_table("tenant")
    op.drop_table("service_payment")
    op.drop_table("remark")
    op.drop_table("provider_adjustment")
    op.drop_table("journal_line")
    op.drop_table("fingerprint")
    with op.batch_alter_table("evidence_match", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_match_tenant_id_supersedes_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_match_tenant_id_submission_id"))

    op.drop_table("evidence_match")
    op.drop_table("evidence")
    with op.batch_alter_table("claim_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_payment_tenant_id_patient_control_number"))
        batch_op.drop_index(batch_op.f("ix_claim_payment_tenant_id_claim_id"))

    op.drop_table("claim_payment")
    op.drop_table("adjustment")
