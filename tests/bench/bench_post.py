# ruff: noqa: S608 - the names in its statements are those of our tables
"""How fast an 835 file gets onto the books, beside bare inserts of the very rows that it made.

Files of ../shared/bench/x12gen.py, 1 and 10 MB (`--large`: 100 MB too), on SQLite and on
PostgreSQL. The claims they pay are made from the files themselves first (not timed); then a process
of its own takes the file from its row to posted ledger: the passes over the file, gates, claim
payments with lines and adjustments, journal, evidence, denials, stages and balances. Wall time; the
memory is the highest of that process.

Then, in the same run, the rows it wrote (inserted, and the claims and lines it brought up to date)
are read from the database and put into empty tables with the same keys and indexes by what is
fastest there: executemany on SQLite, COPY on PostgreSQL, one transaction a table. `ratio` is rows a
second of posting by rows a second of that. Nothing here fails for being slow; the figures of the
books are compared with those of the generator.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.engine import URL, make_url

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.config import Settings  # noqa: E402
from app.flows.ports import Mode  # noqa: E402
from app.main import Application  # noqa: E402
from tests import postgres  # noqa: E402
from tests.e2e.ready_claims import TENANT, asked_by, load  # noqa: E402

GENERATOR = ROOT.parent / "shared" / "bench" / "x12gen.py"
SIZES = (1, 10)
LARGE = 100
CENT = 100
# The tables that posting writes, and the column that tells new rows from those of the claims:
# ids are in order of time. The last two are brought up to date, and all their rows are meant.
WRITTEN = {
    "claim_payment": "id",
    "service_payment": "claim_payment_id",
    "adjustment": "claim_payment_id",
    "remark": "claim_payment_id",
    "fingerprint": "subject_id",
    "payment_act": "claim_payment_id",
    "journal_entry": "id",
    "journal_line": "entry_id",
    "evidence": "id",
    "evidence_match": "id",
    "provider_adjustment": "id",
    "denial": "id",
    "task": "id",
    "event": "id",
    "claim": None,
    "service_line": None,
}


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    if not GENERATOR.is_file():
        print(f"skipped: {GENERATOR.name} is not beside this tree")
        return 0
    sizes = (*SIZES, LARGE) if "--large" in arguments else SIZES
    columns = f"{'claims':>8}{'22s':>7}{'PLB':>5}{'rows':>9}{'seconds':>9}{'claims/s':>9}"
    print(f"{'835 to posted ledger':20}{columns}{'rows/s':>8}{'raw':>8}{'ratio':>7}{'MB':>6}")
    with tempfile.TemporaryDirectory() as folder:
        server = Path(folder) / "server"
        server.mkdir()
        os.chmod(folder, 0o711)  # the server runs as another user where we are root
        address = make_url(postgres.shared_server(server, owner=os.getpid()))
        try:
            for size in sizes:
                path = Path(folder) / f"{size}.835"
                command = [sys.executable, GENERATOR, "835", "--mb", str(size), "--out", path]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                home = Path(folder) / f"sqlite{size}"
                home.mkdir()
                measure(f"{size} MB SQLite", path, home, Sqlite(home))
                home = Path(folder) / f"postgresql{size}"
                home.mkdir()
                measure(f"{size} MB PostgreSQL", path, home, Postgres(address, f"posted{size}"))
        finally:
            postgres.stop(server)
    return 0


def measure(name: str, path: Path, home: Path, database: Sqlite | Postgres) -> None:
    """The row of one file on one database."""
    truth = json.loads(path.with_name(f"{path.name}.json").read_text())
    data = path.read_bytes()
    reversals = len(re.findall(rb"~CLP\*[^*]*\*22\*", data))
    settings = Settings(database_url=database.url, data_dir=home / "data", log_level="WARNING")
    app = Application(settings)
    try:
        tenant = app.tenant(TENANT, mode=Mode.TEST)
        load(app, tenant, asked_by(data))
        file = app.receive(tenant.id, name=path.name, data=data, actor="bench")
        before = {table: database.last(table, by) for table, by in WRITTEN.items() if by}
        post = [sys.executable, __file__, "post", database.url, home, tenant.id, file.id]
        told = subprocess.run(list(map(str, post)), check=True, capture_output=True, text=True)
        taken, memory = json.loads(told.stdout)
        with app.units(tenant.id, actor="bench") as uow:
            remittances = uow.remittances.of_file(file.id)
            deposits = uow.journal.trial_balance()["cash"]
    finally:
        app.close()
    assert sum(r.cursor for r in remittances) == truth["claims"]
    assert sum(r.posted for r in remittances) >= truth["claims"] - reversals
    assert deposits * CENT == truth["bpr"]
    rows, seconds = database.raw(before)
    ratio = seconds / taken
    print(
        f"{name:20}{truth['claims']:8}{reversals:7}{data.count(b'~PLB*'):5}{rows:9}{taken:9.2f}"
        f"{truth['claims'] / taken:9.0f}{rows / taken:8.0f}{rows / seconds:8.0f}{ratio:7.0%}"
        f"{memory:6.0f}",
        flush=True,
    )


class Sqlite:
    """One database in a file."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.url = f"sqlite:///{home}/claimloop.db"

    def last(self, table: str, by: str) -> Any:
        """The greatest value of the column, before anything is posted."""
        with closing(sqlite3.connect(self._home / "claimloop.db")) as database:
            return database.execute(f"SELECT max({by}) FROM {table}").fetchone()[0]

    def raw(self, before: Mapping[str, Any]) -> tuple[int, float]:
        """How many rows were written, and the seconds that executemany takes for them."""
        rows, seconds = 0, 0.0
        with (
            closing(sqlite3.connect(self._home / "claimloop.db")) as posted,
            closing(sqlite3.connect(self._home / "raw.db", isolation_level=None)) as bare,
        ):
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                bare.execute(f"PRAGMA {pragma}")
            for table, by in WRITTEN.items():
                made = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type <> 'trigger'"
                for (statement,) in posted.execute(f"{made} AND sql IS NOT NULL", [table]):
                    bare.execute(statement)
                query = f"SELECT * FROM {table}"
                if by and before[table] is not None:
                    query += f" WHERE {by} > '{before[table]}'"
                found = posted.execute(query)
                while some := found.fetchmany(_AT_ONCE):
                    into = f"INSERT INTO {table} VALUES ({', '.join('?' for _ in some[0])})"
                    began = time.perf_counter()
                    bare.execute("BEGIN")
                    bare.executemany(into, some)
                    bare.execute("COMMIT")
                    seconds += time.perf_counter() - began
                    rows += len(some)
        return rows, seconds


