"""Lesson 10: whatever claims a batch mixes, its counts and levels come out right.

One to fifty claims of the subscriber himself, of spouses and of children, of several billing
providers; counted by hand from the bytes, and once more by `edi check`.
"""

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
    counted_by_hand(batch.data)
    per_set: dict[str, int] = {}
    for claim in read_claims(batch.data):
        number = claim.transaction_control_number
        per_set[number] = per_set.get(number, 0) + 1
    assert max(per_set.values()) <= limit


def counted_by_hand(data: bytes) -> None:
    """SE01, HL01 to HL04, GE01 and IEA01 by nothing but splitting the text."""
    parts = [segment.strip().split("*") for segment in data.decode("latin-1").split("~")]
    sets = groups = start = 0
    levels: list[list[str]] = []
    for place, part in enumerate(parts):
        if part[0] == "ST":
            start, levels = place, []
        elif part[0] == "HL":
            levels.append(part)
        elif part[0] == "SE":
            sets += 1
            assert int(part[1]) == place - start + 1
            assert part[2] == parts[start][2]
            check_levels(levels)
        elif part[0] == "GE":
            groups += 1
            assert int(part[1]) == sets
        elif part[0] == "IEA":
            assert int(part[1]) == groups == 1


def check_levels(levels: list[list[str]]) -> None:
    """20 billing provider, 22 subscriber, 23 patient: each under the last of the level above."""
    assert [int(level[1]) for level in levels] == list(range(1, len(levels) + 1))
    above = {"20": None, "22": "20", "23": "22"}
    last: dict[str | None, str] = {}
    for place, (_, number, parent, code, children) in enumerate(levels):
        assert parent == last.get(above[code], "")
        last[code] = number
        following = levels[place + 1] if place + 1 < len(levels) else None
        assert children == str(int(following is not None and following[2] == number))
