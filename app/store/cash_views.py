"""Views over deposits, recoupments and patients' money. Amounts are integer cents.

`recoupment` holds every balance of WO and FB; the worklists `wl_*` have the columns that all
worklists have, so that one query serves them.
"""

from __future__ import annotations

# A pair counts by what is booked of it, so that a mirror entry takes it out.
_RECOUPMENT = """
WITH pair AS (
    SELECT pa.tenant_id, pa.id, pa.reason AS kind, pa.provider AS payee, r.payer_name,
           COALESCE(r.payer_identifier, r.payer_name, '') AS payer,
           CASE WHEN pa.reason = 'FB' THEN '' ELSE UPPER(TRIM(COALESCE(pa.reference, ''))) END
               AS reference,
           r.effective_date AS day,
           (SELECT SUM(jl.amount) FROM journal_entry je
              JOIN journal_line jl ON jl.tenant_id = je.tenant_id AND jl.entry_id = je.id
             WHERE je.tenant_id = pa.tenant_id AND je.source_type = 'provider_adjustment'
               AND je.source_id = pa.id
               AND jl.account = CASE WHEN pa.reason = '72' THEN 'provider_adjustments'
                                     ELSE 'payer_recoupment' END) AS amount
      FROM provider_adjustment pa
      JOIN remittance r ON r.tenant_id = pa.tenant_id AND r.id = pa.remittance_id
     WHERE pa.reason IN ('WO', 'FB', '72')
), booked AS (
    SELECT * FROM pair WHERE amount IS NOT NULL AND amount <> 0
), summed AS (
    SELECT booked.*,
           SUM(amount) OVER (PARTITION BY tenant_id, kind, payer, payee, reference) AS balance,
           COUNT(*) OVER (PARTITION BY tenant_id, kind, payer, payee, reference) AS pairs,
           MIN(day) OVER (PARTITION BY tenant_id, kind, payer, payee, reference) AS first_date,
           MAX(day) OVER (PARTITION BY tenant_id, kind, payer, payee, reference) AS last_date,
           ROW_NUMBER() OVER (
               PARTITION BY tenant_id, kind, payer, payee, reference ORDER BY id) AS position
      FROM booked WHERE kind <> '72'
), told AS (
    SELECT tenant_id, id, kind, payer, payer_name, payee, reference, balance, pairs,
           first_date, last_date,
           CASE WHEN kind <> 'WO' THEN 0 ELSE COALESCE(
               (SELECT SUM(f.amount) FROM booked f
                 WHERE f.tenant_id = summed.tenant_id AND f.kind = '72' AND f.payer = summed.payer
                   AND f.payee = summed.payee AND f.reference = summed.reference), 0) END
               AS refunded,
           CASE WHEN EXISTS (
               SELECT 1 FROM provider_adjustment_token k
                 JOIN claim_payment cp ON cp.tenant_id = k.tenant_id AND (
                      cp.payer_claim_control_number = k.token
                      OR cp.patient_control_number = k.token)
                WHERE k.tenant_id = summed.tenant_id AND k.provider_adjustment_id = summed.id
                  AND cp.status = '22' AND cp.state = 'posted') THEN 1 ELSE 0 END AS reversed
      FROM summed WHERE position = 1
)
SELECT told.*, balance + refunded AS open FROM told
"""


def worklist_select(source: str, **columns: str) -> str:
    """One SELECT of a worklist; columns that are not given are NULL of their type."""
    types = {"claim_id": "uuid", "since": "date", "due": "date"}
    told = (
        f"{columns[name]} AS {name}"
        if name in columns
        else f"CAST(NULL AS {types.get(name, 'varchar')}) AS {name}"
        for name in _COLUMNS
    )
    return f"SELECT {', '.join(told)} {source}"


_COLUMNS = (
    "tenant_id", "kind", "id", "claim_id", "reference", "payer_id", "payer_name", "category",
    "reason", "amount", "owner", "since", "due", "sort_key",
)  # fmt: skip


