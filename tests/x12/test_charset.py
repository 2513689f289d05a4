# ruff: noqa: RUF001 - the signs that look alike are the subject here
"""Names as people write them leave as receivers can read them, or the claim is held."""

from __future__ import annotations

import pytest

from app.x12.charset import is_carried, transliterate

DELIMITERS = frozenset("*:^~")

SENT_AS = [
    ("Sample", "SAMPLE"),
    ("  O'Neil ", "O'NEIL"),
    ("Muñoz-Léon", "MUNOZ-LEON"),
    ("Strauß", "STRAUSS"),
    ("Łukasiewicz", "LUKASIEWICZ"),
    ("Søren Ærø", "SOREN AERO"),
    ("O’Neil – “Pat”", 'O\'NEIL - "PAT"'),
    ("fell\r\nat home", "FELL  AT HOME"),
    ("ﬁne ½", "FINE 1⁄2"),  # the fraction bar is not spelled: the claim is held
    ("desk@example.com", "DESK@EXAMPLE.COM"),
]


@pytest.mark.parametrize(("written", "sent"), SENT_AS)
def test_a_text_is_spelled_plainly(written: str, sent: str) -> None:
    assert transliterate(written) == sent


@pytest.mark.parametrize("text", ["O'NEIL", "A & B (WEST), INC.", "DESK@EXAMPLE.COM", "100%"])
def test_plain_text_is_carried(text: str) -> None:
    assert is_carried(text, delimiters=DELIMITERS)


@pytest.mark.parametrize("text", ["O*NEIL", "A:B", "A^B", "A~B", "李", "A\x00B", "lower", "1⁄2"])
def test_a_delimiter_or_foreign_script_is_not_carried(text: str) -> None:
    assert not is_carried(text, delimiters=DELIMITERS)


def test_what_a_delimiter_is_depends_on_the_partner() -> None:
    assert is_carried("O*NEIL", delimiters=frozenset("|:^~"))
