"""A practice's system over SFTP: it drops files, collects what is for it, and gets no further."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from app.cli.watching import FolderWatcher
from app.config import Settings
from app.flows.ports import Mode, Tenant
from app.main import Application, TenantDoors
from app.transport.sftp_server import Limits, SftpServer, public_key
from tests.e2e.waiting import until

FILE = b"ISA*00*" + b"x" * 200_000


@dataclass
class Endpoint:
    """A running endpoint, and two tenants with a login each."""

    app: Application
    server: SftpServer
    clinic: Tenant
    passwords: dict[str, str]

    def folder(self, *parts: str) -> Path:
        return self.app.folder(self.clinic).joinpath(*parts)

    def visit(
        self,
        act: Callable[[asyncssh.SFTPClient], Awaitable[Any]],
        *,
        login: str = "clinic.pms",
        **credentials: Any,
    ) -> Any:
        """What `act` gives, logged in."""
        given = credentials or {"password": self.passwords.get(login, "wrong")}

        async def visited() -> Any:
            async with (
                await asyncssh.connect(
                    "127.0.0.1",
                    self.server.port,
                    username=login,
                    known_hosts=asyncssh.import_known_hosts(f"* {self.host_key}\n"),
                    agent_path=None,
                    config=None,
                    **{"client_keys": None, **given},
                ) as connection,
                connection.start_sftp_client() as client,
            ):
                return await act(client)

        return asyncio.run(asyncio.wait_for(visited(), 20))

    @property
    def host_key(self) -> str:
        return public_key(self.app.settings.data_dir / "sftp_host_key")


@pytest.fixture
def endpoint(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Endpoint]:
    shutil.copy(migrated_sqlite, tmp_path / "claimloop.db")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'claimloop.db'}", data_dir=tmp_path / "data"
    )
    app = Application(settings)
    clinic, other = (app.tenant(name, mode=Mode.TEST) for name in ("clinic", "other"))
    passwords = {}
    for tenant in (clinic, other):
        password = app.sftp_users.create(tenant, "pms")
        assert password is not None
        passwords[f"{tenant.name}.pms"] = password
    key = settings.data_dir / "sftp_host_key"
    limits = Limits(failures=3, within_seconds=60)
    with SftpServer(TenantDoors(app), host_key=key, port=0, limits=limits) as server:
        yield Endpoint(app, server, clinic, passwords)
    app.close()


async def put(client: asyncssh.SFTPClient, path: str, data: bytes = FILE) -> None:
    async with client.open(path, "wb") as stream:
        await stream.write(data)


def test_what_is_dropped_is_taken_and_what_is_there_for_it_is_collected(endpoint: Endpoint) -> None:
    endpoint.visit(lambda client: put(client, "in/day.837"))
    assert endpoint.folder("in", "day.837").read_bytes() == FILE
    watcher = FolderWatcher(endpoint.app, settle_seconds=0)
    assert [watcher.look() for _ in range(2)] == [0, 1]

    endpoint.folder("out", "999_1.edi").write_bytes(b"ISA")

    async def collect(client: asyncssh.SFTPClient) -> bytes:
        async with client.open("/out/999_1.edi", "rb") as stream:
            data = await stream.read()
        await client.remove("/out/999_1.edi")
        return bytes(data)

    assert endpoint.visit(collect) == b"ISA"
    assert list(endpoint.folder("out").iterdir()) == []


@pytest.mark.parametrize("end", ["cut", "left open"])
def test_an_upload_that_does_not_end_never_appears(endpoint: Endpoint, end: str) -> None:
    seen = []

    async def ends(client: asyncssh.SFTPClient) -> None:
        stream = await client.open("in/day.csv", "wb")
        await stream.write(FILE)
        seen.extend(path.name for path in endpoint.folder("in").iterdir())
        if end == "cut":
            client._handler._writer.channel.get_connection().abort()  # type: ignore[attr-defined]

    with suppress(asyncssh.Error, OSError):
        endpoint.visit(ends)
    assert len(seen) == 1
    assert seen[0].startswith(".day.csv.")
    until(lambda: not list(endpoint.folder("in").iterdir()), seconds=10)
    assert FolderWatcher(endpoint.app, settle_seconds=0).look() == 0


def test_clients_that_rename_at_the_end_are_served(endpoint: Endpoint) -> None:
    async def renamed(client: asyncssh.SFTPClient) -> None:
        await put(client, "in/day.837.part")
        await client.rename("in/day.837.part", "in/day.837")

    endpoint.visit(renamed)
    assert [path.name for path in endpoint.folder("in").iterdir()] == ["day.837"]


def test_a_name_that_waits_is_not_replaced(endpoint: Endpoint) -> None:
    endpoint.visit(lambda client: put(client, "in/day.837"))
    with pytest.raises(asyncssh.SFTPFailure):
        endpoint.visit(lambda client: put(client, "in/day.837", b"other"))
    assert endpoint.folder("in", "day.837").read_bytes() == FILE


@pytest.mark.parametrize(
    "act",
    [
        lambda client: client.listdir("/../other/test"),
        lambda client: client.stat("/../../raw"),
        lambda client: client.stat("simulator/secret"),
        lambda client: client.listdir("simulator"),
        lambda client: client.symlink("/etc/passwd", "in/passwd"),
        lambda client: client.link("/out", "in/out"),
        lambda client: put(client, "elsewhere.837"),
        lambda client: put(client, "out/mine.837"),
        lambda client: put(client, "in/.hidden"),
        lambda client: put(client, "/../../../tmp/x"),
        lambda client: client.mkdir("mine"),
        lambda client: client.rmdir("in"),
        lambda client: client.remove("archive/old.837"),
        lambda client: client.rename("out/999.edi", "in/999.edi"),
        lambda client: client.open("in/x", "ab"),
    ],
)
def test_nobody_gets_further_than_its_folders(endpoint: Endpoint, act: Any) -> None:
    for place in ("simulator/secret", "archive/old.837", "out/999.edi"):
        path = endpoint.folder(*place.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"kept")
    with pytest.raises(asyncssh.SFTPError):
        endpoint.visit(act)
    for place in ("simulator/secret", "archive/old.837", "out/999.edi"):
        assert endpoint.folder(*place.split("/")).read_bytes() == b"kept"
    assert [p for p in endpoint.folder("in").rglob("*") if p.is_file()] == []


def test_a_tenant_sees_its_own_folders_alone(endpoint: Endpoint) -> None:
    endpoint.visit(lambda client: put(client, "in/day.837"))
    endpoint.folder("simulator").mkdir()

    async def seen(client: asyncssh.SFTPClient) -> list[str]:
        names = [name for name in await client.listdir("/") if not str(name).startswith(".")]
        return sorted(map(str, [*names, *(await client.listdir("/in"))]))

    assert "day.837" in endpoint.visit(seen)
    assert "simulator" not in endpoint.visit(seen)
    assert "day.837" not in endpoint.visit(seen, login="other.pms")


@pytest.mark.parametrize("login", ["clinic.nobody", "nobody.pms", "clinic", "", "other.pms"])
def test_a_wrong_login_is_refused(endpoint: Endpoint, login: str) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        endpoint.visit(
            lambda client: client.listdir("/"),
            login=login,
            password=endpoint.passwords["clinic.pms"],
        )


def test_who_guesses_is_not_spoken_to_any_more(endpoint: Endpoint) -> None:
    for _ in range(3):
        with pytest.raises(asyncssh.PermissionDenied):
            endpoint.visit(lambda client: client.listdir("/"), password="guess")
    with pytest.raises((OSError, asyncssh.ConnectionLost)):
        endpoint.visit(lambda client: client.listdir("/"))


def test_a_login_by_key_needs_no_password_and_a_removed_one_is_none(endpoint: Endpoint) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    line = key.export_public_key().decode().strip()
    assert endpoint.app.sftp_users.create(endpoint.clinic, "robot", public_keys=(line,)) is None
    endpoint.visit(
        lambda client: put(client, "in/day.837"), login="clinic.robot", client_keys=[key]
    )
    assert endpoint.folder("in", "day.837").exists()
    other = asyncssh.generate_private_key("ssh-ed25519")
    with pytest.raises(asyncssh.PermissionDenied):
        endpoint.visit(
            lambda client: client.listdir("/"), login="clinic.robot", client_keys=[other]
        )
    assert endpoint.app.sftp_users.remove(endpoint.clinic, "robot")
    with pytest.raises(asyncssh.PermissionDenied):
        endpoint.visit(lambda client: client.listdir("/"), login="clinic.robot", client_keys=[key])


def test_the_endpoint_keeps_its_key_over_restarts(endpoint: Endpoint) -> None:
    before = endpoint.host_key
    file = endpoint.app.settings.data_dir / "sftp_host_key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert public_key(file) == before
