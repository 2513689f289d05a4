"""A clearinghouse's API: our own simulator over HTTP, and requests on a bad line."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.domain.connection import HttpsConnection, RemoteFile
from app.domain.transmission import NameTaken, SendFault, SendState
from app.http.simulator import create_simulator
from app.transport.https import HttpsMailbox, HttpsTransport, check_api
from app.transport.secrets import SecretMissing
from app.x12.claim_837 import write_batch
from tests.x12.claims import HEADER, outbound

NAME = "837P_clearinghouse_000000101.edi"


def claim_file() -> bytes:
    """An 837P of one claim."""
    return write_batch(HEADER, [outbound()]).data


@dataclass
class Line:
    """The way to the simulator; set `status`, `lost` or `hang` to break it."""

    folder: Path
    url: str = ""
    status: int | None = None  # answered in place of the simulator
    lost: bool = False  # the simulator takes it, and its answer never arrives
    hang: bool = False  # nobody answers
    requests: int = 0

    def connection(self, **members: Any) -> HttpsConnection:
        return HttpsConnection(
            **({"url": self.url, "token": "api", "timeout_seconds": 1} | members)
        )

    def transport(self, **members: Any) -> HttpsTransport:
        return HttpsTransport(self.connection(**members), secrets)

    def taken(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "claims").iterdir())


def secrets(name: str) -> str:
    if name not in ("api", "other"):
        raise SecretMissing(name)
    return f"token of {name}"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "clearinghouse")
    simulator = create_simulator(line.folder, token=secrets("api"))

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        line.requests += 1
        if line.hang:
            await asyncio.sleep(3)
        if line.status is not None:
            headers = [(b"content-length", b"0")]
            await send({"type": "http.response.start", "status": line.status, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return

        async def nothing(message: Any) -> None:
            """What the simulator says is lost."""

        await simulator(scope, receive, nothing if line.lost else send)
        if line.lost:
            headers = [(b"content-length", b"100")]
            await send({"type": "http.response.start", "status": 201, "headers": headers})
            raise ConnectionResetError("the line was cut")

    with served(broken) as line.url:
        yield line


@contextmanager
def served(app: Any) -> Iterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def test_a_file_is_taken_once_and_its_answers_are_fetched_once(line: Line) -> None:
    data = claim_file()
    assert line.transport().send(NAME, data).state is SendState.SENT
    assert line.transport().send(NAME, data).state is SendState.SENT
    assert line.taken() == [NAME]

    kept: dict[RemoteFile, bytes] = {}
    mailbox = HttpsMailbox(line.connection(), secrets)
    first = mailbox.collect(known=kept.__contains__, take=kept.__setitem__)
    assert (first.files, first.fault) == (len(kept), None)
    assert len(kept) >= 3
    assert all(content.startswith(b"ISA") for content in kept.values())
    assert mailbox.collect(known=kept.__contains__, take=kept.__setitem__).files == 0
    assert [one.fault for one in check_api(line.connection(), secrets)] == [None]


def test_the_answer_that_is_lost_is_asked_for_and_nothing_is_sent_twice(line: Line) -> None:
    line.lost = True
    shown: list[str] = []
    outcome = line.transport().send(NAME, claim_file(), publish=lambda: shown.append(NAME))
    assert (outcome.state, outcome.fault) == (SendState.FAILED, SendFault.CUT)
    assert shown == [NAME]
    line.lost, before = False, line.requests
    again = line.transport().send(NAME, claim_file(), published=True)
    assert (again.state, line.requests - before) == (SendState.SENT, 1)
    assert line.taken() == [NAME]


def test_a_request_that_never_arrived_is_sent_by_the_next_attempt(line: Line) -> None:
    line.hang = True
    outcome = line.transport().send(NAME, claim_file())
    assert (outcome.state, outcome.fault) == (SendState.FAILED, SendFault.TIMEOUT)
    line.hang = False
    assert line.transport().send(NAME, claim_file(), published=True).state is SendState.SENT
    assert line.taken() == [NAME]


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (401, SendFault.LOGIN),
        (403, SendFault.PERMISSION),
        (422, SendFault.REFUSED),
        (500, SendFault.REFUSED),
        (302, SendFault.REFUSED),
        (503, SendFault.UNREACHABLE),
        (507, SendFault.NO_SPACE),
    ],
)
def test_what_the_api_answers_has_a_name(line: Line, status: int, fault: SendFault) -> None:
    line.status = status
    outcome = line.transport().send(NAME, claim_file())
    assert (outcome.state, outcome.fault) == (SendState.FAILED, fault)
    assert outcome.reason == f"the API answered {status}"
    mailbox = HttpsMailbox(line.connection(), secrets)
    found = mailbox.collect(known=lambda file: False, take=lambda file, data: None)
    assert (found.files, found.fault) == (0, fault)


def test_an_api_that_cannot_be_asked_leaves_it_to_a_person(line: Line) -> None:
    line.status = 405
    outcome = line.transport().send(NAME, claim_file(), published=True)
    assert outcome.state is SendState.UNKNOWN


def test_a_wrong_token_a_missing_one_and_nobody_there(line: Line) -> None:
    assert line.transport(token="other").send(NAME, claim_file()).fault is SendFault.LOGIN
    assert line.transport(token="none").send(NAME, claim_file()).fault is SendFault.SECRET
    nobody = line.transport(url="http://127.0.0.1:9").send(NAME, claim_file())
    assert nobody.fault is SendFault.UNREACHABLE
    assert line.taken() == []


def test_the_simulator_refuses_a_key_with_other_content(line: Line, tmp_path: Path) -> None:
    line.transport().send(NAME, claim_file())
    (key,) = (line.folder / "keys").iterdir()
    key.write_text("0" * 64)
    with pytest.raises(NameTaken):
        line.transport().send(NAME, claim_file())
