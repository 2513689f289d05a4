"""The drop folders of every tenant, looked into again and again: polling is the truth."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from app.flows.ports import Tenant
from app.flows.refusals import FOLDER
from app.main import Application
from app.transport.inbox import Arrival, Inbox, drop_folders

_LOOK_EVERY_SECONDS = 1.0
_SETTLE_SECONDS = 3.0  # a sender that pauses so long has written NAME.part, or is closed

_log = structlog.get_logger("claimloop.folders")


class FolderWatcher:
    """Takes whole files from all tenants' folders while it is entered."""

    def __init__(self, app: Application, *, settle_seconds: float = _SETTLE_SECONDS) -> None:
        self._app, self._settle_seconds = app, settle_seconds
        self._inboxes: dict[Path, Inbox] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="claimloop-folders", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> int:
        """One look into every folder; gives how many files were taken."""
        taken = 0
        for tenant in self._app.tenants.list():
            for folder in drop_folders(self._app.folder(tenant)):
                inbox = self._inbox(tenant, folder)
                for arrival in inbox.arrivals():
                    self._take(tenant, inbox, arrival)
                    taken += 1
        return taken

    def _inbox(self, tenant: Tenant, folder: Path) -> Inbox:
        if folder not in self._inboxes:
            self._inboxes[folder] = self._app.inbox(
                tenant, folder, settle_seconds=self._settle_seconds
            )
        return self._inboxes[folder]

    def _take(self, tenant: Tenant, inbox: Inbox, arrival: Arrival) -> None:
        file = self._app.receive(tenant.id, name=arrival.name, data=arrival.read(), actor=FOLDER)
        if file.state.final:  # the same bytes came before: no job will look at it
            self._app.refuse(tenant.id, file.id)
        inbox.taken(arrival)

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_EVERY_SECONDS):
            try:
                self.look()
            except Exception as fault:
                # The next look tries again; a file stays where it is until it is safe with us.
                _log.error("a drop folder could not be read", fault=type(fault).__name__)
