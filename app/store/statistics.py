"""What SQLite's planner is told of our indexes, so that it never goes through a whole tenant.

Without statistics it takes any first column for a choice among few rows. Ours is the tenant, which
is often the same in every row: to be spared a sort by id, a question about ten rows would read all
of them. `ANALYZE` would say what is true of the data of its moment; this holds for any size.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.store.tables import metadata

_ROWS = 1_000_000
_OF_PARTIAL = 20_000  # an index of what is open, or of what takes something back
_ALIKE = 10  # rows that share all columns but the last of a key
# Columns of a few words: each of them holds many rows.
_WORDS = frozenset({"state", "status", "stage", "type", "kind", "source_type"})


def tell_planner(connection: Connection) -> None:
    """Write the statistics of all our indexes; on PostgreSQL autovacuum gathers them."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE tenant")  # makes the table of statistics
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    rows = []
    for table in metadata.tables:
        listed = connection.exec_driver_sql(f'PRAGMA index_list("{table}")').all()
        for _, index, unique, _, partial in listed:
            columns = connection.exec_driver_sql(f'PRAGMA index_info("{index}")').all()
            names = [name for _, _, name in columns]
            rows.append((table, index, _statistics(names, unique=unique, partial=partial)))
    connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", rows)
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # this connection reads them anew


def _statistics(columns: list[str], *, unique: bool, partial: bool) -> str:
    """`rows a b c`: how many rows there are, and how many share the first, first two, columns."""
    rows = share = _OF_PARTIAL if partial else _ROWS
    shares = []
    for name in columns:
        if name in _WORDS:
            share = max(share // 10, _ALIKE)
        elif name != "tenant_id":
            share = _ALIKE
        shares.append(share)
    if unique:
        shares[-1] = 1
    return " ".join(str(number) for number in (rows, *shares))
