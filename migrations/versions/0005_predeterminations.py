"""A claim may be a predetermination: it asks what a payer would pay, so nobody owes anything for it

Every claim before this one asked for money.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("claim") as change:
        change.add_column(
            sa.Column("predetermination", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("claim") as change:
        change.alter_column("predetermination", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("claim") as change:
        change.drop_column("predetermination")
