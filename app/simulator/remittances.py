"""835: what a payer pays a payee for the claims of one file, balanced by construction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.simulator.answers import Deposit
from app.simulator.decisions import Decided, derived
from app.simulator.received import Claim, Interchange, Name, Provider
from app.simulator.scenarios import CENT, NOTHING, Fault
from app.simulator.told_lines import service_payments, told_adjustments
from edi.guides import x221_remittance as guide
from edi.segments import (
    AMT,
    BPR,
    CLP,
    DTM,
    LX,
    MIA,
    MOA,
    N1,
    N3,
    N4,
    NM1,
    PER,
    PLB,
    QTY,
    REF,
    TRN,
    AdjustmentReason,
    ProviderAdjustment,
)

# SBR09 of the claim -> CLP06, whose list is shorter: commercial and Blue plans are told as PPO.
FILING_INDICATORS = {"CI": "12", "BL": "12", "FI": "OF"}
STATUSES = {"P": "1", "S": "2", "T": "3"}  # SBR01 -> CLP02
PREDETERMINED = "25"  # CLP02: priced, not paid
REVERSED = "22"
PASSED_ON = "MA18"  # the claim went on to the payer of NM1*TT
PAIRS_PER_PLB = 6
FORWARDING_BALANCE = "FB"
INTEREST = "L6"
APPEAL_RIGHTS = "MA01"  # a remark that denies nothing
_NEXT_PAYER = NM1(
    entity="TT", entity_type="2", last_name="EXAMPLE SUPPLEMENT", id_qualifier="PI", id="SUPP1"
)


@dataclass(frozen=True, slots=True)
class Carried:
    """A payment of less than nothing, carried into a later one by a PLB pair."""

    reason: str
    reference: str | None
    amount: Decimal  # that the payee owes


def remittance(
    received: Interchange,
    payee: Provider,
    decided: Sequence[Decided],
    *,
    content_key: str,
    owed: Sequence[Carried] = (),
) -> tuple[guide.Remittance, Deposit, list[Carried]]:
    """One transaction set, the deposit that it explains, and what the payee owes after it.

    `owed` is what earlier payments were carried forward by: it is kept back as far as there is
    money for it. `content_key` tells this payment from any other to the same payee.
    """
    payer = decided[0].claim
    pairs = _payment_changes(decided)
    paid = sum((d.paid for d in decided), NOTHING)
    amount = paid - sum((pair.amount for pair in pairs), NOTHING)
    still_owed = []
    for balance in owed:
        if balance.amount <= amount:
            pairs.append(_pair(balance.reason, balance.reference, balance.amount))
            amount -= balance.amount
        else:
            still_owed.append(balance)
    if amount < 0:  # a payer cannot pay less than nothing: the rest is carried forward
        carried = _carried(decided, -amount)
        pairs.append(_pair(carried.reason, carried.reference, amount))
        still_owed.append(carried)
        amount = NOTHING
    if any(d.adjudication.fault is Fault.PAYMENT for d in decided):
        amount += CENT
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
    return (
        loop,
        Deposit(loop.trn.number, amount, payer.payer_id, payee.npi, received.on),
        still_owed,
    )


def _carried(decided: Sequence[Decided], amount: Decimal) -> Carried:
    """Under the code of the claim that brought it about, and under its number where it has one."""
    taken_back = next((d for d in decided if d.reverses), None)
    if taken_back is None or taken_back.scenario.afterwards.carried_as == FORWARDING_BALANCE:
        return Carried(FORWARDING_BALANCE, None, amount)
    reason = taken_back.scenario.afterwards.carried_as
    return Carried(reason, taken_back.payer_claim_control_number, amount)


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
            status=_status(decided),
            charge=-claim.charge if decided.reverses else claim.charge,
            paid=decided.paid,
            patient_responsibility=(not decided.reverses and decided.patient_responsibility)
            or None,
            filing_indicator=FILING_INDICATORS.get(indicator, indicator),
            payer_claim_control_number=decided.payer_claim_control_number,
            facility_type=claim.facility_type,
            frequency=claim.frequency,
            drg=claim.stay.drg if claim.stay else None,
        ),
        adjustments=told_adjustments(decided.adjustments),
        patient=_person("QC", claim.patient, claim.member_id),
        subscriber=None
        if claim.patient_is_subscriber
        else _person("IL", claim.subscriber, claim.member_id),
        crossover_carrier=_NEXT_PAYER if decided.adjudication.crossover else None,
        references=_references(decided),
        dates=[
            *_claim_dates(claim),
            DTM(qualifier="050", on=received.on),
        ],
        inpatient=_inpatient(decided),
        outpatient=MOA(remarks=[PASSED_ON]) if decided.adjudication.crossover else None,
        amounts=_interest(decided),
        quantities=[QTY(qualifier="CA", quantity=claim.days)] if claim.days else [],
        services=service_payments(decided),
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


def _references(decided: Decided) -> list[REF]:
    told = (("1L", decided.claim.group_number), ("F8", decided.original_number))
    return [REF(qualifier=qualifier, value=value) for qualifier, value in told if value]


def _status(decided: Decided) -> str:
    if decided.reverses:
        return REVERSED
    if decided.claim.predetermination:
        return PREDETERMINED
    by_position = STATUSES.get(decided.claim.responsibility, "1")
    return decided.adjudication.status or by_position


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
