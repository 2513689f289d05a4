"""X12 for health care claims: read, check and write 837, 835, 999, 277CA and TA1. Standard library
only.

for event in edi.read(data):
    match event:
        case edi.Unit(loop=ClaimPayment() as payment): ...

data = edi.write(edi.Interchange(..., groups=[edi.FunctionalGroup(..., transactions=[claims])]))
report = edi.check(data)
edi.rewrite(source, sink, change=correct)
"""

from typing import TYPE_CHECKING, Any

from edi import balance, guides
from edi.delimiters import STANDARD, Delimiters
from edi.envelope import FunctionalGroup, Interchange, Transaction, number_levels, write
from edi.issues import EdiError, Issue, Severity
from edi.lexer import RawSegment, segments
from edi.model import UnwritableValue
from edi.reader import (
    Event,
    FileClosed,
    GroupClosed,
    GroupOpened,
    InterchangeAck,
    InterchangeClosed,
    InterchangeOpened,
    Report,
    TransactionClosed,
    TransactionOpened,
    TransactionReport,
    Unit,
    check,
    examine,
    load,
    read,
)  # fmt: skip
from edi.situations import Side

if TYPE_CHECKING:
    from edi.acks.acknowledge import Answer, acknowledge
    from edi.acks.verdict import Policy
    from edi.rewriting import Rewritten, rewrite

__all__ = [
    "STANDARD", "Answer", "Delimiters", "EdiError", "Event", "FileClosed", "FunctionalGroup",
    "GroupClosed", "GroupOpened", "Interchange", "InterchangeAck", "InterchangeClosed",
    "InterchangeOpened", "Issue", "Policy", "RawSegment", "Report", "Rewritten", "Severity", "Side",
    "Transaction", "TransactionClosed", "TransactionOpened", "TransactionReport", "Unit",
    "UnwritableValue", "acknowledge", "balance", "check", "examine", "guides", "load",
    "number_levels", "read", "rewrite", "segments", "write",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Who only reads loads nothing of the answers, nor of how files are rewritten."""
    if name in ("Answer", "Policy", "acknowledge"):
        from edi import acks

        return getattr(acks, name)
    if name in ("Rewritten", "rewrite"):
        from edi import rewriting

        return getattr(rewriting, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
