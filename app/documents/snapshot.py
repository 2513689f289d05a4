"""A claim version's snapshot: the immutable JSON a claim can be written from again."""

from __future__ import annotations

import json

from app.documents.encounter import encounter_json, read_encounter
from app.domain.claim import Claim


def snapshot_bytes(claim: Claim) -> bytes:
    """The snapshot, spelled one way, so that equal claims have equal hashes."""
    return json.dumps(
        {
            "encounter": encounter_json(claim.encounter),
            "responsibility": claim.responsibility,
            "frequency": claim.frequency,
            "payerClaimControlNumber": claim.payer_claim_control_number,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def filing_code(content: bytes) -> str | None:
    """The claim filing indicator (SBR09) of the coverage that a snapshot of ours asks."""
    members = json.loads(content)
    asked = members["responsibility"]
    for coverage in members["encounter"]["coverages"]:
        if coverage["responsibility"] == asked:
            return str(coverage["claimFilingCode"])
    return None


def read_snapshot(content: bytes) -> Claim:
    """The claim behind a snapshot of ours; raises ValueError when it is not one."""
    members = json.loads(content)
    encounter = read_encounter(json.dumps(members["encounter"]).encode())
    if isinstance(encounter, list):
        raise ValueError(
            f"the snapshot no longer reads: {encounter[0].pointer} {encounter[0].code}"
        )
    return Claim(
        encounter=encounter,
        responsibility=members["responsibility"],
        frequency=members["frequency"],
        payer_claim_control_number=members["payerClaimControlNumber"],
    )
