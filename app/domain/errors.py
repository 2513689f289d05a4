"""What cannot be done, as facts that make their own sentence, without a patient's data."""

from __future__ import annotations


class NotFound(Exception):
    """Nothing of that name in this tenant."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"there is no {kind} {name}")


class Conflict(Exception):
    """The thing is in a state that does not allow what was asked."""

    def __init__(self, what: str, *, do: str) -> None:
        self.what = what
        self.do = do
        super().__init__(f"{what} {do}")


class KeptBytesLost(Exception):
    """Bytes that were kept cannot be given back as they were."""
