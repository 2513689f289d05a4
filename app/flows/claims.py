"""From an encounter to its claims: judged by the edits, charged once, ready or held."""

from __future__ import annotations

from uuid import UUID

from app.domain.claim import StoredClaim, patient_control_number, positions_due
from app.domain.encounter import Encounter
from app.domain.errors import NotFound
from app.domain.finding import Finding, blocking
from app.domain.identity import Prefix, public_id
from app.domain.ledger import mirror
from app.domain.lifecycle import Stage
from app.domain.posting import charge_entry
from app.flows.drawing import AGAIN, Drawn, claim_to, draw, draw_again, judge
from app.flows.evidence import own, record
from app.flows.ports import MatchedEvidence, StoredEncounter, UnitOfWork


def build_claims(uow: UnitOfWork, encounter_id: UUID) -> list[StoredClaim]:
    """One claim for each payer position due now; those that stand already stay as they are."""
    stored = uow.encounters.get(encounter_id)
    if stored is None:
        raise NotFound("encounter", public_id(Prefix.ENCOUNTER, encounter_id))
    built = {c.responsibility: c for c in uow.claims.of_encounter(encounter_id)}
    due = positions_due(stored.encounter)
    return [built.get(position) or _build(uow, stored, position) for position in due]


def revise_claims(uow: UnitOfWork, stored: StoredEncounter) -> None:
    """Bring claims that have not left up to a corrected encounter: a new version, judged again."""
    for old in uow.claims.of_encounter(stored.id):
        revise(uow, old, _drawn_as(uow, stored, old))


def revise(uow: UnitOfWork, old: StoredClaim, drawn: Drawn) -> StoredClaim:
    """A claim that has not left, as it is drawn now."""
    new = uow.claims.revise(
        old.id,
        drawn.claim,
        payer_row=drawn.payer_row,
        snapshot=drawn.snapshot,
        findings=drawn.findings,
    )
    uow.next_payers.keep_basis(new.id, new.version, drawn.basis)
    charge_again(uow, old, new)
    record_verdict(uow, new, drawn.findings)
    return new


def validate(uow: UnitOfWork, encounter: Encounter) -> list[Finding]:
    """The edits' findings on an encounter that is not stored, for every position due."""
    return [
        finding
        for position in positions_due(encounter)
        for finding in judge(uow, claim_to(encounter, position), number=None)
    ]


def add_claim(uow: UnitOfWork, encounter_id: UUID, drawn: Drawn, *, number: str) -> StoredClaim:
    """The claim's rows, and what is told of it."""
    added = uow.claims.add(
        drawn.claim,
        encounter_id=encounter_id,
        payer_row=drawn.payer_row,
        patient_control_number=number,
        snapshot=drawn.snapshot,
        findings=drawn.findings,
    )
    uow.next_payers.keep_basis(added.id, added.version, drawn.basis)
    subject = public_id(Prefix.CLAIM, added.id)
    uow.audit("claim.created", subject=subject, detail={"version": added.version})
    uow.event("claim.created", resource=subject)
    return added


def new_number(uow: UnitOfWork) -> str:
    """The number of a claim's first attempt."""
    return patient_control_number(root=uow.next_number("patient_control_number"), attempt=1)


def record_verdict(uow: UnitOfWork, claim: StoredClaim, findings: list[Finding]) -> None:
    """READY, or NEEDS_INFO where a finding holds the claim."""
    stage = Stage.NEEDS_INFO if blocking(findings) else Stage.READY
    codes = ",".join(sorted({f.rule_id for f in findings})) or None
    record(uow, [MatchedEvidence(own(uow, stage, code=codes), (claim.submission_id,))])


def charge_again(uow: UnitOfWork, old: StoredClaim, new: StoredClaim) -> None:
    """Charges that changed or went away are taken back by a mirror entry and charged anew."""
    amounts = {line.charge_id: line.charge for line in new.lines if not line.predetermination}
    entries = []
    for charge_id in {line.charge_id for line in (*old.lines, *new.lines)}:
        posted = uow.journal.entries_of("charge", charge_id)
        reversed_ids = {entry.reverses_id for _, entry in posted}
        standing = [(id, e) for id, e in posted if e.reverses_id is None and id not in reversed_ids]
        amount = amounts.get(charge_id)
        if standing and amount == standing[0][1].lines[0].amount:
            continue
        ordinal = len(posted)
        for entry_id, entry in standing:
            entries.append(mirror(entry, entry_id=entry_id, ordinal=ordinal))
            ordinal += 1
        if amount:
            entries.append(
                charge_entry(
                    charge_id,
                    amount,
                    claim_id=new.id,
                    payer_position=new.responsibility,
                    ordinal=ordinal,
                )
            )
    uow.journal.post(entries)


def _build(uow: UnitOfWork, stored: StoredEncounter, position: str) -> StoredClaim:
    number = new_number(uow)
    drawn = draw(uow, stored, position, number=number)
    added = add_claim(uow, stored.id, drawn, number=number)
    uow.journal.post(
        [
            charge_entry(line.charge_id, line.charge, claim_id=added.id, payer_position=position)
            for line in added.lines
            if not line.predetermination
        ]
    )
    record_verdict(uow, added, drawn.findings)
    return uow.claims.get(added.id) or added


def _drawn_as(uow: UnitOfWork, stored: StoredEncounter, old: StoredClaim) -> Drawn:
    """As the claim asks now: a replacement that has not left stays one."""
    if old.attempt == 1:
        return draw(uow, stored, old.responsibility, number=old.patient_control_number)
    asked = uow.claims.to_send([old.id])[0][1]
    return draw_again(
        uow,
        stored,
        old,
        frequency=old.frequency if old.frequency in AGAIN else "1",
        payer_number=asked.payer_claim_control_number,
        number=old.patient_control_number,
    )
