"""Each document that mirrors a domain value has members of that value, and can make one of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields

import pytest

import app.documents.encounter  # noqa: F401 - declares the documents
from app.documents.mirror import Mirror


def mirrors(cls: type[Mirror] = Mirror) -> Iterator[type[Mirror]]:
    for sub in cls.__subclasses__():
        if "domain_type" in vars(sub):
            yield sub
        yield from mirrors(sub)


@pytest.mark.parametrize("mirror", sorted(set(mirrors()), key=lambda m: m.__name__))
def test_members_are_those_of_the_domain_value(mirror: type[Mirror]) -> None:
    domain = {f.name: f for f in fields(mirror.domain_type)}
    assert set(mirror.model_fields) <= set(domain)
    required = {
        name for name, f in domain.items() if f.default is MISSING and f.default_factory is MISSING
    }
    assert required <= set(mirror.model_fields), "the domain value could not be made"
