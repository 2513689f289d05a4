"""Payments, reversals, PLB pairs, un-posts and patients' money in any order: every report comes to
what the journal holds, and the same files again change nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from contextlib import suppress
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.contract import Fee
from app.domain.errors import Conflict
from app.domain.money import ZERO
from app.domain.patient_money import Method
from app.domain.report import Cell
from app.flows.patient_money import refund, take_payment
from app.flows.ports import PaymentState, UnderpaymentFilter, UnitOfWork
from app.flows.unpost import unpost_payment, unpost_remittance
from app.store.engine import make_engine
from tests.flows.clinic import Clinic
from tests.flows.eras import Clp, Svc, era, taken_back

NUMBERS = ("1001-1", "1002-1", "1003-1")
TODAY = date(2026, 11, 20)
ON_THE_BOOKS = (PaymentState.POSTED, PaymentState.REVERSED)
PAIRS = ["WO:ICN1", "FB:X", "72:ICN1", "L6:INT", "CS:1"]
Step = tuple[str, int, D]
Row = dict[str, Cell]


@st.composite
def services(draw: st.DrawFn) -> Svc:
    """One line of 150.00: paid, denied in part or whole, or cut; a share for the patient."""
    paid = draw(st.sampled_from([D(0), D("0.01"), D(40), D("99.99"), D(150)]))
    patient = min(draw(st.sampled_from([D(0), D("7.77"), D(20)])), 150 - paid)
    rest = 150 - paid - patient
    reason = draw(st.sampled_from(["CO*45", "CO*253", "CO*197"]))
    pr = draw(st.sampled_from(["PR*1", "PR*2", "PR*3", "PR*66"]))
    parts = ((pr, patient), (reason, rest))
    return Svc(D(150), paid, " ".join(f"{code}*{amount}" for code, amount in parts if amount))


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[bytes], list[Step]]:
    """Files of what is told of the claims, dealt out in any order, and what people do between."""
    told: list[Clp] = []
    for number in NUMBERS[: draw(st.integers(1, 3))]:
        first, second = (Clp(number, "1", f"ICN{n}", (draw(services()),)) for n in (1, 2))
        told += draw(
            st.sampled_from(
                [[first], [first, taken_back(first)], [first, taken_back(first), second]]
            )
        )
    pairs = st.tuples(st.sampled_from(PAIRS), st.sampled_from([D("-3.21"), D(5), D("12.34")]))
    dealt: list[list[Clp]] = [[], [], []]
    for part in draw(st.permutations(told)):
        dealt[draw(st.integers(0, 2))].append(part)
    files = [
        era(*some, trace=f"T{n}", control=n, plb=draw(st.lists(pairs, max_size=2)))
        for n, some in enumerate(dealt, start=1)
        if some
    ]
    doings = st.sampled_from(["nothing", "unpost", "unpost all", "patient pays", "refund"])
    step = st.tuples(doings, st.integers(0, 9), st.sampled_from([D(5), D("20.02")]))
    return files, draw(st.lists(step, min_size=len(files) + 1, max_size=len(files) + 1))


@given(story=stories())
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_report_comes_to_what_the_journal_holds(
    migrated_sqlite: Path, story: tuple[list[bytes], list[Step]]
) -> None:
    files, steps = story
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated_sqlite, Path(folder) / "claimloop.db")
        engine = make_engine(f"sqlite:///{folder}/claimloop.db")
        try:
            clinic = Clinic(engine, Path(folder) / "raw")
            with clinic.work() as uow:
                uow.terms.set_fees("60054", [Fee("60054", "G0439", D(80))])
            for number in NUMBERS:
                clinic.bill(number, 150)
            for data, step in zip([b"", *files], steps, strict=True):
                if data:
                    clinic.take(data)
                _do(clinic, *step)
                reported = _reports_agree(clinic)
            clinic.take(*reversed(files))
            assert _reports_agree(clinic) == reported
            assert clinic.verify() == []
        finally:
            engine.dispose()


def _do(clinic: Clinic, what: str, which: int, amount: D) -> None:
    """What a person does; what the books refuse is not done."""
    payments = [p for p in clinic.payments() if p.state is PaymentState.POSTED]
    encounter = clinic.claim(NUMBERS[which % 3]).encounter_id
    with suppress(Conflict), clinic.work() as uow:
        remittances = uow.remittances.page(limit=9, after=None)
        if what == "unpost" and payments:
            unpost_payment(uow, payments[which % len(payments)].id, reason="a look")
        elif what == "unpost all" and remittances:
            unpost_remittance(uow, remittances[which % len(remittances)].id, reason="a look")
        elif what == "patient pays":
            _pay(uow, encounter, amount)
        elif what == "refund":
            paid = _pay(uow, encounter, amount)
            refund(uow, paid, amount=D(1), method=Method.CASH, paid_on=TODAY, reference=None,
                   reason="asked")  # fmt: skip


def _pay(uow: UnitOfWork, encounter: UUID, amount: D) -> UUID:
    payment, _ = take_payment(
        uow, encounter, amount=amount, method=Method.CASH, paid_on=TODAY, reference=None
    )
    return payment.id


def _reports_agree(clinic: Clinic) -> dict[str, list[Row]]:
    """The reports, once each is what journal, claims and payments come to."""
    accounts: defaultdict[str, D] = defaultdict(lambda: ZERO, clinic.balances())
    claims = [clinic.claim(number) for number in NUMBERS]
    with clinic.work() as uow:
        told = {
            report.name: [
                dict(zip((c.name for c in report.columns), row, strict=True))
                for row in uow.reports.rows(report, today=TODAY)
            ]
            for report in uow.reports.all()
        }
        decided = uow.denials.of_claims([c.id for c in claims])
        short = uow.underpayments.page(UnderpaymentFilter(), limit=50, after=None)
        pairs = [
            pair
            for stored in uow.remittances.page(limit=9, after=None)
            for pair in uow.remittances.provider_adjustments(stored.id)
        ]

    def total(report: str, *columns: str) -> D:
        cells = [row[column] for row in told[report] for column in columns]
        return sum((D(str(cell)) for cell in cells), ZERO)

    money = "money-by-payer"
    assert total(money, "charges") == -accounts["charges"]
    for column in ("contractual", "sequestration"):
        assert total(money, column) == accounts[column]
    assert total(money, "written_off") == accounts["write_off"]
    patients = sum((c.patient_responsibility for c in claims), ZERO)
    assert total(money, "patient") == patients
    of_patients = ("receivable_patient", "patient_cash", "patient_credit")  # owed, or paid
    assert patients == sum((accounts[a] for a in of_patients), ZERO)
    assert total(money, "open") == accounts["receivable_payer"]
    plb = sum((accounts[a] for a in ("provider_adjustments", "payer_recoupment", "interest")), ZERO)
    assert total("provider-adjustments", "amount") == plb
    # Deposits are what was paid on claims, less PLB, and what is not applied yet.
    assert total("remittances", "deposits") == accounts["cash"]
    assert total(money, "paid") == accounts["cash"] + accounts["unapplied"] + plb
    payments = clinic.payments()
    aside = [p for p in payments if p.state not in ON_THE_BOOKS]
    told_plb = sum((pair.amount for pair in pairs), ZERO)
    left = sum((p.paid for p in aside), ZERO) - (told_plb - plb)
    assert -accounts["unapplied"] == left
    assert total("waiting-payments", "paid") == sum(
        (p.paid for p in aside if p.state is PaymentState.WAITING), ZERO
    )
    assert total("remittances", "posted") + total("remittances", "waiting") == len(payments)

    ages = ("days_0_30", "days_31_60", "days_61_90", "days_91_120", "older")
    aging = "receivable-by-age"
    assert total(aging, *ages) == total(aging, "total") == accounts["receivable_payer"]
    assert sum((c.balance for c in claims), ZERO) == accounts["receivable_payer"]
    owed = ("receivable_payer", "receivable_patient", "patient_credit")
    assert total("days-in-receivable", "receivable") == sum((accounts[a] for a in owed), ZERO)

    denials = [d for some in decided.values() for d in some if d.verdict.is_open]
    # What a decided claim holds open is denied, or beyond what the fee explains.
    standing = [p.claim_id for p in payments if p.state is PaymentState.POSTED and p.status != "22"]
    for claim in claims:
        at_stake = sum((d.verdict.at_stake for d in denials if d.new.claim_id == claim.id), ZERO)
        beyond = sum((u.left_open for u in short if u.claim_id == claim.id), ZERO)
        assert at_stake + beyond == (claim.balance if claim.id in standing else ZERO)
    denied = total("denials-by-reason", "amount")
    assert denied == total("denials-by-payer", "denied_amount")
    if len(set(standing)) == len(standing):  # two denials of a line are two, and one is at stake
        assert denied == sum((d.verdict.at_stake for d in denials), ZERO)
    assert total("denials-by-payer", "decided") == len(standing)
    assert total("patient-share", "deductible", "coinsurance", "copay", "other") == patients
    suspect = [u for u in short if u.difference > ZERO]
    assert total("underpayments", "underpaid") == sum((u.difference for u in suspect), ZERO)
    assert total("underpayments", "open") == sum((u.at_stake for u in suspect), ZERO)
    return told
