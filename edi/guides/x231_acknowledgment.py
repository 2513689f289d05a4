"""999 implementation acknowledgment, 005010X231A1, in full (acks.md 2)."""

from __future__ import annotations

from edi.envelope import Transaction
from edi.model import Loop, many, one
from edi.segments import AK1, AK2, AK9, CTX, IK3, IK4, IK5


class ElementError2110(Loop, id="2110"):
    """An element in error, with what made it one."""

    ik4: IK4 = one()
    contexts: list[CTX] = many(most=10)


class SegmentError2100(Loop, id="2100"):
    """A segment in error, with the business unit it belongs to."""

    ik3: IK3 = one()
    contexts: list[CTX] = many(most=10)
    elements: list[ElementError2110] = many()

    @property
    def business_unit(self) -> tuple[str, str | None] | None:
        """Such as ("CLM01", "C00001-1"), if the sender says which claim it is."""
        for ctx in self.contexts:
            if not ctx.context.name.startswith("SITUATIONAL"):
                return ctx.context.name, ctx.context.value
        return None


class TransactionSetResponse(Loop, id="2000", unit="whole"):
    """What became of one transaction set."""

    ak2: AK2 = one()
    segments: list[SegmentError2100] = many()
    ik5: IK5 = one()


class ImplementationAcknowledgment(Transaction, id="999"):
    """What became of one functional group."""

    st01 = "999"
    functional_id = "FA"
    guide = "005010X231A1"
    reads = ("005010X231A1", "005010X231")

    ak1: AK1 = one()
    responses: list[TransactionSetResponse] = many()
    ak9: AK9 = one()
