"""One JSON document posted to a gateway that sends texts or mail for the office; nothing is believed but 2xx."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from contest.infra.guard import assert_outside_transaction

TIMEOUT_SECONDS = 20
_OURSELVES = frozenset({"127.0.0.1", "::1", "localhost"})
_ACCEPTED = range(200, 300)
_REFUSED = range(400, 500)
# Our own setting to be mended, or a busy gateway: the message itself can still go.
_NOT_FINAL = frozenset({401, 403, 407, 408, 409, 425, 429})


class Undelivered(Exception):
    """The message was not accepted. permanent: trying again is useless. The reason names no recipient."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class HttpGateway:
    """A gateway at an https address, or at an http one of this very machine. Follows no redirect."""

    def __init__(self, url: str, token: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _OURSELVES:
            raise ValueError("personal data leaves this machine over https only")
        if parts.username or not token.isascii():
            raise ValueError("a gateway is told who we are by its token alone, in ASCII")
        assert parts.hostname is not None
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._token = token

    def post(self, document: Mapping[str, Any], key: str) -> None:
        """Hand over one message; `key` makes a repetition recognisable. Raises Undelivered.

        Raises BytesInsideTransactionError while a unit of work is open.
        """
        assert_outside_transaction("sending to a gateway")
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        connection = self._connect()
        try:
            connection.request("POST", self._path, json.dumps(document, ensure_ascii=False).encode(), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise Undelivered(type(error).__name__, permanent=False) from error
        finally:
            connection.close()
        if status not in _ACCEPTED:
            raise Undelivered(
                f"gateway ({status})", permanent=status in _REFUSED and status not in _NOT_FINAL
            )

    def _connect(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
