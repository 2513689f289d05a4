"""When every attempt of a job failed by our own fault: the row says so, and nothing is hidden."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.domain.answer import AnswerState
from app.domain.batch import BatchState, StoredBatch
from app.domain.identity import Prefix, public_id
from app.domain.opinion import SecondOpinion, Verdict
from app.flows.answers import answer_given_up
from app.flows.opinions import abandon
from app.flows.ports import (
    WORKFLOW_ANSWER_FILE,
    WORKFLOW_CUT_OFF,
    WORKFLOW_PROCESS_FILE,
    WORKFLOW_PULL,
    WORKFLOW_SECOND_OPINION,
    WORKFLOW_SWEEP,
    WORKFLOW_TRANSMIT_ANSWER,
    WORKFLOW_TRANSMIT_BATCH,
    FileState,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.sending import give_up_attempt

_LATER = timedelta(minutes=15)  # a look or a cut-off that our own fault ended


def give_up(
    units: UnitsOfWork, *, workflow: str, tenant_id: UUID, subject_id: UUID, fault: str
) -> None:
    """Mark the row; `fault` is a kind and a place in our code, never a patient's data."""
    with units(tenant_id, actor="system") as uow:
        if workflow == WORKFLOW_PROCESS_FILE:
            subject = public_id(Prefix.FILE, subject_id)
            file = uow.files.get(subject_id)
            if file is not None and not file.state.final:
                uow.files.mark(
                    subject_id,
                    FileState.FAILED,
                    reason=f"Claimloop could not finish this file ({fault}). Its bytes are kept;"
                    " what was posted of it stays posted once.",
                )
        elif workflow == WORKFLOW_ANSWER_FILE:
            subject = public_id(Prefix.FILE, subject_id)
            answer_given_up(uow, subject_id, fault)
        elif workflow == WORKFLOW_TRANSMIT_ANSWER:
            subject = public_id(Prefix.ANSWER, subject_id)
            answer = uow.answers.get(subject_id)
            if answer is not None and answer.state.waits:
                uow.answers.mark(subject_id, AnswerState.FAILED_TRANSPORT)
                give_up_attempt(uow, subject_id, workflow=workflow, reason=fault)
        elif workflow in (WORKFLOW_PULL, WORKFLOW_CUT_OFF):
            subject = public_id(Prefix.PARTNER, subject_id)
            uow.schedule.at(workflow, subject_id, uow.clock.now() + _LATER)
        elif workflow == WORKFLOW_SWEEP:  # the next hour's sweep finds the same again
            subject = public_id(Prefix.TENANT, tenant_id)
        else:
            subject = public_id(Prefix.BATCH, subject_id)
            batch = uow.batches.get(subject_id)
            if batch is not None:
                _END_OF_A_BATCH[workflow](uow, batch, fault)
        uow.audit("job.gave_up", subject=subject, detail={"workflow": workflow, "fault": fault})
        uow.event("job.failed", resource=subject, data={"workflow": workflow})


def _not_sent(uow: UnitOfWork, batch: StoredBatch, fault: str) -> None:
    if batch.state.waits:
        uow.batches.mark(batch.id, BatchState.FAILED_TRANSPORT)
        give_up_attempt(uow, batch.id, workflow=WORKFLOW_TRANSMIT_BATCH, reason=fault)


def _not_asked(uow: UnitOfWork, batch: StoredBatch, fault: str) -> None:
    if batch.state is BatchState.OPEN:
        abandon(
            uow,
            batch,
            f"Claimloop could not finish this batch ({fault}). Nothing was sealed, the claims are"
            " READY.",
        )
    elif batch.opinion is None:
        uow.batches.keep_opinion(
            batch.id, SecondOpinion(Verdict.NONE, reason=f"Claimloop could not ask ({fault})")
        )


_END_OF_A_BATCH = {WORKFLOW_TRANSMIT_BATCH: _not_sent, WORKFLOW_SECOND_OPINION: _not_asked}
