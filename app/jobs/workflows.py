"""The workflows that DBOS keeps until they have ended, also over a kill -9.

A workflow is given ids alone (its inputs are stored, so no PHI may be in them) and calls one flow.
A flow is safe to repeat and goes on from what the database says, so that a workflow taken over from
a dead process is simply run again: at least once here, taken once there.

An attempt that fails is repeated after growing pauses. When all have failed, the flows are told to
give up, so that the file or batch shows it, and the workflow ends in ERROR with the kind and place
of the fault; the others in the queue go on.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from dbos import DBOS, PortableWorkflowError, error

from app.flows.ports import (
    WORKFLOW_ANSWER_FILE,
    WORKFLOW_CUT_OFF,
    WORKFLOW_PROCESS_FILE,
    WORKFLOW_PULL,
    WORKFLOW_SECOND_OPINION,
    WORKFLOW_SWEEP,
    WORKFLOW_TRANSMIT_ANSWER,
    WORKFLOW_TRANSMIT_BATCH,
)

# A workflow that takes its process down with it each time is set aside after so many takeovers.
TAKEOVERS = 10
GIVEN_UP = "given_up"  # attribute of a workflow whose end the flows have been told

_log = logging.getLogger("claimloop.jobs")


class Flows(Protocol):
    """What the workflows call. Each may be called again after any interruption."""

    def process_file(self, tenant_id: UUID, file_id: UUID) -> object: ...

    def transmit_batch(self, tenant_id: UUID, batch_id: UUID) -> object: ...

    def second_opinion(self, tenant_id: UUID, batch_id: UUID) -> object: ...

    def answer_file(self, tenant_id: UUID, file_id: UUID) -> object: ...

    def transmit_answer(self, tenant_id: UUID, answer_id: UUID) -> object: ...

    def pull(self, tenant_id: UUID, partner_id: UUID) -> object: ...

    def cut_off(self, tenant_id: UUID, partner_id: UUID) -> object: ...

    def sweep(self, tenant_id: UUID, same: UUID) -> object:
        """Tenant's work that no file tells of; the second id says the same again."""

    def promise_sweeps(self) -> object:
        """Promise this hour's sweep of every tenant; what is promised already stays promised."""

    def promise_due(self) -> object:
        """Promise what is due by the clock, each once."""

    def give_up(self, *, workflow: str, tenant_id: UUID, subject_id: UUID, fault: str) -> object:
        """Every attempt failed. `fault` is the last one's kind and place, never its text."""


@dataclass(frozen=True)
class Patience:
    """How often a failing flow is tried, and the pauses between: 0.25, 1 and 4 seconds."""

    attempts: int = 4
    first_pause_seconds: float = 0.25
    growth: int = 4


class AttemptFailed(Exception):
    """One attempt at a flow raised. Tells kind and place, never the values in the fault's text."""


