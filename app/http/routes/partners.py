"""Trading partners: their profiles, and changes to them."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Response

from app.documents.answers import Items
from app.documents.partner import PartnerChangeAnswer, PartnerDocument
from app.documents.partner_requests import (
    NewPartnerDocument,
    read_new_partner,
    read_partner_change,
)
from app.domain.identity import Prefix, new_id
from app.domain.partner import PartnerProfile
from app.flows.partners import add_partner, change_partner, route_payers
from app.flows.ports import UnitOfWork
from app.http.callers import Admin, Reader
from app.http.guarded import GuardedRoute
from app.http.openapi import PARTNER_CHANGE_BODY
from app.http.openapi import body_of as described
from app.http.problems import ApiProblem, Kind, refused
from app.http.requests import Handed, RawBody, missing, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/trading-partners", tags=["partners"])

IfMatch = Annotated[str | None, Header(description="The ETag of the profile that is changed.")]


@router.get("")
def list_partners(caller: Reader, needs: Handed) -> Items[PartnerDocument]:
    """All of them, in the order of their names."""
    with unit(needs, caller) as uow:
        return Items(items=[_document(uow, partner) for partner in uow.partners.all()])


@router.post("", status_code=201, openapi_extra=described(NewPartnerDocument))
def post_partner(raw: RawBody, response: Response, caller: Admin, needs: Handed) -> PartnerDocument:
    """A new trading partner; 200 where the same one stands already."""
    new, problems = read_new_partner(raw, id=new_id(needs.clock))
    if new is None:
        raise refused(problems)
    with unit(needs, caller) as uow:
        stands = add_partner(uow, new.profile)
        route_payers(uow, stands, new.payers)
        if stands.id != new.profile.id:
            response.status_code = 200
        return _tagged(_document(uow, stands), response)


@router.get("/{partner_id}/changes")
def list_changes(partner_id: str, caller: Reader, needs: Handed) -> Items[PartnerChangeAnswer]:
    """What was changed, and what is to change on a day to come."""
    key = row_id(Prefix.PARTNER, partner_id)
    with unit(needs, caller) as uow:
        if uow.partners.get(key) is None:
            raise missing(Prefix.PARTNER)
        return Items(items=[PartnerChangeAnswer.of(one) for one in uow.partners.changes(key)])


@router.get("/{partner_id}")
def get_partner(
    partner_id: str, response: Response, caller: Reader, needs: Handed
) -> PartnerDocument:
    """One profile; its ETag is what `If-Match` of a change may name."""
    key = row_id(Prefix.PARTNER, partner_id)
    with unit(needs, caller) as uow:
        partner = uow.partners.get(key)
        if partner is None:
            raise missing(Prefix.PARTNER)
        return _tagged(_document(uow, partner), response)


@router.patch("/{partner_id}", openapi_extra=PARTNER_CHANGE_BODY)
def patch_partner(
    partner_id: str,
    raw: RawBody,
    response: Response,
    caller: Admin,
    needs: Handed,
    if_match: IfMatch = None,
) -> PartnerDocument:
    """Change the members given; what is written or received from now on follows them."""
    key = row_id(Prefix.PARTNER, partner_id)
    change, problems = read_partner_change(raw)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        before = uow.partners.hold(key)
        if before is None:
            raise missing(Prefix.PARTNER)
        if if_match not in (None, "*", _tag(_document(uow, before))):
            raise ApiProblem(
                Kind.PRECONDITION_FAILED,
                "The profile has changed since it was read; read it again. Nothing was changed.",
            )
        after = change_partner(uow, key, change.members, valid_from=change.valid_from)
        route_payers(uow, after, change.payers)
        return _tagged(_document(uow, after), response)


def _document(uow: UnitOfWork, partner: PartnerProfile) -> PartnerDocument:
    return PartnerDocument.of(partner, payers=uow.payers.of_partner(partner.id))


def _tagged(document: PartnerDocument, response: Response) -> PartnerDocument:
    response.headers["ETag"] = _tag(document)
    return document


def _tag(document: PartnerDocument) -> str:
    return f'"{hashlib.sha256(document.model_dump_json().encode()).hexdigest()[:32]}"'
