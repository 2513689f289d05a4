"""A patient's statement as PDF: one table, plain enough for a window envelope and a screen reader.

The same statement gives the same bytes. Its letters: app/documents/letters.py.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from app.documents.letters import letters
from app.domain.money import ZERO, money_text
from app.domain.party import Address, Person, Provider
from app.domain.statement import Statement

_HEADINGS = (
    "Date",
    "Service",
    "Charge",
    "Insurance paid",
    "Adjusted",
    "Your share",
    "You paid",
)
_COLUMNS = (
    "charge",
    "insurance_paid",
    "adjusted",
    "patient_share",
    "patient_paid",
)
_STYLES = getSampleStyleSheet()
_GRID = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, colors.black),
        ("LINEABOVE", (0, -1), (-1, -1), 0.75, colors.black),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold"),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold"),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("FONTSIZE", (0, 0), (-1, -1), 9),
    ]
)
NOTHING_DUE_YET = (
    "Nothing is due now. Your insurance has not finished with these services; what it leaves to"
    " you may still change."
)


def statement_pdf(statement: Statement) -> bytes:
    """The document's bytes."""
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=letter,
        leftMargin=0.9 * inch,
        rightMargin=0.9 * inch,
        title="Statement",
        author=_provider_name(statement.encounter.billing_provider),
        invariant=True,  # no time of making, so that the same statement is the same bytes
    )
    document.build(_story(statement))
    return target.getvalue()


def _story(statement: Statement) -> list[Flowable]:
    encounter = statement.encounter
    provider = encounter.billing_provider
    story: list[Flowable] = [
        _paragraph([_provider_name(provider), *_address(provider.address)]),
        Spacer(1, 0.3 * inch),
        Paragraph("Statement", _STYLES["Title"]),
        _paragraph(
            [
                f"Date of this statement: {_day(statement.as_of)}",
                f"Account: {encounter.external_id}",
            ]
        ),
        Spacer(1, 0.15 * inch),
        _paragraph(
            [
                _person_name(encounter.patient.person),
                *_address(encounter.patient.person.address),
            ]
        ),
        Spacer(1, 0.3 * inch),
        _charges(statement),
        Spacer(1, 0.25 * inch),
    ]
    if statement.payments:
        story += [_payments(statement), Spacer(1, 0.25 * inch)]
    return [*story, Paragraph(_verdict(statement), _STYLES["Heading3"])]


def _charges(statement: Statement) -> Table:
    rows = [
        [
            _day(line.service_date),
            line.procedure or "Whole claim",
            *(money_text(getattr(line, column)) for column in _COLUMNS),
        ]
        for line in statement.lines
    ]
    total = ["Total", "", *(money_text(statement.total(column)) for column in _COLUMNS)]
    return Table([list(_HEADINGS), *rows, total], style=_GRID, repeatRows=1)


def _payments(statement: Statement) -> Table:
    rows = [
        [_day(payment.paid_on), payment.method.value, money_text(kept)]
        for payment, kept in statement.payments
    ]
    kept = sum((kept for _, kept in statement.payments), ZERO)
    return Table(
        [["Date", "Your payments", "Amount"], *rows, ["Total", "", money_text(kept)]],
        style=_GRID,
        hAlign="LEFT",
        repeatRows=1,
    )


def _verdict(statement: Statement) -> str:
    credit = _credit(statement.credit)
    if statement.insurance_is_open:
        return NOTHING_DUE_YET + credit
    if statement.due == ZERO:
        return "Nothing is due." + credit
    return f"Please pay {money_text(statement.due)}.{credit}"


def _credit(amount: Decimal) -> str:
    return f" You have a credit of {money_text(amount)}." if amount > ZERO else ""


def _paragraph(lines: list[str]) -> Paragraph:
    return Paragraph("<br/>".join(_plain(line) for line in lines if line), _STYLES["Normal"])


def _plain(text: str) -> str:
    return escape(letters(text))


def _person_name(person: Person) -> str:
    return " ".join(part for part in (person.first_name, person.last_name, person.suffix) if part)


def _provider_name(provider: Provider) -> str:
    own = " ".join(part for part in (provider.first_name, provider.last_name) if part)
    return provider.organization_name or own


def _address(address: Address | None) -> list[str]:
    if address is None:
        return []
    place = f"{address.city}, {address.state} {address.postal_code}"
    return [address.address1, address.address2 or "", place]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
