"""The files of the lessons: fixtures/x12/835/lessons/NN_*.edi, told in that folder's README."""

from __future__ import annotations

from pathlib import Path

LESSONS = Path(__file__).parents[2] / "fixtures" / "x12" / "835" / "lessons"


def story(name: str) -> bytes:
    """A file of a lesson by its name without the ending, `02_a_original`."""
    return (LESSONS / f"{name}.edi").read_bytes()
