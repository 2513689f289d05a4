"""What is read into objects and written again is the same file, and a change changes what it
changes.
"""

from __future__ import annotations

import io
import pickle
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

import edi
from edi.guides import ProfessionalClaims, Remittance
from edi.guides.claim_details import Claim
from edi.guides.x221_remittance import ClaimPayment
from edi.model.values import to_date, to_time
from edi.segments import REF

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
RIGHT = sorted(FIXTURES.glob("*/pass/*.edi"))
CLAIM = (FIXTURES / "837p/pass/one_claim.edi").read_bytes().replace(b"\n", b"")
PAYMENT = (FIXTURES / "835/pass/one_claim_paid.edi").read_bytes().replace(b"\n", b"")

# Files of the corpus, traps included, of which every segment is made again by the object it was
# read into. The number may rise and may not fall.
MADE_AGAIN = 155
# Files in which our check finds nothing and of which a segment has to be passed on as it stands,
# with the reason. There are none.
PASSED_ON: dict[str, str] = {}


def rewritten(data: bytes, change: Any = None) -> tuple[bytes, edi.Rewritten]:
    sink = io.BytesIO()
    result = edi.rewrite(data, sink, change=change)
    return sink.getvalue(), result


def corpus() -> list[Path]:
    return sorted(p for p in CORPUS.rglob("*") if p.is_file() and p.name != "MANIFEST.csv")


