"""A device of the office that many people enter at: it forgets each of them by itself, and opens nothing again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for

from contest.domain.actors import Role
from contest.operations.erase import erase_draft
from contest.queries.entries import unfinished_of
from contest.web.access import actor, allow, now, public, services, sign_out

blueprint = Blueprint("kiosk", __name__)

#: Seconds without a sign of life; the page warns half a minute earlier.
PATIENCE = 120
_FLAG = "kiosk"


def is_kiosk() -> bool:
    """Whether this browser is a device that many people enter at."""
    return _FLAG in session


@blueprint.route("/staff/kiosk", methods=["GET", "POST"])
@allow(Role.OPERATOR, Role.APPROVER)
def begin() -> Any:
    """Make this device one: whoever is signed in leaves, and nothing of theirs stays."""
    if request.method == "POST":
        sign_out()
        session.permanent = True
        session[_FLAG] = _seconds()
        return redirect(url_for("entry_start.start"), 303)
    return render_template("contest/kiosk/begin.html", minutes=PATIENCE // 60)


@blueprint.post("/kiosk/clear")
@public
def clear() -> Any:
    """The next person's turn: what was not handed in is erased, the rest is no longer known here."""
    if is_kiosk():
        _forget()
    return redirect(url_for("entry_start.start"), 303)


def init_kiosk(app: Flask) -> None:
    """Forget whoever went away without a word, should the page's own clock not have run."""
    app.before_request(_forget_the_absent)


def _forget_the_absent() -> Any:
    since = session.get(_FLAG)
    if since is None or request.endpoint == "static":
        return None
    if _seconds() - since > PATIENCE:
        _forget()
        return redirect(url_for("entry_start.start"), 303)
    session[_FLAG] = _seconds()
    return None


def _forget() -> None:
    held = services()
    with held.database.read() as rows:
        unfinished = unfinished_of(rows, list(session.get("submission", {})))
    for submission_id in unfinished:
        erase_draft(held, submission_id, rule="kiosk", actor=actor(), now=now())
    session.clear()
    session.permanent = True
    session[_FLAG] = _seconds()


def _seconds() -> int:
    return int(services().clock.wall().timestamp())
