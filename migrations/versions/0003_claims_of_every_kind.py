"""Claims of every kind: a line may have no day of its own, a partner has a guide for each kind

An inpatient line and one of a predetermination have no date of service. A partner's one guide
becomes the professional one of three.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DATED = ("service_line", "charge")
GUIDES = {"institutional": "005010X223A2", "dental": "005010X224A2"}

partner = sa.table(
    "trading_partner",
    sa.column("tenant_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("profile", sa.JSON()),
)


def upgrade() -> None:
    for table in DATED:
        with op.batch_alter_table(table) as change:
            change.alter_column("service_date", existing_type=sa.Date(), nullable=True)
    for key, profile in _profiles():
        guide = profile.pop("guide")
        _write(key, profile | {"guides": {"professional": guide, **GUIDES}})


def downgrade() -> None:
    for key, profile in _profiles():
        guides = profile.pop("guides")
        _write(key, profile | {"guide": guides["professional"]})
    for table in DATED:
        with op.batch_alter_table(table) as change:
            change.alter_column("service_date", existing_type=sa.Date(), nullable=False)


Key = tuple[object, object]


def _profiles() -> list[tuple[Key, dict[str, object]]]:
    rows = op.get_bind().execute(sa.select(partner)).all()
    return [((row.tenant_id, row.id), dict(row.profile)) for row in rows]


def _write(key: Key, profile: dict[str, object]) -> None:
    op.get_bind().execute(
        sa.update(partner)
        .where(partner.c.tenant_id == key[0], partner.c.id == key[1])
        .values(profile=profile)
    )
