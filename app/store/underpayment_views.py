"""Lines that were allowed otherwise than agreed, as SQL views. Amounts are integer cents.

`allowed_as_judged` holds every line judged whose claim payment is posted, as it was judged when it
was posted last, with what became of it since; the worklists and the reports read it.
"""

from __future__ import annotations

from app.store.cash_views import worklist_select

# `balance`: what is still owed for the line; a claim that came without lines has no line.
_JUDGED = """
WITH told AS (
SELECT e.tenant_id, e.id, e.claim_payment_id, e.service_ordinal, e.claim_id, e.service_line_id,
    e.procedure_code, e.finding, e.charge, e.expected, e.allowed, e.set_apart, e.difference,
    e.left_open, e.schedule_version, e.schedule_row, e.judged_at, p.remittance_id,
    c.patient_control_number, c.payer_id, c.payer_name, r.effective_date AS decided_on,
    COALESCE(s.charge - s.elsewhere - s.paid - s.adjusted - s.patient_responsibility,
        c.charge - c.elsewhere - c.paid - c.adjusted - c.patient_responsibility) AS balance,
    COALESCE((SELECT a.act FROM underpayment_act a WHERE a.tenant_id = e.tenant_id
        AND a.expected_payment_id = e.id ORDER BY a.ordinal DESC LIMIT 1), 'none') AS last_act
FROM expected_payment e
JOIN claim_payment p ON p.tenant_id = e.tenant_id AND p.id = e.claim_payment_id
    AND p.state = 'posted'
JOIN remittance r ON r.tenant_id = p.tenant_id AND r.id = p.remittance_id
JOIN claim c ON c.tenant_id = e.tenant_id AND c.id = e.claim_id
LEFT JOIN service_line s ON s.tenant_id = e.tenant_id AND s.id = e.service_line_id
WHERE e.finding <> 'not_judged'
AND e.posting = (SELECT MAX(x.posting) FROM expected_payment x WHERE x.tenant_id = e.tenant_id
    AND x.claim_payment_id = e.claim_payment_id)
)
SELECT told.*,
    CASE WHEN finding = 'as_agreed' THEN 'closed'
        WHEN last_act = 'accepted' THEN 'accepted'
        WHEN left_open > 0 AND balance <= 0 THEN 'settled'
        WHEN last_act = 'disputed' THEN 'disputed' ELSE 'open' END AS state,
    CASE WHEN left_open > 0 AND balance < difference THEN balance ELSE difference END AS at_stake
FROM told
"""


def _list(findings: str, owner: str) -> str:
    return worklist_select(
        f"FROM allowed_as_judged u WHERE u.finding IN ({findings})"
        " AND u.state IN ('open', 'disputed')",
        tenant_id="u.tenant_id",
        kind="'underpayment'",
        id="u.id",
        claim_id="u.claim_id",
        reference="u.patient_control_number",
        payer_id="u.payer_id",
        payer_name="u.payer_name",
        category="u.finding",
        reason="u.procedure_code",
        amount="u.at_stake",
        owner=f"'{owner}'",
        since="u.decided_on",
        sort_key="-ABS(u.at_stake)",
    )


VIEWS = {
    "allowed_as_judged": _JUDGED,
    "wl_underpayments": _list("'underpaid', 'whole_charge', 'beyond_allowed'", "BILLER"),
    "wl_overpayments": _list("'overpaid'", "BILLER"),
}
