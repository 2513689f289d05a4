"""BAI2 statements: the deposits among the details (16), with every control total checked.

Records are lines: 01 file, 02 group (a bank's day), 03 account with its summaries, 16 detail, 88
continuation, and the controls 49, 98, 99. Fields end at a comma, a record's fields at a slash; the
text of a 16 runs on, over its 88s, and may hold both characters. Amounts are in cents. A control
counts the records it closes, itself included, and sums their amounts as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.documents.bank_reading import BankFile, at_line, cents, is_number, short_date, traced
from app.documents.problem import Problem
from app.domain.deposit import Deposit, DepositSource
from app.domain.money import ZERO, money_text

# Details that bring money of payers though no addenda says so: ACH, wire, lockbox, checks.
DEPOSIT_TYPES = frozenset(
    ["115", "116", "142", "164", "165", "166", "169", "174", "175", "195", "301"]
)
_NOT_OF_NOW = {"2": "deleted", "4": "a test"}  # 02 group status
_FUNDS_FIELDS = {"S": 3, "V": 2}  # fields behind the funds type; D says how many pairs
_PARENTS = {"02": "01", "03": "02", "16": "03", "49": "03", "98": "02", "99": "01"}
_CLOSED_BY = {"49": "03", "98": "02", "99": "01"}
_LEVEL_NAMES = {"03": "account", "02": "group", "01": "file"}


def looks_like_bai2(first: str) -> bool:
    """By its first line, a file header."""
    return first.startswith("01,")


def read_bai2(text: str) -> BankFile | list[Problem]:
    """The deposits of all accounts, or every fault with its line."""
    reading = _Reading()
    for record in _records(text, reading.faults):
        reading.take(record)
    return reading.result()


@dataclass(slots=True)
class _Record:
    """A record with its continuations; `pieces` are the contents of its lines."""

    line: int
    code: str
    pieces: list[str]

    @property
    def fields(self) -> list[str]:
        """Its fields; what follows a slash is filler."""
        return ",".join(piece.split("/")[0] for piece in self.pieces).split(",")


@dataclass(slots=True)
class _Level:
    """An open file, group or account: what has been counted in it."""

    line: int
    records: int = 0
    members: int = 0
    total: Decimal = ZERO


@dataclass(slots=True)
class _Reading:
    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    open: dict[str, _Level] = field(default_factory=dict)  # by the code that opened it
    ended: bool = False
    day: date | None = None
    group_currency: str = "USD"
    account: str | None = None
    left_out: str | None = None  # why the details of the open account are not taken

    def take(self, record: _Record) -> None:
        parent = _PARENTS.get(record.code)
        if self.ended or (parent is None and self.open):
            self._fault(record.line, "record", f"A record {record.code} cannot stand here.")
        elif parent is not None and parent not in self.open:
            self._fault(
                record.line, "record", f"A record {record.code} stands outside of any {parent}."
            )
        elif record.code in _CLOSED_BY:
            self._close(record, _CLOSED_BY[record.code])
        else:
            if record.code in self.open:
                self._cut_off(record.code)
            if record.code == "02" and "03" in self.open:
                self._cut_off("03")
            steps = {"01": self._file, "02": self._group, "03": self._account, "16": self._detail}
            steps[record.code](record)

    def result(self) -> BankFile | list[Problem]:
        for code in ("03", "02", "01"):
            if code in self.open:
                self._cut_off(code)
        if self.faults:
            return sorted(self.faults, key=lambda fault: fault.line or 0)
        return BankFile(tuple(self.deposits), tuple(self.notes))

    def _file(self, record: _Record) -> None:
        self.open["01"] = _Level(record.line, records=len(record.pieces))

    def _group(self, record: _Record) -> None:
        self.open["02"] = _Level(record.line, records=len(record.pieces))
        fields = record.fields + [""] * 7
        self.left_out = _NOT_OF_NOW.get(fields[2])
        self.day = short_date(fields[3])
        if self.day is None:
            self._fault(record.line, "date", "The as-of date of this group is no YYMMDD.")
        self.group_currency = fields[5] or "USD"
        if self.left_out:
            self._note(record.line, "group_status", f"This group is {self.left_out}: not taken.")

    def _account(self, record: _Record) -> None:
        level = self.open["03"] = _Level(record.line, records=len(record.pieces))
        number, currency, *summaries = [*record.fields, ""]
        self.account = number or None
        if (currency or self.group_currency) != "USD":
            self.left_out = "in another currency than USD"
            self._note(record.line, "currency", f"This account is {self.left_out}: not taken.")
        elif self.left_out not in _NOT_OF_NOW.values():
            self.left_out = None
        fields = iter(summaries)
        for type_code in fields:
            amount = next(fields, "")
            if type_code and amount:
                self._add(level, record.line, amount)
            next(fields, "")  # how many items
            _skip_funds(fields, next(fields, ""))

    def _detail(self, record: _Record) -> None:
        level = self.open["03"]
        level.records += len(record.pieces)
        type_code, amount, bank, customer, text = _parts_of_detail(record)
        money = self._add(level, record.line, amount)
        if money is None or self.left_out:
            return
        found = traced(text)
        debit = "400" <= type_code <= "699"
        if found is None and type_code not in DEPOSIT_TYPES:
            self._note(
                record.line,
                "not_a_deposit",
                "This detail has no TRN and is of no type that brings money of payers; not taken.",
            )
            return
        if money == ZERO:
            self._note(record.line, "no_money", "This detail moves no money; not taken.")
            return
        self.deposits.append(
            Deposit(
                amount=-money if debit else money,
                date=self.day or date.min,
                source=DepositSource.BAI2,
                trace_number=found[0] if found else None,
                payer_identifier=found[1] if found else None,
                account=self.account,
                reference=customer or bank or None,
                line=record.line,
            )
        )

    def _close(self, record: _Record, opener: str) -> None:
        """Compare a control with what it closes, and count it in the level above."""
        for inner in ("03", "02"):
            if inner in self.open and inner > opener:
                self._cut_off(inner)
        level = self.open.pop(opener)
        level.records += len(record.pieces)
        fields = record.fields + [""] * 3
        # 49: total, records; 98 and 99: total, members, records.
        told = {"total": fields[0], "records": fields[1] if opener == "03" else fields[2]}
        there = {"total": _in_cents(level.total), "records": str(level.records)}
        if opener != "03":
            told["members"], there["members"] = fields[1], str(level.members)
        for what, says in told.items():
            value = cents(says)
            if value is None or _in_cents(value) != there[what]:
                self._fault(record.line, "control", _control_sentence(what, says, there[what]))
        if opener == "01":
            self.ended = True
            return
        above = self.open[_PARENTS[opener]]
        above.records += level.records
        above.members += 1
        above.total += level.total

    def _add(self, level: _Level, line: int, amount: str) -> Decimal | None:
        value = cents(amount)
        if value is None:
            self._fault(line, "amount", "An amount is in cents, without a point.")
            return None
        level.total += value
        return value

    def _cut_off(self, code: str) -> None:
        level = self.open.pop(code)
        closer = next(c for c, opener in _CLOSED_BY.items() if opener == code)
        self._fault(
            level.line, "cut_off", f"This {_LEVEL_NAMES[code]} has no control record ({closer})."
        )

    def _fault(self, line: int, code: str, message: str) -> None:
        self.faults.append(at_line(line, code, message))

    def _note(self, line: int, code: str, message: str) -> None:
        self.notes.append(at_line(line, code, message))


def _records(text: str, faults: list[Problem]) -> Iterator[_Record]:
    """The records with their 88s; lines that are none become faults."""
    last: _Record | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        code, comma, content = line[:2], line[2:3], line[3:].rstrip()
        if comma != "," or (code not in _PARENTS and code not in ("01", "88")):
            faults.append(
                at_line(number, "record", "A record begins with 01, 02, 03, 16, 88, 49, 98 or 99.")
            )
        elif code == "88":
            if last is None:
                faults.append(at_line(number, "record", "There is nothing to continue (88) here."))
            else:
                last.pieces.append(content)
        else:
            if last is not None:
                yield last
            last = _Record(number, code, [content])
    if last is not None:
        yield last
    else:
        faults.append(at_line(1, "empty", "There is no record in this file."))


def _parts_of_detail(record: _Record) -> tuple[str, str, str, str, list[str]]:
    """Type, amount, the bank's and the customer's reference, and the pieces of the text.

    The text begins behind the customer's reference, and with the first 88 at the latest.
    """
    first, *more = record.pieces
    fields = iter(first.split(","))
    type_code, amount = next(fields, ""), next(fields, "").rstrip("/")
    _skip_funds(fields, next(fields, "").rstrip("/"))
    bank, customer = next(fields, "").rstrip("/"), next(fields, "").rstrip("/")
    own = ",".join(fields)
    return type_code, amount, bank.strip(), customer.strip(), [own, *more]


def _skip_funds(fields: Iterator[str], funds_type: str) -> None:
    pairs = next(fields, "0") if funds_type == "D" else ""
    count = _FUNDS_FIELDS.get(funds_type, 2 * int(pairs) if is_number(pairs) else 0)
    for _ in range(min(count, 200)):
        next(fields, "")


def _in_cents(amount: Decimal) -> str:
    return str(int(amount.scaleb(2)))


def _control_sentence(what: str, says: str, there: str) -> str:
    if what != "total":
        return f"The control does not count the {what} that are there: {there}."
    amount = cents(says)
    told = money_text(amount) if amount is not None else "no amount"
    return (
        f"The control total says {told}; the amounts sum to"
        f" {money_text(Decimal(there).scaleb(-2))}."
    )
