"""Files that came in, what became of them, and the remittances in them, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.documents.answers import Answer, Day, Instant, Money


class AnswerDocument(Answer):
    """What an interchange of the file was answered with, or why it was not (state NONE)."""

    id: str
    interchange: int  # in the file, from 1; 0: the file as a whole
    received_control_number: str | None  # ISA13 that is answered
    state: str
    contents: str | None  # TA1, 999 or TA1-999
    verdict: str | None  # A accepted, E with errors noted, P in part, R refused
    partner_id: str | None
    interchange_control_number: str | None  # ISA13 of the answer
    file_name: str | None
    sha256: str | None
    reason: str | None
    created_at: Instant


class FileDocument(Answer):
    """An inbound file; `state` ends in processed, failed, duplicate or quarantined."""

    id: str
    file_id: str  # the same; `claimloop ingest` names it so
    name: str
    kind: str | None
    state: str
    reason: str | None
    duplicate_of: str | None
    sha256: str
    size: int
    transaction_sets: int
    claims: int
    issues: list[Mapping[str, Any]]
    received_at: Instant
    answers: list[AnswerDocument]  # empty: none is due, or not yet


class FileSummaryDocument(Answer):
    """An inbound file in a list; its issues and answers stand on the file itself."""

    id: str
    name: str
    kind: str | None
    state: str
    reason: str | None
    duplicate_of: str | None
    sha256: str
    size: int
    transaction_sets: int
    claims: int
    received_at: Instant


class RemittanceDocument(Answer):
    """One 835 transaction set."""

    id: str
    file_id: str
    state: str
    reason: str | None
    duplicate_of: str | None
    seen: str  # first, part (of a split payment) or other_content (of a payment that is booked)
    same_payment_as: str | None  # the remittance that booked the deposit instead of this one
    transaction_control_number: str  # ST02
    trace_number: str  # TRN02
    payer_name: str | None
    payer_identifier: str | None
    payee_name: str | None
    payee_identifier: str | None
    payment_amount: Money  # BPR02
    credit_debit: str  # BPR03
    payment_method: str  # BPR04
    effective_date: Day | None  # BPR16
    currency: str
    claims: int
    claims_paid: Money  # sum of CLP04
    provider_adjustments_total: Money  # sum of PLB; positive reduces the payment
    posted: int
    waiting: int


class ClaimPaymentDocument(Answer):
    """One claim payment: waiting with the reason why, posted, reversed, unposted or dismissed."""

    id: str
    remittance_id: str
    state: str
    outcome: str | None  # what it made of the claim: PAID, DENIED ..; null where it waits
    outcome_reasons: list[str]  # why, as the classifier of that version said it
    classifier_version: int | None
    reason: str | None
    message: str | None
    claim_id: str | None
    patient_control_number: str
    payer_claim_control_number: str | None
    claim_status_code: str  # CLP02
    charge: Money
    paid: Money
    segment_number: int


class ProviderAdjustmentDocument(Answer):
    """One PLB pair; a positive amount reduced the payment."""

    remittance_id: str
    provider: str  # PLB01
    reason: str
    reference: str | None
    amount: Money
    account: str  # of the ledger
    claim_id: str | None  # which claim the reference names, for display: its money is not moved
    segment_number: int


class RemittanceDetailDocument(RemittanceDocument):
    """A remittance with a page of its claim payments."""

    provider_adjustments: list[ProviderAdjustmentDocument]
    items: list[ClaimPaymentDocument]
    next_page_token: str | None


class TrialBalanceDocument(Answer):
    """Every account with its balance; a debit is positive and the sum is zero."""

    accounts: dict[str, Money]
    sum: Money
