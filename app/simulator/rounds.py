"""The 835 files of a claim file, round by round: a file a payer, a transaction set a payee.

The first round has the date of the claim file; each later one, in which decisions are taken back,
made anew or made late, comes a week after the one before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from app.simulator.answers import Answer, Deposit
from app.simulator.decisions import Decided, in_rounds
from app.simulator.envelopes import answer as in_envelope
from app.simulator.received import Interchange, Provider
from app.simulator.remittances import Carried, remittance
from app.simulator.scenarios import Fault
from edi.guides.x221_remittance import Remittance

BETWEEN = timedelta(days=7)


def payments(
    received: Interchange, decided: Iterable[Decided], *, content_key: str
) -> Iterator[tuple[Answer, list[Deposit]]]:
    """Each file with the deposits it explains."""
    for payer_id, of_payer in by_payer(d for d in decided if d.scenario.adjudication):
        yield from _of_payer(received, payer_id, of_payer, content_key)


def by_payer(decided: Iterable[Decided]) -> list[tuple[str, list[Decided]]]:
    """Decisions by the payer that made them."""

    def payer(d: Decided) -> str:
        return d.claim.payer_id

    return [(key, list(items)) for key, items in groupby(sorted(decided, key=payer), key=payer)]


def in_name(payer_id: str) -> str:
    """A payer's id as part of a file name."""
    return re.sub(r"[^0-9A-Za-z]", "_", payer_id)


def _of_payer(
    received: Interchange, payer_id: str, decided: Sequence[Decided], content_key: str
) -> Iterator[tuple[Answer, list[Deposit]]]:
    told = [event for d in decided for event in in_rounds(d, content_key=content_key)]
    owed: dict[Provider, list[Carried]] = {}
    for number in range(max(round for round, _ in told) + 1):
        # A payer takes back before it decides anew (835.md 4).
        now = sorted((d for round, d in told if round == number), key=lambda d: not d.reverses)
        if not now:
            continue
        later = f"-{number + 1}" if number else ""
        on = replace(received, on=received.on + number * BETWEEN)
        loops, deposits, copied = [], [], []
        for (payee, fault), items in _sets(now):
            key = content_key + later + (f"-{fault.name}" if fault else "")
            loop, deposit, still_owed = remittance(
                on, payee, items, content_key=key, owed=owed.get(payee, ())
            )
            owed[payee] = still_owed
            loops.append(loop)
            deposits.append(deposit)
            if any(d.scenario.afterwards.copied for d in items):
                copied.append(loop)
        label = f"5-835-{in_name(payer_id)}{later}"
        yield _file(on, content_key, label, loops), deposits
        if copied:
            yield _file(on, content_key, f"{label}-again", copied), []


def _sets(
    decided: Iterable[Decided],
) -> list[tuple[tuple[Provider, Fault | None], list[Decided]]]:
    """One transaction set a payee, and one for each kind of fault."""
    sets: defaultdict[tuple[Provider, Fault | None], list[Decided]] = defaultdict(list)
    for d in decided:
        sets[d.claim.billing_provider, d.adjudication.fault].append(d)
    return list(sets.items())


def _file(
    received: Interchange, content_key: str, label: str, loops: Sequence[Remittance]
) -> Answer:
    return in_envelope(received, content_key=content_key, label=label, transactions=loops)
