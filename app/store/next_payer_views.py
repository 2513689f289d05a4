"""Worklists of claims to the next payer, as SQL views."""

from __future__ import annotations

from app.store.cash_views import worklist_select

# A payment that stands: posted, not taken back, and not itself a taking back.
_STANDING = "p.tenant_id = c.tenant_id AND p.claim_id = c.id AND p.state = 'posted'"
# The payer has sent the claim on itself: by its status, by naming the carrier, or by a remark.
_FORWARDED = """(p.status IN ('19', '20', '21') OR p.crossover OR EXISTS (
        SELECT 1 FROM remark r WHERE r.tenant_id = p.tenant_id AND r.claim_payment_id = p.id
        AND r.code IN ('MA18', 'N89')))"""
_NO_NEXT_CLAIM = """NOT EXISTS (
    SELECT 1 FROM claim n WHERE n.tenant_id = c.tenant_id AND n.encounter_id = c.encounter_id
    AND n.responsibility = c.next_position)"""
_PARTS = {
    "_STANDING": _STANDING,
    "_FORWARDED": _FORWARDED,
    "_NO_NEXT_CLAIM": _NO_NEXT_CLAIM,
}

_TEXTS = {
    "wl_claims_secondary_ready": """
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
FROM claim c
WHERE c.next_position IS NOT NULL
AND EXISTS (SELECT 1 FROM claim_payment p WHERE {_STANDING} AND {_FORWARDED})
AND {_NO_NEXT_CLAIM}""",
    # What a claim that was sent told of an earlier payer no longer stands.
    "wl_claims_secondary_to_replace": """
FROM claim c
WHERE c.stage NOT IN ('DRAFT', 'NEEDS_INFO', 'ON_HOLD', 'READY', 'REJECTED', 'FILE_REJECTED',
    'VOIDED')
AND EXISTS (
    SELECT 1 FROM claim_basis b
    JOIN claim_payment p ON p.tenant_id = b.tenant_id AND p.id = b.claim_payment_id
    WHERE b.tenant_id = c.tenant_id AND b.claim_id = c.id AND b.version = c.version
    AND p.state <> 'posted')""",
}


def _whole(query: str) -> str:
    for part, words in _PARTS.items():
        query = query.replace(f"{{{part}}}", words)
    return query


# What is asked of the next payer: what this one left to the patient. Of a later payer's claim that
# is out of date: what it was asked for and still owes.
_LEFT = "c.patient_responsibility"
_OWED = "c.charge - c.elsewhere - c.paid - c.adjusted - c.patient_responsibility"
_DECIDED_ON = """(SELECT MAX(r.effective_date) FROM claim_payment p
    JOIN remittance r ON r.tenant_id = p.tenant_id AND r.id = p.remittance_id
    WHERE p.tenant_id = c.tenant_id AND p.claim_id = c.id AND p.state = 'posted')"""


def _list(name: str, query: str) -> str:
    outdated = name == "wl_claims_secondary_to_replace"
    amount = _OWED if outdated else _LEFT
    return worklist_select(
        _whole(query),
        tenant_id="c.tenant_id",
        kind="'claim'",
        id="c.id",
        claim_id="c.id",
        reference="c.patient_control_number",
        payer_id="c.payer_id",
        payer_name="c.payer_name",
        category="c.stage",
        reason="'replace ' || c.responsibility" if outdated else "'next ' || c.next_position",
        amount=amount,
        owner="'BILLER'",
        since=_DECIDED_ON,
        sort_key=f"-ABS({amount})",
    )


VIEWS = {name: _list(name, query) for name, query in _TEXTS.items()}
