"""kill -9 while a second opinion is taken; the job run again asks, seals and sends once."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from app.config import Settings
from app.documents.encounter import read_encounter
from app.domain.batch import BatchState
from app.domain.encounter import Encounter
from app.domain.opinion import OpinionPolicy
from app.flows.claims import build_claims
from app.flows.intake import take_encounter
from app.flows.partners import change_partner
from app.flows.ports import Mode
from app.flows.verify import verify
from app.main import Application
from tests.e2e import books
from tests.e2e.running import ROOT, KillPoint, start

ENCOUNTER = ROOT / "fixtures/encounters/office-visit.json"

# Between pyx12's word and the promise to send what was sealed.
POINTS = {
    "asked, its word not kept": KillPoint(r"UPDATE batch\b"),
    "its word kept, the batch not sealed": KillPoint(r"UPDATE batch\b", count=2),
    "sealed, the job that sends it not promised": KillPoint(
        r"INTO .*workflow_status", after=r"UPDATE batch\b"
    ),
}


@contextmanager
def opened(home: Path) -> Iterator[Application]:
    app = Application(
        Settings(database_url=_url(home), data_dir=home / "data", log_level="WARNING")
    )
    yield app
    app.close()


def _url(home: Path) -> str:
    return f"sqlite:///{home}/claimloop.db"


def waiting_batch(home: Path) -> tuple[UUID, UUID]:
    """Tenant and OPEN batch of a partner that wants to hear pyx12 before anything leaves."""
    encounter = read_encounter(ENCOUNTER.read_bytes())
    assert isinstance(encounter, Encounter)
    with opened(home) as app:
        tenant = app.tenant("clinic", mode=Mode.TEST)
        with app.units(tenant.id, actor="test") as uow:
            (partner,) = uow.partners.all()
            change_partner(uow, partner.id, {"second_opinion": OpinionPolicy.BLOCK})
            build_claims(uow, take_encounter(uow, encounter).stored.id)
        (batch,) = app.seal(tenant.id, actor="test")
        assert batch.state is BatchState.OPEN
        return tenant.id, batch.id


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())
def test_a_killed_opinion_is_taken_again_and_the_batch_leaves_once(
    point: KillPoint, tmp_path: Path
) -> None:
    tenant_id, batch_id = waiting_batch(tmp_path)
    worker = start("worker", url=_url(tmp_path), data=tmp_path / "data", kill_at=point)
    try:
        assert worker.wait(timeout=60) == -signal.SIGKILL
    finally:
        worker.kill()
        worker.communicate()
    with opened(tmp_path) as app:
        for _ in range(2):
            assert app.jobs.second_opinion(tenant_id, batch_id).may_have_left
            assert app.jobs.transmit_batch(tenant_id, batch_id) is BatchState.TRANSMITTED
        (tenant,) = app.tenants.list()
        assert list(verify(app.records, app.raw, tenant)) == []
        (sent,) = app.out_folder(tenant).glob("*")
    with books.opened(_url(tmp_path)) as connection:
        ((sha256, opinion),) = connection.execute(text("SELECT sha256, opinion FROM batch")).all()
        said = connection.execute(
            text("SELECT count(*) FROM audit_entry WHERE action = 'batch.second_opinion'")
        ).scalar_one()
    assert hashlib.sha256(sent.read_bytes()).hexdigest() == sha256
    assert '"content"' in str(opinion)
    assert said == 1
