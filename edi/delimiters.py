"""The characters that hold an interchange together. Each ISA brings its own."""

from __future__ import annotations

from edi.record import Record


class Delimiters(Record, frozen=True):
    """`repetition` is empty when the ISA names none (ISA11 of 4010 is a letter). `line_end` follows
    each terminator.
    """

    element: str = "*"
    repetition: str = "^"
    component: str = ":"
    segment: str = "~"
    line_end: str = ""

    @property
    def reserved(self) -> str:
        """Every character that data may not hold."""
        return self.element + self.repetition + self.component + self.segment


STANDARD = Delimiters()
