"""A plain claim or payment is one in which nothing is found: the screens of `edi.situations` say so
of nothing else, and say it of most.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

import edi
from edi import balance, validate
from edi.guides.claim_details import Claim
from edi.guides.x221_remittance import ClaimPayment
from edi.reader import stream
from edi.reader.findings import Examination
from edi.situations import RULES
from edi.situations.tables import SCREENS, plain_of
from tests.edi.planted import PLANTED, planted
from tests.edi.spoil import originals

X12 = Path(__file__).parents[2] / "fixtures" / "x12"


class Doubting(Examination):
    """Asks everything of plain units too, and keeps those in which something was found."""

    plain = 0
    wrong: ClassVar[list[list[edi.Issue]]] = []

    def unit(self, loop: Any, around: tuple[Any, ...]) -> list[edi.Issue]:
        s = self._situations
        screen = s._screens.get(type(loop))
        if screen is None:
            return super().unit(loop, around)
        s._context.enter(around)
        if not screen[0](loop, s._context):
            Doubting.plain += 1
            plain = plain_of(around[0].id)
            assert plain is not None
            covered = plain.covers
            found = s._ask(s._opened, loop, around)
            found = [i for i in found if _id_of(i) <= covered]
            if isinstance(loop, ClaimPayment):
                found += balance.claim_payment(loop)
            elif isinstance(loop, Claim):
                found += validate.claim(loop) + balance.claim(loop)
            if found:
                Doubting.wrong.append(found)
        return []


def _id_of(issue: edi.Issue) -> set[str]:
    return {r.id for r in RULES if (r.code or r.id) == issue.code and r.message in issue.message}


def doubted(data: bytes) -> list[list[edi.Issue]]:
    Doubting.wrong.clear()
    for _ in stream.FileReader(data, Doubting).events():
        pass
    return list(Doubting.wrong)


def files() -> Iterator[tuple[str, bytes]]:
    for path in sorted(X12.glob("*/pass/*.edi")):
        yield path.stem, path.read_bytes()
    for n, data in enumerate(originals()):
        yield f"original-{n}", data


@pytest.mark.parametrize("guide", SCREENS)
def test_a_screen_names_rules_that_there_are(guide: str) -> None:
    plain = plain_of(guide)
    assert plain is not None
    assert plain.covers <= {r.id for r in RULES if guide in r.guides.split()}


@pytest.mark.parametrize(
    ("rule", "base", "changes", "ref"), PLANTED, ids=[f"{r}-{b}" for r, b, _, _ in PLANTED]
)
def test_a_planted_fault_is_not_plain(
    rule: str, base: str, changes: tuple[tuple[str, str], ...], ref: str
) -> None:
    assert doubted(planted(base, *changes)) == []


def test_a_plain_unit_with_one_element_changed_is_plain_or_found_faultless() -> None:
    """Values of one segment in place of another's: amounts, codes, dates, numbers, pointers."""
    Doubting.plain = 0
    rng = random.Random(20261123)
    for name, data in files():
        text = data.decode("latin-1")
        if "ST*837*" not in text and "ST*835*" not in text:
            continue
        segments = text.split("~")
        pool = [e for s in segments for e in s.strip().split("*")[1:] if e]
        for _ in range(40):
            changed = list(segments)
            n = rng.randrange(len(changed))
            elements = changed[n].split("*")
            if len(elements) < 2 or elements[0].strip() in ("ISA", "GS", "ST", "SE", "GE", "IEA"):
                continue
            k = rng.randrange(1, len(elements))
            elements[k] = rng.choice([*ODD, rng.choice(pool), rng.choice(pool)])
            changed[n] = "*".join(elements)
            assert doubted("~".join(changed).encode("latin-1")) == [], (name, n, k, elements)
    assert Doubting.plain > 500


ODD = (
    "", "0", "-1", "100.50", "0.001", "1:1", "9", "20990101", "18990101-20990101", "XX", "PXC",
    "1234567890", "45", "999", "HC:00100", "HC:99213:50:LT", "S", "22", "4", "6R", "PO BOX 7",
)  # fmt: skip
