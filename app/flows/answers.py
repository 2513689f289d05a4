"""Files that came in are answered with TA1 and 999, as their sender's profile says.

A job is promised in the transaction that ends the file. It writes the answers under control numbers
of the partner's row, each taken in a transaction of its own (a number that an interrupted attempt
took is not used again), keeps their bytes, and then seals all of them in one transaction with the
jobs that send them; a file whose answers are sealed is never answered again.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from app.domain.answer import AnswerState, StoredAnswer
from app.domain.errors import NotFound
from app.domain.identity import Prefix, new_id, public_id
from app.domain.partner import AnswerKind, PartnerProfile
from app.domain.transmission import SendState
from app.flows.ports import (
    QUEUE_BATCHES,
    QUEUE_FILES,
    WORKFLOW_ANSWER_FILE,
    WORKFLOW_TRANSMIT_ANSWER,
    FileState,
    RawFiles,
    StoredFile,
    Transports,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.sending import SealedFile, attempt, record_attempt
from app.x12.answers import Taken, WrittenAnswer, write_answers
from app.x12.inbound import Inspection, inspect

_NEVER = frozenset({"TA1", "999", "997"})  # an acknowledgment is not acknowledged


def promise_answer(
    uow: UnitOfWork, file: StoredFile, found: Inspection, *, state: FileState
) -> None:
    """In the transaction that ends the file: the job that answers it, or why nobody can."""
    if found.sets and found.sets <= _NEVER:
        return
    partner, why_not = _sender(uow, found)
    if partner is not None:
        if not _wants(partner, found):
            return
        if state is FileState.QUARANTINED:
            why_not = "It is quarantined: a test file is not answered by a live tenant."
    if why_not:
        uow.answers.add([_none(uow, file, why_not, partner=partner)])
        return
    uow.enqueue(
        WORKFLOW_ANSWER_FILE,
        queue=QUEUE_FILES,
        workflow_id=f"answer-{file.id}",
        args=[str(uow.tenant.id), str(file.id)],
    )


def refuses_whole_sets(uow: UnitOfWork, found: Inspection) -> bool:
    """Whether the sender is told by a 999, which takes a transaction set or refuses it."""
    partner, _ = _sender(uow, found)
    return (
        partner is not None
        and AnswerKind.IMPLEMENTATION in partner.answers
        and _wants(partner, found)
    )


def answer_file(units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, file_id: UUID) -> None:
    """Write and seal the answers to a file that is done; safe to run again from any point."""
    with units(tenant_id, actor="system") as uow:
        file = uow.files.get(file_id)
        if file is None:
            raise NotFound("file", public_id(Prefix.FILE, file_id))
        if uow.answers.of_file(file_id):
            return
        at = uow.clock.now()
    with raw.open(tenant_id, file.sha256) as source:
        found = inspect(source)
    with units(tenant_id, actor="system") as uow:
        partner, _ = _sender(uow, found)
    if partner is None or not _wants(partner, found):
        return  # the profile has changed since
    with raw.open(tenant_id, file.sha256) as source:
        written = write_answers(
            source,
            taken=_taken(file, found),
            wanted=partner.answers,
            at=at,
            control_numbers=_numbers(units, tenant_id, partner.id),
        )
    hashes = [raw.put(tenant_id, answer.data) if answer.data else None for answer in written]
    with units(tenant_id, actor="system") as uow:
        uow.files.get(file_id)  # held: of two attempts, the second finds the first one's answers
        if uow.answers.of_file(file_id):
            return
        for ordinal, (answer, sha256) in enumerate(zip(written, hashes, strict=True), start=1):
            _seal(uow, file, partner, answer, ordinal=ordinal, sha256=sha256)


def transmit_answer(
    units: UnitsOfWork, raw: RawFiles, transports: Transports, *, tenant_id: UUID, answer_id: UUID
) -> AnswerState:
    """Hand a sealed answer to the partner; safe to repeat until the outcome is on record.

    What failed is tried again by the schedule, with the same bytes under the same name.
    """
    name = public_id(Prefix.ANSWER, answer_id)
    with units(tenant_id, actor="system") as uow:
        answer = uow.answers.get(answer_id)
        if answer is None:
            raise NotFound("answer", name)
        if not answer.state.waits:
            return answer.state
        partner = uow.partners.get(answer.partner_id) if answer.partner_id else None
    if partner is None or answer.file_name is None or answer.sha256 is None:
        raise LookupError("a sealed answer has a partner, a name and bytes")
    file = SealedFile(answer_id, WORKFLOW_TRANSMIT_ANSWER, answer.file_name, answer.sha256)
    attempted = attempt(units, raw, transports, tenant_id=tenant_id, partner=partner, file=file)
    if attempted is None:
        return answer.state
    state = _AFTER_SENDING[attempted.outcome.state]
    with units(tenant_id, actor="system") as uow:
        uow.answers.get(answer_id)  # held
        if not record_attempt(uow, file, attempted):
            return answer.state
        uow.answers.mark(answer_id, state)
        uow.audit(f"answer.{state.lower()}", subject=name, detail={"sha256": answer.sha256})
    return state


def answer_given_up(uow: UnitOfWork, file_id: UUID, fault: str) -> None:
    """Every attempt to write the answers failed by our own fault."""
    file = uow.files.get(file_id)
    if file is not None and not uow.answers.of_file(file_id):
        reason = f"Claimloop could not write the answer ({fault})."
        uow.answers.add([_none(uow, file, reason, partner=None)])


_AFTER_SENDING = {
    SendState.SENT: AnswerState.TRANSMITTED,
    SendState.UNKNOWN: AnswerState.SEND_UNKNOWN,
    SendState.FAILED: AnswerState.FAILED_TRANSPORT,
}


def _sender(uow: UnitOfWork, found: Inspection) -> tuple[PartnerProfile | None, str]:
    """The trading partner that all interchanges of the file are from, or why there is none."""
    if not found.envelopes:
        return None, "It has no interchange that can be read, so its sender is not known."
    if len(found.envelopes) > 1:
        return None, "Its interchanges have several senders or receivers; none of them is answered."
    (envelope,) = found.envelopes
    for partner in uow.partners.all():
        if (*partner.envelope[2:], *partner.envelope[:2]) == envelope:
            return partner, ""
    return None, "No trading partner has the ids that its ISA05 to ISA08 name."


def _wants(partner: PartnerProfile, found: Inspection) -> bool:
    """Whether its profile asks for an answer to such a file; one without ST is any file."""
    return bool(partner.answers) and (
        not found.sets or not found.sets.isdisjoint(partner.answers_to)
    )


def _taken(file: StoredFile, found: Inspection) -> Taken:
    if file.state is FileState.FAILED:
        return Taken.FAILED
    return Taken.CHECKED if "837" in found.sets else Taken.BOOKED


def _numbers(units: UnitsOfWork, tenant_id: UUID, partner_id: UUID) -> Iterator[int]:
    while True:
        with units(tenant_id, actor="system") as uow:
            number = uow.partners.take_control_numbers(partner_id).interchange
        yield number


def _seal(
    uow: UnitOfWork,
    file: StoredFile,
    partner: PartnerProfile,
    written: WrittenAnswer,
    *,
    ordinal: int,
    sha256: str | None,
) -> None:
    received = written.received_control_number or None
    if sha256 is None:
        reason = written.reason[:1].upper() + written.reason[1:] + "."
        uow.answers.add(
            [_none(uow, file, reason, partner=partner, ordinal=ordinal, received=received)]
        )
        return
    answer = StoredAnswer(
        id=new_id(uow.clock),
        file_id=file.id,
        ordinal=ordinal,
        state=AnswerState.SEALED,
        created_at=uow.clock.now(),
        partner_id=partner.id,
        received_control_number=received,
        interchange_control_number=written.control_number,
        contents=written.contents,
        verdict=written.verdict,
        file_name=partner.name_of_file(
            kind=written.contents, number=written.control_number, day=uow.clock.now().date()
        ),
        sha256=sha256,
    )
    uow.answers.add([answer])
    name = public_id(Prefix.ANSWER, answer.id)
    uow.audit("answer.sealed", subject=name, detail={"sha256": sha256})
    uow.event(
        "file.answered",
        resource=public_id(Prefix.FILE, file.id),
        data={"answer": name, "contents": written.contents, "verdict": written.verdict},
    )
    uow.enqueue(
        WORKFLOW_TRANSMIT_ANSWER,
        queue=QUEUE_BATCHES,
        workflow_id=f"transmit-answer-{answer.id}",
        args=[str(uow.tenant.id), str(answer.id)],
    )


def _none(
    uow: UnitOfWork,
    file: StoredFile,
    reason: str,
    *,
    partner: PartnerProfile | None,
    ordinal: int = 0,
    received: str | None = None,
) -> StoredAnswer:
    return StoredAnswer(
        id=new_id(uow.clock),
        file_id=file.id,
        ordinal=ordinal,
        state=AnswerState.NONE,
        created_at=uow.clock.now(),
        partner_id=partner.id if partner else None,
        received_control_number=received,
        reason=reason,
    )
