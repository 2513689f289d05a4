"""`claimloop serve` and `claimloop worker`: the processes that stay."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from typing import Annotated

import typer
import uvicorn

from app.cli.failing import application
from app.cli.metrics import MetricsServer
from app.cli.watching import FolderWatcher
from app.main import Application, http_app

MetricsPort = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Metrics for Prometheus, there.")
]

MetricsHost = Annotated[str, typer.Option(help="Where the metrics listen; they have no login.")]


def add_to(program: typer.Typer) -> None:
    program.command("serve")(serve)
    program.command("worker")(worker)


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    sftp_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Also our own SFTP endpoint, there.")
    ] = None,
    metrics_port: MetricsPort = None,
    metrics_host: MetricsHost = "127.0.0.1",
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="API alone; workers run elsewhere.")
    ] = False,
) -> None:
    """API, worker and folder watcher in one process; the database is migrated first."""
    with application() as app, ExitStack() as stack:
        if not no_worker:
            _work(app, stack)
        if metrics_port is not None:
            stack.enter_context(MetricsServer(app, host=metrics_host, port=metrics_port))
        if sftp_port is not None:
            stack.enter_context(app.sftp_server(host=host, port=sftp_port))
        # uvicorn's access log would write query strings, which may hold a patient control number.
        config = uvicorn.Config(
            http_app(app), host=host, port=port, log_config=None, access_log=False
        )
        uvicorn.Server(config).run()


def worker(metrics_port: MetricsPort = None, metrics_host: MetricsHost = "127.0.0.1") -> None:
    """A worker alone: many of them, on many machines, share one PostgreSQL."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with application() as app, ExitStack() as stack:
        stack.enter_context(app.worker())
        if metrics_port is not None:
            stack.enter_context(MetricsServer(app, host=metrics_host, port=metrics_port))
        stop.wait()


def _work(app: Application, stack: ExitStack) -> None:
    stack.enter_context(app.worker())
    stack.enter_context(FolderWatcher(app))