def register(
    flows: Flows,
    patience: Patience = Patience(),
    turn: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Hands in what the workflows of this process call.

    `turn` is entered for each attempt at reading a file: where a database has one writer, they
    take turns. Sending takes none, since it waits for a partner most of the time.
    """
    global _registered
    _registered = _Registered(flows, patience, turn)


@DBOS.workflow(name=WORKFLOW_PROCESS_FILE, max_recovery_attempts=TAKEOVERS)
def process_file(tenant_id: str, file_id: str) -> None:
    """Reads an inbound file to its end."""
    registered = _of_this_process()

    def in_turn(tenant: UUID, file: UUID) -> None:
        with registered.turn():
            registered.flows.process_file(tenant, file)

    _carry_out(WORKFLOW_PROCESS_FILE, in_turn, UUID(tenant_id), UUID(file_id))


@DBOS.workflow(name=WORKFLOW_TRANSMIT_BATCH, max_recovery_attempts=TAKEOVERS)
def transmit_batch(tenant_id: str, batch_id: str) -> None:
    """Brings a sealed batch to its trading partner."""
    flows = _of_this_process().flows
    _carry_out(WORKFLOW_TRANSMIT_BATCH, flows.transmit_batch, UUID(tenant_id), UUID(batch_id))


@DBOS.workflow(name=WORKFLOW_SECOND_OPINION, max_recovery_attempts=TAKEOVERS)
def second_opinion(tenant_id: str, batch_id: str) -> None:
    """Asks what a second validator says of a written batch."""
    flows = _of_this_process().flows
    _carry_out(WORKFLOW_SECOND_OPINION, flows.second_opinion, UUID(tenant_id), UUID(batch_id))


@DBOS.workflow(name=WORKFLOW_ANSWER_FILE, max_recovery_attempts=TAKEOVERS)
def answer_file(tenant_id: str, file_id: str) -> None:
    """Writes and seals the TA1 and 999 that a file is answered with."""
    flows = _of_this_process().flows
    _carry_out(WORKFLOW_ANSWER_FILE, flows.answer_file, UUID(tenant_id), UUID(file_id))


@DBOS.workflow(name=WORKFLOW_TRANSMIT_ANSWER, max_recovery_attempts=TAKEOVERS)
def transmit_answer(tenant_id: str, answer_id: str) -> None:
    """Brings a sealed answer to its trading partner."""
    flows = _of_this_process().flows
    _carry_out(WORKFLOW_TRANSMIT_ANSWER, flows.transmit_answer, UUID(tenant_id), UUID(answer_id))


@DBOS.workflow(name=WORKFLOW_PULL, max_recovery_attempts=TAKEOVERS)
def pull(tenant_id: str, partner_id: str) -> None:
    """Looks into a trading partner's folders."""
    flows = _of_this_process().flows
    _carry_out(WORKFLOW_PULL, flows.pull, UUID(tenant_id), UUID(partner_id))


@DBOS.workflow(name=WORKFLOW_CUT_OFF, max_recovery_attempts=TAKEOVERS)
def cut_off(tenant_id: str, partner_id: str) -> None:
    """Batches what is ready for a trading partner."""
    flows = _of_this_process().flows
    _carry_out(WORKFLOW_CUT_OFF, flows.cut_off, UUID(tenant_id), UUID(partner_id))


@DBOS.workflow(name=WORKFLOW_SWEEP, max_recovery_attempts=TAKEOVERS)
def sweep(tenant_id: str, same: str) -> None:
    """Looks for silences, what waits and deadlines that near."""
    registered = _of_this_process()

    def in_turn(tenant: UUID, again: UUID) -> None:
        with registered.turn():
            registered.flows.sweep(tenant, again)

    _carry_out(WORKFLOW_SWEEP, in_turn, UUID(tenant_id), UUID(same))


def promise_sweeps() -> None:
    """Has the flows promise what is due by the clock."""
    _of_this_process().flows.promise_sweeps()


def promise_due() -> None:
    """Has the flows promise what has come due since."""
    _of_this_process().flows.promise_due()


def give_up_what_was_set_aside() -> None:
    """Tells the flows of workflows that took their process down too often; each once."""
    flows = _of_this_process().flows
    for job in DBOS.list_workflows(status="MAX_RECOVERY_ATTEMPTS_EXCEEDED", load_output=False):
        if job.input is None or (job.attributes or {}).get(GIVEN_UP):
            continue
        tenant_id, subject_id = (UUID(text) for text in job.input["args"])
        fault = f"its process ended {job.recovery_attempts or TAKEOVERS} times on the way"
        _log.error("%s of %s gave up: %s", job.name, subject_id, fault)
        flows.give_up(workflow=job.name, tenant_id=tenant_id, subject_id=subject_id, fault=fault)
        DBOS.update_workflow_attributes(job.workflow_id, {GIVEN_UP: True})


@dataclass(frozen=True)
class _Registered:
    flows: Flows
    patience: Patience
    turn: Callable[[], AbstractContextManager[object]]


_registered: _Registered | None = None


def _of_this_process() -> _Registered:
    if _registered is None:
        raise RuntimeError("a workflow was started before jobs.workflows.register(flows)")
    return _registered


def _carry_out(
    workflow: str, flow: Callable[[UUID, UUID], object], tenant_id: UUID, subject_id: UUID
) -> None:
    registered = _of_this_process()
    patience = registered.patience
    last = ""

    def attempt() -> None:
        nonlocal last
        try:
            flow(tenant_id, subject_id)
        except Exception as fault:
            # DBOS logs and stores what an attempt raises, and a fault's own text may quote PHI.
            last = _kind_and_place(fault)
            raise AttemptFailed(last) from None

    try:
        DBOS.run_step(
            {
                "name": workflow,
                "retries_allowed": patience.attempts > 1,
                "max_attempts": patience.attempts,
                "interval_seconds": patience.first_pause_seconds,
                "backoff_rate": patience.growth,
            },
            attempt,
        )
    except _ALL_ATTEMPTS_FAILED as end:
        fault = last or str(end)
        _log.error("%s of %s gave up: %s", workflow, subject_id, fault)
        registered.flows.give_up(
            workflow=workflow, tenant_id=tenant_id, subject_id=subject_id, fault=fault
        )
        raise AttemptFailed(fault) from None


# The last is the recorded end of the attempts, met when this was taken over just before giving up.
# Anything else that DBOS raises (the work is no longer ours) is not a failure of the flow.
_ALL_ATTEMPTS_FAILED = (AttemptFailed, error.DBOSMaxStepRetriesExceeded, PortableWorkflowError)


def _kind_and_place(fault: Exception) -> str:
    """`KeyError at app/flows/remit.py:120`: the innermost line of ours, below this module."""
    package = Path(__file__).parent.parent
    ours = [
        frame
        for frame in traceback.extract_tb(fault.__traceback__)
        if Path(frame.filename).is_relative_to(package) and frame.filename != __file__
    ]
    if not ours:
        return type(fault).__name__
    place = Path(ours[-1].filename).relative_to(package.parent).as_posix()
    return f"{type(fault).__name__} at {place}:{ours[-1].lineno}"
