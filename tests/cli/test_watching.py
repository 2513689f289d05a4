"""Drop folders: whole files are taken, and a bad one comes back with a text that says why."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.cli.watching import FolderWatcher
from app.config import Settings
from app.flows.ports import FileState, Mode, StoredFile, Tenant
from app.main import Application

CUT = b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *261101*0900*^*00501*"


class Desk:
    """A tenant's folders, and the one who looks into them."""

    def __init__(self, app: Application, *, mode: Mode = Mode.TEST) -> None:
        self.app, self.tenant = app, app.tenant("clinic", mode=mode)
        self.folder = app.folder(self.tenant)
        self.watcher = FolderWatcher(app, settle_seconds=0)
        (self.folder / "in").mkdir(parents=True)

    def drop(self, where: str, data: bytes) -> None:
        path = self.folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def look(self) -> dict[str, FileState]:
        """Two looks, for what stands still; the files that came in, worked on."""
        self.watcher.look()
        self.watcher.look()
        for file in self.files():
            self.app.jobs.process_file(self.tenant.id, file.id)
        return {file.name: file.state for file in self.files()}

    def files(self) -> list[StoredFile]:
        with self.app.units(self.tenant.id, actor="test") as uow:
            return uow.files.page(limit=100, after=None, state=None, kind=None)

    def names(self, folder: str) -> list[str]:
        path = self.folder / folder
        return sorted(p.name for p in path.iterdir()) if path.is_dir() else []


@contextmanager
def desk(
    migrated: Path, tmp_path: Path, *, mode: Mode = Mode.TEST, key: str | None = None
) -> Iterator[Desk]:
    shutil.copy(migrated, tmp_path / "claimloop.db")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'claimloop.db'}",
        data_dir=tmp_path / "data",
        encryption_key=SecretStr(key) if key else None,
    )
    app = Application(settings)
    try:
        yield Desk(app, mode=mode)
    finally:
        app.close()


@pytest.fixture
def clinic(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    with desk(migrated_sqlite, tmp_path) as found:
        yield found


def test_a_bad_file_comes_back_with_the_reason(clinic: Desk) -> None:
    clinic.drop("in/era.835", CUT)
    clinic.drop("in/note.json", b'{"sourceSystem": "pms"')
    assert set(clinic.look().values()) == {FileState.FAILED}
    assert clinic.names("in") == []
    assert clinic.names("error") == ["era.835", "era.835.txt", "note.json", "note.json.txt"]
    assert (clinic.folder / "error" / "era.835").read_bytes() == CUT
    text = (clinic.folder / "error" / "note.json.txt").read_text()
    assert text.startswith("File fil_")
    assert "note.json is failed." in text
    assert "line 1" in text
    assert "pms" not in text


def test_the_same_bad_file_again_is_told_again_and_others_of_its_name_stay(clinic: Desk) -> None:
    clinic.drop("in/era.835", CUT)
    clinic.look()
    clinic.drop("in/era.835", CUT)
    clinic.look()
    clinic.look()
    assert clinic.names("error") == ["era.835", "era.835.2", "era.835.2.txt", "era.835.txt"]
    assert "were not read again" in (clinic.folder / "error" / "era.835.2.txt").read_text()


def test_a_test_file_of_a_live_tenant_is_set_apart(migrated_sqlite: Path, tmp_path: Path) -> None:
    sample = next((Path("fixtures/x12/999/pass")).glob("*.edi")).read_bytes()
    with desk(migrated_sqlite, tmp_path, mode=Mode.LIVE) as clinic:
        data = sample.replace(b"*P*:", b"*T*:", 1)
        clinic.drop("in/ack.999", data)
        assert clinic.look() == {"ack.999": FileState.QUARANTINED}
        assert clinic.names("quarantine") == ["ack.999", "ack.999.txt"]


def test_with_encryption_the_text_comes_alone(migrated_sqlite: Path, tmp_path: Path) -> None:
    key = base64.b64encode(bytes(range(32))).decode()
    with desk(migrated_sqlite, tmp_path, key=key) as clinic:
        clinic.drop("in/era.835", CUT)
        clinic.look()
        assert clinic.names("error") == ["era.835.txt"]
        assert clinic.names("archive") == []


@pytest.mark.parametrize(
    "where", ["in/835", "in/csv", "SendFiles", "SendFiles/512345678", "to-stedi", "inbound"]
)
def test_parts_by_kind_and_other_vendors_names_are_looked_into(clinic: Desk, where: str) -> None:
    clinic.drop(f"{where}/era.835", CUT)
    clinic.drop(f"{where}/era.part", CUT)
    assert clinic.look() == {"era.835": FileState.FAILED}
    assert clinic.names(where) == ["era.part"]


def test_a_tenant_is_told_of_its_own_files_alone(clinic: Desk) -> None:
    other: Tenant = clinic.app.tenant("other", mode=Mode.TEST)
    clinic.drop("in/era.835", CUT)
    clinic.look()
    assert not (clinic.app.folder(other) / "error").exists()


def test_what_came_another_way_is_not_told_in_the_folder(clinic: Desk) -> None:
    file = clinic.app.receive(clinic.tenant.id, name="era.835", data=CUT, actor="api")
    clinic.app.jobs.process_file(clinic.tenant.id, file.id)
    assert clinic.names("error") == []


def test_a_repeat_that_comes_while_the_first_is_worked_on_is_told_too(clinic: Desk) -> None:
    for name in ("first.835", "again.835"):
        clinic.drop(f"in/{name}", CUT)
    clinic.look()
    assert clinic.names("error") == [
        "again.835", "again.835.txt", "first.835", "first.835.txt",
    ]  # fmt: skip


def test_a_link_is_not_followed(clinic: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CUT)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.835").write_bytes(CUT)
    (clinic.folder / "in" / "link.835").symlink_to(tmp_path / "secret")
    (clinic.folder / "inbound").symlink_to(tmp_path / "elsewhere")
    assert clinic.look() == {}
    assert clinic.names("error") == []
