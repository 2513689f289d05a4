"""What a partner's folders hold comes in once, whole, and is cleared away as the profile says."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.connection import Afterwards, Pickup
from app.domain.identity import Prefix, parse_id
from app.transport.sftp_check import check
from app.transport.sftp_mailbox import SftpMailbox
from tests.http.loop import Practice
from tests.transport.partner_server import Faults, PartnerServer, partner_server
from tests.transport.test_sftp import secrets

SAMPLE = Path(__file__).parent.parent.parent / "fixtures" / "x12" / "999" / "pass"


class Pulled:
    """A practice whose partner has files for it."""

    def __init__(self, practice: Practice, server: PartnerServer) -> None:
        self.practice, self.server = practice, server
        self.out = server.folder / "out"
        self.files = [path.read_bytes() for path in sorted(SAMPLE.glob("*.edi"))[:3]]
        self.settings: dict[str, Any] = {}
        self.look_into(Pickup("/out"))

    def look_into(self, *pickups: Pickup, settle_seconds: float = 0.02) -> None:
        connection = self.server.connection(pickups=pickups)
        self.practice.mailbox = SftpMailbox(connection, secrets, settle_seconds=settle_seconds)
        self.practice.set_partner(
            connection={
                "kind": "sftp",
                "host": "127.0.0.1",
                "port": self.server.port,
                "username": "acme",
                "hostKeys": [self.server.public_key],
                "password": "wire",
                "pickups": [
                    {
                        "folder": pickup.folder,
                        "pattern": pickup.pattern,
                        "afterwards": pickup.afterwards.value,
                        "archive": pickup.archive,
                    }
                    for pickup in pickups
                ],
            },
            pullMinutes=10,
        )

    def later(self, **by: float) -> list[str]:
        self.practice.clock.pass_by(timedelta(**by))
        due = self.practice.come_due()
        self.practice.work()
        return due

    def taken(self) -> list[tuple[str, str]]:
        """Name and state of every file that came in, in the order in which they came."""
        items = self.practice.get("/v1/files")["items"]
        return [(file["name"], file["state"]) for file in items]

    def there(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir() if path.is_file())


@pytest.fixture
def pulled(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Pulled]:
    shutil.copy(migrated_sqlite, tmp_path / "claimloop.db")
    practice = Practice(f"sqlite:///{tmp_path / 'claimloop.db'}", tmp_path / "raw")
    with partner_server(tmp_path / "partner") as server:
        yield Pulled(practice, server)
    practice.engine.dispose()


def test_files_come_in_by_name_once_and_stay_where_the_profile_says_so(pulled: Pulled) -> None:
    for number, data in enumerate(pulled.files):
        (pulled.out / f"{number}.999").write_bytes(data)
    assert pulled.later() == ["pull"]
    assert [name for name, _ in pulled.taken()] == ["0.999", "1.999", "2.999"]
    assert pulled.later(minutes=9) == []
    assert pulled.later(minutes=1) == ["pull"]
    assert len(pulled.taken()) == 3
    assert pulled.there() == ["0.999", "1.999", "2.999"]
    for file in pulled.practice.get("/v1/files")["items"]:
        content = pulled.practice.ask("GET", f"/v1/files/{file['id']}/content").content
        assert content in pulled.files


def test_a_name_that_comes_again_with_other_content_is_another_file(pulled: Pulled) -> None:
    (pulled.out / "daily.999").write_bytes(pulled.files[0])
    pulled.later()
    (pulled.out / "daily.999").write_bytes(pulled.files[1])
    pulled.later(minutes=10)
    assert [name for name, _ in pulled.taken()] == ["daily.999", "daily.999"]


def test_the_same_content_under_another_name_is_a_duplicate(pulled: Pulled) -> None:
    (pulled.out / "a.999").write_bytes(pulled.files[0])
    pulled.later()
    (pulled.out / "b.999").write_bytes(pulled.files[0])
    pulled.later(minutes=10)
    assert pulled.taken()[1] == ("b.999", "duplicate")


@pytest.mark.parametrize("afterwards", [Afterwards.DELETE, Afterwards.ARCHIVE])
def test_what_is_safe_is_cleared_away(pulled: Pulled, afterwards: Afterwards) -> None:
    (pulled.out / "old").mkdir()
    archive = "/out/old" if afterwards is Afterwards.ARCHIVE else None
    pulled.look_into(Pickup("/out", "*.999", afterwards, archive))
    for content in pulled.files[:2]:
        (pulled.out / "a.999").write_bytes(content)
        (pulled.out / "notes.txt").write_bytes(b"not asked for")
        pulled.later(minutes=10)
        assert pulled.there() == ["notes.txt"]
    assert [name for name, _ in pulled.taken()] == ["a.999", "a.999"]
    kept = sorted(path.read_bytes() for path in (pulled.out / "old").iterdir())
    assert kept == (sorted(pulled.files[:2]) if archive else [])


def test_a_file_that_is_still_written_is_left_until_it_stands(pulled: Pulled) -> None:
    whole = pulled.files[0]
    (pulled.out / "slow.999").write_bytes(whole[:20])
    (pulled.out / "slow.part").write_bytes(whole[:20])

    def grows(*_: object) -> None:
        with (pulled.out / "slow.999").open("ab") as stream:
            stream.write(whole[20:])

    # Between the two lists: the server is asked for the second one.
    lists = iter([lambda: None, grows])
    pulled.server.before_list = lambda: next(lists, lambda: None)()
    pulled.later()
    assert pulled.taken() == []
    pulled.later(minutes=10)
    assert [name for name, _ in pulled.taken()] == ["slow.999"]


def test_a_partner_whose_clock_is_wrong_is_taken_from_all_the_same(pulled: Pulled) -> None:
    for name, when in (("1.999", 0), ("2.999", 4_000_000_000)):
        (pulled.out / name).write_bytes(pulled.files[int(name[0])])
        os.utime(pulled.out / name, (when, when))
    pulled.later()
    pulled.later(minutes=10)
    assert [name for name, _ in pulled.taken()] == ["1.999", "2.999"]


def test_a_folder_that_may_not_be_listed_is_said_and_tried_again(pulled: Pulled) -> None:
    (pulled.out / "a.999").write_bytes(pulled.files[0])
    pulled.server.faults = Faults(refused=frozenset({"list"}))
    pulled.later()
    assert last_look(pulled) == ("permission", 1)
    assert pulled.later(minutes=59) == []
    assert pulled.later(minutes=1) == ["pull"]
    assert last_look(pulled) == ("permission", 2)
    pulled.server.faults = Faults()
    pulled.later(minutes=60)
    assert last_look(pulled) == (None, 0)
    assert len(pulled.taken()) == 1


def test_a_server_that_is_gone_is_asked_again_soon(pulled: Pulled) -> None:
    (pulled.out / "a.999").write_bytes(pulled.files[0])
    pulled.server.stop()
    pulled.later()
    assert last_look(pulled) == ("unreachable", 1)
    pulled.server.start()
    assert pulled.later(seconds=5) == ["pull"]
    assert last_look(pulled) == (None, 0)
    assert len(pulled.taken()) == 1


def test_a_file_that_could_not_be_cleared_away_is_not_taken_twice(pulled: Pulled) -> None:
    pulled.look_into(Pickup("/out", "*", Afterwards.ARCHIVE, "/out/old"))
    (pulled.out / "a.999").write_bytes(pulled.files[0])
    pulled.later()
    assert (last_look(pulled)[1], pulled.there()) == (1, ["a.999"])
    (pulled.out / "old").mkdir()
    pulled.later(minutes=60)
    assert pulled.there() == []
    assert len(pulled.taken()) == 1


def test_a_connection_is_checked_without_a_byte_sent_or_taken(pulled: Pulled) -> None:
    (pulled.out / "a.999").write_bytes(pulled.files[0])
    connection = pulled.server.connection(pickups=(Pickup("/out"), Pickup("/nowhere")))
    found = check(connection, secrets)
    assert [one.what for one in found if one.fault] == ["/nowhere (looked into)"]
    assert any(one.what == "/out (looked into): 1 entries" for one in found)
    assert pulled.there() == ["a.999"]


def last_look(pulled: Pulled) -> tuple[str | None, int]:
    (partner,) = pulled.practice.get("/v1/trading-partners")["items"]
    key = parse_id(Prefix.PARTNER, partner["id"])
    assert key is not None
    with pulled.practice.units(pulled.practice.tenants["ACME"].id, actor="test") as uow:
        look = uow.pulls.last(key)
    assert look is not None
    return look.fault.value if look.fault else None, look.failures
