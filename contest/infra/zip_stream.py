"""A ZIP made while it is sent: nothing is held but the piece on its way, and its size is known before."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# ZIP (APPNOTE 4.3): fixed parts of a stored file written to a stream whose sizes follow its bytes.
_LOCAL, _DESCRIPTOR, _CENTRAL, _END = 30, 16, 46, 22


@dataclass(frozen=True)
class Pack:
    """What is taken out: (name, size in bytes, its bytes when asked for)."""

    files: tuple[tuple[str, int, Callable[[], Iterable[bytes]]], ...]
    stamp: dt.datetime

    @property
    def size(self) -> int:
        """Bytes of the whole ZIP, known before a byte of it is made."""
        names = [len(name.encode()) for name, _, _ in self.files]
        fixed = (_LOCAL + _DESCRIPTOR + _CENTRAL) * len(names) + _END
        return fixed + 2 * sum(names) + sum(size for _, size, _ in self.files)

    def stream(self) -> Iterator[bytes]:
        """The ZIP piece by piece: stored, Korean names in UTF-8 with the flag that says so."""
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
            for name, _, read in self.files:
                info = zipfile.ZipInfo(name, self.stamp.timetuple()[:6])
                info.external_attr = 0o644 << 16
                with archive.open(info, "w") as file:
                    for piece in read():
                        file.write(piece)
                        yield from sink.taken()
                yield from sink.taken()
        yield from sink.taken()


class _Sink(io.RawIOBase):
    """A file that cannot seek and hands on what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        """It takes bytes."""
        return True

    def write(self, piece: object) -> int:
        """Keep them until they are taken."""
        data = bytes(piece)  # type: ignore[call-overload]  # zipfile writes bytes and views of them
        self._held.append(data)
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """How many bytes have gone by."""
        return self._at

    def taken(self) -> list[bytes]:
        """What was written since the last call."""
        held, self._held = self._held, []
        return held
