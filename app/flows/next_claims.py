"""The claim to the next payer: built when one payer has decided, kept true while that changes.

What an earlier payer gave away is the next one's to owe. It moves by the earlier payer's own
posting (the patient's share), or, where that payer denied it to the patient, when the next claim is
built. Nothing is charged again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from app.documents.snapshot import snapshot_bytes
from app.domain.claim import PRIMARY, StoredClaim
from app.domain.crossover import is_clearly_of, position_paying, why_not_due
from app.domain.edits.decisions import NEXT_PAYER_DUE
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.ledger import JournalEntry, JournalLine, mirror
from app.domain.lifecycle import Evidence, ReportedBy, Stage
from app.domain.money import ZERO
from app.domain.next_payer import Adjudicated, given_away
from app.domain.posting import HANDED_ON, handed_on
from app.domain.remittance import ClaimPayment, Remittance
from app.domain.work_settings import BillNext
from app.flows.claims import add_claim, new_number, record_verdict, revise
from app.flows.denials import judge_again
from app.flows.drawing import draw, draw_again
from app.flows.evidence import at_midnight, record
from app.flows.ports import MatchedEvidence, StoredEncounter, UnitOfWork, UnitsOfWork

# Stages of a claim that has not left: it follows what the payers before it decide.
PAGE = 200
UNSENT = frozenset({Stage.DRAFT, Stage.NEEDS_INFO, Stage.ON_HOLD, Stage.READY})


def bill_next(
    uow: UnitOfWork, claim_id: UUID, *, reason: str | None = None
) -> tuple[StoredClaim, bool]:
    """The claim to the payer behind this claim's, and whether it is new.

    Raises NotFound, and Conflict where that payer is not due. `reason` is a person's, who asks it
    although this payer sent the claim on itself, denied it, or left nothing to ask for.
    """
    claim = uow.claims.get(claim_id)
    if claim is None:
        raise NotFound("claim", public_id(Prefix.CLAIM, claim_id))
    if claim.next_position is None or claim.predetermination:
        raise Conflict(
            f"No payer is left to ask behind the one in position {claim.responsibility}.",
            do="What it leaves is the patient's; or send the encounter with the next coverage.",
        )
    stands = _claim_at(uow, claim, claim.next_position)
    if stands is not None:
        if reason and _is_held(uow, stands):
            _tell_anew(uow, stands, all_the_same=True)
        return uow.claims.get(stands.id) or stands, False
    found = uow.next_payers.adjudications(claim.id)
    obstacle = why_not_due(found)
    if obstacle is not None and not (reason and obstacle.insist):
        raise Conflict(obstacle.what, do=obstacle.do)
    stored = _encounter(uow, claim)
    number = new_number(uow)
    drawn = draw(uow, stored, claim.next_position, number=number, all_the_same=obstacle is not None)
    added = add_claim(uow, stored.id, drawn, number=number)
    hand_on(uow, claim, added, found)
    uow.next_payers.restate(stored.id)
    # What the next payer is asked for is no longer at stake in a denial of this one.
    judge_again(uow, uow.denials.denied_claims([claim.id]))
    subject = public_id(Prefix.CLAIM, claim.id)
    detail = {"next": public_id(Prefix.CLAIM, added.id)} | ({"reason": reason} if reason else {})
    uow.audit("claim.next_billed", subject=subject, detail=detail)
    record_verdict(uow, added, drawn.findings)
    return uow.claims.get(added.id) or added, True


def bill_next_of_all(
    uow: UnitOfWork, claim_ids: Sequence[UUID], *, reason: str | None = None
) -> list[StoredClaim]:
    """The claims to the payers behind these, all of them or, with Conflict, none."""
    found = []
    for id in dict.fromkeys(claim_ids):
        try:
            found.append(bill_next(uow, id, reason=reason)[0])
        except Conflict as refused:
            name = public_id(Prefix.CLAIM, id)
            raise Conflict(f"Claim {name}: {refused.what}", do=refused.do) from refused
    return found


def bill_due(units: UnitsOfWork, *, tenant_id: UUID) -> None:
    """Ask every next payer that is due, where the tenant wants no person to do it.

    A claim that is refused stays on its worklist, as without this.
    """
    after: UUID | None = None
    while True:
        with units(tenant_id, actor="system") as uow:
            if uow.settings.get().bill_next is not BillNext.AUTOMATIC:
                return
            due = uow.next_payers.due(limit=PAGE, after=after)
        for id in due:
            with suppress(Conflict), units(tenant_id, actor="system") as uow:
                bill_next(uow, id)
        if len(due) < PAGE:
            return
        after = due[-1]


def follow(uow: UnitOfWork, claim_ids: Collection[UUID]) -> None:
    """After postings to these claims: claims behind them that have not left tell what holds now.

    One that tells of a decision which was taken back is held by edit COB01 until the next decision
    comes. One that has left stands in wl_claims_secondary_to_replace.
    """
    for claim_id, behind in uow.next_payers.behind(claim_ids).items():
        giver = uow.claims.get(claim_id)
        assert giver is not None, "what stands behind a claim names it"
        uow.next_payers.restate(giver.encounter_id)
        found = uow.next_payers.adjudications(claim_id)
        for claim in behind:
            follows = claim.stage in UNSENT or claim.stage is Stage.FORWARDED
            if claim.responsibility == giver.next_position and follows:
                hand_on(uow, giver, claim, found)
                uow.next_payers.restate(giver.encounter_id)
                judge_again(uow, uow.denials.denied_claims([giver.id]))
            if claim.stage in UNSENT:
                _tell_anew(uow, claim, all_the_same=_was_asked_all_the_same(uow, claim))


def answering(
    uow: UnitOfWork, remittance: Remittance, payment: ClaimPayment, claim: StoredClaim | None
) -> StoredClaim | None:
    """The claim that a payment under this claim's number is of: its own, or, where a payer behind
    it pays by crossover, that payer's, which is made if there is none. It knows what the claims to
    the other payers hold open."""
    if claim is None:
        return None
    if claim.next_position is None and claim.responsibility == PRIMARY:
        return claim
    own_number = (claim.submission_id, claim.patient_control_number)
    claim = replace(
        uow.claims.held([claim.id])[claim.id],
        submission_id=own_number[0],
        patient_control_number=own_number[1],
    )
    if claim.next_position is None:
        return claim
    counts_itself_later = payment.status in ("2", "3", "20", "21")
    own = is_clearly_of(remittance, claim.payer_id, claim.payer_name)
    if own and not counts_itself_later:
        return claim
    stored = _encounter(uow, claim)
    asked = stored.encounter.coverage(claim.responsibility)
    if asked is None:
        return claim
    later = [c for c in stored.encounter.coverages if c.rank > asked.rank and not c.settled]
    position = position_paying(remittance, payment, asked=asked, later=later)
    if position == claim.responsibility:
        return claim
    paid = _claim_at(uow, claim, position) or _crossed_over(
        uow, stored, position, remittance, giver=claim
    )
    number = paid.patient_control_number
    return uow.claims.by_patient_control_number([number])[number]


def hand_on(
    uow: UnitOfWork, giver: StoredClaim, taker: StoredClaim, found: Sequence[Adjudicated]
) -> None:
    """Move what `giver`'s payer left to the patient and the books still hold open with it, such as
    a denial under group PR; what an earlier entry moved and no longer is so goes back."""
    giver = uow.claims.get(giver.id) or giver
    posted = uow.journal.entries_of(HANDED_ON, taker.id)
    taken_back = {entry.reverses_id for _, entry in posted}
    standing = [(id, e) for id, e in posted if e.reverses_id is None and id not in taken_back]
    moved = [line for _, entry in standing for line in entry.lines]
    wanted = _left_open(giver, taker, found, moved)
    if moved == wanted:
        return
    entries = [
        mirror(entry, entry_id=id, ordinal=len(posted) + n)
        for n, (id, entry) in enumerate(standing)
    ]
    if wanted:
        entries.append(
            JournalEntry(
                source_type=HANDED_ON,
                source_id=taker.id,
                lines=tuple(wanted),
                ordinal=len(posted) + len(entries),
            )
        )
    uow.journal.post(entries)


def _left_open(
    giver: StoredClaim,
    taker: StoredClaim,
    found: Sequence[Adjudicated],
    moved: Sequence[JournalLine],
) -> list[JournalLine]:
    """All that was left to the patient but is not posted as the patient's, as far as it is open."""
    before = {x.charge_id: x.amount for x in moved if x.payer_position == taker.responsibility}
    by_lines = sum((line.patient_responsibility for line in giver.lines), ZERO)
    places: list[tuple[UUID | None, int | None, Decimal, Decimal]] = [
        (line.charge_id, place, line.patient_responsibility, line.balance)
        for place, line in enumerate(giver.lines)
    ]
    places.append((None, None, giver.patient_responsibility - by_lines, giver.balance))
    lines: list[JournalLine] = []
    for charge_id, place, posted, balance in places:
        left = given_away(found, line=place) - posted
        amount = min(left, balance + before.get(charge_id, ZERO))
        if amount > ZERO:
            lines += handed_on(charge_id=charge_id, amount=amount, giver=giver, taker=taker)
    return lines


