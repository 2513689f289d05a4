"""Claims are sorted into providers, subscribers and patients before a byte is written."""

from __future__ import annotations

from dataclasses import replace

from app.domain.batch import OutboundClaim
from app.domain.encounter import Patient
from app.x12.grouping import in_file_order, provider_groups, transaction_sets
from app.x12.wire_form import wire_form
from tests.x12.claims import ACME, PARTNER, SAM, SPOUSE_PAY, covered, outbound


def formed(*claims: OutboundClaim) -> list[OutboundClaim]:
    forms = [wire_form(claim, partner=PARTNER) for claim in claims]
    return [form for form in forms if isinstance(form, OutboundClaim)]


def test_two_visits_of_one_patient_share_one_subscriber() -> None:
    [provider] = provider_groups(formed(outbound(1), outbound(2)))
    [subscriber] = provider.subscribers
    assert [claim.patient_control_number for claim in subscriber.claims] == [
        "C000000001-1",
        "C000000002-1",
    ]


def test_spouse_and_child_stand_under_one_subscriber_each_with_an_own_relationship() -> None:
    child = replace(SPOUSE_PAY, relationship="19")
    [provider] = provider_groups(
        formed(
            outbound(1, coverages=(SPOUSE_PAY,)),
            outbound(2, coverages=(child,), patient=Patient(None, SAM)),
            outbound(3, coverages=(SPOUSE_PAY,)),
        )
    )
    [subscriber] = provider.subscribers
    assert subscriber.claims == []
    assert [(p.relationship, len(p.claims)) for p in subscriber.patients] == [("01", 2), ("19", 1)]


def test_own_claims_and_dependents_never_share_a_subscriber_level() -> None:
    own = covered(member_id=SPOUSE_PAY.member_id)
    [provider] = provider_groups(
        formed(outbound(1, coverages=own), outbound(2, coverages=(SPOUSE_PAY,)))
    )
    assert [(len(s.claims), len(s.patients)) for s in provider.subscribers] == [(1, 0), (0, 1)]


def test_another_position_group_or_member_opens_another_subscriber() -> None:
    [provider] = provider_groups(
        formed(
            outbound(1),
            outbound(2, coverages=covered(responsibility="S"), position="S"),
            outbound(3, coverages=covered(group_number="G200")),
            outbound(4, coverages=covered(member_id="W2")),
        )
    )
    assert len(provider.subscribers) == 4


def test_claims_come_out_sorted_with_the_first_comer_first() -> None:
    other = replace(ACME, npi="1245319599")
    mixed = formed(outbound(1), outbound(2, billing_provider=other), outbound(3))
    assert [c.submission_id.int for c in in_file_order(provider_groups(mixed))] == [1, 3, 2]


def test_a_level_holds_a_hundred_claims() -> None:
    [provider] = provider_groups(formed(*(outbound(n) for n in range(1, 202))))
    assert [len(s.claims) for s in provider.subscribers] == [100, 100, 1]
    [provider] = provider_groups(
        formed(*(outbound(n, coverages=(SPOUSE_PAY,)) for n in range(1, 102)))
    )
    assert [len(p.claims) for p in provider.subscribers[0].patients] == [100, 1]


def test_a_transaction_set_holds_one_payers_claims_and_no_more_than_its_limit() -> None:
    other = covered(payer_id="87726")
    claims = formed(outbound(1), outbound(2, coverages=other), outbound(3), outbound(4))
    sets = [[c.submission_id.int for c in s] for s in transaction_sets(claims, limit=2)]
    assert sets == [[1, 3], [4], [2]]
