"""An appeal's packet as PDF: letter, claim, what was decided, proof of filing, list of papers.

The same appeal on the same day gives the same bytes. Its letters: app/documents/letters.py.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from app.documents.letters import letters
from app.domain.appeal_packet import Packet
from app.domain.denial_categories import Category
from app.domain.money import money_text
from app.domain.party import Provider

_STYLES = getSampleStyleSheet()
_GRID = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, colors.black),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold"),
        ("FONTSIZE", (0, 0), (-1, -1), 8),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)

# What we ask for, by the category of the denials; the biller's own argument follows it.
REQUESTS: dict[Category, str] = {
    Category.TIMELY_FILING: (
        "The claim was filed in time. The acknowledgments listed under Proof of filing name the"
        " interchange, the day and the hash of each file."
    ),
    Category.AUTHORIZATION: (
        "We ask you to review the authorization on file for these services, or to authorize them"
        " after the fact on the enclosed records."
    ),
    Category.MEDICAL_NECESSITY: (
        "The services were necessary for the diagnoses named below. We ask for a review by a"
        " clinician of the same specialty."
    ),
    Category.DOCUMENTATION: "The records you asked for are enclosed.",
    Category.BUNDLING: (
        "The services are separate and were reported with what tells them apart. We ask you to pay"
        " each of them."
    ),
    Category.DUPLICATE: "The services are not a repetition of a claim that was paid before.",
    Category.NON_COVERED: "The services are covered by the member's plan on the day of service.",
}
_REQUEST = "We ask you to review your decision on these services and to pay them."


def appeal_packet(packet: Packet) -> bytes:
    """The document's bytes."""
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=letter,
        leftMargin=0.9 * inch,
        rightMargin=0.9 * inch,
        title=f"Appeal of claim {packet.stored.patient_control_number}",
        author=_name(packet.claim.encounter.billing_provider),
        invariant=True,  # no time of making
    )
    document.build(
        [
            *_letter(packet),
            *_claim(packet),
            *_decisions(packet),
            *_proof(packet),
            *_papers(packet),
        ]
    )
    return target.getvalue()


def _letter(packet: Packet) -> list[Flowable]:
    appeal, claim = packet.appeal, packet.claim
    coverage, patient = claim.coverage, claim.encounter.patient.person
    numbers = [
        f"Patient: {patient.first_name or ''} {patient.last_name}".replace("  ", " "),
        f"Member id: {coverage.member_id}",
        f"Your claim number: {packet.stored.payer_claim_control_number or 'not told'}",
        f"Our claim number: {packet.stored.patient_control_number}",
        f"Level: {appeal.level}, {appeal.level_name}",
        f"Amount in dispute: {money_text(appeal.amount_at_stake)}",
    ]
    if appeal.deadline:
        numbers.append(f"To be filed by: {appeal.deadline.isoformat()}")
    parts: list[Flowable] = [
        _lines([_name(claim.encounter.billing_provider), *_address(packet)]),
        Spacer(1, 0.2 * inch),
        _lines([packet.as_of.isoformat(), coverage.payer_name or ""]),
        Spacer(1, 0.2 * inch),
        Paragraph("Appeal", _STYLES["Title"]),
        _lines(numbers),
        Spacer(1, 0.15 * inch),
        _text(REQUESTS.get(appeal.category, _REQUEST)),
    ]
    if appeal.argument:
        parts.append(_text(appeal.argument))
    return [*parts, Spacer(1, 0.3 * inch), _text("Signature: ______________________________")]


def _claim(packet: Packet) -> list[Flowable]:
    encounter = packet.claim.encounter
    head = [
        f"Type: {packet.stored.claim_type}, frequency {packet.stored.frequency}",
        f"Billing provider NPI: {encounter.billing_provider.npi or ''}",
        f"Diagnoses: {', '.join(diagnosis.code for diagnosis in encounter.diagnoses)}",
        f"Total charge: {money_text(packet.stored.charge)}",
    ]
    rows = [
        [
            line.line_id,
            line.service_date.isoformat() if line.service_date else "",
            line.procedure.code if line.procedure else "",
            " ".join(line.procedure.modifiers) if line.procedure else "",
            f"{line.units:f}",
            money_text(line.charge),
        ]
        for line in packet.claim.lines
    ]
    headings = ["Line", "Date", "Procedure", "Modifiers", "Units", "Charge"]
    return [_heading("Claim as submitted"), _lines(head), _table(headings, rows)]


