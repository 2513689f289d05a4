"""Judges a claim before it is written: every edit, every place, all at once.

An error holds the claim in NEEDS_INFO, a warning does not (`finding.blocking`).
"""

from __future__ import annotations

from app.domain.claim import Claim, positions_due
from app.domain.edits import EDITS, ScrubContext
from app.domain.encounter import Encounter
from app.domain.finding import Finding

__all__ = ["ScrubContext", "scrub"]


def scrub(encounter: Encounter, context: ScrubContext) -> list[Finding]:
    """What the edits find on the claim to one payer, in their order and that of the encounter.

    The claim is the one to `context.responsibility`, or to the payer that is due first; where none
    is, to the last one, and edit COB01 says so.
    """
    due = positions_due(encounter) or [
        max(encounter.coverages, key=lambda c: c.rank).responsibility
    ]
    responsibility = context.responsibility or due[0]
    claim = Claim(encounter, responsibility=responsibility)
    return [finding for edit in EDITS for finding in edit.findings(claim, context)]
