"""The body of POST /v1/batches: all ready claims, or the claims named."""

from __future__ import annotations

from uuid import UUID

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.identity import Prefix, parse_id


class BatchRequestDocument(Document):
    """No claimIds, or null: all that are ready."""

    model_config = ConfigDict(title="BatchRequest")

    claim_ids: list[f.Text80] | None = Field(default=None, min_length=1, max_length=5000)


def read_batch_request(raw: bytes) -> tuple[list[UUID] | None, list[Problem]]:
    """The claims asked for, each once (None for all that are ready), and what is wrong."""
    if not raw.strip():
        return None, []
    value, problems = read_json(raw)
    if problems:
        return None, problems
    try:
        document = BatchRequestDocument.model_validate(value)
    except ValidationError as refused:
        return None, shape_problems(refused)
    if document.claim_ids is None:
        return None, []
    ids: dict[UUID, None] = {}
    for index, text in enumerate(document.claim_ids):
        found = parse_id(Prefix.CLAIM, text)
        if found is None:
            problems.append(
                Problem(
                    f"/claimIds/{index}", "claim_id", "This is not the id of a claim (clm_...)."
                )
            )
        else:
            ids[found] = None
    return list(ids), problems
