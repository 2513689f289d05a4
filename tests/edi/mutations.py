"""Faults put into right files, one at a time and always the same for the same seed.

Seven kinds, each on a whole segment (or a run of them), on an element or on a component: drop,
repeat, swap, retype, truncate, relength, recode. The count in SE01 follows, so that a file has the
fault that was put in and no other.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

KINDS = ("drop", "repeat", "swap", "retype", "truncate", "relength", "recode")
ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})


@dataclass(frozen=True, slots=True)
class File:
    """A file as segments, each split into elements, identifier first."""

    segments: tuple[tuple[str, ...], ...]
    element: str
    component: str
    terminator: str  # with the line end behind it

    @classmethod
    def read(cls, text: str) -> File:
        """Its delimiters are those of its ISA."""
        element, component, mark = text[3], text[104], text[105]
        rest = text[106:]
        end = rest[: len(rest) - len(rest.lstrip("\r\n"))]
        lines = [line.lstrip("\r\n") for line in text.split(mark)]
        segments = tuple(tuple(line.split(element)) for line in lines if line.strip())
        return cls(segments, element, component, mark + end)

    def text(self, segments: list[list[str]]) -> str:
        """A file of other segments with the same delimiters."""
        return "".join(self.element.join(e) + self.terminator for e in segments)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with a fault. `where` says in words what was done; it may quote the file."""

    kind: str
    where: str
    number: int  # of the first segment touched, 1 = ISA
    text: str


Segments = list[list[str]]
Done = tuple[int, str]  # the first segment touched, what was done


def mutant(file: File, seed: str) -> Mutant:
    """The mutant of this seed."""
    rng = random.Random(seed)
    while True:
        kind = rng.choice(KINDS)
        segments = [list(e) for e in file.segments]
        done = _DOERS[kind](rng, segments, file)
        if done is None or segments == [list(e) for e in file.segments]:
            continue  # nothing there to do it to: another draw
        at, where = done
        _recount(segments, file)
        return Mutant(kind, f"{kind} {where}", at + 1, file.text(segments))


def _recount(segments: Segments, file: File) -> None:
    """SE01 as it must be, where nobody touched the SE."""
    untouched = {tuple(e) for e in file.segments if e[0] == "SE"}
    start = 0
    for n, e in enumerate(segments):
        if e[0] == "ST":
            start = n
        if tuple(e) in untouched:
            e[1] = str(n - start + 1)


# ── where ──────────────────────────────────────────────────────────────────


def _some_segment(rng: random.Random, segments: Segments) -> int:
    """Mostly one of a transaction set; the envelope one time in twelve."""
    inner = [n for n, e in enumerate(segments) if e[0] not in ENVELOPE]
    if rng.random() < 1 / 12:
        return rng.randrange(1, len(segments))
    return rng.choice(inner)


def _some_element(rng: random.Random, segments: Segments) -> tuple[int, int] | None:
    n = _some_segment(rng, segments)
    given = [k for k in range(1, len(segments[n])) if segments[n][k]]
    return (n, rng.choice(given)) if given else None


@dataclass(slots=True)
class _Value:
    """An element or a component, to be read and replaced."""

    e: list[str]
    k: int
    part: int  # 0 = the whole element
    mark: str

    def get(self) -> str:
        return self.e[self.k].split(self.mark)[self.part - 1] if self.part else self.e[self.k]

    def put(self, value: str) -> None:
        if not self.part:
            self.e[self.k] = value
            return
        parts = self.e[self.k].split(self.mark)
        parts[self.part - 1] = value
        self.e[self.k] = self.mark.join(parts)

    def __str__(self) -> str:
        return f"{self.e[0]}{self.k:02d}" + (f"-{self.part}" if self.part else "")


def _some_value(rng: random.Random, segments: Segments, file: File) -> tuple[int, _Value] | None:
    found = _some_element(rng, segments)
    if found is None:
        return None
    n, k = found
    parts = segments[n][k].split(file.component)
    part = 0
    if len(parts) > 1 and segments[n][0] != "ISA":
        part = rng.choice([0, *(p for p, text in enumerate(parts, 1) if text)])
    return n, _Value(segments[n], k, part, file.component)


def _trimmed(e: list[str]) -> None:
    while len(e) > 1 and not e[-1]:
        e.pop()


# ── what ───────────────────────────────────────────────────────────────────


def _drop(rng: random.Random, segments: Segments, file: File) -> Done | None:
    if rng.random() < 0.5:
        n = _some_segment(rng, segments)
        count = rng.choice((1, 1, 1, 2, 3))
        gone = segments[n : n + count]
        del segments[n : n + count]
        return n, f"segment {n + 1} {' '.join(e[0] for e in gone)}"
    found = _some_value(rng, segments, file)
    if found is None:
        return None
    n, value = found
    name = str(value)
    value.put("")
    segments[n][value.k] = segments[n][value.k].rstrip(file.component)
    _trimmed(segments[n])
    return n, f"{name} of segment {n + 1}"


