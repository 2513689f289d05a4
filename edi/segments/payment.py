"""Segments of a remittance (835.md)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi.model import Composite, Group, Segment, el, opt, run
from edi.segments.control import Procedure


class BPR(Segment):
    """The payment: how much, how, when."""

    notes = "P0607 C0809 P1213 C1415"

    handling: str = el(1, codes="C D H I P U X")
    amount: Decimal = el(2, 18)  # total actual payment
    credit_debit: str = el(3, codes="C D")  # D = the payer takes
    method: str = el(4, codes="ACH BOP CHK FWT NON")
    payment_format: str | None = opt(5, codes="CCP CTX")
    sender_bank_qualifier: str | None = opt(6, codes="01 04")
    sender_bank: str | None = opt(7, 12, shortest=3)
    sender_account_qualifier: str | None = opt(8, codes="DA")
    sender_account: str | None = opt(9, 35)
    originator: str | None = opt(10, 10, shortest=10)
    originator_supplement: str | None = opt(11, 9, shortest=9)
    receiver_bank_qualifier: str | None = opt(12, codes="01 04")
    receiver_bank: str | None = opt(13, 12, shortest=3)
    receiver_account_qualifier: str | None = opt(14, codes="DA SG")
    receiver_account: str | None = opt(15, 35)
    effective_date: date | None = opt(16)


class TS3(Segment):
    """Totals of one provider."""

    provider: str = el(1, 50)
    facility_type: str = el(2, 2)
    fiscal_period_end: date = el(3)
    claims: Decimal = el(4, 15)
    charge: Decimal = el(5, 18)
    msp_pass_through: Decimal | None = opt(13, 18)
    non_lab_charge: Decimal | None = opt(15, 18)
    hcpcs_reportable: Decimal | None = opt(17, 18)
    hcpcs_payable: Decimal | None = opt(18, 18)
    professional_component: Decimal | None = opt(20, 18)
    msp_patient_liability: Decimal | None = opt(21, 18)
    patient_reimbursement: Decimal | None = opt(22, 18)
    pip_claims: Decimal | None = opt(23, 15)
    pip_adjustment: Decimal | None = opt(24, 18)


class TS2(Segment):
    """Totals of inpatient claims by diagnosis related group; nineteen amounts and counts in the
    order of the guide.
    """

    values: list[Decimal] = run(1, times=19)


class CLP(Segment):
    """What the payer decided on one claim."""

    patient_control_number: str | None = opt(1, 38)  # our CLM01, echoed, cut, or left out
    status: str = el(2, codes="1 2 3 4 19 20 21 22 23 25")
    charge: Decimal = el(3, 18)
    paid: Decimal = el(4, 18)
    patient_responsibility: Decimal | None = opt(5, 18)
    filing_indicator: str | None = opt(
        6, codes="12 13 14 15 16 17 AM CH DS HM LM MA MB MC OF TV VA WC ZZ"
    )
    payer_claim_control_number: str | None = opt(7, 50)
    facility_type: str | None = opt(8, 2)
    frequency: str | None = opt(9, 1)
    drg: str | None = opt(11, 4)
    drg_weight: Decimal | None = opt(12, 15)
    discharge_fraction: Decimal | None = opt(13, 10)


class Adjustment(Group):
    """One reason for paying less than billed: CARC and amount; positive reduces the payment."""

    reason: str = el(1, 5)
    amount: Decimal = el(2, 18)
    quantity: Decimal | None = opt(3, 15)


class CAS(Segment):
    """Up to six adjustments under one group code."""

    group: str = el(1, codes="CO OA PI PR")
    adjustments: list[Adjustment] = run(2, times=6)


class SVC(Segment):
    """What the payer decided on one service line."""

    procedure: Procedure = el(1)
    charge: Decimal = el(2, 18)
    paid: Decimal | None = opt(3, 18)
    revenue_code: str | None = opt(4, 48)
    units_paid: Decimal | None = opt(5, 15)  # absent means 1
    submitted_procedure: Procedure | None = opt(6)
    units_submitted: Decimal | None = opt(7, 15)


class MIA(Segment):
    """Inpatient adjudication. Remark codes are elements 5 and 20 to 23."""

    covered_days: Decimal = el(1, 15)
    pps_operating_outlier: Decimal | None = opt(2, 18)
    psychiatric_days: Decimal | None = opt(3, 15)
    drg_amount: Decimal | None = opt(4, 18)
    remark_1: str | None = opt(5, 50)
    disproportionate_share: Decimal | None = opt(6, 18)
    msp_pass_through: Decimal | None = opt(7, 18)
    pps_capital: Decimal | None = opt(8, 18)
    pps_capital_fsp_drg: Decimal | None = opt(9, 18)
    pps_capital_hsp_drg: Decimal | None = opt(10, 18)
    pps_capital_dsh_drg: Decimal | None = opt(11, 18)
    old_capital: Decimal | None = opt(12, 18)
    pps_capital_ime: Decimal | None = opt(13, 18)
    hospital_specific_drg: Decimal | None = opt(14, 18)
    cost_report_days: Decimal | None = opt(15, 15)
    federal_specific_drg: Decimal | None = opt(16, 18)
    pps_capital_outlier: Decimal | None = opt(17, 18)
    indirect_teaching: Decimal | None = opt(18, 18)
    professional_component: Decimal | None = opt(19, 18)
    remark_2: str | None = opt(20, 50)
    remark_3: str | None = opt(21, 50)
    remark_4: str | None = opt(22, 50)
    remark_5: str | None = opt(23, 50)
    capital_exception: Decimal | None = opt(24, 18)

    @property
    def remarks(self) -> list[str]:
        """The remark codes (RARC) in order."""
        return [
            r
            for r in (self.remark_1, self.remark_2, self.remark_3, self.remark_4, self.remark_5)
            if r
        ]


class MOA(Segment):
    """Outpatient adjudication. Remark codes are elements 3 to 7."""

    reimbursement_rate: Decimal | None = opt(1, 10)
    hcpcs_payable: Decimal | None = opt(2, 18)
    remarks: list[str] = run(3, times=5, longest=50)
    esrd_payment: Decimal | None = opt(8, 18)
    professional_component: Decimal | None = opt(9, 18)


class AdjustmentReason(Composite):
    """C042: a PLB reason and what it refers to."""

    code: str = el(1, 2, shortest=2)
    reference: str | None = opt(2, 50)


class ProviderAdjustment(Group):
    """One pair of a PLB; positive reduces this payment."""

    reason: AdjustmentReason = el(1)
    amount: Decimal = el(2, 18)


class PLB(Segment):
    """Money that belongs to no claim of this remittance."""

    provider: str = el(1, 50)
    fiscal_period_end: date = el(2)
    adjustments: list[ProviderAdjustment] = run(3, times=6)
