"""What patients pay is applied to what they owe, whatever came first, and nothing is lost."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal as D
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledger import JournalEntry
from app.domain.money import ZERO
from app.domain.patient_money import (
    Received,
    Share,
    apply,
    received_entry,
    received_of,
    refund_entry,
)
from app.domain.recoupment import MOST_TOKENS, reference_tokens

CHARGES = [UUID(int=n) for n in (1, 2, 3)]
cents = st.integers(0, 5000).map(lambda c: D(c) / 100)
events = st.lists(
    st.one_of(
        st.tuples(st.just("pays"), cents.filter(bool)),
        # A payer leaves an amount of a charge to the patient, or takes part of it back.
        st.tuples(st.sampled_from([*CHARGES, None]), cents),
    ),
    max_size=8,
)


class Desk:
    """A journal of one encounter's patient money, kept by the functions under test."""

    def __init__(self) -> None:
        self.shares: dict[UUID | None, D] = dict.fromkeys([*CHARGES, None], ZERO)
        self.entries: dict[UUID, list[JournalEntry]] = {}

    def take(self, what: object, amount: D) -> None:
        if what == "pays":
            id = UUID(int=100 + len(self.entries))
            self.entries[id] = [received_entry(id, amount, on=date(2026, 11, 20))]
        else:
            self.shares[what] = amount  # type: ignore[index]  # the payer's latest word
        self.settle()

    def settle(self) -> None:
        for entry in apply(self.owed(), self.received()):
            assert entry.ordinal == len(self.entries[entry.source_id])
            self.entries[entry.source_id].append(entry)

    def owed(self) -> list[Share]:
        return [Share(charge, amount) for charge, amount in self.shares.items()]

    def received(self) -> list[Received]:
        return [received_of(id, entries) for id, entries in self.entries.items()]

    def applied(self) -> dict[UUID | None, D]:
        found: defaultdict[UUID | None, D] = defaultdict(lambda: ZERO)
        for payment in self.received():
            for charge, amount in payment.applied.items():
                found[charge] += amount
        return found


@given(events)
def test_as_much_is_applied_as_is_owed_and_there(told: list[tuple[object, D]]) -> None:
    desk = Desk()
    for what, amount in told:
        desk.take(what, amount)
    paid = sum((p.kept for p in desk.received()), ZERO)
    credit = sum((p.credit for p in desk.received()), ZERO)
    owed = sum(desk.shares.values(), ZERO)
    applied = desk.applied()
    assert all(p.credit >= ZERO for p in desk.received())
    assert all(ZERO <= applied[charge] <= desk.shares[charge] for charge in desk.shares)
    assert sum(applied.values(), ZERO) == min(owed, paid) == paid - credit
    assert apply(desk.owed(), desk.received()) == []  # a second time changes nothing


@given(events, st.randoms(use_true_random=False))
def test_the_order_of_payments_and_decisions_does_not_matter(
    told: list[tuple[object, D]], random: object
) -> None:
    """Payments keep their order among themselves, and each charge its last decision."""
    last = {what: amount for what, amount in told if what != "pays"}
    pays = [("pays", amount) for what, amount in told if what == "pays"]
    one, two = Desk(), Desk()
    for what, amount in [*last.items(), *pays]:
        one.take(what, amount)
    for what, amount in told:
        two.take(what, amount)
    assert [(p.kept, p.credit) for p in one.received()] == [
        (p.kept, p.credit) for p in two.received()
    ]
    assert {c: a for c, a in one.applied().items() if a} == {
        c: a for c, a in two.applied().items() if a
    }


def test_a_refund_leaves_what_is_applied() -> None:
    desk = Desk()
    desk.take("pays", D("30"))
    desk.take(CHARGES[0], D("17.50"))
    ((id, entries),) = desk.entries.items()
    entries.append(refund_entry(desk.received()[0], D("12.50"), on=date(2026, 11, 21)))
    (left,) = desk.received()
    assert (left.kept, left.credit, left.applied) == (D("17.50"), ZERO, {CHARGES[0]: D("17.50")})
    desk.take(CHARGES[0], D("20"))  # more is owed now, and nothing is there to pay it
    assert desk.received()[0].credit == ZERO
    assert id == left.payment_id


REFERENCES = {
    None: [],
    "": [],
    "  ": [],
    "X1": [],
    "ICN2026001": ["ICN2026001"],
    "icn2026001 ": ["ICN2026001"],
    "PTACCT#20261005 CLAIM7": ["PTACCT#20261005 CLAIM7", "PTACCT#20261005 C", "PTACCT",
                               "20261005", "CLAIM7"],
    # Medicare: the claim's number in 17 characters, the member's from the twentieth.
    "12345678901234567  1EG4TE5MK73": ["12345678901234567  1EG4TE5MK73", "12345678901234567",
                                       "1EG4TE5MK73"],
    "ICN1:C000000042-1": ["ICN1:C000000042-1", "ICN1", "C000000042-1"],
}  # fmt: skip


def test_a_reference_is_taken_apart() -> None:
    for reference, tokens in REFERENCES.items():
        assert reference_tokens(reference) == tokens, reference


@given(st.text(max_size=80))
def test_any_reference_gives_few_tokens(reference: str) -> None:
    tokens = reference_tokens(reference)
    assert len(tokens) == len(set(tokens)) <= MOST_TOKENS
    assert all(token == token.strip() and token for token in tokens)
