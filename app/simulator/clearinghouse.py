"""Everything a claim file brings back: TA1, 999, 277CA of clearinghouse and payers, 835."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.simulator.acknowledgments import (
    accepts,
    implementation_acknowledgment,
    interchange_acknowledgment,
)
from app.simulator.answers import Answer, Deposit, Reply
from app.simulator.claim_acknowledgments import (
    Answered,
    Source,
    claim_acknowledgment,
    decided_by_payer,
    received_by_clearinghouse,
)
from app.simulator.decisions import Decided, decide
from app.simulator.envelopes import answer as in_envelope
from app.simulator.receive import receive
from app.simulator.received import Interchange, TransactionSet
from app.simulator.rounds import by_payer, in_name, payments

CLEARINGHOUSE_NAME = "EXAMPLE CLEARINGHOUSE"


def reply(data: bytes) -> Reply:
    """All answers to one 837 file, in the order of their waves; nothing for what is no X12."""
    content_key = hashlib.sha256(data).hexdigest()
    answers: list[Answer] = []
    deposits: list[Deposit] = []
    for received in receive(data):
        answers += _acknowledged(received, content_key)
        if received.fault is None:
            accepted = _decided(received, content_key)
            answers += _claim_acknowledged(received, accepted, content_key)
            decisions = [d for _, claims in accepted for d in claims]
            for file, paid in payments(received, decisions, content_key=content_key):
                answers.append(file)
                deposits += paid
    return Reply(tuple(answers), tuple(deposits))


def answer(data: bytes) -> tuple[Answer, ...]:
    """The answers alone."""
    return reply(data).answers


def deposits(data: bytes) -> tuple[Deposit, ...]:
    """The payments those answers announce: the payer's own list."""
    return reply(data).deposits


Accepted = list[tuple[TransactionSet, list[Decided]]]


def _acknowledged(received: Interchange, content_key: str) -> Iterable[Answer]:
    if received.acknowledgment_requested or received.fault:
        acks = [interchange_acknowledgment(received)]
        yield in_envelope(received, content_key=content_key, label="1-TA1", acks=acks)
    if received.fault is None and received.groups:
        transactions = [implementation_acknowledgment(group) for group in received.groups]
        yield in_envelope(
            received, content_key=content_key, label="2-999", transactions=transactions
        )


def _decided(received: Interchange, content_key: str) -> Accepted:
    """The claims that someone answers, by the set that the 999 let pass."""
    sets = [s for group in received.groups for s in group.sets if accepts(s)]
    decided = [(s, [decide(claim, content_key=content_key) for claim in s.claims]) for s in sets]
    return [(s, [d for d in claims if d is not None]) for s, claims in decided]


def _claim_acknowledged(
    received: Interchange, accepted: Accepted, content_key: str
) -> Iterable[Answer]:
    clearinghouse = Source("AY", CLEARINGHOUSE_NAME, "46", received.receiver)
    waves: dict[tuple[str, Source], list[tuple[TransactionSet, list[Answered]]]] = {}
    for batch, claims in accepted:
        if claims:
            wave = waves.setdefault(("3-277CA-AY", clearinghouse), [])
            wave.append((batch, [received_by_clearinghouse(d) for d in claims]))
    for batch, claims in accepted:
        for payer_id, of_payer in by_payer(claims):
            source = Source("PR", of_payer[0].claim.payer_name, "PI", payer_id)
            wave = waves.setdefault((f"4-277CA-PR-{in_name(payer_id)}", source), [])
            wave.append((batch, [decided_by_payer(d) for d in of_payer]))
    for (label, source), batches in waves.items():
        transactions = [
            claim_acknowledgment(received, batch, answered, source=source, content_key=content_key)
            for batch, answered in batches
        ]
        yield in_envelope(received, content_key=content_key, label=label, transactions=transactions)
