"""Which line a service pays: what payers leave of our line numbers, codes and modifiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.claim import ClaimLine
from app.domain.line_matching import Placed, place
from app.domain.money import ZERO
from app.domain.procedure import Procedure
from app.domain.remittance import ServicePayment

from .remits import HERE

DAY, NEXT_DAY = date(2026, 10, 5), date(2026, 10, 6)


def line(number: str, code: str, charge: str, *, on: date | None = DAY) -> ClaimLine:
    """`"G0463:25"` as SV101 says it."""
    position = int(number)
    return ClaimLine(
        UUID(int=position),
        UUID(int=100 + position),
        number,
        procedure(code),
        D(charge),
        service_date=on,
    )


def paid(
    ordinal: int,
    code: str,
    charge: str,
    *,
    number: str | None = None,
    billed: str | None = None,
    on: date | None = DAY,
) -> ServicePayment:
    """SVC01, SVC02, REF*6R and SVC06; what was paid does not matter here."""
    return ServicePayment(
        ordinal=ordinal,
        line_control_number=number,
        procedure=procedure(code),
        submitted_procedure=procedure(billed) if billed else None,
        charge=D(charge),
        paid=ZERO,
        units=D(1),
        allowed=None,
        service_date=on,
        adjustments=(),
        remarks=(),
        place=HERE,
    )


def procedure(text: str) -> Procedure:
    qualifier, _, rest = text.rpartition("/")
    code, *modifiers = rest.split(":")
    return Procedure(code, tuple(modifiers), qualifier=qualifier or "HC")


def found(placed: Placed) -> dict[int, tuple[int, str]]:
    """Service ordinal -> line number and method; 0 is no line."""
    return {
        ordinal: (placed.lines[ordinal].int if ordinal in placed.lines else 0, method)
        for ordinal, method in sorted(placed.methods.items())
    }


VISIT, INJECTION = line("1", "G0463:25", "150"), line("2", "J1885", "50")
TWO = (VISIT, INJECTION)

STORIES = [
    ("our number, whatever else the payer says",
     TWO, [paid(1, "J1885", "150", number="1")], {1: (1, "line_control_number")}),
    ("no number: procedure, modifiers, date and charge",
     TWO, [paid(1, "J1885", "50"), paid(2, "G0463:25", "150")],
     {1: (2, "procedure"), 2: (1, "procedure")}),
    ("a number that is not ours counts as none",
     TWO, [paid(1, "J1885", "50", number="7781")], {1: (2, "procedure")}),
    ("the code was changed and SVC06 says what we billed",
     TWO, [paid(1, "G0464:25", "150", billed="G0463:25")], {1: (1, "submitted_procedure")}),
    ("the modifier is missing",
     TWO, [paid(1, "G0463", "150")], {1: (1, "procedure_modifiers_missing")}),
    ("the modifier is glued to the code",
     TWO, [paid(1, "G046325", "150")], {1: (1, "procedure_modifiers_glued")}),
    ("the payer's date is the claim's first day",
     (VISIT, line("2", "J1885", "50", on=NEXT_DAY)), [paid(1, "J1885", "50")],
     {1: (2, "procedure_date_differs")}),
    ("two identical codes on one day, in their order",
     (line("1", "J1885", "50"), line("2", "J1885", "50")),
     [paid(1, "J1885", "50"), paid(2, "J1885", "50")],
     {1: (1, "procedure"), 2: (2, "procedure")}),
    ("two identical codes that come back without their modifier, in their order",
     (line("1", "J1885:JW", "50"), line("2", "J1885:JW", "50")),
     [paid(1, "J1885", "50"), paid(2, "J1885", "50")],
     {1: (1, "procedure_modifiers_missing"), 2: (2, "procedure_modifiers_missing")}),
    ("split: several services under one number",
     TWO, [paid(1, "J1885", "30", number="2"), paid(2, "J1885", "20", number="2")],
     {1: (2, "line_control_number+split"), 2: (2, "line_control_number+split")}),
    ("split without numbers: their charges come to the line's",
     TWO, [paid(1, "J1885", "30"), paid(2, "J1885", "20")],
     {1: (2, "procedure_charge_split+split"), 2: (2, "procedure_charge_split+split")}),
    ("unbundled: one line answered by two codes, the second at no charge",
     TWO, [paid(1, "G0464", "150", billed="G0463:25", number="1"),
           paid(2, "G0465", "0", billed="G0463:25", number="1")],
     {1: (1, "line_control_number+unbundled"), 2: (1, "line_control_number+unbundled")}),
    ("bundled: two lines answered by one code",
     TWO, [paid(1, "G0466", "150", billed="G0463:25"), paid(2, "G0466", "50", billed="J1885")],
     {1: (1, "submitted_procedure+bundled"), 2: (2, "submitted_procedure+bundled")}),
    ("added by the payer at no charge",
     TWO, [paid(1, "G0463:25", "150"), paid(2, "G9999", "0")],
     {1: (1, "procedure"), 2: (0, "payer_added")}),
    ("a revenue code with and without its zero",
     (line("1", "NU/0450", "900", on=None),), [paid(1, "NU/450", "900")],
     {1: (1, "procedure_date_differs")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "services", "expected"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES]
)
def test_a_service_finds_its_line(
    lines: tuple[ClaimLine, ...],
    services: list[ServicePayment],
    expected: dict[int, tuple[int, str]],
) -> None:
    placed = place(services, lines)
    assert placed.faults == ()
    assert found(placed) == expected


NOWHERE = [
    ("another code and no SVC06", TWO, [paid(1, "G0464:25", "150")], "Service 1 of 150.00 fits no"),
    ("another modifier", TWO, [paid(1, "G0463:59", "150")], "Service 1 of 150.00 fits no line"),
    ("a line we never billed, with a charge",
     TWO, [paid(1, "G0463:25", "150"), paid(2, "G9999", "10")], "Service 2 of 10.00 fits no line"),
    ("billed at another charge", TWO, [paid(1, "J1885", "40", number="2")],
     "Line 2 was billed at 50.00; the payment says 40.00"),
    ("twice the line that was billed once",
     TWO, [paid(1, "J1885", "50"), paid(2, "J1885", "50")], "Service 2 of 50.00 fits no line"),
    ("a modifier is missing and two lines differ by it",
     (line("1", "J1885:JW", "50"), line("2", "J1885:JZ", "50")), [paid(1, "J1885", "50")],
     "Service 1 of 50.00 fits no line"),
    ("a split that does not come to the charge",
     TWO, [paid(1, "J1885", "30"), paid(2, "J1885", "10")], "Service 1 of 30.00 fits no line"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "services", "fault"), [s[1:] for s in NOWHERE], ids=[s[0] for s in NOWHERE]
)
def test_what_fits_no_line_waits_and_says_why(
    lines: tuple[ClaimLine, ...], services: list[ServicePayment], fault: str
) -> None:
    assert fault in " ".join(place(services, lines).faults)


def test_of_lines_that_are_alike_the_one_that_is_still_open_is_paid_first() -> None:
    first = replace(line("1", "J1885", "50"), paid=D(50))
    placed = place([paid(1, "J1885", "50")], (first, line("2", "J1885", "50")))
    assert found(placed) == {1: (2, "procedure")}


CODES = st.sampled_from(["G0463", "G0463:25", "G046325", "J1885", "J1885:JW"])
CHARGES = st.sampled_from(["0", "20", "30", "50"])


@given(
    st.lists(st.tuples(CODES, CHARGES), max_size=5),
    st.lists(st.tuples(CODES, CHARGES, st.sampled_from([None, "1", "2", "9"])), max_size=6),
)
def test_nothing_is_placed_twice_or_lost_and_no_charge_is_made(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str, str | None]]
) -> None:
    lines = tuple(line(str(n), code, charge) for n, (code, charge) in enumerate(ours, 1))
    services = [
        paid(n, code, charge, number=number) for n, (code, charge, number) in enumerate(theirs, 1)
    ]
    placed = place(services, lines)
    assert set(placed.lines.values()) <= {x.id for x in lines}
    if placed.faults:
        return
    assert set(placed.methods) == {s.ordinal for s in services}
    for x in lines:
        of_line = [s.charge for s in services if placed.lines.get(s.ordinal) == x.id]
        assert not of_line or sum(of_line, ZERO) == x.charge
    assert all(s.charge == ZERO for s in services if s.ordinal not in placed.lines)
