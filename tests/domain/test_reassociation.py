"""Which deposit pays which remittance, and where both stand; the days on which banks settle."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal as D
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.business_days import business_days_between, is_business_day
from app.domain.deposit import Deposit, DepositSource, StoredDeposit, recognised, same_payer
from app.domain.reassociation import Expected, Pair, Reassociation, group_state, is_late, join

FRIDAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def era(
    number: int,
    amount: str = "100",
    *,
    trace: str = "T",
    payer: str | None = "1512345678",
    day: date | None = FRIDAY,
    method: str = "ACH",
) -> Expected:
    return Expected(UUID(int=number), D(amount), day, trace, payer, "EXAMPLE HEALTH", method)


def deposit(
    number: int,
    amount: str = "100",
    *,
    trace: str | None = "T",
    payer: str | None = "1512345678",
    day: date = FRIDAY,
    reference: str | None = None,
    account: str | None = None,
) -> StoredDeposit:
    told = Deposit(
        D(amount), day, DepositSource.JSON, trace, payer, reference=reference, account=account
    )
    return StoredDeposit(UUID(int=1000 + number), told, None, NOW)


def joined(deposits: list[StoredDeposit], remittances: list[Expected]) -> list[tuple[int, int]]:
    pairs = join(deposits, remittances, standing=set(), barred=set())
    return [(p.deposit_id.int - 1000, p.remittance_id.int) for p in pairs]


@pytest.mark.parametrize(
    ("day", "settles"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 5, 25), False),  # the last Monday of May
        (date(2026, 1, 19), False),
        (date(2027, 7, 5), False),  # the fourth is a Sunday
        (date(2026, 7, 3), True),  # the fourth is a Saturday: banks settle on the Friday
        (date(2026, 12, 25), False),
    ],
)
def test_the_days_on_which_banks_settle(day: date, settles: bool) -> None:
    assert is_business_day(day) is settles


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60), st.integers(0, 60))
def test_business_days_add_up(day: date, one: int, two: int) -> None:
    middle = date.fromordinal(day.toordinal() + one)
    end = date.fromordinal(middle.toordinal() + two)
    parts = business_days_between(day, middle) + business_days_between(middle, end)
    assert business_days_between(day, end) == business_days_between(end, day) == parts
    assert parts <= one + two


STATES = [
    ([era(1)], [], Reassociation.ERA_ONLY),
    ([], ["100"], Reassociation.EFT_ONLY),
    ([era(1)], ["100"], Reassociation.MATCHED),
    ([era(1)], ["99.99"], Reassociation.AMOUNT_MISMATCH),
    ([era(1)], ["60", "40"], Reassociation.SPLIT_DEPOSIT),
    ([era(1)], ["60", "30"], Reassociation.AMOUNT_MISMATCH),
    ([era(1, "60"), era(2, "40")], ["100"], Reassociation.SPLIT_DEPOSIT),
    ([era(1, method="CHK")], [], Reassociation.CHECK),
    ([era(1, method="CHK")], ["100"], Reassociation.MATCHED),
    ([era(1, method="NON")], [], Reassociation.VIRTUAL_CARD),
    ([era(1, "0", method="NON")], [], Reassociation.ZERO_PAY),
    ([era(1, "0")], [], Reassociation.ZERO_PAY),
]


@pytest.mark.parametrize(("expected", "arrived", "state"), STATES)
def test_the_state_of_a_group(
    expected: list[Expected], arrived: list[str], state: Reassociation
) -> None:
    assert group_state(expected, [D(amount) for amount in arrived]) is state


def test_every_state_is_told_of() -> None:
    assert {state for _, _, state in STATES} == set(Reassociation)


@pytest.mark.parametrize(
    ("day", "late"),
    [(date(2026, 11, 17), True), (date(2026, 11, 18), False), (date(2026, 12, 1), False)],
)
def test_three_business_days_of_grace(day: date, late: bool) -> None:
    """Monday 23 November: the 18th was three business days ago."""
    assert is_late(Reassociation.ERA_ONLY, day, today=NOW.date()) is late
    assert is_late(Reassociation.MATCHED, day, today=NOW.date()) is False


JOINED = [
    ("one and one", [deposit(1)], [era(1)], [(1, 1)]),
    ("the amount differs", [deposit(1, "99")], [era(1)], [(1, 1)]),
    ("the trace in other letters", [deposit(1, trace=" t ")], [era(1)], [(1, 1)]),
    ("a payer id without its 1", [deposit(1, payer="512345678")], [era(1)], [(1, 1)]),
    ("no payer id, amount agrees", [deposit(1, payer=None)], [era(1)], [(1, 1)]),
    ("no payer id, amount differs", [deposit(1, "99", payer=None)], [era(1)], []),
    ("another payer", [deposit(1, payer="1999999999")], [era(1)], []),
    ("another trace", [deposit(1, trace="U")], [era(1)], []),
    ("too late", [deposit(1, day=date(2026, 11, 30))], [era(1)], []),
    ("within the window", [deposit(1, day=date(2026, 11, 25))], [era(1)], [(1, 1)]),
    ("over a holiday", [deposit(1, day=date(2026, 11, 27))], [era(1, day=date(2026, 11, 23))],
     [(1, 1)]),
    ("the one of its amount", [deposit(1)], [era(1, "70"), era(2)], [(1, 2)]),
    ("all that it sums", [deposit(1)], [era(1, "70"), era(2, "30")], [(1, 1), (1, 2)]),
    ("two that could be it", [deposit(1)], [era(1), era(2)], []),
    ("in two parts", [deposit(1, "70"), deposit(2, "30")], [era(1)], [(1, 1), (2, 1)]),
    ("after it is whole", [deposit(1), deposit(2, "30")], [era(1)], [(1, 1)]),
    ("a debit is no part of a payment", [deposit(1, "-70")], [era(1)], []),
    ("what the payer takes", [deposit(1, "-70")], [era(1, "-70")], [(1, 1)]),
    ("a check by its number", [deposit(1, trace=None, payer=None, reference="T")],
     [era(1, method="CHK")], [(1, 1)]),
    ("a reference is no trace", [deposit(1, trace=None, payer=None, reference="T")], [era(1)], []),
    ("zero is paid by nothing", [deposit(1)], [era(1, "0")], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("deposits", "remittances", "pairs"), [row[1:] for row in JOINED], ids=[r[0] for r in JOINED]
)
def test_what_is_joined_by_itself(
    deposits: list[StoredDeposit], remittances: list[Expected], pairs: list[tuple[int, int]]
) -> None:
    assert joined(deposits, remittances) == pairs


def test_what_was_taken_apart_is_not_joined_again() -> None:
    barred = {(UUID(int=1001), UUID(int=1))}
    assert join([deposit(1)], [era(1)], standing=set(), barred=barred) == []


@given(st.data())
def test_one_by_one_or_all_at_once_comes_to_the_same(data: st.DataObject) -> None:
    """Deposits and remittances of different traces, known in any order."""
    traces = data.draw(st.lists(st.sampled_from("ABCDEF"), unique=True, max_size=5))
    eras = [era(n, "100", trace=t) for n, t in enumerate(traces, start=1)]
    paid = data.draw(st.lists(st.sampled_from("ABCDEFG"), unique=True, max_size=6))
    amounts = [data.draw(st.sampled_from(["100", "99"])) for _ in paid]
    money = [deposit(n, amounts[n - 1], trace=t) for n, t in enumerate(paid, start=1)]
    together = set(join(money, eras, standing=set(), barred=set()))
    events = data.draw(st.permutations([*eras, *money]))
    pairs: set[Pair] = set()
    for count in range(1, len(events) + 1):
        known = events[:count]
        standing = {(p.deposit_id, p.remittance_id) for p in pairs}
        pairs |= set(
            join(
                [e for e in known if isinstance(e, StoredDeposit)],
                [e for e in known if isinstance(e, Expected)],
                standing=standing,
                barred=set(),
            )
        )
    assert pairs == together


def test_two_tellings_of_one_deposit() -> None:
    known = [deposit(1, account="1")]
    told = known[0].deposit

    def again(**change: object) -> bool:
        members = {name: getattr(told, name) for name in Deposit.__dataclass_fields__}
        ((_, same),) = recognised([Deposit(**(members | change))], known)  # type: ignore[arg-type]
        return same is not None

    assert again(source=DepositSource.BAI2, line=7)
    assert again(account=None, payer_identifier=None)
    assert again(date=date(2026, 11, 23))  # the day of the statement
    assert not again(date=date(2026, 12, 4))
    assert not again(account="2")
    assert not again(amount=D("100.01"))
    assert not again(trace_number="U")
    assert not again(trace_number=None)  # two payers may pay the same on one day


def test_equal_deposits_of_one_telling_are_as_many_as_they_are() -> None:
    money = deposit(1).deposit
    assert [same for _, same in recognised([money, money], [])] == [None, None]
    known = [deposit(1), deposit(2)]
    for order in permutations(known):
        found = [same and same.id for _, same in recognised([money] * 3, order)]
        assert found == [known[0].id, known[1].id, None]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1512345678", "512345678", True),
        ("1512345678", "1512345678", True),
        ("512345678", "512345679", False),
        (None, "512345678", None),
        ("", "512345678", None),
    ],
)
def test_payers_by_their_identifiers(one: str | None, other: str | None, same: bool | None) -> None:
    assert same_payer(one, other) is same
