"""A report as PDF, drawn line by line: a remittance may hold tens of thousands of claims.

Pages are given out as they are drawn, so that memory stays flat (app/documents/pdf_pages.py). The
same report gives the same bytes. Its letters: app/documents/letters.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reportlab.lib.pagesizes import letter

from app.documents.letters import letters
from app.documents.pdf_pages import BOLD, PLAIN, PdfPages, text_width
from app.domain.report_parts import Facts, Grid, Heading, Note, Part

_WIDTH, _HEIGHT = (int(side) for side in letter)  # in points, as all lengths here
_MARGIN = 40
_ROOM = _WIDTH - 2 * _MARGIN
_SIZE, _LEADING = 8, 11
_HEADINGS = {1: 15, 2: 12, 3: 10}
_GAP = 8  # between columns


def report_pdf(title: str, parts: Iterable[Part]) -> Iterator[bytes]:
    """The document's bytes, in pieces; no time of making is in it."""
    paper = _Paper(letters(title))
    for part in parts:
        paper.draw(part)
        yield from paper.ready()
    yield from paper.end()


class _Paper:
    """Where the next line stands."""

    def __init__(self, title: str) -> None:
        self._pages = PdfPages(width=_WIDTH, height=_HEIGHT, title=title)
        self._ended: list[bytes] = []
        self._title = title
        self._page = 1
        self._y = _HEIGHT - _MARGIN

    def draw(self, part: Part) -> None:
        if isinstance(part, Heading):
            size = _HEADINGS[part.level]
            self._down(size, keep=3 * _LEADING)
            self._write(part.text, _MARGIN, font=BOLD, size=size)
            self._down(_LEADING)
        elif isinstance(part, Note):
            for line in _wrapped("! " + part.text, _ROOM, BOLD):
                self._write(line, _MARGIN, font=BOLD)
                self._down(_LEADING)
        elif isinstance(part, Facts):
            self._facts(part)
        else:
            self._table(part)

    def ready(self) -> Iterator[bytes]:
        """The pages that were ended since."""
        yield from self._ended
        self._ended.clear()

    def end(self) -> Iterator[bytes]:
        self._foot()
        yield from self.ready()
        yield from self._pages.end()

    def _facts(self, facts: Facts) -> None:
        for name, value in facts.rows:
            lines = _wrapped(value, _ROOM - 130, PLAIN)
            self._write(name, _MARGIN)
            for line in lines:
                self._write(line, _MARGIN + 130)
                self._down(_LEADING)

    def _table(self, grid: Grid) -> None:
        widths = _widths(grid)
        self._down(3, keep=4 * _LEADING)
        self._write(grid.caption, _MARGIN, font=BOLD)
        self._down(_LEADING)
        self._row(grid, grid.columns, widths, font=BOLD)
        self._rule()
        for row in grid.rows:
            if self._row(grid, row, widths, font=PLAIN):  # on the next page, beneath the heads
                self._row(grid, grid.columns, widths, font=BOLD)
                self._rule()
        if grid.total:
            self._rule()
            self._row(grid, grid.total, widths, font=BOLD)
        self._down(4)

    def _row(self, grid: Grid, cells: Sequence[str], widths: Sequence[int], *, font: str) -> bool:
        """Draw it; whether a new page begins behind it."""
        told = [_wrapped(cell, width, font) for cell, width in zip(cells, widths, strict=True)]
        page = self._page
        for depth in range(max(len(lines) for lines in told)):
            x = _MARGIN
            for column, (lines, width) in enumerate(zip(told, widths, strict=True)):
                if depth < len(lines) and lines[depth]:
                    if column in grid.money:
                        self._pages.text_to(x + width, self._y, lines[depth], font=font, size=_SIZE)
                    else:
                        self._write(lines[depth], x, font=font)
                x += width + _GAP
            self._down(_LEADING)
        return self._page != page

    def _rule(self) -> None:
        y = self._y + _LEADING - 3
        self._pages.rule(_MARGIN, y, to=_WIDTH - _MARGIN)

    def _write(self, text: str, x: int, *, font: str = PLAIN, size: int = _SIZE) -> None:
        self._pages.text(x, self._y, letters(text), font=font, size=size)

    def _down(self, by: int, *, keep: int = 0) -> None:
        """The next line; on a new page where it, and what has to stay with it, has no room."""
        self._y -= by
        if self._y - keep < _MARGIN + _LEADING:
            self._foot()
            self._ended += self._pages.end_page()
            self._page += 1
            self._y = _HEIGHT - _MARGIN

    def _foot(self) -> None:
        y = _MARGIN - 12
        self._pages.text(_MARGIN, y, self._title, font=PLAIN, size=7)
        self._pages.text_to(_WIDTH - _MARGIN, y, f"page {self._page}", font=PLAIN, size=7)


def _widths(grid: Grid) -> list[int]:
    """As wide as the widest cell of a column; what is too wide is narrowed, texts first."""
    every = [grid.columns, *grid.rows, *([grid.total] if grid.total else [])]
    widths = [max(_length(row[n], BOLD) for row in every) for n in range(len(grid.columns))]
    over = sum(widths) + _GAP * (len(widths) - 1) - _ROOM
    while over > 0:
        texts = [n for n in range(len(widths)) if n not in grid.money] or list(range(len(widths)))
        widest = max(texts, key=lambda n: widths[n])
        cut = min(over, max(widths[widest] // 2, 1))
        widths[widest] -= cut
        over -= cut
    return widths


def _wrapped(text: str, width: int, font: str) -> list[str]:
    """The text in lines; a word that is wider than the room is cut."""
    text = letters(text)
    if _length(text, font) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if _length(longer, font) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while _length(word, font) > width and len(word) > 1:
            fits = next(
                n for n in range(len(word) - 1, 0, -1)
                if n == 1 or _length(word[:n], font) <= width
            )  # fmt: skip
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line]


def _length(text: str, font: str) -> int:
    """In whole points, rounded up."""
    return -(-text_width(letters(text), font, _SIZE) // 1000)
