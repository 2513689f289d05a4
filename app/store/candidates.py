"""Claims that claim payments may be about: few queries, however many payments there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, union_all

from app.domain.claim import StoredClaim
from app.domain.claim_matching import Candidate, cut_key, is_blank, number_key
from app.domain.remittance import ClaimPayment
from app.store import tables as t
from app.store.claim_rows import claims_where, stored_claims
from app.store.session import Session, chunks

# Of the numbers that begin with a cut one; two are enough to know that it names none.
_MOST_BEGINNINGS = 6
_MOST_UNIONS = 200  # SQLite takes 500 SELECTs in one statement
_AFTER_ALL = "\U0010ffff"


@dataclass(slots=True)
class _Found:
    """Claims by what they were found by, before anything is held."""

    exact: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)  # number: claim, submission
    by_number: defaultdict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    by_payer_number: defaultdict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    by_member: defaultdict[bytes, set[UUID]] = field(default_factory=lambda: defaultdict(set))


class CandidateRepository:
    """The `Candidates` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_payments(self, payments: Sequence[ClaimPayment]) -> list[list[Candidate]]:
        found = _Found(exact=self._exact(payments))
        others = [p for p in payments if _given(p) not in found.exact]
        if others:
            self._by_numbers(others, found)
            self._by_payer_numbers(others, found)
            charges = {p.charge for p in others}
            self._by_members(others, found, t.claim.c.charge.in_(charges))
        return self._candidates(payments, found, hold=True)

    def near(self, payment: ClaimPayment) -> list[Candidate]:
        found = _Found(exact=self._exact([payment]))
        self._by_numbers([payment], found)
        self._by_payer_numbers([payment], found)
        like = or_(
            t.claim.c.charge == payment.charge,
            t.claim.c.first_service_date == payment.service_date,
        )
        self._by_members([payment], found, like)
        return self._candidates([payment], found, hold=False)[0]

    def _exact(self, payments: Iterable[ClaimPayment]) -> dict[str, tuple[UUID, UUID]]:
        numbers = sorted({_given(p) for p in payments} - {""})
        exact: dict[str, tuple[UUID, UUID]] = {}
        s = t.submission.c
        for some in chunks(numbers):
            query = select(s.patient_control_number, s.claim_id, s.id).where(
                self._session.owns(t.submission),
                self._session.among(s.patient_control_number, some),
            )
            for number, claim_id, id in self._session.connection.execute(query).all():
                exact[number] = (claim_id, id)
        return exact

    def _by_numbers(self, payments: Sequence[ClaimPayment], found: _Found) -> None:
        """The number as the payer may have changed it, whole or cut."""
        given = [number for p in payments if not is_blank(number := _given(p))]
        s = t.submission.c
        for some in chunks(sorted({number_key(number) for number in given})):
            query = select(s.number_key, s.claim_id).where(
                self._session.owns(t.submission), self._session.among(s.number_key, some)
            )
            for key, claim_id in self._session.connection.execute(query).all():
                found.by_number[key].add(claim_id)
        beginnings = sorted({key for number in given if (key := cut_key(number))})
        for start in range(0, len(beginnings), _MOST_UNIONS):
            some = beginnings[start : start + _MOST_UNIONS]
            longer = [
                select(
                    select(s.number_key, s.claim_id)
                    .where(
                        self._session.owns(t.submission),
                        s.number_key > key,
                        s.number_key < key + _AFTER_ALL,
                    )
                    .order_by(s.number_key)
                    .limit(_MOST_BEGINNINGS)
                    .subquery()
                )
                for key in some
            ]
            for whole, claim_id in self._session.connection.execute(union_all(*longer)).all():
                for key in some:
                    if whole.startswith(key):
                        found.by_number[key].add(claim_id)

    def _by_payer_numbers(self, payments: Sequence[ClaimPayment], found: _Found) -> None:
        numbers = sorted({number for p in payments for number in _payer_numbers(p)})
        c = t.claim.c
        for some in chunks(numbers):
            query = select(c.payer_claim_control_number, c.id).where(
                self._session.owns(t.claim), self._session.among(c.payer_claim_control_number, some)
            )
            for number, claim_id in self._session.connection.execute(query).all():
                found.by_payer_number[number].add(claim_id)

    def _by_members(
        self, payments: Sequence[ClaimPayment], found: _Found, like: ColumnElement[bool]
    ) -> None:
        """Member ids are compared under seal; what else is like the payment is judged later."""
        indexes = sorted({index for p in payments for index in self._member(p)})
        c = t.claim.c
        for some in chunks(indexes):
            query = select(c.member_id_index, c.id).where(
                self._session.owns(t.claim), self._session.among(c.member_id_index, some), like
            )
            for index, claim_id in self._session.connection.execute(query).all():
                found.by_member[index].add(claim_id)

    def _candidates(
        self, payments: Sequence[ClaimPayment], found: _Found, *, hold: bool
    ) -> list[list[Candidate]]:
        members = [self._of_member(payment, found) for payment in payments]
        named = [
            _named(payment, found) | of_member
            for payment, of_member in zip(payments, members, strict=True)
        ]
        claims = self._claims(sorted({id for some in named for id in some}), hold=hold)
        numbers = self._numbers(
            sorted(
                {
                    id
                    for payment, some in zip(payments, named, strict=True)
                    if _given(payment) not in found.exact
                    for id in some
                }
            )
        )
        return [
            [
                Candidate(
                    claims[id],
                    tuple(numbers.get(id, ())) or _as_given(payment, found),
                    same_member=id in of_member,
                )
                for id in sorted(some)
            ]
            for payment, some, of_member in zip(payments, named, members, strict=True)
        ]

    def _claims(self, ids: Sequence[UUID], *, hold: bool) -> dict[UUID, StoredClaim]:
        """In the order of their ids, so that two workers never wait in a ring."""
        found: dict[UUID, StoredClaim] = {}
        for some in chunks(ids):
            query = claims_where(self._session, self._session.among(t.claim.c.id, some))
            query = self._session.locked(query, t.claim) if hold else query
            rows = self._session.connection.execute(query).all()
            found.update((c.id, c) for c in stored_claims(self._session, rows))
        return found

    def _numbers(self, ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, UUID]]]:
        """Every number these claims went out under, the latest first."""
        numbers: defaultdict[UUID, list[tuple[str, UUID]]] = defaultdict(list)
        s = t.submission.c
        for some in chunks(ids):
            query = (
                select(s.claim_id, s.patient_control_number, s.id)
                .where(self._session.owns(t.submission), self._session.among(s.claim_id, some))
                .order_by(s.claim_id, s.attempt.desc())
            )
            for claim_id, number, id in self._session.connection.execute(query).all():
                numbers[claim_id].append((number, id))
        return numbers

    def _of_member(self, payment: ClaimPayment, found: _Found) -> set[UUID]:
        if not found.by_member:
            return set()
        return {id for index in self._member(payment) for id in found.by_member.get(index, ())}

    def _member(self, payment: ClaimPayment) -> tuple[bytes, ...]:
        """Every index the member id may have been written under."""
        if not (payment.member_id or "").strip():
            return ()
        return self._session.cipher.blind_indexes(
            payment.member_id or "", tenant_id=self._session.tenant.id, column="member_id"
        )


def _given(payment: ClaimPayment) -> str:
    return payment.patient_control_number.strip()


def _named(payment: ClaimPayment, found: _Found) -> set[UUID]:
    """The claims that a number of the payment leads to; only one where it is ours as it stands."""
    exact = found.exact.get(_given(payment))
    if exact is not None:
        return {exact[0]}
    ids = set(found.by_number.get(number_key(_given(payment)), ()))
    for number in _payer_numbers(payment):
        ids |= found.by_payer_number.get(number, set())
    return ids


def _as_given(payment: ClaimPayment, found: _Found) -> tuple[tuple[str, UUID], ...]:
    exact = found.exact.get(_given(payment))
    return ((_given(payment), exact[1]),) if exact else ()


def _payer_numbers(payment: ClaimPayment) -> Iterator[str]:
    for number in (payment.payer_claim_control_number, payment.original_claim_number):
        if number and number.strip():
            yield number
