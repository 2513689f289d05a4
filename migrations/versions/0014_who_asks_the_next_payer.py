"""Who asks the next payer: a person, or the hourly sweep"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "work_setting",
        sa.Column("bill_next", sa.String(), nullable=False, server_default="asked"),
    )


def downgrade() -> None:
    op.drop_column("work_setting", "bill_next")
