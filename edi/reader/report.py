"""What is to be said of a whole file: counts that add up, and its issues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edi.issues import Issue, Severity
from edi.record import Record, field

MOST_ISSUES = 1000
MOST_SETS = 50_000  # listed; the others are counted


class TransactionReport(Record):
    st01: str
    guide: str
    control_number: str
    claims: int = 0
    accepted: bool = True


class Report(Record):
    """`segments` = `segments_owned` + `segments_reported`. The first `most_issues` are kept, with a
    tenth of the room for errors alone; `counts` has all of them, by code.
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
    warnings: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    claims: int = 0
    transaction_sets_dropped: int = 0  # not listed
    most_issues: int = MOST_ISSUES

    @property
    def segments_owned(self) -> int:
        return self.segments - self.segments_reported

    @property
    def transaction_set_count(self) -> int:
        """All of them, listed or not."""
        return len(self.transaction_sets) + self.transaction_sets_dropped

    def add(
        self, issues: list[Issue], dropped: Mapping[tuple[str, Severity], int] | None = None
    ) -> None:
        """Keep the first, count all; `dropped`: those nobody kept, by code and severity."""
        for issue in issues:
            self._count(issue.code, issue.severity, 1)
            spare = 0 if issue.severity == "error" else self.most_issues // 10
            if len(self.issues) < self.most_issues - spare:
                self.issues.append(issue)
            else:
                self.issues_dropped += 1
        for (code, severity), number in (dropped or {}).items():
            self._count(code, severity, number)
            self.issues_dropped += number

    def open(self, transaction_set: TransactionReport) -> None:
        """List a transaction set, or count it when there are too many."""
        if len(self.transaction_sets) < MOST_SETS:
            self.transaction_sets.append(transaction_set)
        else:
            self.transaction_sets_dropped += 1

    def _count(self, code: str, severity: Severity, number: int) -> None:
        self.counts[code] = self.counts.get(code, 0) + number
        if severity == "error":
            self.errors += number
        else:
            self.warnings += number

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
            "errors": self.errors,
            "warnings": self.warnings,
            "issueCounts": dict(sorted(self.counts.items())),
            "transactionSetsDropped": self.transaction_sets_dropped,
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
        "message": i.told,
        "segmentCount": i.segment_count,
    }


def _place(i: Issue) -> int:
    return i.segment_number
