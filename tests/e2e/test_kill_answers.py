"""kill -9 while a file is answered; the same command again sends one answer."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.config import Settings
from app.domain.partner import AnswerKind
from app.flows.partners import change_partner
from app.flows.ports import Mode
from app.flows.verify import verify
from app.main import Application
from tests.e2e import books
from tests.e2e.running import Answer, KillPoint, claimloop
from tests.http.test_answers import CLAIMS, from_partner

KILLED = -signal.SIGKILL

# Between the end of a file and the word that its answer was sent.
ANSWER_POINTS = {
    "a control number taken": KillPoint(r"INSERT INTO answer\b", after=r"UPDATE trading_partner\b"),
    "sealed, the job that sends it not yet promised": KillPoint(
        r"INTO .*workflow_status", after=r"INSERT INTO answer\b"
    ),
    "sealed, before a byte has left": KillPoint(r"FROM answer\b", after=r"INSERT INTO answer\b"),
    "sent, before that is on record": KillPoint(r"UPDATE answer\b"),
}


@dataclass
class Clinic:
    """A tenant whose partner wants answers, and the file that came from it."""

    url: str
    home: Path

    def ingest(self, *, kill_at: KillPoint | None = None) -> Answer:
        file, data = self.home / "claims.837", self.home / "data"
        return claimloop(
            "ingest", file, "--tenant", "clinic", "--json", url=self.url, data=data, kill_at=kill_at
        )

    @contextmanager
    def app(self) -> Iterator[Application]:
        settings = Settings(database_url=self.url, data_dir=self.home / "data", log_level="WARNING")
        app = Application(settings)
        yield app
        app.close()

    @property
    def delivered(self) -> dict[str, bytes]:
        out = self.home / "data" / "tenants" / "clinic" / "test" / "out"
        return {path.name: path.read_bytes() for path in sorted(out.glob("*"))}

    def rows(self, query: str) -> Sequence[Any]:
        with books.opened(self.url) as connection:
            return connection.execute(text(query)).all()


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    clinic = Clinic(f"sqlite:///{tmp_path}/claimloop.db", tmp_path)
    with clinic.app() as app:
        tenant = app.tenant("clinic", mode=Mode.TEST)
        with app.units(tenant.id, actor="test") as uow:
            (partner,) = uow.partners.all()
            change_partner(uow, partner.id, {"answers": tuple(AnswerKind)})
    (tmp_path / "claims.837").write_bytes(from_partner(CLAIMS))
    return clinic


def test_an_ingest_ends_with_the_answer_at_the_partner(clinic: Clinic) -> None:
    done = clinic.ingest()
    assert done.code == 0, done.err
    (answer,) = done.json[0]["answers"]
    assert (answer["state"], answer["verdict"]) == ("TRANSMITTED", "A")
    assert list(clinic.delivered) == [answer["fileName"]]


@pytest.mark.parametrize("point", ANSWER_POINTS.values(), ids=ANSWER_POINTS.keys())
def test_a_killed_answer_is_sent_once(clinic: Clinic, point: KillPoint) -> None:
    assert clinic.ingest(kill_at=point).code == KILLED
    again = clinic.ingest()
    assert again.code == 0, again.err
    assert again.json[0]["state"] == "duplicate"
    ((state, name, sha256),) = clinic.rows("SELECT state, file_name, sha256 FROM answer")
    assert state == "TRANSMITTED"
    ((delivered, data),) = clinic.delivered.items()
    assert delivered == name
    assert hashlib.sha256(data).hexdigest() == sha256
    with clinic.app() as app:
        (tenant,) = app.tenants.list()
        assert list(verify(app.records, app.raw, tenant)) == []
