"""The files that faults are put into, and the two validators over what comes of it.

python -m tests.edi.mutants FILE SEED     one mutant: what was done, what each validator says
python -m tests.edi.mutants               all of them, counted
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import edi
from edi.issues import Issue
from tests.edi.agreement import judge
from tests.edi.mutations import File, Mutant, mutant
from tests.edi.pyx12_findings import Found, Opinion, opinion, shown

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures" / "x12"
SEEDS = 160  # mutants a file
GUIDES = {"837p": "837P", "837i": "837I", "835": "835", "999": "999", "277ca": "277CA"}


@dataclass(frozen=True)
class Base:
    """A file that is right to both validators."""

    guide: str
    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_bytes().decode("latin-1")

    @cached_property
    def file(self) -> File:
        return File.read(self.text)

    def mutant(self, seed: int) -> Mutant:
        """Always the same for the same file and seed."""
        return mutant(self.file, f"{self.name} {seed}")


@dataclass(frozen=True, slots=True)
class Compared:
    """What both validators say of a mutant."""

    mutant: Mutant
    theirs: Opinion
    ours: list[Issue]
    verdicts: list[tuple[Found, str]]


# pyx12 finds fault with these right files: levels that stop early, a CTX trigger beside a business
# unit (validation.md 2).
NOT_TO_PYX12 = {
    "277ca/rejected_for_one_provider", "277ca/rejected_for_the_whole_batch",
    "999/one_of_three_rejected",
}  # fmt: skip


@cache
def bases() -> tuple[Base, ...]:
    """The right files of the repository."""
    return tuple(
        Base(guide, path)
        for folder, guide in GUIDES.items()
        for path in sorted((FIXTURES / folder / "pass").glob("*.edi"))
        if f"{folder}/{path.stem}" not in NOT_TO_PYX12
    )


BASES = bases()


def look(guide: str, text: str) -> tuple[Opinion, list[Issue]]:
    """Both validators over one file."""
    return opinion(text), edi.check(text.encode("latin-1")).issues


def compared(base: Base, seed: int) -> Compared:
    """Both validators over one mutant."""
    one = base.mutant(seed)
    theirs, ours = look(base.guide, one.text)
    return Compared(one, theirs, ours, judge(base.guide, theirs, ours))


def recipe(base: Base, seed: int) -> str:
    """The command that shows a mutant."""
    return f"python -m tests.edi.mutants {base.name} {seed}"


def show(base: Base, seed: int) -> None:
    """A mutant, in words."""
    one = compared(base, seed)
    print(one.mutant.where)
    before = [base.file.element.join(e) for e in base.file.segments]
    after = [base.file.element.join(e) for e in File.read(one.mutant.text).segments]
    for n, line in enumerate(after, 1):
        mark = " " if line in before else "!"
        print(f"{mark}{n:4} {line[:110]}")
    print(f"pyx12: {one.theirs.crash or len(one.theirs.found)}")
    for (found, verdict), line in zip(one.verdicts, shown(one.theirs.found), strict=True):
        print(f"  {line}  -> {verdict}")
        assert found
    print(f"edi: {len(one.ours)}")
    for i in one.ours:
        print(f"  {i.segment_number:4} {i.code} {i.ref} {i.severity}: {i.message}")


def count() -> None:
    """All mutants: by guide and kind, and what became of the errors of pyx12."""
    mutants, verdicts, alone = Counter[str](), Counter[str](), Counter[str]()
    for base in BASES:
        for seed in range(SEEDS):
            one = compared(base, seed)
            mutants[f"{base.guide} {one.mutant.kind}"] += 1
            verdicts.update(f"{base.guide} {verdict}" for _, verdict in one.verdicts)
            what = "both" if one.theirs.found else "ours only"
            what = what if one.ours else "neither" if not one.theirs.found else "pyx12 only"
            alone["pyx12 crashed" if one.theirs.crash else f"found by {what}"] += 1
    for title, table in (("mutants", mutants), ("errors of pyx12", verdicts), ("files", alone)):
        print(f"{title}: {table.total()}")
        for name, number in sorted(table.items()):
            print(f"  {number:6} {name}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        path = (ROOT / sys.argv[1]).resolve()
        show(next(base for base in BASES if base.path == path), int(sys.argv[2]))
    else:
        count()
