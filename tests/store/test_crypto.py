"""What is sealed opens with its key, in its tenant and column, and nowhere else."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from app.store import tables as t
from app.store.crypto import BadEncryptionKey, CannotOpen, Cipher, Sealed
from app.store.raw_files import FolderRawFiles, RawFileDamaged, RawFileMissing
from tests.store.practice import ENCOUNTERS, Practice, an_encounter

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
ACME, OTHER = uuid4(), uuid4()


def setting(*keys: bytes) -> str:
    return ",".join(base64.b64encode(key).decode() for key in keys)


def test_a_new_key_writes_and_the_old_one_still_reads() -> None:
    before = Cipher.from_setting(setting(OLD))
    sealed = before.seal(b"W123", tenant_id=ACME, column="claim.member_id")
    assert b"W123" not in sealed.data
    after = Cipher.from_setting(setting(NEW, OLD))
    assert after.open(sealed, tenant_id=ACME, column="claim.member_id") == b"W123"
    again = after.seal(b"W123", tenant_id=ACME, column="claim.member_id")
    assert again.key_id != sealed.key_id
    with pytest.raises(CannotOpen, match="is not in CLAIMLOOP_ENCRYPTION_KEY"):
        before.open(again, tenant_id=ACME, column="claim.member_id")


def test_what_was_changed_or_moved_does_not_open() -> None:
    cipher = Cipher((OLD,))
    sealed = cipher.seal(b"W123", tenant_id=ACME, column="member_id")
    changed = Sealed(sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]), sealed.key_id)
    for moved, tenant, column in (
        (changed, ACME, "member_id"),
        (sealed, OTHER, "member_id"),
        (sealed, ACME, "ssn"),
        (replace(sealed, data=b"short"), ACME, "member_id"),
    ):
        with pytest.raises(CannotOpen, match="changed or moved"):
            cipher.open(moved, tenant_id=tenant, column=column)


def test_the_blind_index_finds_equal_values_of_a_tenant_only() -> None:
    cipher = Cipher((OLD,))
    index = cipher.blind_index("w 123-4", tenant_id=ACME, column="member_id")
    assert cipher.blind_index(" W123-4", tenant_id=ACME, column="member_id") == index
    assert cipher.blind_index("W1235", tenant_id=ACME, column="member_id") != index
    assert cipher.blind_index("W123-4", tenant_id=OTHER, column="member_id") != index
    assert Cipher((NEW,)).blind_index("W123-4", tenant_id=ACME, column="member_id") != index
    rotated = Cipher((NEW, OLD)).blind_indexes("W123-4", tenant_id=ACME, column="member_id")
    assert index in rotated


@pytest.mark.parametrize("wrong", ["secret", setting(b"too short"), setting(OLD) + ",%"])
def test_a_setting_that_is_no_key_says_how_to_make_one(wrong: str) -> None:
    with pytest.raises(BadEncryptionKey, match="openssl rand -base64 32"):
        Cipher.from_setting(wrong)


@pytest.mark.parametrize("none", [None, "", " , "])
def test_without_a_key_nothing_is_sealed(none: str | None) -> None:
    cipher = Cipher.from_setting(none)
    sealed = cipher.seal(b"W123", tenant_id=ACME, column="member_id")
    assert sealed == Sealed(b"W123", None)
    assert not cipher.encrypts
    assert Cipher((OLD,)).open(sealed, tenant_id=ACME, column="member_id") == b"W123"


def test_a_claim_keeps_its_member_id_and_snapshots_sealed(engine: Engine) -> None:
    practice = Practice(engine, cipher=Cipher((OLD,)))
    encounters = map(an_encounter, ENCOUNTERS)
    encounter = next(e for e in encounters if e.coverages[0].subscriber)
    coverage = replace(encounter.coverages[0], member_id="W99887766", subscriber_ssn="987654321")
    encounter = replace(encounter, coverages=(coverage,))
    claim = practice.claim(encounter)
    with engine.connect() as connection:
        row = connection.execute(select(t.claim)).one()
        kept = [
            connection.execute(select(table.c.content, table.c.content_key_id)).one()
            for table in (t.encounter_version, t.claim_version)
        ]
    index = practice.cipher.blind_index(
        "W99887766", tenant_id=practice.tenant.id, column="member_id"
    )
    assert row.member_id_index == index
    assert row.member_id_key_id is not None
    for sealed in (row.member_id, row.subscriber_ssn, *(content for content, _ in kept)):
        assert b"W99887766" not in sealed
        assert b"987654321" not in sealed
        assert encounter.patient.person.last_name.encode() not in sealed
    with practice.work() as uow:
        [(_, snapshot)] = uow.claims.to_send([claim.id])
    assert snapshot.encounter == encounter
    blind = Practice(engine, cipher=Cipher((NEW,)))
    with pytest.raises(CannotOpen), blind.work() as uow:
        uow.encounters.get(claim.encounter_id)


@pytest.mark.parametrize("cipher", [Cipher(), Cipher((OLD,))], ids=["plain", "sealed"])
def test_raw_files_are_written_once_and_come_back(tmp_path: Path, cipher: Cipher) -> None:
    raw = FolderRawFiles(tmp_path, cipher)
    data = b"ISA*00*\xff\x00 any byte" * 1000
    sha256 = raw.put(ACME, data)
    [path] = [found for found in tmp_path.rglob("*") if found.is_file()]
    before = path.stat().st_mtime_ns
    assert raw.put(ACME, data) == sha256
    assert path.stat().st_mtime_ns == before
    assert (path.read_bytes() == data) is not cipher.encrypts
    assert raw.get(ACME, sha256) == data
    with raw.open(ACME, sha256) as stream:
        assert stream.read(4) == b"ISA*"
        assert stream.read() == data[4:]
    with pytest.raises(RawFileMissing):
        raw.get(OTHER, sha256)
    with pytest.raises(RawFileMissing):
        raw.open(ACME, "0" * 64)
    with pytest.raises(ValueError, match="sha256"):
        raw.get(ACME, "../../secret")


def test_a_file_kept_plain_is_read_when_a_key_has_come(tmp_path: Path) -> None:
    sha256 = FolderRawFiles(tmp_path, Cipher()).put(ACME, b"ISA*")
    assert FolderRawFiles(tmp_path, Cipher((OLD,))).get(ACME, sha256) == b"ISA*"


@pytest.mark.parametrize("cipher", [Cipher(), Cipher((OLD,))], ids=["plain", "sealed"])
def test_damage_on_the_disk_shows(tmp_path: Path, cipher: Cipher) -> None:
    raw = FolderRawFiles(tmp_path, cipher)
    sha256 = raw.put(ACME, b"ISA*00*")
    [path] = [found for found in tmp_path.rglob("*") if found.is_file()]
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises((RawFileDamaged, CannotOpen)):
        raw.get(ACME, sha256)
    with pytest.raises((RawFileDamaged, CannotOpen)):
        raw.open(ACME, sha256)