def _was_asked_all_the_same(uow: UnitOfWork, claim: StoredClaim) -> bool:
    """Whether it was not due by what it tells of, so that a person must have asked for it."""
    claims = uow.claims.of_encounter(claim.encounter_id)
    giver = next((c for c in claims if c.next_position == claim.responsibility), None)
    if giver is None or _is_held(uow, claim):
        return False
    told = uow.next_payers.basis(claim.id)
    known = [f for f in uow.next_payers.adjudications(giver.id) if f.id in told]
    return bool(known) and why_not_due(known) is not None


def _is_held(uow: UnitOfWork, claim: StoredClaim) -> bool:
    """By edit COB06: the payer before has left nothing to ask this one for."""
    shown = uow.claims.get(claim.id)
    return shown is not None and any(f.rule_id == NEXT_PAYER_DUE for f in shown.findings)


def _tell_anew(uow: UnitOfWork, claim: StoredClaim, *, all_the_same: bool) -> None:
    """A version that tells what the books say now, if that is another thing."""
    stored = _encounter(uow, claim)
    number = claim.patient_control_number
    asked = uow.claims.to_send([claim.id])[0][1]
    if claim.attempt == 1:
        drawn = draw(uow, stored, claim.responsibility, number=number, all_the_same=all_the_same)
    else:
        drawn = draw_again(
            uow,
            stored,
            claim,
            frequency=claim.frequency,
            payer_number=asked.payer_claim_control_number,
            number=number,
        )
    same = drawn.snapshot == snapshot_bytes(asked) and not _is_held(uow, claim)
    if not same or drawn.basis != uow.next_payers.basis(claim.id):
        revise(uow, claim, drawn)


