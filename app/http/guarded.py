"""The way into every /v1 route: first the caller, then repeated requests, then the route.

With an Idempotency-Key, a POST that succeeded is answered again from its stored answer, and is not
carried out twice however often it comes. A POST that was refused is forgotten, so that it may be
mended and sent again under its key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from app.domain.clock import Clock
from app.flows.access import Answered, Caller, IdempotencyKeys, Seen
from app.http.callers import authenticate
from app.http.needs import Needs
from app.http.problems import ApiProblem, Kind

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

# A request that runs longer has lost its process; what it did not finish may be done again,
# because every write behind it is safe to repeat.
LOST_AFTER = timedelta(minutes=2)
RETRY_AFTER_SECONDS = 2
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class GuardedRoute(APIRoute):
    """A route whose handler finds `request.state.caller`."""

    def get_route_handler(self) -> Handler:
        carry_out = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            needs: Needs = request.app.state.needs
            caller = await run_in_threadpool(
                authenticate, needs.keys, request.headers.get("authorization")
            )
            request.state.caller = caller
            key = request.headers.get("idempotency-key")
            if request.method != "POST" or key is None:
                return await carry_out(request)
            once = _Once(needs.idempotency, needs.clock, caller, key)
            return await once.answer(request, carry_out)

        return guarded


def documented_header(
    idempotency_key: Annotated[
        str | None,
        Header(description="Any text up to 255 characters; the same POST again is done once."),
    ] = None,
) -> None:
    """Only names the header in /openapi.json; `GuardedRoute` reads it."""


class _Once:
    """One POST under its key."""

    def __init__(self, keys: IdempotencyKeys, clock: Clock, caller: Caller, key: str) -> None:
        if not _KEY.fullmatch(key):
            raise ApiProblem(
                Kind.INVALID_REQUEST,
                "An Idempotency-Key has 1 to 255 visible ASCII characters.",
            )
        self._keys = keys
        self._clock = clock
        self._tenant = caller.tenant.id
        self._key = key

    async def answer(self, request: Request, carry_out: Handler) -> Response:
        seen = await run_in_threadpool(self._begin, await _fingerprint(request))
        if isinstance(seen, Answered):
            return _again(seen)
        if seen is Seen.OTHER_REQUEST:
            raise ApiProblem(
                Kind.KEY_REUSED,
                "This Idempotency-Key was used for another request; take a new key.",
            )
        if seen is Seen.IN_FLIGHT:
            raise ApiProblem(
                Kind.IN_FLIGHT,
                "The same request is being carried out; ask again for its answer.",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )
        try:
            response = await carry_out(request)
        except Exception:
            await run_in_threadpool(self._keys.abandon, self._tenant, self._key)
            raise
        if response.status_code < 300:
            answered = Answered(
                status=response.status_code,
                body=bytes(response.body),
                location=response.headers.get("location"),
            )
            await run_in_threadpool(self._keys.finish, self._tenant, self._key, answered)
        else:
            await run_in_threadpool(self._keys.abandon, self._tenant, self._key)
        return response

    def _begin(self, fingerprint: str) -> Answered | Seen | None:
        now = self._clock.now()
        return self._keys.begin(
            self._tenant,
            self._key,
            fingerprint=fingerprint,
            now=now,
            stale_before=now - LOST_AFTER,
        )


def _again(answered: Answered) -> Response:
    headers = {"Idempotent-Replayed": "true"}
    if answered.location is not None:
        headers["Location"] = answered.location
    return Response(
        answered.body,
        status_code=answered.status,
        media_type="application/json",
        headers=headers,
    )


async def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    digest.update(await request.body())
    return digest.hexdigest()
