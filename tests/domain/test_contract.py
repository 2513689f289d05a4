"""Which fee of a contract a line is held to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from app.domain.contract import Fee, FeeSchedule
from app.domain.procedure import Procedure

DAY = date(2026, 10, 5)
FEES = FeeSchedule(
    [
        Fee("60054", "G0439", D("100.00"), until=date(2026, 6, 30)),
        Fee("60054", "G0439", D("110.00"), since=date(2026, 7, 1)),
        Fee("60054", "G0439", D("40.00"), modifiers=frozenset({"26"})),
        Fee("60054", "J1885", D("0.335")),
        Fee("87726", "G0439", D("95.00")),
    ]
)
STORIES = [
    ("the fee of the day", {}, D("110.00")),
    ("the fee of an earlier day", {"on": date(2026, 6, 30)}, D("100.00")),
    ("another payer", {"payer_id": "87726"}, D("95.00")),
    ("a payer without a contract", {"payer_id": "00000"}, None),
    ("a code that is in no row", {"procedure": Procedure("G0438")}, None),
    ("a modifier that has a fee", {"procedure": Procedure("G0439", ("59", "26"))}, D("40.00")),
    ("a modifier that has none", {"procedure": Procedure("G0439", ("59",))}, D("110.00")),
    ("three units", {"units": D(3)}, D("330.00")),
    ("cents are rounded half up", {"procedure": Procedure("J1885"), "units": D(15)}, D("5.03")),
    ("nobody allows more than was charged", {"charge": D(80)}, D("80")),
    ("a line without a day", {"on": None}, None),
]


@pytest.mark.parametrize(("line", "fee"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES])
def test_the_fee_of_a_line(line: dict[str, object], fee: D | None) -> None:
    said = {"payer_id": "60054", "procedure": Procedure("G0439"), "units": D(1), "charge": D(500)}
    said |= {"on": DAY} | line
    payer, procedure = said.pop("payer_id"), said.pop("procedure")
    agreed = FEES.agreed(payer, procedure, **said)  # type: ignore[arg-type]
    assert (agreed.amount if agreed else None) == fee


def test_the_row_that_said_so_is_named() -> None:
    agreed = FEES.agreed(
        "60054", Procedure("G0439", ("59",)), units=D(1), charge=D(500), on=date(2026, 7, 1)
    )
    assert agreed is not None
    assert (agreed.fee.amount, agreed.fee.since) == (D("110.00"), date(2026, 7, 1))
