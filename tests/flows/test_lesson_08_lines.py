"""Lesson 8: a service finds its line without our number too, and nothing is ever charged for it."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import func, select

from app.domain.claim_matching import Confidence
from app.flows.suggest import suggest
from app.store import tables as t
from tests.e2e.ready_claims import Asked, load
from tests.flows.clinic import Clinic

STORY = Path(__file__).parents[2] / "fixtures/x12/835/lessons/08_lines_as_payers_return_them.edi"


def bill(clinic: Clinic, number: str, *lines: tuple[str, int]) -> None:
    """Lines 1, 2, ... with procedure and modifiers, and charge."""
    asked = Asked(number, tuple((str(n), code, D(c)) for n, (code, c) in enumerate(lines, 1)))
    app = SimpleNamespace(units=clinic.practice.units)
    load(app, clinic.practice.tenant, iter([asked]))  # type: ignore[arg-type]


def charges(clinic: Clinic) -> tuple[int, int]:
    """How many charges and lines there are."""
    with clinic.practice.engine.connect() as connection:
        return (
            connection.scalar(select(func.count()).select_from(t.charge)) or 0,
            connection.scalar(select(func.count()).select_from(t.service_line)) or 0,
        )


def methods(clinic: Clinic, number: str) -> list[str | None]:
    with clinic.practice.engine.connect() as connection:
        query = (
            select(t.service_payment.c.method)
            .join(t.claim_payment, t.claim_payment.c.id == t.service_payment.c.claim_payment_id)
            .where(t.claim_payment.c.patient_control_number == number)
            .order_by(t.service_payment.c.ordinal)
        )
        return list(connection.scalars(query))


def test_lesson_08_services_find_their_lines(clinic: Clinic) -> None:
    bill(clinic, "LINES-0001", ("G0463", 100), ("G0463", 100))
    for number in ("LINES-0002", "LINES-0003", "LINES-0004", "LINES-0005"):
        modifier = "G0463:25" if number == "LINES-0002" else "G0463"
        injection = "J1885:25" if number == "LINES-0002" else "J1885"
        bill(clinic, number, (modifier, 100), (injection, 50))
    before = charges(clinic)
    clinic.take(STORY.read_bytes())
    assert charges(clinic) == before

    # Two identical codes on one day with different pay: in their order.
    assert [line.paid for line in clinic.claim("LINES-0001").lines] == [D("80.00"), D("50.00")]
    assert methods(clinic, "LINES-0001") == ["procedure", "procedure"]
    # A modifier left out, and one glued to the code.
    assert [line.paid for line in clinic.claim("LINES-0002").lines] == [D("90.00"), D("30.00")]
    assert methods(clinic, "LINES-0002") == [
        "procedure_modifiers_missing",
        "procedure_modifiers_glued",
    ]
    # Bundled: OA-94 raises the first line, CO-97 leaves the second open.
    bundled = clinic.claim("LINES-0003").lines
    assert [(line.paid, line.adjusted) for line in bundled] == [
        (D("110.00"), D("-10.00")),
        (D("0.00"), D("0.00")),
    ]
    assert methods(clinic, "LINES-0003") == ["line_control_number+bundled"] * 2
    # A changed code with its units, a split line, and one that the payer added.
    assert [line.paid for line in clinic.claim("LINES-0004").lines] == [D("90.00"), D("50.00")]
    assert methods(clinic, "LINES-0004") == [
        "submitted_procedure",
        "line_control_number+split",
        "line_control_number+split",
        "payer_added",
    ]
    assert clinic.verify() == []


def test_lesson_08_what_fits_no_line_waits_with_suggestions(clinic: Clinic) -> None:
    bill(clinic, "LINES-0005", ("G0463", 100), ("J1885", 50))
    before = charges(clinic)
    clinic.take(STORY.read_bytes())
    [payment] = [p for p in clinic.payments() if p.patient_control_number == "LINES-0005"]
    assert (str(payment.state), payment.reason) == ("waiting", "line_mismatch")
    assert "Service 2 of 10.00 fits no line" in (payment.message or "")
    assert clinic.claim("LINES-0005").paid == 0
    with clinic.work() as uow:
        found = suggest(uow, payment.id)
    assert found is not None
    assert [(s.ordinal, s.line.line_control_number, s.confidence) for s in found.lines] == [
        (1, "1", Confidence.CONFIRMED)
    ]
    assert charges(clinic) == before
