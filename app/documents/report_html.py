"""A report as one page for a browser: nothing is loaded from elsewhere, and it can be printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from app.domain.report_parts import Facts, Grid, Heading, Note, Part

_STYLE = """
body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#1d2530;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}
h3{font-size:1rem;margin:1.6rem 0 .3rem;border-top:2px solid #c9d1da;padding-top:.6rem}
table{border-collapse:collapse;margin:.6rem 0}caption{text-align:left;font-weight:600}
td,th{padding:.15rem .8rem;text-align:left;border-bottom:1px solid #e3e7ec;vertical-align:top}
.money{text-align:right;font-variant-numeric:tabular-nums}
tfoot td{font-weight:600;border-top:2px solid #1d2530}
dl{display:grid;grid-template-columns:max-content auto;gap:0 1rem;margin:.4rem 0}
dt{color:#5b6673}dd{margin:0}.note{background:#fdf6e3;border-left:4px solid #b98900;
padding:.4rem .8rem;margin:.6rem 0}
@media print{body{margin:0;font-size:10px}h3,caption,thead{break-after:avoid}tr{break-inside:avoid}}
@media (prefers-color-scheme:dark) and (not print){body{color:#dfe5ec;background:#14181d}
td,th{border-color:#2d343d}tfoot td{border-color:#dfe5ec}dt{color:#9aa5b1}.note{background:#332b12}}
"""


def report_html(title: str, parts: Iterable[Part]) -> Iterator[str]:
    """The page, part by part."""
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>\n"
    )
    for part in parts:
        yield _drawn(part)
    yield "</main></body></html>\n"


def _drawn(part: Part) -> str:
    if isinstance(part, Heading):
        return f"<h{part.level}>{escape(part.text)}</h{part.level}>\n"
    if isinstance(part, Note):
        return f'<p class="note" role="note">{escape(part.text)}</p>\n'
    if isinstance(part, Facts):
        rows = (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in part.rows)
        return f"<dl>{''.join(rows)}</dl>\n"
    return _table(part)


def _table(grid: Grid) -> str:
    heads = "".join(
        f'<th scope="col"{_kind(grid, n)}>{escape(name)}</th>'
        for n, name in enumerate(grid.columns)
    )
    body = "".join(_row(grid, row) for row in grid.rows)
    foot = f"<tfoot>{_row(grid, grid.total)}</tfoot>" if grid.total else ""
    return (
        f"<table><caption>{escape(grid.caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody>{foot}</table>\n"
    )


def _row(grid: Grid, row: Iterable[str]) -> str:
    cells = (f"<td{_kind(grid, n)}>{escape(cell)}</td>" for n, cell in enumerate(row))
    return f"<tr>{''.join(cells)}</tr>\n"


def _kind(grid: Grid, column: int) -> str:
    return ' class="money"' if column in grid.money else ""
