"""How files travel to and from a partner, as JSON; the other way round for what is given out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import Field

from app.documents import fields as f
from app.documents.answers import Answer
from app.documents.fields import Document
from app.domain.connection import (
    Afterwards,
    Connection,
    HttpsConnection,
    Pickup,
    SftpConnection,
)


class PickupDocument(Document):
    """A folder at the partner that holds files for us; `archive` is needed for `archive`."""

    folder: f.Text255
    pattern: f.Text80 = "*"
    afterwards: Literal["leave", "delete", "archive"] = "leave"
    archive: f.Maybe[f.Text255] = None


class FolderConnectionDocument(Document):
    """A folder that the partner, or its client, collects from."""

    kind: Literal["folder"]


class SftpConnectionDocument(Document):
    """The partner's SFTP server. `password` and `privateKey` are names of secrets, never values."""

    kind: Literal["sftp"]
    host: f.Host
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    username: f.Text80
    host_keys: Annotated[list[f.HostKey], Field(min_length=1, max_length=10)]
    password: f.Maybe[f.SecretName] = None
    private_key: f.Maybe[f.SecretName] = None
    out_folder: f.Text255 = "."
    pickups: Annotated[list[PickupDocument], Field(max_length=20, default_factory=list)]
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 30


class HttpsConnectionDocument(Document):
    """The partner's API for raw X12; `token` is the name of a secret."""

    kind: Literal["https"]
    url: f.Url
    token: f.SecretName
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 60


ConnectionDocument = Annotated[
    FolderConnectionDocument | SftpConnectionDocument | HttpsConnectionDocument,
    Field(discriminator="kind"),
]


def connection_of(document: ConnectionDocument) -> Connection | None:
    """None is a folder of ours."""
    members = document.model_dump(by_alias=False, exclude={"kind", "host_keys", "pickups"})
    if isinstance(document, SftpConnectionDocument):
        pickups = tuple(
            Pickup(p.folder, p.pattern, Afterwards(p.afterwards), p.archive)
            for p in document.pickups
        )
        return SftpConnection(**members, host_keys=tuple(document.host_keys), pickups=pickups)
    return HttpsConnection(**members) if isinstance(document, HttpsConnectionDocument) else None


class PickupAnswer(Answer):
    folder: str
    pattern: str
    afterwards: str
    archive: str | None


class ConnectionAnswer(Answer):
    """The members of its kind; secrets by their names."""

    kind: str
    host: str | None = None
    port: int | None = None
    username: str | None = None
    host_keys: list[str] | None = None
    password: str | None = None
    private_key: str | None = None
    out_folder: str | None = None
    pickups: list[PickupAnswer] | None = None
    url: str | None = None
    token: str | None = None
    timeout_seconds: int | None = None

    @classmethod
    def of(cls, connection: Connection | None) -> ConnectionAnswer:
        if connection is None:
            return cls(kind="folder")
        members = asdict(connection)
        if isinstance(connection, HttpsConnection):
            return cls(kind="https", **members)
        pickups = [PickupAnswer(**asdict(pickup)) for pickup in connection.pickups]
        host_keys = list(connection.host_keys)
        return cls(kind="sftp", **members | {"pickups": pickups, "host_keys": host_keys})
