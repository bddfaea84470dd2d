"""What a process left in storage when it was ended is found, watched and destroyed; what anybody owns never is."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories.submissions import make_submission
from integration.contest.entry_citizen import SLICE, Citizen, photograph
from sqlalchemy import delete, select

from contest.domain.strays import SAFE_AGE, WATCH
from contest.infra import clock as machine
from contest.infra.database import make_engine
from contest.infra.migrations import upgrade
from contest.infra.storage import PARTIAL, Storage
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.outbox import Destruction
from contest.models.paper import Paper
from contest.models.photo import Photo, Rendition
from contest.models.stray import Stray
from contest.models.submission import Upload
from contest.operations.check import find_faults
from contest.operations.strays import look_for_strays, sweep_strays
from contest.operations.uploads import sweep_uploads

ROOT = Path(__file__).resolve().parents[3]
HOUR = dt.timedelta(hours=1)
LEFT = (
    "originals/left", "renditions/left", "uploads/left/0", "uploads/left/1048576", "entry-papers/left",
    "papers/left", "evidence/left", "probe/left",
)  # fmt: skip


@pytest.fixture
def settings(settings, tmp_path: Path):
    return replace(settings, storage_url=f"file:{tmp_path / 'media'}")


def make_old(services: Services, age: dt.timedelta, *keys: str) -> None:
    """Let objects (all of them where none is named) be as old as if they had been stored so long ago."""
    at = (services.clock.wall() - age).timestamp()
    for key in keys or list(services.storage.list()):
        path = services.storage.local_path(key)
        assert path is not None
        os.utime(path, (at, at))


def leave_behind(services: Services, *keys: str) -> None:
    """Bytes whose row never came."""
    for key in keys:
        services.storage.put(key, b"left")
    make_old(services, SAFE_AGE, *keys)


def lines(services: Services) -> list[tuple[str, int]]:
    """The ledger's lines; the trail tells the same."""
    with services.database.read() as session:
        ledger = [(row.kind, row.count) for row in session.scalars(select(Destruction))]
        told = session.scalars(select(AuditRow).where(AuditRow.action == "data.destroyed")).all()
        assert sorted((row.facts["kind"], row.facts["count"]) for row in told) == sorted(ledger)
        return ledger


def test_bytes_without_a_row_are_watched_then_destroyed_and_nothing_else(
    services, clock, client, edition
) -> None:
    citizen = Citizen(client).fill_in()
    citizen.submit()
    owned = set(services.storage.list())
    assert {key.split("/")[0] for key in owned} == {"originals", "renditions"}
    leave_behind(services, *LEFT)
    make_old(services, SAFE_AGE)
    assert sweep_strays(services, clock.now()) == 0
    assert set(services.storage.list()) == owned | set(LEFT)
    verdict = look_for_strays(services)
    assert dict(verdict.waiting) == dict.fromkeys(LEFT, clock.wall() + WATCH)
    clock.move_to(clock.wall() + WATCH - HOUR)
    assert sweep_strays(services, clock.now()) == 0
    clock.move_to(clock.wall() + HOUR)
    assert sweep_strays(services, clock.now()) == len(LEFT)
    assert set(services.storage.list()) == owned
    assert lines(services) == [("stray", len(LEFT))]
    assert sweep_strays(services, clock.now()) == 0
    assert find_faults(services, hashes=True) == []


def test_bytes_that_are_just_coming_are_let_alone(services, clock) -> None:
    services.storage.put("originals/coming", b"coming")
    make_old(services, SAFE_AGE - HOUR, "originals/coming")
    for _ in range(2):
        assert sweep_strays(services, clock.now()) == 0
        assert look_for_strays(services).destroyed_on(clock.wall()) == {}


def test_an_upload_going_on_keeps_its_slices_and_its_whole(services, clock, client, edition) -> None:
    citizen = Citizen(client).begin()
    data = photograph()
    begun = citizen.begin_upload(len(data) + SLICE)
    assert citizen.patch(begun["url"], data[:SLICE], 0).status_code == 200
    with services.database.read() as session:
        upload = session.scalars(select(Upload)).one()
    services.storage.put(f"originals/{upload.photo_id}", data)  # ended before its row came
    make_old(services, 2 * SAFE_AGE)
    there = set(services.storage.list())
    clock.advance(hours=23)
    sweep_strays(services, clock.now())
    assert look_for_strays(services).destroyed_on(clock.wall()) == {}
    assert set(services.storage.list()) == there
    clock.advance(hours=2)
    sweep_uploads(services, clock.now())  # given up: its own sweep takes everything of it
    assert list(services.storage.list()) == []
    assert lines(services) == []


