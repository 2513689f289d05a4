"""Lesson 22: a long 835 is posted group by group, and who takes it over goes on where it stopped.

Its memory and its time are measured in tests/bench/bench_post.py.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.flows import remit
from app.flows.ports import FileState
from app.flows.process import process_file
from app.flows.receive import receive_file
from tests.e2e.ready_claims import Billed, asked_by, load, remittance
from tests.flows.clinic import Clinic

COUNT, GROUP = 25, 10


class PulledThePlug(Exception):
    """The process ends here."""


def test_lesson_22_a_long_file_posts_group_by_group_and_goes_on_where_it_stopped(
    small_clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic, billed = small_clinic, Billed("", tmp_path, COUNT)
    data = remittance(billed, tmp_path / "long.edi").read_bytes()
    practice = clinic.practice
    app: Any = SimpleNamespace(units=practice.units)
    load(app, practice.tenant, asked_by(data))
    file = receive_file(
        practice.units, clinic.raw, tenant_id=practice.tenant.id, name="long.edi", data=data,
        actor="test",
    )  # fmt: skip

    def work() -> FileState:
        return process_file(
            practice.units, clinic.raw, tenant_id=practice.tenant.id, file_id=file.id
        )

    monkeypatch.setattr(remit, "CHUNK", GROUP)
    groups, real = list[int](), remit._store_chunk
    monkeypatch.setattr(remit, "_store_chunk", stops_in_the(2, real, groups))
    with pytest.raises(PulledThePlug):
        work()
    # The first group stands, the second left nothing, and the deposit is whole.
    assert groups == [GROUP, GROUP]
    assert len(clinic.payments()) == GROUP
    books = clinic.balances()
    assert (books["cash"], books["unapplied"]) == (billed.payment, D(110) * GROUP - billed.payment)
    assert clinic.verify() == []

    groups.clear()
    monkeypatch.setattr(remit, "_store_chunk", stops_in_the(0, real, groups))
    assert work() is FileState.PROCESSED
    assert groups == [GROUP, COUNT - 2 * GROUP]
    assert len(clinic.payments()) == COUNT
    assert {state for _, state, _ in clinic.states()} == {"posted"}
    assert clinic.balances() == {
        "cash": billed.payment,
        "charges": -D(150) * COUNT,
        "contractual": D(30) * COUNT,
        "receivable_patient": billed.patient,
    }
    assert work() is FileState.PROCESSED  # once more: nothing
    assert len(clinic.payments()) == COUNT
    assert clinic.verify() == []


def stops_in_the(turn: int, real: Callable[..., None], groups: list[int]) -> Callable[..., None]:
    """The same, that notes how long each group is and is ended in the middle of one."""

    def store(*args: Any) -> None:
        groups.append(len(args[2]))
        real(*args)
        if len(groups) == turn:
            raise PulledThePlug

    return store
