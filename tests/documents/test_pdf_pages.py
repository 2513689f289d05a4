"""Pages given out as they are drawn are a PDF: every object stands where its table says."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from app.documents.pdf_pages import BOLD, PLAIN, PdfPages, text_width
from app.documents.report_pdf import report_pdf
from app.domain.report_parts import Grid, Heading, Note, Part


def objects(pdf: bytes) -> dict[int, bytes]:
    """By number, read from where the cross-reference table says that they stand."""
    [start] = re.findall(rb"startxref\n(\d+)\n%%EOF\n\Z", pdf)
    table = pdf[int(start) :]
    head, count = re.match(rb"xref\n(0) (\d+)\n", table).groups()  # type: ignore[union-attr]
    rows = re.findall(rb"(\d{10}) (\d{5}) ([nf]) \n", table)
    assert (head, len(rows), rows[0]) == (b"0", int(count), (b"0000000000", b"65535", b"f"))
    assert b"/Size %d " % len(rows) in table
    found = {}
    for number, (at, _, _) in enumerate(rows[1:], start=1):
        whole = pdf[int(at) :]
        assert whole.startswith(b"%d 0 obj\n" % number)
        found[number] = whole[whole.index(b"\n") + 1 : whole.index(b"\nendobj\n")]
    return found


def pages(pdf: bytes) -> list[str]:
    """What is drawn on each page."""
    found = objects(pdf)
    kids = [int(n) for n in re.findall(rb"(\d+) 0 R", found[2].split(b"/Kids")[1])]
    assert b"/Count %d " % len(kids) in found[2]
    drawn = []
    for kid in kids:
        assert b"/Type /Page /Parent 2 0 R" in found[kid]
        [content] = re.findall(rb"/Contents (\d+) 0 R", found[kid])
        head, data = found[int(content)].split(b"stream\n", 1)
        data = data.removesuffix(b"\nendstream")
        assert b"/Length %d " % len(data) in head
        drawn.append(zlib.decompress(data).decode("latin-1"))
    return drawn


def test_a_document_is_its_pages_in_order() -> None:
    drawn = PdfPages(width=612, height=792, title="A (b)")
    drawn.text(40, 700, r"50 % (off) \ Strauß", font=BOLD, size=8)
    drawn.rule(40, 690, to=572)
    first = list(drawn.end_page())
    drawn.text_to(572, 700, "163.90", font=PLAIN, size=8)
    pdf = b"".join([*first, *drawn.end()])
    one, two = pages(pdf)
    assert r"BT /F2 8 Tf 40 700 Td (50 % \(off\) \\ Strauß) Tj ET" in one
    assert "40 690 m 572 690 l S" in one
    assert "547.536 700 Td (163.90) Tj" in two
    assert rb"/Title (A \(b\))" in objects(pdf)[5]


def test_helvetica_is_as_wide_as_its_metrics_say() -> None:
    assert text_width("0123456789", PLAIN, 10) == 55_600
    assert text_width("ß", PLAIN, 1) == 611


def test_a_report_of_many_claims_begins_before_it_has_ended() -> None:
    """Each page leaves as it is full: nobody holds the whole."""
    read = 0

    def told() -> Iterator[Part]:
        nonlocal read
        for number in range(200):
            read += 1
            yield Heading(2, f"Claim {number}")
            yield Note("Waits.")
            rows = tuple((f"G{n}", f"{n}.00") for n in range(20))
            yield Grid("Lines", ("Service", "Charge"), frozenset({1}), rows)

    pieces = report_pdf("Remittance", told())
    first = next(pieces)
    assert read < 5
    whole = first + b"".join(pieces)
    drawn = pages(whole)
    assert len(drawn) > 70
    assert [n for n in range(200) if f"(Claim {n})" not in " ".join(drawn)] == []
