"""A second, plain opinion on 835 files: split at delimiters, count, add. Imports nothing of ours.

What the corpus test compares the books with must not share a mistake with them, so this reads an
835 the way a patient person with a text editor would: delimiters from each ISA, segments between
terminators, sums of what stands in them. It knows no guide and no loop beyond CLP and SVC.

`python -m tests.e2e.splitter FILE...` prints one line a file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

ZERO = Decimal(0)
NOT_A_NUMBER = Decimal("NaN")
_ISA_ELEMENTS = 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class Split:
    """One transaction set, as counted by hand."""

    control_number: str
    component: str  # ISA16
    trace: str = ""
    payment: Decimal = ZERO  # BPR02
    debit: bool = False  # BPR03 = D
    claims: int = 0
    claims_paid: Decimal = ZERO  # sum of CLP04
    provider_adjustments: Decimal = ZERO  # sum of PLB04, 06, ..
    unbalanced: list[str] = field(default_factory=list)  # "line", "claim", "transaction"
    segments: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def balances(self) -> bool:
        return not self.unbalanced

    @property
    def body(self) -> str:
        """What makes it the same remittance again: all between ST and SE, delimiters aside."""
        lines = ["\x1e".join(parts) for parts in self.segments[1:-1]]
        return "\x1d".join(lines).replace(self.component, "\x1f")

    @property
    def deposit(self) -> Decimal:
        return -self.payment if self.debit else self.payment


@dataclass
class Verdict:
    """One file: its transaction sets, and what stands against reading it."""

    faults: list[str] = field(default_factory=list)
    sets: list[Split] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """It begins with an ISA, is not cut off, and its counts and control numbers are right."""
        return not self.faults

    @property
    def balances(self) -> bool:
        return all(s.balances for s in self.sets)


def split(data: bytes) -> Verdict:
    """Counts and sums of one 835 file."""
    verdict = Verdict()
    text = data.removeprefix(_BYTE_ORDER_MARK).decode("latin-1")
    begin = re.search(r"^\s*ISA(?=[^A-Z0-9a-z\s])", text, re.MULTILINE)
    if begin is None:
        verdict.faults.append("no ISA")
        return verdict
    text = text[begin.start() :].strip()
    _walk(text, verdict)
    for transaction in verdict.sets:
        _balance(transaction)
    return verdict


def money(text: str) -> Decimal:
    """An amount, zero where the element is empty; what is no number balances nothing."""
    try:
        return Decimal(text) if text else ZERO
    except InvalidOperation:
        return NOT_A_NUMBER


def segments(text: str) -> Iterator[tuple[str, ...]]:
    """Every segment of a text that begins with an ISA; each ISA brings its own delimiters."""
    at = 0
    while at < len(text):
        element, terminator = _delimiters(text[at:])
        while at < len(text):
            end = text.find(terminator, at)
            raw = text[at:] if end < 0 else text[at:end]
            at = len(text) if end < 0 else end + 1
            raw = raw.strip("\r\n")
            # A break inside a segment is a hard-wrapped line, not data.
            parts = tuple(raw.replace("\r", "").replace("\n", "").split(element))
            if raw:
                yield parts
            rest = text[at:].lstrip("\r\n \x1a") if at - 200 < len(text) else ""
            if parts[0] == "IEA" and rest.startswith("ISA"):
                at = len(text) - len(rest)
                break


def _delimiters(text: str) -> tuple[str, str]:
    """Element separator and segment terminator, by counting the sixteen elements of an ISA."""
    element = text[3]
    at = 0
    for _ in range(_ISA_ELEMENTS):
        at = text.index(element, at + 1)
    return element, text[at + 2]  # behind the one character of ISA16


def _walk(text: str, verdict: Verdict) -> None:
    isa: tuple[str, ...] | None = None
    gs: tuple[str, ...] | None = None
    current: Split | None = None
    groups = sets = 0
    faults = verdict.faults
    for parts in segments(text):
        name = parts[0]
        if name == "ISA":
            if isa is not None:
                faults.append("cut off before IEA")
            isa, groups = parts, 0
        elif name == "GS":
            gs, sets = parts, 0
            groups += 1
        elif name == "ST":
            current = Split(_at(parts, 2), _at(isa or (), 16))
            current.segments.append(parts)
            verdict.sets.append(current)
            sets += 1
        elif name == "SE" and current is not None:
            current.segments.append(parts)
            _compare(faults, "SE01", _at(parts, 1), len(current.segments))
            _same(faults, "SE02", _at(parts, 2), current.control_number)
            current = None
        elif name == "GE" and gs is not None:
            if current is not None:
                faults.append("cut off before SE")
                current = None
            _compare(faults, "GE01", _at(parts, 1), sets)
            _same(faults, "GE02", _at(parts, 2), _at(gs, 6))
            gs = None
        elif name == "IEA" and isa is not None:
            if gs is not None:
                faults.append("cut off before GE")
            _compare(faults, "IEA01", _at(parts, 1), groups)
            _same(faults, "IEA02", _at(parts, 2), _at(isa, 13))
            isa = gs = None
        elif current is not None:
            current.segments.append(parts)
        else:
            faults.append(f"{name[:3]} outside a transaction set")
    if current is not None:
        faults.append("cut off before SE")
    if isa is not None:
        faults.append("cut off before IEA")


def _balance(s: Split) -> None:
    """The three equations of 835.md section 4, added up segment by segment."""
    claim: list[Decimal] | None = None  # charge, paid, adjustments of the claim and all its lines
    line: list[Decimal] | None = None  # charge, paid, adjustments of the line

    def close_line() -> None:
        nonlocal line
        if line is not None and line[0] != line[1] + line[2]:
            s.unbalanced.append("line")
        line = None

    def close_claim() -> None:
        nonlocal claim
        close_line()
        if claim is not None and claim[0] != claim[1] + claim[2]:
            s.unbalanced.append("claim")
        claim = None

    for parts in s.segments:
        name = parts[0]
        if name == "BPR":
            s.payment, s.debit = money(_at(parts, 2)), _at(parts, 3) == "D"
        elif name == "TRN" and not s.trace:
            s.trace = _at(parts, 2)
        elif name == "CLP":
            close_claim()
            claim = [money(_at(parts, 3)), money(_at(parts, 4)), ZERO]
            s.claims += 1
            s.claims_paid += claim[1]
        elif name == "SVC":
            close_line()
            line = [money(_at(parts, 2)), money(_at(parts, 3)), ZERO]
        elif name == "CAS":
            total = sum((money(_at(parts, n)) for n in range(3, 19, 3)), ZERO)
            for level in (claim, line):
                if level is not None:
                    level[2] += total
        elif name in ("PLB", "SE"):
            close_claim()
            if name == "PLB":
                pairs = (money(_at(parts, n)) for n in range(4, 15, 2))
                s.provider_adjustments += sum(pairs, ZERO)
    close_claim()
    if s.payment != s.claims_paid - s.provider_adjustments:
        s.unbalanced.append("transaction")


def _at(parts: tuple[str, ...], number: int) -> str:
    return parts[number].strip() if number < len(parts) else ""


def _compare(faults: list[str], name: str, said: str, counted: int) -> None:
    if not said.isdigit() or int(said) != counted:
        faults.append(f"{name} says {said}, there are {counted}")


def _same(faults: list[str], name: str, said: str, opened: str) -> None:
    if said != opened:
        faults.append(f"{name} differs from its opening")


def _print(paths: list[str]) -> None:
    for path in paths:
        v = split(Path(path).read_bytes())
        unbalanced = sum(not s.balances for s in v.sets)
        kinds = sorted({k for s in v.sets for k in s.unbalanced})
        print(
            f"{Path(path).name[:60]:60} ST {len(v.sets):4} CLP {sum(s.claims for s in v.sets):5}"
            f" paid {sum((s.claims_paid for s in v.sets), ZERO):>12}"
            f" PLB {sum((s.provider_adjustments for s in v.sets), ZERO):>9}"
            f" BPR {sum((s.deposit for s in v.sets), ZERO):>12}"
            f" unbalanced {unbalanced} {','.join(kinds)} {'; '.join(v.faults)[:120]}"
        )


if __name__ == "__main__":
    _print(sys.argv[1:])
