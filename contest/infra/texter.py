"""Text messages leave through a gateway, into files or into memory, chosen by URL; or not by this program at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from contest.domain.korean import MessageKind, measure_message
from contest.infra.disk import write_durably
from contest.infra.guard import assert_outside_transaction
from contest.infra.http_gateway import HttpGateway, Undelivered


@dataclass(frozen=True)
class Text:
    """A text message to one number as dialled; `key` is the same whenever the same one is sent again."""

    to: str
    title: str
    text: str
    key: str


class Texter(Protocol):
    """Sends text messages."""

    def send(self, text: Text) -> None:
        """Hand over one text; raises Undelivered, BytesInsideTransactionError inside a unit of work."""
        ...


def texter_for(url: str, sender: str, token: str) -> Texter | None:
    """The texter of a URL, sending from the number `sender`; None for no URL: staff take texts away as a file.

    `https://gateway/path`, `http://127.0.0.1…`, `file:/absolute/folder`, `memory:`. Does no I/O.
    """
    parts = urlsplit(url)
    if not url:
        return None
    if parts.scheme in {"http", "https"} and parts.hostname:
        return GatewayTexter(HttpGateway(url, token), sender)
    if parts.scheme == "file" and Path(unquote(parts.path)).is_absolute():
        return FileTexter(Path(unquote(parts.path)), sender)
    if parts.scheme == "memory":
        return MemoryTexter()
    raise ValueError(f"texts of an unknown kind: {parts.scheme}")


class GatewayTexter:
    """One POST a text: {from, to, kind: "SMS" | "LMS", title, text}."""

    def __init__(self, gateway: HttpGateway, sender: str) -> None:
        self.gateway = gateway
        self.sender = sender

    def send(self, text: Text) -> None:
        """Hand the text to the gateway."""
        self.gateway.post(_document(text, self.sender), text.key)


class FileTexter:
    """One durable JSON file a text; a repeated key leaves the first file as it is."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, text: Text) -> None:
        """Write the text; returns when it is on disk."""
        assert_outside_transaction("sending texts")
        name = hashlib.sha256(text.key.encode()).hexdigest()[:32] + ".json"
        data = json.dumps(_document(text, self.sender), ensure_ascii=False).encode()
        try:
            write_durably(self.folder, name, data, create_only=True)
        except FileExistsError:
            return
        except OSError as error:
            raise Undelivered(type(error).__name__, permanent=False) from error


class MemoryTexter:
    """Keeps what was sent, for tests."""

    def __init__(self) -> None:
        self.sent: list[Text] = []

    def send(self, text: Text) -> None:
        """Keep the text."""
        assert_outside_transaction("sending texts")
        self.sent.append(text)


def _document(text: Text, sender: str) -> dict[str, Any]:
    kind = measure_message(text.text).kind
    if kind is MessageKind.TOO_LONG:
        raise Undelivered("too long", permanent=True)
    said = asdict(text)
    del said["key"]
    return {"from": sender, "kind": kind.value, **said}
