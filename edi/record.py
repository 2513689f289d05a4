"""Classes of named values, as `dataclasses` makes them, for a library that is imported often and
read from a moment later: `dataclasses` needs inspect, ast and tokenize, and compiles five functions
for each class, together half of the time of `import edi`. Here an `__init__` is compiled when the
first object is made, and nothing else is.

    class Issue(Record):
        code: str
        count: int = 1
        found: list[str] = field(default_factory=list)

Objects are slotted and equal by content. `frozen=True`: they are hashed by it too, and cannot be
changed. `eq=False`: each is equal to itself only. Records are not made from one another.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, dataclass_transform

T = TypeVar("T")


def field(*, default_factory: Callable[[], T]) -> T:
    """A value that is made anew for each object that is not given one."""
    return _Factory(default_factory)  # type: ignore[return-value]


class _Factory:
    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


@dataclass_transform(field_specifiers=(field,))
class Recorded(type):
    """Turns annotations into slots."""

    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        ns: dict[str, Any],
        *,
        frozen: bool = False,
        kw_only: bool = False,
        eq: bool = True,
    ) -> Any:
        hints = ns.get("__annotations__", {})
        names = tuple(n for n in hints if not hints[n].startswith("ClassVar"))
        if not names:
            return super().__new__(mcls, name, bases, ns | {"__slots__": ()})
        defaults = {n: ns.pop(n) for n in names if n in ns}
        made: dict[str, Any] = {
            "__slots__": names,
            "names": names,
            "__match_args__": () if kw_only else names,
        }
        made |= {"_defaults": defaults, "_kw_only": kw_only, "_frozen": frozen}
        made["_values"] = attrgetter(*names)
        if not eq:
            made |= {"__eq__": object.__eq__, "__hash__": object.__hash__}
        elif frozen:
            made["__hash__"] = _hash
        if frozen:
            made |= {"__setattr__": _refuse, "__delattr__": _refuse}
        return super().__new__(mcls, name, bases, {"__init__": _init_when_called} | ns | made)

    def __init__(cls, name: str, bases: tuple[type, ...], ns: dict[str, Any], **kw: Any) -> None:
        super().__init__(name, bases, ns)


class Record(metaclass=Recorded):
    """What every such class shares."""

    names: ClassVar[tuple[str, ...]]
    _defaults: ClassVar[dict[str, Any]]
    _kw_only: ClassVar[bool]
    _frozen: ClassVar[bool]
    _values: ClassVar[attrgetter[Any]]

    def replaced(self, **changes: Any) -> Self:
        """A copy with other values."""
        values = [changes.pop(n, getattr(self, n)) for n in self.names]
        copy: Self = _made(type(self), values, changes)
        return copy

    def __repr__(self) -> str:
        shown = ", ".join(f"{n}={getattr(self, n)!r}" for n in self.names)
        return f"{type(self).__name__}({shown})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        values = type(self)._values
        return bool(values(self) == values(other))

    if not TYPE_CHECKING:  # only some are hashed
        __hash__ = None

    def __reduce__(self) -> Any:
        return _made, (type(self), [getattr(self, n) for n in self.names])


def _made(cls: Any, values: list[Any], unknown: dict[str, Any] | None = None) -> Any:
    if unknown:
        raise TypeError(f"{cls.__name__} has no {', '.join(unknown)}")
    record = object.__new__(cls)
    for name, value in zip(cls.names, values, strict=True):
        object.__setattr__(record, name, value)
    return record


def _hash(self: Any) -> int:
    return hash(type(self)._values(self))


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"{type(self).__name__} is not changed: {name}")


def _init_when_called(self: Any, *given: Any, **named: Any) -> None:
    """Stands for the `__init__` of each class until it is first called."""
    cls = type(self)
    if cls.__init__ is _init_when_called:
        type.__setattr__(cls, "__init__", _init(cls))
    cls.__init__(self, *given, **named)


def _init(cls: Any) -> Any:
    scope: dict[str, Any] = {"put": object.__setattr__}
    params, lines = ["self", *["*"][: cls._kw_only]], []
    for name in cls.names:
        value = name
        if name not in cls._defaults:
            params.append(name)
        else:
            default = scope[f"d_{name}"] = cls._defaults[name]
            params.append(f"{name}=d_{name}")
            if isinstance(default, _Factory):
                scope[f"m_{name}"] = default.make
                value = f"m_{name}() if {name} is d_{name} else {name}"
        lines.append(
            f"    put(self, {name!r}, {value})" if cls._frozen else f"    self.{name} = {value}"
        )
    text = "\n".join([f"def __init__({', '.join(params)}):", *lines])
    exec(compile(text, f"<{cls.__module__}.{cls.__qualname__}.__init__>", "exec"), scope)
    return scope["__init__"]
