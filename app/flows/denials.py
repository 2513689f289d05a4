"""Denials: made when a payment posts, judged again whenever money moves, decided by people.

Posting calls `denials_of` and `denials_reversed`; both are safe to repeat. Whoever changes a denial
holds its claim first, so that posting and people never wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.clock import local_date
from app.domain.denial import Decided, Facts, FoundDenial, How, Verdict, found_in, judge
from app.domain.denial_categories import Category, Window
from app.domain.denial_record import DenialAct, NewDenial, StoredDenial
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, new_id, public_id
from app.domain.ledger import Account, JournalEntry, mirror, transfer
from app.domain.money import ZERO, money_text
from app.domain.payer_terms import PayerWindows, deadline, program_of, terms_on
from app.domain.task import NewTask, TaskType
from app.flows.appeal_verdicts import decide_by_payment
from app.flows.ports import Added, Amounts, PaymentOutcome, PaymentState, UnitOfWork

ENOUGH_HISTORY = 20  # decided denials of a payer and category, before their rate is believed
WRITE_OFF = "write_off"  # source type of the journal entries; the source is the act


def denials_of(uow: UnitOfWork, outcomes: Sequence[PaymentOutcome]) -> None:
    """Make the denials of posted payments, and judge those of every claim they touch.

    To be called when the payments are stored and their amounts are on the claims.
    """
    posted = [o for o in outcomes if o.state is PaymentState.POSTED and o.claim is not None]
    found = [(o, denial) for o in posted for denial in found_in(o.payment, o.outcome)]
    touched = sorted({o.claim.id for o in posted if o.claim})
    denied = uow.denials.denied_claims(touched) | {o.claim.id for o, _ in found if o.claim}
    if found:
        new = _new_denials(uow, found)
        made = uow.denials.add(new)
        for denial in new:
            if denial.id in made:
                uow.event("denial.created", resource=public_id(Prefix.DENIAL, denial.id))
        today = local_date(uow.clock, uow.tenant.time_zone)
        uow.tasks.begin([_task(d, d.found.counted) for d in new if d.id in made], today=today)
    judge_again(uow, denied)


def denials_reversed(uow: UnitOfWork, payment_ids: Sequence[UUID]) -> None:
    """These payments stand no more (or stand again): judge what they told or closed."""
    judge_again(uow, uow.denials.claims_of_payments(payment_ids))


def judge_again(uow: UnitOfWork, claim_ids: Iterable[UUID]) -> None:
    """Keep the verdict on every denial of these claims, and tell of those that changed."""
    ids = sorted(set(claim_ids))
    if not ids:
        return
    claims = uow.claims.held(ids)
    denials = uow.denials.of_claims(ids)
    decisions = uow.denials.decisions(ids)
    for id in ids:
        verdicts = verdicts_on(denials[id], decisions[id], claims[id])
        before = {denial.id: denial for denial in denials[id]}
        changed = {n: v for n, v in verdicts.items() if v != before[n].verdict}
        uow.denials.keep(changed)
        for denial_id, verdict in changed.items():
            _tell(uow, before[denial_id], verdict)
        gone = [before[n] for n, verdict in changed.items() if verdict.how is How.REVERSED]
        owed_again = [denial for denial in gone if _owed_again(uow, denial)]
        if owed_again:
            judge_again(uow, [id])
    # A filed appeal that its denials' verdicts decide is decided with them.
    decide_by_payment(uow, ids)


def verdicts_on(
    denials: Sequence[StoredDenial], decisions: Sequence[Decided], claim: StoredClaim
) -> dict[UUID, Verdict]:
    """Where each denial of the claim stands by its payments, its books and what people decided."""
    return judge(
        [_facts(denial) for denial in denials],
        decisions,
        lines_open={line.id: line.balance for line in claim.lines},
        claim_open=claim.balance,
    )


# ── What people decide ─────────────────────────────────────────────────────


def assign(uow: UnitOfWork, denial_id: UUID, *, to: str | None) -> StoredDenial:
    """Give a denial to somebody, or to nobody."""
    denial, _ = _held(uow, denial_id)
    uow.denials.add_act(denial_id, "assigned", assigned_to=to)
    uow.denials.mark(denial_id, by_person=denial.by_person, assigned_to=to)
    uow.audit("denial.assigned", subject=public_id(Prefix.DENIAL, denial_id))
    return _now(uow, denial_id)


def dismiss(uow: UnitOfWork, denial_id: UUID, *, reason: str) -> StoredDenial:
    """It needs no work. No money moves: what is owed stays owed."""
    denial, _ = _held(uow, denial_id, state="open")
    uow.denials.add_act(denial_id, "dismissed", reason=reason)
    return _decided(uow, denial, How.DISMISSED, "denial.dismissed")


def write_off(
    uow: UnitOfWork,
    denial_id: UUID,
    *,
    reason: str,
    amount: Decimal | None,
    limit: Decimal | None,
) -> StoredDenial:
    """Give up what a denial has at stake, or a part of it: receivable_payer to write_off.

    `limit` is what the caller may write off of one denial; None: any amount. Raises Conflict for
    more than is open, or more than the limit.
    """
    denial, claim = _held(uow, denial_id, state="open")
    at_stake = denial.verdict.at_stake
    taken = at_stake if amount is None else amount
    if not ZERO < taken <= at_stake:
        raise Conflict(
            f"{money_text(at_stake)} of this denial is open.",
            do="Write off an amount above zero and not above that.",
        )
    standing = [act.amount or ZERO for act in _write_offs(uow, denial_id)]
    if limit is not None and sum(standing, taken) > limit:
        raise Conflict(
            f"More than {money_text(limit)} of one denial is written off by the role admin alone.",
            do="Ask an administrator, or write off less.",
        )
    act = uow.denials.add_act(denial_id, "written_off", amount=taken, reason=reason)
    line = next((x for x in claim.lines if x.id == denial.new.line_id), None)
    entry = JournalEntry(
        source_type=WRITE_OFF,
        source_id=act.id,
        lines=transfer(
            debit=Account.WRITE_OFF,
            credit=Account.RECEIVABLE_PAYER,
            amount=taken,
            charge_id=line.charge_id if line else None,
            claim_id=claim.id,
            payer_position=claim.responsibility,
        ),
        effective_date=local_date(uow.clock, uow.tenant.time_zone),
    )
    uow.journal.post([entry])
    _adjust(uow, denial, taken)
    whole = How.WRITTEN_OFF if taken == at_stake else None
    return _decided(uow, denial, whole, "denial.written_off", amount=taken)


def reopen(uow: UnitOfWork, denial_id: UUID, *, reason: str) -> StoredDenial:
    """Take back what people decided: write-offs by mirror entries, a dismissal by forgetting it."""
    denial, _ = _held(uow, denial_id)
    standing = _write_offs(uow, denial_id)
    if denial.by_person is None and not standing:
        raise Conflict(
            "No person closed this denial.", do="It opens by itself when its money is owed again."
        )
    _take_back(uow, denial, standing, reason=reason)
    return _decided(uow, denial, None, "denial.reopened")


def _new_denials(
    uow: UnitOfWork, found: Sequence[tuple[PaymentOutcome, FoundDenial]]
) -> list[NewDenial]:
    decided = uow.denials.decided(sorted({outcome.id for outcome, _ in found}))
    claims = {o.claim.id: o.claim for o, _ in found if o.claim}
    asked = uow.claims.filing_codes(sorted(claims))
    programs = {id: program_of(code) for id, code in asked.items()}
    own: dict[UUID | None, list[PayerWindows]] = {
        row: uow.denials.terms(row) if row else []
        for row in {claim.payer_row for claim in claims.values()}
    }
    today = local_date(uow.clock, uow.tenant.time_zone)
    chances = _Chances(uow)
    new = []
    for outcome, denial in found:
        claim = outcome.claim
        assert claim is not None, "only payments of claims have denials"
        remittance_id, day = decided[outcome.id]
        decided_on = day or today
        terms = terms_on(
            decided_on, program=programs.get(claim.id, program_of(None)), own=own[claim.payer_row]
        )
        line_id = outcome.lines.get(denial.service_ordinal)
        line = next((x for x in claim.lines if x.id == line_id), None)
        new.append(
            NewDenial(
                id=new_id(uow.clock),
                claim_id=claim.id,
                payment_id=outcome.id,
                remittance_id=remittance_id,
                line_id=line_id,
                adjudicated_on=day,
                payer_id=claim.payer_id,
                payer_name=claim.payer_name,
                procedure_code=line.procedure.code if line else None,
                found=chances.on(denial, claim.payer_id),
                deadline=deadline(
                    denial.advice.window, terms, decided=decided_on, served=claim.first_service_date
                ),
                appeal_deadline=(
                    deadline(Window.APPEAL, terms, decided=decided_on, served=None)
                    if denial.advice.appealable
                    else None
                ),
            )
        )
    return new


class _Chances:
    """Our own history with a payer goes before the table, where there is enough of it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[tuple[str | None, Category], Decimal | None] = {}

    def on(self, denial: FoundDenial, payer_id: str | None) -> FoundDenial:
        key = payer_id, denial.advice.category
        if key not in self._known:
            won, lost = self._uow.denials.history(payer_id, denial.advice.category)
            enough = won + lost >= ENOUGH_HISTORY
            self._known[key] = Decimal(won) / (won + lost) if enough else None
        chance = self._known[key]
        if chance is None:
            return denial
        chance = chance.quantize(Decimal("0.001"))
        return replace(denial, advice=replace(denial.advice, chance=chance))


