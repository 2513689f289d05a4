"""The same request again: carried out once, answered alike, and never confused with another."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI, Response

from app.domain.clock import FixedClock
from app.http.application import create_app
from app.http.callers import Writer
from app.http.guarded import LOST_AFTER, GuardedRoute
from app.http.needs import Needs
from app.http.problems import ApiProblem, Kind
from tests.http.door import CLOCK, KnownKeys, NoDatabase, NoFiles, Remembered, client

KEY = {"Idempotency-Key": "order-7"}


class Shelf:
    """An application with one more path, which counts how often it is carried out."""

    def __init__(self) -> None:
        self.made = 0
        self.remembered = Remembered()
        self.failing = False
        self.waiting: asyncio.Event | None = None
        self.clock = CLOCK

    def app(self) -> FastAPI:
        router = APIRouter(route_class=GuardedRoute)

        @router.post("/v1/things", status_code=201)
        async def make(caller: Writer, response: Response) -> dict[str, int]:
            if self.waiting is not None:
                await self.waiting.wait()
            if self.failing:
                raise ApiProblem(Kind.CONFLICT, "The shelf is full.")
            self.made += 1
            response.headers["Location"] = f"/v1/things/{self.made}"
            return {"made": self.made}

        app = create_app(
            Needs(
                units=NoDatabase(),
                raw=NoFiles(),
                keys=KnownKeys(),
                idempotency=self.remembered,
                clock=self.clock,
                ready=lambda: None,
            )
        )
        app.include_router(router)
        return app


def post(shelf: Shelf, body: bytes = b"one", **more: Any) -> httpx.Response:
    async def posted() -> httpx.Response:
        async with client(shelf.app()) as http:
            return await http.post("/v1/things", content=body, **more)

    return asyncio.run(posted())


def test_the_same_request_again_is_answered_alike_and_carried_out_once() -> None:
    shelf = Shelf()
    first, again = post(shelf, headers=KEY), post(shelf, headers=KEY)
    assert shelf.made == 1
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"] == "/v1/things/1"
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"


def test_without_a_key_each_request_is_carried_out() -> None:
    shelf = Shelf()
    post(shelf)
    post(shelf)
    assert shelf.made == 2


def test_a_key_stands_for_one_body() -> None:
    shelf = Shelf()
    post(shelf, headers=KEY)
    other = post(shelf, b"two", headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert shelf.made == 1


def test_a_refused_request_is_not_remembered() -> None:
    shelf = Shelf()
    shelf.failing = True
    assert post(shelf, headers=KEY).status_code == 409
    shelf.failing = False
    assert post(shelf, b"mended", headers=KEY).status_code == 201


def test_while_a_request_is_carried_out_its_twin_waits() -> None:
    shelf = Shelf()

    async def two_at_once() -> tuple[httpx.Response, httpx.Response]:
        shelf.waiting = asyncio.Event()
        async with client(shelf.app()) as http:
            first = asyncio.create_task(http.post("/v1/things", content=b"one", headers=KEY))
            while not shelf.remembered.requests:
                await asyncio.sleep(0)
            twin = await http.post("/v1/things", content=b"one", headers=KEY)
            shelf.waiting.set()
            return await first, twin

    first, twin = asyncio.run(two_at_once())
    assert first.status_code == 201
    assert (twin.status_code, twin.json()["code"]) == (409, "request_in_flight")
    assert twin.json()["retryable"] is True
    assert int(twin.headers["retry-after"]) > 0
    assert shelf.made == 1


def test_a_request_whose_process_was_lost_is_carried_out_by_its_twin() -> None:
    shelf = Shelf()
    asyncio.run(_begin_and_vanish(shelf))
    assert post(shelf, headers=KEY).status_code == 409
    shelf.clock = FixedClock(CLOCK.now() + LOST_AFTER + timedelta(seconds=1))
    assert post(shelf, headers=KEY).status_code == 201
    assert shelf.made == 1


async def _begin_and_vanish(shelf: Shelf) -> None:
    shelf.waiting = asyncio.Event()
    async with client(shelf.app()) as http:
        lost = asyncio.create_task(http.post("/v1/things", content=b"one", headers=KEY))
        while not shelf.remembered.requests:
            await asyncio.sleep(0)
        lost.cancel()
        await asyncio.gather(lost, return_exceptions=True)
    shelf.waiting = None
