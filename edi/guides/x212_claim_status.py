"""276 claim status request and 277 claim status response, 005010X212, in full (acks.md 4).

Both have the same levels: payer, receiver of the answer, provider, subscriber, dependent. A claim
is asked for, and answered, where its patient stands.
"""

from __future__ import annotations

from edi.envelope import Transaction
from edi.model import Loop, each, many, maybe, mixed, one, use
from edi.segments import AMT, BHT, DMG, DTP, HL, NM1, PER, REF, STC, SVC, TRN

# The name of a level (2100x) stands in the level itself.
_NAMES = {f"2100{level}": f"2000{level}" for level in "ABCDE"}
_PLAIN = use(unused="4")
_DAYS = use(codes={2: "D8 RD8"})
_PROCEDURES = "AD ER HC HP IV N4 NU WK"
_CONTACT = use(
    required="3 4",
    codes={1: "IC", 3: "ED EM FX TE", 5: "ED EM EX FX TE", 7: "ED EM EX FX TE"},
)
_TOP = use(required="4", unused="2", codes={4: "1"})
_MIDDLE = use(required="2 4", codes={4: "0 1"})
_ABOVE = use(required="2 4", codes={4: "1"})
_BOTTOM = use(required="2", unused="4")
_PAYER = use(required="3 8 9", unused="4 5 6 7", codes={2: "2", 8: "PI XV"})
_RECEIVER = use(required="8 9", unused="6 7", codes={2: "1 2", 8: "46"})
_PROVIDER = use(required="8 9", unused="6", codes={2: "1 2", 8: "FI SV XX"})
_SUBSCRIBER = use(required="3 8 9", unused="6", codes={2: "1 2", 8: "24 II MI"})
_DEPENDENT = use(required="3", unused="6 8 9", codes={2: "1"})


def _level(code: str) -> HL:
    return HL(number="0", level=code)


# ── Request ────────────────────────────────────────────────────────────────


class LineInquiry(Loop):
    """A service line that is asked for."""

    svc: SVC = one(use=use(required="7", unused="3 5 6", codes={"1-1": _PROCEDURES}))
    references: list[REF] = mixed(each("FJ", use=_PLAIN))
    dates: list[DTP] = mixed(each("472", due=True, use=_DAYS))


class LineInquiry2210D(LineInquiry, id="2210D"):
    """A line of a subscriber's claim."""


class LineInquiry2210E(LineInquiry, id="2210E"):
    """A line of a dependent's claim."""


class Inquiry(Loop):
    """A claim that is asked for; TRN02 comes back in the answer."""

    trn: TRN = one(use=use(codes={1: "1"}, unused="3 4"))
    references: list[REF] = mixed(each("1K BLT LU 6P EJ XZ D9", use=_PLAIN))
    amounts: list[AMT] = mixed(each("T3"))
    dates: list[DTP] = mixed(each("472", use=_DAYS))


class Inquiry2200D(Inquiry, id="2200D"):
    """A claim of a subscriber."""

    services: list[LineInquiry2210D] = many()


class Inquiry2200E(Inquiry, id="2200E"):
    """A claim of a dependent."""

    services: list[LineInquiry2210E] = many()


class InquiryDependent2000E(Loop, id="2000E", unit="whole"):
    """A patient who is not the subscriber, and the claims asked for."""

    hl: HL = one("23", at=3, use=_BOTTOM, factory=lambda: _level("23"))
    demographics: DMG | None = maybe(due=True)
    name: NM1 = one("QC", use=_DEPENDENT)
    claims: list[Inquiry2200E] = many(least=1)


class InquirySubscriber2000D(Loop, id="2000D", unit="head"):
    """A subscriber, and the claims asked for where the subscriber is the patient."""

    hl: HL = one("22", at=3, use=_MIDDLE, factory=lambda: _level("22"))
    demographics: DMG | None = maybe()
    name: NM1 = one("IL", use=_SUBSCRIBER)
    claims: list[Inquiry2200D] = many()
    dependents: list[InquiryDependent2000E] = many()


class InquiryProvider2000C(Loop, id="2000C"):
    """The provider whose claims are asked for, by one or two numbers."""

    hl: HL = one("19", at=3, use=_ABOVE, factory=lambda: _level("19"))
    names: list[NM1] = many("1P", use=_PROVIDER, most=2, least=1)
    subscribers: list[InquirySubscriber2000D] = many(least=1)


class InquiryReceiver2000B(Loop, id="2000B"):
    """Who will get the answer."""

    hl: HL = one("21", at=3, use=_ABOVE, factory=lambda: _level("21"))
    name: NM1 = one("41", use=_RECEIVER)
    providers: list[InquiryProvider2000C] = many(least=1)


class InquirySource2000A(Loop, id="2000A"):
    """The payer that is asked."""

    hl: HL = one("20", at=3, use=_TOP, factory=lambda: _level("20"))
    name: NM1 = one("PR", use=_PAYER)
    receivers: list[InquiryReceiver2000B] = many(least=1)


