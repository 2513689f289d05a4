"""Stored claim payments with services, adjustments and remarks, read back as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.domain.ack import Place
from app.domain.procedure import Procedure
from app.domain.remittance import Adjustment, ClaimPayment, Imbalance, ServicePayment
from app.flows.ports import KeptPayment, PaymentState
from app.store import tables as t
from app.store.remittance_rows import read_imbalance, read_outcome, read_place
from app.store.session import Session, chunks

_Levels = dict[UUID, dict[int, list[Any]]]  # claim payment -> service ordinal (0: claim) -> rows


def kept_payments(session: Session, rows: Sequence[Any]) -> list[KeptPayment]:
    """The payments of these rows, in their order; three queries however many they are."""
    ids = [row.id for row in rows]
    services = _by_owner(session, t.service_payment, ids)
    adjustments = _by_level(_by_owner(session, t.adjustment, ids))
    remarks = _by_level(_by_owner(session, t.remark, ids))
    return [_kept(session, row, services[row.id], adjustments, remarks) for row in rows]


def _kept(
    session: Session, row: Any, services: Iterable[Any], adjustments: _Levels, remarks: _Levels
) -> KeptPayment:
    own_services = list(services)
    return KeptPayment(
        id=row.id,
        remittance_id=row.remittance_id,
        state=PaymentState(row.state),
        classified=read_outcome(row),
        reason=row.reason,
        claim_id=row.claim_id,
        method=row.method,
        lines={s.ordinal: s.service_line_id for s in own_services if s.service_line_id},
        fingerprint=row.fingerprint,
        message=row.message,
        payment=ClaimPayment(
            ordinal=row.ordinal,
            patient_control_number=row.patient_control_number,
            status=row.status,
            charge=row.charge,
            paid=row.paid,
            patient_responsibility=row.patient_responsibility,
            payer_claim_control_number=row.payer_claim_control_number,
            member_id=_member_id(session, row),
            adjustments=_adjustments(adjustments[row.id][0]),
            remarks=tuple(r.code for r in remarks[row.id][0]),
            services=tuple(
                _service(s, adjustments[row.id][s.ordinal], remarks[row.id][s.ordinal])
                for s in own_services
            ),
            service_date=row.service_date,
            crossover=row.crossover,
            imbalances=_imbalances(row.imbalances),
            place=read_place(row),
            original_claim_number=row.original_claim_number,
        ),
    )


def _service(row: Any, adjustments: Iterable[Any], remarks: Iterable[Any]) -> ServicePayment:
    submitted = row.submitted_procedure
    return ServicePayment(
        ordinal=row.ordinal,
        line_control_number=row.line_control_number,
        procedure=_procedure(row.procedure),
        submitted_procedure=_procedure(submitted) if submitted else None,
        charge=row.charge,
        paid=row.paid,
        units=row.units,
        allowed=row.allowed,
        service_date=row.service_date,
        adjustments=_adjustments(adjustments),
        remarks=tuple(r.code for r in remarks),
        place=Place(row.segment_number, row.loop),
    )


def _adjustments(rows: Iterable[Any]) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(r.group, r.reason, r.amount, r.quantity) for r in rows)


def _procedure(told: dict[str, Any]) -> Procedure:
    return Procedure(told["code"], tuple(told["modifiers"]), told["description"], told["qualifier"])


def _imbalances(told: Iterable[dict[str, Any]]) -> tuple[Imbalance, ...]:
    return tuple(read_imbalance(one) for one in told)


def _member_id(session: Session, row: Any) -> str | None:
    if row.member_id is None:
        return None
    opened = session.open(row.member_id, row.member_id_key_id, "claim_payment.member_id")
    return opened.decode("utf-8", "surrogateescape")


def _by_owner(session: Session, table: Any, ids: Sequence[UUID]) -> defaultdict[UUID, list[Any]]:
    """The rows of each claim payment, in the order of the table's key."""
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for some in chunks(ids):
        query = session.rows(table, session.among(table.c.claim_payment_id, some)).order_by(
            *table.primary_key.columns
        )
        for row in session.connection.execute(query).all():
            found[row.claim_payment_id].append(row)
    return found


def _by_level(rows: dict[UUID, list[Any]]) -> _Levels:
    levels: _Levels = defaultdict(lambda: defaultdict(list))
    for owner, own in rows.items():
        for row in own:
            levels[owner][row.service_ordinal].append(row)
    return levels
