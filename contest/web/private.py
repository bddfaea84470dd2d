"""Private addresses: whoever has one presses one button, then a signed session of this browser opens its pages.

The page behind the address alone shows nothing, so that robots which preview links in messages see nothing,
and no GET uses a link up.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, session, url_for

from contest.domain.actors import Actor, citizen
from contest.operations.links import Opened, open_link
from contest.web.access import network, services
from contest.web.request_log import about

#: How long a browser may use an address after its button was pressed, in wall time.
LIFETIME = dt.timedelta(hours=12)
#: How long the secret of a receipt stays on its page.
SECRET_SHOWN = dt.timedelta(minutes=15)
MOST = 5

View = Callable[..., Any]


def unlock(opened: Opened, *, purpose: str = "submission") -> None:
    """Let this browser use a private address."""
    held = dict(session.get(purpose, {}))
    held.pop(opened.submission_id, None)
    held[opened.submission_id] = [opened.epoch, _seconds()]
    session[purpose] = dict(list(held.items())[-MOST:])


def is_unlocked(opened: Opened, *, purpose: str = "submission") -> bool:
    """Whether this browser pressed the button of this very address within the last hours."""
    epoch, since = session.get(purpose, {}).get(opened.submission_id, (0, 0))
    return bool(epoch == opened.epoch and _seconds() - since < LIFETIME.total_seconds())


def lock_again(submission_id: str) -> None:
    """Forget an address in this browser: for shared computers."""
    session["submission"] = {
        key: value for key, value in session.get("submission", {}).items() if key != submission_id
    }
    session.pop("secret", None)


def show_secret(submission_id: str) -> None:
    """Let the receipt page of this browser show the secret for a little while."""
    session["secret"] = [submission_id, _seconds()]


def may_show_secret(submission_id: str) -> bool:
    """Whether the receipt page may show the secret now."""
    shown, since = session.get("secret", ("", 0))
    return bool(shown == submission_id and _seconds() - since < SECRET_SHOWN.total_seconds())


def _seconds() -> int:
    return int(services().clock.wall().timestamp())


def open_private(link: str, *, purpose: str = "submission") -> Opened:
    """What an address opens. Raises Missing: 404, the same for a wrong as for a replaced one."""
    held = services()
    with held.database.read() as rows:
        return open_link(rows, held.crypto, link, purpose=purpose)


def private(view: View) -> View:
    """A page of a private address: view(opened, …). Another browser is sent to the button, or told 404."""

    @functools.wraps(view)
    def guarded(link: str, **kwargs: Any) -> Any:
        opened = open_private(link)
        if not is_unlocked(opened):
            if request.method != "GET" or request.path.startswith("/upload"):
                abort(404)
            return redirect(url_for("entries.door", link=link))
        about(opened.submission_id)
        return view(opened, link=link, **kwargs)

    return guarded


def owner(opened: Opened) -> Actor:
    """The entrant, as the trail names them."""
    return citizen(opened.submission_id, network())
