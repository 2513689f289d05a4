"""What fonts of Latin-1 alone make of names, and that nothing is left out in silence."""

# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.letters import MARK, letters


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Strauß, Núñez & Œrsted", "Strauß, Núñez & OErsted"),
        ("Łucja Wiśniewska-Żądło", "Lucja Wisniewska-Zadlo"),
        ("Dvořák Şahin Đỗ Țurcan", "Dvorák Sahin Do Turcan"),
        ("O’Neil – “paid” … 5 €", 'O\'Neil - "paid" ... 5 EUR'),
        ("Ольга 李", f"{MARK * 5} {MARK}"),
        ("a\x00b\u0085c\u200b", f"a{MARK}b{MARK}c{MARK}"),
        ("line\nbreak", "line break"),
        ("e\u0301q\u0301", "éq"),
    ],
)
def test_letters_are_spelled_plainly_or_marked(text: str, shown: str) -> None:
    assert letters(text) == shown


@given(st.text(max_size=40))
def test_any_text_is_letters_that_the_font_shows(text: str) -> None:
    shown = letters(text)
    assert all(c <= "\xff" and (c.isprintable() or c == "\xa0") for c in shown)
    assert letters(shown) == shown
