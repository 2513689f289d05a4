"""What is said once stays said: the database refuses UPDATE and DELETE

A version that rebuilds one of these tables on SQLite (alembic's batch mode) loses its triggers and
has to call `_protect` of its own again; a test counts them.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "encounter_version",
    "claim_version",
    "evidence",
    "evidence_match",
    "journal_entry",
    "journal_line",
    "audit_entry",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001';
            END $$
            """
        )
    for table in APPEND_ONLY:
        _protect(table)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        for act in ("update", "delete", *(["truncate"] if postgresql else [])):
            suffix = f" ON {table}" if postgresql else ""
            op.execute(f"DROP TRIGGER {table}_no_{act}{suffix}")
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")


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
