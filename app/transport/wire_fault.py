"""What went wrong at a partner, whatever the way there."""

from __future__ import annotations

from app.domain.transmission import SendFault


class WireFault(Exception):
    """What went wrong at the partner, in words that name no patient and no secret."""

    def __init__(self, fault: SendFault, reason: str) -> None:
        self.fault = fault
        super().__init__(reason)
