"""A line for each request: who did what to which thing, by ids and names of routes; see infra/logs.py."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from flask import Flask, Response, g, request

from contest.domain.actors import Role
from contest.infra.logs import doing
from contest.web.access import Visitor, network

log = logging.getLogger("contest.requests")
#: Parts of addresses that name a thing and open nothing; `link`, `signed`, `token` and upload ids are keys.
NAMING = frozenset({"number", "ordinal", "slug", "kind", "step", "way", "day", "code"})
_KEYS = frozenset({"upload_id"})


def init_request_log(app: Flask) -> None:
    """Begin each request with what it is, end it with its line."""
    app.before_request(_begin)
    app.after_request(_tell)
    app.teardown_request(_end)


def about(subject_id: str, *, kind: str = "submission") -> None:
    """A private address was opened: from now on whoever it was given to acts (an entrant, a number told of news)."""
    doing.set(
        {
            **doing.get(),
            "actor": f"citizen:{subject_id}",
            "object": _object() | {kind: subject_id},
        }
    )


def _begin() -> None:
    g.began = time.monotonic()
    doing.set(
        {
            "request": secrets.token_hex(8),
            "actor": "visitor",
            "action": f"{request.method[:10]} {request.endpoint or '-'}",
            "object": _object(),
        }
    )


def _object() -> dict[str, Any]:
    return {
        name: value
        for name, value in (request.view_args or {}).items()
        if name in NAMING or (name.endswith("_id") and name not in _KEYS)
    }


def _tell(response: Response) -> Response:
    if not log.isEnabledFor(logging.INFO) or request.endpoint == "static":
        return response
    facts = {"status": response.status_code, "network": network()[:12]}
    # Only whom this request has looked up already: telling of it must work where the rows cannot be reached.
    visitor = g.get("_login_user")
    if isinstance(visitor, Visitor):
        kind = "judge" if visitor.role is Role.JUDGE else "account"
        facts["actor"] = f"{kind}:{visitor.account_id}"
    if "began" in g:
        facts["ms"] = round((time.monotonic() - g.began) * 1000)
    log.info("", extra={"facts": facts})
    return response


def _end(_error: BaseException | None) -> None:
    doing.set({})
