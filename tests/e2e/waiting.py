"""Waiting for something to come true, instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Returns as soon as the condition holds; fails when it does not hold in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not come to pass in {seconds:.0f} s"
        time.sleep(0.05)
