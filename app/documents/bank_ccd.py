"""ACH files: CCD and CTX entries with the TRN of their addenda (CAQH CORE 370).

Records have 94 characters: 1 file, 5 batch, 6 entry, 7 addenda, 8 and 9 the controls. CORE 370
names record 5 field 9 (effective entry date), record 6 field 6 (amount), record 7 field 3 (the TRN
segment). Banks give parts of a file too, so 1 and 9 may both be absent; a batch must be whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from app.documents.bank_reading import BankFile, at_line, cents, is_number, short_date, traced
from app.documents.problem import Problem
from app.domain.deposit import Deposit, DepositSource
from app.domain.money import ZERO, money_text

_LENGTH = 94
_TAKEN = ("CCD", "CTX")  # standard entry classes that carry remittance data to companies
_CREDITS = {"22", "24", "32", "34"}  # transaction codes; 24 and 34 carry data without money
_DEBITS = {"27", "37"}
_FILLER = "9" * _LENGTH


def looks_like_ccd(first: str) -> bool:
    """By its first line: a file header, or a batch header on its own."""
    if first.startswith("TRN*1*"):
        return True  # an addenda alone, which the reader refuses with a reason
    return 75 <= len(first) <= _LENGTH and (first[:3] == "101" or first[:4] in _BATCH_HEADERS)


_BATCH_HEADERS = ("5200", "5220", "5225")  # record 5 with its service class


def read_ccd(text: str) -> BankFile | list[Problem]:
    """The entries of all CCD and CTX batches, or every fault with its line."""
    reading = _Reading()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and line.rstrip() != _FILLER:
            reading.take(number, line)
    return reading.result()


@dataclass(slots=True)
class _Entry:
    line: int
    deposit: Deposit | None
    addenda: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Totals:
    records: int = 0
    routing: int = 0
    debits: Decimal = ZERO
    credits: Decimal = ZERO

    def add(self, other: _Totals) -> None:
        self.records += other.records
        self.routing += other.routing
        self.debits += other.debits
        self.credits += other.credits


@dataclass(slots=True)
class _Reading:
    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)  # of the open batch
    batch: tuple[int, str, date | None] | None = None  # line, company, effective date
    taken: bool = False  # the open batch is of a class that we read
    header: int | None = None  # line of record 1
    ended: bool = False  # record 9 was there
    batches: int = 0
    own: _Totals = field(default_factory=_Totals)
    whole: _Totals = field(default_factory=_Totals)

    def take(self, number: int, line: str) -> None:
        if line.startswith("TRN*1*"):
            self._fault(
                number,
                "addenda_alone",
                "An addenda has neither amount nor date. Send the bank's whole ACH file, or the"
                " amount, the date and this addenda as JSON to POST /v1/deposits.",
            )
            return
        if len(line.rstrip()) > _LENGTH or self.ended:
            self._fault(number, "record", "An ACH record has 94 characters; none follows the last.")
            return
        record = line.ljust(_LENGTH)
        steps = {
            "1": self._file_header,
            "5": self._batch_header,
            "6": self._entry,
            "7": self._addenda,
            "8": self._batch_control,
            "9": self._file_control,
        }
        step = steps.get(record[0])
        if step is None:
            self._fault(number, "record", "An ACH record begins with 1, 5, 6, 7, 8 or 9.")
        else:
            step(number, record)

    def result(self) -> BankFile | list[Problem]:
        if self.batch is not None:
            self._fault(self.batch[0], "cut_off", "This batch has no control record (8).")
        if self.header is not None and not self.ended:
            self._fault(self.header, "cut_off", "This file has no control record (9).")
        if not self.batches and not self.faults:
            self._fault(1, "empty", "There is no batch in this file.")
        if self.faults:
            return sorted(self.faults, key=lambda fault: fault.line or 0)
        return BankFile(tuple(self.deposits), tuple(self.notes))

    def _file_header(self, number: int, record: str) -> None:
        if self.header is not None or self.batches or self.batch:
            self._fault(number, "record", "A file header (1) stands only once, at the beginning.")
        self.header = number

    def _batch_header(self, number: int, record: str) -> None:
        if self.batch is not None:
            self._fault(self.batch[0], "cut_off", "This batch has no control record (8).")
        day = short_date(record[69:75])
        self.taken = record[50:53] in _TAKEN
        if not self.taken:
            self.notes.append(
                at_line(number, "entry_class", "A batch of this entry class is no payment by a"
                        " payer with an addenda; its entries were not taken.")
            )  # fmt: skip
        elif day is None:
            self._fault(number, "date", "Record 5 field 9 (effective entry date) is no YYMMDD.")
        self.batch = (number, record[4:20].strip(), day)
        self.entries, self.own = [], _Totals()

    def _entry(self, number: int, record: str) -> None:
        if self.batch is None:
            self._fault(number, "record", "An entry (6) stands outside of a batch.")
            return
        code, amount = record[1:3], cents(record[29:39])
        if amount is None or not is_number(record[3:12]):
            self._fault(
                number, "amount", "Record 6 lacks its routing number (field 3) or amount (field 6)."
            )
            return
        self.own.records += 1
        self.own.routing += int(record[3:11])
        if code in _DEBITS:
            self.own.debits += amount
        else:
            self.own.credits += amount
        deposit = None
        if self.taken and amount != ZERO and code in _CREDITS | _DEBITS:
            deposit = Deposit(
                amount=-amount if code in _DEBITS else amount,
                date=self.batch[2] or date.min,
                source=DepositSource.CCD,
                payer_name=self.batch[1] or None,
                account=record[12:29].strip() or None,
                reference=record[79:94].strip() or None,
                line=number,
            )
        elif self.taken:
            self.notes.append(
                at_line(number, "no_money", "This entry moves no money; it was not taken.")
            )
        self.entries.append(_Entry(number, deposit))

    def _addenda(self, number: int, record: str) -> None:
        if not self.entries:
            self._fault(number, "record", "An addenda (7) follows no entry (6).")
            return
        self.own.records += 1
        self.entries[-1].addenda.append(record[3:83].rstrip())

    def _batch_control(self, number: int, record: str) -> None:
        if self.batch is None:
            self._fault(number, "record", "A batch control (8) follows no batch header (5).")
            return
        self._compare(number, self.own, (record[4:10], record[10:20], record[20:32], record[32:44]))
        for entry in self.entries:
            found = traced(entry.addenda)
            if entry.deposit is None:
                continue
            if found is None:
                self.notes.append(
                    at_line(entry.line, "no_trace", "This entry has no addenda with a TRN; it can"
                            " be joined to a remittance by hand only.")
                )  # fmt: skip
                self.deposits.append(entry.deposit)
            else:
                trace, payer = found
                self.deposits.append(
                    replace(entry.deposit, trace_number=trace, payer_identifier=payer)
                )
        self.whole.add(self.own)
        self.batches += 1
        self.batch, self.entries, self.own = None, [], _Totals()

    def _file_control(self, number: int, record: str) -> None:
        if is_number(record[1:7]) and int(record[1:7]) != self.batches:
            self._fault(
                number,
                "control",
                f"Record 9 counts {int(record[1:7])} batches; {self.batches} are there.",
            )
        parts = (record[13:21], record[21:31], record[31:43], record[43:55])
        self._compare(number, self.whole, parts)
        self.ended = True

    def _compare(self, number: int, found: _Totals, told: tuple[str, str, str, str]) -> None:
        if not all(is_number(part) for part in told):
            self._fault(number, "control", "The counts and totals of this control are no numbers.")
            return
        count, routing, debits, credits = (int(part) for part in told)
        sums = (
            ("entries and addenda", str(count), str(found.records)),
            ("routing numbers (entry hash)", str(routing), str(found.routing % 10**10)),
            ("debits", money_text(Decimal(debits).scaleb(-2)), money_text(found.debits)),
            ("credits", money_text(Decimal(credits).scaleb(-2)), money_text(found.credits)),
        )
        for what, says, there in sums:
            if says != there:
                self._fault(
                    number, "control", f"The control says {says} for its {what}; there is {there}."
                )

    def _fault(self, number: int, code: str, message: str) -> None:
        self.faults.append(at_line(number, code, message))
