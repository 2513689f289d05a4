"""The worklists of api.md 5.1: one row a list, served over HTTP and as SQL views `wl_*`.

Every view has the same columns, so one query and one JSON object serve all lists; the database's
definition of each view stands in app/store/worklist_views.py under the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Who works a list off."""

    BILLER = "biller"
    POSTER = "poster"
    DENIALS = "denials"


@dataclass(frozen=True, slots=True)
class Worklist:
    """What waits for whom, in which order, for how long at most, and what can be done with it."""

    name: str
    owner: Role
    holds: str
    sort: str
    sla_days: int
    actions: tuple[str, ...]

    @property
    def view(self) -> str:
        """The SQL view: `wl_denials_new` for denials.new."""
        return "wl_" + self.name.replace(".", "_")


@dataclass(frozen=True, slots=True)
class WorklistItem:
    """One row of any list; what a list has no word for is None."""

    kind: str  # what `id` names: denial, claim, claim_payment, remittance, file, task, appeal
    id: UUID
    claim_id: UUID | None
    reference: str | None  # the number people know it by; no patient's name
    payer_id: str | None
    payer_name: str | None
    category: str | None
    reason: str | None
    amount: Decimal | None
    owner: str | None
    since: date | None
    due: date | None
    sort_key: int


_MEND = ("correct_encounter",)
_DENIAL = ("assign", "close", "writeOff", "appeal")

_LISTS = (
    # Biller
    Worklist("claims.needs_info", Role.BILLER, "claims that an edit holds",
             "oldest first", 2, _MEND),
    Worklist("claims.on_hold", Role.BILLER, "claims that wait for something else",
             "oldest first", 5, ("release",)),
    Worklist("claims.ready_not_batched", Role.BILLER, "claims that are ready and in no batch",
             "oldest first", 1, ("batch",)),
    Worklist("files.rejected", Role.BILLER, "claims whose file or transaction set was refused"
             " (TA1, 999)", "dearest first", 1, ("timeline", "resubmit")),
    Worklist("claims.rejected_clearinghouse", Role.BILLER, "claims a clearinghouse turned away",
             "dearest first", 2, ("timeline", "resubmit")),
    Worklist("claims.rejected_payer", Role.BILLER, "claims a payer turned away unprocessed",
             "dearest first", 2, ("timeline", "resubmit")),
    Worklist("claims.info_requested", Role.BILLER, "claims a payer asked something about",
             "oldest first", 3, ("timeline",)),
    Worklist("claims.no_ack", Role.BILLER, "claims that nobody has acknowledged",
             "dearest first", 1, ("timeline", "finish")),
    Worklist("claims.no_response", Role.BILLER, "claims that were acknowledged and then silence:"
             " no 277CA, no payer, no decision", "dearest first", 3, ("timeline", "finish")),
    Worklist("claims.missing_era", Role.BILLER, "claims whose 835 is overdue",
             "dearest first", 3, ("timeline", "finish")),
    Worklist("claims.filing_deadline", Role.BILLER, "claims that must be filed within 30 days",
             "nearest deadline first", 1, ("correct_encounter", "batch")),
    Worklist("underpayments", Role.BILLER, "lines that were allowed less than agreed, and cuts that"
             " cannot be what they are said to be", "dearest first", 10, ("dispute", "accept")),
    Worklist("overpayments", Role.BILLER, "lines that were allowed more than agreed: the payer may"
             " ask for it", "dearest first", 30, ("accept",)),
    Worklist("claims.secondary_ready", Role.BILLER, "claims whose next payer may be asked",
             "dearest first", 2, ("billNext",)),
    Worklist("claims.crossover_waiting", Role.BILLER, "claims that their payer sent on to the next"
             " by itself, which has not answered", "dearest first", 30, ("billNext",)),
    Worklist("claims.secondary_to_replace", Role.BILLER, "claims to a later payer that were told"
             " what no longer stands", "dearest first", 2, ("replace",)),
    Worklist("claims.open_balance", Role.BILLER, "claims that were decided and whose payer still"
             " owes, or is owed, what is neither denied nor underpaid", "dearest first", 5,
             ("timeline", "resubmit", "replace")),
    # Poster
    Worklist("remits.unposted", Role.POSTER, "claim payments that wait, or that a person un-posted;"
             " those that do not add up are on remits.unbalanced",
             "dearest first", 2, ("match", "dismiss")),
    Worklist("remits.unbalanced", Role.POSTER, "remittances that wait as a whole (category"
             " other_content: accept or reject), and claim payments that do not add up",
             "dearest first", 2, ("ask_payer", "accept", "reject")),
    Worklist("remits.unmatched_claims", Role.POSTER, "claim payments whose claim is not known",
             "dearest first", 2, ("match",)),
    Worklist("remits.line_mismatch", Role.POSTER, "claim payments whose services fit no line",
             "dearest first", 2, ("match",)),
    Worklist("remits.reversals_open", Role.POSTER, "reversals that wait for their original",
             "dearest first", 2, ("match",)),
    Worklist("codes.unknown", Role.POSTER, "claim payments with a code that no list knows",
             "dearest first", 10, ("codes",)),
    Worklist("plb.open", Role.POSTER, "recoupments and forward balances that are not at zero",
             "dearest first", 5, ("recoupments",)),
    Worklist("eft.no_era", Role.POSTER, "deposits that no remittance explains",
             "dearest first", 3, ("match",)),
    Worklist("era.no_eft", Role.POSTER, "remittances whose money has not reached the bank",
             "dearest first", 3, ("match",)),
    Worklist("eft.amount_mismatch", Role.POSTER, "deposits that are not what their remittance says",
             "dearest first", 2, ("unmatch",)),
    Worklist("credits", Role.POSTER, "patients' money that nothing is owed for",
             "dearest first", 10, ("refund",)),
    # Denials and appeals
    Worklist("denials.new", Role.DENIALS, "open denials",
             "by CORE scenario, dearest first", 3, _DENIAL),
    Worklist("denials.appeal_deadline", Role.DENIALS, "open denials that can be appealed",
             "nearest deadline first", 15, _DENIAL),
    Worklist("appeals.in_progress", Role.DENIALS, "appeals to be filed or waiting for a decision",
             "nearest deadline first", 15, ("file", "recordDecision", "withdraw", "packet")),
    Worklist("denials.repeat_pattern", Role.DENIALS, "open denials that repeat: three or more of"
             " one payer, reason and procedure", "most frequent first", 10, _DENIAL),
)  # fmt: skip

WORKLISTS: Mapping[str, Worklist] = {worklist.name: worklist for worklist in _LISTS}
