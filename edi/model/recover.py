"""What the generated readers call when something is not right: look again, say everything, keep
what can be kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from edi.delimiters import Delimiters
from edi.issues import Severity
from edi.model.cursor import Cursor
from edi.model.elements import composite_parser, syntax_notes
from edi.model.node import Composite, Group, Loop, opener, span
from edi.model.place import CONTROL, END, Place
from edi.model.spec import Spec
from edi.model.values import SCALARS


def recover(place: Place, spec: Spec, loop: Loop, i: int, elements: list[str], c: Cursor) -> Any:
    """The object of a segment whose fast reading failed, or None; every fault of it becomes an
    issue.
    """
    found = Explained(place, spec, c, i)
    value = found.segment(elements)
    if value is None:
        c.failed.add((loop.at, spec.name))
    return value


def missing(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A required child is not there; the issue stands at the segment before which it was missed."""
    if (loop.at, spec.name) in c.failed:
        return  # it was there, and has its own issue
    if c.lines[i].startswith(END) and c.more:
        return  # the loop will be read again with what follows
    tag = opener(spec).type.tag
    c.add(
        "IK304:3", i, loop=place.cls.id, ref=tag, snip=1 if spec.required else 2,
        message=f"{_named(spec, tag)} is required in loop {place.cls.id} and is missing",
        severity="warning" if place.cls.tolerant and not spec.required else "error",
    )  # fmt: skip


