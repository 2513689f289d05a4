"""What else is looked at while a file is read: nothing, or balance, levels, counters and check
digits.
"""

from __future__ import annotations

from typing import Any

from edi import balance, validate
from edi.guides.claim_details import Claim
from edi.guides.x214_claim_acknowledgment import (
    BillingProvider2000C,
    InformationReceiver2000B,
    Patient2000D,
)  # fmt: skip
from edi.guides.x221_remittance import ClaimPayment, HeaderNumber2000, Remittance
from edi.issues import Issue, Severity
from edi.reader.places import Places
from edi.segments import HL
from edi.situations import Side, Situations


class Findings:
    """Looks at nothing. `Examination` looks at everything we know how to look at."""

    places: Places  # where segments stand; given by whoever reads

    def opened(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        """A loop that holds units; what stands before them is read."""
        return []

    def unit(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        """A unit; `around` are the transaction set and the loops in it, from the outside in."""
        return []

    def rejected(self, left: Any, segments: list[list[str]]) -> list[Issue]:
        """A loop that could not be read, or stands in one: what could be kept of it, no more than
        its HL, and its segments.
        """
        return []

    def closed(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        """A loop that holds units; all of it is read."""
        return []

    def end(self, transaction: Any) -> list[Issue]:
        """The transaction set, its trailer read."""
        return []


class Examination(Findings):
    """One transaction set, looked at while it is read."""

    def __init__(self, side: Side = Side.RECEIVED) -> None:
        self._situations = Situations(lambda *at: self.places.number_of(*at), side=side)
        self._levels = validate.Levels()
        self._remittance = balance.RemittanceBalance()
        self._acks: list[balance.AcknowledgmentBalance] = []
        self._whole = True  # no sum can be right where something was not read
        self._side = side

    def opened(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        if isinstance(loop, (InformationReceiver2000B, BillingProvider2000C)):
            self._acks.append(balance.AcknowledgmentBalance(loop))
        issues = self._levels.opened(loop)
        if not around or None not in around:
            issues += self._situations.opened(loop, around) + self._characters(loop)
        return issues

    def unit(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        issues, plain = self._situations.unit(loop, around)
        if isinstance(loop, ClaimPayment):
            self._remittance.add(loop)
            if not plain:
                issues += balance.claim_payment(loop)
        elif isinstance(loop, Claim):
            if not plain:
                issues += validate.claim(loop) + balance.claim(loop)
            issues += self._characters(loop)
        elif isinstance(getattr(loop, "hl", None), HL):
            issues += self._levels.opened(loop)
            self._levels.closed(loop)
        if isinstance(loop, Patient2000D):
            for level in self._acks:
                level.add(loop)
        return issues

    def _characters(self, loop: Any) -> list[Issue]:
        """X12's basic set has capitals alone, its extended set small letters too, and neither has
        more than ASCII (837.md 1.3). Told once a claim or level.
        """
        found = self.places.unusual(loop.at)
        if found is None:
            return []
        number, ref, value, plain = found
        code, why = "X12-CASE", "a small letter, which some receivers refuse: send capitals"
        severity: Severity = "warning"
        if not plain:
            code = "IK403:6"
            why = "a character outside the extended set: send it without accents"
            severity = "error" if self._side is Side.WRITTEN else "warning"
        return [Issue(code, severity, 1, number, 0, loop.id, ref, value, why)]

    def rejected(self, left: Any, segments: list[list[str]]) -> list[Issue]:
        self._whole = False
        if isinstance(left, Claim):
            return validate.line_numbers(left, segments)
        return self._levels.opened(left)

    def closed(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        issues = self._levels.closed(loop)
        if self._whole:
            issues += self._situations.closed(loop, around)
        if isinstance(loop, HeaderNumber2000):
            found = self._remittance.close_header(loop)
            issues += found if self._whole else []
        if self._acks and self._acks[-1].level is loop:
            level = self._acks.pop()
            issues += level.close() if self._whole else []
        return issues

    def end(self, transaction: Any) -> list[Issue]:
        if self._whole and isinstance(transaction, Remittance):
            return self._remittance.close(transaction)
        return []


class Gathering(Findings):
    """Puts every loop into the one around it, so that the transaction set is a whole tree."""

    def opened(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        return self.unit(loop, around)

    def unit(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        if around and around[-1] is not None:
            spec = next(s for s in around[-1].specs if s.type is type(loop))
            getattr(around[-1], spec.name).append(loop)
        return []