# ── the whole file ──


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*/*/*.edi")), ids=lambda p: p.stem)
def test_a_fixture_comes_back_byte_for_byte(path: Path) -> None:
    data = path.read_bytes()
    again, result = rewritten(data)
    assert again.split(b"\n") == data.split(b"\n")
    if path in RIGHT:
        assert result.verbatim == 0


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this tree")
def test_every_published_file_comes_back_byte_for_byte() -> None:
    made_again, passed_on, changed = 0, [], []
    for path in corpus():
        data = path.read_bytes()
        again, result = rewritten(data)
        if again != data:
            changed.append(path.name)
        elif not result.verbatim and result.report.readable:
            made_again += 1
        elif not edi.check(data).issues:
            passed_on.append(path.name)
    print(
        f"{made_again} of {len(corpus())} files are made again, byte for byte, from their objects"
    )
    assert changed == []
    assert passed_on == sorted(PASSED_ON)
    assert made_again >= MADE_AGAIN


# ── what objects cannot say, one by one ──


def with_line_ends(data: bytes, terminator: bytes, line_end: bytes) -> bytes:
    flat = data.replace(b"\r", b"").replace(b"\n", b"")
    return flat.replace(b"~", terminator + line_end)


WRAPPINGS = {
    "no line ends": with_line_ends(CLAIM, b"~", b""),
    "LF": with_line_ends(CLAIM, b"~", b"\n"),
    "CR": with_line_ends(CLAIM, b"~", b"\r"),
    "CRLF": with_line_ends(CLAIM, b"~", b"\r\n"),
    "LF terminates": with_line_ends(CLAIM, b"\n", b""),
    "CR terminates": with_line_ends(CLAIM, b"\r", b""),
    "CR terminates, LF follows": with_line_ends(CLAIM, b"\r", b"\n"),
    "line ends of all kinds": with_line_ends(CLAIM, b"~", b"\n").replace(b"~\nHI", b"~\r\n\r\nHI"),
    "a line end after some": with_line_ends(CLAIM, b"~", b"").replace(b"~NM1", b"~\nNM1"),
    "none after the last": with_line_ends(CLAIM, b"~", b"\n").rstrip(b"\n"),
    "blanks and Ctrl-Z at the end": CLAIM + b"\r\n   \x1a",
    "a byte order mark": b"\xef\xbb\xbf" + CLAIM,
    "blank lines before": b"\r\n\n" + CLAIM,
    "two interchanges": CLAIM + b"\n\n" + PAYMENT.translate(bytes.maketrans(b"*~:", b"|!>")),
}


@pytest.mark.parametrize("name", WRAPPINGS)
def test_line_ends_and_what_stands_outside_stay(name: str) -> None:
    again, result = rewritten(WRAPPINGS[name])
    assert again == WRAPPINGS[name]
    assert result.verbatim == 0
    assert result.report.bytes_unread == 0


@pytest.mark.parametrize("block", [1, 7, 100])
@pytest.mark.parametrize("name", WRAPPINGS)
def test_however_the_bytes_come(name: str, block: int) -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(block)

    sink = io.BytesIO()
    edi.rewrite(Trickle(WRAPPINGS[name]), sink)
    assert sink.getvalue() == WRAPPINGS[name]


SPELLINGS = [
    (CLAIM, b"CLM*C00001-1*225.5*", b"CLM*C00001-1*225.50*"),
    (CLAIM, b"CLM*C00001-1*225.5*", b"CLM*C00001-1*0225.5*"),
    (CLAIM, b"LX*1~", b"LX*01~"),
    (CLAIM, b"~HI*ABK:E119*ABF:I10~", b"~HI*ABK:E119:*ABF:I10::~"),
    (CLAIM, b"*20260105*1430*CH~", b"*20260105*143000*CH~"),
    (CLAIM, b"SV1*HC:G0103:QW*", b"SV1*HC:G0103::QW*"),
    (PAYMENT, b"*190.5*", b"*190.500*"),
    (CLAIM, b"~LX*1~", b"~LX*1*~"),
    (CLAIM, b"~HL*1**20*1~", b"~HL*1**20*1**~"),
    (CLAIM, b"GE*1*", b"GE*01*"),
]


@pytest.mark.parametrize(("data", "ours", "theirs"), SPELLINGS)
def test_the_spelling_stays(data: bytes, ours: bytes, theirs: bytes) -> None:
    assert ours in data
    other = data.replace(ours, theirs)
    again, result = rewritten(other)
    assert again == other
    assert result.verbatim == 0


def test_a_value_is_the_same_value_however_it_is_spelled() -> None:
    other = CLAIM.replace(b"*225.5*", b"*225.50*").replace(b"LX*1~", b"LX*01~")
    assert edi.load(other) == edi.load(CLAIM)
    charge = claim_of(other).clm.charge
    assert charge == D("225.5")
    assert hash(charge) == hash(D("225.5"))
    assert pickle.loads(pickle.dumps(charge)).text == "225.50"
    assert type(charge + 0) is D


def claim_of(data: bytes) -> Claim:
    (batch,) = edi.load(data)
    assert isinstance(batch, ProfessionalClaims)
    claim: Claim = batch.billing_providers[0].subscribers[0].claims[0]
    return claim


def test_the_order_stays_where_the_guide_leaves_it_free() -> None:
    referring = b"NM1*DN*1*ROE*RICHARD****XX*1245319599~"
    rendering = b"NM1*82*1*SMITH*ALAN****XX*1245319599~PRV*PE*PXC*207Q00000X~"
    assert rendering in CLAIM
    for order in (referring + rendering, rendering + referring):
        data = counted(CLAIM.replace(rendering, order), 1)
        assert edi.check(data).errors == 0
        again, result = rewritten(data)
        assert again == data
        assert result.verbatim == 0


def counted(data: bytes, more: int) -> bytes:
    """The file with so many more segments said in its SE."""
    at = data.index(b"~SE*") + 4
    end = data.index(b"*", at)
    return data[:at] + str(int(data[at:end]) + more).encode() + data[end:]


# ── what is changed ──


def test_what_is_changed_is_changed_and_nothing_else() -> None:
    data = CLAIM.replace(b"~LX*1~", b"~LX*01*~").replace(b"*225.5*", b"*225.50*")

    def change(loop: Any) -> None:
        if isinstance(loop, Claim):
            loop.clm.patient_control_number = "OTHER"

    again, result = rewritten(data, change)
    assert again == data.replace(b"CLM*C00001-1*", b"CLM*OTHER*")
    assert result.verbatim == 0


def test_what_is_added_is_counted_and_stands_in_its_place() -> None:
    def change(loop: Any) -> None:
        if isinstance(loop, Claim):
            loop.references.append(REF(qualifier="EA", value="CHART7"))

    again, _ = rewritten(CLAIM, change)
    assert b"REF*D9*TRACE0001~REF*EA*CHART7~HI*" in again
    assert edi.check(again).errors == 0
    assert counted(CLAIM, 1).split(b"~SE*")[1] == again.split(b"~SE*")[1]


def test_a_number_that_is_reckoned_with_is_spelled_our_way() -> None:
    def change(loop: Any) -> None:
        if isinstance(loop, ClaimPayment):
            loop.clp.paid += D("10.00")

    again, _ = rewritten(PAYMENT.replace(b"*190.5*", b"*190.50*"), change)
    assert b"*200.5*" in again


def test_a_segment_that_was_not_read_whole_is_not_changed() -> None:
    data = CLAIM.replace(b"SV1*HC:G0463:25*150*UN*1*", b"SV1*HC:G0463:25*150*UN*one*")

    def change(loop: Any) -> None:
        if isinstance(loop, Claim):
            lines: Any = loop.service_lines
            lines[0].sv1.charge = D(151)

    again, result = rewritten(data)
    assert (again, result.verbatim) == (data, 1)
    with pytest.raises(edi.EdiError, match="SV1 in loop 2400 was not read whole"):
        rewritten(data, change)


def test_what_is_required_cannot_be_taken_out() -> None:
    def change(loop: Any) -> None:
        if isinstance(loop, Claim):
            loop.clm = None  # type: ignore[assignment]

    with pytest.raises(edi.EdiError, match="CLM in loop 2300 is required"):
        rewritten(CLAIM, change)


def test_a_delimiter_cannot_be_put_in() -> None:
    def change(loop: Any) -> None:
        if isinstance(loop, Claim):
            loop.clm.patient_control_number = "A~B"

    with pytest.raises(edi.EdiError, match="CLM01 in loop 2300 holds a delimiter"):
        rewritten(CLAIM, change)


def test_what_is_written_cannot_be_changed_any_more() -> None:
    seen = 0

    def change(loop: Any) -> None:
        nonlocal seen
        if isinstance(loop, Remittance):
            seen += 1
            if seen == 2:  # behind the claims: PLB
                loop.bpr.amount += 1

    data = (FIXTURES / "835/pass").glob("*.edi")
    with_plb = next(p.read_bytes() for p in data if b"PLB*" in p.read_bytes())
    with pytest.raises(edi.EdiError, match="what was already written was changed"):
        rewritten(with_plb, change)


def test_what_no_object_holds_is_passed_on_as_it_stands() -> None:
    data = CLAIM.replace(b"~HI*", b"~ZZZ*what nobody knows~HI*", 1)
    again, result = rewritten(data)
    assert again == data
    assert result.verbatim == 1
    assert rewritten(b"no X12 at all")[0] == b"no X12 at all"


# ── objects alone: load and write ──


def written_again(data: bytes) -> tuple[bytes, list[edi.Transaction]]:
    transactions = edi.load(data)
    isa = next(e for e in edi.read(data) if isinstance(e, edi.InterchangeOpened))
    groups = [e for e in edi.read(data) if isinstance(e, edi.GroupOpened)]
    acks = [e.ack for e in edi.read(data) if isinstance(e, edi.InterchangeAck)]
    numbers = [e.control_number for e in edi.read(data) if isinstance(e, edi.TransactionOpened)]
    interchange = edi.Interchange(
        sender_qualifier=isa.sender_qualifier,
        sender=isa.sender,
        receiver_qualifier=isa.receiver_qualifier,
        receiver=isa.receiver,
        date=to_date("20" + isa.date),
        time=to_time(isa.time),
        control_number=int(isa.control_number),
        usage=isa.usage,
        acknowledgment_requested=isa.acknowledgment_requested,
        acks=acks,
        groups=[
            edi.FunctionalGroup(
                sender=gs.sender,
                receiver=gs.receiver,
                date=to_date(gs.date),
                time=to_time(gs.time),
                control_number=int(gs.control_number),
                version=gs.version,
                transactions=transactions,
                control_numbers=numbers,
            )
            for gs in groups
        ],
    )
    return edi.write(interchange, delimiters=isa.delimiters), transactions


@pytest.mark.parametrize("path", RIGHT, ids=lambda p: p.stem)
def test_a_right_file_comes_back_byte_for_byte(path: Path) -> None:
    data = path.read_bytes()
    text, transactions = written_again(data)
    assert text.decode("latin-1").split("\n") == data.decode("latin-1").split("\n")
    assert edi.load(text) == transactions
