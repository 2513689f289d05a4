"""PLB pairs, payments and reversals in any order, dealt out over any files and told twice: what is
open is the sum of the pairs, the journal is zero, and cash is the sum of BPR02."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from decimal import Decimal as D
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.money import ZERO
from app.store.engine import make_engine
from tests.flows.clinic import Clinic
from tests.flows.eras import Clp, Svc, era, paid, taken_back

REASONS = ["WO", "WO", "FB", "72", "L6", "CS", "IR", "AP", "XX"]
REFERENCES = ["ICN1", "ICN2", "1001-1", "ICN1 20261005", "", "20261231"]
Pair = tuple[str, D]

cents = st.integers(-5000, 5000).filter(bool).map(lambda c: D(c).scaleb(-2))
pairs = st.lists(
    st.tuples(
        st.builds(
            lambda reason, reference: f"{reason}:{reference}".rstrip(":"),
            st.sampled_from(REASONS),
            st.sampled_from(REFERENCES),
        ),
        cents,
    ),
    max_size=4,
)
FIRST = paid("1001-1", Svc(D(150), D(100), "CO*45*30 PR*2*20"), icn="ICN1")
TOLD = [FIRST, taken_back(FIRST), paid("1001-1", Svc(D(150), D(120), "CO*45*30"), icn="ICN2")]


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[list[Clp], list[Pair]]]:
    """The payments of one claim dealt out over three files in any order, with pairs of each."""
    dealt: list[tuple[list[Clp], list[Pair]]] = [([], draw(pairs)) for _ in range(3)]
    for part in draw(st.permutations(TOLD)):
        dealt[draw(st.integers(0, 2))][0].append(part)
    return [file for file in dealt if file[0]]


@given(story=stories())
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_open_is_the_sum_of_the_pairs(
    migrated_sqlite: Path, story: list[tuple[list[Clp], list[Pair]]]
) -> None:
    files = [era(*some, trace=f"T{n}", control=n, plb=of) for n, (some, of) in enumerate(story, 1)]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated_sqlite, Path(folder) / "claimloop.db")
        engine = make_engine(f"sqlite:///{folder}/claimloop.db")
        try:
            clinic = Clinic(engine, Path(folder) / "raw")
            clinic.bill("1001-1", 150)
            clinic.take(*files)
            once = agree(clinic)
            clinic.take(*reversed(files))
            assert agree(clinic) == once
            assert clinic.figures("1001-1")[1:] == (D(120), D(30), D(0), D(0))
            assert clinic.verify() == []
        finally:
            engine.dispose()


def agree(clinic: Clinic) -> dict[str, D]:
    """The accounts, once each is what the stored pairs and deposits come to."""
    accounts = clinic.balances()
    assert sum(accounts.values(), ZERO) == ZERO
    by: defaultdict[str, D] = defaultdict(lambda: ZERO)
    refunded: defaultdict[str, D] = defaultdict(lambda: ZERO)
    with clinic.work() as uow:
        remittances = uow.remittances.page(limit=9, after=None)
        told = [p for r in remittances for p in uow.remittances.provider_adjustments(r.id)]
        open_ones = uow.recoupments.page(open_only=False, limit=50, after=None)
    for pair in told:
        if pair.reason in ("WO", "FB"):
            by["payer_recoupment"] += pair.amount
            by["WO" + (pair.reference or "") if pair.reason == "WO" else "FB"] += pair.amount
        else:
            by["interest" if pair.reason == "L6" else "provider_adjustments"] += pair.amount
        if pair.reason == "72":
            refunded["WO" + (pair.reference or "")] += pair.amount
    assert accounts.get("cash", ZERO) == sum((r.remittance.deposit for r in remittances), ZERO)
    for account in ("payer_recoupment", "interest", "provider_adjustments"):
        assert accounts.get(account, ZERO) == by[account], account
    balances = {r.kind + (r.reference or ""): r for r in open_ones}
    for name, balance in balances.items():
        assert balance.balance == by[name], name
        assert balance.open == by[name] + refunded[name], name
    assert sum((b.balance for b in balances.values()), ZERO) == by["payer_recoupment"]
    return accounts
