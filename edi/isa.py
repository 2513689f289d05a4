"""The ISA at the front of an interchange: where it ends, and which delimiters it brings.

It is read by position, since its elements have fixed widths and its delimiters stand at fixed
places; wrapped and unpadded ones are known and named.
"""

from __future__ import annotations

import re

from edi.delimiters import Delimiters

REACH = 400  # an ISA with its line wraps is shorter than this
_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)


def parse_isa(text: str) -> tuple[str, int, Delimiters, list[tuple[str, str]]] | None:
    """The ISA at the front of a text, where it ends, its delimiters, and what was odd about it."""
    sep = text[3:4]
    if len(text) < 20 or sep.isalnum() or sep in " \r\n" or ord(sep) > 126:
        return None
    notes: list[tuple[str, str]] = []
    flat, end = text[:106], 106
    if not _fixed(flat):
        unwrapped = text[:REACH].replace("\r", "").replace("\n", "")
        if (
            _fixed(unwrapped[:106])
            and unwrapped[105] not in "\r\n"
            and not unwrapped[105].isalnum()
        ):
            flat, end = unwrapped[:106], _nth(text, 106)
            notes.append(("X12-WRAP", "the ISA is broken over lines; the breaks were taken out"))
        else:
            found = _unpadded(sep).match(text[:REACH])
            if found is None:
                return None
            flat, end = found.group(), found.end()
            notes.append(("X12-ISA", "the elements of this ISA do not have their fixed widths"))
    component, term = flat[-2], flat[-1]
    if term == " ":  # a blank before the terminator
        more = re.compile(r" *([^A-Za-z0-9 ])").match(text, end)
        if more is None:
            return None
        term, end = more.group(1), more.end()
        notes.append(("X12-ISA", "a blank stands before the segment terminator"))
    if term.isalnum() or component.isalnum() or ord(term) > 126 or len({sep, component, term}) < 3:
        return None
    rest = re.compile(r"[\r\n]*").match(text, end)
    line_end = rest.group() if rest else ""
    if line_end not in ("", "\n", "\r\n", "\r"):
        line_end = "\r\n" if line_end.startswith("\r\n") else line_end[0]
    repetition = flat.split(sep)[11]
    if len(repetition) != 1 or repetition.isalnum() or repetition in (sep, component, term, " "):
        repetition = ""
    if component == " " and sep != " ":
        return None
    end += len(rest.group()) if rest else 0
    isa = flat[: flat.rfind(sep) + 2]
    return isa, end, Delimiters(sep, repetition, component, term, line_end), notes


def _fixed(text: str) -> bool:
    sep = text[3:4]
    return len(text) == 106 and text.count(sep) == 16 and all(text[n] == sep for n in _SEPARATORS)


def _nth(text: str, count: int) -> int:
    """Where the count-th character that is no line break ends."""
    for n, c in enumerate(text):
        if c not in "\r\n":
            count -= 1
            if not count:
                return n + 1
    return len(text)


def _unpadded(sep: str) -> re.Pattern[str]:
    s = re.escape(sep)
    return re.compile(f"ISA(?:{s}[^{s}\r\n]{{0,35}}){{15}}{s}[^A-Za-z0-9{s}][^A-Za-z0-9{s}]", re.S)
