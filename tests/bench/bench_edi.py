"""How fast edi is beside other libraries: one table with ratios of CPU time and their targets.

Files of 1 and 10 MB of ../shared/bench/x12gen.py; with --large 100 MB too. Everything runs in this
process, the best of some rounds that take turns, but two things that need a process of their own:
validation beside pyx12, where importing the library and loading its maps counts on both sides, and
memory, which is the peak of a process that does nothing else over that of a bare interpreter.
Nothing here fails for being slow.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from datetime import time as clock
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import edi  # noqa: E402
from tests.bench import peers  # noqa: E402

GENERATOR = ROOT.parent / "shared" / "bench" / "x12gen.py"
ROUNDS = {1: 7, 10: 3, 100: 1}
MEMORY_TARGET = 60.0  # MB over the interpreter's own
LINEAR_TARGET = 1.10

# A child prints its CPU seconds from before the library is imported, and the kilobytes of its peak.
CHILD = """
import sys, time
sys.path.insert(0, {root!r})
{body}
print(time.process_time() - start)
# ru_maxrss would be that of the process that started us, where that is larger
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
BARE = "start = time.process_time()"
EXAMINING = """
import pathlib
start = time.process_time()
import edi
with open(sys.argv[1], "rb") as source:
    for event in edi.examine(source):
        pass
"""
PYX12 = """
import pathlib
from tests.bench import peers
start = time.process_time()
if not peers.pyx12_verdict(pathlib.Path(sys.argv[1])):
    raise SystemExit("pyx12 finds this file wrong")
"""


def main() -> int:
    """Print the tables."""
    if not GENERATOR.is_file():
        print(f"skipped: {GENERATOR.name} is not beside this tree")
        return 0
    sizes = [1, 10, 100] if "--large" in sys.argv else [1, 10]
    with tempfile.TemporaryDirectory() as folder:
        files = {(k, n): made(Path(folder), k, n) for k in ("835", "837p") for n in sizes}
        title("CPU time beside others (ratio: theirs / ours)", "MB/s", "theirs", "ratio")
        for size in sizes[:2]:
            read_835(files["835", size])
            read_837(files["837p", size], size)
        for kind in ("835", "837p"):
            for size, target in zip(sizes[:2], (25, 40), strict=True):
                validate(kind, files[kind, size], target)
        title("alone (ratio: seconds a MB over those of 10 MB)", "MB/s", "peak MB", "ratio")
        for kind in ("835", "837p"):
            alone(kind, [files[kind, n] for n in sizes])
    return 0


# ── what is measured ──


def read_835(path: Path) -> None:
    """To typed, balanced claim payments with findings, beside oxedi."""
    data = path.read_bytes()

    def ours(data: bytes) -> None:
        drain(edi.examine(data))

    beside("835 examined / oxedi, Python rows", data, ours, peers.oxedi_rows(), 1.0)
    beside("835 examined / oxedi, Arrow only", data, ours, peers.oxedi_arrow(), 0.4)


def read_837(path: Path, size: int) -> None:
    """To typed claims; written from objects; written, read back and checked."""
    data = path.read_bytes()

    def ours(data: bytes) -> None:
        drain(edi.read(data))

    beside("837P read / openx12", data, ours, peers.openx12_claims(), 3)
    if size > 1:
        return  # linuxforhealth-x12 takes half a minute and a gigabyte for 10 MB
    models = peers.lfh_models()
    beside("837P read / linuxforhealth-x12", data, ours, models, 15)
    batch = enveloped(edi.load(data))
    theirs = models(data) if models else None
    beside(
        "837P written / linuxforhealth-x12",
        data,
        lambda _: edi.write(batch),
        (lambda _: peers.lfh_text(theirs)) if theirs else None,
        5,
    )
    beside(
        "837P written, read back / the same",
        data,
        lambda _: edi.check(edi.write(batch)),
        (lambda data: (peers.lfh_text(theirs), models(data))) if theirs and models else None,
        5,
    )


def validate(kind: str, path: Path, target: float) -> None:
    """Types 1 to 4, from importing the library on; a process each, so that nothing is warm."""
    size = path.stat().st_size / 1e6
    ours = min(child(EXAMINING, path)[0] for _ in range(4))
    rounds = 4 if size < 5 else 1  # those of 1 MB come first, so bytecode is there for the long one
    theirs = min(child(PYX12, path)[0] for _ in range(rounds))
    row(f"{kind} validated / pyx12, cold", size, ours, theirs, target)


