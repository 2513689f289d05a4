"""What other payers decided, as JSON."""

from __future__ import annotations

from pydantic import Field

from app.documents import fields as f
from app.documents.fields import Maybe
from app.documents.mirror import Mirror
from app.documents.party_members import ProviderId
from app.documents.procedure_members import Procedure
from app.domain import other_payer


class PriorAdjustment(Mirror, of=other_payer.PriorAdjustment):
    group: f.AdjustmentGroup
    reason: f.Text5
    amount: f.Money
    quantity: f.Quantity | None = None


class ProviderAtPayer(Mirror, of=other_payer.ProviderAtPayer):
    role: f.RoleAtPayer
    ids: list[ProviderId] = Field(min_length=1, max_length=4)
    is_person: bool = True


class PayerDecision(Mirror, of=other_payer.PayerDecision):
    paid: f.Money
    adjustments: f.ListOf[PriorAdjustment] = Field(default=[], max_length=30)
    remaining_patient_liability: f.Money | None = None
    decided_on: Maybe[f.Day] = None
    payer_claim_control_number: Maybe[f.Text50] = None
    decided_again: f.Flag = False
    remarks: f.ListOf[f.Text50] = Field(default=[], max_length=5)


class LineDecision(Mirror, of=other_payer.LineDecision):
    payer_id: f.Text80
    paid: f.Money
    units: f.Quantity
    decided_on: f.Day
    procedure: Procedure | None = None
    revenue_code: Maybe[f.FourDigits] = None
    bundled_line: int | None = None
    adjustments: f.ListOf[PriorAdjustment] = Field(default=[], max_length=30)
    remaining_patient_liability: f.Money | None = None
