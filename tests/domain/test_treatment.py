"""What is written off, by which row, and what no rule can write off (lifecycle.md section 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.carc import CarcClass
from app.domain.contract import Agreed, Fee
from app.domain.money import ZERO
from app.domain.posting import post
from app.domain.treatment import NEVER_BY_RULE, Policy, Terms, Treatment, TreatmentRow, treated

from .remits import adjustments, claim, payment, remittance, service

DAY = date(2026, 10, 5)
OPEN, OFF = Treatment.LEAVE_OPEN, Treatment.CONTRACTUAL

# (story, CAS, what is known, what becomes of it) for a charge of 100.00
BOUNDS = [
    ("nothing is known of the fee", "CO*45*40", {}, [(OFF, D(40))]),
    ("the payer allows 60", "CO*45*40", {"allowed": D(60)}, [(OFF, D(40))]),
    ("the payer allows 80 and cuts 40", "CO*45*40", {"allowed": D(80)},
     [(OFF, D(20)), (OPEN, D(20))]),
    ("the contract says 75, the payer cuts 40", "CO*45*40", {"allowed": D(60), "expected": D(75)},
     [(OFF, D(25)), (OPEN, D(15))]),
    ("the contract says 50: what the payer did not cut stays", "CO*45*40", {"expected": D(50)},
     [(OFF, D(40))]),
    ("the contract says all of it", "CO*45*40", {"expected": D(100)}, [(OPEN, D(40))]),
    ("two cuts share what may be cut", "CO*45*30 PI*45*30", {"expected": D(55)},
     [(OFF, D(30)), (OFF, D(15)), (OPEN, D(15))]),
    ("lessons 6: the whole charge", "CO*45*100", {}, [(OPEN, D(100))]),
    ("a reason of the contract that is no fee schedule", "CO*131*40", {"expected": D(100)},
     [(OFF, D(40))]),
    ("an adjustment upwards", "CO*45*-10", {"expected": D(100)}, [(OFF, D(-10))]),
    ("capitation is the whole charge", "CO*24*100", {},
     [(Treatment.CAPITATION, D(100))]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cas", "known", "parts"), [b[1:] for b in BOUNDS], ids=[b[0] for b in BOUNDS]
)
def test_a_contractual_cut_is_bounded(
    cas: str, known: dict[str, D], parts: list[tuple[Treatment, D]]
) -> None:
    assert treated(adjustments(cas), charge=D(100), on=DAY, **known) == parts


def test_a_payer_has_rows_of_its_own_from_a_day_on() -> None:
    own = Policy((TreatmentRow("CO", "P12", OPEN, since=date(2026, 7, 1)),))
    cut = adjustments("CO*P12*10")
    assert treated(cut, charge=D(100), on=date(2026, 6, 30), policy=own) == [(OFF, D(10))]
    assert treated(cut, charge=D(100), on=date(2026, 7, 1), policy=own) == [(OPEN, D(10))]


def test_a_payers_row_on_a_class_yields_to_its_row_on_a_code() -> None:
    own = Policy(
        (
            TreatmentRow("CO", CarcClass.BUNDLED, Treatment.BUNDLED),
            TreatmentRow("CO", "236", OPEN),
        )
    )
    assert own.treatment(*adjustments("CO*234*5"), DAY) is Treatment.BUNDLED
    assert own.treatment(*adjustments("CO*236*5"), DAY) is OPEN


@pytest.mark.parametrize("reason", sorted(NEVER_BY_RULE))
def test_no_rule_writes_off_what_is_work(reason: str) -> None:
    with pytest.raises(ValueError, match="never written off"):
        TreatmentRow("CO", reason, OFF)


@pytest.mark.parametrize("reason", sorted(NEVER_BY_RULE))
def test_a_row_on_a_class_writes_off_none_of_them_either(reason: str) -> None:
    everything = Policy(tuple(TreatmentRow("CO", kind, OFF) for kind in CarcClass))
    assert everything.treatment(*adjustments(f"CO*{reason}*5"), DAY) is OPEN


def test_only_group_pr_makes_a_patient_liable() -> None:
    with pytest.raises(ValueError, match="PR"):
        TreatmentRow("CO", "1", Treatment.PATIENT)


CAS = st.lists(
    st.tuples(
        st.sampled_from(["CO", "PI", "OA", "PR"]),
        st.sampled_from(["1", "2", "3", "23", "24", "45", "97", "131", "197", "253", "9999"]),
        st.decimals(D("-50"), D("150"), places=2),
    ),
    max_size=6,
)
FEE = st.none() | st.decimals(ZERO, D("120"), places=2)


@given(CAS, FEE, FEE)
def test_no_cent_is_lost_or_made(
    cas: list[tuple[str, str, D]], allowed: D | None, expected: D | None
) -> None:
    given_ = adjustments(" ".join(f"{g}*{r}*{a}" for g, r, a in cas))
    parts = treated(given_, charge=D(100), on=DAY, allowed=allowed, expected=expected)
    assert sum((a for _, a in parts), ZERO) == sum((a.amount for a in given_), ZERO)


def test_a_cut_beyond_the_contract_stays_with_the_payer() -> None:
    ours = claim("100")
    line = ours.lines[0].id
    posted = post(
        payment(replace(service("100", "60", "CO*45*40"), allowed=D(60))),
        ours,
        payment_id=ours.id,
        lines={1: line},
        remittance=remittance("60"),
        terms=Terms(agreed={line: Agreed(D(75), Fee("60054", "G0439", D(75)))}),
    )
    assert (posted.paid, posted.adjusted) == (D(60), D(25))
