"""Segments of acknowledgments (acks.md)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi.model import Composite, Segment, el, opt, run


class AK1(Segment):
    """The functional group that is acknowledged."""

    functional_id: str = el(1, 2)
    control_number: str = el(2, 9)  # its GS06
    version: str | None = opt(3, 12)  # its GS08


class AK2(Segment):
    """The transaction set that is acknowledged."""

    st01: str = el(1, 3)
    control_number: str = el(2, 9)  # its ST02; real files bring fewer than four characters
    guide: str | None = opt(3, 35)


class IK3(Segment):
    """A segment in error."""

    segment: str = el(1, 3)
    position: int = el(2, 10)  # in its transaction set, ST = 1
    loop: str | None = opt(3, 6)
    code: str | None = opt(4, codes="1 2 3 4 5 6 7 8 I4 I6 I7 I8 I9")


class ContextName(Composite):
    """C998: what the context is, and for a business unit its value."""

    name: str = el(1, 35)
    value: str | None = opt(2, 35)


class ElementPosition(Composite):
    """C030: an element in its segment, the component in it, the repetition."""

    element: int = el(1, 2)
    component: int | None = opt(2, 2)
    repetition: int | None = opt(3, 4)


class ReferenceInSegment(Composite):
    """C999: data element numbers."""

    element: str = el(1, 4)
    component: str | None = opt(2, 4)


class CTX(Segment):
    """Which business unit (a claim) an error concerns, or which segment made another necessary."""

    context: ContextName = el(1)
    segment: str | None = opt(2, 3)
    position: int | None = opt(3, 10)
    loop: str | None = opt(4, 6)
    element: ElementPosition | None = opt(5)
    reference: ReferenceInSegment | None = opt(6)


class IK4(Segment):
    """An element in error."""

    element: ElementPosition = el(1)
    reference: int | None = opt(2, 4)
    code: str = el(3, codes="1 2 3 4 5 6 7 8 9 10 11 12 13 I6 I9 I10 I11 I12 I13")
    value: str | None = opt(4, 99)


SET_CODES = "1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 23 24 25 26 27 I5 I6"
GROUP_CODES = "1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 19 23 24 25 26"


class IK5(Segment):
    """The verdict on a transaction set."""

    status: str = el(1, codes="A E M R W X")
    codes: list[str] = run(2, times=5, codes=SET_CODES)


class AK9(Segment):
    """The verdict on a functional group, and its counts."""

    status: str = el(1, codes="A E M P R W X")
    included: int = el(2, 6)
    received: int = el(3, 6)
    accepted: int = el(4, 6)
    codes: list[str] = run(5, times=5, codes=GROUP_CODES)


class Status(Composite):
    """C043: category, status and the entity it concerns (code sources 507 and 508)."""

    category: str = el(1, 30)
    code: str = el(2, 30)
    entity: str | None = opt(3, 3, shortest=2)
    code_list: str | None = opt(4, 3)


class STC(Segment):
    """What became of a claim, a line, a provider's claims or a whole batch."""

    status: Status = el(1)
    effective_date: date | None = opt(2)
    action: str | None = opt(3, codes="U WQ")  # WQ accept, U reject
    charge: Decimal | None = opt(4, 18)
    paid: Decimal | None = opt(5, 18)
    finalized: date | None = opt(6)
    method: str | None = opt(7, 3)
    issued: date | None = opt(8)
    check_number: str | None = opt(9, 16)
    status_2: Status | None = opt(10)
    status_3: Status | None = opt(11)
    message: str | None = opt(12, 264)

    @property
    def statuses(self) -> list[Status]:
        """All of them; a claim is rejected if any one is."""
        return [s for s in (self.status, self.status_2, self.status_3) if s is not None]
