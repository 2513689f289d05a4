"""A PDF of lines of text, given out page by page: whoever draws a book holds one page of it.

Nothing but text in the two fonts that every PDF reader has, and rules; a document of reportlab's is
whole in memory before its first byte, and takes many times as long. ISO 32000-1, section 7.5: the
objects, then where each stands, then which is the first.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import lru_cache

from reportlab.pdfbase.pdfmetrics import getFont

PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
_FONTS = {PLAIN: ("F1", 3), BOLD: ("F2", 4)}  # name on the page, object
_CATALOG, _PAGES, _INFO = 1, 2, 5


class PdfPages:
    """Lengths are points, from the lower left corner; texts are Latin-1 (app/documents/letters.py).

    What `end_page` and `end` give is the document, in its order.
    """

    def __init__(self, *, width: int, height: int, title: str) -> None:
        self._size = (width, height)
        self._title = title
        self._drawn: list[str] = []
        self._stands: dict[int, int] = {}  # where in the document an object begins
        self._pages: list[int] = []
        self._length = 0

    def text(self, x: int, y: int, text: str, *, font: str, size: int) -> None:
        self._text(f"{x}", y, text, font=font, size=size)

    def text_to(self, x: int, y: int, text: str, *, font: str, size: int) -> None:
        """So that it ends at x."""
        points, thousandths = divmod(max(1000 * x - text_width(text, font, size), 0), 1000)
        self._text(f"{points}.{thousandths:03d}", y, text, font=font, size=size)

    def rule(self, x: int, y: int, *, to: int) -> None:
        self._drawn.append(f"{x} {y} m {to} {y} l S")

    def end_page(self) -> Iterator[bytes]:
        """The page that was drawn; before the first, the beginning of the document."""
        if not self._pages:
            yield self._begin()
        content = zlib.compress("\n".join(self._drawn).encode("latin-1"))
        self._drawn.clear()
        page = _INFO + 1 + 2 * len(self._pages)
        self._pages.append(page)
        width, height = self._size
        fonts = " ".join(f"/{name} {number} 0 R" for name, number in _FONTS.values())
        yield self._object(
            page,
            f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width} {height}]"
            f" /Resources << /Font << {fonts} >> >> /Contents {page + 1} 0 R >>",
        )
        head = f"<< /Filter /FlateDecode /Length {len(content)} >>\nstream\n".encode()
        yield self._object(page + 1, head + content + b"\nendstream")

    def end(self) -> Iterator[bytes]:
        """The last page, and what says where everything stands."""
        yield from self.end_page()
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        yield self._object(_PAGES, f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>")
        at, count = self._length, max(self._stands) + 1
        rows = (f"{self._stands[number]:010d} 00000 n \n" for number in range(1, count))
        yield (
            f"xref\n0 {count}\n0000000000 65535 f \n{''.join(rows)}"
            f"trailer\n<< /Size {count} /Root {_CATALOG} 0 R /Info {_INFO} 0 R >>\n"
            f"startxref\n{at}\n%%EOF\n"
        ).encode()

    def _text(self, x: str, y: int, text: str, *, font: str, size: int) -> None:
        name = _FONTS[font][0]
        self._drawn.append(f"BT /{name} {size} Tf {x} {y} Td {_string(text)} Tj ET")

    def _begin(self) -> bytes:
        first = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
        self._length = len(first)
        parts = [first, self._object(_CATALOG, f"<< /Type /Catalog /Pages {_PAGES} 0 R >>")]
        for font, (_, number) in _FONTS.items():
            told = f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>"
            parts.append(self._object(number, told))
        parts.append(self._object(_INFO, f"<< /Title {_string(self._title)} >>"))
        return b"".join(parts)

    def _object(self, number: int, told: str | bytes) -> bytes:
        self._stands[number] = self._length
        body = told.encode("latin-1") if isinstance(told, str) else told
        whole = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self._length += len(whole)
        return whole


@lru_cache(maxsize=1 << 14)
def text_width(text: str, font: str, size: int) -> int:
    """In thousandths of a point."""
    widths = _widths(font)
    return sum([widths[letter] for letter in text.encode("latin-1")]) * size


@lru_cache(maxsize=2)
def _widths(font: str) -> list[int]:
    return list(getFont(font).widths)


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"({escaped})"
