"""How the wire stands: what waits, what failed and who has to act; nothing about a patient."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from app.cli import program
from app.cli.metrics import MetricsServer
from app.config import Settings
from app.documents.partner_requests import read_partner_change
from app.flows.partners import change_partner
from app.flows.ports import Mode, Tenant
from app.main import Application
from tests.http.test_loop import encounter
from tests.transport.partner_server import PartnerServer, partner_server


class Night:
    """A clinic whose partner is an SFTP server, and one claim in a sealed batch."""

    def __init__(self, app: Application, server: PartnerServer) -> None:
        self.app, self.server = app, server
        self.tenant: Tenant = app.tenant("clinic", mode=Mode.TEST)
        secret = app.settings.secrets_dir / "clinic" / "wire"
        secret.parent.mkdir(parents=True)
        secret.write_text(server.password)
        wanted = {
            "connection": {
                "kind": "sftp", "host": "127.0.0.1", "port": server.port, "username": "acme",
                "hostKeys": [server.public_key], "password": "wire", "outFolder": "/in",
                "pickups": [{"folder": "/out"}],
            },
            "cutOffs": [{"time": "16:30"}],
        }  # fmt: skip
        change, problems = read_partner_change(json.dumps(wanted).encode())
        assert not problems
        with app.units(self.tenant.id, actor="test") as uow:
            (partner,) = uow.partners.all()
            change_partner(uow, partner.id, change.members)
            self.partner_id: UUID = partner.id
        data = json.dumps(encounter()).encode()
        file = app.receive(self.tenant.id, name="e.json", data=data, actor="test")
        app.jobs.process_file(self.tenant.id, file.id)
        (self.batch,) = app.seal(self.tenant.id, actor="test")

    def status(self) -> tuple[int, dict[str, Any]]:
        settings = self.app.settings
        result = CliRunner().invoke(
            program,
            ["status", "--json"],
            env={
                "CLAIMLOOP_DATABASE_URL": settings.database_url,
                "CLAIMLOOP_DATA_DIR": str(settings.data_dir),
            },
        )
        return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def night(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Night]:
    shutil.copy(migrated_sqlite, tmp_path / "claimloop.db")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'claimloop.db'}",
        data_dir=tmp_path / "data",
        secrets_dir=tmp_path / "secrets",
    )
    app = Application(settings)
    with partner_server(tmp_path / "partner") as server:
        yield Night(app, server)
    app.close()


def test_a_line_that_is_down_is_told_with_its_fault_and_the_next_attempt(night: Night) -> None:
    night.server.stop()
    night.app.jobs.transmit_batch(night.tenant.id, night.batch.id)
    night.app.jobs.pull(night.tenant.id, night.partner_id)
    code, found = night.status()
    (tenant,) = found["tenants"]
    (partner,) = tenant["partners"]
    (unsent,) = partner["unsent"]
    assert (code, found["needsPerson"]) == (0, 0)
    assert unsent["fileName"] == night.batch.file_name
    assert (unsent["state"], unsent["fault"], unsent["attempts"]) == (
        "FAILED_TRANSPORT", "unreachable", 1,
    )  # fmt: skip
    assert unsent["nextAttemptAt"]
    assert (partner["lastLook"]["fault"], partner["lastLook"]["failures"]) == ("unreachable", 1)
    assert partner["nextLookAt"]
    assert partner["nextCutOffAt"]
    assert tenant["filesLastDay"] == {"processed": 1}
    assert {queue["name"] for queue in found["queues"]} == {"files", "batches", "opinions"}


def test_what_waits_for_a_person_makes_the_command_end_with_1(night: Night) -> None:
    night.server.password = "changed"
    night.app.jobs.transmit_batch(night.tenant.id, night.batch.id)
    code, found = night.status()
    assert (code, found["needsPerson"]) == (1, 1)
    assert found["tenants"][0]["partners"][0]["unsent"][0]["needsPerson"]


def test_what_is_in_order_says_so(night: Night) -> None:
    night.app.jobs.transmit_batch(night.tenant.id, night.batch.id)
    code, found = night.status()
    (partner,) = found["tenants"][0]["partners"]
    assert (code, partner["unsent"], partner["batches"]) == (0, [], {"TRANSMITTED": 1})
    assert partner["lastSent"]["name"] == night.batch.file_name


def test_a_person_reads_it_too(night: Night) -> None:
    settings = night.app.settings
    result = CliRunner().invoke(
        program,
        ["status", "--tenant", "clinic"],
        env={
            "CLAIMLOOP_DATABASE_URL": settings.database_url,
            "CLAIMLOOP_DATA_DIR": str(settings.data_dir),
        },
    )
    assert "workers   none is alive" in result.stdout
    assert "partner default (sftp)" in result.stdout
    assert "1 SEALED" in result.stdout


def test_prometheus_scrapes_the_same_in_numbers(night: Night) -> None:
    night.server.stop()
    night.app.jobs.transmit_batch(night.tenant.id, night.batch.id)
    with MetricsServer(night.app, host="127.0.0.1", port=0) as metrics:
        address = f"http://127.0.0.1:{metrics.port}/metrics"
        text = urllib.request.urlopen(address, timeout=10).read().decode()
    assert 'claimloop_batches{partner="default",state="FAILED_TRANSPORT",tenant="clinic"} 1' in text
    assert "claimloop_workers_alive 0.0" in text
    assert 'claimloop_files_last_day{state="processed",tenant="clinic"} 1.0' in text
    assert 'claimloop_unsent_seconds{partner="default",tenant="clinic"}' in text
    assert night.batch.file_name not in text