def alone(kind: str, paths: list[Path]) -> None:
    """Memory, and whether time grows as the file does."""
    bare = min(child(BARE, paths[0])[1] for _ in range(3))
    start = min(child(EXAMINING, Path("/dev/null"))[0] for _ in range(3))
    found = []
    for path in paths:
        runs = [child(EXAMINING, path) for _ in range(3 if path.stat().st_size < 5e7 else 1)]
        size = path.stat().st_size / 1e6
        found.append((size, min(r[0] for r in runs) - start, max(r[1] for r in runs) - bare))
    middle = found[1][1] / found[1][0]
    for size, seconds, peak in found:
        slope = seconds / size / middle
        name = f"{kind} examined, memory"
        good = peak < MEMORY_TARGET
        line(name, size, size / seconds, f"{peak:.1f}", slope, f"< {MEMORY_TARGET:.0f} MB", good)
    if len(found) > 2:
        slope = found[-1][1] / found[-1][0] / middle
        good = slope <= LINEAR_TARGET
        line(f"{kind} examined, linear", found[-1][0], 0, "", slope, f"<= {LINEAR_TARGET}", good)


# ── how ──


def beside(
    name: str,
    data: bytes,
    ours: Callable[[bytes], Any],
    theirs: Callable[[bytes], Any] | None,
    target: float,
) -> None:
    """Both in turn, the best of each."""
    size = len(data) / 1e6
    if theirs is None:
        print(f"{name:38}{size:>6.1f}  skipped: the library is not installed here")
        return
    rounds = [(timed(ours, data), timed(theirs, data)) for _ in range(ROUNDS[round(size)])]
    row(name, size, min(a for a, _ in rounds), min(b for _, b in rounds), target)


def timed(work: Callable[[bytes], Any], data: bytes) -> float:
    gc.collect()
    start = time.process_time()
    result = work(data)
    seconds = time.process_time() - start
    del result
    return seconds


def child(body: str, path: Path) -> tuple[float, float]:
    """CPU seconds and megabytes of a process of its own, which finds the bytecode of every library
    where an installed one has it: a machine set not to write any would compile them each time.
    """
    text = CHILD.format(root=str(ROOT), body=body)
    command = [sys.executable, "-c", text, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=_compiled())
    out = done.stdout.split()
    return float(out[0]), int(out[1]) / 1024


@cache
def _compiled() -> dict[str, str]:
    """The environment of a child; the bytecode is written by one run of each before any counts."""
    folder = tempfile.mkdtemp(prefix="bench-bytecode-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return own | {"PYTHONPYCACHEPREFIX": folder}


def made(folder: Path, kind: str, size: int) -> Path:
    path = folder / f"{size}.{kind}"
    command = [sys.executable, GENERATOR, kind, "--mb", str(size), "--out", path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def title(what: str, *columns: str) -> None:
    print(f"\n{what}")
    print(f"{'':38}{'MB':>6}" + "".join(f"{c:>9}" for c in columns) + f"{'target':>10}")


def row(name: str, size: float, ours: float, theirs: float, target: float) -> None:
    ratio = theirs / ours
    line(name, size, size / ours, f"{size / theirs:.2f}", ratio, f">= {target:g}", ratio >= target)


def line(
    name: str, size: float, speed: float, other: str, ratio: float, target: str, good: bool
) -> None:
    met = "met" if good else "MISSED"
    print(f"{name:38}{size:>6.1f}{speed:>9.1f}{other:>9}{ratio:>9.2f}{target:>10}  {met}")


def drain(events: Any) -> None:
    for _ in events:
        pass


def enveloped(transactions: list[Any]) -> edi.Interchange:
    today, now = date(2026, 1, 5), clock(14, 30)
    return edi.Interchange(
        sender_qualifier="ZZ",
        sender="SENDER",
        receiver_qualifier="ZZ",
        receiver="RECEIVER",
        date=today,
        time=now,
        control_number=1,
        usage="T",
        groups=[
            edi.FunctionalGroup(
                sender="SENDER",
                receiver="RECEIVER",
                date=today,
                time=now,
                control_number=1,
                transactions=transactions,
            )
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
