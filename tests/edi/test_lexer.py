"""Bytes to segments: where each stands, whatever surrounds it."""

from __future__ import annotations

import io
import random

import pytest

import edi
from edi.lexer import Lexer

ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
    "*260105*1430*^*00501*000000101*0*T*:~"
)
BODY = "GS*HP*SENDER*RECEIVER*20260105*1430*1*X*005010X221A1~GE*0*1~IEA*1*000000101~"
FILE = ISA + BODY


def texts(data: bytes) -> list[str]:
    return [s.text for s in edi.segments(data)]


PLAIN = texts(FILE.encode())


@pytest.mark.parametrize(
    "data",
    [
        FILE.replace("~", "~\n"),
        FILE.replace("~", "~\r\n"),
        FILE.replace("~", "\n"),
        FILE.replace("~", "\r\n"),
        FILE.replace("~", "~\n\n"),
        "\ufeff" + FILE,
        "\r\n  " + FILE,
        FILE + "\r\n   \x1a\r\n",
        FILE[:-1],
        FILE.replace(":~", ": ~", 1),
        "\n".join(FILE[n : n + 80] for n in range(0, len(FILE), 80)),
        FILE.replace("~", "\x1c").replace("*", "\x1d").replace(":", "\x1f"),
    ],
    ids=[
        "LF",
        "CRLF",
        "LF is the terminator",
        "CR is the terminator",
        "blank lines",
        "BOM",
        "blanks before",
        "blanks and Ctrl-Z after",
        "no last terminator",
        "blank before the terminator",
        "wrapped at 80",
        "control characters",
    ],
)
def test_the_same_segments_however_they_are_set(data: str) -> None:
    found = [t.replace("\x1d", "*").replace("\x1f", ":") for t in texts(data.encode())]
    assert found == PLAIN


def test_an_offset_is_where_the_segment_begins_in_the_bytes() -> None:
    data = (FILE.replace("~", "~\r\n") + "\n" + FILE.replace("*", "|").replace("~", "'")).encode()
    found = list(edi.segments(data))
    assert [s.number for s in found] == list(range(1, len(found) + 1))
    for s in found:
        assert data[s.byte_offset :].startswith(s.text.encode("latin-1"))
    assert [s.delimiters.segment for s in found] == ["~"] * 4 + ["'"] * 4


def test_a_name_that_begins_with_isa_opens_nothing() -> None:
    body = BODY.replace("GE*", "NM1*QC*1*ISA*LISA~N3*ISA*X~GE*")
    assert len(texts((ISA + body).encode())) == len(PLAIN) + 2


def test_every_byte_value_survives() -> None:
    odd = bytes(b for b in range(256) if chr(b) not in "*:~^\r\n")
    data = ISA.encode() + b"N3*A" + odd + b"Z~"
    assert list(edi.segments(data))[1].text.encode("latin-1") == b"N3*A" + odd + b"Z"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b" \r\n ", "there is nothing in it but blanks"),
        (b"GS*HC*A~ST*837*1~", "no ISA segment was found, so this is no X12 interchange"),
        (
            "ISA\u00d600\u00d6".encode() * 20,
            "an ISA is there, but its elements and delimiters cannot be told apart",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, says: str) -> None:
    report = edi.check(data)
    assert not report.readable
    assert [i.message for i in report.issues] == [says]
    assert report.bytes_unread == len(data)


def test_text_before_the_first_isa_is_counted_and_reported() -> None:
    report = edi.check(b"Dear payer,\n" + FILE.encode())
    assert report.readable
    assert report.bytes_unread == len(b"Dear payer,\n")
    assert [i.code for i in report.issues] == ["X12-UNREAD"]


@pytest.mark.parametrize("block", [64, 97, 256, 1 << 16])
def test_the_size_of_a_block_changes_nothing(block: int) -> None:
    rng = random.Random(block)
    parts = [
        FILE.replace("~", end) + tail
        for end in ("~", "~\n", "'", "\n")
        for tail in ("", "\r\n", "  ")
    ]
    rng.shuffle(parts)
    data = "".join(parts).encode()
    expected = [(s.byte_offset, s.text) for s in edi.segments(data)]
    found = []
    for b in Lexer(io.BytesIO(data), block):
        offset = b.offset
        for text, length in zip(b.lines, b.lengths, strict=True):
            found.append((offset, text))
            offset += length
    assert found == expected
    assert len(found) == 4 * len(parts)


@pytest.mark.parametrize("block", range(100, 160, 7))
def test_a_blank_at_the_end_of_an_element_is_seen_wherever_the_block_ends(block: int) -> None:
    data = (ISA + BODY.replace("GE*", "REF*6R*L1 ~GE*")).encode()
    blocks = [b for b in Lexer(io.BytesIO(data), block) if "REF*6R*L1 " in b.lines]
    assert [b.suspect for b in blocks] == [True]
