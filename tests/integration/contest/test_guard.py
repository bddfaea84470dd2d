"""Work on bytes refuses to begin while a unit of work is open, in this thread only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from contest.infra.guard import BytesInsideTransactionError, assert_outside_transaction, no_bytes_here
from contest.infra.storage import Storage

if TYPE_CHECKING:
    from pathlib import Path


def test_refused_inside_and_allowed_again_after() -> None:
    assert_outside_transaction("reading")
    with no_bytes_here(), pytest.raises(BytesInsideTransactionError, match="reading"):
        assert_outside_transaction("reading")
    assert_outside_transaction("reading")


def test_another_thread_is_not_held() -> None:
    with no_bytes_here(), ThreadPoolExecutor(1) as pool:
        pool.submit(assert_outside_transaction, "reading").result()


def test_every_storage_call_refuses(tmp_path: Path) -> None:
    storage = Storage(f"file:{tmp_path}")
    storage.put("a", b"1")
    calls = (
        lambda: storage.put("b", b"1"),
        lambda: storage.get("a"),
        lambda: storage.stream("a"),
        lambda: storage.size("a"),
        lambda: storage.exists("a"),
        lambda: storage.delete("a"),
        storage.list,
        lambda: list(storage.concat(["a"])),
        lambda: storage.local_path("a"),
        storage.check,
    )
    with no_bytes_here():
        for call in calls:
            with pytest.raises(BytesInsideTransactionError):
                call()
    assert storage.get("a") == b"1"