def _repeat(rng: random.Random, segments: Segments, file: File) -> Done | None:
    where = rng.random()
    if where < 0.6:
        n = _some_segment(rng, segments)
        count, times = rng.choice((1, 1, 2, 3)), rng.choice((1, 1, 1, 2, 12))
        some = [list(e) for e in segments[n : n + count]]
        segments[n:n] = [list(e) for _ in range(times) for e in some]
        return n, f"segments {n + 1} {' '.join(e[0] for e in some)} {times} times"
    found = _some_element(rng, segments)
    if found is None or segments[found[0]][0] == "ISA":
        return None
    n, k = found
    e = segments[n]
    if where < 0.8:
        e.insert(k, e[k])
        return n, f"{e[0]}{k:02d} of segment {n + 1}"
    parts = e[k].split(file.component)
    part = rng.randrange(len(parts))
    parts.insert(part, parts[part])
    e[k] = file.component.join(parts)
    return n, f"{e[0]}{k:02d}-{part + 1} of segment {n + 1}"


def _swap(rng: random.Random, segments: Segments, file: File) -> Done | None:
    if rng.random() < 0.6:
        n = _some_segment(rng, segments)
        m = n + rng.choice((1, 1, 2, 5))
        if m >= len(segments):
            return None
        segments[n], segments[m] = segments[m], segments[n]
        return n, f"segments {n + 1} {segments[m][0]} and {m + 1} {segments[n][0]}"
    found = _some_element(rng, segments)
    if found is None or segments[found[0]][0] == "ISA":
        return None
    n, k = found
    e = segments[n]
    parts = e[k].split(file.component)
    if len(parts) > 1 and rng.random() < 0.5:
        a, b = rng.sample(range(len(parts)), 2)
        parts[a], parts[b] = parts[b], parts[a]
        e[k] = file.component.join(parts)
        return n, f"{e[0]}{k:02d}-{a + 1} and -{b + 1} of segment {n + 1}"
    if len(e) < 3:
        return None
    j = rng.choice([j for j in range(1, len(e)) if j != k])
    e[j], e[k] = e[k], e[j]
    _trimmed(e)
    return n, f"{e[0]}{k:02d} and {j:02d} of segment {n + 1}"


RETYPED = (
    "A1B", "20261399", "20260230", "17000101", "2561", "1.2.3", "-", ".", "1E5", "+5", "-1",
    "12,5", "HM\x07", "abc", "X ", " X", "20260101-20260105", "\xe9", "0.5.", "00", "9",
)  # fmt: skip


def _retype(rng: random.Random, segments: Segments, file: File) -> Done | None:
    found = _some_value(rng, segments, file)
    if found is None:
        return None
    n, value = found
    old = value.get()
    new = rng.choice(
        (*RETYPED, old + " ", " " + old, old.lower(), old + "\x07", f"{old}{file.component}{old}")
    )
    value.put(new)
    return n, f"{value} of segment {n + 1} to {new!r}"


def _truncate(rng: random.Random, segments: Segments, file: File) -> Done | None:
    where = rng.random()
    if where < 0.08:
        n = _some_segment(rng, segments)
        del segments[n:]
        return n, f"the file before segment {n + 1}"
    found = _some_value(rng, segments, file)
    if found is None or segments[found[0]][0] == "ISA":
        return None
    n, value = found
    if where < 0.5:
        e = segments[n]
        e[value.k :] = []
        _trimmed(e)
        return n, f"segment {n + 1} {e[0]} before element {value.k}"
    old = value.get()
    if len(old) < 2:
        return None
    value.put(old[: rng.randrange(1, len(old))])
    return n, f"{value} of segment {n + 1} to {value.get()!r}"


def _relength(rng: random.Random, segments: Segments, file: File) -> Done | None:
    found = _some_value(rng, segments, file)
    if found is None:
        return None
    n, value = found
    old = value.get()
    more = rng.choice((1, 1, 2, 5, 20, 60, 300))
    new = rng.choice((old + old[-1:] * more, "0" * more + old, old[:1]))
    value.put(new)
    return n, f"{value} of segment {n + 1} from {len(old)} to {len(new)} characters"


RECODED = ("ZZ", "QQ", "XX", "1", "Y", "A", "18", "HC", "ZZZ", "85", "D8", "MI")


def _recode(rng: random.Random, segments: Segments, file: File) -> Done | None:
    if rng.random() < 0.15:
        n = _some_segment(rng, segments)
        old = segments[n][0]
        others = sorted({e[0] for e in segments} - ENVELOPE)
        segments[n][0] = rng.choice([*others, "ZZZ", "NM2", old + "1", old[:-1], old.lower(), ""])
        return n, f"segment {n + 1} from {old} to {segments[n][0]!r}"
    found = _some_value(rng, segments, file)
    if found is None:
        return None
    n, value = found
    if rng.random() < 0.4:
        value = _Value(segments[n], 1, 0, file.component)
    tag, k = segments[n][0], value.k
    alike = sorted({e[k] for e in segments if e[0] == tag and len(e) > k and e[k]})
    value.put(rng.choice([rng.choice(RECODED), rng.choice([*alike, "ZZ"])]))
    return n, f"{value} of segment {n + 1} to {value.get()!r}"


_DOERS: dict[str, Callable[[random.Random, Segments, File], Done | None]] = {
    "drop": _drop, "repeat": _repeat, "swap": _swap, "retype": _retype, "truncate": _truncate,
    "relength": _relength, "recode": _recode,
}  # fmt: skip