def _facts(denial: StoredDenial) -> Facts:
    return Facts(
        id=denial.id,
        payment_id=denial.new.payment_id,
        line_id=denial.new.line_id,
        counted=denial.new.found.counted,
        category=denial.new.found.advice.category,
        by_person=denial.by_person,
        appealed=denial.appealed,
    )


def _tell(uow: UnitOfWork, before: StoredDenial, verdict: Verdict) -> None:
    """Events and tasks follow the verdict; what is at stake changes without an event."""
    name = public_id(Prefix.DENIAL, before.id)
    today = local_date(uow.clock, uow.tenant.time_zone)
    task = _task(before.new, verdict.at_stake)
    if verdict.how is not None:
        uow.tasks.end(TaskType.DENIAL, {before.id: verdict.how})
        if before.verdict.is_open:
            uow.event("denial.resolved", resource=name, data={"how": verdict.how})
    elif before.verdict.is_open:
        uow.tasks.change([task], today=today)
    else:
        uow.tasks.begin([task], today=today)
        uow.event("denial.reopened", resource=name)


def _task(denial: NewDenial, at_stake: Decimal) -> NewTask:
    """One task a denial."""
    advice = denial.found.advice
    return NewTask(
        type=TaskType.DENIAL,
        category=advice.category,
        subject_id=denial.id,
        claim_id=denial.claim_id,
        owner=advice.owner,
        amount=at_stake,
        chance=advice.chance,
        due=denial.deadline,
    )


