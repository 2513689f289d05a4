"""Claims, their timeline and their batches as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.documents.answers import Answer, Instant, Money
from app.documents.problem_json import FindingDocument
from app.domain.appeal import AppealState
from app.domain.batch import StoredBatch
from app.domain.claim import ClaimLine, StoredClaim, StoredSubmission
from app.domain.crossover import NextResponsibility
from app.domain.identity import Prefix, public_id
from app.domain.lifecycle import Stage
from app.domain.opinion import SecondOpinion
from app.domain.outcome import Outcome
from app.domain.procedure import Procedure


class ProcedureDocument(Answer):
    """As in the encounter."""

    code: str
    modifiers: list[str]

    @classmethod
    def of(cls, procedure: Procedure) -> ProcedureDocument:
        return cls(code=procedure.code, modifiers=list(procedure.modifiers))


class ClaimLineDocument(Answer):
    """A service line with what has been posted to it; the balance is what this payer owes."""

    line_control_number: str
    procedure: ProcedureDocument
    charge: Money
    receivable: Money  # of the charge, what this payer is asked for
    paid: Money
    adjusted: Money
    patient_responsibility: Money
    balance: Money

    @classmethod
    def of(cls, line: ClaimLine) -> ClaimLineDocument:
        return cls(
            line_control_number=line.line_control_number,
            procedure=ProcedureDocument.of(line.procedure),
            charge=line.charge,
            receivable=line.receivable,
            paid=line.paid,
            adjusted=line.adjusted,
            patient_responsibility=line.patient_responsibility,
            balance=line.balance,
        )


class ClaimLevelDocument(Answer):
    """What was posted to the claim as a whole, beside its lines: a stay paid by its DRG.

    Each sum of the claim is that of its lines and this; an open part is in the claim's balance.
    """

    paid: Money
    adjusted: Money
    patient_responsibility: Money


class NextResponsibilityDocument(Answer):
    """The payer that is asked for what this one gives away, and how far that is."""

    responsibility: str
    state: str  # not_due, ready, crossover_waiting, billed, to_replace
    claim_id: str | None  # the claim to it

    @classmethod
    def of(cls, following: NextResponsibility) -> NextResponsibilityDocument:
        return cls(
            responsibility=following.responsibility,
            state=following.state.value,
            claim_id=public_id(Prefix.CLAIM, following.claim_id) if following.claim_id else None,
        )


class DecisionDocument(Answer):
    """How a claim payment that stands came out, and why, as it was said when it was posted."""

    claim_payment_id: str
    outcome: str
    outcome_reasons: list[str]
    classifier_version: int | None

    @classmethod
    def of(cls, payment_id: UUID, outcome: Outcome) -> DecisionDocument:
        return cls(
            claim_payment_id=public_id(Prefix.CLAIM_PAYMENT, payment_id),
            outcome=outcome.stage.value,
            outcome_reasons=[reason.value for reason in outcome.reasons],
            classifier_version=outcome.version,
        )


class ClaimDocument(Answer):
    """A claim; status and stage are the words of api.md section 4."""

    id: str
    encounter_id: str
    claim_type: str
    payer_id: str | None
    payer_name: str | None
    responsibility: str
    patient_control_number: str
    payer_claim_control_number: str | None
    frequency: str
    predetermination: bool  # asks what would be paid; it charges nothing and its balance is zero
    version: int
    attempt: int
    status: str
    stage: str
    status_reported_by: str
    charge: Money
    receivable: Money  # of the charge, what this payer is asked for
    paid: Money
    adjusted: Money
    patient_responsibility: Money
    balance: Money
    claim_level: ClaimLevelDocument
    decisions: list[DecisionDocument]  # of its claim payments that stand, in their order
    appeal: str  # NONE, or the state of its latest appeal
    next_responsibility: NextResponsibilityDocument | None  # null: no payer is behind this one
    lines: list[ClaimLineDocument]
    findings: list[FindingDocument]

    @classmethod
    def of(
        cls,
        claim: StoredClaim,
        *,
        decisions: Sequence[tuple[UUID, Outcome]],
        appeal: AppealState,
        following: NextResponsibility | None,
    ) -> ClaimDocument:
        return cls(
            id=public_id(Prefix.CLAIM, claim.id),
            encounter_id=public_id(Prefix.ENCOUNTER, claim.encounter_id),
            claim_type=claim.claim_type,
            payer_id=claim.payer_id,
            payer_name=claim.payer_name,
            responsibility=claim.responsibility,
            patient_control_number=claim.patient_control_number,
            payer_claim_control_number=claim.payer_claim_control_number,
            frequency=str(claim.frequency),
            predetermination=claim.predetermination,
            version=claim.version,
            attempt=claim.attempt,
            status=claim.status.value,
            stage=claim.stage.value,
            status_reported_by=str(claim.reported_by),
            charge=claim.charge,
            receivable=claim.receivable,
            paid=claim.paid,
            adjusted=claim.adjusted,
            patient_responsibility=claim.patient_responsibility,
            balance=claim.balance,
            claim_level=ClaimLevelDocument(
                paid=claim.beside_lines.paid,
                adjusted=claim.beside_lines.adjusted,
                patient_responsibility=claim.beside_lines.patient_responsibility,
            ),
            decisions=[DecisionDocument.of(id, outcome) for id, outcome in decisions],
            appeal=appeal.value,
            next_responsibility=NextResponsibilityDocument.of(following) if following else None,
            lines=[ClaimLineDocument.of(line) for line in claim.lines],
            findings=[FindingDocument.of(finding) for finding in claim.findings],
        )


class SubmissionDocument(Answer):
    """One attempt of a claim: how often it was sent, as what, and what became of it."""

    attempt: int
    patient_control_number: str
    frequency: str  # 1 original, 7 replacement, 8 void; of stays the bill's own
    version: int
    status: str
    stage: str

    @classmethod
    def of(cls, submission: StoredSubmission, stage: Stage) -> SubmissionDocument:
        return cls(
            attempt=submission.attempt,
            patient_control_number=submission.patient_control_number,
            frequency=submission.frequency,
            version=submission.version,
            status=stage.status.value,
            stage=stage.value,
        )


class TimelineItemDocument(Answer):
    """One piece of evidence and the stage it speaks for."""

    at: Instant
    stage: str
    reported_by: str
    code: str | None
    file_id: str | None
    segment_number: int | None
    loop: str | None


class OpinionFindingDocument(Answer):
    """A fault the second opinion names, by its own code; never what stands there."""

    code: str
    ref: str
    segment_number: int  # in the batch, 1 = ISA; 0 when it does not say


class SecondOpinionDocument(Answer):
    """What pyx12 said of the batch; `count` counts all faults, `findings` are the first hundred."""

    verdict: str  # content, differs, none
    count: int
    findings: list[OpinionFindingDocument]
    reason: str | None  # why there is none

    @classmethod
    def of(cls, opinion: SecondOpinion) -> SecondOpinionDocument:
        return cls(
            verdict=opinion.verdict.value,
            count=opinion.count,
            findings=[
                OpinionFindingDocument(code=f.code, ref=f.ref, segment_number=f.segment_number)
                for f in opinion.findings
            ],
            reason=opinion.reason or None,
        )


class BatchDocument(Answer):
    """A written interchange on its way to a partner."""

    id: str
    state: str
    partner_id: str
    claims: int
    mode: str
    interchange_control_number: str  # ISA13
    group_control_number: str  # GS06
    file_name: str
    sha256: str
    created_at: Instant
    reason: str | None  # why it was abandoned, or claims were left out of it
    second_opinion: SecondOpinionDocument | None  # null: not asked, or not yet

    @classmethod
    def of(cls, batch: StoredBatch) -> BatchDocument:
        return cls(
            id=public_id(Prefix.BATCH, batch.id),
            state=batch.state.value,
            partner_id=public_id(Prefix.PARTNER, batch.partner_id),
            claims=batch.claims,
            mode=batch.mode,
            interchange_control_number=f"{batch.interchange_control_number:09d}",
            group_control_number=str(batch.group_control_number),
            file_name=batch.file_name,
            sha256=batch.sha256,
            created_at=batch.created_at,
            reason=batch.reason,
            second_opinion=SecondOpinionDocument.of(batch.opinion) if batch.opinion else None,
        )


class SealedDocument(Answer):
    """What POST /v1/batches did: one batch a partner, and claims that could not be written."""

    items: list[BatchDocument]
    held: list[str]  # claim ids; each shows its findings
