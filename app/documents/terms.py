"""What is agreed with a payer, as JSON: its fees, and its own treatment of adjustments."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.answers import Answer, Day
from app.documents.fields import Document, ListOf
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.carc import CarcClass
from app.domain.contract import Fee, KeptSchedule
from app.domain.money import CENT, money_text
from app.domain.treatment import Treatment, TreatmentRow

_CLASSES = frozenset(CarcClass)


class FeeDocument(Document):
    """What the payer allows for one unit of a procedure; a line that has all `modifiers`."""

    model_config = ConfigDict(title="Fee")

    code: f.Text80
    modifiers: ListOf[f.Modifier] = Field(default_factory=list, max_length=4)
    amount: f.Quantity  # money, up to three decimals
    valid_from: f.Maybe[f.Day] = None
    valid_to: f.Maybe[f.Day] = None  # the last day


class FeeScheduleDocument(Document):
    """All fees of a payer; those that stood before are replaced."""

    model_config = ConfigDict(title="FeeSchedule")

    items: list[FeeDocument] = Field(max_length=20_000)


class TreatmentDocument(Document):
    """How this payer's adjustments of one group and reason are posted."""

    model_config = ConfigDict(title="Treatment")

    group: Literal["CO", "CR", "OA", "PI", "PR"]
    reason: f.Text80  # a CARC, or the word of a class, such as `contractual`
    treatment: Literal[
        "contractual", "capitation", "sequestration", "patient", "bundled", "leave_open"
    ]
    valid_from: f.Maybe[f.Day] = None
    valid_to: f.Maybe[f.Day] = None


class TreatmentsDocument(Document):
    """All rows of a payer; those that stood before are replaced."""

    model_config = ConfigDict(title="Treatments")

    items: list[TreatmentDocument] = Field(max_length=2_000)


class FeeAnswer(Answer):
    code: str
    modifiers: list[str]
    amount: str
    valid_from: Day | None
    valid_to: Day | None

    @classmethod
    def of(cls, fee: Fee) -> FeeAnswer:
        return cls(
            code=fee.code,
            modifiers=sorted(fee.modifiers),
            amount=_fee_text(fee.amount),
            valid_from=_from(fee.since),
            valid_to=_to(fee.until),
        )


class FeeScheduleAnswer(Answer):
    """A payer's fees as they were set, by the version of the schedule; 0: none was ever set."""

    version: int
    items: list[FeeAnswer]

    @classmethod
    def of(cls, kept: KeptSchedule | None) -> FeeScheduleAnswer:
        fees = kept.fees if kept else ()
        return cls(version=kept.version if kept else 0, items=[FeeAnswer.of(fee) for fee in fees])


class TreatmentAnswer(Answer):
    group: str
    reason: str
    treatment: str
    valid_from: Day | None
    valid_to: Day | None

    @classmethod
    def of(cls, row: TreatmentRow) -> TreatmentAnswer:
        return cls(
            group=row.group,
            reason=str(row.reason),
            treatment=row.treatment.value,
            valid_from=_from(row.since),
            valid_to=_to(row.until),
        )


def _fee_text(amount: Decimal) -> str:
    """With two decimals, or the third that the price of a drug may have."""
    return f"{amount:f}" if amount != amount.quantize(CENT) else money_text(amount)


def read_fees(raw: bytes, *, payer_id: str) -> tuple[list[Fee], list[Problem]]:
    """The fees of the body, and what is wrong with it."""
    value, problems = read_json(raw)
    if problems:
        return [], problems
    try:
        document = FeeScheduleDocument.model_validate(value)
    except ValidationError as refused:
        return [], shape_problems(refused)
    fees = [
        Fee(
            payer_id=payer_id,
            code=item.code.upper(),
            amount=item.amount,
            modifiers=frozenset(m.upper() for m in item.modifiers),
            since=item.valid_from or date.min,
            until=item.valid_to or date.max,
        )
        for item in document.items
    ]
    return fees, [*_negative(fees), *_backwards([(x.since, x.until) for x in fees]), *_twice(fees)]


def read_treatments(raw: bytes) -> tuple[list[TreatmentRow], list[Problem]]:
    """The rows of the body, and what is wrong with it."""
    value, problems = read_json(raw)
    if problems:
        return [], problems
    try:
        document = TreatmentsDocument.model_validate(value)
    except ValidationError as refused:
        return [], shape_problems(refused)
    rows = []
    for index, item in enumerate(document.items):
        reason = item.reason
        try:
            row = TreatmentRow(
                group=item.group,
                reason=CarcClass(reason) if reason in _CLASSES else reason.upper(),
                treatment=Treatment(item.treatment),
                since=item.valid_from or date.min,
                until=item.valid_to or date.max,
            )
        except ValueError as why:
            problems.append(Problem(f"/items/{index}/treatment", "treatment", f"{why}."))
        else:
            rows.append(row)
    if problems:
        return [], problems
    return rows, [
        *_waived(rows),
        *_backwards([(r.since, r.until) for r in rows]),
        *_contradicted(rows),
    ]


def _negative(fees: Sequence[Fee]) -> list[Problem]:
    return [
        Problem(f"/items/{index}/amount", "fee", "A fee is not less than nothing.")
        for index, fee in enumerate(fees)
        if fee.amount < 0
    ]


def _backwards(spans: Sequence[tuple[date, date]]) -> list[Problem]:
    return [
        Problem(f"/items/{index}/validTo", "dates", "The last day comes before the first.")
        for index, (since, until) in enumerate(spans)
        if until < since
    ]


def _waived(rows: Sequence[TreatmentRow]) -> list[Problem]:
    why = (
        "What a patient owes is not written off by a rule: use patient or leave_open; a person"
        " writes off what this patient may not be billed for."
    )
    return [
        Problem(f"/items/{index}/treatment", "treatment", why)
        for index, row in enumerate(rows)
        if row.waives
    ]


def _contradicted(rows: Sequence[TreatmentRow]) -> list[Problem]:
    """Two rows for one group and reason on one day would leave the choice to their order."""
    places = _overlapping([((r.group, r.reason), r.since, r.until) for r in rows])
    why = "An earlier row says how this group and reason are treated on the same days."
    return [Problem(f"/items/{index}/validFrom", "treatment_twice", why) for index in places]


def _twice(fees: Sequence[Fee]) -> list[Problem]:
    """Two fees for the same procedure and modifiers on one day would leave the choice to chance."""
    places = _overlapping([((x.code, x.modifiers), x.since, x.until) for x in fees])
    why = "An earlier row has a fee for this procedure on the same days."
    return [Problem(f"/items/{index}/validFrom", "fee_twice", why) for index in places]


def _overlapping(spans: Sequence[tuple[Hashable, date, date]]) -> Iterator[int]:
    """Which of them share a key and a day with one before."""
    seen: dict[Hashable, list[tuple[date, date]]] = {}
    for index, (key, since, until) in enumerate(spans):
        others = seen.setdefault(key, [])
        if any(since <= last and first <= until for first, last in others):
            yield index
        others.append((since, until))


def _from(day: date) -> date | None:
    return None if day == date.min else day


def _to(day: date) -> date | None:
    return None if day == date.max else day
