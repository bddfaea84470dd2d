"""다시 검사: looking again at photographs that an older version of the checks looked at, and what that changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.operations.errands import progress_of
from contest.operations.recheck import KIND, begin_recheck
from contest.queries.recheck import changed_by, count_outdated
from contest.queries.standing import standing
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.screening_menu import SCREENERS

blueprint = Blueprint("recheck", __name__, url_prefix="/staff/recheck")
BEGINNERS = (Role.OPERATOR, Role.ADMINISTRATOR)


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """How many photographs are due, how far the work is, which works the last one changed; ?as=json: how far."""
    return _progress() if request.args.get("as") == "json" else _page()


@blueprint.post("")
@allow(*BEGINNERS)
def begin() -> Any:
    """Begin to look again."""
    held = services()
    with held.database.read() as session:
        edition = standing(session)
    if edition is None:
        abort(404)
    try:
        with held.database.write() as uow:
            begin_recheck(uow, edition.id, actor=actor(), now=now(), wall=held.clock.wall())
    except Conflict as error:
        return _page(say(error)), error.status
    return redirect(url_for("recheck.index"), 303)


def _progress() -> Any:
    with services().database.read() as session:
        found = progress_of(session, kind=KIND)
    if found is None:
        abort(404)
    return jsonify(
        value=found.done, max=found.total, text=found.failed or found.line or "준비하고 있습니다",
        done=found.is_finished, failed=bool(found.failed), next_url=url_for("recheck.index"),
    )  # fmt: skip


def _page(refused: str = "") -> str:
    with services().database.read() as session:
        edition = standing(session)
        found = progress_of(session, kind=KIND)
        due = count_outdated(session, edition.id) if edition else 0
        changed = changed_by(session, found.id) if found else ()
    return render_template(
        "contest/screening/recheck.html",
        edition=edition,
        found=found,
        running=found is not None and not found.is_finished and not found.failed,
        due=due,
        changed=changed,
        refused=refused,
        is_over=edition is not None and edition.stage is Stage.DECIDED,
        may_begin=current_user.role in BEGINNERS,
        may_open=current_user.role in SCREENERS,
    )
