"""The SQL views behind the worklists, on both databases.

Views are code over tables, not records: a migration drops them before it changes a table (SQLite
refuses to rebuild a table that a view reads) and makes them anew from here when it has ended. So a
changed view reaches existing databases with the next version; an empty version is enough.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text

from app.domain.worklists import WORKLISTS

# The columns of every view, in this order; `sort_key` is the list's default order, ascending.
COLUMNS = (
    "tenant_id", "kind", "id", "claim_id", "reference", "payer_id", "payer_name", "category",
    "reason", "amount", "owner", "since", "due", "sort_key",
)  # fmt: skip

_PREFIX = "wl_"
_FAR = 10_000_000  # sorts behind every day
_STEP = 10**15  # between groups of a list whose members sort by money


def drop_worklists(connection: Connection) -> None:
    """Take every view of ours away."""
    for name in inspect(connection).get_view_names():
        if name.startswith(_PREFIX):
            connection.execute(text(f"DROP VIEW {name}"))


def make_worklists(connection: Connection) -> None:
    """Make every view; the tables are those of the newest version."""
    for name, query in view_queries(connection.dialect.name).items():
        connection.execute(text(f"CREATE VIEW {name} AS {query}"))


def view_queries(dialect: str) -> Mapping[str, str]:
    """Name -> SELECT, for `sqlite` or `postgresql`."""
    queries = _Queries(postgresql=dialect == "postgresql")
    return {WORKLISTS[name].view: query for name, query in queries.all().items()}


class _Queries:
    """The SELECTs in the words of one database."""

    def __init__(self, *, postgresql: bool) -> None:
        self._postgresql = postgresql

    def all(self) -> dict[str, str]:
        return {**self._claims(), **self._sweeps(), **self._remittances(), **self._denials()}

    def _day(self, instant: str) -> str:
        """The UTC day of an instant."""
        return f"({instant} AT TIME ZONE 'UTC')::date" if self._postgresql else f"date({instant})"

    def _number(self, day: str) -> str:
        """A day as a number that grows by one a day."""
        if self._postgresql:
            return f"({day} - DATE '1970-01-01')"
        return f"CAST(julianday({day}) AS INTEGER)"

    def _select(self, source: str, **columns: str) -> str:
        """One SELECT with all the columns; those not given are NULL of their type."""
        types = {"id": "uuid", "claim_id": "uuid", "amount": "bigint", "since": "date",
                 "due": "date"}  # fmt: skip
        told = [
            f"{columns[name]} AS {name}"
            if name in columns
            else f"CAST(NULL AS {types.get(name, 'varchar')}) AS {name}"
            for name in COLUMNS
        ]
        return f"SELECT {', '.join(told)} {source}"

    def _claims(self) -> dict[str, str]:
        since = self._day("COALESCE(c.as_of, c.created_at)")
        oldest, dearest = self._number(since), "-(c.charge - c.paid - c.adjusted)"

        def in_stage(stages: str, sort: str, *, more: str = "") -> str:
            return self._select(
                f"FROM claim c WHERE c.stage IN ({stages}) {more}",
                tenant_id="c.tenant_id",
                kind="'claim'",
                id="c.id",
                claim_id="c.id",
                reference="c.patient_control_number",
                payer_id="c.payer_id",
                payer_name="c.payer_name",
                category="c.stage",
                amount="c.charge - c.paid - c.adjusted - c.patient_responsibility",
                owner="'BILLER'",
                since=since,
                sort_key=sort,
            )

        in_no_batch = (
            "AND NOT EXISTS (SELECT 1 FROM batch_position p WHERE p.tenant_id = c.tenant_id"
            " AND p.submission_id = c.submission_id)"
        )
        return {
            "claims.needs_info": in_stage("'NEEDS_INFO'", oldest),
            "claims.on_hold": in_stage("'ON_HOLD'", oldest),
            "claims.ready_not_batched": in_stage("'READY'", oldest, more=in_no_batch),
            "files.rejected": in_stage("'FILE_REJECTED'", dearest),
            "claims.rejected_clearinghouse": in_stage(
                "'REJECTED'", dearest, more="AND c.reported_by = 'CLEARINGHOUSE'"
            ),
            "claims.rejected_payer": in_stage(
                "'REJECTED'", dearest, more="AND c.reported_by = 'PAYER'"
            ),
            "claims.info_requested": in_stage("'INFO_REQUESTED'", oldest),
        }

    def _sweeps(self) -> dict[str, str]:
        """What the sweep found; the views know no clock."""

        def tasks(type: str, *categories: str, sort: str = "-k.amount") -> str:
            listed = ", ".join(f"'{category}'" for category in categories)
            return self._select(
                "FROM task k JOIN claim c ON c.tenant_id = k.tenant_id AND c.id = k.claim_id"
                f" WHERE k.type = '{type}' AND k.category IN ({listed})"
                " AND k.status NOT IN ('finished', 'snoozed')",
                tenant_id="k.tenant_id",
                kind="'task'",
                id="k.id",
                claim_id="k.claim_id",
                reference="c.patient_control_number",
                payer_id="c.payer_id",
                payer_name="c.payer_name",
                category="k.category",
                reason="c.stage",
                amount="k.amount",
                owner="k.owner",
                since=self._day("k.created_at"),
                due="k.due",
                sort_key=sort,
            )

        return {
            "claims.no_ack": tasks("silence", "no_ack"),
            "claims.no_response": tasks(
                "silence", "no_clearinghouse_reply", "no_payer_reply", "no_adjudication"
            ),
            "claims.missing_era": tasks("silence", "missing_era", "no_era_after_final"),
            "claims.filing_deadline": tasks(
                "filing_deadline", "filing_deadline", sort=self._number("k.due")
            ),
        }

    def _remittances(self) -> dict[str, str]:
        def listed(condition: str) -> str:
            return self._select(
                "FROM claim_payment p JOIN remittance r ON r.tenant_id = p.tenant_id"
                " AND r.id = p.remittance_id"
                " LEFT JOIN claim c ON c.tenant_id = p.tenant_id AND c.id = p.claim_id"
                f" WHERE {condition}",
                tenant_id="p.tenant_id",
                kind="'claim_payment'",
                id="p.id",
                claim_id="p.claim_id",
                reference="p.patient_control_number",
                payer_id="COALESCE(c.payer_id, r.payer_identifier)",
                payer_name="r.payer_name",
                category="p.reason",
                reason="p.message",
                amount="p.paid",
                owner="'BILLER'",
                since=self._day("r.created_at"),
                sort_key="-ABS(p.paid)",
            )

        def waiting(condition: str) -> str:
            return listed(f"p.state = 'waiting' AND {condition}")

        # What another remittance was accepted in place of has no money left in unapplied.
        replaced = (
            "(r.state = 'unposted' AND EXISTS (SELECT 1 FROM remittance o"
            " WHERE o.tenant_id = r.tenant_id AND o.same_payment_as = r.id"
            " AND o.seen = 'other_content'"
            " AND o.state IN ('posting', 'posted', 'posted_with_exceptions')))"
        )
        unposted = listed(f"p.state = 'unposted' AND NOT {replaced}")
        unposted_pairs = self._select(
            "FROM (SELECT tenant_id, remittance_id, -SUM(amount) AS amount"  # noqa: S608
            " FROM provider_adjustment GROUP BY tenant_id, remittance_id) a"
            " JOIN remittance r ON r.tenant_id = a.tenant_id AND r.id = a.remittance_id"
            f" WHERE r.state = 'unposted' AND NOT {replaced}",
            tenant_id="r.tenant_id",
            kind="'remittance'",
            id="r.id",
            reference="r.trace_number",
            payer_id="r.payer_identifier",
            payer_name="r.payer_name",
            category="'provider_adjustments'",
            reason="'Its PLB pairs are off the books, with all of it. Post it again, or leave it.'",
            amount="a.amount",
            owner="'BILLER'",
            since=self._day("r.created_at"),
            sort_key="-ABS(a.amount)",
        )
        whole = self._select(
            "FROM remittance r WHERE r.state = 'waiting'",
            tenant_id="r.tenant_id",
            kind="'remittance'",
            id="r.id",
            reference="r.trace_number",
            payer_id="r.payer_identifier",
            payer_name="r.payer_name",
            category="CASE WHEN r.seen = 'other_content' THEN 'other_content'"
            " WHEN r.currency <> 'USD' THEN 'currency' ELSE 'unbalanced' END",
            reason="r.reason",
            amount="r.payment_amount",
            owner="'BILLER'",
            since=self._day("r.created_at"),
            sort_key="-ABS(r.payment_amount)",
        )
        coded = "u.list || ' ' || u.code"
        every = f"STRING_AGG({coded}, ', ' ORDER BY u.list, u.code)"
        if not self._postgresql:
            every = f"GROUP_CONCAT({coded}, ', ')"
        unknown = self._select(
            f"FROM (SELECT u.tenant_id, u.claim_payment_id, {every} AS codes"  # noqa: S608
            " FROM unknown_code u JOIN claim_payment o ON o.tenant_id = u.tenant_id"
            " AND o.id = u.claim_payment_id JOIN remittance r ON r.tenant_id = o.tenant_id"
            " AND r.id = o.remittance_id WHERE NOT EXISTS (SELECT 1 FROM payment_code k"
            " WHERE k.tenant_id = u.tenant_id AND k.list = u.list AND k.code = u.code"
            " AND (r.effective_date IS NULL"
            " OR r.effective_date BETWEEN k.valid_from AND k.valid_to))"
            " GROUP BY u.tenant_id, u.claim_payment_id) n"
            " JOIN claim_payment p ON p.tenant_id = n.tenant_id AND p.id = n.claim_payment_id"
            " JOIN remittance r ON r.tenant_id = p.tenant_id AND r.id = p.remittance_id"
            " LEFT JOIN claim c ON c.tenant_id = p.tenant_id AND c.id = p.claim_id"
            " WHERE p.state <> 'reversed'",
            tenant_id="p.tenant_id",
            kind="'claim_payment'",
            id="p.id",
            claim_id="p.claim_id",
            reference="p.patient_control_number",
            payer_id="COALESCE(c.payer_id, r.payer_identifier)",
            payer_name="r.payer_name",
            category="'unknown_code'",
            reason="n.codes",
            amount="p.paid",
            owner="'BILLER'",
            since=self._day("r.created_at"),
            sort_key="-ABS(p.paid)",
        )
        return {
            "codes.unknown": unknown,
            "remits.unposted": waiting("p.reason NOT IN ('transaction_waits', 'unbalanced')")
            + f" UNION ALL {unposted} UNION ALL {unposted_pairs}",
            "remits.unbalanced": waiting("p.reason = 'unbalanced'") + f" UNION ALL {whole}",
            "remits.unmatched_claims": waiting("p.reason = 'unmatched'"),
            "remits.line_mismatch": waiting("p.reason IN ('line_mismatch', 'charge_mismatch')"),
            "remits.reversals_open": waiting("p.status = '22'"),
        }

    def _denials(self) -> dict[str, str]:
        repeats = (
            " AND (SELECT COUNT(*) FROM denial o WHERE o.tenant_id = d.tenant_id"
            " AND o.state = 'open' AND o.reason = d.reason"
            " AND COALESCE(o.payer_id, '') = COALESCE(d.payer_id, '')"
            " AND COALESCE(o.procedure_code, '') = COALESCE(d.procedure_code, ''))"
        )

        def open_ones(sort: str, *, due: str = "d.deadline", more: str = "") -> str:
            return self._select(
                "FROM denial d JOIN claim c ON c.tenant_id = d.tenant_id AND c.id = d.claim_id"
                f" WHERE d.state = 'open'{more}",
                tenant_id="d.tenant_id",
                kind="'denial'",
                id="d.id",
                claim_id="d.claim_id",
                reference="c.patient_control_number",
                payer_id="d.payer_id",
                payer_name="d.payer_name",
                category="d.category",
                reason="d.\"group\" || ' ' || d.reason",
                amount="d.at_stake",
                owner="d.owner",
                since=f"COALESCE(d.adjudicated_on, {self._day('d.created_at')})",
                due=due,
                sort_key=sort,
            )

        appeals = self._select(
            "FROM appeal a JOIN claim c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id"
            " WHERE a.state IN ('DRAFT', 'FILED')",
            tenant_id="a.tenant_id",
            kind="'appeal'",
            id="a.id",
            claim_id="a.claim_id",
            reference="c.patient_control_number",
            payer_id="c.payer_id",
            payer_name="c.payer_name",
            category="a.category",
            reason="a.state",
            amount="a.amount_at_stake",
            owner="CASE a.state WHEN 'FILED' THEN 'PAYER' ELSE 'BILLER' END",
            since=f"COALESCE(a.filed_on, {self._day('a.created_at')})",
            due="a.deadline",
            sort_key=f"COALESCE({self._number('a.deadline')}, {_FAR})",
        )
        deadline = f"COALESCE({self._number('d.appeal_deadline')}, {_FAR})"
        return {
            "denials.new": open_ones(f"COALESCE(d.scenario, 9) * {_STEP} - d.at_stake"),
            "denials.appeal_deadline": open_ones(
                deadline, due="d.appeal_deadline", more=" AND d.appealable"
            ),
            "appeals.in_progress": appeals,
            "denials.repeat_pattern": open_ones(
                f"-{repeats[5:]} * {_STEP} - d.at_stake", more=f"{repeats} >= 3"
            ),
        }