def _decisions(packet: Packet) -> list[Flowable]:
    parts: list[Flowable] = [_heading("What you decided")]
    for claim in packet.remitted:
        day = claim.effective_date.isoformat() if claim.effective_date else "undated"
        parts.append(
            _lines(
                [
                    f"Remittance {claim.trace_number} of {day}, {claim.payer_name or ''}",
                    f"CLP02 {claim.status}, charge {money_text(claim.charge)}, paid"
                    f" {money_text(claim.paid)}, your number"
                    f" {claim.payer_claim_control_number or 'none'}",
                    f"File sha256 {claim.file_sha256}, segment {claim.segment_number}",
                ]
            )
        )
        rows = [
            [
                line.line_control_number or ("claim" if line.ordinal == 0 else ""),
                line.procedure or "",
                money_text(line.charge),
                money_text(line.paid),
                ", ".join(f"{g} {r} {money_text(a)}" for g, r, a in line.adjustments),
                " ".join(line.remarks),
            ]
            for line in claim.lines
        ]
        parts.append(_table(["Line", "Procedure", "Charge", "Paid", "Adjustments", "RARC"], rows))
    disputed = [
        [
            d.new.found.group,
            d.new.found.reason,
            d.new.procedure_code or "",
            money_text(d.new.found.amount),
        ]
        for d in packet.denials
    ]
    return [
        *parts,
        _heading("What we dispute"),
        _table(["Group", "CARC", "Procedure", "Amount"], disputed),
    ]


def _proof(packet: Packet) -> list[Flowable]:
    sent = packet.submitted
    if sent is None:
        return [_heading("Proof of filing"), _text("The claim left in no interchange of ours.")]
    about = [
        f"Interchange ISA13 {sent.interchange_control_number}, group GS06"
        f" {sent.group_control_number}, transaction ST02 {sent.transaction_control_number}",
        f"File {sent.file_name}, written {sent.written_at.isoformat()}",
        f"sha256 {sent.sha256}",
    ]
    rows = [
        [
            ack.kind,
            ack.on.isoformat(),
            _text(ack.code or ""),
            ack.reported_by,
            _text(f"{ack.file_name}, segment {ack.segment_number}, sha256 {ack.file_sha256}"),
        ]
        for ack in packet.acknowledged
    ]
    headings = ["Kind", "Date", "Says", "By", "Where"]
    table = _table(headings, rows, widths=[6, 9, 10, 12, 30])
    return [_heading("Proof of filing"), _lines(about), table]


def _papers(packet: Packet) -> list[Flowable]:
    if not packet.papers:
        return []
    rows = [[str(p.ordinal), p.name, str(p.size), p.sha256] for p in packet.papers]
    return [_heading("Enclosed"), _table(["No", "Name", "Bytes", "sha256"], rows)]


def _table(
    headings: list[str],
    rows: Sequence[Sequence[object]],
    *,
    widths: Sequence[int] | None = None,  # tenths of an inch
) -> Table:
    safe = [[letters(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    columns = [tenths * inch / 10 for tenths in widths] if widths else None
    return Table([headings, *safe], colWidths=columns, style=_GRID, repeatRows=1, hAlign="LEFT")


def _heading(text: str) -> Paragraph:
    return Paragraph(text, _STYLES["Heading2"])


def _text(text: str) -> Paragraph:
    return Paragraph(escape(letters(text)), _STYLES["BodyText"])


def _lines(texts: Sequence[str]) -> Paragraph:
    return Paragraph("<br/>".join(escape(letters(text)) for text in texts), _STYLES["BodyText"])


def _name(provider: Provider) -> str:
    if provider.organization_name:
        return provider.organization_name
    return " ".join(part for part in (provider.first_name, provider.last_name) if part)


def _address(packet: Packet) -> list[str]:
    address = packet.claim.encounter.billing_provider.address
    if address is None:
        return []
    return [address.address1, f"{address.city} {address.state} {address.postal_code}"]
