"""Claims to the next payer: what it is asked for, what it is told of, and who waits for it

Plain ALTER TABLE: SQLite would have to rebuild the tables (alembic's batch mode) to no avail.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = (
    ("claim", sa.Column("next_position", sa.String(), nullable=True)),
    ("claim", sa.Column("elsewhere", sa.BigInteger(), nullable=False, server_default="0")),
    ("service_line", sa.Column("elsewhere", sa.BigInteger(), nullable=False, server_default="0")),
    ("remittance", sa.Column("produced_on", sa.Date(), nullable=True)),
    ("claim_payment", sa.Column("corrected_member_id", sa.LargeBinary(), nullable=True)),
    ("claim_payment", sa.Column("corrected_member_id_key_id", sa.String(), nullable=True)),
    ("service_payment", sa.Column("revenue_code", sa.String(), nullable=True)),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    op.create_table(
        "claim_basis",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim_payment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "claim_id"],
            ["claim.tenant_id", "claim.id"],
            name=op.f("fk_claim_basis_tenant_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "claim_id", "version", "claim_payment_id", name=op.f("pk_claim_basis")
        ),
    )
    later = sa.text("payer_position <> 'P'")
    op.create_index(
        "ix_journal_line_later_payer",
        "journal_line",
        ["tenant_id", "claim_id"],
        sqlite_where=later,
        postgresql_where=later,
    )
    _protect("claim_basis")


def downgrade() -> None:
    op.drop_index("ix_journal_line_later_payer", "journal_line")
    op.drop_table("claim_basis")  # and its triggers with it
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)


def _protect(table: str) -> None:
    """As version 0002 does."""
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