def _crossed_over(
    uow: UnitOfWork,
    stored: StoredEncounter,
    position: str,
    remittance: Remittance,
    *,
    giver: StoredClaim,
) -> StoredClaim:
    """The record of a claim that we did not send: an earlier payer did, and says so of its own."""
    number = new_number(uow)
    drawn = draw(uow, stored, position, number=number)
    drawn = replace(drawn, findings=[], basis=frozenset())
    added = add_claim(uow, stored.id, drawn, number=number)
    hand_on(uow, giver, added, uow.next_payers.adjudications(giver.id))
    uow.next_payers.restate(stored.id)
    fact = Evidence(
        Stage.FORWARDED,
        ReportedBy.PAYER,
        at_midnight(remittance.effective_date),
        kind="835",
        code="crossover",
    )
    record(uow, [MatchedEvidence(fact, (added.submission_id,))])
    return added


def _claim_at(uow: UnitOfWork, claim: StoredClaim, position: str) -> StoredClaim | None:
    claims = uow.claims.of_encounter(claim.encounter_id)
    return next((c for c in claims if c.responsibility == position), None)


def _encounter(uow: UnitOfWork, claim: StoredClaim) -> StoredEncounter:
    stored = uow.encounters.get(claim.encounter_id)
    assert stored is not None, "a claim has its encounter"
    return stored
