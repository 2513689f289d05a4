"""What a second validator says of a written batch, and what a partner's profile makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OpinionPolicy(StrEnum):
    """What the second opinion may do (architecture.md 2)."""

    OFF = "off"  # it is not asked
    WARN = "warn"  # the batch leaves; what is found is kept with it
    BLOCK = "block"  # the batch is sealed after it was asked, without the claims it faults


class Verdict(StrEnum):
    """What it came to."""

    CONTENT = "content"
    DIFFERS = "differs"  # it found errors
    NONE = "none"  # it has no map for this guide, crashed, or took too long


@dataclass(frozen=True, slots=True)
class OpinionFinding:
    """One error it names. `code` is its own (validation.md 2)."""

    code: str
    ref: str  # "CLM05-2", "DTP", or "ISA", "GS", "ST" for what is wrong with an envelope
    segment_number: int  # in the file, 1 = ISA; 0 when it does not say


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """`findings` are the first ones, `count` counts all. `reason` is set where there is none."""

    verdict: Verdict
    findings: tuple[OpinionFinding, ...] = ()
    count: int = 0
    reason: str = ""
