"""pyx12's opinion of a written batch: what it finds, what it must never do."""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from app.domain.opinion import OpinionFinding, SecondOpinion, Verdict
from app.domain.professional import EquipmentCertificate
from app.x12 import second_opinion as module
from app.x12.claim_837 import write_batch
from app.x12.second_opinion import ask_apart, second_opinion
from tests.x12.claims import HEADER, VISIT, outbound

X12 = Path(__file__).parents[2] / "fixtures/x12"
ONE_CLAIM = (X12 / "837p/pass/one_claim.edi").read_bytes()


def test_it_is_content_with_what_is_right() -> None:
    assert second_opinion(ONE_CLAIM) == SecondOpinion(Verdict.CONTENT)


def test_it_names_place_and_code_and_quotes_nothing() -> None:
    wrong = ONE_CLAIM.replace(b"*11:B:1*", b"*11:C:1*").replace(b"REF*D9*", b"RXF*D9*")
    wrong = wrong.replace(b"DTP*472*D8*20260102~\n", b"", 1).replace(b"SE*33*", b"SE*32*")
    opinion = second_opinion(wrong)
    assert opinion.verdict is Verdict.DIFFERS
    assert opinion.findings == (
        OpinionFinding("7", "CLM05-2", 21),
        OpinionFinding("1", "RXF", 22),
        OpinionFinding("3", "DTP", 28),
    )
    assert "TRACE0001" not in repr(opinion)


def test_a_fault_of_the_envelope_stands_at_the_envelope() -> None:
    opinion = second_opinion(ONE_CLAIM.replace(b"GE*1*", b"GE*2*"))
    assert opinion.findings == (OpinionFinding("5", "GS", 0),)


@pytest.mark.parametrize(
    "data",
    [
        ONE_CLAIM.replace(b"*11:B:1*", b"*11:B:1:1:1*"),  # too many components: IndexError
        ONE_CLAIM.replace(b"005010X222A1", b"005010X224A2"),  # it has no dental map: EngineError
        ONE_CLAIM.replace(b"RD8*20260102-20260102", b"RD8*2026-0102-20260102"),  # ValueError
        b"",
        b"hello",
    ],
    ids=["components", "dental", "dashes", "empty", "no X12"],
)
def test_a_crash_is_no_opinion(data: bytes) -> None:
    opinion = second_opinion(data)
    assert (opinion.verdict, opinion.findings) == (Verdict.NONE, ())
    assert opinion.reason.startswith("pyx12 stopped with ")


def test_what_pyx12_passes_is_not_proof() -> None:
    """It does not look at money, so its content never replaces our own gate."""
    unbalanced = (X12 / "837p/fail/charges_do_not_add_up.edi").read_bytes()
    assert second_opinion(unbalanced).verdict is Verdict.CONTENT


def test_many_findings_are_counted_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FINDINGS", 100)
    wrong = ONE_CLAIM.replace(b"SE*33*", b"ZZZ*1~\n" * 150 + b"SE*183*")
    opinion = second_opinion(wrong)
    assert len(opinion.findings) == 100
    assert opinion.count >= 150


# ── In a process of its own ────────────────────────────────────────────────


WRONG = ONE_CLAIM.replace(b"*11:B:1*", b"*11:C:1*")


@pytest.mark.parametrize("data", [ONE_CLAIM, WRONG, b"hello"], ids=["right", "wrong", "no X12"])
def test_the_opinion_is_the_same_in_a_process_of_its_own(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # wherever the program was started
    assert ask_apart(data) == second_opinion(data)


def test_a_process_that_takes_too_long_is_ended() -> None:
    opinion = ask_apart(ONE_CLAIM, timeout_seconds=0.01)
    assert opinion == SecondOpinion(Verdict.NONE, reason="pyx12 took longer than 0 seconds")


def test_a_process_that_dies_is_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    opinion = ask_apart(ONE_CLAIM)
    assert opinion == SecondOpinion(
        Verdict.NONE, reason="pyx12's process ended with CalledProcessError"
    )


def test_nothing_of_the_file_reaches_a_log(capfd: pytest.CaptureFixture[str]) -> None:
    root, heard = logging.getLogger(), StringIO()
    handler = logging.StreamHandler(heard)
    root.addHandler(handler)
    try:
        opinion = second_opinion(ONE_CLAIM.replace(b"*DOE*", b"*DOE *"))
    finally:
        root.removeHandler(handler)
    said = capfd.readouterr()
    assert opinion.verdict is Verdict.DIFFERS
    assert heard.getvalue() + said.out + said.err == ""


def test_a_certificate_of_equipment_is_no_fault_though_pyx12_says_so() -> None:
    line = replace(VISIT, certificate=EquipmentCertificate("I", Decimal(12), transmission="AB"))
    batch = write_batch(HEADER, [outbound(service_lines=(line,), total_charge=line.charge)])
    assert second_opinion(batch.data).verdict is Verdict.CONTENT
    other_paper = batch.data.replace(b"PWK*CT*AB", b"PWK*OZ*AB")
    assert second_opinion(other_paper).findings[0].ref == "PWK02"
