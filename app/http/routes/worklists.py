"""Worklists: all of them with their counts, and each in its order."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.documents.answers import Items
from app.documents.query import OneDay, Word
from app.documents.worklist import (
    WorklistDocument,
    WorklistItemDocument,
    WorklistPageDocument,
    worklist_members,
)
from app.domain.errors import NotFound
from app.domain.worklists import WORKLISTS
from app.flows.ports import WorklistFilter
from app.http.callers import Reader
from app.http.guarded import GuardedRoute
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_key, page, token_of_key
from app.http.requests import Handed, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/worklists", tags=["work"])


@router.get("")
def list_worklists(caller: Reader, needs: Handed) -> Items[WorklistDocument]:
    """Every list: what it holds, whose it is, and how much is on it."""
    everything = WorklistFilter()
    with unit(needs, caller) as uow:
        return Items(
            items=[
                WorklistDocument.of(worklist, uow.worklists.count(worklist, everything))
                for worklist in WORKLISTS.values()
            ]
        )


@router.get("/{name}")
def get_worklist(
    name: str,
    caller: Reader,
    needs: Handed,
    payer_id: Annotated[Word, Query(alias="payerId")] = None,
    category: Word = None,
    owner: Word = None,
    due_before: Annotated[OneDay, Query(alias="dueBefore")] = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> WorklistPageDocument:
    """One list in its own order."""
    worklist = WORKLISTS.get(name)
    if worklist is None:
        raise NotFound("worklist", "of this name; /v1/worklists lists those there are")
    which = WorklistFilter(payer_id=payer_id, category=category, owner=owner, due_before=due_before)
    size, after = page_size or DEFAULT_SIZE, after_key(page_token)
    with unit(needs, caller) as uow:
        count = uow.worklists.count(worklist, which)
        rows = uow.worklists.page(worklist, which, limit=size + 1, after=after)
    shown, last = page(rows, size)
    return WorklistPageDocument(
        **worklist_members(worklist, count),
        items=[WorklistItemDocument.of(item) for item in shown],
        next_page_token=token_of_key(last.sort_key, last.id) if last else None,
    )