def test_a_row_committed_while_objects_are_listed_saves_its_object(services, clock, edition) -> None:
    leave_behind(services, "entry-papers/late")
    sweep_strays(services, clock.now())
    clock.move_to(clock.wall() + WATCH)
    listing = services.storage.dated

    def listed_then_committed(prefix: str) -> Iterator[tuple[str, dt.datetime]]:
        yield from listing(prefix)
        if prefix == "entry-papers":
            own_paper(services, edition, clock)

    object.__setattr__(services.storage, "dated", listed_then_committed)
    assert sweep_strays(services, clock.now()) == 0
    assert services.storage.get("entry-papers/late") == b"left"
    with services.database.read() as session:
        assert session.scalars(select(Stray)).all() == []


def test_a_row_committed_between_the_verdict_and_the_deletion_saves_its_object(
    services, clock, edition, monkeypatch
) -> None:
    leave_behind(services, "entry-papers/late", "originals/left")
    sweep_strays(services, clock.now())
    clock.move_to(clock.wall() + WATCH)

    def judged_then_committed(held: Services) -> Any:
        verdict = look_for_strays(held)
        assert verdict.due == ("entry-papers/late", "originals/left")
        own_paper(held, edition, clock)
        return verdict

    monkeypatch.setattr("contest.operations.strays.look_for_strays", judged_then_committed)
    assert sweep_strays(services, clock.now()) == 1
    assert list(services.storage.list()) == ["entry-papers/late"]
    assert lines(services) == [("stray", 1)]


def own_paper(services: Services, edition: Any, clock: Any) -> None:
    """The row that an upload of a paper commits at last."""
    submission = make_submission(services, edition, photo=False).id
    with services.database.write() as uow:
        uow.session.add(
            Paper(
                id="late", submission_id=submission, kind="drone", format="PDF", bytes=4, sha256="0" * 64,
                stored_at=clock.now(),
            )
        )  # fmt: skip


def test_rows_lost_by_mistake_and_put_back_find_their_objects(services, clock, client, edition) -> None:
    citizen = Citizen(client).fill_in()
    citizen.submit()
    make_old(services, SAFE_AGE)
    with services.database.write() as uow:
        lost = uow.session.scalars(select(Rendition)).all()
        kept = [
            {column.name: getattr(row, column.name) for column in Rendition.__table__.columns} for row in lost
        ]
        uow.session.execute(delete(Rendition))
    sweep_strays(services, clock.now())
    clock.move_to(clock.wall() + WATCH - HOUR)
    assert len(look_for_strays(services).waiting) == len(kept)
    with services.database.write() as uow:
        uow.session.add_all(Rendition(**row) for row in kept)
    clock.advance(hours=2)
    assert sweep_strays(services, clock.now()) == 0
    assert look_for_strays(services).destroyed_on(clock.wall()) == {}
    assert find_faults(services, hashes=True) == []


def test_an_original_whose_photograph_was_destroyed_is_nobodys(services, clock, edition) -> None:
    made = make_submission(services, edition)
    with services.database.write() as uow:
        uow.session.get_one(Photo, made.photos[0]).state = "erased"
    make_old(services, SAFE_AGE)
    assert f"originals/{made.photos[0]}" in look_for_strays(services).found


def test_files_half_written_are_swept_and_told(services, clock) -> None:
    services.storage.put("originals/whole", b"whole")
    folder = services.settings.data / "media" / PARTIAL
    (folder / "old").write_bytes(b"half")
    (folder / "new").write_bytes(b"half")
    at = (clock.wall() - SAFE_AGE - HOUR).timestamp()
    os.utime(folder / "old", (at, at))
    assert sweep_strays(services, clock.now()) == 1
    assert [path.name for path in folder.iterdir()] == ["new"]
    assert lines(services) == [("half_written", 1)]


