"""The envelope as segments: what stands around transaction sets."""

from __future__ import annotations

from datetime import date, time

from edi.model import Segment, el, opt


class ISA(Segment):
    """Opens an interchange. ISA11 and ISA16 are no data: they are delimiters (`edi.delimiters`)."""

    authorization_qualifier: str = el(1)
    authorization: str = el(2)
    security_qualifier: str = el(3)
    security: str = el(4)
    sender_qualifier: str = el(5)
    sender: str = el(6)
    receiver_qualifier: str = el(7)
    receiver: str = el(8)
    date: str = el(9)  # YYMMDD
    time: str = el(10)  # HHMM
    version: str = el(12)
    control_number: int = el(13)
    acknowledgment_requested: str = el(14)
    usage: str = el(15)


class GS(Segment):
    """Opens a functional group."""

    functional_id: str = el(1)
    sender: str = el(2)
    receiver: str = el(3)
    date: date = el(4)
    time: time = el(5)
    control_number: int = el(6)
    agency: str = el(7)
    version: str = el(8)


class ST(Segment):
    """Opens a transaction set."""

    set: str = el(1)
    control_number: str = el(2)
    guide: str | None = opt(3)


class SE(Segment):
    """Closes a transaction set; the count has ST and SE in it."""

    segments: int = el(1)
    control_number: str = el(2)


class GE(Segment):
    """Closes a functional group."""

    sets: int = el(1)
    control_number: int = el(2)


class IEA(Segment):
    """Closes an interchange."""

    groups: int = el(1)
    control_number: int = el(2)
