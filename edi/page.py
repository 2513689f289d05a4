"""A file as one page for a browser: nothing is loaded from elsewhere, so it can be sent or kept.

The money of each claim stands at the top, each row leading to its segment; then every segment with
its names, issues in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from edi.model.values import from_decimal
from edi.reader import TransactionOpened, Unit, read
from edi.show import Row, Source, opened, rows

_STYLE = """
body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#1d2530;background:#fff}
h1{font-size:1.2rem}table{border-collapse:collapse;margin:1rem 0}
td,th{padding:.15rem .8rem;text-align:left;border-bottom:1px solid #e3e7ec}
td.money{text-align:right;font-variant-numeric:tabular-nums}
.row{display:flex;white-space:pre-wrap}.n{flex:0 0 4rem;color:#8a94a3;text-align:right;
padding-right:1rem}.tag{font-weight:600}.loop{color:#2456a6;margin-top:.5rem}
.envelope{color:#6b7480}.unknown{background:#fdf3dc}
.error{color:#a4161a;background:#fdeaea}.warning{color:#7a5600;background:#fdf6e3}
:target{outline:2px solid #2456a6}
@media (prefers-color-scheme:dark){body{color:#dfe5ec;background:#14181d}.loop{color:#8ab4f8}
td,th{border-color:#2d343d}.unknown,.warning{color:#f0d58c;background:#332b12}
.error{color:#ffb4b4;background:#3b1616}}
"""


def page(source: Source, *, title: str) -> Iterator[str]:
    """The parts of the page, in order."""
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>\n"
    )
    yield from _money(source)
    for row in rows(source):
        yield _row(row)
    yield "</body></html>\n"


def _row(row: Row) -> str:
    number = f'<span class="n">{row.number or ("!" if row.kind in ("error", "warning") else "")}'
    mark = f' id="s{row.number}"' if row.number else ""
    words = f"{row.kind} {row.tag}" if row.kind in ("error", "warning") else row.tag or "(blank)"
    return (
        f'<div class="row {row.kind}"{mark}>{number}</span>'
        f'<span style="padding-left:{row.depth * 1.2:.1f}rem"><span class="tag">{escape(words)}'
        f"</span>  {escape(row.text)}</span></div>\n"
    )


def _money(source: Source) -> Iterator[str]:
    """A table of claims or claim payments; nothing where a file has none."""
    begun = False
    for number, claim, *amounts in claims(source):
        if not begun:
            heads = ["segment", "claim", "charge", "paid", "patient"]
            yield "<table><tr>" + "".join(f"<th>{h}</th>" for h in heads) + "</tr>\n"
            begun = True
        cells = "".join(f'<td class="money">{escape(a)}</td>' for a in amounts)
        yield (
            f'<tr><td><a href="#s{number}">{number}</a></td><td>{escape(claim)}</td>{cells}</tr>\n'
        )
    if begun:
        yield "</table>\n"


def claims(source: Source) -> Iterator[tuple[int, str, str, str, str]]:
    """Segment number, patient control number, charge, paid and patient's part of each claim or
    claim payment; empty where a file has none of it.
    """
    st01 = ""
    with opened(source) as file:
        for event in read(file):
            if isinstance(event, TransactionOpened):
                st01 = event.st01
            elif isinstance(event, Unit) and st01 in ("837", "835"):
                loop: Any = event.loop
                head = getattr(loop, "clm", None) or getattr(loop, "clp", None)
                if head is None:  # a part of it could not be read: what its first segment says
                    tag, *told = (*event.opening, *[""] * 6)
                    if tag == "CLP":
                        yield event.segment_number, told[0], told[2], told[3], told[4]
                    elif tag == "CLM":
                        yield event.segment_number, told[0], told[1], "", ""
                    continue
                yield (
                    event.segment_number,
                    head.patient_control_number or "",
                    from_decimal(head.charge),
                    _amount(getattr(head, "paid", None)),
                    _amount(getattr(head, "patient_responsibility", None)),
                )


def _amount(value: Any) -> str:
    return "" if value is None else from_decimal(value)