class Postgres:
    """One database on a server, with a second schema for the bare rows."""

    def __init__(self, server: URL, name: str) -> None:
        own = server.set(drivername="postgresql")
        with psycopg.connect(own.render_as_string(hide_password=False), autocommit=True) as made:
            made.execute(f"CREATE DATABASE {name}")
        self._address = own.set(database=name).render_as_string(hide_password=False)
        self.url = server.set(database=name).render_as_string(hide_password=False)

    def last(self, table: str, by: str) -> Any:
        with psycopg.connect(self._address) as database:
            row = database.execute(f"SELECT {by} FROM {table} ORDER BY {by} DESC LIMIT 1")
            return (row.fetchone() or (None,))[0]

    def raw(self, before: Mapping[str, Any]) -> tuple[int, float]:
        """As of SQLite, by COPY in its binary format."""
        rows, seconds = 0, 0.0
        with psycopg.connect(self._address, autocommit=True) as database:
            database.execute("CREATE SCHEMA raw")
            for table, by in WRITTEN.items():
                database.execute(f"CREATE TABLE raw.{table} (LIKE public.{table} INCLUDING ALL)")
                query = f"SELECT * FROM public.{table}"
                if by and before[table] is not None:
                    query += f" WHERE {by} > '{before[table]}'"
                kept = self._copied_out(database, query)
                began = time.perf_counter()
                with database.cursor() as cursor:
                    with cursor.copy(f"COPY raw.{table} FROM STDIN (FORMAT binary)") as copy:
                        for piece in kept:
                            copy.write(piece)
                    rows += cursor.rowcount
                seconds += time.perf_counter() - began
        return rows, seconds

    @staticmethod
    def _copied_out(database: psycopg.Connection[Any], query: str) -> list[bytes]:
        with (
            database.cursor() as cursor,
            cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy,
        ):
            return [bytes(piece) for piece in copy]


_AT_ONCE = 50_000  # rows in one transaction of the bare inserts


def post(url: str, home: str, tenant_id: str, file_id: str) -> None:
    """In a process of its own: the file to the books; prints seconds and megabytes."""
    settings = Settings(database_url=url, data_dir=Path(home) / "data", log_level="WARNING")
    app = Application(settings)
    began = time.perf_counter()
    app.jobs.process_file(UUID(tenant_id), UUID(file_id))
    taken = time.perf_counter() - began
    app.close()
    # ru_maxrss would be that of the process that started us, where that is larger.
    with open("/proc/self/status") as status:
        high = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps([taken, high / 1024]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["post"]:
        post(*sys.argv[2:])
        sys.exit(0)
    sys.exit(main(sys.argv[1:]))
