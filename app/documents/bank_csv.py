"""Deposits as CSV: a header line with our names, a line a deposit (docs/files.md lists the names).

Between columns stands a comma, a semicolon or a tab, the same in the whole file.

The names may stand in any order and in any case. A column of another name is not read, and told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from app.documents import fields as f
from app.documents.bank_reading import BankFile, at_line, traced
from app.documents.problem import Problem
from app.domain.deposit import Deposit, DepositSource
from app.domain.money import ZERO

# Column -> longest text.
COLUMNS = {
    "date": 10,
    "amount": 20,
    "tracenumber": 50,
    "payeridentifier": 10,
    "payername": 60,
    "account": 35,
    "reference": 50,
    "addenda": 400,
}
_REQUIRED = ("date", "amount")
_SEPARATORS = (",", ";", "\t")  # spreadsheets of some countries write the others
_MONEY: TypeAdapter[object] = TypeAdapter(f.Money)
_DAY: TypeAdapter[object] = TypeAdapter(f.Day)


def looks_like_csv(first: str) -> bool:
    """By its first line: a header that names a date and an amount."""
    return _separator(first) is not None


def read_csv(text: str) -> BankFile | list[Problem]:
    """The deposits, or every fault with its line."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    separator = _separator(header) or ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    faults: list[Problem] = []
    deposits: list[Deposit] = []
    names: list[str] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = _names(row)
                faults += _header_faults(names, reader.line_num)
                if faults:
                    break
                continue
            if len(row) != len(names):
                message = f"This line has {len(row)} columns; the header has {len(names)}."
                faults.append(at_line(reader.line_num, "columns", message))
                continue
            cells = {name: cell.strip() for name, cell in zip(names, row, strict=True)}
            deposit = _deposit(cells, reader.line_num, faults)
            if deposit is not None:
                deposits.append(deposit)
    except csv.Error:
        faults.append(
            at_line(reader.line_num, "malformed_csv", "A quotation mark is open or misplaced here.")
        )
    if not deposits and not faults:
        faults.append(at_line(1, "empty", "There is no deposit below the header."))
    if faults:
        return faults
    unread = sum(name not in COLUMNS for name in names)
    note = at_line(1, "columns_not_read", f"{unread} columns have names that are not read.")
    return BankFile(tuple(deposits), (note,) if unread else ())


def _separator(header: str) -> str | None:
    """What separates the header's names, so that the required ones are among them."""
    for separator in _SEPARATORS:
        names = _names(header.split(separator))
        if all(name in names for name in _REQUIRED):
            return separator
    return None


def _names(cells: list[str]) -> list[str]:
    return ["".join(c for c in cell.casefold() if c.isalnum()) for cell in cells]


def _header_faults(names: list[str], line: int) -> list[Problem]:
    twice = [f"The column {name} stands there twice." for name in COLUMNS if names.count(name) > 1]
    lacks = [f"The column {name} is missing." for name in _REQUIRED if name not in names]
    return [at_line(line, "header", message) for message in (*twice, *lacks)]


def _deposit(cells: Mapping[str, str], line: int, faults: list[Problem]) -> Deposit | None:
    """One line as a deposit; its faults are added to `faults`."""
    before = len(faults)
    amount, day = (_value(adapter, cells[name], line, faults) for adapter, name in _VALUES)
    if amount == ZERO:
        faults.append(at_line(line, "amount", "A deposit of nothing is none."))
    for name, longest in COLUMNS.items():
        if len(cells.get(name, "")) > longest:
            message = f"At most {longest} characters fit into {name}."
            faults.append(at_line(line, "too_long", message))
    addenda = cells.get("addenda", "")
    found = traced([addenda]) if addenda else None
    if addenda and found is None:
        faults.append(at_line(line, "addenda", "The addenda holds no TRN*1*trace*payer."))
    if len(faults) > before:
        return None
    trace = cells.get("tracenumber") or (found[0] if found else None)
    payer = cells.get("payeridentifier") or (found[1] if found else None)
    if found and found != (trace, payer):
        faults.append(at_line(line, "addenda", "The addenda's TRN is not that of the columns."))
        return None
    return Deposit(
        amount=amount,  # type: ignore[arg-type]  # the adapter of Money gives Decimal
        date=day,  # type: ignore[arg-type]  # and that of Day a date
        source=DepositSource.CSV,
        trace_number=trace,
        payer_identifier=payer,
        payer_name=cells.get("payername") or None,
        account=cells.get("account") or None,
        reference=cells.get("reference") or None,
        line=line,
    )


_VALUES = ((_MONEY, "amount"), (_DAY, "date"))


def _value(adapter: TypeAdapter[object], text: str, line: int, faults: list[Problem]) -> object:
    try:
        return adapter.validate_python(text)
    except ValidationError as refused:
        (error,) = refused.errors(include_url=False, include_input=False)
        faults.append(at_line(line, str(error["type"]), error["msg"]))
        return None
