"""How fast an 835 file gets onto the books, beside plain splitting of the same file.

Files of 1 and 10 MB of ../shared/bench/x12gen.py, on SQLite. The claims they pay are made from the
files themselves first (not timed); then a process of its own takes the file from its row to posted
ledger: two passes over the file, gates, claim payments with lines and adjustments, journal,
evidence, stages. Wall time; the memory is the highest of that process. Nothing here fails for being
slow; the figures of the books are compared with those of the generator.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.config import Settings  # noqa: E402
from app.flows.ports import Mode  # noqa: E402
from app.main import Application  # noqa: E402
from tests.e2e.ready_claims import TENANT, asked_by, load  # noqa: E402

GENERATOR = ROOT.parent / "shared" / "bench" / "x12gen.py"
SIZES = (1, 10)
CENT = 100


def main() -> int:
    """Print the table."""
    if not GENERATOR.is_file():
        print(f"skipped: {GENERATOR.name} is not beside this tree")
        return 0
    columns = f"{'claims':>9}{'posted':>9}{'seconds':>10}{'claims/s':>10}{'MB/s':>8}"
    print(f"{'835 to posted ledger':24}{columns}{'x split':>9}{'MB memory':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            measure(size, Path(folder) / f"{size}")
    return 0


def measure(size: int, folder: Path) -> None:
    """The two rows of one file."""
    folder.mkdir()
    path = folder / "file.835"
    command = [sys.executable, GENERATOR, "835", "--mb", str(size), "--out", path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    truth = json.loads(path.with_name("file.835.json").read_text())
    data = path.read_bytes()
    split = seconds_of_splitting(data)
    print(f"{f'{size} MB split':24}{truth['claims']:9}{'':9}{split:10.2f}")
    settings = Settings(
        database_url=f"sqlite:///{folder}/claimloop.db",
        data_dir=folder / "data",
        log_level="WARNING",
    )
    app = Application(settings)
    try:
        tenant = app.tenant(TENANT, mode=Mode.TEST)
        load(app, tenant, asked_by(data))
        file = app.receive(tenant.id, name=path.name, data=data, actor="bench")
        post = [sys.executable, __file__, "post", folder, tenant.id, file.id]
        told = subprocess.run(list(map(str, post)), check=True, capture_output=True, text=True)
        taken, memory = json.loads(told.stdout)
        with app.units(tenant.id, actor="bench") as uow:
            remittances = uow.remittances.of_file(file.id)
            deposits = uow.journal.trial_balance()["cash"]
    finally:
        app.close()
    assert sum(r.cursor for r in remittances) == truth["claims"]
    assert deposits * CENT == truth["bpr"]
    posted = sum(r.posted for r in remittances)
    print(
        f"{f'{size} MB posted':24}{truth['claims']:9}{posted:9}{taken:10.2f}"
        f"{truth['claims'] / taken:10.0f}{len(data) / 1e6 / taken:8.2f}{taken / split:9.0f}"
        f"{memory:11.0f}"
    )


def seconds_of_splitting(data: bytes) -> float:
    """Segments and elements of the file, nothing kept: best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for segment in data.split(b"~"):
            segment.split(b"*")
        best = min(best, time.perf_counter() - began)
    return best


def post(folder: str, tenant_id: str, file_id: str) -> None:
    """In a process of its own: the file to the books; prints seconds and megabytes."""
    settings = Settings(
        database_url=f"sqlite:///{folder}/claimloop.db",
        data_dir=Path(folder) / "data",
        log_level="WARNING",
    )
    app = Application(settings)
    began = time.perf_counter()
    app.jobs.process_file(UUID(tenant_id), UUID(file_id))
    taken = time.perf_counter() - began
    app.close()
    # ru_maxrss would be that of the process that started us, where that is larger.
    with open("/proc/self/status") as status:
        high = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps([taken, high / 1024]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["post"]:
        post(*sys.argv[2:])
        sys.exit(0)
    sys.exit(main())
