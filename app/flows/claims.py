"""From an encounter to its claims: judged by the edits, charged once, ready or held."""

from __future__ import annotations

from uuid import UUID

from app.documents.snapshot import snapshot_bytes
from app.domain.claim import Claim, StoredClaim, patient_control_number, positions_due
from app.domain.clock import local_date
from app.domain.encounter import Encounter
from app.domain.errors import NotFound
from app.domain.finding import Finding, blocking
from app.domain.identity import Prefix, public_id
from app.domain.ledger import mirror
from app.domain.lifecycle import Stage
from app.domain.posting import charge_entry
from app.domain.scrub import ScrubContext, scrub
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
        claim = _claim(stored.encounter, old.responsibility)
        findings = judge(uow, claim, number=old.patient_control_number)
        new = uow.claims.revise(
            old.id,
            claim,
            payer_row=_payer_row(uow, claim),
            snapshot=snapshot_bytes(claim),
            findings=findings,
        )
        _charge_again(uow, old, new)
        _record_verdict(uow, new, findings)


def validate(uow: UnitOfWork, encounter: Encounter) -> list[Finding]:
    """The edits' findings on an encounter that is not stored, for every position due."""
    return [
        finding
        for position in positions_due(encounter)
        for finding in judge(uow, _claim(encounter, position), number=None)
    ]


def judge(uow: UnitOfWork, claim: Claim, *, number: str | None) -> list[Finding]:
    """Run the edits with what they may know of today, the payer and our numbers."""

    def served(payer_id: str) -> bool | None:
        payer = uow.payers.find(payer_id)
        return None if payer is None else payer.served

    context = ScrubContext(
        today=local_date(uow.clock, uow.tenant.time_zone),
        responsibility=claim.responsibility,
        payer_served=served,
        patient_control_number=number,
    )
    return scrub(claim.encounter, context)


def _build(uow: UnitOfWork, stored: StoredEncounter, position: str) -> StoredClaim:
    claim = _claim(stored.encounter, position)
    number = patient_control_number(root=uow.next_number("patient_control_number"), attempt=1)
    payer_row = _payer_row(uow, claim)
    findings = judge(uow, claim, number=number)
    added = uow.claims.add(
        claim,
        encounter_id=stored.id,
        payer_row=payer_row,
        patient_control_number=number,
        snapshot=snapshot_bytes(claim),
        findings=findings,
    )
    uow.journal.post(
        [
            charge_entry(line.charge_id, line.charge, claim_id=added.id, payer_position=position)
            for line in added.lines
            if not line.predetermination
        ]
    )
    subject = public_id(Prefix.CLAIM, added.id)
    uow.audit("claim.created", subject=subject, detail={"version": added.version})
    uow.event("claim.created", resource=subject)
    _record_verdict(uow, added, findings)
    return uow.claims.get(added.id) or added


def _claim(encounter: Encounter, position: str) -> Claim:
    return Claim(
        encounter,
        responsibility=position,
        frequency=encounter.claim_frequency_code,
        payer_claim_control_number=encounter.claim_control_number,
    )


def _payer_row(uow: UnitOfWork, claim: Claim) -> UUID | None:
    coverage = claim.coverage
    if not coverage.payer_id or not coverage.payer_name:
        return None
    return uow.payers.ensure(payer_id=coverage.payer_id, name=coverage.payer_name).id


def _record_verdict(uow: UnitOfWork, claim: StoredClaim, findings: list[Finding]) -> None:
    stage = Stage.NEEDS_INFO if blocking(findings) else Stage.READY
    codes = ",".join(sorted({f.rule_id for f in findings})) or None
    record(uow, [MatchedEvidence(own(uow, stage, code=codes), (claim.submission_id,))])


def _charge_again(uow: UnitOfWork, old: StoredClaim, new: StoredClaim) -> None:
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
        if amount is not None:
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
