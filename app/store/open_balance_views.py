"""Decided claims with a balance that no other list holds, as an SQL view: what a claim's open
denials have at stake is worked there and taken off here.

It stands on `allowed_as_judged` (underpayment_views). Amounts are integer cents; a negative one is
a credit with the payer.
"""

from __future__ import annotations

from app.store.cash_views import worklist_select

_BALANCE = (
    "(c.charge - c.elsewhere - c.paid - c.adjusted - c.patient_responsibility"
    " - COALESCE((SELECT SUM(d.at_stake) FROM denial d WHERE d.tenant_id = c.tenant_id"
    " AND d.claim_id = c.id AND d.state = 'open'), 0))"
)
_DECIDED = "'PAID', 'PARTIALLY_PAID', 'ZERO_PAY', 'DENIED', 'REVERSED', 'FORWARDED_TO_OTHER_PAYER'"
_SOURCE = f"""FROM claim c
WHERE c.stage IN ({_DECIDED}) AND NOT c.predetermination
AND {_BALANCE} <> 0
AND NOT EXISTS (SELECT 1 FROM allowed_as_judged u WHERE u.tenant_id = c.tenant_id
    AND u.claim_id = c.id AND u.state IN ('open', 'disputed')
    AND u.finding IN ('underpaid', 'whole_charge', 'beyond_allowed'))
AND NOT EXISTS (SELECT 1 FROM claim n WHERE n.tenant_id = c.tenant_id
    AND n.encounter_id = c.encounter_id AND n.responsibility = c.next_position
    AND n.stage NOT IN ({_DECIDED}, 'VOIDED'))"""  # noqa: S608


def _told(reason: str) -> str:
    """A payment that stands adjusts so."""
    return (
        "EXISTS (SELECT 1 FROM claim_payment p JOIN adjustment a ON a.tenant_id = p.tenant_id"  # noqa: S608
        " AND a.claim_payment_id = p.id WHERE p.tenant_id = c.tenant_id AND p.claim_id = c.id"
        f" AND p.state = 'posted' AND {reason})"
    )


_REASONS = (
    (f"{_BALANCE} < 0", "credit_with_payer",
     "More was settled than this payer was asked for: refund it, or have it taken back."),
    ("c.stage = 'REVERSED'", "reversed",
     "The payer took its decision back and gave no other: ask it, or send the claim again."),
    ("EXISTS (SELECT 1 FROM denial d WHERE d.tenant_id = c.tenant_id AND d.claim_id = c.id"
     " AND d.how = 'dismissed')", "denial_dismissed",
     "A denial was dismissed and its money is still owed: reopen it, or write it off."),
    (_told("a.reason = '23'"), "earlier_payer",
     "The payer counts on what earlier payers settled (23), which these books do not have."),
    (_told("a.service_ordinal = 0"), "claim_level",
     "The payer adjusted the claim as a whole, and that is not written off."),
)  # fmt: skip


def _case(part: int) -> str:
    whens = " ".join(f"WHEN {row[0]} THEN '{row[part]}'" for row in _REASONS)
    other = ("", "unexplained", "Nothing that was posted says why this is open: see the timeline.")
    return f"CASE {whens} ELSE '{other[part]}' END"


VIEWS = {
    "wl_claims_open_balance": worklist_select(
        _SOURCE,
        tenant_id="c.tenant_id",
        kind="'claim'",
        id="c.id",
        claim_id="c.id",
        reference="c.patient_control_number",
        payer_id="c.payer_id",
        payer_name="c.payer_name",
        category=_case(1),
        reason=_case(2),
        amount=_BALANCE,
        owner="'BILLER'",
        since="(SELECT MAX(r.effective_date) FROM claim_payment p JOIN remittance r"
        " ON r.tenant_id = p.tenant_id AND r.id = p.remittance_id"
        " WHERE p.tenant_id = c.tenant_id AND p.claim_id = c.id)",
        sort_key=f"-ABS({_BALANCE})",
    )
}
