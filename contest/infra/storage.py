"""Where bytes live: one small interface over a local folder, an S3 service or memory, chosen by URL."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import MemoryStore, S3Store

from contest.infra.disk import CHUNK, PARTIAL, old_partials, pieces, sweep_partial, write_durably
from contest.infra.guard import assert_outside_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEY = re.compile(r"[a-z0-9_-][a-z0-9_.-]*(/[a-z0-9_-][a-z0-9_.-]*)*")
_KEY_MAX = 512


class StorageError(Exception):
    """Something the storage could not do; carries the key."""

    def __init__(self, key: str, why: str = "") -> None:
        super().__init__(f"{key}: {why}" if why else key)
        self.key = key


class AlreadyThere(StorageError):
    """A create-only put met an object of that key; the object is untouched."""


class NotThere(StorageError):
    """There is no object of that key."""


class BadKey(StorageError, ValueError):
    """A key outside [a-z0-9/_.-], with an empty part, or with a part that begins with a dot."""


class Backend(Protocol):
    """What each kind of storage can do; keys are valid when they arrive here."""

    def put(self, key: str, data: bytes | Iterable[bytes] | Path, *, create_only: bool) -> int:
        """Store whole; returns its bytes; AlreadyThere if create_only and it is there."""
        ...

    def stream(self, key: str, start: int) -> Iterator[bytes]:
        """Its bytes from an offset; NotThere at once."""
        ...

    def size(self, key: str) -> int:
        """Its bytes; NotThere."""
        ...

    def delete(self, key: str) -> None:
        """Remove it if it is there."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys below a folder."""
        ...

    def dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys below a folder, each with when it was stored."""
        ...

    def local_path(self, key: str) -> Path | None:
        """Its file, or None where objects are not files."""
        ...

    def count_partial(self, before: datetime) -> int:
        """How much is half written and older."""
        ...

    def sweep_partial(self, before: datetime) -> int:
        """Remove what is half written and older."""
        ...


class Disk:
    """Objects as files of a folder. obstore's own local store never calls fsync, so this one is ours."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes | Iterable[bytes] | Path, *, create_only: bool) -> int:
        """Write durably before returning (see disk.write_durably)."""
        try:
            return write_durably(self.root, key, data, create_only=create_only)
        except FileExistsError as error:
            if not (self.root / key).is_file():  # a part of the key is a file, or the key is a folder
                raise StorageError(key, str(error)) from error
            raise AlreadyThere(key) from error

    def stream(self, key: str, start: int) -> Iterator[bytes]:
        """Open now, so that an absent key is met here, and read as it is asked for."""
        try:
            file = (self.root / key).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise NotThere(key) from error

        def read() -> Iterator[bytes]:
            with file:
                file.seek(start)
                while piece := file.read(CHUNK):
                    yield piece

        return read()

    def size(self, key: str) -> int:
        """Its bytes; NotThere."""
        path = self.root / key
        if not path.is_file():
            raise NotThere(key)
        return path.stat().st_size

    def delete(self, key: str) -> None:
        """Remove it if it is there."""
        (self.root / key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys below a folder."""
        top = self.root / prefix
        for path in sorted(top.rglob("*")) if top.is_dir() else []:
            relative = path.relative_to(self.root)
            if relative.parts[0] != PARTIAL and path.is_file():
                yield relative.as_posix()

    def dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys below a folder, each with when its file was written."""
        for key in self.keys(prefix):
            with suppress(FileNotFoundError):  # removed meanwhile
                yield key, datetime.fromtimestamp((self.root / key).stat().st_mtime, UTC)

    def local_path(self, key: str) -> Path | None:
        """Its file, or None where objects are not files."""
        return self.root / key

    def count_partial(self, before: datetime) -> int:
        """How much is half written and older."""
        return len(old_partials(self.root, before))

    def sweep_partial(self, before: datetime) -> int:
        """Remove what is half written and older."""
        return sweep_partial(self.root, before)


class Objects:
    """Objects of an S3 service or of memory, through obstore."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def put(self, key: str, data: bytes | Iterable[bytes] | Path, *, create_only: bool) -> int:
        """Send whole and believe nothing: the size the service reports must be the size that was sent."""
        body = b"".join(pieces(data))
        try:
            obstore.put(
                self.store, key, body, mode="create" if create_only else "overwrite", use_multipart=False
            )
        except AlreadyExistsError as error:
            raise AlreadyThere(key) from error
        except (BaseError, OSError) as error:
            raise StorageError(key, str(error)) from error
        stored = self.size(key)
        if stored != len(body):
            self.delete(key)
            raise StorageError(key, f"{stored} bytes stored of {len(body)}")
        return stored

    def stream(self, key: str, start: int) -> Iterator[bytes]:
        """Its bytes from an offset; NotThere at once."""
        if start >= self.size(key):
            return iter(())
        try:
            found = obstore.get(self.store, key, options={"range": {"offset": start}})
        except FileNotFoundError as error:
            raise NotThere(key) from error
        except (BaseError, OSError) as error:
            raise StorageError(key, str(error)) from error
        return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    def size(self, key: str) -> int:
        """Its bytes; NotThere."""
        try:
            return obstore.head(self.store, key)["size"]
        except FileNotFoundError as error:
            raise NotThere(key) from error
        except (BaseError, OSError) as error:
            raise StorageError(key, str(error)) from error

    def delete(self, key: str) -> None:
        """Remove it if it is there."""
        try:
            obstore.delete(self.store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise StorageError(key, str(error)) from error

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys below a folder."""
        return (key for key, _ in self.dated(prefix))

    def dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys below a folder, each with when the service says it was stored."""
        for batch in obstore.list(self.store, prefix or None):
            for meta in batch:
                yield meta["path"], meta["last_modified"].astimezone(UTC)

    def local_path(self, key: str) -> Path | None:  # noqa: ARG002  the interface's
        """Its file, or None where objects are not files."""
        return None

    def count_partial(self, before: datetime) -> int:  # noqa: ARG002  the service keeps nothing half written
        """How much is half written and older."""
        return 0

    def sweep_partial(self, before: datetime) -> int:  # noqa: ARG002  the service keeps nothing half written
        """Remove what is half written and older."""
        return 0


class Storage:
    """Objects by key. Every call raises BytesInsideTransactionError while a unit of work is open.

    url: `file:/absolute/folder`, `s3://bucket?endpoint=…&region=…` or `memory:`.
    Construction does no I/O.
    """

    def __init__(self, url: str, *, access_key: str = "", secret_key: str = "") -> None:
        self._backend = _backend(url, access_key, secret_key)

    def put(self, key: str, data: bytes | Iterable[bytes] | Path, *, create_only: bool = True) -> int:
        """Store whole and durably; returns its bytes. Raises AlreadyThere if create_only and it is there."""
        return self._for(key, "storing").put(key, data, create_only=create_only)

    def get(self, key: str) -> bytes:
        """The whole object; raises NotThere."""
        return b"".join(self.stream(key))

    def stream(self, key: str, start: int = 0) -> Iterator[bytes]:
        """The object's bytes from an offset (nothing if at or past its end); raises NotThere at once."""
        return self._for(key, "reading").stream(key, start)

    def size(self, key: str) -> int:
        """Its bytes; raises NotThere."""
        return self._for(key, "measuring").size(key)

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        try:
            self.size(key)
        except NotThere:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove it; nothing happens where there is none."""
        self._for(key, "deleting").delete(key)

    def list(self, prefix: str = "") -> Iterator[str]:
        """Keys below a folder (`originals/`; all for ``""``), in no promised order."""
        assert_outside_transaction("listing objects")
        folder = prefix.rstrip("/")
        if folder:
            _check(folder)
        return self._backend.keys(folder)

    def dated(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys below a folder, each with when it was stored: aware UTC, by the clock of whoever stores."""
        assert_outside_transaction("listing objects")
        _check(prefix)
        return self._backend.dated(prefix)

    def concat(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes of several objects, one after another."""
        for key in keys:
            yield from self.stream(key)

    def local_path(self, key: str) -> Path | None:
        """The file of an object where objects are files, whether or not it exists; else None."""
        return self._for(key, "locating").local_path(key)

    def check(self) -> None:
        """Write, read and remove a small object; raises StorageError or OSError where that fails."""
        key = f"probe/{secrets.token_hex(16)}"
        try:
            self.put(key, b"probe")
            if self.get(key) != b"probe":
                raise StorageError(key, "read back differently")
        finally:
            self.delete(key)

    def count_partial(self, before: datetime) -> int:
        """How much kills left half written before an aware instant."""
        return self._backend.count_partial(before)

    def sweep_partial(self, before: datetime) -> int:
        """Remove what kills left half written before an aware instant; returns how many."""
        return self._backend.sweep_partial(before)

    def _for(self, key: str, what: str) -> Backend:
        assert_outside_transaction(f"{what} an object")
        _check(key)
        return self._backend


def _check(key: str) -> None:
    if len(key) > _KEY_MAX or not _KEY.fullmatch(key):
        raise BadKey(key)


def _backend(url: str, access_key: str, secret_key: str) -> Backend:
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return Objects(MemoryStore())
    if parts.scheme == "file":
        root = Path(unquote(parts.path))
        if parts.netloc or not root.is_absolute():
            raise ValueError("the storage folder must be an absolute path: file:/srv/contest/media")
        return Disk(root)
    if parts.scheme == "s3":
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = options.get("endpoint", "")
        config: dict[str, Any] = {
            "region": options.get("region", "us-east-1"),
            "client_options": {"allow_http": endpoint.startswith("http://"), "timeout": "60s"},
        }
        if endpoint:
            config["endpoint"] = endpoint
        if access_key:
            config |= {"access_key_id": access_key, "secret_access_key": secret_key}
        return Objects(S3Store(parts.netloc, **config))
    raise ValueError(f"storage of an unknown kind: {parts.scheme}")
