"""A bad file that came by folder goes to `error`, beside a text that says why.

Written after the file has its state, by the job that gave it: run again, it finds its own text and
writes nothing twice. Where files are encrypted the text comes alone; a copy would lie there plain.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said of a file: no value of it, since texts are mailed around."""

    file_id: str  # public
    name: str
    state: str
    reason: str
    issues: Sequence[str]


def refuse(folder: Path, refusal: Refusal, *, data: bytes | None) -> Path:
    """The text, in `folder`; `data` is put beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    first_line = f"File {refusal.file_id}"
    plain = Path(refusal.name).name.lstrip(".") or "file"
    number = 1
    while True:
        name = plain if number == 1 else f"{plain}.{number}"
        text = folder / f"{name}.txt"
        if not text.exists() and not (folder / name).exists():
            break
        if text.exists() and text.read_text().split("\n", 1)[0] == first_line:
            return text
        number += 1
    if data is not None:
        _write_whole(folder / name, data)
    # Last: who finds the text finds the file.
    _write_whole(text, _told(first_line, refusal).encode())
    return text


def _told(first_line: str, refusal: Refusal) -> str:
    lines = [first_line, f"{refusal.name} is {refusal.state}.", "", refusal.reason]
    if refusal.issues:
        lines += ["", *refusal.issues]
    return "\n".join(lines) + "\n"


def _write_whole(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
