"""One segment whose fast reading failed, read again element by element so that all its faults are
said and whatever can be kept is kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from edi.delimiters import Delimiters
from edi.issues import Severity
from edi.model.cursor import Cursor
from edi.model.element_source import part_of, rules, syntax_notes, unused_in
from edi.model.elements import BAD, parser, qualifier_text
from edi.model.node import Composite, Group, span
from edi.model.place import Place
from edi.model.spec import ANYHOW, Spec, Use
from edi.model.values import SCALARS


class Explained:
    """One segment looked at slowly: element by element, with an issue for each fault."""

    def __init__(self, place: Place, spec: Spec, c: Cursor, i: int) -> None:
        self.place, self.spec, self.c, self.i = place, spec, c, i
        self.cls = spec.type
        self.delimiters: Delimiters = place.delimiters
        self.soft: Severity = "warning" if place.cls.tolerant else "error"
        self.use = spec.use

    def segment(self, e: list[str]) -> Any:
        """The object with what is right in it; None if something it needs is wrong."""
        cls, use = self.cls, self._use(e)
        o = object.__new__(cls)
        whole = True
        unused = unused_in(cls, use)
        e = e + [""] * (cls.width + 1 - len(e))
        taken = {p for s in cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
        if not any(e[1:]):
            self.say("IK304:8", 0, "", f"{cls.tag} has no elements", self.soft)
        for n in range(1, len(e)):
            if not e[n]:
                continue
            if n > cls.width:
                self.say("IK403:3", n, e[n], f"{cls.tag} has no element {n} here", self.soft)
            elif n not in taken or n in unused:
                self.say("IK403:I10", n, e[n], f"{cls.tag}{n:02d} is not used here", self.soft)
        for s in cls.specs:
            if s.kind == "run":
                values, good = self.run(s, e)
                whole = whole and good
                setattr(o, s.name, values)
                if s.pos in use.required and not e[s.pos]:
                    why = f"{_words(s)} is required here"
                    self.say("IK403:1", s.pos, "", why, self.soft, snip=2)
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
        places = [(n, component) for n, component, _ in use.codes]
        for n, component, allowed in use.codes:
            for m in rules(cls, places, n, component):
                self.codes(e, m, component, allowed)
        self.parts(e)
        self.notes(e)
        if whole and cls.checked:
            for n, code, why in o.faults():
                self.say(code, n, e[n] if n < len(e) else "", why, "error")
        return o if whole else None

    def _use(self, e: list[str]) -> Use:
        """What the guide says of this use; a qualifier that stands for none is an issue."""
        spec = self.spec
        if spec.kinds:
            text = qualifier_text(self.cls, spec.at, self.delimiters)(e)
            kind = spec.kind_of(text)
            self.use = kind.use if kind else ANYHOW
            if kind is None and text:
                whole = part_of(self.cls, spec.at)
                name = whole.type.specs[0] if issubclass(whole.type, Composite) else whole
                why = f"{_words(name)} has a value that is not in this guide's list"
                part = int(name is not whole)
                self.say("IK403:7", spec.at, text, why, self.soft, snip=2, component=part)
        return self.use

    def parts(self, e: list[str]) -> None:
        """Components the guide requires, or does not use, where the segment leaves it open."""
        use = self.use
        for places, missed in ((use.required_parts, True), (use.unused_parts, False)):
            for n, component in places:
                for m in rules(self.cls, list(places), n, component):
                    text = e[m] if m < len(e) else ""
                    given = text.split(self.delimiters.component)
                    part = given[component - 1] if component <= len(given) else ""
                    if missed and text and not part:
                        why = f"component {component} of element {m} is required here"
                        self.say("IK403:1", m, "", why, self.soft, snip=2, component=component)
                    elif not missed and part:
                        why = f"component {component} of element {m} is not used here"
                        self.say("IK403:I10", m, part, why, self.soft, component=component)

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
            self.spelling(s, text, n)
            digits = text.lstrip("-").replace(".", "") if s.type is Decimal else text
        else:
            value, digits = text, text
            if self.delimiters.component in text:
                why = f"{_words(s)} has no components, and a component separator stands in it"
                self.say("IK403:6", n, text, why, self.soft)
        longest = dict(self.use.longest).get(n, s.most)
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
            and not any(n == a and not b for a, b, _ in self.use.codes)
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

    def spelling(self, s: Spec, text: str, n: int, *, component: int = 0) -> None:
        """The number is plain, and its spelling is not that of X12 (837.md 1.3). Zeros that say
        nothing are so common that nothing is said of them.
        """
        if s.type is Decimal and text[-1] == ".":
            why = f"{_words(s)} ends in a decimal point"
            self.say("IK403:6", n, text, why, self.soft, component=component)

    def composite(self, cls: Any, text: str, n: int) -> tuple[Any, bool]:
        try:
            x = text.split(self.delimiters.component)
            return parser(cls, delimiters=self.delimiters)[len(x)](x, text), True
        except BAD:
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
            self.spelling(s, text, n, component=s.pos)
        if s.most and len(text) > s.most:
            self.say(
                "IK403:5",
                n,
                text,
                f"{_words(s)} has more than {s.most} characters",
                self.soft,
                component=s.pos,
            )
        if len(text) < s.shortest:
            why = f"{_words(s)} has fewer than {s.shortest} characters"
            self.say("IK403:4", n, text, why, self.soft, component=s.pos)
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
            name = next(
                (_words(s) for s in self.cls.specs if s.pos <= n < s.pos + s.times), f"element {n}"
            )
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
        ref = f"{self.cls.tag}{n:02d}" if n else self.cls.tag
        ref += f"-{component}" if component else ""
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