def _deposits(state: str, *, amount: str) -> str:
    return worklist_select(
        "FROM deposit d JOIN reassociation a ON a.tenant_id = d.tenant_id AND a.subject_id = d.id"
        f" WHERE a.state = '{state}'",
        tenant_id="d.tenant_id",
        kind="'deposit'",
        id="d.id",
        reference="COALESCE(d.trace_number, d.reference)",
        payer_id="d.payer_identifier",
        payer_name="d.payer_name",
        category="a.state",
        reason="d.source",
        amount=amount,
        owner="'BILLER'",
        since="d.deposited_on",
        sort_key=f"-ABS({amount})",
    )


_CREDITS = """
FROM (
    SELECT p.tenant_id, p.encounter_id, p.id, p.reference, p.paid_on, -SUM(jl.amount) AS credit
      FROM patient_payment p
      JOIN journal_entry je ON je.tenant_id = p.tenant_id AND je.source_type = 'patient_payment'
           AND je.source_id = p.id
      JOIN journal_line jl ON jl.tenant_id = je.tenant_id AND jl.entry_id = je.id
           AND jl.account = 'patient_credit'
     WHERE p.kind = 'payment'
     GROUP BY p.tenant_id, p.encounter_id, p.id, p.reference, p.paid_on
    HAVING SUM(jl.amount) <> 0
) p
"""

# Name -> SELECT; `recoupment` comes first, because a list stands on it. What counts as late is a
# matter of business days, which SQL does not know: `since` is what they count from.
CASH_VIEWS: dict[str, str] = {
    "recoupment": _RECOUPMENT,
    "wl_plb_open": worklist_select(
        "FROM recoupment b WHERE b.open <> 0",
        tenant_id="b.tenant_id",
        kind="'provider_adjustment'",
        id="b.id",
        reference="b.reference",
        payer_id="b.payer",
        payer_name="b.payer_name",
        category="b.kind",
        reason="CASE WHEN b.open < 0 THEN 'deferred'"
        " WHEN b.kind = 'WO' AND b.reversed = 0 THEN 'no_reversal' ELSE 'recovered' END",
        amount="b.open",
        owner="'BILLER'",
        since="b.first_date",
        sort_key="-ABS(b.open)",
    ),
    "wl_eft_no_era": _deposits("EFT_ONLY", amount="d.amount"),
    "wl_eft_amount_mismatch": _deposits("AMOUNT_MISMATCH", amount="a.arrived - a.expected"),
    "wl_era_no_eft": worklist_select(
        "FROM remittance r JOIN reassociation a ON a.tenant_id = r.tenant_id"
        " AND a.subject_id = r.id WHERE a.state = 'ERA_ONLY'",
        tenant_id="r.tenant_id",
        kind="'remittance'",
        id="r.id",
        reference="r.trace_number",
        payer_id="r.payer_identifier",
        payer_name="r.payer_name",
        category="a.state",
        reason="r.payment_method",
        amount="a.expected",
        owner="'BILLER'",
        since="r.effective_date",
        sort_key="-ABS(a.expected)",
    ),
    # While insurance is open, what a patient has left is a prepayment and no refund.
    "wl_credits": worklist_select(
        _CREDITS,
        tenant_id="p.tenant_id",
        kind="'patient_payment'",
        id="p.id",
        reference="p.reference",
        category="CASE WHEN EXISTS (SELECT 1 FROM claim c WHERE c.tenant_id = p.tenant_id"
        " AND c.encounter_id = p.encounter_id AND (c.stage = 'REVERSED' OR c.status NOT IN"
        " ('PROCESSED', 'DENIED', 'CLOSED', 'VOIDED'))) THEN 'prepaid' ELSE 'refundable' END",
        amount="p.credit",
        owner="'BILLER'",
        since="p.paid_on",
        sort_key="-p.credit",
    ),
}