class ClaimStatusRequest(Transaction, id="276"):
    """Questions to a payer about claims."""

    st01 = "276"
    functional_id = "HR"
    guide = "005010X212"
    reads = ("005010X212", "005010X212E1", "005010X212E2")
    parts = _NAMES

    bht: BHT = one(use=use(unused="6", codes={1: "0010", 2: "13"}))
    sources: list[InquirySource2000A] = many(least=1)


# ── Response ───────────────────────────────────────────────────────────────

_SHORT = use(required="2", unused="3 4 5 6 7 8 9 12")  # status and date only
_LONG = use(required="2", unused="3 7 12")


class LineStatus(Loop):
    """The status of one service line."""

    svc: SVC = one(use=use(required="3 7", unused="5 6", codes={"1-1": _PROCEDURES}))
    statuses: list[STC] = many(use=_SHORT, least=1)
    references: list[REF] = mixed(each("FJ", use=_PLAIN))
    dates: list[DTP] = mixed(each("472", due=True, use=_DAYS))


class LineStatus2220D(LineStatus, id="2220D"):
    """A line of a subscriber's claim."""


class LineStatus2220E(LineStatus, id="2220E"):
    """A line of a dependent's claim."""


class Answer(Loop):
    """The status of one claim; TRN02 is the TRN02 that asked."""

    trn: TRN = one(use=use(codes={1: "2"}, unused="3 4"))
    statuses: list[STC] = many(use=_LONG, least=1)
    references: list[REF] = mixed(each("1K BLT EJ XZ VV D9", use=_PLAIN))
    dates: list[DTP] = mixed(each("472", use=_DAYS))

    def reference(self, qualifier: str) -> str | None:
        """1K the payer's claim number, EJ our patient control number ..."""
        return next((r.value for r in self.references if r.qualifier == qualifier), None)


class Answer2200D(Answer, id="2200D"):
    """A claim of a subscriber."""

    services: list[LineStatus2220D] = many()


class Answer2200E(Answer, id="2200E"):
    """A claim of a dependent."""

    services: list[LineStatus2220E] = many()


class AnswerDependent2000E(Loop, id="2000E", unit="whole"):
    """A patient who is not the subscriber, and what became of the claims."""

    hl: HL = one("23", at=3, use=_BOTTOM, factory=lambda: _level("23"))
    name: NM1 = one("QC", use=_DEPENDENT)
    claims: list[Answer2200E] = many(least=1)


class AnswerSubscriber2000D(Loop, id="2000D", unit="head"):
    """A subscriber, and what became of the claims."""

    hl: HL = one("22", at=3, use=_MIDDLE, factory=lambda: _level("22"))
    name: NM1 = one("IL", use=_SUBSCRIBER)
    claims: list[Answer2200D] = many()
    dependents: list[AnswerDependent2000E] = many()


class ProviderStatus2200C(Loop, id="2200C"):
    """Why nothing can be said about a provider's claims."""

    trn: TRN = one(use=use(codes={1: "1"}, unused="3 4"))
    statuses: list[STC] = many(use=_SHORT, least=1)


class AnswerProvider2000C(Loop, id="2000C", unit="head"):
    """The provider whose claims were asked for."""

    hl: HL = one("19", at=3, use=_MIDDLE, factory=lambda: _level("19"))
    names: list[NM1] = many("1P", use=_PROVIDER, most=2, least=1)
    trace: ProviderStatus2200C | None = maybe()
    subscribers: list[AnswerSubscriber2000D] = many()


class ReceiverStatus2200B(Loop, id="2200B"):
    """Why nothing can be said at all."""

    trn: TRN = one(use=use(codes={1: "2"}, unused="3 4"))
    statuses: list[STC] = many(use=_SHORT, least=1)


class AnswerReceiver2000B(Loop, id="2000B", unit="head"):
    """Who asked."""

    hl: HL = one("21", at=3, use=_MIDDLE, factory=lambda: _level("21"))
    name: NM1 = one("41", use=_RECEIVER)
    trace: ReceiverStatus2200B | None = maybe()
    providers: list[AnswerProvider2000C] = many()


class AnswerSource2000A(Loop, id="2000A"):
    """The payer that answers, and whom to ask there."""

    hl: HL = one("20", at=3, use=_TOP, factory=lambda: _level("20"))
    name: NM1 = one("PR", use=_PAYER)
    contact: PER | None = maybe(use=_CONTACT)
    receivers: list[AnswerReceiver2000B] = many(least=1)


class ClaimStatusResponse(Transaction, id="277"):
    """Answers of a payer about claims."""

    st01 = "277"
    functional_id = "HN"
    guide = "005010X212"
    reads = ("005010X212", "005010X212E1", "005010X212E2")
    parts = _NAMES

    bht: BHT = one(use=use(required="6", codes={1: "0010", 2: "08", 6: "DG"}))
    sources: list[AnswerSource2000A] = many(least=1)