def below_least(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A repeating child occurs fewer times than the guide asks for."""
    if (loop.at, spec.name) in c.failed or (c.lines[i].startswith(END) and c.more):
        return
    tag = opener(spec).type.tag
    c.add(
        "IK304:I7" if issubclass(spec.type, Loop) else "IK304:3", i, loop=place.cls.id, ref=tag,
        snip=2, message=f"{_named(spec, tag)} is required in loop {place.cls.id} and is missing",
        severity="warning" if place.cls.tolerant else "error",
    )  # fmt: skip


def too_many(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A child repeats more often than allowed; said once, at the first that is too many."""
    if (loop.at, f"{spec.name}+") in c.failed:
        return
    c.failed.add((loop.at, f"{spec.name}+"))
    values = getattr(loop, spec.name)
    assert spec.most is not None
    at, is_loop = i - (len(values) - spec.most), issubclass(spec.type, Loop)
    if is_loop:
        at = values[spec.most].at - c.base
    tag = opener(spec).type.tag
    c.add(
        "IK304:4" if is_loop else "IK304:5", at, loop=place.cls.id, ref=tag, snip=1,
        message=f"{_named(spec, tag)} may occur {spec.most} times in loop {place.cls.id}",
        severity="warning" if place.cls.tolerant else "error",
    )  # fmt: skip


def repeated(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A child that may occur once for each qualifier occurs twice for one."""
    if (loop.at, f"{spec.name}*") in c.failed:
        return
    values = [v.qualifier for v in getattr(loop, spec.name)]
    if len(set(values)) == len(values):
        return
    c.failed.add((loop.at, f"{spec.name}*"))
    again = next(n for n, v in enumerate(values) if v in values[:n])
    tag = spec.type.tag
    c.add(
        "IK304:5", i - len(values) + again, loop=place.cls.id, ref=tag, snip=2, value=values[again],
        message=f"{tag} may occur once with this qualifier in loop {place.cls.id}",
        severity="warning" if place.cls.tolerant else "error",
    )  # fmt: skip


def stray(place: Place, loop: Any, lines: list[str], i: int, elements: list[str], c: Cursor) -> int:
    """What to do with a segment that fits no further position of a loop.

    -1: it is for a loop around us, or the end. `i` itself: it is ours but out of order, so go round
    again. A later index: it was reported and passed over.
    """
    tag = elements[0]
    if tag == END:
        return -1
    if not tag and len(elements) == 1:
        c.blank(i, place.cls.id)
        return i + 1
    ours = [s for s in place.own.get(tag, ()) if s.matches(elements)]
    for s in ours:
        if s.repeats or getattr(loop, s.name) is None:
            c.add(
                "IK304:7", i, loop=place.cls.id, ref=tag, snip=1,
                message=f"{_named(s, tag)} is not in its place in loop {place.cls.id}",
                severity="warning" if place.cls.tolerant else "error",
            )  # fmt: skip
            return i
    if tag in CONTROL or any(s.matches(elements) for s in place.outer.get(tag, ())):
        return -1
    if ours:
        is_loop = issubclass(ours[0].type, Loop)
        return _report(
            place, lines, i, tag, c, "IK304:4" if is_loop else "IK304:5",
            f"{_named(ours[0], tag)} may occur once in loop {place.cls.id}",
        )  # fmt: skip
    if tag in place.tags:
        code, why = (
            "IK304:2",
            f"{tag} with this qualifier is not expected in loop {place.cls.id} or around it",
        )
        if not place.own.get(tag) and not place.outer.get(tag):
            why = f"{tag} is not expected in loop {place.cls.id} or around it"
    else:
        code, why = (
            "IK304:1",
            f"{tag[:3] if tag[:3].isalnum() else 'this'} is no segment of this guide",
        )
    return _report(place, lines, i, tag, c, code, why)


def _report(
    place: Place, lines: list[str], i: int, tag: str, c: Cursor, code: str, why: str
) -> int:
    """Pass over a segment, and over all that hangs on it if it would have opened a loop."""
    j = i + 1
    if tag in place.heads:
        while not _stops(place, lines[j]):
            j += 1
        if lines[j] == END and c.more:
            return j  # it will be read again with what follows
    c.add(code, i, loop=place.cls.id, ref=tag[:3], snip=1, message=why, count=j - i)
    c.reported += j - i
    return j


def _stops(place: Place, line: str) -> bool:
    tag = line.partition(place.delimiters.element)[0]
    return tag == END or tag in place.heads or tag in CONTROL


def _named(spec: Spec, tag: str) -> str:
    words = spec.name.replace("_", " ")
    return f"{tag} ({words})" if words != tag.lower() else tag


class Explained:
    """One segment looked at slowly: element by element, with an issue for each fault."""

    def __init__(self, place: Place, spec: Spec, c: Cursor, i: int) -> None:
        self.place, self.spec, self.c, self.i = place, spec, c, i
        self.cls = spec.type
        self.delimiters: Delimiters = place.delimiters
        self.soft: Severity = "warning" if place.cls.tolerant else "error"

    def segment(self, e: list[str]) -> Any:
        """The object with what is right in it; None if something it needs is wrong."""
        cls, use = self.cls, self.spec.use
        o = object.__new__(cls)
        whole = True
        e = e + [""] * (cls.width + 1 - len(e))
        taken = {p for s in cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
        for n in range(1, len(e)):
            if not e[n]:
                continue
            if n > cls.width:
                self.say("IK403:3", n, e[n], f"{cls.tag} has no element {n} here", self.soft)
            elif n not in taken or n in use.unused:
                self.say("IK403:I10", n, e[n], f"{cls.tag}{n:02d} is not used here", self.soft)
        for s in cls.specs:
            if s.kind == "run":
                values, good = self.run(s, e)
                whole = whole and good
                setattr(o, s.name, values)
                continue
            text = e[s.pos]
            if not text:
                setattr(o, s.name, None)
                if s.kind == "el":
                    self.say("IK403:1", s.pos, "", f"{_words(s)} is required", "error")
                    whole = False
                elif s.pos in use.required:
                    self.say(
                        "IK403:1", s.pos, "", f"{_words(s)} is required here", self.soft, snip=2
                    )
                continue
            value, good = self.element(s, text, s.pos)
            setattr(o, s.name, value)
            whole = whole and (good or s.kind != "el")
        for n, component, allowed in use.codes:
            self.codes(e, n, component, allowed)
        self.notes(e)
        if whole and cls.checked:
            for n, code, why in o.faults():
                self.say(code, n, e[n] if n < len(e) else "", why, "error")
        return o if whole else None

    def element(self, s: Spec, text: str, n: int) -> tuple[Any, bool]:
        if issubclass(s.type, Composite):
            return self.composite(s.type, text, n)
        if s.type in SCALARS:
            read, _, code, name = SCALARS[s.type]
            try:
                value = read(text)
            except ValueError:
                self.say(code, n, text, f"{_words(s)} is not {name}", "error")
                return None, False
            digits = text.lstrip("-").replace(".", "") if s.type is Decimal else text
        else:
            value, digits = text, text
        longest = dict(self.spec.use.longest).get(n, s.most)
        if longest and len(digits) > longest:
            self.say(
                "IK403:5", n, text, f"{_words(s)} has more than {longest} characters", self.soft
            )
        if len(digits) < s.shortest:
            self.say(
                "IK403:4", n, text, f"{_words(s)} has fewer than {s.shortest} characters", self.soft
            )
        if (
            s.codes
            and text not in s.codes
            and not any(n == a and not b for a, b, _ in self.spec.use.codes)
        ):
            self.say(
                "IK403:7",
                n,
                text,
                f"{_words(s)} has a value that is not in its list",
                self.soft,
                snip=2,
            )
        return value, True

    def composite(self, cls: Any, text: str, n: int) -> tuple[Any, bool]:
        try:
            return composite_parser(cls, self.delimiters)(text), True
        except ValueError:
            pass
        o = object.__new__(cls)
        parts = text.split(self.delimiters.component)
        whole = True
        parts += [""] * (cls.width - len(parts))
        if any(parts[cls.width :]):
            self.say(
                "IK403:3", n, text, f"element {n} has more than {cls.width} components", self.soft
            )
        taken = {p for s in cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
        for k, part in enumerate(parts[: cls.width], 1):
            if part and k not in taken:
                self.say(
                    "IK403:I10",
                    n,
                    part,
                    f"component {k} of element {n} is not used here",
                    self.soft,
                    component=k,
                )
        for s in cls.specs:
            if s.kind == "run":
                texts = [t for t in parts[s.pos - 1 : s.pos - 1 + s.times] if t]
                pairs = [self.component(s, t, n) for t in texts]
                setattr(o, s.name, [v for v, good in pairs if good])
                continue
            text = parts[s.pos - 1]
            value, good = self.component(s, text, n) if text else (None, s.kind != "el")
            if not text and s.kind == "el":
                self.say("IK403:1", n, "", f"{_words(s)} is required", "error", component=s.pos)
            setattr(o, s.name, value)
            whole = whole and (good or s.kind != "el")
        return (o, True) if whole else (None, False)

    def component(self, s: Spec, text: str, n: int) -> tuple[Any, bool]:
        value: Any = text
        if s.type in SCALARS:
            read, _, code, name = SCALARS[s.type]
            try:
                value = read(text)
            except ValueError:
                self.say(code, n, text, f"{_words(s)} is not {name}", "error", component=s.pos)
                return None, False
        if s.most and len(text) > s.most:
            self.say(
                "IK403:5",
                n,
                text,
                f"{_words(s)} has more than {s.most} characters",
                self.soft,
                component=s.pos,
            )
        if s.codes and text not in s.codes:
            why = f"{_words(s)} has a value that is not in its list"
            self.say("IK403:7", n, text, why, self.soft, snip=2, component=s.pos)
        return value, True

    def run(self, s: Spec, e: list[str]) -> tuple[list[Any], bool]:
        """A faulty member of a run voids the segment: an adjustment that is left out would be money
        that is lost.
        """
        values, whole, width = [], True, span(s)
        for start in range(s.pos, min(s.pos + s.times * width, len(e)), width):
            texts = e[start : start + width]
            if not any(texts):
                continue
            if not issubclass(s.type, Group):
                value, good = self.element(s, texts[0], start)
                values.append(value)
                whole = whole and good
                continue
            g = object.__new__(s.type)
            for f in s.type.specs:
                n = start + f.pos - 1
                text = texts[f.pos - 1] if f.pos <= len(texts) else ""
                value, good = self.element(f, text, n) if text else (None, f.kind != "el")
                if not text and f.kind == "el":
                    self.say(
                        "IK403:2",
                        n,
                        "",
                        f"{_words(f)} is required with the elements beside it",
                        "error",
                    )
                setattr(g, f.name, value)
                whole = whole and (good or f.kind != "el")
            values.append(g)
        return values, whole

    def codes(self, e: list[str], n: int, component: int, values: frozenset[str]) -> None:
        """The guide's code list at this place, where it is narrower than the segment's."""
        text = e[n] if n < len(e) else ""
        if component:
            parts = text.split(self.delimiters.component)
            text = parts[component - 1] if component <= len(parts) else ""
        if text and text not in values:
            name = next((_words(s) for s in self.cls.specs if s.pos == n), f"element {n}")
            why = f"{name} has a value that is not in this guide's list"
            self.say("IK403:7", n, text, why, self.soft, snip=2, component=component)

    def notes(self, e: list[str]) -> None:
        """Elements that need, or exclude, each other."""
        for kind, numbers in syntax_notes(self.cls):
            given = [n for n in numbers if e[n]]
            first = numbers[0]
            missing = [n for n in numbers if not e[n]]
            if kind == "E":
                if len(given) > 1:
                    why = f"elements {first} and {given[1]} exclude each other"
                    self.say("IK403:10", given[1], e[given[1]], why, self.soft)
                continue
            wrong = {
                "P": given and missing,
                "C": e[first] and missing,
                "L": e[first] and len(given) == 1,
                "R": not given,
            }[kind]
            if wrong:
                n = missing[0]
                why = f"element {n} is required with the elements beside it"
                self.say("IK403:2", n, "", why, self.soft)

    def say(
        self,
        code: str,
        n: int,
        value: str,
        why: str,
        severity: Severity,
        *,
        snip: int = 1,
        component: int = 0,
    ) -> None:
        ref = f"{self.cls.tag}{n:02d}" + (f"-{component}" if component else "")
        self.c.add(
            code,
            self.i,
            loop=self.place.cls.id,
            ref=ref,
            value=value,
            message=why,
            severity=severity,
            snip=snip,
        )


def _words(s: Spec) -> str:
    return s.name.replace("_", " ")


__all__ = ["Explained", "below_least", "missing", "recover", "repeated", "stray", "too_many"]
