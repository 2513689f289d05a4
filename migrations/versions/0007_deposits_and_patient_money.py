"""Bank deposits and what they pay, recoupments by their reference, patients' money

Remittances that stand already get the state they have without a deposit, PLB pairs the tokens of
their references.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = ("deposit", "deposit_sighting", "deposit_match", "patient_payment")


def upgrade() -> None:
    op.create_table(
        "provider_adjustment_token",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("provider_adjustment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "provider_adjustment_id",
            "ordinal",
            name=op.f("pk_provider_adjustment_token"),
        ),
    )
    with op.batch_alter_table("provider_adjustment_token", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_provider_adjustment_token_tenant_id_token"),
            ["tenant_id", "token"],
            unique=False,
        )

    op.create_table(
        "reassociation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "subject IN ('deposit', 'remittance')", name=op.f("ck_reassociation_subject")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "subject_id", name=op.f("pk_reassociation")),
    )
    with op.batch_alter_table("reassociation", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_reassociation_tenant_id_subject_state"),
            ["tenant_id", "subject", "state"],
            unique=False,
        )

    op.create_table(
        "deposit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=False),
        sa.Column("trace_number", sa.String(), nullable=True),
        sa.Column("trace_key", sa.String(), nullable=True),
        sa.Column("payer_identifier", sa.String(), nullable=True),
        sa.Column("payer_name", sa.String(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("account_key_id", sa.String(), nullable=True),
        sa.Column("account_index", sa.LargeBinary(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_deposit_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_deposit_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deposit")),
    )
    with op.batch_alter_table("deposit", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_deposit_tenant_id_amount"), ["tenant_id", "amount"], unique=False
        )
        batch_op.create_index(
            op.f("ix_deposit_tenant_id_trace_key"), ["tenant_id", "trace_key"], unique=False
        )

    op.create_table(
        "patient_payment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('payment', 'refund', 'void')", name=op.f("ck_patient_payment_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["encounter.tenant_id", "encounter.id"],
            name=op.f("fk_patient_payment_tenant_id_encounter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["patient_payment.tenant_id", "patient_payment.id"],
            name=op.f("fk_patient_payment_tenant_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_patient_payment_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_patient_payment")),
    )
    with op.batch_alter_table("patient_payment", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_patient_payment_tenant_id_encounter_id"),
            ["tenant_id", "encounter_id"],
            unique=False,
        )
        batch_op.create_index(
            op.f("ix_patient_payment_tenant_id_payment_id"),
            ["tenant_id", "payment_id"],
            unique=False,
        )

    op.create_table(
        "deposit_match",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('matched', 'unmatched')", name=op.f("ck_deposit_match_act")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deposit_id"],
            ["deposit.tenant_id", "deposit.id"],
            name=op.f("fk_deposit_match_tenant_id_deposit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "remittance_id"],
            ["remittance.tenant_id", "remittance.id"],
            name=op.f("fk_deposit_match_tenant_id_remittance_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "deposit_id", "remittance_id", "ordinal", name=op.f("pk_deposit_match")
        ),
    )
    with op.batch_alter_table("deposit_match", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_deposit_match_tenant_id_remittance_id"),
            ["tenant_id", "remittance_id"],
            unique=False,
        )

    op.create_table(
        "deposit_sighting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deposit_id"],
            ["deposit.tenant_id", "deposit.id"],
            name=op.f("fk_deposit_sighting_tenant_id_deposit_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "deposit_id", "ordinal", name=op.f("pk_deposit_sighting")
        ),
    )
    with op.batch_alter_table("journal_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_journal_line_patient",
            ["tenant_id", "claim_id"],
            unique=False,
            sqlite_where=sa.text("account = 'receivable_patient'"),
            postgresql_where=sa.text("account = 'receivable_patient'"),
        )
    _say_where_remittances_stand()
    _tell_apart_references()
    for table in APPEND_ONLY:
        _protect(table)


def downgrade() -> None:
    with op.batch_alter_table("journal_line", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_journal_line_patient",
            sqlite_where=sa.text("account = 'receivable_patient'"),
            postgresql_where=sa.text("account = 'receivable_patient'"),
        )

    op.drop_table("deposit_sighting")
    with op.batch_alter_table("deposit_match", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deposit_match_tenant_id_remittance_id"))

    op.drop_table("deposit_match")
    with op.batch_alter_table("patient_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_payment_tenant_id_payment_id"))
        batch_op.drop_index(batch_op.f("ix_patient_payment_tenant_id_encounter_id"))

    op.drop_table("patient_payment")
    with op.batch_alter_table("deposit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deposit_tenant_id_trace_key"))
        batch_op.drop_index(batch_op.f("ix_deposit_tenant_id_amount"))

    op.drop_table("deposit")
    with op.batch_alter_table("reassociation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reassociation_tenant_id_subject_state"))

    op.drop_table("reassociation")
    with op.batch_alter_table("provider_adjustment_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_adjustment_token_tenant_id_token"))

    op.drop_table("provider_adjustment_token")


def _say_where_remittances_stand() -> None:
    """As app/domain/reassociation.py has it for a remittance without a deposit."""
    op.execute(
        """
        INSERT INTO reassociation (tenant_id, subject_id, subject, state, expected, arrived)
        SELECT tenant_id, id, 'remittance',
               CASE WHEN payment_amount = 0 THEN 'ZERO_PAY'
                    WHEN payment_method = 'NON' THEN 'VIRTUAL_CARD'
                    WHEN payment_method = 'CHK' THEN 'CHECK' ELSE 'ERA_ONLY' END,
               CASE WHEN credit_debit = 'D' THEN -payment_amount ELSE payment_amount END, 0
          FROM remittance WHERE state <> 'duplicate'
        """
    )


def _tell_apart_references() -> None:
    """As app/domain/recoupment.py reads them."""
    connection = op.get_bind()
    types = {"tenant_id": sa.Uuid(), "id": sa.Uuid(), "reference": sa.String()}
    pairs = connection.execute(
        sa.text(
            "SELECT tenant_id, id, reference FROM provider_adjustment WHERE reference IS NOT NULL"
        ).columns(**types)
    ).all()
    tokens = sa.table(
        "provider_adjustment_token",
        sa.column("tenant_id", sa.Uuid()),
        sa.column("provider_adjustment_id", sa.Uuid()),
        sa.column("ordinal", sa.Integer()),
        sa.column("token", sa.String()),
    )
    for tenant, id, reference in pairs:
        text = reference.strip().upper()
        candidates = [text, text[:17], text[19:30], *re.split(r"[\s:#/,;>]+", text)]
        found = dict.fromkeys(c.strip() for c in candidates if len(c.strip()) >= 4)
        for ordinal, token in enumerate(list(found)[:12], start=1):
            connection.execute(
                tokens.insert().values(
                    tenant_id=tenant, provider_adjustment_id=id, ordinal=ordinal, token=token
                )
            )


def _protect(table: str) -> None:
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
