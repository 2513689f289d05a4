"""Code lists of 835s: what a practice has loaded beside the codes that we know."""

from __future__ import annotations

from fastapi import APIRouter

from app.documents.answers import Items
from app.documents.codes import DatedCodeAnswer, read_codes
from app.domain.payment_codes import CodeList
from app.flows.codes import load_codes
from app.http.callers import Admin, Reader
from app.http.guarded import GuardedRoute
from app.http.openapi import CODES_BODY
from app.http.problems import refused
from app.http.requests import Handed, RawBody, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/code-lists", tags=["money"])


@router.get("/{list}")
def get_codes(list: CodeList, caller: Reader, needs: Handed) -> Items[DatedCodeAnswer]:
    """The codes that were loaded, as they were given; those that we ship are not among them."""
    with unit(needs, caller) as uow:
        return Items(items=[DatedCodeAnswer.of(told) for told in uow.codes.loaded(list)])


@router.put("/{list}", openapi_extra=CODES_BODY)
def put_codes(list: CodeList, raw: RawBody, caller: Admin, needs: Handed) -> Items[DatedCodeAnswer]:
    """Replace them. What is on worklist codes.unknown and known now leaves it."""
    codes, problems = read_codes(raw)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        load_codes(uow, list, codes)
        return Items(items=[DatedCodeAnswer.of(told) for told in uow.codes.loaded(list)])
