"""What was done to each claim payment is kept, act by act; a journal entry is taken back once

What was posted before this version was posted by the system, when its remittance came.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = sa.text("state != 'posted'")
MIRROR = sa.text("reverses_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "payment_act",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("claim_payment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("counterpart_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("confidence", sa.String(), nullable=True),
        sa.Column("lines", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "claim_payment_id", "ordinal", name="pk_payment_act"),
    )
    op.execute(
        "INSERT INTO payment_act (tenant_id, claim_payment_id, ordinal, act, claim_id, method,"
        " confidence, actor, at)"
        " SELECT p.tenant_id, p.id, 1, 'posted', p.claim_id, p.method, 'certain', 'system',"
        " r.created_at FROM claim_payment p JOIN remittance r"
        " ON r.tenant_id = p.tenant_id AND r.id = p.remittance_id WHERE p.state = 'posted'"
    )
    _protect("payment_act")
    op.execute(
        "UPDATE claim_payment SET reason = 'reversal_without_original' WHERE reason = 'reversal'"
    )
    op.add_column("claim_payment", sa.Column("original_claim_number", sa.String(), nullable=True))
    op.create_index(
        "ix_claim_payment_tenant_id_payer_claim_control_number",
        "claim_payment",
        ["tenant_id", "payer_claim_control_number"],
    )
    for column in ("claim_id", "id"):
        op.create_index(
            f"ix_claim_payment_open_{column}",
            "claim_payment",
            ["tenant_id", column],
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    op.create_index(
        "uq_journal_entry_reverses_id",
        "journal_entry",
        ["tenant_id", "reverses_id"],
        unique=True,
        sqlite_where=MIRROR,
        postgresql_where=MIRROR,
    )


def downgrade() -> None:
    op.drop_index("uq_journal_entry_reverses_id", "journal_entry")
    for column in ("claim_id", "id"):
        op.drop_index(f"ix_claim_payment_open_{column}", "claim_payment")
    op.drop_index("ix_claim_payment_tenant_id_payer_claim_control_number", "claim_payment")
    op.drop_column("claim_payment", "original_claim_number")
    op.execute(
        "UPDATE claim_payment SET reason = 'reversal' WHERE reason = 'reversal_without_original'"
    )
    op.drop_table("payment_act")


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
