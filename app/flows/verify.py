"""Whether the books can be believed: everything that is kept twice is compared with itself.

Projections are compared with the journal and with a fresh fold of the evidence, bytes with their
hashes, sums with their parts, the audit chain with itself. Rows are streamed; memory stays flat.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.audit import AuditLink, broken_links
from app.domain.errors import KeptBytesLost
from app.domain.identity import Prefix, public_id
from app.domain.ledger import Account, said_by
from app.domain.lifecycle import Evidence, fold_as
from app.domain.money import ZERO, money_text
from app.domain.remittance import PaymentState
from app.flows.ports import Act, RawFiles, StoredRemittance, Tenant
from app.flows.verify_cash import CASH_CHECKS, CashRecords
from app.flows.verify_files import FileRecords, stored_otherwise
from app.flows.verify_judged import (
    JudgedRecords,
    acts_booked_otherwise,
    lines_judged_otherwise,
)
from app.flows.verify_told import ToldRecords, told_otherwise
from app.flows.verify_work import WorkRecords, denials_that_differ


@dataclass(frozen=True, slots=True)
class Difference:
    """Two things that should agree and do not; texts name rows and sums, no patient's data."""

    tenant: str
    check: str  # audit, bytes, content, journal, projection, deposits, stage, remittance, ...
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What is kept beside a claim or one of its lines."""

    charge: Decimal | None  # None: what is charged for it is booked under another claim
    paid: Decimal
    adjusted: Decimal
    patient_responsibility: Decimal


@dataclass(frozen=True, slots=True)
class ProjectedClaim:
    """A claim's and its lines' projections, beside what the journal holds for them.

    `journal` maps (charge or None for the claim itself, account) to the sum of its lines; what was
    given on to another payer's receivable stands under GIVEN_ON.
    """

    claim_id: UUID
    claim: Figures
    lines: Mapping[UUID, Figures]  # by charge
    journal: Mapping[tuple[UUID | None, str], Decimal]


@dataclass(frozen=True, slots=True)
class ProjectedBalance:
    """What a claim (or one of its charges) says its payer owes, and what the receivable of its
    payer's position holds for the same encounter."""

    claim_id: UUID
    charge_id: UUID | None
    kept: Decimal
    booked: Decimal


@dataclass(frozen=True, slots=True)
class ProjectedStage:
    """A claim's stage as projected, and the evidence of its latest submission."""

    claim_id: UUID
    stage: str
    reported_by: str
    frequency: str
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class StoredParts:
    """A remittance and what is stored of it."""

    stored: StoredRemittance
    payments: int
    posted: int
    paid: Decimal
    provider_adjustments: Decimal


@dataclass(frozen=True, slots=True)
class PaymentHistory:
    """A claim payment's state beside its acts and its entries, in their order."""

    payment_id: UUID
    state: str
    acts: tuple[str, ...]
    entries: tuple[tuple[UUID, UUID | None], ...]  # id, and the entry it takes back


class Records(Protocol):
    """All rows of one tenant as of one instant, each kind as a stream."""

    def audit_chain(self) -> Iterator[tuple[AuditLink, str]]: ...
    def audit_length(self) -> int: ...
    def kept_bytes(self) -> Iterator[tuple[str, str]]:
        """(place, sha256) of every inbound file, batch, answer and appeal's paper."""
        ...

    def content_hashes(self) -> Iterator[tuple[str, str, str | None]]:
        """(place, kept hash, hash of the content) of every encounter and claim version; None where
        the content does not open."""
        ...

    def unbalanced_entries(self) -> Iterator[tuple[UUID, Decimal]]: ...
    def claims(self) -> Iterator[ProjectedClaim]: ...
    def payments(self) -> Iterator[PaymentHistory]: ...
    def mirrors(self) -> Mapping[UUID, tuple[UUID, ...]]:
        """By entry: those that take it back; only entries of claim payments that were."""
        ...

    def crooked_mirrors(self) -> Iterator[UUID]:
        """Entries that take another back and are not that one with every sign turned."""
        ...

    def balances_that_differ(self) -> Iterator[ProjectedBalance]: ...
    def stages(self) -> Iterator[ProjectedStage]: ...
    def remittances(self) -> Iterator[StoredParts]: ...
    def balance(self, account: Account) -> Decimal: ...
    def cash(self) -> CashRecords: ...
    def work(self) -> WorkRecords: ...
    def judged(self) -> JudgedRecords: ...
    def told(self) -> ToldRecords: ...
    def files(self) -> FileRecords: ...


