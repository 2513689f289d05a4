"""277CA health care claim acknowledgment, 005010X214, in full (acks.md 3).

Acknowledgments may stop at any level: the batch (information receiver), the billing provider, or
the claim. Readers hand out each of these levels as a unit of its own, its children after it, so
that no status is passed over.
"""

from __future__ import annotations

from edi.envelope import Transaction
from edi.model import Loop, any_of, each, many, maybe, mixed, one, use
from edi.segments import AMT, BHT, DTP, HL, NM1, QTY, REF, STC, SVC, TRN

# The name of a level (2100x) stands in the level itself.
_NAMES = {f"2100{level}": f"2000{level}" for level in "ABCD"}
_PLAIN = use(unused="4")
_DAY = use(codes={2: "D8"})
_DAYS = use(codes={2: "D8 RD8"})
_UP = "2 4"  # HL02, HL04
_SHORT = "5 6 7 8 9 1-4 10-4 11-4"  # of STC: what only a 277 that answers a 276 says
_BATCH = use(required="2 3 4", unused=f"{_SHORT} 12")
_PROVIDER = use(required="3 4", unused=f"{_SHORT} 12")
_CLAIM = use(required="2 3 4", unused=_SHORT)
_LINE = use(required="3", unused=f"4 {_SHORT} 12")


def _level(code: str) -> HL:
    return HL(number="0", level=code)


class ServiceStatus2220D(Loop, id="2220D"):
    """The status of one service line."""

    svc: SVC = one(use=use(unused="3 5 6 1-7", codes={"1-1": "AD ER HC HP IV NU WK"}))
    statuses: list[STC] = many(use=_LINE, least=1)
    references: list[REF] = mixed(each("FJ XZ", use=_PLAIN))
    dates: list[DTP] = mixed(each("472", use=_DAYS))

    @property
    def line_control_number(self) -> str | None:
        """REF*FJ: our REF*6R."""
        return next((r.value for r in self.references if r.qualifier == "FJ"), None)


class ClaimStatus2200D(Loop, id="2200D"):
    """The status of one claim."""

    trn: TRN = one(use=use(codes={1: "2"}, unused="3 4"))
    statuses: list[STC] = many(use=_CLAIM, least=1)
    references: list[REF] = mixed(each("1K D9 BLT", use=_PLAIN))
    dates: list[DTP] = mixed(each("472", due=True, use=_DAYS))
    services: list[ServiceStatus2220D] = many()

    @property
    def patient_control_number(self) -> str:
        """TRN02 = our CLM01."""
        return self.trn.number

    def reference(self, qualifier: str) -> str | None:
        """The first reference with this qualifier: 1K = the payer's claim number, D9 = the
        clearinghouse's.
        """
        return next((r.value for r in self.references if r.qualifier == qualifier), None)


class Patient2000D(Loop, id="2000D", unit="whole"):
    """A patient, with the statuses of the patient's claims."""

    hl: HL = one("PT", at=3, use=use(required="2", unused="4"), factory=lambda: _level("PT"))
    name: NM1 = one("QC", use=use(required="3 8 9", codes={2: "1", 8: "II MI"}))
    claims: list[ClaimStatus2200D] = many(least=1)


class ProviderTrace2200C(Loop, id="2200C"):
    """The status of all claims of a billing provider."""

    trn: TRN = one(use=use(codes={1: "1"}, unused="3 4"))
    statuses: list[STC] = many(use=_PROVIDER)
    references: list[REF] = mixed(any_of("0B 1G G2 LU SY TJ", most=6, use=_PLAIN))
    quantities: list[QTY] = mixed(each("QA QC"))
    amounts: list[AMT] = mixed(each("YU YY"))


class BillingProvider2000C(Loop, id="2000C", unit="head"):
    """A billing provider."""

    hl: HL = one("19", at=3, use=use(required=_UP, codes={4: "0 1"}), factory=lambda: _level("19"))
    name: NM1 = one("85", use=use(required="3 8 9", codes={8: "FI SV XX"}))
    trace: ProviderTrace2200C | None = maybe()
    patients: list[Patient2000D] = many()


class ReceiverTrace2200B(Loop, id="2200B"):
    """The status of a whole batch. TRN02 is the BHT03 of our 837."""

    trn: TRN = one(use=use(codes={1: "2"}, unused="3 4"))
    statuses: list[STC] = many(use=_BATCH, least=1)
    quantities: list[QTY] = mixed(each("90 AA"))
    amounts: list[AMT] = mixed(each("YU YY"))


class InformationReceiver2000B(Loop, id="2000B", unit="head"):
    """Us, the submitter."""

    hl: HL = one("21", at=3, use=use(required=_UP, codes={4: "0 1"}), factory=lambda: _level("21"))
    name: NM1 = one("41", use=use(required="3 8 9", unused="6 7", codes={2: "1 2", 8: "46"}))
    trace: ReceiverTrace2200B = one()
    billing_providers: list[BillingProvider2000C] = many()


class SourceTrace2200A(Loop, id="2200A"):
    """Their trace, and the dates of receipt (050) and processing (009)."""

    trn: TRN = one(use=use(codes={1: "1"}, unused="3 4"))
    received: DTP | None = maybe("050", due=True, use=_DAY)
    processed: DTP | None = maybe("009", due=True, use=_DAY)


class InformationSource2000A(Loop, id="2000A"):
    """The payer (PR) or clearinghouse (AY) that answers."""

    hl: HL = one(
        "20", at=3, use=use(required="4", unused="2", codes={4: "1"}), factory=lambda: _level("20")
    )
    name: NM1 = one(
        "PR", "AY", use=use(required="3 8 9", unused="4 5 6 7", codes={2: "2", 8: "46 FI PI XV"})
    )
    trace: SourceTrace2200A = one()
    receivers: list[InformationReceiver2000B] = many(most=1, least=1)


class ClaimAcknowledgment(Transaction, id="277CA"):
    """What became of the claims of one batch before adjudication."""

    st01 = "277"
    functional_id = "HN"
    guide = "005010X214"
    reads = ("005010X214", "005010X214E1", "005010X214E2")
    parts = _NAMES

    bht: BHT = one(use=use(required="6", codes={1: "0085", 2: "08", 6: "TH"}))
    sources: list[InformationSource2000A] = many(least=1)
