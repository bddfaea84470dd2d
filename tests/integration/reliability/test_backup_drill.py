"""The drill of the README by its own commands: a backup while entries arrive, an empty machine, every check."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from integration.contest.entry_citizen import receipt_number
from processes import ROOT, Server, Wire
from test_uploads_killed import enter

from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services


def flask(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command as `make backup` and `make restore` give it."""
    environment = os.environ | {"CHALKAK_DATA": str(folder), **more}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every stored object."""
    media = folder / "media"
    return {
        path.relative_to(media).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in media.rglob("*")
        if path.is_file() and ".partial" not in path.parts
    }


@pytest.fixture
def drilled(
    services: Services,
    folder: Path,
    clock: SteppedClock,
    *,
    edition,
    set_clock,
    serve: Callable[..., Server],
    tmp_path: Path,
) -> tuple[Path, dict[str, str], Server]:
    """A backup made between and during entries; the receipts handed out before it began, by private address."""
    set_clock(clock.now())
    server = serve(app="wsgi:app")
    receipts: dict[str, str] = {}
    for number in (1, 2):
        receipt, _, walker = enter(server, number)
        receipts[walker.link] = receipt
    stop, entered = threading.Event(), []

    def arrive() -> None:
        while not stop.is_set():
            entered.append(enter(server, 3 + len(entered)))

    writer = threading.Thread(target=arrive)
    writer.start()
    try:
        made = flask(folder, "backup", str(tmp_path / "kept.tar"))
    finally:
        stop.set()
        writer.join()
    assert made.returncode == 0, made.stderr
    assert re.search(
        r"백업을 만들고 확인했습니다: .*kept\.tar\n확인값\(따로 적어 두세요\): [0-9a-f]{64}", made.stdout
    )
    assert entered
    return tmp_path / "kept.tar", receipts, server


def test_an_empty_machine_becomes_the_contest(
    drilled: tuple[Path, dict[str, str], Server], folder: Path, tmp_path: Path
) -> None:
    kept, receipts, server = drilled
    before = hashes(folder)
    server.kill()
    empty = tmp_path / "new"
    done = flask(empty, "restore", str(kept))
    assert done.returncode == 0, done.stderr
    restored = hashes(empty)
    assert restored
    # What was taken while it arrived may have grown since; nothing that is there differs.
    assert {key: before[key] for key in restored if key in before} == {
        key: value for key, value in restored.items() if key in before
    }
    for command, said in (
        (("db", "check"), "데이터베이스 구조가 선언과 같습니다."),
        (("verify-trail",), "모두 이어집니다."),
        (("check", "--hashes"), "저장된 자료가 모두 서로 맞습니다."),
    ):
        checked = flask(empty, *command)
        assert (checked.returncode, said in checked.stdout) == (0, True), checked.stdout + checked.stderr
    again = Server(empty, app="wsgi:app")
    try:
        again.start()
        for link, receipt in receipts.items():
            wire = Wire(again)
            wire.press(f"/entry/{link}")
            assert receipt_number(wire.get(f"/receipt/{link}").text) == receipt
    finally:
        again.kill()
    assert flask(empty, "restore", str(kept)).returncode == 1


def test_one_changed_byte_is_refused(folder: Path, edition, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar"
    assert flask(folder, "backup", str(kept)).returncode == 0
    whole = bytearray(kept.read_bytes())
    whole[len(whole) // 2] ^= 1
    kept.write_bytes(whole)
    empty = tmp_path / "new"
    refused = flask(empty, "restore", str(kept))
    assert refused.returncode == 1
    assert "백업 파일이 손상되었습니다" in refused.stderr
    assert not (empty / "data.sqlite3").exists()
    assert not (empty / "secrets.json").exists()
    assert hashes(empty) == {}
