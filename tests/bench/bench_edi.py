"""How fast edi reads and writes, beside plain splitting of the same file in the same process.

835 to typed claim payments (read: with every check of the declarations; examined: balance, levels
and check digits too), 837P read, and 837P written from objects, on files of 1 and 10 MB of
../shared/bench/x12gen.py. CPU time, best of three; the memory of reading is that of a process which
does nothing else, over that of one which only imports edi. Nothing here fails for being slow.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from datetime import time as clock
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import edi  # noqa: E402

GENERATOR = ROOT.parent / "shared" / "bench" / "x12gen.py"
SIZES = (1, 10)
ROUNDS = 3

READING = """
import sys
sys.path.insert(0, sys.argv[1])
import edi
with open(sys.argv[2], "rb") as source:
    for event in edi.examine(source):
        pass
# ru_maxrss would be that of the process that started us, where that is larger
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def main() -> int:
    """Print the table."""
    if not GENERATOR.is_file():
        print(f"skipped: {GENERATOR.name} is not beside this tree")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'':34}{'MB':>6}{'MB/s':>8}{'segments/s':>13}{'of split':>10}{'MB memory':>11}")
        for kind in ("835", "837p"):
            for size in SIZES:
                path = Path(folder) / f"{size}.{kind}"
                command = [sys.executable, GENERATOR, kind, "--mb", str(size), "--out", path]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                measure(kind, path)
    return 0


def measure(kind: str, path: Path) -> None:
    """The rows of one file."""
    data = path.read_bytes()
    count = data.count(b"~")
    split = row(f"{kind} split, nothing kept", data, count, lambda: plain(data))
    over = memory(path) - memory(Path("/dev/null"))
    row(f"{kind} read", data, count, lambda: drain(edi.read(data)), split)
    row(f"{kind} examined", data, count, lambda: drain(edi.examine(data)), split, over)
    if kind == "837p":
        batch = enveloped(edi.load(data))
        written = edi.write(batch)
        row(f"{kind} written from objects", written, count, lambda: edi.write(batch), split)


def row(
    name: str,
    data: bytes,
    segments: int,
    work: Callable[[], Any],
    split: float = 0.0,
    over: int | None = None,
) -> float:
    """Measure, print, and return the seconds."""
    best = min(timed(work) for _ in range(ROUNDS))
    size = len(data) / 1e6
    ratio = f"{split / best:>10.3f}" if split else f"{'1':>10}"
    kept = f"{over / 1024:>11.1f}" if over is not None else ""
    print(f"{name:34}{size:>6.1f}{size / best:>8.1f}{segments / best:>13,.0f}{ratio}{kept}")
    return best


def timed(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def plain(data: bytes) -> None:
    for line in data.decode("latin-1").split("~"):
        line.split("*")


def drain(events: Any) -> None:
    for _ in events:
        pass


def memory(path: Path) -> int:
    """Peak kilobytes of a process that examines one file."""
    command = [sys.executable, "-c", READING, str(ROOT), str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


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
