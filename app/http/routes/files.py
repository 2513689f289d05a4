"""Inbound files: bytes in, what became of them, and the same bytes out."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.documents.answers import Page
from app.documents.inbound import FileDocument, FileSummaryDocument
from app.domain.identity import Prefix
from app.flows.ports import FileState, StoredFile, UnitOfWork
from app.flows.receive import receive_file
from app.flows.refusals import errors_csv
from app.http.answers import X12, file_answer, file_summary
from app.http.callers import Reader, Writer, actor
from app.http.guarded import GuardedRoute
from app.http.openapi import FILE_BODY
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
from app.http.problems import ApiProblem, Kind
from app.http.requests import Handed, RawBody, file_name, missing, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/files", tags=["files"])


@router.post("", status_code=202, openapi_extra=FILE_BODY)
def post_file(
    raw: RawBody, request: Request, response: Response, caller: Writer, needs: Handed
) -> FileDocument:
    """Keep the bytes and work on them; the same bytes again are kept as a duplicate."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise ApiProblem(
            Kind.UNSUPPORTED_MEDIA,
            "Send the file's bytes as the body itself (curl --data-binary @FILE), not as a form.",
        )
    if not raw:
        raise ApiProblem(Kind.INVALID_REQUEST, "The body is empty; send the file's bytes.")
    file = receive_file(
        needs.units,
        needs.raw,
        tenant_id=caller.tenant.id,
        name=file_name(request, "upload"),
        data=raw,
        actor=actor(caller),
    )
    answer = file_answer(file)
    response.headers["Location"] = f"/v1/files/{answer.id}"
    return answer


@router.get("")
def list_files(
    caller: Reader,
    needs: Handed,
    state: FileState | None = None,
    kind: str | None = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[FileSummaryDocument]:
    """Inbound files in the order in which they came, by state and kind where these are given."""
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.files.page(limit=size + 1, after=after, state=state, kind=kind)
    shown, last = page(rows, size)
    return Page(
        items=[file_summary(file) for file in shown],
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/{file_id}")
def get_file(file_id: str, caller: Reader, needs: Handed) -> FileDocument:
    """What became of the file."""
    key = row_id(Prefix.FILE, file_id)
    with unit(needs, caller) as uow:
        return file_answer(_file(uow, key), uow.answers.of_file(key))


@router.get(
    "/{file_id}/answers/{answer_id}",
    response_class=Response,
    responses={200: {"content": {X12: {}}}},
)
def get_answer(file_id: str, answer_id: str, caller: Reader, needs: Handed) -> Response:
    """The very bytes that were sent back."""
    key, name = row_id(Prefix.FILE, file_id), row_id(Prefix.ANSWER, answer_id)
    with unit(needs, caller) as uow:
        answer = next((one for one in uow.answers.of_file(key) if one.id == name), None)
    if answer is None or answer.sha256 is None:
        raise missing(Prefix.ANSWER)
    return Response(needs.raw.get(caller.tenant.id, answer.sha256), media_type=X12)


@router.get(
    "/{file_id}/content",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def get_content(file_id: str, caller: Reader, needs: Handed) -> Response:
    """The very bytes that came."""
    key = row_id(Prefix.FILE, file_id)
    with unit(needs, caller) as uow:
        file = _file(uow, key)
    return Response(
        needs.raw.get(caller.tenant.id, file.sha256), media_type="application/octet-stream"
    )


@router.get(
    "/{file_id}/errors",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
def get_errors(file_id: str, caller: Reader, needs: Handed) -> Response:
    """What is wrong with it as a table: the refused rows of an encounter CSV with a column
    `error`, to be mended and sent again; of other files a row an issue."""
    key = row_id(Prefix.FILE, file_id)
    with unit(needs, caller) as uow:
        file = _file(uow, key)
    table = errors_csv(file, needs.raw.get(caller.tenant.id, file.sha256))
    return Response(table, media_type="text/csv")


def _file(uow: UnitOfWork, key: UUID) -> StoredFile:
    file = uow.files.get(key)
    if file is None:
        raise missing(Prefix.FILE)
    return file