@pytest.mark.s3
@pytest.mark.any_database
def test_on_an_object_store_the_services_own_time_counts(services, clock, s3_storage: Storage) -> None:
    held = replace(services, storage=s3_storage)
    for key in LEFT:
        s3_storage.put(key, b"left")
    s3_storage.put("elsewhere/others", b"of a folder that is not ours")
    clock.move_to(machine.wall() + HOUR)
    sweep_strays(held, clock.now())
    assert look_for_strays(held).destroyed_on(clock.wall()) == {}
    clock.move_to(clock.wall() + SAFE_AGE)
    sweep_strays(held, clock.now())
    assert set(look_for_strays(held).waiting) == set(LEFT)
    clock.move_to(clock.wall() + WATCH)
    assert sweep_strays(held, clock.now()) == len(LEFT)
    assert list(s3_storage.list()) == ["elsewhere/others"]
    assert lines(held) == [("stray", len(LEFT))]


KILLED = """
import os, signal, sys
from wsgi import app
from contest.operations.strays import sweep_strays
held = app.extensions["contest"]
delete, left = held.storage._backend.delete, [int(sys.argv[1])]
def fatal(key):
    delete(key)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
held.storage._backend.delete = fatal
sweep_strays(held, held.clock.now())
"""


@pytest.mark.parametrize(
    "deletions", [pytest.param(1, marks=pytest.mark.full), 3, pytest.param(len(LEFT), marks=pytest.mark.full)]
)
def test_killed_while_it_deletes_it_counts_each_object_once(tmp_path: Path, deletions: int) -> None:
    environment = dict(
        os.environ, CHALKAK_DATA=str(tmp_path), JOBS_URL="inline:", CHALKAK_MODE="demonstration"
    )
    engine = make_engine(f"sqlite:///{tmp_path / 'data.sqlite3'}")
    upgrade(engine)
    storage, wall = Storage(f"file:{tmp_path / 'media'}"), machine.wall()
    with engine.begin() as connection:
        for key in LEFT:
            storage.put(key, b"left")
            path = storage.local_path(key)
            assert path is not None
            os.utime(path, (0, 0))
            connection.execute(Stray.__table__.insert().values(key=key, seen_at=wall - WATCH))

    def run(*command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=False)

    assert run("-c", KILLED, str(deletions)).returncode == -signal.SIGKILL
    assert len(list(storage.list())) == len(LEFT) - deletions
    for _ in range(2):
        assert run("-m", "flask", "--app", "wsgi", "sweep").returncode == 0
    assert list(storage.list()) == []
    with engine.connect() as connection:
        counts = connection.execute(select(Destruction.kind, Destruction.count)).all()
        acts = connection.execute(select(AuditRow.facts).where(AuditRow.action == "data.destroyed")).all()
        assert connection.execute(select(Stray.key)).all() == []
    assert counts == [("stray", len(LEFT))]
    assert [row.facts["count"] for row in acts] == [len(LEFT)]
    engine.dispose()


def test_the_command_shows_before_it_acts(app, services, clock) -> None:
    def said(*arguments: str) -> str:
        result = app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == 0, result.output
        return str(result.output)

    assert said("sweep", "--preview") == "주인 없는 파일이 없습니다.\n"
    leave_behind(services, "originals/left")
    shown = "주인 없는 파일: originals/left (2024. 8. 24.(토) 10:00 뒤에 지웁니다.)\n"
    assert said("sweep", "--preview") == shown
    assert said("check").startswith(shown)
    with services.database.read() as session:
        assert session.scalars(select(Stray)).all() == []  # looking changes nothing
    assert said("sweep") == "주인 없는 파일 0개를 지웠습니다.\n" + shown
    clock.move_to(clock.wall() + WATCH)
    assert said("sweep", "--preview") == "주인 없는 파일: originals/left (지금 지웁니다.)\n"
    assert services.storage.exists("originals/left")
    assert said("sweep") == "주인 없는 파일 1개를 지웠습니다.\n지켜보는 파일이 없습니다.\n"
    assert not services.storage.exists("originals/left")


def test_every_folder_that_the_program_stores_in_has_its_owners(services) -> None:
    """An object in a folder that nobody registered would never be swept."""
    naming = re.compile(r'(?:storage\.put\(|_keep_slice\(services, |\bkey = )f"([a-z-]+)/')
    written = {
        folder
        for package in ("contest", "judging", "gallery")
        for path in (ROOT / package).rglob("*.py")
        for folder in naming.findall(path.read_text())
    }
    assert written == {folder.name for folder in services.registry.folders}
