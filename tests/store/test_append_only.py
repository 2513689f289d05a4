"""What was said once: the databases refuse to change or forget it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.domain.contract import Fee
from app.domain.denial import found_in
from app.domain.denial_categories import Owner
from app.domain.denial_record import NewDenial
from app.domain.deposit import Deposit, DepositSource
from app.domain.identity import new_id
from app.domain.lifecycle import Stage
from app.domain.patient_money import Method
from app.domain.task import NewTask, TaskType
from app.domain.underpayment import ExpectedPayment, Finding
from app.flows.deposits import reassociate_remittances, take_deposits
from app.flows.patient_money import take_payment
from app.flows.ports import ClaimFilter, FileState, RemittanceState, TaskFilter
from app.store.tables import APPEND_ONLY, expected_payment
from tests.domain import remits
from tests.domain.remits import remittance
from tests.store.practice import CLOCK, Practice, an_encounter
from tests.store.test_remittances import a_file, outcomes, started


def a_deposit_and_a_copay(practice: Practice, encounter_id: UUID) -> None:
    """A deposit joined to a remittance, and money from a patient."""
    with practice.work() as uow:
        file = uow.files.add(
            name="835", sha256="0" * 64, size=1, state=FileState.RECEIVED, duplicate_of=None
        )
        told = remittance("100")
        stored = uow.remittances.start(
            told, file_id=file.id, state=RemittanceState.POSTING, reason=None
        )
        reassociate_remittances(uow, [stored.id])
        deposit = Deposit(
            told.payment_amount,
            date(2026, 10, 20),
            DepositSource.JSON,
            trace_number=told.trace_number,
            payer_identifier=told.payer_identifier,
        )
        (taken,) = take_deposits(uow, [deposit], file_id=None)
        assert uow.deposits.edges(deposit_ids=[taken.stored.id])
        take_payment(
            uow,
            encounter_id,
            amount=told.payment_amount,
            method=Method.CARD,
            paid_on=date(2026, 10, 20),
            reference="1",
        )


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.name)
def test_no_update_and_no_delete(practice: Practice, table: Table) -> None:
    encounter = an_encounter()
    practice.claim(encounter)
    claim = practice.claim(replace(encounter, claim_note="corrected"))
    a_deposit_and_a_copay(practice, claim.encounter_id)
    stored = started(practice, a_file(practice))
    with practice.work() as uow:
        uow.remittances.add_payments(stored.id, outcomes(), cursor=2)
    something_was_done(practice)
    with practice.work() as uow:
        uow.next_payers.keep_basis(claim.id, claim.version, [new_id(CLOCK)])
    acts = [
        update(table).values(tenant_id=table.c.tenant_id),
        delete(table),
    ]
    if practice.engine.dialect.name == "postgresql":
        acts.append(text(f"TRUNCATE {table.name} CASCADE"))
    count = select(func.count()).select_from(table)
    with practice.engine.connect() as connection:
        before = connection.scalar(count)
    assert before
    for act in acts:
        with (
            practice.engine.connect() as connection,
            pytest.raises(DBAPIError, match="is append-only"),
        ):
            connection.execute(act)
    with practice.engine.connect() as connection:
        assert connection.scalar(count) == before


def something_was_done(practice: Practice) -> None:
    """A denial that was given to somebody, and a note on its task."""
    with practice.work() as uow:
        (claim,) = uow.claims.search(ClaimFilter(), limit=1, after=None)
        [found] = found_in(remits.payment(remits.service("10", "0", "CO*197*10")), Stage.DENIED)
        denial = NewDenial(
            id=new_id(CLOCK), claim_id=claim.id, payment_id=new_id(CLOCK),
            remittance_id=new_id(CLOCK), line_id=None, adjudicated_on=None, payer_id=None,
            payer_name=None, procedure_code=None, found=found, deadline=None, appeal_deadline=None,
        )  # fmt: skip
        assert uow.denials.add([denial]) == {denial.id}
        uow.denials.add_act(denial.id, "assigned", assigned_to="kim")
        task = NewTask(TaskType.DENIAL, "x", denial.id, claim.id, Owner.BILLER, Decimal(10))
        uow.tasks.begin([task], today=date(2026, 11, 23))
        (stored,) = uow.tasks.search(TaskFilter(), limit=1, after=None)
        uow.tasks.add_note(stored.id, "called")
        whole, payer = uow.claims.get(claim.id), claim.payer_id or ""
        assert whole is not None
        uow.terms.set_fees(payer, [Fee(payer, whole.lines[0].procedure.code, Decimal(80))])
        agreed = uow.terms.of_claims([whole])[claim.id].agreed[whole.lines[0].id]
        short = ExpectedPayment(
            payment_id=new_id(CLOCK), service_ordinal=1, claim_id=claim.id, line_id=None,
            procedure_code="G0439", finding=Finding.UNDERPAID, charge=Decimal(100),
            expected=Decimal(80), allowed=Decimal(70), set_apart=Decimal(0),
            difference=Decimal(10), left_open=Decimal(10), agreed=agreed,
        )  # fmt: skip
        uow.underpayments.add([short])
        uow.underpayments.add([replace(short, allowed=Decimal(75))])
        [last] = uow.underpayments.judged(short.payment_id)
        assert (last.allowed, last.agreed and last.agreed.fee.version) == (Decimal(75), 1)
    with practice.engine.connect() as connection:
        first: UUID = connection.scalar(select(expected_payment.c.id).limit(1))
    with practice.work() as uow:
        (partner,) = uow.partners.all()
        uow.partners.change(partner, replace(partner, sender="OTHER"), valid_from=date(2026, 1, 1))
        uow.transmissions.begin(first, partner_id=partner.id)
    with practice.work() as uow:
        done = uow.underpayments.add_act(first, "disputed", reason="The contract says 80.")
        assert uow.underpayments.acts(first) == [done]
