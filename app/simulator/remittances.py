"""835: what a payer pays a payee for the claims of one file, balanced by construction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.simulator.answers import Deposit
from app.simulator.decisions import Decided, derived
from app.simulator.received import Claim, Interchange, Line, Name, Provider
from app.simulator.scenarios import NOTHING, LineAdjustment, LineDecision
from edi.guides import x221_remittance as guide
from edi.segments import (
    AMT,
    BPR,
    CAS,
    CLP,
    DTM,
    LX,
    MIA,
    N1,
    N3,
    N4,
    NM1,
    PER,
    PLB,
    QTY,
    REF,
    SVC,
    TRN,
    Adjustment,
    AdjustmentReason,
    Procedure,
    ProviderAdjustment,
)

# SBR09 of the claim -> CLP06, whose list is shorter: commercial and Blue plans are told as PPO.
FILING_INDICATORS = {"CI": "12", "BL": "12", "FI": "OF"}
STATUSES = {"P": "1", "S": "2", "T": "3"}  # SBR01 -> CLP02
PREDETERMINED = "25"  # CLP02: priced, not paid
PAIRS_PER_PLB = 6
FORWARDING_BALANCE = "FB"
INTEREST = "L6"
APPEAL_RIGHTS = "MA01"  # a remark that denies nothing


def remittance(
    received: Interchange,
    payee: Provider,
    decided: Sequence[Decided],
    *,
    content_key: str,
) -> tuple[guide.Remittance, Deposit]:
    """One transaction set and the deposit that it explains."""
    payer = decided[0].claim
    pairs = _payment_changes(decided)
    paid = sum((d.paid for d in decided), NOTHING)
    amount = paid - sum((pair.amount for pair in pairs), NOTHING)
    if amount < 0:  # a payer cannot pay less than nothing: the rest is carried forward
        pairs.append(_pair(FORWARDING_BALANCE, None, amount))
        amount = NOTHING
    trace = derived(content_key, received.control_number, payer.payer_id, payee.npi, digits=12)
    loop = guide.Remittance(
        bpr=_payment(received, payer, amount),
        trn=TRN(type="1", number=f"EFT{trace:012d}", originator=_originator(payer)),
        references=[REF(qualifier="EV", value=received.sender)],
        production_date=DTM(qualifier="405", on=received.on),
        payer=guide.Payer1000A(
            n1=N1(entity="PR", name=payer.payer_name),
            street=N3(line_1="1 PAYER PLAZA"),
            city=N4(city="HARTFORD", state="CT", postal_code="061230001"),
            references=[REF(qualifier="2U", value=payer.payer_id)],
            contacts=[
                PER(function="CX", qualifier_1="TE", number_1="8005550100"),
                PER(function="BL", name="EDI DESK", qualifier_1="TE", number_1="8005550101"),
            ],
        ),
        payee=guide.Payee1000B(
            n1=N1(entity="PE", name=_in_one(payee), id_qualifier="XX", id=payee.npi),
            references=[REF(qualifier="TJ", value=payee.tax_id)] if payee.tax_id else [],
        ),
        header_numbers=[
            guide.HeaderNumber2000(
                lx=LX(number=1), claims=[_claim_payment(received, item) for item in decided]
            )
        ],
        provider_adjustments=[
            PLB(
                provider=payee.npi,
                fiscal_period_end=received.on.replace(month=12, day=31),
                adjustments=pairs[start : start + PAIRS_PER_PLB],
            )
            for start in range(0, len(pairs), PAIRS_PER_PLB)
        ],
    )
    return loop, Deposit(loop.trn.number, amount, payer.payer_id, payee.npi)


def _payment(received: Interchange, payer: Claim, amount: Decimal) -> BPR:
    """Nothing to pay is a notification without banks."""
    if not amount:
        return BPR(
            handling="H",
            amount=amount,
            credit_debit="C",
            method="NON",
            originator=_originator(payer),
            effective_date=received.on,
        )
    return BPR(
        handling="I",
        amount=amount,
        credit_debit="C",
        method="ACH",
        payment_format="CCP",
        sender_bank_qualifier="01",
        sender_bank="044000037",
        sender_account_qualifier="DA",
        sender_account="123456789",
        originator=_originator(payer),
        receiver_bank_qualifier="01",
        receiver_bank="044115090",
        receiver_account_qualifier="DA",
        receiver_account="987654321",
        effective_date=received.on,
    )


def _originator(payer: Claim) -> str:
    """BPR10 and TRN03: 1 and a tax id that the payer's id always gives."""
    return f"1{derived('payer tax id', payer.payer_id, digits=9):09d}"


def _payment_changes(decided: Iterable[Decided]) -> list[ProviderAdjustment]:
    pairs = []
    for item in decided:
        change = item.payment_change
        if change is not None:
            pairs.append(_pair(change.reason, item.payer_claim_control_number, change.amount))
    return pairs


