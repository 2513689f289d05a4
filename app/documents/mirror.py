"""JSON objects that mirror a domain value member by member, so that neither direction is written
out by hand.

    class Drug(Mirror, of=procedure.Drug):
        ndc: f.Ndc
        quantity: f.Quantity
        unit: f.DrugUnit

An absent member takes the domain's default, and a value at the domain's default is absent where the
document lets it be: a member that is new in the schema so leaves the text, and the content hash, of
every encounter that does not use it as they were. A test holds the names of both sides together.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, get_args

from app.documents.fields import Document
from app.domain.unsaid import unsaid


class Mirror(Document):
    """A document with the members of one domain dataclass. Where the two differ, override."""

    domain_type: ClassVar[Any]

    def __init_subclass__(cls, *, of: Any = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if of is not None:
            cls.domain_type = of

    def to_domain(self) -> Any:
        """The domain value."""
        return self.domain_type(**self.domain_members())

    def domain_members(self) -> dict[str, Any]:
        """The arguments of the domain value."""
        return {
            name: _to_domain(value)
            for name in type(self).model_fields
            if (value := getattr(self, name)) is not None or name not in unsaid(self.domain_type)
        }

    @classmethod
    def of(cls, value: Any) -> Self:
        """The document of a domain value."""
        return cls.model_construct(**cls.document_members(value))

    @classmethod
    def document_members(cls, value: Any) -> dict[str, Any]:
        """The members of the document, by attribute name."""
        defaults = unsaid(cls.domain_type)
        members: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            member = getattr(value, name)
            if field.default is None and name in defaults and member == defaults[name]:
                members[name] = None
            else:
                members[name] = _to_document(member, _mirror_in(field.annotation))
        return members


def _to_domain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_to_domain(item) for item in value)
    to_domain = getattr(value, "to_domain", None)
    return value if to_domain is None else to_domain()


def _to_document(value: Any, mirror: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, tuple):
        return [_to_document(item, mirror) for item in value]
    return value if mirror is None else mirror.of(value)


def _mirror_in(annotation: Any) -> Any:
    """The document class that an annotation such as `list[Drug] | None` speaks of."""
    if hasattr(annotation, "to_domain"):
        return annotation
    return next((m for part in get_args(annotation) if (m := _mirror_in(part))), None)
