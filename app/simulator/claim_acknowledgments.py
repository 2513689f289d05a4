"""277CA: first the clearinghouse (AY) says what it received, then each payer (PR) what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.simulator.decisions import Decided, derived
from app.simulator.received import Claim, Interchange, Provider, TransactionSet
from edi.guides import x214_claim_acknowledgment as guide
from edi.segments import AMT, BHT, DTP, NM1, QTY, REF, STC, TRN, Status

ACCEPT, REJECT = "WQ", "U"  # STC03
REJECT_CATEGORIES = frozenset({"A3", "A6", "A7", "A8"})


@dataclass(frozen=True, slots=True)
class Source:
    """2100A: who answers."""

    entity: str  # AY or PR
    name: str
    id_qualifier: str
    id: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A claim with the status this source gives it."""

    claim: Claim
    status: Status
    payer_claim_control_number: str | None = None

    @property
    def rejected(self) -> bool:
        return self.status.category in REJECT_CATEGORIES


RECEIVED = Status(category="A1", code="19")


def received_by_clearinghouse(decided: Decided) -> Answered:
    return Answered(decided.claim, RECEIVED)


def decided_by_payer(decided: Decided) -> Answered:
    """A2 with the payer's own number, or the scenario's rejection."""
    scenario = decided.scenario
    assert scenario.category is not None
    if scenario.category in REJECT_CATEGORIES:
        status = Status(category=scenario.category, code=scenario.status, entity="IL")
        return Answered(decided.claim, status)
    status = Status(category=scenario.category, code=scenario.status, entity="PR")
    return Answered(decided.claim, status, decided.payer_claim_control_number)


def claim_acknowledgment(
    received: Interchange,
    batch: TransactionSet,
    answered: Sequence[Answered],
    *,
    source: Source,
    content_key: str,
) -> guide.ClaimAcknowledgment:
    """One transaction set: what this source says of one batch (BHT03) of ours."""
    number = derived(content_key, batch.reference, source.entity, source.id, digits=9)
    by_provider: dict[Provider, list[Answered]] = {}
    for item in answered:
        by_provider.setdefault(item.claim.billing_provider, []).append(item)
    return guide.ClaimAcknowledgment(
        bht=BHT(
            structure="0085",
            purpose="08",
            reference=f"{number:09d}",
            created_on=received.on,
            created_at=received.at,
            type="TH",
        ),
        sources=[
            guide.InformationSource2000A(
                name=NM1(
                    entity=source.entity,
                    entity_type="2",
                    last_name=source.name,
                    id_qualifier=source.id_qualifier,
                    id=source.id,
                ),
                trace=guide.SourceTrace2200A(
                    trn=TRN(type="1", number=f"{source.entity}{number:09d}"),
                    received=DTP.on("050", received.on),
                    processed=DTP.on("009", received.on),
                ),
                receivers=[_receiver(received, batch, answered, by_provider)],
            )
        ],
    )


def _receiver(
    received: Interchange,
    batch: TransactionSet,
    answered: Sequence[Answered],
    by_provider: dict[Provider, list[Answered]],
) -> guide.InformationReceiver2000B:
    return guide.InformationReceiver2000B(
        name=NM1(
            entity="41",
            entity_type="2",
            last_name=batch.submitter_name,
            id_qualifier="46",
            id=batch.submitter_id,
        ),
        trace=guide.ReceiverTrace2200B(
            trn=TRN(type="2", number=batch.reference),
            statuses=[_level_status(answered, on=received.on)],
            quantities=_counts(answered, accepted="90", rejected="AA"),
            amounts=_sums(answered),
        ),
        billing_providers=[
            _provider(received, provider, items) for provider, items in by_provider.items()
        ],
    )


def _provider(
    received: Interchange, provider: Provider, answered: Sequence[Answered]
) -> guide.BillingProvider2000C:
    return guide.BillingProvider2000C(
        name=NM1(
            entity="85",
            entity_type="1" if provider.is_person else "2",
            last_name=provider.name.last,
            first_name=provider.name.first,
            id_qualifier="XX",
            id=provider.npi,
        ),
        trace=guide.ProviderTrace2200C(
            trn=TRN(type="1", number="0"),
            statuses=[_level_status(answered, on=None)],  # STC02 is not used at this level
            quantities=_counts(answered, accepted="QA", rejected="QC"),
            amounts=_sums(answered),
        ),
        patients=[_patient(received, item) for item in answered],
    )


def _patient(received: Interchange, item: Answered) -> guide.Patient2000D:
    claim, name = item.claim, item.claim.patient
    references = []
    if item.payer_claim_control_number:
        references.append(REF(qualifier="1K", value=item.payer_claim_control_number))
    return guide.Patient2000D(
        name=NM1(
            entity="QC",
            entity_type="1",
            last_name=name.last,
            first_name=name.first,
            middle_name=name.middle,
            suffix=name.suffix,
            id_qualifier="MI",
            id=claim.member_id,
        ),
        claims=[
            guide.ClaimStatus2200D(
                trn=TRN(type="2", number=claim.patient_control_number),
                statuses=[
                    STC(
                        status=item.status,
                        effective_date=received.on,
                        action=REJECT if item.rejected else ACCEPT,
                        charge=claim.charge,
                    )
                ],
                references=references,
                dates=[_service_dates(claim, received.on)],
            )
        ],
    )


def _service_dates(claim: Claim, received_on: date) -> DTP:
    """Required here; a predetermination has no day of service and shows the day it came."""
    first, last = claim.first_date or received_on, claim.last_date or received_on
    return DTP.on("472", first) if first == last else DTP.between("472", first, last)


# ── Totals ─────────────────────────────────────────────────────────────────


def _level_status(answered: Sequence[Answered], *, on: date | None) -> STC:
    """The level was received; which of its claims are taken is said below it."""
    return STC(
        status=RECEIVED,
        effective_date=on,
        action=ACCEPT,
        charge=sum((item.claim.charge for item in answered), Decimal(0)),
    )


def _counts(answered: Sequence[Answered], *, accepted: str, rejected: str) -> list[QTY]:
    refused = sum(item.rejected for item in answered)
    counts = ((accepted, len(answered) - refused), (rejected, refused))
    return [QTY(qualifier=q, quantity=Decimal(count)) for q, count in counts if count]


def _sums(answered: Sequence[Answered]) -> list[AMT]:
    sums = {"YU": Decimal(0), "YY": Decimal(0)}
    for item in answered:
        sums["YY" if item.rejected else "YU"] += item.claim.charge
    return [AMT(qualifier=q, amount=amount) for q, amount in sums.items() if amount]
