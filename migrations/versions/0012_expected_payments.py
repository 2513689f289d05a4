"""What was allowed beside what was agreed, every fee schedule, and why a claim came out as it did

Plain ALTER TABLE: SQLite would have to rebuild the tables (alembic's batch mode) to no avail.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OUTCOME = (
    sa.Column("outcome_reasons", sa.String(), nullable=True),
    sa.Column("classifier_version", sa.Integer(), nullable=True),
)
COLUMNS = (
    *(("claim_payment", column) for column in OUTCOME),
    ("payment_act", sa.Column("outcome", sa.String(), nullable=True)),
    *(("payment_act", sa.Column(c.name, c.type, nullable=True)) for c in OUTCOME),
    ("fee", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
)
NEW = ("fee_schedule", "expected_payment", "underpayment_act")

fee = sa.table(
    "fee",
    sa.column("tenant_id", sa.Uuid()),
    sa.column("payer_id", sa.String()),
    sa.column("position", sa.Integer()),
    sa.column("code", sa.String()),
    sa.column("modifiers", sa.JSON()),
    sa.column("amount", sa.BigInteger()),
    sa.column("valid_from", sa.Date()),
    sa.column("valid_to", sa.Date()),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    schedules = op.create_table(
        "fee_schedule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fees", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "payer_id", "version", name=op.f("pk_fee_schedule")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_fee_schedule_tenant_id")
        ),
    )
    _keep_what_stands(schedules)
    op.create_table(
        "expected_payment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_payment_id", sa.Uuid(), nullable=False),
        sa.Column("service_ordinal", sa.Integer(), nullable=False),
        sa.Column("posting", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("service_line_id", sa.Uuid(), nullable=True),
        sa.Column("procedure_code", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("allowed", sa.BigInteger(), nullable=False),
        sa.Column("set_apart", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("left_open", sa.BigInteger(), nullable=False),
        sa.Column("schedule_version", sa.Integer(), nullable=True),
        sa.Column("schedule_row", sa.Integer(), nullable=True),
        sa.Column("fee", sa.BigInteger(), nullable=True),
        sa.Column("fee_modifiers", sa.JSON(), nullable=True),
        sa.Column("fee_from", sa.Date(), nullable=True),
        sa.Column("fee_to", sa.Date(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_expected_payment")),
        sa.UniqueConstraint(
            "tenant_id",
            "claim_payment_id",
            "service_ordinal",
            "posting",
            name=op.f("uq_expected_payment_tenant_id_claim_payment_id_service_ordinal_posting"),
        ),
    )
    suspect = sa.text("finding != 'as_agreed'")
    op.create_index(
        "ix_expected_payment_suspect",
        "expected_payment",
        ["tenant_id", "claim_id"],
        sqlite_where=suspect,
        postgresql_where=suspect,
    )
    op.create_table(
        "underpayment_act",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expected_payment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("reason_key_id", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_underpayment_act")),
        sa.UniqueConstraint(
            "tenant_id",
            "expected_payment_id",
            "ordinal",
            name=op.f("uq_underpayment_act_tenant_id_expected_payment_id_ordinal"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "expected_payment_id"],
            ["expected_payment.tenant_id", "expected_payment.id"],
            name=op.f("fk_underpayment_act_tenant_id_expected_payment_id"),
        ),
    )
    for table in NEW:
        _protect(table)


def downgrade() -> None:
    op.drop_table("underpayment_act")  # and their triggers with them
    op.drop_index("ix_expected_payment_suspect", "expected_payment")
    op.drop_table("expected_payment")
    op.drop_table("fee_schedule")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)


def _keep_what_stands(schedules: sa.Table) -> None:
    """The schedules of today are the first versions; who set them stands in the audit chain."""
    bind = op.get_bind()
    order = (fee.c.tenant_id, fee.c.payer_id, fee.c.position)
    rows = bind.execute(sa.select(fee).order_by(*order)).all()
    for (tenant, payer), own in groupby(rows, key=lambda row: (row.tenant_id, row.payer_id)):
        bind.execute(
            sa.insert(schedules).values(
                tenant_id=tenant,
                payer_id=payer,
                version=1,
                fees=[
                    {
                        "code": row.code,
                        "modifiers": row.modifiers,
                        "amount": f"{Decimal(row.amount).scaleb(-3).normalize() + 0:f}",
                        "valid_from": _day(row.valid_from),
                        "valid_to": _day(row.valid_to),
                    }
                    for row in own
                ],
                actor="migration",
                at=datetime.now(UTC),
            )
        )


def _day(day: date) -> str:
    return day.isoformat()


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
