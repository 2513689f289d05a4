"""Records hold what they are given, are equal by content, and cannot be had half."""

from __future__ import annotations

import pickle
from copy import deepcopy

import pytest

from edi.record import Record, field


class Fault(Record):
    code: str
    count: int = 1
    found: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        return f"{self.code} x{self.count}"


class Mark(Record, frozen=True):
    element: str = "*"
    component: str = ":"


class Named(Record, kw_only=True):
    name: str
    at: int = 0


class Alone(Record, eq=False):
    name: str


def test_values_stand_under_their_names() -> None:
    fault = Fault("IK304:3", found=["NM1"])
    assert (fault.code, fault.count, fault.found, fault.told) == (
        "IK304:3", 1, ["NM1"], "IK304:3 x1",
    )  # fmt: skip
    assert repr(fault) == "Fault(code='IK304:3', count=1, found=['NM1'])"
    match fault:
        case Fault(code, 1):
            assert code == "IK304:3"
        case _:
            pytest.fail("a record is matched by the order of its names")


def test_each_has_a_list_of_its_own() -> None:
    one, other = Fault("A"), Fault("A")
    assert one == other
    one.found.append("NM1")
    assert other.found == []
    assert one != other
    assert one != "A"


def test_what_is_missing_or_unknown_is_refused() -> None:
    with pytest.raises(TypeError):
        Fault()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Fault("A", colour="red")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Named("A")  # type: ignore[misc]
    with pytest.raises(TypeError):
        Fault("A").replaced(colour="red")
    with pytest.raises(AttributeError):
        Fault("A").colour = "red"  # type: ignore[attr-defined]
    assert Named(name="A").at == 0


def test_a_copy_with_other_values_leaves_the_first_alone() -> None:
    fault = Fault("A", 2)
    assert fault.replaced(count=3) == Fault("A", 3)
    assert fault == Fault("A", 2)


def test_a_frozen_one_is_a_key_and_does_not_change() -> None:
    assert {Mark(): 1}[Mark("*", ":")] == 1
    mark = Mark("|")
    with pytest.raises(AttributeError):
        mark.element = "*"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del mark.element
    with pytest.raises(TypeError):
        hash(Fault("A"))
    assert mark.replaced(component=">") == Mark("|", ">")


def test_one_that_is_equal_to_itself_only() -> None:
    one, other = Alone("A"), Alone("A")
    assert one == one
    assert one != other
    assert len({one, other}) == 2


def test_records_are_copied_and_pickled_whole() -> None:
    for record in (Fault("A", 2, ["B"]), Mark("|")):
        assert deepcopy(record) == record
        assert pickle.loads(pickle.dumps(record)) == record
