"""Memory does not grow with a file, whatever is wrong with it.

The limits (segments of a claim, bytes of a segment, issues, sets, control numbers) are set low
here, so that files which pass them many times over are small; one test keeps them as they are.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

import edi
from edi import lexer
from edi.page import page
from edi.reader import body, control, report
from edi.show import show

ROOT = Path(__file__).parents[2]
CLAIM = (ROOT / "fixtures/x12/837p/pass/one_claim.edi").read_bytes().replace(b"\n", b"")
PAYMENT = (ROOT / "fixtures/x12/835/pass/one_claim_paid.edi").read_bytes().replace(b"\n", b"")
ISA = CLAIM[:106]
TIMES = 4_000


class Long(io.RawIOBase):
    """A file of pieces that repeat, made while it is read."""

    def __init__(self, *parts: bytes | tuple[bytes, int]) -> None:
        self._parts = [part if isinstance(part, tuple) else (part, 1) for part in parts]
        self._ready = b""

    def read(self, size: int = -1, /) -> bytes:
        while len(self._ready) < size and self._parts:
            piece, times = self._parts.pop(0)
            now = min(times, max(1, size // len(piece)))
            self._ready += piece * now
            if times > now:
                self._parts.insert(0, (piece, times - now))
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


def parted(data: bytes, mark: bytes) -> tuple[bytes, bytes]:
    at = data.index(mark)
    return data[:at], data[at:]


HEAD, TAIL = parted(CLAIM, b"SE*33")
PAID, PAID_TAIL = parted(PAYMENT, b"SE*")
BEFORE_LINES, LINES = parted(CLAIM, b"LX*1~")
GROUP, REST = parted(CLAIM, b"ST*")
SUBSCRIBER = b"HL*2*1*22*0~" + LINES[: LINES.index(b"SE*33")]
GE = REST[REST.index(b"GE*") :]

ENDLESS: dict[str, tuple[bytes | tuple[bytes, int], ...]] = {
    "segments nobody knows behind a claim": (HEAD, (b"ZZZ*1~", TIMES), TAIL),
    "parties nobody knows behind a claim": (HEAD, (b"NM1*ZZ*1~", TIMES), TAIL),
    "segments nobody knows behind a payment": (PAID, (b"ZZZ*1~", TIMES), PAID_TAIL),
    "blank segments": (HEAD, (b"~", TIMES), TAIL),
    "references of one claim": (BEFORE_LINES, (b"REF*EA*X~", TIMES), LINES),
    "lines of one payment": (PAID, (b"SVC*HC:G0463*1*1~", TIMES), PAID_TAIL),
    "provider adjustments": (PAID, (b"PLB*1234567893*20261231*WO:X*1~", TIMES), PAID_TAIL),
    "a segment without a terminator": (HEAD, (b"A" * 1000, TIMES)),
    "a segment with endless elements": (HEAD, (b"A*" * 500, TIMES), TAIL),
    "claims with a fault": (HEAD, (SUBSCRIBER, TIMES // 10), TAIL),
    "levels with a fault": (HEAD, (b"HL*9*1*22*0~NM1*ZZ*1~", TIMES), TAIL),
    "transaction sets": (GROUP, (b"ST*835*0001~SE*2*0001~", TIMES), GE),
    "groups": (ISA, (b"GS*HC*AA*BB*20260105*1430*1*X*005010X222A1~GE*0*1~", TIMES)),
    "interchanges": ((ISA + b"IEA*0*000000101~", TIMES // 10),),
    "segments between sets": (GROUP, (b"ZZZ*1~", TIMES), GE),
    "segments behind the end": (CLAIM, (b"ZZZ*1~", TIMES)),
    "blanks behind the end": (CLAIM, (b"\r\n \x1a", 10 * TIMES)),
    "text before the first ISA": ((b"no interchange, and more ", 10 * TIMES), CLAIM),
    "what looks like an ISA": ((b"ISA*x|ISA*", TIMES), CLAIM),
    "a set that no guide reads": (GROUP, b"ST*834*0001~", (b"INS*Y~", TIMES), b"SE*9*0001~", GE),
    "control characters": (BEFORE_LINES, (b"NTE*ADD*\x01 ~", TIMES), LINES),
    "a line end behind the ISA alone": (ISA + b"\n", CLAIM[106:-17], (b"ZZZ*1~", TIMES)),
}


def checked(name: str, times: int) -> tuple[edi.Report, int]:
    """The report of an endless file with so many of its pieces, and the peak of memory in bytes."""
    parts = [(p[0], p[1] * times // TIMES) if isinstance(p, tuple) else p for p in ENDLESS[name]]
    tracemalloc.start()
    try:
        found = edi.check(Long(*parts), most_issues=100)  # type: ignore[arg-type]
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ENDLESS)
def test_memory_is_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "MOST_SEGMENTS", 300)
    monkeypatch.setattr(lexer, "MOST_BYTES", 1 << 14)
    monkeypatch.setattr(lexer, "BLOCK", 1 << 11)
    monkeypatch.setattr(report, "MOST_SETS", 100)
    monkeypatch.setattr(control, "MOST_NUMBERS", 100)
    edi.check(CLAIM)  # what is made once and kept
    edi.check(PAYMENT)
    _, shorter = checked(name, TIMES // 3)
    found, peak = checked(name, TIMES)
    assert peak < shorter * 1.15 + 200_000
    assert found.segments == found.segments_owned + found.segments_reported
    assert len(found.issues) <= 100
    assert sum(found.counts.values()) == len(found.issues) + found.issues_dropped
    assert found.errors + found.warnings == sum(found.counts.values())


@pytest.mark.parametrize(
    "name", ["segments nobody knows behind a claim", "parties nobody knows behind a claim",
             "provider adjustments", "references of one claim", "lines of one payment"]
)  # fmt: skip
def test_what_is_cut_off_is_counted_and_is_no_claim(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "MOST_SEGMENTS", 300)
    monkeypatch.setattr(lexer, "BLOCK", 1 << 10)
    parts = ENDLESS[name]
    found = edi.check(Long(*parts))  # type: ignore[arg-type]
    assert "X12-LONG" in found.counts
    assert not found.transaction_sets[0].accepted
    foreign = name.startswith(("segments", "parties"))
    assert (found.segments_reported == TIMES) is foreign
    sink = io.BytesIO()
    edi.rewrite(Long(*parts), sink)  # type: ignore[arg-type]
    assert sink.getvalue() == Long(*parts).read(10**9)


def test_a_segment_too_long_is_named_and_the_rest_of_the_file_read() -> None:
    found = edi.check(HEAD + b"NTE*ADD*" + b"A" * 9_000_000 + b"~" + TAIL)
    (long,) = [i for i in found.issues if i.code == "X12-LONG"]
    assert long.segment_number == 35
    assert "a segment of 9,000,009 bytes: only the first 1000 are read" in long.message
    assert found.segments == 38
    assert found.bytes == len(CLAIM) + 9_000_009
    with pytest.raises(edi.EdiError, match="segment 35 is too long to be written again"):
        edi.rewrite(HEAD + b"NTE*ADD*" + b"A" * 9_000_000 + b"~" + TAIL, io.BytesIO())


_CHECK = """
import sys
sys.path.insert(0, sys.argv[1])
import edi
with open(sys.argv[2], "rb") as source:
    report = edi.check(source)
assert report.errors > 60_000, report.errors
assert report.segments_reported >= 100_000
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_file_of_a_hundred_thousand_stray_segments_with_the_limits_as_they_are(
    tmp_path: Path,
) -> None:
    path = tmp_path / "faults.edi"
    path.write_bytes(HEAD + b"ZZZ*1~" * 100_000 + SUBSCRIBER.replace(b"*1~", b"*x~") * 2000 + TAIL)
    command = [sys.executable, "-c", _CHECK, str(ROOT), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100 * 1024  # kilobytes, the interpreter's own among them


@pytest.mark.parametrize("made", ["lines", "page"])
def test_a_file_is_shown_without_being_held(made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexer, "BLOCK", 1 << 12)
    above, claim = parted(HEAD, b"CLM*")

    def made_of(claims: int) -> int:
        """The peak, while so many claims are shown."""

        def source() -> Long:
            return Long(above, (claim, claims), TAIL)

        parts = show(source) if made == "lines" else page(source, title="long")
        tracemalloc.start()
        try:
            shown = sum("C00001-1" in part for part in parts)
            assert shown >= claims
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    made_of(20)  # generated code is made once
    few, many = made_of(300), made_of(1200)
    assert many < few * 1.5
