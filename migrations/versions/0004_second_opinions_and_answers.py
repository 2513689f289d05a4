"""Second opinions of batches, and the answers to files

Plain ALTER TABLE on both databases: to rebuild `batch` on SQLite (alembic's batch mode) its rows
would have to leave the table, and those of `batch_position` refer to them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("received_control_number", sa.String(), nullable=True),
        sa.Column("interchange_control_number", sa.BigInteger(), nullable=True),
        sa.Column("contents", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_answer_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["trading_partner.tenant_id", "trading_partner.id"],
            name=op.f("fk_answer_tenant_id_partner_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", "ordinal", name=op.f("uq_answer_tenant_id_file_id_ordinal")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "partner_id",
            "interchange_control_number",
            name=op.f("uq_answer_tenant_id_partner_id_interchange_control_number"),
        ),
    )
    op.add_column("batch", sa.Column("opinion", sa.JSON(), nullable=True))
    op.add_column("batch", sa.Column("reason", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("batch", "reason")
    op.drop_column("batch", "opinion")
    op.drop_table("answer")
