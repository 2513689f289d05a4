"""The money equations of the 835, the 837 and the 277CA, exact to the cent (835.md 4, 837.md 4,
acks.md 3).

Each function takes objects of a guide and returns issues; an issue stands at the first segment of
the loop that does not add up, and its message has both sums. Amounts of AMT and QTY never enter.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from edi.guides.claim_details import Claim
from edi.guides.claim_other_payers import OtherInsurance
from edi.guides.x214_claim_acknowledgment import (
    BillingProvider2000C,
    InformationReceiver2000B,
    Patient2000D,
)
from edi.guides.x221_remittance import ClaimPayment, HeaderNumber2000, Remittance, ServicePayment
from edi.issues import Issue
from edi.model import Loop
from edi.segments import AMT, CAS, QTY

ZERO = Decimal(0)


def adjusted(segments: Iterable[CAS]) -> Decimal:
    """The sum of every adjustment amount; positive reduces the payment."""
    return sum([a.amount for cas in segments for a in cas.adjustments], ZERO)


def service_payment(service: ServicePayment) -> list[Issue]:
    """Line: SVC03 = SVC02 - adjustments of the line."""
    return _service(service, adjusted(service.adjustments))


def claim_payment(claim: ClaimPayment) -> list[Issue]:
    """Claim: CLP04 = CLP03 - adjustments of claim and lines; its lines besides.

    That the line charges do not add up to CLP03 is a warning: some payers send some lines only.
    """
    clp = claim.clp
    taken = adjusted(claim.adjustments) if claim.adjustments else ZERO
    issues: list[Issue] = []
    charged = ZERO
    for service in claim.services:
        cut = ZERO
        for cas in service.adjustments:
            for adjustment in cas.adjustments:
                cut += adjustment.amount
        svc = service.svc
        if svc.paid is not None and svc.charge - cut != svc.paid:
            issues += _service(service, cut)
        charged += svc.charge
        taken += cut
    due = clp.charge - taken
    if clp.paid != due:
        why = f"CLP04 is {clp.paid}, but CLP03 less all adjustments is {due}"
        issues.append(_issue("BAL-CLAIM", claim, "2100", "CLP04", clp.paid, why))
    if claim.services and charged != clp.charge:
        why = f"CLP03 is {clp.charge}, but the charges of its lines add up to {charged}"
        issues.append(_issue("BAL-LINES", claim, "2100", "CLP03", clp.charge, why, "warning"))
    return issues


def _service(service: ServicePayment, cut: Decimal) -> list[Issue]:
    svc = service.svc
    if svc.paid is None:
        return []
    due = svc.charge - cut
    if svc.paid == due:
        return []
    why = f"SVC03 is {svc.paid}, but SVC02 less the adjustments of the line is {due}"
    return [_issue("BAL-LINE", service, "2110", "SVC03", svc.paid, why)]


class RemittanceBalance:
    """Transaction: BPR02 = sum of CLP04 - sum of PLB. Takes claims as they come, so that they need
    not be kept.
    """

    def __init__(self) -> None:
        self.paid = ZERO
        self._claims = 0  # since the last LX
        self._charge = ZERO

    def add(self, claim: ClaimPayment) -> None:
        """One more claim."""
        self.paid += claim.clp.paid
        self._claims += 1
        self._charge += claim.clp.charge

    def close_header(self, header: HeaderNumber2000) -> list[Issue]:
        """The end of an LX loop: its TS3 counts its claims and adds up their charges."""
        claims, charge = self._claims, self._charge
        self._claims, self._charge = 0, ZERO
        issues: list[Issue] = []
        ts3 = header.provider_summary
        if ts3 is None:
            return issues
        if ts3.claims != claims:
            why = f"TS304 is {ts3.claims}, but there are {claims} claims"
            issues.append(_issue("BAL-TS3", header, "2000", "TS304", ts3.claims, why, "warning"))
        if ts3.charge != charge:
            why = f"TS305 is {ts3.charge}, but the charges of its claims add up to {charge}"
            issues.append(_issue("BAL-TS3", header, "2000", "TS305", ts3.charge, why, "warning"))
        return issues

    def close(self, remittance: Remittance) -> list[Issue]:
        """The end of the transaction set: whether claim payments and PLB make the payment."""
        pairs = [a.amount for plb in remittance.provider_adjustments for a in plb.adjustments]
        due = self.paid - sum(pairs, ZERO)
        bpr = remittance.bpr
        total = -bpr.amount if bpr.credit_debit == "D" else bpr.amount
        if total == due:
            return []
        why = f"BPR02 is {total}, but the claim payments less the PLB amounts are {due}"
        return [_issue("BAL-REMITTANCE", remittance, "835", "BPR02", bpr.amount, why)]


def claim(claim: Claim) -> list[Issue]:
    """837: CLM02 = sum of the line charges; and the sums of each other payer that has decided."""
    charged = sum([line.charge for line in claim.service_lines], ZERO)
    issues = []
    if charged != claim.clm.charge:
        why = f"CLM02 is {claim.clm.charge}, but the charges of its lines add up to {charged}"
        issues.append(_issue("BAL-CLM02", claim, "2300", "CLM02", claim.clm.charge, why))
    for other in claim.other_payers:
        issues += _other_payer(claim, other)
    return issues


def _other_payer(claim: Claim, other: OtherInsurance) -> list[Issue]:
    """Claim: CLM02 = paid (AMT*D) + adjustments of claim and lines. Line: charge = paid (SVD02) +
    adjustments. A payer that never covers: A8 = CLM02 (837.md 7).
    """
    charge, paid = claim.clm.charge, other.amount("D")
    issues: list[Issue] = []
    taken = adjusted(other.adjustments)
    for line in claim.service_lines:
        own = [d for d in line.decisions if d.svd.payer == other.payer.name.id]
        if not own:
            continue
        taken += (cut := sum([adjusted(d.adjustments) for d in own], ZERO))
        due = sum([d.svd.paid for d in own], ZERO) + cut
        if due != line.charge:
            why = f"the line charge is {line.charge}, but SVD02 and its adjustments make {due}"
            issues.append(_issue("BAL-COB-LINE", own[0], "2430", "SVD02", own[0].svd.paid, why))
    if paid is not None and paid + taken != charge:
        why = f"CLM02 is {charge}, but AMT*D and the adjustments of this payer make {paid + taken}"
        issues.append(_issue("BAL-COB", other, "2320", "AMT02", paid, why))
    never = other.amount("A8")
    if paid is None and never is not None and never != charge:
        why = f"AMT*A8 is {never}, but a payer that never covers leaves all of CLM02, {charge}"
        issues.append(_issue("BAL-COB", other, "2320", "AMT02", never, why))
    return issues


class AcknowledgmentBalance:
    """277CA: the counts and amounts a receiver or provider level gives are those of the claims
    below it.

    A level that ends without claims says all there is, so there is nothing to compare.
    """

    def __init__(self, level: InformationReceiver2000B | BillingProvider2000C) -> None:
        self.level = level
        self.claims = 0
        self.charge = ZERO

    def add(self, patient: Patient2000D) -> None:
        """One more patient below this level."""
        for claim in patient.claims:
            self.claims += 1
            self.charge += next((s.charge for s in claim.statuses if s.charge is not None), ZERO)

    def close(self) -> list[Issue]:
        """What does not add up, once all patients are known."""
        trace = self.level.trace
        if not self.claims or trace is None:
            return []
        issues = []
        place = "2200B" if isinstance(self.level, InformationReceiver2000B) else "2200C"
        quantities: list[QTY] = trace.quantities
        amounts: list[AMT] = trace.amounts
        if quantities and (said := sum([q.quantity for q in quantities], ZERO)) != self.claims:
            why = f"QTY counts {said} claims, but {self.claims} are there"
            issues.append(_issue("BAL-COUNT", self.level, place, "QTY02", said, why))
        if amounts and (said := sum([a.amount for a in amounts], ZERO)) != self.charge:
            why = f"AMT gives {said}, but the charges of the claims add up to {self.charge}"
            issues.append(_issue("BAL-AMOUNT", self.level, place, "AMT02", said, why))
        return issues


def _issue(
    code: str,
    loop: Loop,
    loop_id: str,
    ref: str,
    value: Decimal,
    why: str,
    severity: Literal["error", "warning"] = "error",
) -> Issue:
    return Issue(code, severity, 3, loop.at, 0, loop_id, ref, str(value), why)
