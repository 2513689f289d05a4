"""What is kept of denials, compared with what payments and books say of them today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.denial import Verdict
from app.domain.identity import Prefix, public_id
from app.domain.money import money_text
from app.flows.denials import verdicts_on
from app.flows.ports import Denials


class WorkRecords(Protocol):
    """The rows of one tenant; ids come in parts, so that memory stays flat."""

    @property
    def denials(self) -> Denials: ...
    def denied_claims(self) -> Iterator[list[UUID]]: ...
    def claim(self, claim_id: UUID) -> StoredClaim: ...


def denials_that_differ(records: WorkRecords) -> Iterator[tuple[str, str]]:
    """Place and message of each denial whose kept verdict is not that of its facts."""
    for ids in records.denied_claims():
        denials, decisions = records.denials.of_claims(ids), records.denials.decisions(ids)
        for id in ids:
            now = verdicts_on(denials[id], decisions[id], records.claim(id))
            for denial in denials[id]:
                if now[denial.id] != denial.verdict:
                    kept, found = _told(denial.verdict), _told(now[denial.id])
                    place = public_id(Prefix.DENIAL, denial.id)
                    yield place, f"it is kept as {kept}, its payments say {found}"


def _told(verdict: Verdict) -> str:
    if verdict.is_open:
        return f"open, {money_text(verdict.at_stake)} at stake"
    return f"{verdict.how}, {money_text(verdict.recovered)} recovered"