def _pair(reason: str, reference: str | None, amount: Decimal) -> ProviderAdjustment:
    return ProviderAdjustment(
        reason=AdjustmentReason(code=reason, reference=reference), amount=amount
    )


def _in_one(payee: Provider) -> str:
    return " ".join(part for part in (payee.name.first, payee.name.last) if part)


# ── Claims and lines ───────────────────────────────────────────────────────


def _claim_payment(received: Interchange, decided: Decided) -> guide.ClaimPayment:
    claim = decided.claim
    indicator = claim.filing_indicator or "ZZ"
    return guide.ClaimPayment(
        clp=CLP(
            patient_control_number=claim.patient_control_number,
            status=_status(claim),
            charge=claim.charge,
            paid=decided.paid,
            patient_responsibility=decided.patient_responsibility or None,
            filing_indicator=FILING_INDICATORS.get(indicator, indicator),
            payer_claim_control_number=decided.payer_claim_control_number,
            facility_type=claim.facility_type,
            frequency=claim.frequency,
            drg=claim.stay.drg if claim.stay else None,
        ),
        adjustments=_adjustments(decided.adjustments),
        patient=_person("QC", claim.patient, claim.member_id),
        subscriber=None
        if claim.patient_is_subscriber
        else _person("IL", claim.subscriber, claim.member_id),
        references=[REF(qualifier="1L", value=claim.group_number)] if claim.group_number else [],
        dates=[
            *_claim_dates(claim),
            DTM(qualifier="050", on=received.on),
        ],
        inpatient=_inpatient(decided),
        amounts=_interest(decided),
        quantities=[QTY(qualifier="CA", quantity=claim.days)] if claim.days else [],
        services=[
            _service_payment(line, decision)
            for line, decision in zip(
                claim.lines if decided.told_lines else (), decided.told_lines, strict=True
            )
        ],
    )


def _inpatient(decided: Decided) -> MIA | None:
    """Of a stay: its covered days, and what its DRG comes to where that is how it is paid."""
    stay = decided.claim.stay
    if stay is None or not stay.inpatient:
        return None
    by_drg = stay.drg is not None and not decided.told_lines
    return MIA(
        covered_days=decided.claim.days,
        drg_amount=decided.paid + decided.patient_responsibility if by_drg else None,
        remark_1=APPEAL_RIGHTS,
    )


def _status(claim: Claim) -> str:
    return PREDETERMINED if claim.predetermination else STATUSES.get(claim.responsibility, "1")


def _claim_dates(claim: Claim) -> list[DTM]:
    """None for what has not been done."""
    dates = (("232", claim.first_date), ("233", claim.last_date))
    return [DTM(qualifier=qualifier, on=on) for qualifier, on in dates if on]


def _interest(decided: Decided) -> list[AMT]:
    """AMT*I itemises what PLB L6 pays; it enters no equation."""
    change = decided.payment_change
    if change is None or change.reason != INTEREST:
        return []
    return [AMT(qualifier="I", amount=-change.amount)]


def _person(entity: str, name: Name, member_id: str) -> NM1:
    return NM1(
        entity=entity,
        entity_type="1",
        last_name=name.last,
        first_name=name.first,
        middle_name=name.middle,
        suffix=name.suffix,
        id_qualifier="MI",
        id=member_id,
    )


def _service_payment(line: Line, decision: LineDecision) -> guide.ServicePayment:
    allowed = decision.allowed
    return guide.ServicePayment(
        svc=SVC(
            procedure=Procedure(
                qualifier=line.procedure.qualifier,
                code=line.procedure.code,
                modifiers=list(line.procedure.modifiers),
            ),
            charge=decision.charge,
            paid=decision.paid,
            revenue_code=line.revenue_code,
            units_paid=line.units,
        ),
        dates=_service_dates(line),
        adjustments=_adjustments(decision.adjustments),
        references=[REF(qualifier="6R", value=line.control_number)] if line.control_number else [],
        amounts=[AMT(qualifier="B6", amount=allowed)] if allowed else [],
    )


def _service_dates(line: Line) -> list[DTM]:
    if line.first_date is None or line.last_date is None:
        return []
    if line.first_date == line.last_date:
        return [DTM(qualifier="472", on=line.first_date)]
    return [DTM(qualifier="150", on=line.first_date), DTM(qualifier="151", on=line.last_date)]


def _adjustments(decided: Iterable[LineAdjustment]) -> list[CAS]:
    """One CAS a group; there are never more than six reasons in one."""
    by_group: dict[str, list[Adjustment]] = {}
    for item in decided:
        triplet = Adjustment(reason=item.reason, amount=item.amount)
        by_group.setdefault(item.group, []).append(triplet)
    return [CAS(group=group, adjustments=triplets) for group, triplets in by_group.items()]
