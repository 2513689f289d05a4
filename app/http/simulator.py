"""The simulated clearinghouse over HTTP: takes raw X12, and holds its answers to be fetched.

In the shape that app/transport/https.py speaks, and as its other side: a key is taken once, the
same key with other content is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Header, HTTPException, Response

from app.simulator.folder import FolderPayer

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")
_KEY = re.compile(r"[0-9a-f]{64}")


def create_simulator(folder: Path, *, token: str) -> FastAPI:
    """The clearinghouse whose files lie in `folder`; only who has the token is spoken to."""
    claims, answers = folder / "claims", folder / "answers"
    keys = folder / "keys"
    for made in (claims, answers, keys):
        made.mkdir(parents=True, exist_ok=True)
    payer = FolderPayer(claims=claims, answers=answers, memory=folder / "memory")
    turn = threading.Lock()

    def guarded(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401)

    app = FastAPI(
        title="Claimloop simulator", docs_url=None, redoc_url=None, dependencies=[Depends(guarded)]
    )

    @app.post("/submissions", status_code=201)
    def submit(
        submission: Annotated[dict[str, Any], Body()],
        idempotency_key: Annotated[str, Header()],
    ) -> dict[str, str]:
        name, x12 = submission.get("fileName"), submission.get("x12")
        if not isinstance(name, str) or not _NAME.fullmatch(name) or not isinstance(x12, str):
            raise HTTPException(422)
        data = x12.encode("latin-1", "replace")
        if not _KEY.fullmatch(idempotency_key):
            raise HTTPException(422)
        with turn:
            kept = keys / idempotency_key
            content = hashlib.sha256(data).hexdigest()
            if kept.exists() and kept.read_text() != content:
                raise HTTPException(409)
            if not kept.exists():
                (claims / name).write_bytes(data)
                kept.write_text(content)
                payer.answer_new()
        return {"id": idempotency_key, "status": "RECEIVED"}

    @app.get("/submissions/{key}")
    def submission(key: str) -> dict[str, str]:
        if not _KEY.fullmatch(key) or not (keys / key).exists():
            raise HTTPException(404)
        return {"id": key, "status": "RECEIVED"}

    @app.get("/files")
    def files(pageToken: str = "", pageSize: int = 100) -> dict[str, Any]:
        found = sorted(p for p in answers.iterdir() if p.suffix != ".part" and p.name > pageToken)
        shown = found[:pageSize]
        return {
            "items": [{"id": p.name, "name": p.name, "size": p.stat().st_size} for p in shown],
            "nextPageToken": shown[-1].name if len(found) > len(shown) else None,
        }

    @app.get("/files/{name}")
    def content(name: str) -> Response:
        path = answers / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise HTTPException(404)
        return Response(path.read_bytes(), media_type="application/edi-x12")

    return app
