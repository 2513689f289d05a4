"""Deposits in, and joined with the remittances they pay; posts nothing to the ledger.

Cash is booked by the remittance (BPR02). What a bank says confirms it, or shows a poster where the
two differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.deposit import Deposit, StoredDeposit, recognised, trace_key
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.money import ZERO, money_text
from app.domain.reassociation import Expected, Pair, Reassociation, group_state, join
from app.flows.ports import Deposits, Stands, UnitOfWork


@dataclass(frozen=True, slots=True)
class TakenDeposit:
    """A deposit that was told, and whether it was known before."""

    stored: StoredDeposit
    known: bool


def take_deposits(
    uow: UnitOfWork, deposits: Sequence[Deposit], *, file_id: UUID | None
) -> list[TakenDeposit]:
    """Keep what is new of one telling, note what is known, and join what can be joined."""
    uow.deposits.hold()
    known = uow.deposits.like([d.amount for d in deposits])
    taken = []
    for deposit, same in recognised(deposits, known):
        if same is None:
            stored = uow.deposits.add(deposit, file_id=file_id)
            name = public_id(Prefix.DEPOSIT, stored.id)
            uow.audit("deposit.received", subject=name, detail={"source": deposit.source})
            uow.event("eft.received", resource=name)
        else:
            stored = same
            uow.deposits.see_again(same.id, deposit, file_id=file_id)
        taken.append(TakenDeposit(stored, same is not None))
    _reassociate(uow, deposits=[t.stored for t in taken if not t.known], remittances=[])
    return taken


def reassociate_remittances(uow: UnitOfWork, remittance_ids: Sequence[UUID]) -> None:
    """Look for the deposits of remittances that have come, and say where these stand."""
    uow.deposits.hold()
    known = uow.deposits.stands(remittance_ids)
    new = uow.deposits.expected([id for id in remittance_ids if id not in known])
    _reassociate(uow, deposits=[], remittances=new)


def match_by_hand(
    uow: UnitOfWork, deposit_id: UUID, remittance_ids: Sequence[UUID], *, reason: str
) -> None:
    """Join a deposit to remittances; a pair that is joined already stays as it is.

    Raises NotFound, and Conflict where the group would be neither one deposit with its remittances
    nor one remittance with its deposits.
    """
    deposit = _held(uow, deposit_id)
    remittances = {e.id: e for e in uow.deposits.expected(remittance_ids)}
    if len(remittances) < len(set(remittance_ids)):
        raise NotFound("remittance that books money", "of this id")
    edges = set(uow.deposits.edges(deposit_ids=[deposit.id], remittance_ids=list(remittances)))
    new = [id for id in remittances if (deposit.id, id) not in edges]
    if not new:
        return
    wanted = edges | {(deposit.id, id) for id in new}
    wanted |= set(uow.deposits.edges(deposit_ids=[d for d, _ in wanted]))
    if len({d for d, _ in wanted}) > 1 and len({r for _, r in wanted}) > 1:
        raise Conflict(
            "These remittances or this deposit are joined to others.",
            do="Take the other pairs apart first (:unmatch).",
        )
    uow.deposits.join([Pair(deposit.id, id, "by_hand", "certain") for id in new], reason=reason)
    _tell(uow, deposit.id, "deposit.matched", {"remittances": len(new)})
    _project(uow, deposit_ids=[deposit.id], remittance_ids=new)


def unmatch_by_hand(
    uow: UnitOfWork, deposit_id: UUID, remittance_ids: Sequence[UUID] | None, *, reason: str
) -> None:
    """Take a deposit and its remittances (all where none are named) apart; they stay apart until a
    person joins them again. Raises NotFound."""
    deposit = _held(uow, deposit_id)
    pairs = uow.deposits.edges(deposit_ids=[deposit.id])
    if remittance_ids is not None:
        pairs = [pair for pair in pairs if pair[1] in set(remittance_ids)]
    if not pairs:
        return
    uow.deposits.part(pairs, reason=reason)
    _tell(uow, deposit.id, "deposit.unmatched", {"remittances": len(pairs)})
    _project(uow, deposit_ids=[deposit.id], remittance_ids=[r for _, r in pairs])


def _reassociate(
    uow: UnitOfWork, *, deposits: Sequence[StoredDeposit], remittances: Sequence[Expected]
) -> None:
    if not deposits and not remittances:
        return
    spellings = {s for d in deposits for s in _spellings(d.deposit)}
    there = {e.id: e for e in [*remittances, *uow.deposits.expected_by_traces(sorted(spellings))]}
    keys = {key for e in remittances if (key := trace_key(e.trace_number))}
    arrived = {d.id: d for d in [*deposits, *uow.deposits.by_traces(sorted(keys))]}
    standing = uow.deposits.edges(deposit_ids=list(arrived), remittance_ids=list(there))
    others = [deposit for deposit, _ in standing if deposit not in arrived]
    arrived |= {d.id: d for d in uow.deposits.by_ids(others)}
    barred = uow.deposits.taken_apart(list(arrived))
    pairs = join(
        list(arrived.values()), list(there.values()), standing=set(standing), barred=set(barred)
    )
    uow.deposits.join(pairs)
    stands = _project(
        uow,
        deposit_ids=[*(d.id for d in deposits), *(p.deposit_id for p in pairs)],
        remittance_ids=[*(e.id for e in remittances), *(p.remittance_id for p in pairs)],
    )
    for id in sorted({p.deposit_id for p in pairs}):
        wrong = stands[id].state is Reassociation.AMOUNT_MISMATCH
        uow.event(
            "eft.mismatch" if wrong else "eft.matched", resource=public_id(Prefix.DEPOSIT, id)
        )


def _project(
    uow: UnitOfWork, *, deposit_ids: Iterable[UUID], remittance_ids: Iterable[UUID]
) -> dict[UUID, Stands]:
    """Work out anew where these and all that are joined to them stand."""
    of_deposits, of_remittances = standings(
        uow.deposits, deposit_ids=deposit_ids, remittance_ids=remittance_ids
    )
    uow.deposits.project("deposit", of_deposits)
    uow.deposits.project("remittance", of_remittances)
    return {one.subject_id: one for one in (*of_deposits, *of_remittances)}


def standings(
    known: Deposits, *, deposit_ids: Iterable[UUID] = (), remittance_ids: Iterable[UUID] = ()
) -> tuple[list[Stands], list[Stands]]:
    """Where these deposits and remittances, and all that are joined to them, stand by the acts."""
    deposit_set, remittance_set = set(deposit_ids), set(remittance_ids)
    edges: set[tuple[UUID, UUID]] = set()
    while True:
        found = set(
            known.edges(deposit_ids=sorted(deposit_set), remittance_ids=sorted(remittance_set))
        )
        if found == edges:
            break
        edges = found
        deposit_set |= {d for d, _ in edges}
        remittance_set |= {r for _, r in edges}
    deposits = {d.id: d for d in known.by_ids(sorted(deposit_set))}
    remittances = {e.id: e for e in known.expected(sorted(remittance_set))}
    group: dict[UUID, set[UUID]] = {id: {id} for id in (*deposits, *remittances)}
    for deposit_id, remittance_id in edges:
        if deposit_id in group and remittance_id in group:
            joined = group[deposit_id] | group[remittance_id]
            for id in joined:
                group[id] = joined
    stands = {}
    for id, members in group.items():
        expected = [remittances[m] for m in sorted(members) if m in remittances]
        arrived = [deposits[m].deposit.amount for m in sorted(members) if m in deposits]
        stands[id] = Stands(
            id,
            group_state(expected, arrived),
            sum((e.amount for e in expected), ZERO),
            sum(arrived, ZERO),
        )
    return [stands[id] for id in deposits], [stands[id] for id in remittances]


def _held(uow: UnitOfWork, deposit_id: UUID) -> StoredDeposit:
    uow.deposits.hold()
    deposit = uow.deposits.get(deposit_id)
    if deposit is None:
        raise NotFound("deposit", "of this id")
    return deposit


def _spellings(deposit: Deposit) -> set[str]:
    """TRN02 as the remittance may spell it."""
    text = (deposit.trace_number or deposit.reference or "").strip()
    return {text, text.upper(), text.lower()} - {""}


def _tell(uow: UnitOfWork, deposit_id: UUID, what: str, detail: dict[str, int]) -> None:
    name = public_id(Prefix.DEPOSIT, deposit_id)
    uow.audit(what, subject=name, detail=detail)
    uow.event(what, resource=name)


def deposits_told(taken: Sequence[TakenDeposit]) -> str | None:
    """The sentence for a file some of whose deposits were known."""
    known = [t for t in taken if t.known]
    if not known:
        return None
    total = sum((t.stored.deposit.amount for t in known), ZERO)
    return (
        f"{len(known)} of its {len(taken)} deposits, {money_text(total)} together, were known from"
        " another telling and are not counted twice."
    )
