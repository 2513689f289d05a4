"""Payers' terms and the tenant's own settings of its work, as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from app.documents import fields as f
from app.documents.answers import Answer, Money
from app.documents.answers import Day as DayOut
from app.documents.fields import Document
from app.domain.payer_terms import PayerWindows
from app.domain.work_settings import BillNext, WorkSettings

Days = Annotated[int, Field(ge=1, le=3650)]


class PayerTermsDocument(Answer):
    """What a payer's contract says from a day on; null: as the default of its program."""

    payer_id: str
    valid_from: DayOut
    program: str | None
    appeal_days: list[int] | None  # by level, from the first
    correction_days: int | None
    records_days: int | None
    filing_days: int | None

    @classmethod
    def of(cls, payer_id: str, terms: PayerWindows) -> PayerTermsDocument:
        return cls(
            payer_id=payer_id,
            valid_from=terms.valid_from,
            program=terms.program,
            appeal_days=None if terms.appeal_days is None else list(terms.appeal_days),
            correction_days=terms.correction_days,
            records_days=terms.records_days,
            filing_days=terms.filing_days,
        )


class PayerTermsChangeDocument(Document):
    """The terms from a day on, in place of those of the same day."""

    model_config = ConfigDict(title="PayerWindows")

    valid_from: f.Day
    program: Literal["medicare", "medicare_advantage", "medicaid", "commercial"] | None = None
    appeal_days: list[Days] | None = Field(default=None, min_length=1, max_length=5)
    correction_days: Days | None = None
    records_days: Days | None = None
    filing_days: Days | None = None

    def terms(self) -> PayerWindows:
        return PayerWindows(
            valid_from=self.valid_from,
            program=self.program,
            appeal_days=None if self.appeal_days is None else tuple(self.appeal_days),
            correction_days=self.correction_days,
            records_days=self.records_days,
            filing_days=self.filing_days,
        )


class WorkSettingsDocument(Answer):
    """What a tenant may set about its work."""

    write_off_limit: Money  # above it a write-off needs the role admin
    bill_next: BillNext

    @classmethod
    def of(cls, settings: WorkSettings) -> WorkSettingsDocument:
        return cls(write_off_limit=settings.write_off_limit, bill_next=settings.bill_next)


class WorkSettingsChangeDocument(Document):
    """Members that are absent or null stay as they are."""

    model_config = ConfigDict(title="WorkSettings")

    write_off_limit: f.Maybe[f.Money] = None
    bill_next: f.Maybe[Literal["asked", "automatic"]] = None

    def applied(self, settings: WorkSettings) -> WorkSettings:
        if self.write_off_limit is not None:
            settings = replace(settings, write_off_limit=self.write_off_limit)
        if self.bill_next is not None:
            settings = replace(settings, bill_next=BillNext(self.bill_next))
        return settings
