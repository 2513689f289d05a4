"""docs/lifecycle.md draws the very table that decides.

`python -m tests.domain.test_lifecycle_page` writes the drawing into the page anew.
"""

from __future__ import annotations

from pathlib import Path

from app.domain.lifecycle import ADJUDICATED, RANK, ReportedBy, Stage

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"
BEGIN, END = "<!-- drawn from app/domain/lifecycle.py -->\n", "<!-- end of the drawing -->"
COLUMNS = (ReportedBy.SYSTEM, ReportedBy.CLEARINGHOUSE, ReportedBy.PAYER)


def drawing() -> str:
    """The ranks from low to high, who says what in columns, then the outcomes of an 835."""
    rows = ["| rank | we ourselves | clearinghouse | payer |", "|---:|---|---|---|"]
    for rank in sorted(set(RANK.values())):
        cells = [
            ", ".join(f"`{s}`" for (s, by), r in RANK.items() if (r, by) == (rank, column))
            for column in COLUMNS
        ]
        rows.append(f"| {rank} | {' | '.join(cells)} |")
    outcomes = ", ".join(f"`{stage}`" for stage in OUTCOMES)
    rows.append(f"| {ADJUDICATED} | | | {outcomes} |")
    words = ["", "| status | its stages |", "|---|---|"]
    for status in dict.fromkeys(stage.status for stage in Stage):
        stages = ", ".join(f"`{stage}`" for stage in Stage if stage.status is status)
        words.append(f"| `{status}` | {stages} |")
    return "\n".join(rows + words) + "\n"


# What the classifier makes of an 835 (api.md 4.4); the later ones come by a recorded act only.
OUTCOMES = (
    Stage.PAID,
    Stage.PARTIALLY_PAID,
    Stage.DENIED,
    Stage.ZERO_PAY,
    Stage.REVERSED,
    Stage.FORWARDED_TO_OTHER_PAYER,
    Stage.PREDETERMINED,
)


def test_the_page_draws_the_table_that_decides() -> None:
    text = PAGE.read_text(encoding="utf-8")
    drawn = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert drawn == drawing()


def test_no_outcome_of_an_835_has_a_rank_of_its_own() -> None:
    assert not {stage for stage, _ in RANK} & set(OUTCOMES)
    assert max(RANK.values()) < ADJUDICATED


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    head, rest = page.split(BEGIN)
    PAGE.write_text(head + BEGIN + drawing() + END + rest.split(END)[1], encoding="utf-8")
