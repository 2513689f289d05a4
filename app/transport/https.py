"""Delivery to a clearinghouse's HTTPS API, in the shape that the common ones have for raw X12.

    POST URL/submissions      {"fileName", "x12"}, header Idempotency-Key: the bytes' sha256
    GET  URL/submissions/KEY  200: taken; 404: not here
    GET  URL/files?pageToken= {"items": [{"id", "name", "size"}], "nextPageToken"}
    GET  URL/files/ID         the bytes of an answer

A request whose answer was lost may have been taken: the next attempt asks for its key before it
sends, and sends under the same key, so that a partner that keeps keys takes it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from app.domain.connection import Checked, Collected, HttpsConnection, Known, RemoteFile, Take
from app.domain.transmission import (
    NameTaken,
    Publish,
    SendFault,
    SendOutcome,
    SendState,
    unrecorded,
)
from app.transport.secrets import SecretMissing, Secrets
from app.transport.wire_fault import WireFault

_MOST_PAGES = 1000


class HttpsTransport:
    """Posts to `connection.url`; `secrets` gives the value of the token."""

    def __init__(self, connection: HttpsConnection, secrets: Secrets) -> None:
        self._connection, self._secrets = connection, secrets

    def send(
        self, name: str, data: bytes, *, published: bool = False, publish: Publish = unrecorded
    ) -> SendOutcome:
        """Deliver under that name; raises NameTaken where its key stands for other content."""
        key = hashlib.sha256(data).hexdigest()
        try:
            with _client(self._connection, self._secrets) as client:
                if published:
                    found = _asked(client, "GET", f"submissions/{key}")
                    if found.status_code == httpx.codes.OK:
                        return SendOutcome(SendState.SENT, "it was already there")
                    if found.status_code != httpx.codes.NOT_FOUND:
                        return _cannot_tell(found)
                publish()
                answer = _asked(
                    client,
                    "POST",
                    "submissions",
                    headers={"Idempotency-Key": key},
                    # Latin-1 gives each byte one character and back; what we write is ASCII.
                    json={"fileName": name, "x12": data.decode("latin-1")},
                )
        except WireFault as fault:
            return SendOutcome(SendState.FAILED, str(fault), fault.fault)
        if answer.is_success:
            return SendOutcome(SendState.SENT)
        if answer.status_code == httpx.codes.CONFLICT:
            raise NameTaken(name)
        return SendOutcome(SendState.FAILED, _said(answer), _fault_of(answer))


class HttpsMailbox:
    """The files that the API holds for us; they stay there, and are known by their ids."""

    def __init__(self, connection: HttpsConnection, secrets: Secrets) -> None:
        self._connection, self._secrets = connection, secrets

    def collect(self, *, known: Known, take: Take) -> Collected:
        """Every file that is not known, in the order of the list."""
        taken = 0
        try:
            with _client(self._connection, self._secrets) as client:
                for file in _listed(client):
                    if known(file):
                        continue
                    data = _content(client, file)
                    take(file, data)
                    taken += 1
        except WireFault as fault:
            return Collected(taken, fault.fault, str(fault))
        return Collected(taken)


def check_api(connection: HttpsConnection, secrets: Secrets) -> list[Checked]:
    """Whether the API takes our token and lists files; nothing is sent or taken."""
    try:
        with _client(connection, secrets) as client:
            _json(_asked(client, "GET", "files"))
    except WireFault as fault:
        return [Checked("the API", str(fault))]
    return [Checked("the API", None)]


@contextmanager
def _client(connection: HttpsConnection, secrets: Secrets) -> Iterator[httpx.Client]:
    try:
        token = secrets(connection.token)
    except SecretMissing as missing:
        raise WireFault(SendFault.SECRET, str(missing)) from missing
    with httpx.Client(
        base_url=f"{connection.url.rstrip('/')}/",
        headers={"Authorization": f"Bearer {token}"},
        timeout=connection.timeout_seconds,
        follow_redirects=False,  # a token is for the address it was given for
        trust_env=False,
    ) as client:
        yield client


def _asked(client: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
    """The answer, whatever it says. Raises WireFault where there is none."""
    try:
        return client.request(method, path, **more)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as away:
        reason = f"the API cannot be reached ({type(away).__name__})"
        raise WireFault(SendFault.UNREACHABLE, reason) from away
    except httpx.TimeoutException as late:
        raise WireFault(SendFault.TIMEOUT, "no answer in time") from late
    except httpx.HTTPError as lost:
        reason = f"the connection was cut ({type(lost).__name__})"
        raise WireFault(SendFault.CUT, reason) from lost


def _listed(client: httpx.Client) -> Iterator[RemoteFile]:
    token: str | None = None
    for _ in range(_MOST_PAGES):
        query = {"pageToken": token} if token else {}
        page = _json(_asked(client, "GET", "files", params=query))
        try:
            for item in page["items"]:
                # The id makes it one of its own; the name is for people.
                yield RemoteFile(str(item["id"]), str(item["name"]), int(item["size"]), 0)
            token = page.get("nextPageToken")
        except (KeyError, TypeError, ValueError) as odd:
            raise WireFault(SendFault.REFUSED, "the list of files has another form") from odd
        if not token:
            return


def _content(client: httpx.Client, file: RemoteFile) -> bytes:
    answer = _asked(client, "GET", f"files/{file.folder}")
    if not answer.is_success:
        raise WireFault(_fault_of(answer), _said(answer))
    if len(answer.content) != file.size:
        reason = f"the API gave {len(answer.content)} of {file.size} bytes"
        raise WireFault(SendFault.SIZE, reason)
    return answer.content


def _json(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise WireFault(_fault_of(answer), _said(answer))
    try:
        return answer.json()
    except ValueError as odd:
        raise WireFault(SendFault.REFUSED, "the answer is no JSON") from odd


def _cannot_tell(found: httpx.Response) -> SendOutcome:
    """Whether it was taken is not known: where the API cannot say so at all, a person asks."""
    if found.status_code in (httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED):
        reason = "an earlier attempt may have delivered it, and the API cannot be asked"
        return SendOutcome(SendState.UNKNOWN, reason)
    return SendOutcome(SendState.FAILED, _said(found), _fault_of(found))


def _fault_of(answer: httpx.Response) -> SendFault:
    return _FAULTS.get(answer.status_code, SendFault.REFUSED)


_FAULTS = {
    401: SendFault.LOGIN,
    403: SendFault.PERMISSION,
    408: SendFault.TIMEOUT,
    502: SendFault.UNREACHABLE,
    503: SendFault.UNREACHABLE,
    504: SendFault.TIMEOUT,
    507: SendFault.NO_SPACE,
}


def _said(answer: httpx.Response) -> str:
    """The status alone: an API's own words may quote what was sent."""
    return f"the API answered {answer.status_code}"
