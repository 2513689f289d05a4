"""Files spoiled by chance, the same way on every machine for the same seed; and what holds of any
bytes, spoiled or not.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random

import edi

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LONGEST = 3_000  # bytes of a file that is spoiled: many small ones find more than few great ones

_MARKS = b"*:~^|>!\n\r\x1c\x1d\x1f \x00\xff0Z"
_PIECES = (
    b"~~", b"ISA*", b"IEA*1*000000001~", b"ST*837*0001~", b"SE*1*0001~", b"GS*HC*A*B~", b"GE*1*1~",
    b"ISA", b"TA1*000000001*260105*1430*A*000~", b"HL*1**20*1~", b"CLM*X*1~", b"LX*1~", b"CAS*CO~",
    b"*" * 200, b":" * 200, b"~" * 50, b"A" * 3_000, b"\r\n", b"\xef\xbb\xbf", b"\x1a", b"NaN",
    b"-", b"1E5", b"99999999999999999999", b"20260230", b"9" * 19, b"\xc2\xb2",
)  # fmt: skip


@lru_cache(maxsize=1)
def originals() -> list[bytes]:
    """Fixtures, and the corpus where it is beside this tree."""
    paths = sorted(FIXTURES.glob("*/*/*.edi"))
    if CORPUS.is_dir():
        paths += sorted(p for p in CORPUS.rglob("*") if p.is_file() and p.name != "MANIFEST.csv")
    return [data for p in paths if len(data := p.read_bytes()) <= LONGEST]


def spoiled(seed: int) -> bytes:
    """One file with one to four mutations."""
    random = Random(seed)
    data = random.choice(originals())
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        data = random.choice(_WAYS)(data, random)
    return data


def holds_of(data: bytes) -> None:
    """What holds of any bytes."""
    report = edi.check(data)
    issues = report.issues
    json.dumps(report.as_json())
    assert report.bytes == len(data)
    assert report.readable or [i.code for i in issues] == ["X12-UNREADABLE"]
    assert report.readable or issues[0].message
    assert not report.bytes_unread or any(i.severity == "error" for i in issues)
    count = 0
    for count, raw in enumerate(edi.segments(data), 1):
        assert raw.number == count
        assert 0 <= raw.byte_offset <= len(data)
    assert count == report.segments
    assert 0 <= report.segments_reported <= count
    told = sum(i.segment_count for i in issues)
    assert report.issues_dropped or told >= report.segments_reported
    # Every segment is made again by the object that owns it, or passed on because none does.
    sink = io.BytesIO()
    again = edi.rewrite(data, sink)
    assert sink.getvalue() == data
    assert again.report.segments == count
    # No issue means that nothing was passed on: every byte was read, and made again by an object.
    if not issues:
        assert report.segments_owned == count
        assert (report.bytes_unread, again.verbatim) == (0, 0)


def _flip(data: bytes, random: Random) -> bytes:
    at = _at(data, random)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _mark(data: bytes, random: Random) -> bytes:
    at = _at(data, random)
    return data[:at] + bytes([random.choice(_MARKS)]) + data[at + 1 :]


def _drop(data: bytes, random: Random) -> bytes:
    at = _at(data, random)
    return data[:at] + data[at + random.choice((1, 1, 3, 40)) :]


def _repeat(data: bytes, random: Random) -> bytes:
    at = _at(data, random)
    piece = data[at : at + random.choice((1, 5, 60, 400))]
    return data[:at] + piece * random.choice((2, 2, 3, 20)) + data[at + len(piece) :]


def _swap(data: bytes, random: Random) -> bytes:
    a, b, c, d = sorted(_at(data, random) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _truncate(data: bytes, random: Random) -> bytes:
    at = _at(data, random)
    return data[:at] if random.random() < 0.7 else data[at:]


def _insert(data: bytes, random: Random) -> bytes:
    at = _at(data, random)
    return data[:at] + random.choice(_PIECES) + data[at:]


def _redelimit(data: bytes, random: Random) -> bytes:
    """Another delimiter, everywhere or from some place on."""
    old, new = random.choice(b"*:~^"), random.choice(_MARKS)
    at = random.choice((0, _at(data, random)))
    return data[:at] + data[at:].replace(bytes([old]), bytes([new]))


def _segments(data: bytes, random: Random) -> bytes:
    """Whole segments dropped, doubled, or put elsewhere."""
    parts = data.split(b"~")
    for _ in range(random.choice((1, 1, 2, 6))):
        a, b = random.randrange(len(parts)), random.randrange(len(parts))
        how = random.randrange(3)
        if how == 0 and len(parts) > 1:
            del parts[a]
        elif how == 1:
            parts.insert(b, parts[a])
        else:
            parts[a], parts[b] = parts[b], parts[a]
    return b"~".join(parts)


def _elements(data: bytes, random: Random) -> bytes:
    """Elements of one segment emptied, doubled, or replaced."""
    parts = data.split(b"~")
    n = random.randrange(len(parts))
    e = parts[n].split(b"*")
    k = random.randrange(len(e))
    e[k : k + 1] = random.choice(([], [b""], [e[k]] * 2, [random.choice(_PIECES).strip(b"~")]))
    parts[n] = b"*".join(e)
    return b"~".join(parts)


def _append(data: bytes, random: Random) -> bytes:
    other = random.choice(originals())
    return data + other[random.choice((0, _at(other, random))) :]


def _at(data: bytes, random: Random) -> int:
    return random.randrange(max(len(data), 1))


_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _mark, _drop, _repeat, _swap, _truncate, _insert, _redelimit, _segments, _segments,
    _elements, _elements, _append,
)  # fmt: skip