class OpenRecords(Protocol):
    """Opens a tenant's records; they are closed with the `with` block."""

    def __call__(self, tenant: Tenant) -> AbstractContextManager[Records]: ...


def verify(open_records: OpenRecords, raw: RawFiles, tenant: Tenant) -> Iterator[Difference]:
    """Every difference found in the tenant's books, as it is found."""
    with open_records(tenant) as records:
        for check, found in (
            ("audit", _audit(records)),
            ("bytes", _bytes(records, raw, tenant)),
            ("content", _content(records)),
            ("journal", _journal(records)),
            ("projection", _projections(records)),
            ("mirror", _mirrors(records)),
            ("payment", _payments(records)),
            ("stage", _stages(records)),
            ("remittance", _remittances(records)),
            ("deposits", _deposits(records)),
            ("denial", denials_that_differ(records.work())),
            ("underpayment", lines_judged_otherwise(records.judged())),
            ("write_off", acts_booked_otherwise(records.judged())),
            ("next_payer", told_otherwise(records.told())),
            ("file", stored_otherwise(records.files(), raw, tenant)),
            *((name, check(records.cash())) for name, check in CASH_CHECKS.items()),
        ):
            for place, message in found:
                yield Difference(tenant.name, check, place, message)


_Found = Iterator[tuple[str, str]]  # place and message

# Which accounts hold what a projection shows.
_PAID = (Account.UNAPPLIED,)
_ADJUSTED = (Account.CONTRACTUAL, Account.SEQUESTRATION, Account.WRITE_OFF)
GIVEN_ON = "given on"  # receivable_payer at the position of another payer than the claim's
_PATIENT = (Account.RECEIVABLE_PATIENT, GIVEN_ON)
_CHARGE = (Account.CHARGES,)


def _audit(records: Records) -> _Found:
    for message in broken_links(records.audit_chain(), length=records.audit_length()):
        yield "audit chain", message


def _bytes(records: Records, raw: RawFiles, tenant: Tenant) -> _Found:
    for place, sha256 in records.kept_bytes():
        try:
            raw.open(tenant.id, sha256).close()
        except KeptBytesLost as lost:
            yield place, str(lost)


def _content(records: Records) -> _Found:
    for place, kept, found in records.content_hashes():
        if found is None:
            yield place, "the content does not open: its key is missing or it was changed"
        elif found != kept:
            yield place, "the content does not match the hash kept beside it"


def _journal(records: Records) -> _Found:
    for entry_id, total in records.unbalanced_entries():
        yield f"journal entry {entry_id}", f"its lines sum to {money_text(total)}"


def _projections(records: Records) -> _Found:
    for projected in records.claims():
        place = public_id(Prefix.CLAIM, projected.claim_id)
        by_account: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        for (_, account), amount in projected.journal.items():
            by_account[account] += amount
        yield from _compare(place, projected.claim, by_account)
        for charge_id, figures in projected.lines.items():
            of_line: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
            for (charge, account), amount in projected.journal.items():
                if charge == charge_id:
                    of_line[account] += amount
            yield from _compare(f"{place} charge {charge_id}", figures, of_line)
    for balance in records.balances_that_differ():
        of = f" charge {balance.charge_id}" if balance.charge_id else ""
        yield (
            public_id(Prefix.CLAIM, balance.claim_id) + of,
            f"its balance is kept as {money_text(balance.kept)}, its payer's receivable holds"
            f" {money_text(balance.booked)}",
        )


def _compare(place: str, kept: Figures, journal: Mapping[str, Decimal]) -> _Found:
    for name, figure, accounts, sign in (
        ("charge", kept.charge, _CHARGE, -1),
        ("paid", kept.paid, _PAID, 1),
        ("adjusted", kept.adjusted, _ADJUSTED, 1),
        ("patient responsibility", kept.patient_responsibility, _PATIENT, 1),
    ):
        booked = sum((sign * journal.get(account, ZERO) for account in accounts), ZERO)
        if figure is not None and figure != booked:
            yield place, f"{name} is kept as {money_text(figure)}, booked {money_text(booked)}"


