"""What is to be said of a whole file: counts that add up, and its issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from edi.issues import Issue

MOST_ISSUES = 1000


@dataclass(slots=True)
class TransactionReport:
    st01: str
    guide: str
    control_number: str
    claims: int = 0
    accepted: bool = True


@dataclass(slots=True)
class Report:
    """`segments` = `segments_owned` + `segments_reported`. Issues beyond the first thousand are
    counted, not kept.
    """

    readable: bool = True
    interchanges: int = 0
    functional_groups: int = 0
    transaction_sets: list[TransactionReport] = field(default_factory=list)
    segments: int = 0
    segments_reported: int = 0
    bytes: int = 0
    bytes_unread: int = 0
    issues: list[Issue] = field(default_factory=list)
    issues_dropped: int = 0
    errors: int = 0

    @property
    def segments_owned(self) -> int:
        return self.segments - self.segments_reported

    def add(self, issues: list[Issue], dropped: int = 0) -> None:
        """Keep the first issues, count all."""
        self.errors += sum(i.severity == "error" for i in issues)
        room = MOST_ISSUES - len(self.issues)
        self.issues += issues[:room]
        self.issues_dropped += dropped + max(0, len(issues) - room)

    def as_json(self, path: str = "") -> dict[str, Any]:
        """One object of what `edi check --json` prints (contracts.md)."""
        return {
            "path": path,
            "readable": self.readable,
            "interchanges": self.interchanges,
            "functionalGroups": self.functional_groups,
            "transactionSets": [_set_json(t) for t in self.transaction_sets],
            "segments": self.segments,
            "segmentsOwned": self.segments_owned,
            "segmentsReported": self.segments_reported,
            "bytes": self.bytes,
            "bytesUnread": self.bytes_unread,
            "issues": [issue_json(i) for i in sorted(self.issues, key=_place)],
            "issuesDropped": self.issues_dropped,
        }


def _set_json(t: TransactionReport) -> dict[str, Any]:
    return {
        "st01": t.st01,
        "guide": t.guide,
        "controlNumber": t.control_number,
        "claims": t.claims,
        "accepted": t.accepted,
    }


def issue_json(i: Issue) -> dict[str, Any]:
    """An issue as `edi check --json` prints it (contracts.md)."""
    return {
        "code": i.code,
        "severity": i.severity,
        "snip": i.snip,
        "segmentNumber": i.segment_number,
        "byteOffset": i.byte_offset,
        "loop": i.loop,
        "ref": i.ref,
        "value": i.value,
        "message": i.message,
        "segmentCount": i.segment_count,
    }


def _place(i: Issue) -> int:
    return i.segment_number
