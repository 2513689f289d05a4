"""The classes a guide is made of: Segment, Composite, Group and Loop.

    class AMT(Segment):
        qualifier: str = el(1)
        amount: Decimal = el(2)

    class ServicePayment(Loop, id="2110"):
        svc: SVC = one()
        amounts: list[AMT] = many(most=9)

`el`, `one` are required; `opt`, `run`, `maybe` and `many` have a default. Type checkers see that
too: only the first two are listed as field specifiers, so they take the right-hand side of the
others for a default value.
"""

from __future__ import annotations

import sys
import typing
from typing import TYPE_CHECKING, Any, ClassVar, Literal, dataclass_transform

from edi.delimiters import STANDARD, Delimiters
from edi.model.spec import Spec, el, one

Streamed = Literal["", "whole", "head"]


class Node:
    """What every declared class shares. Objects are slotted, not frozen, and equal by content."""

    __slots__ = ()
    specs: ClassVar[tuple[Spec, ...]] = ()

    def __repr__(self) -> str:
        shown = (
            f"{s.name}={v!r}" for s in self.specs if (v := getattr(self, s.name)) not in (None, [])
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, s.name) == getattr(other, s.name) for s in self.specs)

    __hash__ = None  # type: ignore[assignment]


@dataclass_transform(kw_only_default=True, field_specifiers=(el, one))
class Declared(type):
    """Turns annotations and specs into slots and an `__init__`; readers and writers are generated
    when first used.
    """

    specs: tuple[Spec, ...]

    def __new__(mcls, name: str, bases: tuple[type, ...], ns: dict[str, Any], **kw: Any) -> Any:
        own = {k: ns.pop(k) for k in list(ns) if isinstance(ns[k], Spec)}
        slots = tuple(own) + tuple(ns.pop("extra_slots", ()))
        cls: Any = super().__new__(mcls, name, bases, ns | {"__slots__": slots}, **kw)
        inherited = {s.name: s for b in reversed(cls.__mro__[1:]) for s in getattr(b, "specs", ())}
        if own or inherited:
            types = _types(cls, own, ns.get("__annotations__", {}))
            named = {}
            for k, s in own.items():
                if s.name:  # a constant that is used twice
                    s = s.replaced()
                s.name, s.type = k, types[k]
                named[k] = s
            cls.specs = tuple((inherited | named).values())
            cls.__init__ = _init_when_called
            cls._declared()
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], ns: dict[str, Any], **kw: Any) -> None:
        super().__init__(name, bases, ns)


class Elements(Node, metaclass=Declared):
    """Anything laid out by element position."""

    __slots__ = ()
    width: ClassVar[int]
    dated: ClassVar[tuple[int, int] | None] = None  # where a date's format and the date stand

    @classmethod
    def _declared(cls) -> None:
        cls.width = max(s.pos - 1 + s.times * span(s) for s in cls.specs)


class Group(Elements):
    """Elements that repeat together inside a segment, such as CAS02 to CAS04."""

    __slots__ = ()


class Composite(Elements):
    """An element made of components."""

    __slots__ = ()


class Segment(Elements):
    """A line of the file; the class name is the segment identifier."""

    __slots__ = ()
    tag: ClassVar[str]
    notes: ClassVar[str] = ""  # X12 syntax notes such as "P0304 C0809": P both or none, C, E, L, R

    @classmethod
    def _declared(cls) -> None:
        super()._declared()
        cls.tag = cls.__name__

    def faults(self) -> list[tuple[int, str, str]]:
        """What a single element cannot say: (element, IK403 code, message). Overridden where
        `checked` is true. With `dated`, of the segment or of a composite in it: nothing is wrong
        where each date is a day (D8).
        """
        return []

    checked: ClassVar[bool] = False

    @classmethod
    def parse(cls, elements: list[str], delimiters: Delimiters = STANDARD) -> typing.Self:
        """The object of a segment split into elements, identifier first; ValueError if an element
        is not right.
        """
        from edi.model.elements import parser

        table = parser(cls, delimiters=delimiters)
        if len(elements) >= len(table):
            raise ValueError("too many elements")
        text = delimiters.element.join(elements)
        text.encode("latin-1")  # a file holds nothing else; digits of other scripts are no digits
        parsed: typing.Self = table[len(elements)](elements, text)
        return parsed

    def format(self, delimiters: Delimiters = STANDARD) -> str:
        """The text without its terminator; EdiError if a value cannot be written."""
        from edi.model.writing import formatter

        text: str = formatter(type(self), delimiters=delimiters)(self)
        return text


