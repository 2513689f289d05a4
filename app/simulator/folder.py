"""The simulator behind two folders, as a clearinghouse behind an SFTP mailbox.

Each distinct content in the claims folder is answered once. What was answered is remembered on
disk beside the payments it announced, after the answers stand: killed in between, the simulator
writes the same answers under the same names again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.simulator import clearinghouse
from app.simulator.answers import Deposit, Reply

PART = ".part"  # files that are still being written


class FolderPayer:
    """Reads 837 files of `claims`, writes answers into `answers`, remembers in `memory`."""

    def __init__(
        self,
        *,
        claims: Path,
        answers: Path,
        memory: Path,
        reply: Callable[[bytes], Reply] = clearinghouse.reply,
    ) -> None:
        self._claims = claims
        self._answers = answers
        self._memory = memory
        self._reply = reply

    def answer_new(self) -> list[Path]:
        """Answer every file not answered yet, oldest name first; the answers that were written."""
        written: list[Path] = []
        for path in sorted(self._claims.glob("*")) if self._claims.is_dir() else []:
            if path.name.endswith(PART) or not path.is_file():
                continue
            data = path.read_bytes()
            note = self._memory / f"{hashlib.sha256(data).hexdigest()}.json"
            if note.exists():
                continue
            reply = self._reply(data)
            for answer in reply.answers:
                written.append(self._answers / answer.name)
                _write_whole(written[-1], answer.data)
            _write_whole(note, _note(path.name, reply))
        return written

    def deposits(self) -> list[Deposit]:
        """Every payment the simulator has sent, from its own memory."""
        notes = sorted(self._memory.glob("*.json")) if self._memory.is_dir() else []
        return [_deposit(d) for note in notes for d in json.loads(note.read_bytes())["deposits"]]


def _deposit(told: dict[str, str]) -> Deposit:
    """What an older run noted tells no day."""
    on = told.get("on")
    day = date.fromisoformat(on) if on else None
    return Deposit(told["trace"], Decimal(told["amount"]), told["payer"], told["payee"], day)


def _note(name: str, reply: Reply) -> bytes:
    return json.dumps(
        {
            "claims": name,
            "answers": [answer.name for answer in reply.answers],
            "deposits": [
                {
                    "trace": d.trace_number,
                    "amount": str(d.amount),
                    "payer": d.payer_id,
                    "payee": d.payee_npi,
                    "on": d.paid_on.isoformat() if d.paid_on else None,
                }
                for d in reply.deposits
            ],
        },
        indent=1,
    ).encode()


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.rename(path)
