"""Codes of 835s that no list knows, and lists that a practice loads"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unknown_code",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("claim_payment_id", sa.Uuid(), nullable=False),
        sa.Column("service_ordinal", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "claim_payment_id",
            "service_ordinal",
            "list",
            "code",
            name=op.f("pk_unknown_code"),
        ),
    )
    op.create_table(
        "payment_code",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_payment_code_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "list", "position", name=op.f("pk_payment_code")),
    )
    op.create_index(
        op.f("ix_payment_code_tenant_id_list_code"), "payment_code", ["tenant_id", "list", "code"]
    )


def downgrade() -> None:
    op.drop_table("payment_code")
    op.drop_table("unknown_code")
