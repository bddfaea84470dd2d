"""Storage behaves alike on disk, in memory and on a real S3 service; on disk it is durable before it answers."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from contest.infra.disk import CHUNK, PARTIAL
from contest.infra.storage import AlreadyThere, BadKey, NotThere, Storage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType


@pytest.fixture(params=["file", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "file":
        return Storage(f"file:{tmp_path}/media")
    if request.param == "memory":
        return Storage("memory:")
    made: Storage = request.getfixturevalue("s3_storage")
    return made


def test_what_is_put_is_got(storage: Storage, tmp_path: Path) -> None:
    file = tmp_path / "photo"
    file.write_bytes(b"from a file")
    assert storage.put("one/bytes", b"from bytes") == 10
    assert storage.put("one/pieces", iter([b"from ", b"pieces"])) == 11
    assert storage.put("one/file.jpg", file) == 11
    assert storage.put("one/empty", b"") == 0
    assert storage.get("one/bytes") == b"from bytes"
    assert storage.get("one/pieces") == b"from pieces"
    assert storage.get("one/file.jpg") == b"from a file"
    assert storage.get("one/empty") == b""
    assert storage.size("one/pieces") == 11


def test_a_second_put_is_refused_and_changes_nothing(storage: Storage) -> None:
    storage.put("two/a", b"first")
    with pytest.raises(AlreadyThere):
        storage.put("two/a", b"second")
    assert storage.get("two/a") == b"first"
    storage.put("two/a", b"third", create_only=False)
    assert storage.get("two/a") == b"third"


def test_of_many_at_once_one_wins(storage: Storage) -> None:
    def attempt(number: int) -> bool:
        try:
            storage.put("race/slice", str(number).encode())
        except AlreadyThere:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = [number for number, ok in enumerate(pool.map(attempt, range(8))) if ok]
    assert len(won) == 1
    assert storage.get("race/slice") == str(won[0]).encode()


def test_an_absent_object(storage: Storage) -> None:
    assert not storage.exists("three/none")
    for call in (storage.get, storage.size, storage.stream):
        with pytest.raises(NotThere):
            call("three/none")
    storage.delete("three/none")


def test_deleting_twice(storage: Storage) -> None:
    storage.put("four/a", b"1")
    storage.delete("four/a")
    storage.delete("four/a")
    assert not storage.exists("four/a")
    storage.put("four/a", b"2")
    assert storage.get("four/a") == b"2"


def test_listing_is_by_folder(storage: Storage) -> None:
    for key in ("five/a", "five/b/c", "fivefold/d"):
        storage.put(key, b"1")
    assert sorted(storage.list("five/")) == ["five/a", "five/b/c"]
    assert sorted(storage.list("five")) == ["five/a", "five/b/c"]
    assert list(storage.list("nothing/")) == []
    assert {"five/a", "five/b/c", "fivefold/d"} <= set(storage.list())


def test_reading_from_an_offset(storage: Storage) -> None:
    body = bytes(range(256)) * (CHUNK // 100)
    storage.put("six/big", body)
    for start in (0, 1, CHUNK - 1, CHUNK, len(body) - 1, len(body), len(body) + 5):
        assert b"".join(storage.stream("six/big", start)) == body[start:]


def test_slices_join(storage: Storage) -> None:
    keys = [f"uploads/x/{offset:012d}" for offset in (0, 3, 6)]
    for key, piece in zip(keys, (b"abc", b"def", b"g"), strict=True):
        storage.put(key, piece)
    assert b"".join(storage.concat(keys)) == b"abcdefg"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/../b",
        "a/..",
        ".",
        ".partial/x",
        "A",
        "사진",
        "a b",
        "a\\b",
        "a\n",
        "a" * 513,
    ],
)
def test_bad_keys_are_refused(tmp_path: Path, key: str) -> None:
    storage = Storage(f"file:{tmp_path}")
    for call in (lambda: storage.put(key, b"1"), lambda: storage.get(key), lambda: storage.local_path(key)):
        with pytest.raises(BadKey):
            call()
    assert list(tmp_path.iterdir()) == []


def test_ready(storage: Storage) -> None:
    before = sorted(storage.list())
    storage.check()
    assert sorted(storage.list()) == before


def test_a_folder_that_cannot_be_written_is_not_ready(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"not a folder")
    with pytest.raises(OSError):
        Storage(f"file:{blocked}/media").check()


def test_construction_touches_nothing(tmp_path: Path) -> None:
    Storage(f"file:{tmp_path}/media")
    Storage("s3://bucket?endpoint=http://127.0.0.1:9", access_key="a", secret_key="b")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["file:relative", "file://host/x", "ftp://x", "nothing"])
def test_urls_that_mean_nothing(url: str) -> None:
    with pytest.raises(ValueError):
        Storage(url)


def system_calls(act: Any) -> list[tuple[str, str]]:
    """Names of the calls that move bytes to the disk, in order, with the folder an fsync was for."""
    seen: list[tuple[str, str]] = []

    def watch(frame: FrameType, event: str, called: Any) -> None:
        name = getattr(called, "__name__", "")
        if event == "c_call" and name in {"write", "flush", "fsync", "link", "replace", "unlink"}:
            path = frame.f_locals.get("path") if frame.f_code.co_name == "fsync_folder" else None
            seen.append((name, str(path or "")))

    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return seen


def test_the_file_then_its_name_then_its_folders_reach_the_disk(tmp_path: Path) -> None:
    root = tmp_path / "media"
    storage = Storage(f"file:{root}")
    calls = system_calls(lambda: storage.put("originals/aa/photo", b"1"))
    assert calls == [
        ("write", ""),
        ("flush", ""),
        ("fsync", ""),
        ("link", ""),
        ("unlink", ""),
        ("fsync", f"{root}/originals/aa"),
        ("fsync", f"{root}/originals"),
        ("fsync", str(root)),
        ("fsync", str(tmp_path)),
    ]


def test_a_broken_stream_leaves_no_object_and_no_rest(tmp_path: Path) -> None:
    storage = Storage(f"file:{tmp_path}")

    def cut() -> Iterator[bytes]:
        yield b"some"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        storage.put("a/b", cut())
    assert not storage.exists("a/b")
    assert list(storage.list()) == []
    assert list((tmp_path / PARTIAL).iterdir()) == []


def test_what_a_kill_left_half_written_is_swept(tmp_path: Path) -> None:
    storage = Storage(f"file:{tmp_path}")
    storage.put("a", b"1")
    rest = tmp_path / PARTIAL / "0123"
    rest.write_bytes(b"half")
    written = datetime.fromtimestamp(rest.stat().st_mtime, UTC)
    assert storage.sweep_partial(written - timedelta(seconds=1)) == 0
    assert storage.sweep_partial(written + timedelta(seconds=1)) == 1
    assert not rest.exists()
    assert storage.get("a") == b"1"
    assert list(storage.list()) == ["a"]


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    storage = Storage(f"file:{tmp_path}/media")
    storage.put("a/b", b"1")
    path = storage.local_path("a/b")
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
