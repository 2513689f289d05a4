"""Any bytes at all: issues or one plain reason, never an exception, and the same bytes written
again.

In the suite Hypothesis tries some hundred. To look for longer (CONTRIBUTING.md):

    python -m tests.edi.test_fuzz            until interrupted, guided by coverage with atheris
    python -m tests.edi.test_fuzz 10000      so many examples of Hypothesis
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.envelope import Transaction
from edi.guides import guide_of
from edi.model.place import all_tags
from tests.edi.spoil import holds_of, originals

IMPLEMENTATIONS = (
    ("837", "HC", "005010X222A1"), ("837", "HC", "005010X223A2"), ("837", "HC", "005010X224A2"),
    ("835", "HP", "005010X221A1"), ("999", "FA", "005010X231A1"), ("277", "HN", "005010X214"),
    ("277", "HN", "005010X212"), ("276", "HR", "005010X212"),
)  # fmt: skip
_DATA = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=12)
_LIKELY = st.sampled_from(
    ["", "1", "20260105", "1430", "100.00", "-5", "20", "22", "HC:G0463:25", "ABK:E119", "D8", "85",
     "41", "IL", "QC", "PR", "XX", "1234567893", "CO", "45", "Y", "ZZ", "::", "^"]
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """An interchange around segments of one guide, in any order and with any elements."""
    st01, gs01, version = draw(st.sampled_from(IMPLEMENTATIONS))
    marks = draw(st.sampled_from(["*^:~", "|!>\n", "\x1d\x1f\x1c\x1e", "*^:\r"]))
    sep, repetition, component, term = list(marks)
    guide: type[Transaction] | None = guide_of(st01, version)
    assert guide is not None
    tags = st.sampled_from([*sorted(all_tags(guide)), "", "ZZZ", "SE", "LS"])
    lines = draw(st.lists(st.tuples(tags, st.lists(_LIKELY | _DATA, max_size=9)), max_size=30))
    body = [sep.join([tag, *elements]) for tag, elements in lines]
    isa = sep.join(
        ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "SENDER".ljust(15), "ZZ",
         "RECEIVER".ljust(15), "260105", "1430", repetition, "00501", "000000001", "0", "T",
         component]
    )  # fmt: skip
    head = [isa, sep.join(["GS", gs01, "AA", "BB", "20260105", "1430", "1", "X", version])]
    tail = [
        sep.join(["SE", str(len(body) + 2), "0001"]), sep.join(["GE", "1", "1"]),
        sep.join(["IEA", "1", "000000001"]),
    ]  # fmt: skip
    ends = draw(st.sampled_from(["", "", "", "\n", "\r\n"]))
    text = (term + ends).join([*head, sep.join(["ST", st01, "0001", version]), *body, *tail, ""])
    return text.encode("latin-1")


@st.composite
def pieces(draw: st.DrawFn) -> bytes:
    """Pieces of right files, joined anyhow."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        data = draw(st.sampled_from(originals()))
        a, b = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        parts.append(data[a:b])
    return draw(st.sampled_from([b"", b"~", b"\n", b"ISA"])).join(parts)


ANY = st.binary(max_size=600) | files() | pieces()
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=QUIET)
@given(ANY)
def test_any_bytes(data: bytes) -> None:
    holds_of(data)


def main() -> None:
    """Look for longer than the suite has time for."""
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        longer = settings(max_examples=int(sys.argv[1]), deadline=None, suppress_health_check=QUIET)
        longer(given(ANY)(holds_of))()
        return
    try:
        atheris: Any = import_module("atheris")
    except ImportError:
        print("atheris is not installed: give a number of examples, and Hypothesis tries them")
        sys.exit(2)
    atheris.instrument_all()
    atheris.Setup(sys.argv, holds_of)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
