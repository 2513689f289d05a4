"""What an appeal's packet tells a payer: the claim, what was decided, and when it was filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.appeal import Appeal, AppealPaper, RemittedClaim
from app.domain.claim import Claim, StoredClaim
from app.domain.denial_record import StoredDenial


@dataclass(frozen=True, slots=True)
class Submitted:
    """The interchange a claim left in."""

    interchange_control_number: str  # ISA13
    group_control_number: str  # GS06
    transaction_control_number: str  # ST02
    file_name: str
    sha256: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A TA1, 999 or 277CA that answered it: proof that it was filed, and when."""

    kind: str
    code: str | None
    on: date
    reported_by: str
    file_name: str
    file_sha256: str
    segment_number: int


@dataclass(frozen=True, slots=True)
class Packet:
    """Everything an appeal's PDF is made of."""

    appeal: Appeal
    stored: StoredClaim
    claim: Claim
    denials: tuple[StoredDenial, ...]
    remitted: tuple[RemittedClaim, ...]
    submitted: Submitted | None
    acknowledged: tuple[Acknowledged, ...]
    papers: tuple[AppealPaper, ...]
    as_of: date
