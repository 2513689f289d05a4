"""What a remittance is beside those that share its trace: a first, a part, or other content."""

from __future__ import annotations

from array import array
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.remittance import Content, Imbalance, Remittance
from app.domain.seen_before import (
    FIRST,
    Earlier,
    Seen,
    is_whole,
    judge,
    left_of,
    payer_key,
    payment_key,
)

from .remits import remittance


def paying(*claims: int, of: str, sums: str | None = None, **changes: object) -> Remittance:
    """A remittance of BPR02 `of` whose claim payments, named by numbers, come to `sums`."""
    paid = D(sums or of)
    off = Imbalance("transaction", paid, D(of), f"BPR02 says {of}; they come to {paid}.")
    names = array("Q", sorted(claims)).tobytes()
    content = Content(f"{claims} {of} {sums}", names, names)
    return replace(
        remittance(of),
        claims_paid=paid,
        imbalances=() if paid == D(of) else (off,),
        content=content,
        **changes,  # type: ignore[arg-type]
    )


def stored(*those: Remittance) -> list[Earlier]:
    """As they are kept, each judged beside those before it."""
    kept: list[Earlier] = []
    for n, one in enumerate(those, 1):
        verdict = judge(one, kept)
        kept.append(
            Earlier(
                UUID(int=n),
                payment_key(one),
                one.content,
                verdict.seen,
                verdict.of,
                one.adds_up_to,
                one.deposit,
                is_whole(one),
            )
        )
    return kept


def seen(*those: Remittance) -> list[Seen]:
    return [e.seen for e in stored(*those)]


F, P, O = Seen.FIRST, Seen.PART, Seen.OTHER_CONTENT  # noqa: E741
LATER = {"effective_date": date(2026, 10, 27)}
STORIES = [
    ("alone", [paying(1, of="100")], [F]),
    ("two parts", [paying(1, of="100", sums="60"), paying(2, of="100", sums="40")], [F, P]),
    ("three parts", [paying(1, of="100", sums="60"), paying(2, of="100", sums="30"),
                     paying(3, of="100", sums="10")], [F, P, P]),
    ("complete: what comes then is no part", [
        paying(1, of="100", sums="60"), paying(2, of="100", sums="40"),
        paying(3, of="100", sums="5")], [F, P, O]),
    ("a part repeats a claim of the other",
     [paying(1, of="100", sums="60"), paying(1, 2, of="100", sums="40")], [F, O]),
    ("corrected", [paying(1, 2, of="100"), paying(1, 2, 3, of="100")], [F, O]),
    ("corrected, with another amount", [paying(1, of="100"), paying(1, of="90")], [F, O]),
    ("the right one after one that did not add up",
     [paying(1, of="100", sums="99"), paying(1, of="100")], [F, O]),
    ("another payment under the same header", [paying(1, of="100"), paying(2, of="100")], [F, F]),
    ("a trace used again later", [paying(1, of="100"), paying(2, of="50", **LATER)], [F, F]),
    ("no sum of its own beside a payment that is whole",
     [paying(1, of="100"), paying(2, of="100", sums="40")], [F, O]),
    ("notices", [paying(1, of="0"), paying(1, of="0"), paying(1, of="0")], [F, F, F]),
    ("notices that say NON",
     [paying(1, of="5", payment_method="NON"), paying(1, of="5", payment_method="NON")], [F, F]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("those", "expected"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES]
)
def test_what_shares_a_trace(those: list[Remittance], expected: list[Seen]) -> None:
    assert seen(*those) == expected


def test_what_was_stored_before_contents_were_kept_is_compared_with_nothing() -> None:
    old = replace(stored(paying(1, of="100"))[0], content=None)
    assert judge(paying(1, of="90"), [old]) == FIRST
    assert judge(replace(paying(1, of="90"), content=None), stored(paying(1, of="100"))) == FIRST


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1512345678", "512345678", True),
        ("1512345678", "1512345679", False),
        (None, None, True),
        ("EXAMPLE", "example ", True),
    ],
)
def test_a_payer_is_known_with_and_without_the_leading_one(
    one: str | None, other: str | None, same: bool
) -> None:
    assert (payer_key(one, "EXAMPLE HEALTH") == payer_key(other, "Example Health")) is same


@given(st.lists(st.integers(-500, 5000).filter(bool), min_size=2, max_size=5), st.randoms())
def test_parts_in_any_order_are_one_payment(cents: list[int], chance: object) -> None:
    amounts = [D(c) / 100 for c in cents]
    whole = sum(amounts, D(0))
    if whole <= 0 or whole in amounts:
        return
    parts = [paying(n, of=str(whole), sums=str(amount)) for n, amount in enumerate(amounts, 1)]
    chance.shuffle(parts)  # type: ignore[attr-defined]
    kept = stored(*parts)
    sums = [D(0)]
    for part in kept:
        sums.append(sums[-1] + part.adds_up_to)
    if whole in sums[1:-1]:
        return  # some of them come to the payment by chance, and it is complete without the rest
    assert [e.seen for e in kept] == [F] + [P] * (len(parts) - 1)
    assert {e.lead for e in kept} == {kept[0].id}
    assert left_of(whole, [e.adds_up_to for e in kept]) == 0