def _held(
    uow: UnitOfWork, denial_id: UUID, *, state: str | None = None
) -> tuple[StoredDenial, StoredClaim]:
    """The denial with its claim held; raises Conflict when it is closed and has to be open."""
    named = uow.denials.get(denial_id)
    if named is None:
        raise NotFound("denial", "of this id")
    claim = uow.claims.held([named.new.claim_id])[named.new.claim_id]
    denial = _now(uow, denial_id)
    if state == "open" and not denial.verdict.is_open:
        raise Conflict(f"The denial is closed ({denial.verdict.how}).", do="Nothing was changed.")
    return denial, claim


def _now(uow: UnitOfWork, denial_id: UUID) -> StoredDenial:
    denial = uow.denials.get(denial_id)
    if denial is None:
        raise NotFound("denial", "of this id")
    return denial


def _write_offs(uow: UnitOfWork, denial_id: UUID) -> list[DenialAct]:
    """Those that were not taken back."""
    standing: list[DenialAct] = []
    for act in uow.denials.acts(denial_id):
        if act.act == "written_off":
            standing.append(act)
        elif act.act == "reopened":
            standing.clear()
    return standing


def _owed_again(uow: UnitOfWork, denial: StoredDenial) -> bool:
    """The decision a write-off gave up on does not stand any more, so neither does the write-off:
    what the payer decides next is about all of the charge.
    """
    standing = _write_offs(uow, denial.id)
    if not standing:
        return False
    _take_back(uow, denial, standing, reason="the payer's decision was taken back")
    uow.denials.mark(denial.id, by_person=None, assigned_to=denial.assigned_to)
    amount = sum((act.amount or ZERO for act in standing), ZERO)
    uow.audit(
        "denial.write_off_taken_back",
        subject=public_id(Prefix.DENIAL, denial.id),
        detail={"amount": money_text(amount)},
    )
    return True


def _take_back(
    uow: UnitOfWork, denial: StoredDenial, standing: Sequence[DenialAct], *, reason: str
) -> None:
    """Write-offs by mirror entries."""
    for act in standing:
        posted = uow.journal.entries_of(WRITE_OFF, act.id)
        [(entry_id, entry)] = posted
        uow.journal.post([mirror(entry, entry_id=entry_id, ordinal=len(posted))])
        _adjust(uow, denial, -(act.amount or ZERO))
    uow.denials.add_act(denial.id, "reopened", reason=reason)


def _adjust(uow: UnitOfWork, denial: StoredDenial, amount: Decimal) -> None:
    change = Amounts(paid=ZERO, adjusted=amount, patient_responsibility=ZERO)
    line_id = denial.new.line_id
    lines = {line_id: change} if line_id else {}
    uow.claims.add_amounts([Added(denial.new.claim_id, change, lines)])


def _decided(
    uow: UnitOfWork, denial: StoredDenial, how: How | None, action: str, **detail: Decimal
) -> StoredDenial:
    uow.denials.mark(denial.id, by_person=how, assigned_to=denial.assigned_to)
    figures = {name: money_text(amount) for name, amount in detail.items()}
    uow.audit(action, subject=public_id(Prefix.DENIAL, denial.id), detail=figures)
    judge_again(uow, [denial.new.claim_id])
    return _now(uow, denial.id)
