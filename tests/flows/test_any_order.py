"""Payments, reversals and corrections in any order, dealt out over any files: the same books."""

from __future__ import annotations

import shutil
import tempfile
from decimal import Decimal as D
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.errors import Conflict
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.flows.repost import repost_remittance
from app.flows.unpost import unpost_remittance
from app.store.engine import make_engine
from tests.flows.clinic import Clinic
from tests.flows.eras import Clp, Svc, era, taken_back

NUMBERS = ("1001-1", "1002-1")
CHARGES = (D(150), D(50))


@st.composite
def decisions(draw: st.DrawFn, number: str, turn: int) -> Clp:
    """One adjudication of a claim of two lines, with every cent explained."""
    services = []
    for line, charge in enumerate(CHARGES, start=1):
        cents = int(charge * 100)
        paid = D(draw(st.integers(0, cents))) / 100
        patient = D(draw(st.integers(0, int((charge - paid) * 100)))) / 100
        rest = charge - paid - patient
        reason = draw(st.sampled_from(["CO*45", "CO*253", "CO*197", "OA*23"]))
        cas = " ".join(
            f"{code}*{amount}" for code, amount in (("PR*2", patient), (reason, rest)) if amount
        )
        services.append(Svc(charge, paid, cas, str(line)))
    return Clp(number, "1", f"ICN-{number}-{turn}", tuple(services))


@st.composite
def lives(draw: st.DrawFn, number: str) -> list[Clp]:
    """Decided, taken back, decided again ..; at most the last decision stands."""
    decided = [draw(decisions(number, turn)) for turn in range(draw(st.integers(1, 3)))]
    told = [part for one in decided[:-1] for part in (one, taken_back(one))]
    told.append(decided[-1])
    if draw(st.booleans()):
        told.append(taken_back(decided[-1]))  # a void
    return told


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Clp], list[list[Clp]]]:
    """Payments in the order they were decided, and the same dealt out over files in any order."""
    told = [part for number in NUMBERS for part in draw(lives(number))]
    shuffled = draw(st.permutations(told))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(told) - 1)), max_size=3)))
    files = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(told)], strict=True)]
    return told, [file for file in files if file]


Books = tuple[list[object], dict[str, D], list[tuple[str, str]]]


def books_of(template: Path, files: list[bytes]) -> tuple[Books, Books]:
    """After all files once, and after all of them again in the other order."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "claimloop.db")
        engine = make_engine(f"sqlite:///{folder}/claimloop.db")
        try:
            clinic = Clinic(engine, Path(folder) / "raw")
            for number in NUMBERS:
                clinic.bill(number, *CHARGES)
            clinic.take(*files)
            once = _books(clinic)
            assert clinic.verify() == []
            _off_and_on(clinic)
            assert _books(clinic) == once
            assert clinic.verify() == []
            clinic.take(*reversed(files))
            return once, _books(clinic)
        finally:
            engine.dispose()


def _off_and_on(clinic: Clinic) -> None:
    """Whatever remittance can be un-posted is, one after another; then all are posted again, those
    first that went first."""
    on = list(dict.fromkeys(payment.remittance_id for payment in clinic.payments()))
    off = []
    while gone := [id for id in on if _unposted(clinic, id)]:
        off += gone
        on = [id for id in on if id not in gone]
    assert clinic.verify() == []
    for remittance_id in off:
        with clinic.work() as uow:
            repost_remittance(uow, remittance_id, reason="after all")


def _unposted(clinic: Clinic, remittance_id: UUID) -> bool:
    try:
        with clinic.work() as uow:
            unpost_remittance(uow, remittance_id, reason="recalled")
    except Conflict:  # a reversal of a later one, or a correction beside it, stands
        return False
    return True


def _books(clinic: Clinic) -> Books:
    claims: list[object] = []
    for number in NUMBERS:
        claim = clinic.claim(number)
        # Of a claim whose payments were all taken back, no payer number stands.
        stands = claim.payer_claim_control_number if claim.stage is not Stage.REVERSED else None
        claims.append((*clinic.figures(number), stands))
        for line in claim.lines:
            claims.append((line.paid, line.adjusted, line.patient_responsibility, line.balance))
            assert line.balance >= ZERO
        assert claim.balance == sum((line.balance for line in claim.lines), ZERO)
    accounts = clinic.balances()
    assert sum(accounts.values(), ZERO) == ZERO
    # How much of a net taking back was carried forward depends on how the files were cut.
    for account in ("cash", "payer_recoupment"):
        accounts.pop(account, None)
    states = sorted((p.payer_claim_control_number or "", str(p.state)) for p in clinic.payments())
    return claims, accounts, states


def _standing(states: list[tuple[str, str]]) -> dict[str, int]:
    return {state: sum(s == state for _, s in states) for state in {s for _, s in states}}


@given(story=stories())
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_books_are_the_same_whatever_came_first(
    migrated_sqlite: Path, story: tuple[list[Clp], list[list[Clp]]]
) -> None:
    told, files = story
    in_order, again = books_of(
        migrated_sqlite, [era(p, trace=f"T{n}", control=n) for n, p in enumerate(told, start=1)]
    )
    assert again == in_order
    dealt, again = books_of(
        migrated_sqlite,
        [era(*file, trace=f"F{n}", control=n) for n, file in enumerate(files, start=1)],
    )
    assert again == dealt
    for ours, theirs in zip(dealt, in_order, strict=True):
        assert ours == theirs
    assert _standing(in_order[2]).keys() <= {"posted", "reversed"}  # nothing waits in the end
