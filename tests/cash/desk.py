"""What a poster does in the stories: sends files and deposits, looks at lists, asks `verify`."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.flows.verify import verify
from app.store.crypto import Cipher
from app.store.records import DatabaseRecords
from tests.http.loop import Practice

SAMPLE = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "encounters" / "office-visit.json").read_text()
)


class Desk(Practice):
    """A practice with the short cuts of the stories about money."""

    def claim(self, number: int = 1, **changes: Any) -> dict[str, Any]:
        """A claim over 150.00 and 75.50 that was sent."""
        body = SAMPLE | {"externalId": f"ENC-{number}"} | changes
        encounter = self.ask("POST", "/v1/encounters", json=body).json()
        answer = self.ask("POST", f"/v1/encounters/{encounter['id']}/claims").json()
        claim: dict[str, Any] = answer["items"][0]
        self.ask("POST", "/v1/batches")
        self.work()
        return claim

    def send(self, content: bytes, *, key: str = "ACME") -> dict[str, Any]:
        """A file through the door, and what became of it."""
        taken = self.ask("POST", "/v1/files", content=content, key=key)
        assert taken.status_code == 202, taken.text
        self.work()
        file: dict[str, Any] = self.get(f"/v1/files/{taken.json()['id']}", key=key)
        return file

    def post(self, path: str, body: dict[str, Any], *, status: int = 201, **more: Any) -> Any:
        response = self.ask("POST", path, json=body, **more)
        assert response.status_code == status, response.text
        return response.json()

    def items(self, path: str) -> list[dict[str, Any]]:
        """All of a list, page by page."""
        found: list[dict[str, Any]] = []
        token = ""
        while True:
            sign = "&" if "?" in path else "?"
            page = self.get(f"{path}{sign}pageSize=2&pageToken={token}")
            found += page["items"]
            token = page.get("nextPageToken")
            if not token:
                return found

    def accounts(self) -> dict[str, str]:
        """The accounts that are not at zero; the books tie out."""
        balance = self.get("/v1/ledger/trial-balance")
        assert balance["sum"] == "0.00"
        self.verified()
        return {name: amount for name, amount in balance["accounts"].items() if amount != "0.00"}

    def verified(self) -> None:
        """`claimloop verify` finds nothing."""
        records = DatabaseRecords(self.engine, cipher=Cipher())
        found = [d for t in self.tenants.values() for d in verify(records, self.raw, t)]
        assert found == []

    def view(self, name: str) -> list[dict[str, Any]]:
        """The rows of a worklist as the database itself shows them."""
        with self.engine.connect() as connection:
            rows = connection.execute(text(f"SELECT * FROM {name}"))  # noqa: S608 - a view of ours
            return [dict(row._mapping) for row in rows]


def pdf_words(content: bytes) -> str:
    """What the pages of a PDF of ours show: their streams are base 85 over deflate."""
    assert content.startswith(b"%PDF-")
    words: list[bytes] = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        page = zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True))
        words += re.findall(rb"\((.*?)\) Tj", page)
    return b" ".join(words).decode("latin-1")
