"""Lesson 3: a PLB is money. Every pair keeps its reason, reference and sign, and ends somewhere.

Three remittances: a claim is paid; it is taken back and paid 25.00 less, which the payer puts off
(WO), with interest and a balance carried forward; a week later it takes what it put off.
"""

from __future__ import annotations

from decimal import Decimal as D

from app.domain.recoupment import Finding
from tests.flows.clinic import Clinic
from tests.flows.stories import story


def pairs(clinic: Clinic, which: int) -> list[tuple[str, str | None, D, str | None]]:
    """PLB pairs of a remittance: reason, reference, amount, and the claim that it names."""
    with clinic.work() as uow:
        stored = uow.remittances.page(limit=9, after=None)[which]
        named = uow.recoupments.claims_named(stored.id)
        told = uow.remittances.provider_adjustments(stored.id)
        claims = uow.claims.held(sorted(set(named.values())))
    numbers = {n: claims[id].patient_control_number for n, id in named.items()}
    return [(p.reason, p.reference, p.amount, numbers.get(p.ordinal)) for p in told]


def balances(clinic: Clinic) -> list[tuple[str, str | None, D, Finding]]:
    """Recoupments of the payer: kind, reference, what is open, and what that means."""
    with clinic.work() as uow:
        found = uow.recoupments.page(open_only=False, limit=9, after=None)
    return [(r.kind, r.reference, r.open, r.finding) for r in found]


def test_lesson_03_every_pair_is_kept_and_every_balance_ends(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.bill("1002-1", 200)
    clinic.take(story("03_a_paid"), story("03_b_taken_back_and_deferred"))
    # WO is tied to the claim that it names, by the payer's number; it moved none of its money.
    assert pairs(clinic, 1) == [
        ("WO", "ICN0009", D("-25.00"), "1001-1"),
        ("L6", "ICN0010", D("-3.12"), None),
        ("FB", "EFT0302", D("-40.00"), None),
    ]
    assert clinic.figures("1001-1")[1:] == (D(125), D(0), D(25), D(0))
    assert balances(clinic) == [
        ("WO", "ICN0009", D(-25), Finding.DEFERRED),
        ("FB", None, D(-40), Finding.DEFERRED),
    ]
    assert [(kind, amount) for _, kind, amount in clinic.listed("plb.open")] == [
        ("FB", D(-40)),
        ("WO", D(-25)),
    ]
    assert clinic.balances() == {
        "cash": D("193.12"),
        "charges": D(-350),
        "interest": D("-3.12"),
        "payer_recoupment": D(-65),
        "receivable_patient": D(25),
        "receivable_payer": D(200),
    }

    clinic.take(story("03_c_recovered_and_released"))
    assert pairs(clinic, 2) == [
        ("WO", "ICN0009", D("25.00"), "1001-1"),
        ("FB", "EFT0302", D("40.00"), None),
        ("WO", "ICN0030", D("30.00"), None),
        ("72", "ICN0030", D("-30.00"), None),  # they have the refund that we mailed
        ("CS", "GARNISH 7", D("10.00"), None),
        ("IR", "2026", D("6.00"), None),
    ]
    assert balances(clinic) == [
        ("WO", "ICN0009", D(0), Finding.SETTLED),
        ("FB", None, D(0), Finding.SETTLED),
        ("WO", "ICN0030", D(0), Finding.SETTLED),
    ]
    assert clinic.listed("plb.open") == []
    # What was taken twice, by the refund and by WO, nets out: +30 here, -30 there.
    books = {
        "cash": D("312.12"),
        "charges": D(-350),
        "interest": D("-3.12"),
        "payer_recoupment": D(30),
        "provider_adjustments": D(-14),
        "receivable_patient": D(25),
    }
    assert clinic.balances() == books
    names = ["a_paid", "b_taken_back_and_deferred", "c_recovered_and_released"]
    clinic.take(*(story(f"03_{name}") for name in reversed(names)))
    assert clinic.balances() == books
    assert clinic.verify() == []


def test_lesson_03_the_release_may_come_before_what_it_releases(small_clinic: Clinic) -> None:
    clinic = small_clinic
    clinic.bill("1001-1", 150)
    clinic.bill("1002-1", 200)
    clinic.take(story("03_c_recovered_and_released"))
    # Taken without a reversal that we know: a person would ask the payer what for.
    assert balances(clinic)[:2] == [
        ("WO", "ICN0009", D(25), Finding.NO_REVERSAL),
        ("FB", None, D(40), Finding.RECOVERED),
    ]
    clinic.take(story("03_b_taken_back_and_deferred"), story("03_a_paid"))
    assert {open for _, _, open, _ in balances(clinic)} == {D(0)}
    assert clinic.figures("1001-1")[1:] == (D(125), D(0), D(25), D(0))
    assert clinic.verify() == []
