"""277CA health care claim acknowledgment, 005010X214, in full (acks.md 3).

Acknowledgments may stop at any level: the batch (information receiver), the billing provider, or
the claim. Readers hand out each of these levels as a unit of its own, its children after it, so
that no status is passed over.
"""

from __future__ import annotations

from edi.envelope import Transaction
from edi.model import Loop, many, maybe, one, use
from edi.segments import AMT, BHT, DTP, HL, NM1, QTY, REF, STC, SVC, TRN


def _level(code: str) -> HL:
    return HL(number="0", level=code)


class ServiceStatus2220D(Loop, id="2220D"):
    """The status of one service line."""

    svc: SVC = one(use=use(unused="3", codes={"1-1": "AD ER HC HP IV NU WK"}))
    statuses: list[STC] = many(least=1)
    references: list[REF] = many(use=use(codes={1: "FJ XZ"}, unused="4"), most=2, distinct=True)
    dates: list[DTP] = many(use=use(codes={1: "472"}), most=1)

    @property
    def line_control_number(self) -> str | None:
        """REF*FJ: our REF*6R."""
        return next((r.value for r in self.references if r.qualifier == "FJ"), None)


class ClaimStatus2200D(Loop, id="2200D"):
    """The status of one claim."""

    trn: TRN = one(use=use(codes={1: "2"}, unused="3 4"))
    statuses: list[STC] = many(least=1)
    references: list[REF] = many(use=use(codes={1: "1K D9 BLT"}, unused="4"), most=3, distinct=True)
    dates: list[DTP] = many(use=use(codes={1: "472"}), most=1, least=1)
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

    hl: HL = one("PT", at=3, factory=lambda: _level("PT"))
    name: NM1 = one("QC", use=use(required="3 8 9", codes={2: "1", 8: "II MI"}))
    claims: list[ClaimStatus2200D] = many(least=1)


class ProviderTrace2200C(Loop, id="2200C"):
    """The status of all claims of a billing provider."""

    trn: TRN = one(use=use(codes={1: "1"}, unused="3 4"))
    statuses: list[STC] = many()
    references: list[REF] = many(use=use(codes={1: "0B 1G G2 LU SY TJ"}, unused="4"), most=6)
    quantities: list[QTY] = many(use=use(codes={1: "QA QC"}), most=2, distinct=True)
    amounts: list[AMT] = many(use=use(codes={1: "YU YY"}), most=2, distinct=True)


class BillingProvider2000C(Loop, id="2000C", unit="head"):
    """A billing provider."""

    hl: HL = one("19", at=3, factory=lambda: _level("19"))
    name: NM1 = one("85", use=use(required="3 8 9", codes={8: "FI SV XX"}))
    trace: ProviderTrace2200C | None = maybe()
    patients: list[Patient2000D] = many()


class ReceiverTrace2200B(Loop, id="2200B"):
    """The status of a whole batch. TRN02 is the BHT03 of our 837."""

    trn: TRN = one(use=use(codes={1: "2"}, unused="3 4"))
    statuses: list[STC] = many(least=1)
    quantities: list[QTY] = many(use=use(codes={1: "90 AA"}), most=2, distinct=True)
    amounts: list[AMT] = many(use=use(codes={1: "YU YY"}), most=2, distinct=True)


class InformationReceiver2000B(Loop, id="2000B", unit="head"):
    """Us, the submitter."""

    hl: HL = one("21", at=3, factory=lambda: _level("21"))
    name: NM1 = one("41", use=use(required="3 8 9", codes={8: "46"}))
    trace: ReceiverTrace2200B = one()
    billing_providers: list[BillingProvider2000C] = many()


class SourceTrace2200A(Loop, id="2200A"):
    """Their trace, and the dates of receipt (050) and processing (009)."""

    trn: TRN = one(use=use(codes={1: "1"}, unused="3 4"))
    received: DTP | None = maybe("050", due=True)
    processed: DTP | None = maybe("009", due=True)


class InformationSource2000A(Loop, id="2000A"):
    """The payer (PR) or clearinghouse (AY) that answers."""

    hl: HL = one("20", at=3, factory=lambda: _level("20"))
    name: NM1 = one("PR", "AY", use=use(required="3 8 9", codes={2: "2", 8: "46 FI PI XV"}))
    trace: SourceTrace2200A = one()
    receivers: list[InformationReceiver2000B] = many()


class ClaimAcknowledgment(Transaction, id="277CA"):
    """What became of the claims of one batch before adjudication."""

    st01 = "277"
    functional_id = "HN"
    guide = "005010X214"
    reads = ("005010X214", "005010X214E1", "005010X214E2")

    bht: BHT = one(use=use(required="6", codes={1: "0085", 2: "08", 6: "TH"}))
    sources: list[InformationSource2000A] = many(least=1)
