"""What a remittance says, and what a payer leaves of a patient control number

Plain ALTER TABLE on both databases: other tables' rows refer to these.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.domain.claim_matching import number_key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_AT_ONCE = 1000

submission = sa.table(
    "submission",
    sa.column("tenant_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("patient_control_number", sa.String()),
    sa.column("number_key", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "remittance_content",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("payments", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "remittance_id"],
            ["remittance.tenant_id", "remittance.id"],
            name=op.f("fk_remittance_content_tenant_id_remittance_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "remittance_id", name=op.f("pk_remittance_content")),
    )
    op.add_column("remittance", sa.Column("seen", sa.String(), nullable=True))
    op.add_column("remittance", sa.Column("same_payment_as", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_remittance_tenant_id_same_payment_as"),
        "remittance",
        ["tenant_id", "same_payment_as"],
    )
    op.add_column("service_payment", sa.Column("method", sa.String(), nullable=True))
    op.create_index(
        op.f("ix_claim_tenant_id_payer_claim_control_number"),
        "claim",
        ["tenant_id", "payer_claim_control_number"],
    )
    key = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.add_column("submission", sa.Column("number_key", key, nullable=True))
    _fill()
    op.create_index(
        op.f("ix_submission_tenant_id_number_key"), "submission", ["tenant_id", "number_key"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_submission_tenant_id_number_key"), "submission")
    op.drop_column("submission", "number_key")
    op.drop_index(op.f("ix_claim_tenant_id_payer_claim_control_number"), "claim")
    op.drop_column("service_payment", "method")
    op.drop_index(op.f("ix_remittance_tenant_id_same_payment_as"), "remittance")
    op.drop_column("remittance", "same_payment_as")
    op.drop_column("remittance", "seen")
    op.drop_table("remittance_content")


def _fill() -> None:
    """The keys of the submissions that are there, some at a time."""
    bind = op.get_bind()
    written = (
        sa.update(submission)
        .where(
            submission.c.tenant_id == sa.bindparam("of_tenant"),
            submission.c.id == sa.bindparam("of_id"),
        )
        .values(number_key=sa.bindparam("key"))
    )
    some = (
        sa.select(submission.c.tenant_id, submission.c.id, submission.c.patient_control_number)
        .where(submission.c.number_key.is_(None))
        .limit(_AT_ONCE)
    )
    while rows := bind.execute(some).all():
        bind.execute(
            written,
            [
                {"of_tenant": tenant, "of_id": id, "key": number_key(number)}
                for tenant, id, number in rows
            ],
        )
