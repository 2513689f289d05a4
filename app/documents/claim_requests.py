"""Bodies of requests about claims: a person's reason, and the claims that are named."""

from __future__ import annotations

from uuid import UUID

from pydantic import ConfigDict, ValidationError

from app.documents import fields as f
from app.documents.batch_request import read_batch_request
from app.documents.fields import Document, Maybe
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json


class InsistDocument(Document):
    """Why a person wants what the rules hold back; no patient's data."""

    model_config = ConfigDict(title="Insist")

    reason: Maybe[f.Text256] = None


def read_insist(raw: bytes) -> tuple[str | None, list[Problem]]:
    """The reason, if there is one, and what is wrong with the body."""
    if not raw.strip():
        return None, []
    value, problems = read_json(raw)
    if problems:
        return None, problems
    try:
        return InsistDocument.model_validate(value).reason, []
    except ValidationError as refused:
        return None, shape_problems(refused)


def read_claim_ids(raw: bytes) -> tuple[list[UUID], list[Problem]]:
    """The claims that are named, each once; at least one."""
    ids, problems = read_batch_request(raw)
    if ids is None and not problems:
        problems = [Problem("/claimIds", "missing", "Name the claims: a list of ids (clm_...).")]
    return ids or [], problems
