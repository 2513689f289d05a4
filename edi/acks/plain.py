"""Foreign text made fit for our answer: no delimiters of ours, no control characters, not too
long.
"""

from __future__ import annotations

from dataclasses import dataclass

from edi.delimiters import Delimiters


@dataclass(frozen=True, slots=True)
class Plain:
    """`plain(text, most, instead)`: each character that the answer cannot hold becomes a blank; if
    nothing is left, `instead`.
    """

    delimiters: Delimiters

    def __call__(self, text: str, most: int, instead: str = "") -> str:
        reserved = self.delimiters.reserved
        kept = [c if c.isascii() and c.isprintable() and c not in reserved else " " for c in text]
        return "".join(kept).strip()[:most].rstrip() or instead

    def digits(self, text: str, most: int, instead: str) -> str:
        """The same for what must be a whole number."""
        kept = self(text, most)
        return kept if kept.isdigit() else instead
