"""A trading partner in memory, for tests: keeps what it was sent, fails where told to."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.transmission import NameTaken, Publish, SendOutcome, SendState, unrecorded


class MemoryTransport:
    """Keeps files in `delivered`; `outcomes` are answered first, one a call, before it succeeds.

    A scripted UNKNOWN delivers the file, as the connection that drops after the last byte does;
    a scripted FAILED does not.
    """

    def __init__(self, outcomes: Iterable[SendOutcome] = ()) -> None:
        self.delivered: dict[str, bytes] = {}
        self._outcomes = list(outcomes)

    def send(
        self, name: str, data: bytes, *, published: bool = False, publish: Publish = unrecorded
    ) -> SendOutcome:
        outcome = self._outcomes.pop(0) if self._outcomes else SendOutcome(SendState.SENT)
        if outcome.state is SendState.FAILED:
            return outcome
        publish()
        if self.delivered.setdefault(name, data) != data:
            raise NameTaken(name)
        return outcome
