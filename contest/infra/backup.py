"""One verified file from a running contest, and an empty machine rebuilt from it, every hash checked.

Rows are taken first, objects after them: an object is stored before the row that names it, so each row of
the backup has its object. Objects removed between the two are counted as gone.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from contest.infra.disk import CHUNK, fsync_folder, write_durably
from contest.infra.guard import assert_outside_transaction
from contest.infra.row_dump import RowsDoNotFitError, dump_rows, is_empty, kind_of, load_rows
from contest.infra.storage import NotThere, Storage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, MetaData

FORMAT = 1
_MANIFEST = "manifest.json"
_SECRETS = "secrets"
_ROWS = "rows/"
_OBJECTS = "objects/"
_MODE = 0o600

Progress = Callable[[str, int, int], None]  # step (rows, objects, verify, restore, check), done, of how many


class BackupError(RuntimeError):
    """The backup cannot be made, trusted or restored; code is damaged, not_empty, other_database or unfit."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Instance:
    """What makes up a contest: rows, objects, and the file of secrets without which rows cannot be read."""

    database_url: str
    storage: Storage
    secrets_file: Path
    metadata: MetaData
    after_rows: Callable[[Connection], None] | None = None  # adds triggers to a restored PostgreSQL


@dataclass(frozen=True)
class Summary:
    """What a backup holds. digest: SHA-256 of its manifest, to be noted elsewhere; gone: objects removed meanwhile."""

    digest: str
    made_at: str
    rows: int
    objects: int
    bytes: int
    gone: int


def silent(_step: str, _done: int, _total: int) -> None:
    """Progress for nobody."""


def backup(instance: Instance, out: Path, *, now: datetime, progress: Progress = silent) -> Summary:
    """Write and verify one file of mode 0600 while the contest runs; it appears whole under its name or not at all.

    Raises FileExistsError if the name is taken, BackupError if what was written does not read back.
    """
    assert_outside_transaction("a backup")
    if out.exists():
        raise FileExistsError(out)
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".backup-", dir=out.parent) as scratch:
        unfinished = Path(scratch) / out.name
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                _write(instance, tar, Path(scratch), now, progress)
            file.flush()
            os.fsync(file.fileno())
        summary = verify(unfinished, progress=progress)
        os.link(unfinished, out)
        fsync_folder(out.parent)
    return summary


def verify(path: Path, *, progress: Progress = silent) -> Summary:
    """Read a backup whole and compare every hash; raises BackupError("damaged")."""
    try:
        manifest, digest = _verified(path, progress)
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError("damaged", str(error)) from error
    files = manifest["files"]
    return Summary(
        digest=digest,
        made_at=manifest["made_at"],
        rows=sum(manifest["rows"].values()),
        objects=sum(name.startswith(_OBJECTS) for name in files),
        bytes=path.stat().st_size,
        gone=manifest["gone"],
    )


def restore(path: Path, instance: Instance, *, progress: Progress = silent) -> Summary:
    """Rebuild an empty instance and check every hash and row count there.

    Raises BackupError: damaged (nothing was written), not_empty, other_database, or unfit (made by another
    version: restore with that version, then upgrade).
    """
    assert_outside_transaction("a restore")
    summary = verify(path, progress=progress)
    with tarfile.open(path, mode="r:") as tar:
        members = {member.name: member for member in tar.getmembers()}
        manifest = json.loads(_member(tar, members[_MANIFEST]).read())
        _require_empty(instance, manifest["database"])
        with TemporaryDirectory(prefix=".restore-", dir=path.parent) as scratch:
            rows = Path(scratch)
            for name in manifest["files"]:
                if name.startswith(_ROWS):
                    with (rows / Path(name).name).open("xb") as file:
                        shutil.copyfileobj(_member(tar, members[name]), file, CHUNK)
            objects = [name for name in manifest["files"] if name.startswith(_OBJECTS)]
            for done, name in enumerate(objects, start=1):
                _restore_object(instance.storage, name, _member(tar, members[name]), manifest["files"][name])
                progress("restore", done, len(objects))
            if _SECRETS in manifest["files"]:
                target = instance.secrets_file
                write_durably(
                    target.parent, target.name, _member(tar, members[_SECRETS]).read(), create_only=True
                )
            # Rows last: an interrupted restore has no rows, and so is not mistaken for a contest.
            try:
                counts = load_rows(instance.database_url, rows, instance.metadata, instance.after_rows)
            except RowsDoNotFitError as error:
                raise BackupError("unfit", str(error)) from error
    if counts != manifest["rows"]:
        raise BackupError("damaged", "the restored rows are not as many as were saved")
    progress("check", 1, 1)
    return summary


