"""`python -m edi guide`: every loop the domain material names is told, with its source lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from edi.__main__ import main
from edi.describe import ENVELOPE, describe, describe_envelope, guide_named
from edi.guides import GUIDES

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT.parent / "shared" / "domain"
GUIDES_OF = {
    "837.md": ("837P", "837I", "837D", "277CA"),
    "835.md": ("835", "837P"),
    "acks.md": ("277CA", "837P"),
    "validation.md": ("837P", "837I", "277CA"),
    "lessons.md": ("837P", "837I", "835", "277CA"),
    "lifecycle.md": ("837P", "835", "277CA"),
}
LOOP = re.compile(r"(?<![\w.])(?:1000[AB]|2[0-4][0-4]0(?:[A-I][A-C]?)?)(?![\w.])")


def named() -> Iterator[tuple[str, str]]:
    for path in sorted(DOMAIN.glob("*.md")):
        for loop in sorted(set(LOOP.findall(path.read_text()))):
            yield path.name, loop


@pytest.mark.skipif(not DOMAIN.is_dir(), reason="the domain material is not beside this tree")
def test_every_loop_the_domain_material_names_is_told() -> None:
    untold = [
        (file, loop)
        for file, loop in named()
        if not any(_tells(guide, loop) for guide in GUIDES_OF[file])
    ]
    # 2330 is all of 2330A to I; 2020, 2030 and 2100 alone are years and the loop of the 835
    assert [pair for pair in untold if pair[1] not in ("2330", "2020", "2030", "2010")] == []
    assert len(list(named())) > 60


# What the material names, so that it is asked for where the material is not.
FIXED = {
    "837P": "1000A 1000B 2000A 2000B 2000C 2010AA 2010AB 2010AC 2010BA 2010BB 2010CA 2300 2310A"
    " 2310B 2310C 2310D 2310E 2310F 2320 2330A 2330B 2330G 2400 2410 2420A 2420B 2420C 2420D 2420E"
    " 2420F 2420G 2420H 2430 2440",
    "837I": "2010AA 2300 2310A 2310B 2310C 2310D 2310E 2310F 2320 2330A 2330B 2330I 2400 2410"
    " 2420A 2420B 2420C 2420D 2430",
    "837D": "2010AA 2300 2310A 2310B 2310C 2310D 2310E 2320 2330A 2330B 2330H 2400 2420A 2420B"
    " 2420C 2420D 2430",
    "835": "1000A 1000B 2000 2100 2110",
    "277CA": "2000A 2000B 2000C 2000D 2100A 2100B 2100C 2100D 2200A 2200B 2200C 2200D 2220D",
    "999": "2000 2100 2110",
}


@pytest.mark.parametrize("guide", FIXED)
def test_each_of_these_loops_is_told(guide: str) -> None:
    assert [loop for loop in FIXED[guide].split() if not _tells(guide, loop)] == []


def _tells(guide: str, loop: str) -> bool:
    return main(["guide", guide, loop]) == 0


@pytest.mark.parametrize("guide", GUIDES, ids=lambda g: g.id)
def test_each_line_names_the_line_where_it_is_declared(guide: type) -> None:
    cls = guide_named(guide.id)  # type: ignore[attr-defined]
    loops = {line.split()[0] for line in list(describe(cls))[1:]}
    assert loops
    for loop in loops:
        rows = [line for line in describe(cls, loop) if line.startswith("    ")]
        assert rows
        for row in rows:
            path, _, number = row.rpartition(" ")[2].rpartition(":")
            line = (ROOT / path).read_text().splitlines()[int(number) - 1]
            assert re.match(r"\s+\w+: ", line), row


def test_a_loop_is_told_with_usage_repeats_and_qualifiers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["guide", "837P", "2430"]) == 0
    told = capsys.readouterr().out
    assert "837P 2430  What another payer decided on the line." in told
    assert "in 2400, situational, up to 15" in told
    rows = [line.split() for line in told.splitlines() if line.startswith("    ")]
    assert [row[:3] for row in rows] == [
        ["SVD", "required", "once"],
        ["CAS", "situational", "up"],
        ["DTP", "required", "once"],
        ["AMT", "situational", "once"],
    ]
    assert "573" in rows[2]


def test_what_does_not_exist_is_said_with_what_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "837P", "2999"]) == 2
    assert "there is no loop of 837P 2999; there are 1000A, 1000B" in capsys.readouterr().err
    assert main(["guide", "838"]) == 2
    assert "there is no guide 838; there are 837P, 837I" in capsys.readouterr().err


@pytest.mark.parametrize("name", ENVELOPE)
def test_the_envelope_is_told_element_by_element(name: str) -> None:
    rows = [r for r in describe_envelope(ENVELOPE[name]) if r.startswith("    ")]
    assert len(rows) == len(ENVELOPE[name].specs)
    for row in rows:
        path, _, number = row.rpartition(" ")[2].rpartition(":")
        assert re.match(r"\s+\w+: ", (ROOT / path).read_text().splitlines()[int(number) - 1]), row


def test_ta1_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "ta1"]) == 0
    told = capsys.readouterr().out
    assert "TA1  Interchange acknowledgment" in told
    assert re.search(r"TA104 +required +status  A E R ", told)
    assert main(["guide", "TA1", "2000"]) == 2
