"""Denials, appeals and tasks, and what payers' contracts say of deadlines"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("chance", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_task_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_task")),
        sa.UniqueConstraint(
            "tenant_id",
            "type",
            "category",
            "subject_id",
            name=op.f("uq_task_tenant_id_type_category_subject_id"),
        ),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_tenant_id_claim_id"), ["tenant_id", "claim_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_task_tenant_id_status_priority"),
            ["tenant_id", "status", "priority"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_task_tenant_id_type_status"),
            ["tenant_id", "type", "status"],
            unique=False,
        )

    op.create_table(
        "work_setting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("write_off_limit", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_work_setting_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_work_setting")),
    )
    op.create_table(
        "task_note",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_key_id", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"],
            ["task.tenant_id", "task.id"],
            name=op.f("fk_task_note_tenant_id_task_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", "ordinal", name=op.f("pk_task_note")),
    )
    op.create_table(
        "payer_terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("payer_row", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("program", sa.String(), nullable=True),
        sa.Column("appeal_days", sa.JSON(), nullable=True),
        sa.Column("correction_days", sa.Integer(), nullable=True),
        sa.Column("records_days", sa.Integer(), nullable=True),
        sa.Column("filing_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payer_row"],
            ["payer.tenant_id", "payer.id"],
            name=op.f("fk_payer_terms_tenant_id_payer_row"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "payer_row", "valid_from", name=op.f("pk_payer_terms")
        ),
    )
    op.create_table(
        "appeal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("level_name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("amount_at_stake", sa.BigInteger(), nullable=False),
        sa.Column("argument", sa.LargeBinary(), nullable=True),
        sa.Column("argument_key_id", sa.String(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("tracking_number", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claim.tenant_id", "claim.id"],
            name=op.f("fk_appeal_tenant_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "previous_id"],
            ["appeal.tenant_id", "appeal.id"],
            name=op.f("fk_appeal_tenant_id_previous_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_appeal")),
        sa.UniqueConstraint(
            "tenant_id", "previous_id", name=op.f("uq_appeal_tenant_id_previous_id")
        ),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appeal_tenant_id_claim_id"), ["tenant_id", "claim_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_appeal_tenant_id_state"), ["tenant_id", "state"], unique=False
        )

    op.create_table(
        "denial",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("service_line_id", sa.Uuid(), nullable=True),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("adjudicated_on", sa.Date(), nullable=True),
        sa.Column("payer_id", sa.String(), nullable=True),
        sa.Column("payer_name", sa.String(), nullable=True),
        sa.Column("procedure_code", sa.String(), nullable=True),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("scenario", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("appealable", sa.Boolean(), nullable=False),
        sa.Column("patient_liable", sa.Boolean(), nullable=False),
        sa.Column("chance", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("appeal_deadline", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person", sa.String(), nullable=True),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("appealed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("at_stake", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claim.tenant_id", "claim.id"],
            name=op.f("fk_denial_tenant_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_denial")),
        sa.UniqueConstraint(
            "tenant_id",
            "payment_id",
            "claim_id",
            "service",
            "group",
            "reason",
            name=op.f("uq_denial_tenant_id_payment_id_claim_id_service_group_reason"),
        ),
    )
    with op.batch_alter_table("denial", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_denial_tenant_id_claim_id"), ["tenant_id", "claim_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_denial_tenant_id_closed_by"), ["tenant_id", "closed_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_denial_tenant_id_state_id"), ["tenant_id", "state", "id"], unique=False
        )

    op.create_table(
        "appeal_denial",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("denial_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appeal_id"],
            ["appeal.tenant_id", "appeal.id"],
            name=op.f("fk_appeal_denial_tenant_id_appeal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "denial_id"],
            ["denial.tenant_id", "denial.id"],
            name=op.f("fk_appeal_denial_tenant_id_denial_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "appeal_id", "denial_id", name=op.f("pk_appeal_denial")
        ),
    )
    with op.batch_alter_table("appeal_denial", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appeal_denial_tenant_id_denial_id"),
            ["tenant_id", "denial_id"],
            unique=False,
        )

    op.create_table(
        "appeal_document",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appeal_id"],
            ["appeal.tenant_id", "appeal.id"],
            name=op.f("fk_appeal_document_tenant_id_appeal_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "appeal_id", "ordinal", name=op.f("pk_appeal_document")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "appeal_id",
            "sha256",
            name=op.f("uq_appeal_document_tenant_id_appeal_id_sha256"),
        ),
    )
    op.create_table(
        "denial_act",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("denial_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("reason_key_id", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "denial_id"],
            ["denial.tenant_id", "denial.id"],
            name=op.f("fk_denial_act_tenant_id_denial_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_denial_act")),
        sa.UniqueConstraint(
            "tenant_id",
            "denial_id",
            "ordinal",
            name=op.f("uq_denial_act_tenant_id_denial_id_ordinal"),
        ),
    )
    for table in ("denial_act", "task_note"):
        _protect(table)


def downgrade() -> None:
    op.drop_table("denial_act")
    op.drop_table("appeal_document")
    with op.batch_alter_table("appeal_denial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_denial_tenant_id_denial_id"))

    op.drop_table("appeal_denial")
    with op.batch_alter_table("denial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_denial_tenant_id_state_id"))
        batch_op.drop_index(batch_op.f("ix_denial_tenant_id_closed_by"))
        batch_op.drop_index(batch_op.f("ix_denial_tenant_id_claim_id"))

    op.drop_table("denial")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_tenant_id_state"))
        batch_op.drop_index(batch_op.f("ix_appeal_tenant_id_claim_id"))

    op.drop_table("appeal")
    op.drop_table("payer_terms")
    op.drop_table("task_note")
    op.drop_table("work_setting")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_tenant_id_type_status"))
        batch_op.drop_index(batch_op.f("ix_task_tenant_id_status_priority"))
        batch_op.drop_index(batch_op.f("ix_task_tenant_id_claim_id"))

    op.drop_table("task")


def _protect(table: str) -> None:
    """As in 0002."""
    if op.get_bind().dialect.name == "postgresql":
        for act, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
