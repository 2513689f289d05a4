"""A denial as a row and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.domain.denial import FoundDenial, How, Verdict
from app.domain.denial_categories import Action, Advice, Category, Owner, Scenario
from app.domain.denial_record import NewDenial, StoredDenial


def denial_columns(denial: NewDenial) -> dict[str, Any]:
    found = denial.found
    advice = found.advice
    return {
        "id": denial.id,
        "claim_id": denial.claim_id,
        "payment_id": denial.payment_id,
        "service": found.service_ordinal,
        "service_line_id": denial.line_id,
        "remittance_id": denial.remittance_id,
        "adjudicated_on": denial.adjudicated_on,
        "payer_id": denial.payer_id,
        "payer_name": denial.payer_name,
        "procedure_code": denial.procedure_code,
        "group": found.group,
        "reason": found.reason,
        "remarks": list(found.remarks),
        "amount": found.amount,
        "counted": found.counted,
        "category": advice.category,
        "scenario": advice.scenario,
        "action": advice.action,
        "appealable": advice.appealable,
        "patient_liable": advice.patient_liable,
        "chance": int(advice.chance.scaleb(3)),
        "owner": advice.owner,
        "deadline": denial.deadline,
        "appeal_deadline": denial.appeal_deadline,
    }


def stored_denial(row: Any) -> StoredDenial:
    found = FoundDenial(
        service_ordinal=row.service,
        group=row.group,
        reason=row.reason,
        remarks=tuple(row.remarks),
        amount=row.amount,
        counted=row.counted,
        advice=Advice(
            category=Category(row.category),
            scenario=None if row.scenario is None else Scenario(row.scenario),
            action=Action(row.action),
            owner=Owner(row.owner),
            appealable=row.appealable,
            chance=Decimal(row.chance).scaleb(-3),
            patient_liable=row.patient_liable,
        ),
    )
    return StoredDenial(
        new=NewDenial(
            id=row.id,
            claim_id=row.claim_id,
            payment_id=row.payment_id,
            remittance_id=row.remittance_id,
            line_id=row.service_line_id,
            adjudicated_on=row.adjudicated_on,
            payer_id=row.payer_id,
            payer_name=row.payer_name,
            procedure_code=row.procedure_code,
            found=found,
            deadline=row.deadline,
            appeal_deadline=row.appeal_deadline,
        ),
        created_at=row.created_at,
        by_person=None if row.by_person is None else How(row.by_person),
        assigned_to=row.assigned_to,
        appealed=row.appealed,
        verdict=Verdict(
            how=None if row.how is None else How(row.how),
            at_stake=row.at_stake,
            closed_by=row.closed_by,
            recovered=row.recovered,
        ),
        closed_at=row.closed_at,
    )
