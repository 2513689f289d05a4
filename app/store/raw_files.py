"""Bytes as they came and as they left, in a folder, by tenant and sha256.

Written once: under a name of their own, forced to disk, then renamed, so that a file that is there
is whole. With a key the content is sealed and the name stays the hash of what was sealed.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from app.domain.errors import KeptBytesLost
from app.store.crypto import Cipher, Sealed

_COLUMN = "raw_file"
# Sealed bytes begin with this and the key's id; nothing that arrives plain is mistaken for it,
# because the hash decides: plain bytes match their name.
_MARK = b"claimloop-sealed:"
_HEAD = re.compile(rb"claimloop-sealed:([0-9a-f]{8})\n")


class RawFileMissing(KeptBytesLost):
    """There are no bytes under this hash."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(
            f"no raw file {sha256} is kept for this tenant; is CLAIMLOOP_DATA_DIR right?"
        )


class RawFileDamaged(KeptBytesLost):
    """The bytes no longer match the hash they were kept under."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(f"raw file {sha256} no longer matches its hash; restore it from a backup")


class FolderRawFiles:
    """The `RawFiles` of the flows, below `folder`."""

    def __init__(self, folder: Path, cipher: Cipher) -> None:
        self._folder = folder
        self._cipher = cipher

    def put(self, tenant_id: UUID, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(tenant_id, sha256)
        if not path.exists():
            sealed = self._cipher.seal(data, tenant_id=tenant_id, column=_COLUMN)
            _write(path, _framed(sealed))
        return sha256

    def get(self, tenant_id: UUID, sha256: str) -> bytes:
        """Raises RawFileMissing, RawFileDamaged, and CannotOpen of app/store/crypto.py."""
        try:
            kept = self._path(tenant_id, sha256).read_bytes()
        except FileNotFoundError:
            raise RawFileMissing(sha256) from None
        if hashlib.sha256(kept).hexdigest() == sha256:
            return kept  # kept plain
        head = _HEAD.match(kept)
        if head is None:
            raise RawFileDamaged(sha256)
        sealed = Sealed(kept[head.end() :], head[1].decode())
        data = self._cipher.open(sealed, tenant_id=tenant_id, column=_COLUMN)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise RawFileDamaged(sha256)
        return data

    def open(self, tenant_id: UUID, sha256: str) -> BinaryIO:
        """Plain bytes are read from the disk as they are asked for, after one pass that proves
        them; sealed ones are proven whole before the first is given, and so are held."""
        path = self._path(tenant_id, sha256)
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            raise RawFileMissing(sha256) from None
        if hashlib.file_digest(stream, "sha256").hexdigest() == sha256:
            stream.seek(0)
            return stream
        stream.close()
        return io.BytesIO(self.get(tenant_id, sha256))

    def _path(self, tenant_id: UUID, sha256: str) -> Path:
        if not re.fullmatch("[0-9a-f]{64}", sha256):
            raise ValueError("a raw file is asked for by its sha256 in hexadecimal")
        return self._folder / "raw" / str(tenant_id) / sha256[:2] / sha256


def _framed(sealed: Sealed) -> bytes:
    if sealed.key_id is None:
        return sealed.data
    return _MARK + sealed.key_id.encode() + b"\n" + sealed.data


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid4().hex}.part")
    try:
        with part.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name itself
    finally:
        os.close(folder)
