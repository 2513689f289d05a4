"""Around every request: its id, the size of its body, and an answer when we fail ourselves."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from ulid import ULID

from app.http.needs import MEBIBYTE, Needs
from app.http.problems import ApiProblem, Kind, answer

_log = structlog.get_logger(__name__)
_REQUEST_ID = re.compile(r"req_[0-9A-HJKMNP-TV-Z]{26}")


class Frame:
    """Pure ASGI, so that bodies stream through it."""

    def __init__(self, app: ASGIApp, *, needs: Needs) -> None:
        self._app = app
        self._needs = needs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = self._request_id(headers)
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def tell(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                out = MutableHeaders(scope=message)
                out["X-Request-Id"] = request_id
                out["Cache-Control"] = "no-store"  # answers hold patients' data
            await send(message)

        limit = self._limit(scope)
        problem: ApiProblem | None = None
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            problem = too_large(limit)
        else:
            try:
                await self._app(scope, _counted(receive, limit), tell)
            except Exception as fault:
                _log.error("request_failed", request_id=request_id, **told(fault))
                if started:
                    raise  # half an answer is out: the connection has to break
                problem = ApiProblem(
                    Kind.INTERNAL, "The request failed; its id finds the reason in the log."
                )
        if problem is not None:
            await answer(problem, request_id=request_id)(scope, receive, tell)

    def _request_id(self, headers: Headers) -> str:
        given = headers.get("x-request-id", "")
        if _REQUEST_ID.fullmatch(given):
            return given
        return f"req_{ULID.from_datetime(self._needs.clock.now())}"

    def _limit(self, scope: Scope) -> int:
        limits = self._needs.limits
        return limits.file_bytes if scope["path"] == "/v1/files" else limits.json_bytes


def too_large(limit: int) -> ApiProblem:
    """The answer to a body above the limit."""
    size = f"{limit // MEBIBYTE} MiB" if limit >= MEBIBYTE else f"{limit} bytes"
    return ApiProblem(Kind.TOO_LARGE, f"At most {size} are taken here; nothing was stored.")


def told(fault: BaseException) -> dict[str, object]:
    """What the log may know of a fault: its type and where, never its message.

    A database's message repeats the values it refused, and these may be a patient's.
    """
    frames = traceback.extract_tb(fault.__traceback__)
    return {
        "error": type(fault).__name__,
        "at": [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[-8:]],
    }


def _counted(receive: Receive, limit: int) -> Receive:
    """The body as it comes, ended by a problem where it grows beyond the limit."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                raise too_large(limit)
        return message

    return counted
