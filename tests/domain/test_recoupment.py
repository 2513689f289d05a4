"""What in a PLB reference may be a claim's number, in the forms that payers write it (835.md 5)."""

from __future__ import annotations

import pytest

from app.domain.recoupment import MOST_TOKENS, reference_tokens

FORMS = [
    ("the payer's number", "ICN2026001", ["ICN2026001"]),
    ("ours, in small letters and padded", "  c000000001-1 ", ["C000000001-1"]),
    ("Medicare: ICN of 17, member at 20 to 30", "12345678901234567  1EG4TE5MK73",
     ["12345678901234567  1EG4TE5MK73", "12345678901234567", "1EG4TE5MK73"]),
    ("account, day and number", "ACCT77#20261005 ICN9001",
     ["ACCT77#20261005 ICN9001", "ACCT77#20261005 I", "ACCT77", "20261005", "ICN9001"]),
    ("a date alone", "20261005", ["20261005"]),
    ("a forwarded balance names a trace", "EFT0302", ["EFT0302"]),
    ("blank", "", []),
    ("blanks", "   ", []),
    ("none", None, []),
    ("too short to name anything", "FB", []),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "tokens"), [f[1:] for f in FORMS], ids=[f[0] for f in FORMS])
def test_reference_forms(reference: str | None, tokens: list[str]) -> None:
    found = reference_tokens(reference)
    assert set(tokens) <= set(found)
    assert found[: min(1, len(tokens))] == tokens[:1]
    assert len(found) <= MOST_TOKENS
