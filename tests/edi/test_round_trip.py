"""A right file, read into objects and written again, is the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

import edi
from edi.model.values import to_date, to_time

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"


def written_again(data: bytes) -> tuple[bytes, list[edi.Transaction]]:
    transactions = edi.load(data)
    isa = next(e for e in edi.read(data) if isinstance(e, edi.InterchangeOpened))
    groups = [e for e in edi.read(data) if isinstance(e, edi.GroupOpened)]
    acks = [e.ack for e in edi.read(data) if isinstance(e, edi.InterchangeAck)]
    numbers = [e.control_number for e in edi.read(data) if isinstance(e, edi.TransactionOpened)]
    interchange = edi.Interchange(
        sender_qualifier=isa.sender_qualifier,
        sender=isa.sender,
        receiver_qualifier=isa.receiver_qualifier,
        receiver=isa.receiver,
        date=to_date("20" + isa.date),
        time=to_time(isa.time),
        control_number=int(isa.control_number),
        usage=isa.usage,
        acknowledgment_requested=isa.acknowledgment_requested,
        acks=acks,
        groups=[
            edi.FunctionalGroup(
                sender=gs.sender,
                receiver=gs.receiver,
                date=to_date(gs.date),
                time=to_time(gs.time),
                control_number=int(gs.control_number),
                version=gs.version,
                transactions=transactions,
                control_numbers=numbers,
            )
            for gs in groups
        ],
    )
    return edi.write(interchange, delimiters=isa.delimiters), transactions


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*/pass/*.edi")), ids=lambda p: p.stem)
def test_a_right_file_comes_back_byte_for_byte(path: Path) -> None:
    data = path.read_bytes()
    text, transactions = written_again(data)
    assert text.decode("latin-1").split("\n") == data.decode("latin-1").split("\n")
    assert edi.load(text) == transactions
