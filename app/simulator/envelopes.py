"""The envelope of an answer: the received one turned round, with numbers its content gives."""

from __future__ import annotations

from collections.abc import Sequence

import edi
from app.simulator.answers import Answer
from app.simulator.decisions import derived
from app.simulator.received import Interchange
from edi.segments import TA1

SEPARATE_LINES = edi.Delimiters(line_end="\n")


def answer(
    received: Interchange,
    *,
    content_key: str,
    label: str,
    transactions: Sequence[edi.Transaction] = (),
    acks: Sequence[TA1] = (),
) -> Answer:
    """One answer file; `label` names its wave and kind and is part of its control numbers."""
    number = derived(content_key, received.control_number, label, digits=9)
    group = edi.FunctionalGroup(
        sender=received.receiver,
        receiver=received.sender,
        date=received.on,
        time=received.at,
        control_number=number,
        transactions=list(transactions),
    )
    data = edi.write(
        edi.Interchange(
            sender_qualifier=received.receiver_qualifier,
            sender=received.receiver,
            receiver_qualifier=received.sender_qualifier,
            receiver=received.sender,
            date=received.on,
            time=received.at,
            control_number=number,
            usage=received.usage,
            groups=[group] if transactions else [],
            acks=list(acks),
        ),
        delimiters=SEPARATE_LINES,
    )
    return Answer(f"{content_key[:12]}-{received.control_number}-{label}.edi", data)
