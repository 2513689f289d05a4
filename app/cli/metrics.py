"""What Prometheus scrapes: counts and ages read at the moment of the scrape; no PHI, no names of
files. It has a port of its own, so that nothing of it is open where the API is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.cli.status_command import gathered
from app.documents.status import StatusDocument
from app.main import Application


class MetricsServer:
    """`GET /metrics` on a port of its own while it is entered."""

    def __init__(self, app: Application, *, host: str, port: int) -> None:
        self._app, self._host, self._port = app, host, port
        self._server: WSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        assert self._server is not None, "it listens while it is entered"
        return int(self._server.server_port)

    def __enter__(self) -> Self:
        registry = CollectorRegistry()
        registry.register(_Standing(self._app))
        self._server, self._thread = start_http_server(
            self._port, addr=self._host, registry=registry
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


class _Standing(Collector):
    """`claimloop status` in numbers."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def describe(self) -> Iterator[Metric]:
        """Nothing ahead of the first scrape: the database is asked then."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        found = gathered(self._app, self._app.tenants.list())
        workers = GaugeMetricFamily(
            "claimloop_workers_alive", "Workers seen within the last minute."
        )
        workers.add_metric([], sum(worker.seconds_ago < 60 for worker in found.workers))
        yield workers
        jobs = GaugeMetricFamily("claimloop_jobs", "Jobs by queue.", labels=["queue", "state"])
        for queue in found.queues:
            jobs.add_metric([queue.name, "waiting"], queue.waiting)
            jobs.add_metric([queue.name, "running"], queue.running)
        yield jobs
        failed = GaugeMetricFamily(
            "claimloop_jobs_failed_last_day", "Jobs that gave up.", labels=["job"]
        )
        for name, number in found.jobs_failed_last_day.items():
            failed.add_metric([name], number)
        yield failed
        person = GaugeMetricFamily("claimloop_needs_person", "Things that wait for someone to act.")
        person.add_metric([], found.needs_person)
        yield person
        yield from self._of_tenants(found)

    def _of_tenants(self, found: StatusDocument) -> Iterator[Metric]:
        files = GaugeMetricFamily(
            "claimloop_files_last_day", "Inbound files.", labels=["tenant", "state"]
        )
        tasks = GaugeMetricFamily(
            "claimloop_tasks_open", "Tasks not finished.", labels=["tenant", "type"]
        )
        batches = GaugeMetricFamily(
            "claimloop_batches", "Batches.", labels=["tenant", "partner", "state"]
        )
        unsent = GaugeMetricFamily(
            "claimloop_unsent_seconds",
            "Age of the oldest sealed file its partner does not have for sure.",
            labels=["tenant", "partner"],
        )
        looks = GaugeMetricFamily(
            "claimloop_look_seconds_since_well",
            "Since the last look into a partner's folders without a fault.",
            labels=["tenant", "partner"],
        )
        for tenant in found.tenants:
            for state, number in tenant.files_last_day.items():
                files.add_metric([tenant.name, state], number)
            for type, number in tenant.waiting_tasks.items():
                tasks.add_metric([tenant.name, type], number)
            for partner in tenant.partners:
                for state, number in partner.batches.items():
                    batches.add_metric([tenant.name, partner.name, state], number)
                ages = [(found.at - one.since).total_seconds() for one in partner.unsent]
                unsent.add_metric([tenant.name, partner.name], max(ages, default=0))
                if partner.last_look and partner.last_look.well_at:
                    age = (found.at - partner.last_look.well_at).total_seconds()
                    looks.add_metric([tenant.name, partner.name], age)
        yield from (files, tasks, batches, unsent, looks)
