"""A file as JSON: one document a line, in the order of the file, one claim at a time.

Keys are the names of the declarations in camelCase; what is absent is left out. Amounts and
quantities are decimal strings, dates are ISO dates, and counters are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any, BinaryIO

from edi.issues import Issue
from edi.model import Loop
from edi.model.node import streams
from edi.model.values import from_decimal, from_time
from edi.reader import (
    FileClosed,
    GroupClosed,
    GroupOpened,
    InterchangeAck,
    InterchangeClosed,
    InterchangeOpened,
    TransactionClosed,
    TransactionOpened,
    Unit,
    examine,
)
from edi.reader.report import issue_json

# What a unit of a transaction set is called.
_KINDS = {
    "837": "claim",
    "835": "claimPayment",
    "999": "transactionSetResponse",
    "277": "status",
    "276": "statusRequest",
}


def documents(source: bytes | BinaryIO) -> Iterator[dict[str, Any]]:
    """Every claim, payment, answer and envelope of a file as a document of its own; "file" last.

    A unit that could not be read is there with `rejected` and the elements of its first segment, so
    nothing is left out in silence.
    """
    place: dict[str, Any] = {}
    opened: TransactionOpened | None = None
    for event in examine(source):
        if isinstance(event, InterchangeOpened):
            place = {"interchange": event.control_number}
            yield {"document": "interchange", **place} | {
                "sender": event.sender,
                "senderQualifier": event.sender_qualifier,
                "receiver": event.receiver,
                "receiverQualifier": event.receiver_qualifier,
                "usage": event.usage,
                "segmentNumber": event.segment_number,
            }
        elif isinstance(event, InterchangeAck):
            yield {"document": "interchangeAck", **place} | {
                "segmentNumber": event.segment_number,
                "data": value_of(event.ack),
            }
        elif isinstance(event, GroupOpened):
            place["group"] = event.control_number
        elif isinstance(event, TransactionOpened):
            opened = event
            place |= {"transactionSet": event.control_number, "guide": event.guide}
        elif isinstance(event, Unit) and opened is not None:
            yield _unit(event, opened, place)
        elif isinstance(event, TransactionClosed) and opened is not None:
            yield _transaction_set(event, opened, place)
            del place["transactionSet"], place["guide"]
        elif isinstance(event, GroupClosed):
            if event.issues:
                yield {"document": "group", **place, "issues": _issues(event.issues)}
            place.pop("group", None)
        elif isinstance(event, InterchangeClosed):
            if event.issues:
                yield {"document": "interchangeEnd", **place, "issues": _issues(event.issues)}
        elif isinstance(event, FileClosed):
            yield _file(event)


def value_of(node: Any) -> Any:
    """The JSON of a segment, composite, group or loop; loops that are units of their own are not in
    it.
    """
    if isinstance(node, str | int) or node is None:
        return node
    if isinstance(node, Decimal):
        return from_decimal(node)
    if isinstance(node, time):
        return from_time(node)
    if isinstance(node, date):
        return node.isoformat()
    if isinstance(node, list):
        return [value_of(each) for each in node]
    found = {}
    for s in node.specs:
        value = getattr(node, s.name)
        apart = issubclass(s.type, Loop) and (s.type.unit or streams(s.type))
        if value is not None and value != [] and not apart:
            found[_camel(s.name)] = value_of(value)
    return found


def _unit(unit: Unit, opened: TransactionOpened, place: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "document": _KINDS.get(opened.st01, "unit"),
        **place,
        "loop": unit.loop_id,
        "ordinal": unit.ordinal,
        "segmentNumber": unit.segment_number,
        "segmentCount": unit.segment_count,
        "rejected": unit.rejected,
    }
    if unit.rejected:
        made["opening"] = list(unit.opening)
    else:
        made["within"] = [
            {"loop": type(p).id, "data": value_of(p)} for p in unit.parents if p is not None
        ]
        made["data"] = value_of(unit.loop)
    made["issues"] = _issues(unit.issues)
    return made


def _transaction_set(
    event: TransactionClosed, opened: TransactionOpened, place: dict[str, Any]
) -> dict[str, Any]:
    return {
        "document": "transactionSet",
        **place,
        "st01": opened.st01,
        "known": opened.known,
        "accepted": event.accepted,
        "units": event.unit_count,
        "segmentNumber": opened.segment_number,
        "segmentCount": event.segment_count,
        "data": value_of(event.transaction),
        "issues": _issues(event.issues),
    }


def _file(event: FileClosed) -> dict[str, Any]:
    report = event.report.as_json()
    nowhere = [i for i in event.report.issues if not i.segment_number]
    for key in ("path", "transactionSets"):
        del report[key]
    return {"document": "file"} | report | {"issues": _issues(nowhere)}


def _issues(issues: list[Issue]) -> list[dict[str, Any]]:
    return [issue_json(i) for i in issues]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
