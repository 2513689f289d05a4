"""The whole loop while its processes are killed: `make torture`, and a short one among the tests.

Encounters are dropped without pause, batches sealed, files taken away by the partner as soon as
they appear, and answered. Meanwhile one process after another gets kill -9 and is started again. At
the end nothing may be lost, nothing posted twice, and every file delivered once as the receiver
counts content.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select

from app.config import Settings
from app.domain.ledger import Account
from app.domain.money import ZERO
from app.flows.ports import FileState, Mode
from app.flows.verify import verify
from app.main import Application
from app.simulator.folder import FolderPayer
from app.store.tables import batch, claim, transmission_step
from tests.e2e import books
from tests.e2e.running import start
from tests.e2e.waiting import until
from tests.http.test_loop import encounter
from tests.postgres import shared_server

OUTCOMES = ("SIMPAID", "SIMADJ", "SIMDENY", "SIMPART", "SIMDED")
DECIDED = {"PAID", "PARTIALLY_PAID", "DENIED", "ZERO_PAY"}
AT_ONCE = 3  # encounters in a drop


@dataclass
class Report:
    """What was done to it, and what it came to."""

    kills: int = 0
    encounters: int = 0
    batches: int = 0
    delivered: Counter[str] = field(default_factory=Counter)  # by content
    claims: Counter[str] = field(default_factory=Counter)  # by stage
    by_outcome: dict[str, set[tuple[Decimal, ...]]] = field(default_factory=dict)
    cash: Decimal = ZERO
    deposits: Decimal = ZERO
    differences: list[str] = field(default_factory=list)
    failed_files: int = 0
    attempts: Counter[str] = field(default_factory=Counter)  # steps of sending

    @property
    def faults(self) -> list[str]:
        """What does not hold; none is what we want."""
        found = [f"verify: {difference}" for difference in self.differences]
        if sum(self.claims.values()) != self.encounters:
            found.append(f"{self.encounters} encounters and {sum(self.claims.values())} claims")
        if set(self.claims) - DECIDED:
            found.append(f"claims without a decision: {dict(self.claims)}")
        twice = [n for n in self.delivered.values() if n > 1]
        if twice or len(self.delivered) != self.batches:
            found.append(f"{self.batches} batches, {len(self.delivered)} contents, {twice} twice")
        found += [f"{k} came out as {v}" for k, v in self.by_outcome.items() if len(v) != 1]
        if self.cash != self.deposits:
            found.append(f"cash is {self.cash} and the payer sent {self.deposits}")
        if self.failed_files:
            found.append(f"{self.failed_files} files failed")
        return found


class Torture:
    """One run on the database at `url`, everything else under `home`."""

    def __init__(self, url: str, home: Path, *, commands: list[list[str]], seed: int) -> None:
        self._url, self._data = url, home / "data"
        self._random = random.Random(seed)
        self._commands = commands
        self._app = Application(Settings(database_url=url, data_dir=self._data))
        self._tenant = self._app.tenant("clinic", mode=Mode.TEST)
        folder = self._app.folder(self._tenant)
        self._in, self._out, self._taken = folder / "in", folder / "out", home / "taken"
        for made in (self._in, self._out, self._taken):
            made.mkdir(parents=True, exist_ok=True)
        self._payer = FolderPayer(claims=self._taken, answers=self._in, memory=home / "memory")
        self._children: list[subprocess.Popen[str]] = []
        self._report = Report()

    def run(self, *, kills: int) -> Report:
        """Until so many were killed, and then until everything is decided."""
        self._children = [self._started(command) for command in self._commands]
        try:
            next_kill = time.monotonic() + 5
            while self._report.kills < kills:
                self._drop()
                self._tick()
                if time.monotonic() >= next_kill:
                    self._kill()
                    next_kill = time.monotonic() + self._random.uniform(0.5, 6)
            until(self._decided, seconds=240)
        finally:
            for child in self._children:
                child.terminate()
            for child in self._children:
                child.wait(60)
        self._judge()
        self._app.close()
        return self._report

    def _started(self, command: list[str]) -> subprocess.Popen[str]:
        return start(*command, url=self._url, data=self._data)

    def _kill(self) -> None:
        at = self._random.randrange(len(self._children))
        os.kill(self._children[at].pid, signal.SIGKILL)
        self._children[at].communicate()
        self._children[at] = self._started(self._commands[at])
        self._report.kills += 1

    def _drop(self) -> None:
        """A few encounters more, in a file of lines."""
        lines = []
        for _ in range(AT_ONCE):
            number = self._report.encounters
            asked = OUTCOMES[number % len(OUTCOMES)]
            coverage = encounter()["coverages"][0] | {"memberId": f"{asked}{number}"}
            own = {"externalId": f"T-{asked}-{number}", "coverages": [coverage]}
            lines.append(json.dumps(encounter() | own))
            self._report.encounters += 1
        part = self._in / f"{self._report.encounters}.ndjson.part"
        part.write_text("\n".join(lines))
        part.rename(part.with_suffix(""))
        time.sleep(0.4)

    def _tick(self) -> None:
        """What the others do: batches are asked for, the partner takes its files and answers."""
        self._app.seal(self._tenant.id, actor="torture")
        for path in sorted(self._out.iterdir()):
            if not path.name.endswith(".part"):
                self._report.delivered[hashlib.sha256(path.read_bytes()).hexdigest()] += 1
                path.rename(self._taken / f"{len(list(self._taken.iterdir()))}-{path.name}")
        self._payer.answer_new()

    def _decided(self) -> bool:
        self._tick()
        time.sleep(0.3)
        with self._app.engine.connect() as connection:
            found = connection.execute(select(claim.c.stage)).scalars().all()
        return len(found) == self._report.encounters and set(found) <= DECIDED

    def _judge(self) -> None:
        report = self._report
        by_outcome: defaultdict[str, set[tuple[Decimal, ...]]] = defaultdict(set)
        with self._app.units(self._tenant.id, actor="torture") as uow:
            report.cash = uow.journal.trial_balance().get(Account.CASH, ZERO)
            files = uow.files.page(limit=1_000_000, after=None, state=FileState.FAILED, kind=None)
            report.failed_files = len(files)
        with self._app.engine.connect() as connection:
            for row in connection.execute(select(claim)):
                report.claims[row.stage] += 1
            report.batches = connection.scalar(select(func.count()).select_from(batch)) or 0
            for kind, number in connection.execute(
                select(transmission_step.c.step, func.count()).group_by(transmission_step.c.step)
            ):
                report.attempts[kind] = number
        with books.opened(self._url) as connection:
            for external_id, (_, *money) in books.claims(connection).items():
                by_outcome[external_id.split("-")[1]].add(tuple(money))
        report.by_outcome = dict(by_outcome)
        report.deposits = sum((d.amount for d in self._payer.deposits()), ZERO)
        report.differences = [
            str(one) for one in verify(self._app.records, self._app.raw, self._tenant)
        ]


SQLITE = [["serve", "--port", "0"]]  # one command and one process
POSTGRESQL = [["serve", "--port", "0"], ["worker"], ["worker"]]  # three workers


def main() -> None:
    """`python -m tests.e2e.torture --kills 300`: half on SQLite, half on PostgreSQL."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        server = os.environ.get("TEST_DATABASE_URL") or shared_server(home, owner=os.getpid())
        server = server.replace("postgresql://", "postgresql+psycopg://")
        for name, url, commands in (
            ("SQLite", f"sqlite:///{home}/sqlite/claimloop.db", SQLITE),
            ("PostgreSQL", server, POSTGRESQL),
        ):
            own = home / name.lower()
            own.mkdir()
            began = time.monotonic()
            report = Torture(url, own, commands=commands, seed=given.seed).run(
                kills=given.kills // 2
            )
            seconds = time.monotonic() - began
            print(
                f"{name}: {report.kills} kills in {seconds:.0f} s, {report.encounters} encounters,"
                f" {report.batches} batches, sending {dict(report.attempts)}"
            )
            print("\n".join(report.faults) or "nothing lost, nothing twice")
            worst = max(worst, len(report.faults))
    sys.exit(min(worst, 1))


if __name__ == "__main__":
    main()
