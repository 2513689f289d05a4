"""Encryption of named fields and raw bytes, and the index that finds an encrypted value.

AES-256-GCM with a key id, so that keys can be changed: the first key of the setting writes, all of
them read. What is sealed is bound to its tenant and column (associated data), so a value moved to
another place does not open. The blind index is an HMAC with a key of its own: equal values of one
tenant and column have equal indexes, and nobody without the key can try values against it. Without
a key, texts are kept as they are and the index is a plain digest that hides nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import KeptBytesLost

_KEY_BYTES = 32
_NONCE_BYTES = 12


class BadEncryptionKey(ValueError):
    """The setting does not hold keys of 32 bytes."""

    def __init__(self) -> None:
        super().__init__(
            "CLAIMLOOP_ENCRYPTION_KEY is not a base64 text of 32 bytes; make one with"
            " `openssl rand -base64 32` (several keys are separated by commas, the newest first)"
        )


class CannotOpen(KeptBytesLost):
    """A sealed value does not open: its key is not configured, or it was changed or moved."""

    def __init__(self, column: str, key_id: str | None, why: str) -> None:
        self.column = column
        self.key_id = key_id
        super().__init__(f"{column} sealed with key {key_id} does not open: {why}")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a column keeps: bytes, and the key that opens them (None: they are plain)."""

    data: bytes
    key_id: str | None


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    seal: AESGCM
    index: bytes


class Cipher:
    """Seals and opens values; made from the setting by `Cipher.from_setting`."""

    def __init__(self, keys: tuple[bytes, ...] = ()) -> None:
        if any(len(key) != _KEY_BYTES for key in keys):
            raise BadEncryptionKey
        self._keys = tuple(_derive(key) for key in keys)

    @classmethod
    def from_setting(cls, setting: str | None) -> Cipher:
        """None or an empty text: nothing is encrypted. Raises BadEncryptionKey."""
        texts = [text.strip() for text in (setting or "").split(",") if text.strip()]
        try:
            return cls(tuple(base64.b64decode(text, validate=True) for text in texts))
        except binascii.Error:
            raise BadEncryptionKey from None

    @property
    def encrypts(self) -> bool:
        return bool(self._keys)

    def seal(self, data: bytes, *, tenant_id: UUID, column: str) -> Sealed:
        """The bytes as they may lie in the database or on disk."""
        if not self._keys:
            return Sealed(data, None)
        key = self._keys[0]
        nonce = os.urandom(_NONCE_BYTES)
        return Sealed(nonce + key.seal.encrypt(nonce, data, _bound(tenant_id, column)), key.id)

    def open(self, sealed: Sealed, *, tenant_id: UUID, column: str) -> bytes:
        """The bytes that were sealed; raises CannotOpen."""
        if sealed.key_id is None:
            return sealed.data
        key = next((key for key in self._keys if key.id == sealed.key_id), None)
        if key is None:
            raise CannotOpen(column, sealed.key_id, "this key is not in CLAIMLOOP_ENCRYPTION_KEY")
        nonce, body = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            return key.seal.decrypt(nonce, body, _bound(tenant_id, column))
        except (InvalidTag, ValueError):
            raise CannotOpen(column, sealed.key_id, "it was changed or moved") from None

    def blind_index(self, value: str, *, tenant_id: UUID, column: str) -> bytes:
        """The index under which a value is written now."""
        return self.blind_indexes(value, tenant_id=tenant_id, column=column)[0]

    def blind_indexes(self, value: str, *, tenant_id: UUID, column: str) -> tuple[bytes, ...]:
        """Every index a value may have been written under: one a key, and that of no key."""
        text = _bound(tenant_id, column) + b":" + _spelling(value).encode("utf-8", "replace")
        secrets = [key.index for key in self._keys] + [b"no key is configured"]
        return tuple(hmac.digest(secret, text, "sha256") for secret in secrets)


def _derive(key: bytes) -> _Key:
    """One configured key gives two, because a key has one purpose, and a name that hides it."""

    def expand(purpose: bytes) -> bytes:
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"claimloop:" + purpose).derive(key)

    name = hashlib.sha256(expand(b"key id")).hexdigest()[:8]
    return _Key(name, AESGCM(expand(b"seal")), expand(b"blind index"))


def _bound(tenant_id: UUID, column: str) -> bytes:
    return tenant_id.bytes + column.encode()


def _spelling(value: str) -> str:
    """Payers print member ids with other case and spaces than we sent."""
    return "".join(value.split()).upper()
