"""Durable files: what was acknowledged survives a power cut, and a name is given only once."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from contest.infra.guard import assert_outside_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

CHUNK = 256 * 1024
# Unfinished files lie below the root, on the same file system, so that they can be linked.
PARTIAL = ".partial"


def pieces(data: bytes | Iterable[bytes] | Path) -> Iterator[bytes]:
    """The bytes of a value, an iterable or a file, in pieces."""
    if isinstance(data, bytes | bytearray | memoryview):
        yield bytes(data)
    elif isinstance(data, Path):
        with data.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece
    else:
        yield from data


def write_durably(root: Path, name: str, data: bytes | Iterable[bytes] | Path, *, create_only: bool) -> int:
    """Write root/name whole or not at all and return its bytes; on return it survives a power cut.

    Order: write, fsync the file, give it its name, fsync every folder up to the root and the root's parent.
    Raises FileExistsError if create_only and the name is taken.
    """
    assert_outside_transaction("writing a file")
    target = root / name
    partial = root / PARTIAL
    for folder in (root, partial, *reversed(target.parents)):
        if folder == root or root in folder.parents:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = partial / secrets.token_hex(16)
    size = 0
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces(data):
                size += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if create_only:
            os.link(unfinished, target)  # unlike rename, a link fails where the name is taken
        else:
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    # A folder another thread has just made may not be on disk yet, so all of them, not only the new ones.
    folder = target.parent
    while folder != root:
        fsync_folder(folder)
        folder = folder.parent
    fsync_folder(root)
    fsync_folder(root.parent)
    return size


def fsync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def old_partials(root: Path, before: datetime) -> list[Path]:
    """Unfinished files last written before an aware instant."""
    found = []
    folder = root / PARTIAL
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # finished meanwhile
            if path.stat().st_mtime < before.timestamp():
                found.append(path)
    return found


def sweep_partial(root: Path, before: datetime) -> int:
    """Remove unfinished files last written before an aware instant, left by a kill; returns how many."""
    removed = 0
    for path in old_partials(root, before):
        with suppress(FileNotFoundError):
            path.unlink()
            removed += 1
    return removed