def _write(
    instance: Instance, tar: tarfile.TarFile, scratch: Path, now: datetime, progress: Progress
) -> None:
    files: dict[str, str] = {}
    rows = scratch / "rows"
    rows.mkdir()
    progress("rows", 0, 1)
    try:
        counts = dump_rows(instance.database_url, rows)
    except RowsDoNotFitError as error:
        raise BackupError("damaged", str(error)) from error
    for path in sorted(rows.iterdir()):
        with path.open("rb") as file:
            files[_ROWS + path.name] = _add(tar, _ROWS + path.name, path.stat().st_size, file, now)
    progress("rows", 1, 1)
    if instance.secrets_file.exists():
        content = instance.secrets_file.read_bytes()
        files[_SECRETS] = _add(tar, _SECRETS, len(content), io.BytesIO(content), now)
    keys = sorted(instance.storage.list())
    gone = 0
    for done, key in enumerate(keys, start=1):
        try:
            size, body = instance.storage.size(key), instance.storage.stream(key)
        except NotThere:
            gone += 1
        else:
            files[_OBJECTS + key] = _add(tar, _OBJECTS + key, size, _Pieces(body), now)
        progress("objects", done, len(keys))
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "database": kind_of(instance.database_url),
        "rows": counts,
        "gone": gone,
        "files": files,
    }
    content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    _add(tar, _MANIFEST, len(content), io.BytesIO(content), now)


def _add(tar: tarfile.TarFile, name: str, size: int, body: Any, now: datetime) -> str:
    """Add one file and return the SHA-256 of what was read."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, _MODE, int(now.timestamp())
    hashed = _Hashed(body)
    tar.addfile(entry, hashed)
    return hashed.digest.hexdigest()


def _verified(path: Path, progress: Progress) -> tuple[dict[str, Any], str]:
    with tarfile.open(path, mode="r:") as tar:
        members = {member.name: member for member in tar.getmembers()}
        content = _member(tar, members[_MANIFEST]).read()
        manifest: dict[str, Any] = json.loads(content)
        if manifest["format"] != FORMAT:
            raise ValueError(f"format {manifest['format']}")
        expected = manifest["files"]
        if sorted(tar.getnames()) != sorted([*expected, _MANIFEST]):
            raise ValueError("the list of files is not the manifest's")
        for done, (name, digest) in enumerate(expected.items(), start=1):
            if _sha256(_member(tar, members[name])) != digest:
                raise ValueError(f"{name} is not what was saved")
            progress("verify", done, len(expected))
    return manifest, hashlib.sha256(content).hexdigest()


def _require_empty(instance: Instance, database: str) -> None:
    if kind_of(instance.database_url) != database:
        raise BackupError("other_database", database)
    if not is_empty(instance.database_url):
        raise BackupError("not_empty", "database")
    if next(iter(instance.storage.list()), None) is not None:
        raise BackupError("not_empty", "storage")
    if instance.secrets_file.exists():
        raise BackupError("not_empty", "secrets")


def _restore_object(storage: Storage, name: str, body: IO[bytes], digest: str) -> None:
    key = name.removeprefix(_OBJECTS)
    storage.put(key, _read_pieces(body))
    stored = hashlib.sha256()
    for piece in storage.stream(key):
        stored.update(piece)
    if stored.hexdigest() != digest:
        raise BackupError("damaged", f"{key} does not read back as it was saved")


def _member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member)
    if file is None:
        raise ValueError(f"{member.name} is not a file")
    return file


def _read_pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in _read_pieces(file):
        digest.update(piece)
    return digest.hexdigest()


class _Hashed:
    """A reader that hashes what it gives."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self.source.read(size)
        self.digest.update(piece)
        return piece


class _Pieces:
    """An iterator of bytes, read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.rest = b""

    def read(self, size: int) -> bytes:
        while len(self.rest) < size and (piece := next(self.pieces, b"")):
            self.rest += piece
        given, self.rest = self.rest[:size], self.rest[size:]
        return given