class Loop(Node, metaclass=Declared):
    """Segments and loops that belong together; the first attribute opens it.

    `at` is the file-wide number of its first segment, 0 when built by hand; it is no part of
    equality.
    """

    __slots__ = ()
    extra_slots = ("at",)
    id: ClassVar[str] = ""
    unit: ClassVar[Streamed] = ""
    tolerant: ClassVar[bool] = False
    if TYPE_CHECKING:
        at: int = 0

    def __init_subclass__(cls, id: str = "", unit: Streamed = "", tolerant: bool = False) -> None:
        """`unit`: readers hand this loop to the caller one at a time, "whole" or (its children
        follow) "head" only.
        """
        cls.id = id or cls.id
        cls.unit = unit
        cls.tolerant = tolerant or cls.tolerant

    @classmethod
    def _declared(cls) -> None:
        """Nothing is worked out before a place in a guide is known."""


def span(s: Spec) -> int:
    """How many positions one occurrence takes."""
    return s.type.width if issubclass(s.type, Group) else 1


def opener(s: Spec) -> Spec:
    """The segment that tells this child of a loop apart: itself, or the head of its loop."""
    if not issubclass(s.type, Loop):
        return s
    head = opener(s.type.specs[0])
    return head.replaced(qualifiers=s.qualifiers, at=s.at) if s.qualifiers else head


def openers(s: Spec) -> list[Spec]:
    """As `opener`; more of them when the head of a loop may itself be absent (835 without LX)."""
    found = [opener(s)]
    if issubclass(s.type, Loop) and s.type.specs[0].kind == "maybe":
        for child in s.type.specs[1:]:
            found.append(opener(child))
            if issubclass(child.type, Loop):
                break
    return found


def streams(cls: type[Loop]) -> bool:
    """Whether a loop that is streamed lies in this one."""
    return any(issubclass(s.type, Loop) and (s.type.unit or streams(s.type)) for s in cls.specs)


def _bare(hint: Any) -> Any:
    """`X` out of `X | None` and `list[X]`."""
    return next((arg for arg in typing.get_args(hint) if arg is not type(None)), hint)


def _types(cls: type, own: dict[str, Spec], annotations: dict[str, Any]) -> dict[str, Any]:
    """The class each attribute is declared with. A name of the module is found without evaluating
    the annotation, which would take most of the time of `import edi`.
    """
    names = vars(sys.modules[cls.__module__])
    types = {}
    for attribute in own:
        text = annotations.get(attribute)
        if isinstance(text, str):
            name = text.removesuffix(" | None").removeprefix("list[").removesuffix("]")
            types[attribute] = names.get(name, _BUILT_IN.get(name))
    if None in types.values() or len(types) < len(own):
        hints = typing.get_type_hints(cls)
        types = {attribute: _bare(hints[attribute]) for attribute in own}
    return types


_BUILT_IN = {"str": str, "int": int}


def _init_when_called(self: Any, **values: Any) -> None:
    """Stands for the `__init__` of each class until it is first called: most never are."""
    for cls in type(self).__mro__:
        if cls.__dict__.get("__init__") is _init_when_called:
            made = _init(cls)
            type.__setattr__(cls, "__init__", made)
            made(self, **values)
            return
    self.__init__(**values)  # another thread was faster


def _init(cls: Any) -> Any:
    params, lines, scope = [], [], {}
    for s in cls.specs:
        value = s.name
        if s.repeats:
            value = f"[] if {s.name} is None else {s.name}"
        elif s.factory:
            scope[f"make_{s.name}"] = s.factory
            value = f"make_{s.name}() if {s.name} is None else {s.name}"
        params.append(s.name if s.required and not s.factory else f"{s.name}=None")
        lines.append(f"    self.{s.name} = {value}")
    if issubclass(cls, Loop):
        lines.append("    self.at = 0")
    text = "\n".join([f"def __init__(self, *, {', '.join(params)}):", *lines])
    exec(compile(text, f"<{cls.__module__}.{cls.__qualname__}.__init__>", "exec"), scope)
    return scope["__init__"]
