"""The simulator behind its folders answers each content once, also over a crash."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from app.simulator.answers import Answer, Deposit, Reply
from app.simulator.folder import FolderPayer


def reply(data: bytes) -> Reply:
    key = hashlib.sha256(data).hexdigest()[:8]
    return Reply(
        (Answer(f"{key}-1-TA1.edi", b"TA1 " + data), Answer(f"{key}-2-999.edi", b"999 " + data)),
        (Deposit(f"EFT{key}", Decimal("190.50"), "60054", "1234567893"),),
    )


def payer(root: Path) -> FolderPayer:
    return FolderPayer(claims=root / "out", answers=root / "in", memory=root / "payer", reply=reply)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_nothing_to_read_is_nothing_to_answer(tmp_path: Path) -> None:
    assert payer(tmp_path).answer_new() == []
    assert payer(tmp_path).deposits() == []


def test_each_distinct_content_is_answered_once(tmp_path: Path, out: Path) -> None:
    (out / "a.edi").write_bytes(b"first")
    (out / "b.edi").write_bytes(b"first")  # the same file under another name
    (out / "c.edi").write_bytes(b"second")
    (out / "d.edi.1.part").write_bytes(b"still being wri")

    assert len(payer(tmp_path).answer_new()) == 4
    assert payer(tmp_path).answer_new() == []  # another process, started later

    assert sorted(p.read_bytes() for p in (tmp_path / "in").iterdir()) == [
        b"999 first",
        b"999 second",
        b"TA1 first",
        b"TA1 second",
    ]
    assert sum(d.amount for d in payer(tmp_path).deposits()) == Decimal("381.00")


def test_killed_between_answers_and_memory_it_repeats_itself(tmp_path: Path, out: Path) -> None:
    (out / "a.edi").write_bytes(b"first")
    before = [(p.name, p.read_bytes()) for p in payer(tmp_path).answer_new()]
    [note] = (tmp_path / "payer").iterdir()
    note.unlink()

    after = [(p.name, p.read_bytes()) for p in payer(tmp_path).answer_new()]

    assert after == before
    assert len(payer(tmp_path).deposits()) == 1
