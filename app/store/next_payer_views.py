"""Worklists of claims to the next payer, as SQL views."""

from __future__ import annotations

# A payment that stands: posted, not taken back, and not itself a taking back.
_STANDING = "p.tenant_id = c.tenant_id AND p.claim_id = c.id AND p.state = 'posted'"
# The payer has sent the claim on itself: by its status, by naming the carrier, or by a remark.
_FORWARDED = """(p.status IN ('19', '20', '21') OR p.crossover OR EXISTS (
        SELECT 1 FROM remark r WHERE r.tenant_id = p.tenant_id AND r.claim_payment_id = p.id
        AND r.code IN ('MA18', 'N89')))"""
_NO_NEXT_CLAIM = """NOT EXISTS (
    SELECT 1 FROM claim n WHERE n.tenant_id = c.tenant_id AND n.encounter_id = c.encounter_id
    AND n.responsibility = c.next_position)"""
_COLUMNS = """c.tenant_id, c.id AS claim_id, c.encounter_id, c.patient_control_number,
    c.responsibility, c.next_position, c.payer_id, c.charge, c.paid, c.adjusted,
    c.patient_responsibility, c.first_service_date, c.as_of"""
_PARTS = {
    "_COLUMNS": _COLUMNS,
    "_STANDING": _STANDING,
    "_FORWARDED": _FORWARDED,
    "_NO_NEXT_CLAIM": _NO_NEXT_CLAIM,
}

_TEXTS = {
    "wl_claims_secondary_ready": """
SELECT {_COLUMNS}
FROM claim c
WHERE c.next_position IS NOT NULL
AND c.stage IN ('PAID', 'PARTIALLY_PAID', 'DENIED', 'ZERO_PAY')
AND EXISTS (
    SELECT 1 FROM claim_payment p
    JOIN adjustment a ON a.tenant_id = p.tenant_id AND a.claim_payment_id = p.id
    WHERE {_STANDING} AND p.status IN ('1', '2', '3') AND a."group" = 'PR' AND a.amount > 0)
AND NOT EXISTS (
    SELECT 1 FROM claim_payment p
    JOIN adjustment a ON a.tenant_id = p.tenant_id AND a.claim_payment_id = p.id
    WHERE {_STANDING} AND a.reason IN ('133', '257', '277'))
AND NOT EXISTS (SELECT 1 FROM claim_payment p WHERE {_STANDING} AND {_FORWARDED})
AND {_NO_NEXT_CLAIM}""",
    "wl_claims_crossover_waiting": """
SELECT {_COLUMNS}
FROM claim c
WHERE c.next_position IS NOT NULL
AND EXISTS (SELECT 1 FROM claim_payment p WHERE {_STANDING} AND {_FORWARDED})
AND {_NO_NEXT_CLAIM}""",
    # What a claim that was sent told of an earlier payer no longer stands.
    "wl_claims_secondary_to_replace": """
SELECT n.tenant_id, n.id AS claim_id, n.encounter_id, n.patient_control_number, n.responsibility,
    n.payer_id, n.charge, n.paid, n.adjusted, n.patient_responsibility, n.stage, n.as_of
FROM claim n
WHERE n.stage NOT IN ('DRAFT', 'NEEDS_INFO', 'ON_HOLD', 'READY', 'REJECTED', 'FILE_REJECTED',
    'VOIDED')
AND EXISTS (
    SELECT 1 FROM claim_basis b
    JOIN claim_payment p ON p.tenant_id = b.tenant_id AND p.id = b.claim_payment_id
    WHERE b.tenant_id = n.tenant_id AND b.claim_id = n.id AND b.version = n.version
    AND p.state <> 'posted')""",
}


def _whole(query: str) -> str:
    for part, words in _PARTS.items():
        query = query.replace(f"{{{part}}}", words)
    return query


VIEWS = {name: _whole(query) for name, query in _TEXTS.items()}
