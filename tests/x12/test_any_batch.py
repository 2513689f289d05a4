"""Whatever claims a batch mixes, its counts, levels and claims come out right (lessons.md 10)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

import edi
from app.domain.batch import OutboundClaim
from app.domain.encounter import Coverage, Encounter, Patient
from app.domain.party import Person, Provider
from app.x12.claim_837 import read_claims, write_batch
from tests.x12.claims import (
    ACME,
    ANN,
    ENCOUNTER,
    FULL,
    HEADER,
    PARTNER,
    SAM,
    SELF_PAY,
    SPOUSE_PAY,
    outbound,
    structure_alone,
)

names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ '-.ÀÉÑöüßŁ", min_size=1, max_size=20).filter(
    lambda text: text.strip(" '-.") != ""
)
cents = st.integers(min_value=1, max_value=9_999_999).map(lambda c: Decimal(c).scaleb(-2))
providers = st.sampled_from(
    [
        ACME,
        replace(ACME, npi="1245319599", organization_name="OTHER CLINIC"),
        Provider(
            "1740293307",
            first_name="SOLO",
            last_name="DOCTOR",
            ssn="123456780",
            address=ACME.address,
        ),
    ]
)


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    shape = draw(st.sampled_from([SELF_PAY, SPOUSE_PAY, replace(SPOUSE_PAY, relationship="19")]))
    return replace(
        shape,
        payer_id=draw(st.sampled_from(["60054", "87726"])),
        member_id=draw(st.sampled_from(["W1", "W2", "W3"])),
        group_number=draw(st.sampled_from([None, "G1"])),
        patient_has_own_id=draw(st.booleans()),
    )


@st.composite
def encounters(draw: st.DrawFn) -> Encounter:
    base = draw(st.sampled_from([ENCOUNTER, FULL]))
    charges = draw(st.lists(cents, min_size=1, max_size=4))
    lines = tuple(
        replace(base.service_lines[n % 2], line_id=str(n + 1), charge=charge)
        for n, charge in enumerate(charges)
    )
    person: Person = replace(draw(st.sampled_from([ANN, SAM])), last_name=draw(names))
    return replace(
        base,
        patient=Patient(None, person),
        coverages=(draw(coverages()),),
        billing_provider=draw(providers),
        service_lines=lines,
        total_charge=sum(charges, Decimal(0)),
    )


@settings(max_examples=25, deadline=None)
@given(found=st.lists(encounters(), min_size=1, max_size=50), limit=st.integers(1, 20))
def test_every_batch_is_whole_and_holds_every_claim_once(
    found: list[Encounter], limit: int
) -> None:
    claims: list[OutboundClaim] = [outbound(n, of=e) for n, e in enumerate(found, start=1)]
    header = replace(HEADER, partner=replace(PARTNER, claims_per_transaction=limit))

    with structure_alone():
        batch = write_batch(header, claims)

    assert batch.refused == {}
    assert {p.submission_id for p in batch.positions} == {c.submission_id for c in claims}
    # what one part makes of another is not drawn here: the patient may pay more than the claim
    assert [i for i in edi.check(batch.data).issues if i.snip < 4] == []
    per_set: dict[str, int] = {}
    for claim in read_claims(batch.data):
        number = claim.transaction_control_number
        per_set[number] = per_set.get(number, 0) + 1
    assert max(per_set.values()) <= limit
