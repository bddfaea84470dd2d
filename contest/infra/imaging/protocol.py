"""Messages over a pipe: a length, a JSON header, then the bytes it announces. No pickle."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Sequence
from typing import Any

_LENGTH = struct.Struct(">I")
_LONGEST_HEADER = 1 << 20
_LONGEST_BLOB = 1 << 28
_CHUNK = 1 << 20


class Broken(Exception):
    """The other side went away in the middle, or says what it should not."""


def send(fd: int, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Write one message; OSError when the other side is gone."""
    head = json.dumps(header | {"blobs": [len(blob) for blob in blobs]}).encode()
    for part in (_LENGTH.pack(len(head)), head, *blobs):
        view = memoryview(part)
        while view:
            view = view[os.write(fd, view[:_CHUNK]) :]


def pack(blobs: Sequence[bytes]) -> bytes:
    """One whole message of blobs alone, to be sent as a blob itself; `parse` reads it."""
    head = json.dumps({"blobs": [len(blob) for blob in blobs]}).encode()
    return b"".join((_LENGTH.pack(len(head)), head, *blobs))


def receive(fd: int) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one message; None at the end of the pipe, Broken inside a message or for nonsense."""
    first = _read(fd, _LENGTH.size, may_end=True)
    if not first:
        return None
    (length,) = _LENGTH.unpack(first)
    if length > _LONGEST_HEADER:
        raise Broken
    header = _parse(_read(fd, length))
    return header, [_read(fd, size) for size in header["blobs"]]


def parse(message: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Read one whole message held in memory; Broken for anything else."""
    start = _LENGTH.size
    if len(message) < start:
        raise Broken
    (length,) = _LENGTH.unpack(message[:start])
    header = _parse(message[start : start + length])
    at = start + length
    if at + sum(header["blobs"]) != len(message):
        raise Broken
    blobs = []
    for size in header["blobs"]:
        blobs.append(message[at : at + size])
        at += size
    return header, blobs


def _parse(head: bytes) -> dict[str, Any]:
    try:
        header = json.loads(head)
    except ValueError as error:
        raise Broken from error
    sizes = header.get("blobs") if isinstance(header, dict) else None
    if not isinstance(sizes, list) or not all(
        isinstance(size, int) and 0 <= size <= _LONGEST_BLOB for size in sizes
    ):
        raise Broken
    whole: dict[str, Any] = header
    return whole


def _read(fd: int, length: int, *, may_end: bool = False) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = os.read(fd, min(_CHUNK, length - len(parts)))
        if not part:
            if may_end and not parts:
                return b""
            raise Broken
        parts += part
    return bytes(parts)
