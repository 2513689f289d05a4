"""The wire: attempts, files at partners, what is due, changes of profiles"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APPEND_ONLY = ("transmission_step", "partner_change")


def upgrade() -> None:
    op.add_column("file", sa.Column("source", sa.String(), nullable=True))
    op.add_column("file", sa.Column("part_of", sa.Uuid(), nullable=True))
    op.create_index("ix_file_tenant_id_part_of", "file", ["tenant_id", "part_of"])
    op.create_table(
        "due",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_due_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "workflow", "subject_id", name=op.f("pk_due")),
    )
    op.create_index("ix_due_at", "due", ["at"])

    op.create_table(
        "partner_change",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["trading_partner.tenant_id", "trading_partner.id"],
            name=op.f("fk_partner_change_tenant_id_partner_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "partner_id", "revision", name=op.f("pk_partner_change")
        ),
    )
    op.create_table(
        "pull_state",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("well_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["trading_partner.tenant_id", "trading_partner.id"],
            name=op.f("fk_pull_state_tenant_id_partner_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "partner_id", name=op.f("pk_pull_state")),
    )
    op.create_table(
        "remote_file",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_remote_file_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["trading_partner.tenant_id", "trading_partner.id"],
            name=op.f("fk_remote_file_tenant_id_partner_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_remote_file")),
        sa.UniqueConstraint(
            "tenant_id",
            "partner_id",
            "folder",
            "name",
            "size",
            "modified",
            name=op.f("uq_remote_file_tenant_id_partner_id_folder_name_size_modified"),
        ),
    )
    op.create_table(
        "transmission",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["trading_partner.tenant_id", "trading_partner.id"],
            name=op.f("fk_transmission_tenant_id_partner_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "subject_id", name=op.f("pk_transmission")),
    )
    op.create_table(
        "transmission_step",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subject_id"],
            ["transmission.tenant_id", "transmission.subject_id"],
            name=op.f("fk_transmission_step_tenant_id_subject_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "subject_id", "attempt", "step", name=op.f("pk_transmission_step")
        ),
    )

    for table in APPEND_ONLY:
        _protect(table)
    # Until now the only partner of a tenant; from here on it is of the tenant's mode.
    op.execute(
        "UPDATE trading_partner SET live = TRUE"
        " WHERE tenant_id IN (SELECT id FROM tenant WHERE mode = 'live')"
    )


def downgrade() -> None:
    op.drop_table("transmission_step")  # and its triggers with it
    op.drop_table("transmission")
    op.drop_table("remote_file")
    op.drop_table("pull_state")
    op.drop_table("partner_change")
    op.drop_index("ix_due_at", "due")
    op.drop_table("due")
    op.drop_index("ix_file_tenant_id_part_of", "file")
    op.drop_column("file", "part_of")
    op.drop_column("file", "source")


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
