"""`python -m edi check FILE... [--json]`, `show FILE [--html]`, `to-json FILE`, `scrub-phi FILE`,
`guide GUIDE [LOOP]`. FILE - is standard input.

Exit 0: done; 1: done, with errors found in the data; 2: something could not be read.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from edi.describe import ENVELOPE, describe, describe_envelope, guide_named
from edi.issues import EdiError, Issue
from edi.page import claims, page
from edi.reader import Report, check
from edi.reader.report import MOST_ISSUES
from edi.scrub import scrub
from edi.show import HARMLESS, Source, opened, show
from edi.to_json import documents

# Terminal colours by kind of line (ECMA-48).
_COLOURS = {
    "loop": "\x1b[34m",
    "envelope": "\x1b[2m",
    "unknown": "\x1b[35m",
    "error": "\x1b[31m",
    "warning": "\x1b[33m",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m edi", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="read and validate files")
    checking.add_argument("files", nargs="+", type=_file, metavar="FILE")
    checking.add_argument("--json", action="store_true", help="one JSON array on standard output")
    checking.add_argument(
        "--issues", type=_positive, default=MOST_ISSUES, metavar="N",
        help=f"list the first N issues of a file ({MOST_ISSUES}); all of them are counted",
    )  # fmt: skip
    showing = commands.add_parser("show", help="a file as a person reads it")
    showing.add_argument("file", type=_file, metavar="FILE")
    showing.add_argument("--html", action="store_true", help="one self-contained page")
    as_json = commands.add_parser("to-json", help="claims and payments, one JSON document a line")
    as_json.add_argument("file", type=_file, metavar="FILE")
    scrubbing = commands.add_parser("scrub-phi", help="the file without the people in it")
    scrubbing.add_argument("file", type=_file, metavar="FILE")
    scrubbing.add_argument("--key", help="the same key gives the same fakes; random by default")
    guiding = commands.add_parser("guide", help="what a guide says of a loop, and where we say it")
    guiding.add_argument(
        "guide", metavar="GUIDE",
        help="837P, 837I, 837D, 835, 999, 277CA, 276, 277; TA1, ISA, GS, ST, SE, GE, IEA",
    )  # fmt: skip
    guiding.add_argument("loop", nargs="?", default="", metavar="LOOP", help="such as 2430")
    chosen = parser.parse_args(arguments)
    _speak(utf8=chosen.command == "to-json" or getattr(chosen, "html", False))
    if chosen.command == "guide":
        return _guide(chosen.guide, chosen.loop)
    try:
        if chosen.command == "check":
            return _check(chosen.files, as_json=chosen.json, most=chosen.issues)
        if chosen.command == "to-json":
            return _to_json(chosen.file)
        if chosen.command == "scrub-phi":
            return _scrub(chosen.file, key=chosen.key)
        return _show(chosen.file, as_page=chosen.html)
    except BrokenPipeError:  # whoever reads has enough
        sys.stderr.close()
        return 0
    except OSError as error:
        if chosen.command == "check":
            raise  # it names the files that cannot be opened itself
        print(f"{chosen.file}: the file cannot be opened: {error.strerror}", file=sys.stderr)
        return 2


def _speak(*, utf8: bool) -> None:
    """Let what a terminal or pipe has no letters for come as an escape; JSON and pages are UTF-8
    wherever they go.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if utf8 and stream is sys.stdout else None
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _file(text: str) -> Path:
    return Path("/dev/stdin" if text == "-" else text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1")
    return int(text)


def _guide(name: str, loop: str) -> int:
    try:
        segment = None if loop else ENVELOPE.get(name.upper())
        for line in describe_envelope(segment) if segment else describe(guide_named(name), loop):
            print(line)
    except EdiError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _check(files: list[Path], *, as_json: bool, most: int) -> int:
    code = 0
    documents = []
    for path in files:
        report = _report(path, most)
        code = max(code, _code(report))
        if as_json:
            documents.append(report.as_json(str(path)))
        else:
            _print(path, report)
    if as_json:
        json.dump(documents, sys.stdout, indent=1)
        print()
    return code


def _report(path: Path, most: int) -> Report:
    try:
        with path.open("rb") as source:
            return check(source, most_issues=most)
    except OSError as error:
        report = Report(readable=False)
        why = f"the file cannot be opened: {error.strerror}"
        report.add([Issue("X12-UNREADABLE", "error", 1, 0, 0, "", "", "", why)])
        return report


def _print(path: Path, report: Report) -> None:
    print(path)
    if report.readable:
        sets = report.transaction_set_count
        print(
            f"  {report.interchanges} interchanges, {report.functional_groups} groups,"
            f" {sets} transaction sets, {report.segments} segments"
            f" ({report.segments_reported} not read), {report.bytes} bytes"
        )
    for t in report.transaction_sets:
        verdict = "accepted" if t.accepted else "not accepted"
        print(f"  {t.st01} {t.guide} {t.control_number}: {t.claims} claims, {verdict}")
    if report.transaction_sets_dropped:
        print(f"  ... and {report.transaction_sets_dropped} more transaction sets")
    for issue in sorted(report.issues, key=lambda i: i.segment_number):
        print("  " + sentence(issue))
    if report.issues_dropped:
        print(f"  ... and {report.issues_dropped} more issues; in all:")
        for code, count in sorted(report.counts.items()):
            print(f"  {count:>9} {code}")


def sentence(issue: Issue) -> str:
    """An issue on one line, without the value it is about."""
    where = f"segment {issue.segment_number}" if issue.segment_number else "file"
    if issue.segment_count > 1:
        where += f" and {issue.segment_count - 1} more"
    place = " ".join(x for x in (issue.loop, issue.ref) if x)
    return f"{issue.severity} {issue.code} at {where}{f' ({place})' if place else ''}: {issue.told}"


def _show(path: Path, *, as_page: bool) -> int:
    with _again(path) as source:
        with opened(source) as file:
            report = check(file)
        if as_page:
            for part in page(source, title=path.name):
                sys.stdout.write(part)
            return _code(report)
        colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        for line in show(source, colours=_COLOURS if colours else {}):
            print(line)
        for number, name, charge, paid, share in claims(source):
            parts = (("charge", charge), ("paid", paid), ("patient", share))
            money = ", ".join(f"{what} {amount}" for what, amount in parts if amount)
            print(f"{number:>6}  claim {name}: {money}".translate(HARMLESS))
    return _code(report)


@contextmanager
def _again(path: Path) -> Iterator[Source]:
    """A file that can be opened more than once: a pipe is copied, to where only we can read it."""
    if not path.is_fifo() and not path.is_char_device():
        yield partial(_opened, path)
        return
    with NamedTemporaryFile(prefix="edi-") as copy:
        with path.open("rb") as source:
            shutil.copyfileobj(source, copy)
        copy.flush()
        yield partial(_opened, Path(copy.name))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _to_json(path: Path) -> int:
    code = 0
    with path.open("rb") as source:
        for document in documents(source):
            print(json.dumps(document, ensure_ascii=False))
            issues = document.get("issues", [])
            code = max(code, any(i["severity"] == "error" for i in issues))
            if document["document"] == "file" and not document["readable"]:
                code = 2
    return code


def _scrub(path: Path, *, key: str | None) -> int:
    """Writes nothing of a file that cannot be read, and says what was left out."""
    with _again(path) as source:
        with opened(source) as file:
            report = check(file)
        if report.readable:
            secret = key.encode() if key else secrets.token_bytes(32)
            with opened(source) as file:
                for segment in scrub(file, key=secret):
                    sys.stdout.buffer.write(segment)
            sys.stdout.buffer.flush()
    for issue in report.issues:
        if issue.code in ("X12-UNREADABLE", "X12-UNREAD"):
            print(f"{path}: {issue.told}", file=sys.stderr)
    return _code(report)


def _code(report: Report) -> int:
    return 2 if not report.readable else 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