# What a payment's last act makes of it; a match alone posts nothing.
_STATE_AFTER = {
    Act.POSTED: PaymentState.POSTED,
    Act.REVERSED: PaymentState.REVERSED,
    Act.UNPOSTED: PaymentState.UNPOSTED,
    Act.REPOSTED: PaymentState.WAITING,
    Act.UNMATCHED: PaymentState.WAITING,
    Act.DISMISSED: PaymentState.DISMISSED,
}


def _mirrors(records: Records) -> _Found:
    for entry_id in records.crooked_mirrors():
        yield f"journal entry {entry_id}", "it is not the mirror of the entry it takes back"


def _payments(records: Records) -> _Found:
    """A payment is on the books exactly as often as its state says: posted once, else not at all,
    each time by an entry or its mirror's mirror.
    """
    mirrors = records.mirrors()
    for payment in records.payments():
        place = public_id(Prefix.CLAIM_PAYMENT, payment.payment_id)
        last = next((a for a in reversed(payment.acts) if a != Act.MATCHED), None)
        told = _STATE_AFTER[Act(last)] if last else PaymentState.WAITING
        if payment.state != told:
            yield place, f"its state is kept as {payment.state}, its acts say {told}"
        for entry_id, _ in payment.entries:
            if len(mirrors.get(entry_id, ())) > 1:
                yield place, f"its entry {entry_id} is taken back {len(mirrors[entry_id])} times"
        # What a reversal said is put back by its own acts only: when it was un-posted, what becomes
        # of its original is the original's affair.
        reverses = all(taken is not None for _, taken in payment.entries)
        by = {entry_id for entry_id, _ in payment.entries} if reverses else None
        standing = sum(_turns(id, mirrors, by) % 2 == 0 for id in said_by(payment.entries))
        expected = 1 if payment.state == PaymentState.POSTED else 0
        if standing != expected and payment.entries:
            yield place, f"it is {payment.state} and stands on the books {standing} times"


def _turns(
    entry_id: UUID, mirrors: Mapping[UUID, tuple[UUID, ...]], by: Container[UUID] | None
) -> int:
    """How often what the entry did was taken back and put back, by these entries (None: by any)."""
    turns = 0
    while entry_id in mirrors and (by is None or mirrors[entry_id][0] in by):
        entry_id, turns = mirrors[entry_id][0], turns + 1
    return turns


def _stages(records: Records) -> _Found:
    for projected in records.stages():
        state = fold_as(projected.evidence, frequency=projected.frequency)
        said_by = state.evidence.reported_by if state.evidence else projected.reported_by
        if (projected.stage, projected.reported_by) != (state.stage, said_by):
            yield (
                public_id(Prefix.CLAIM, projected.claim_id),
                f"the stage is kept as {projected.stage} by {projected.reported_by},"
                f" its evidence says {state.stage} by {said_by}",
            )


def _remittances(records: Records) -> _Found:
    for parts in records.remittances():
        stored, header = parts.stored, parts.stored.remittance
        place = public_id(Prefix.REMITTANCE, stored.id)
        if (parts.payments, parts.posted) != (stored.cursor, stored.posted):
            yield (
                place,
                f"{parts.payments} claim payments are stored and {parts.posted} of them posted, it"
                f" counts {stored.cursor} and {stored.posted}",
            )
        if not stored.finished:
            continue
        if parts.payments != header.claim_count:
            yield place, f"{parts.payments} of its {header.claim_count} claim payments are stored"
        if parts.paid != header.claims_paid:
            yield (
                place,
                f"its claim payments sum to {money_text(parts.paid)}, its file's to"
                f" {money_text(header.claims_paid)}",
            )
        if parts.provider_adjustments != header.provider_adjustments_total:
            yield (
                place,
                f"its provider adjustments sum to {money_text(parts.provider_adjustments)}, its"
                f" file's to {money_text(header.provider_adjustments_total)}",
            )


def _deposits(records: Records) -> _Found:
    deposits = sum((parts.stored.deposit for parts in records.remittances()), ZERO)
    cash = records.balance(Account.CASH)
    if cash != deposits:
        yield (
            "cash",
            f"it holds {money_text(cash)}, the remittances' deposits sum to {money_text(deposits)}",
        )
