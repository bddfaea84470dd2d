"""The demonstration's clock page; it does not exist in a real instance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from contest.domain.actors import STAFF
from contest.domain.errors import ContestError, Invalid
from contest.domain.milestones import jumps
from contest.domain.schedule import parse_instant
from contest.operations.clock import move_clock
from contest.queries.editions import current_edition, schedule_of
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.filters import kst

blueprint = Blueprint("demo", __name__, url_prefix="/staff/clock")


@blueprint.before_request
def _only_in_a_demonstration() -> None:
    if not services().settings.demonstration:
        abort(404)


@blueprint.get("")
@allow(*STAFF)
def clock() -> Any:
    """What time it is in the contest, and where it may go."""
    return _page([], "")


@blueprint.post("")
@allow(*STAFF)
def move() -> Any:
    """Move contest time forward."""
    typed = request.form.get("at", "")
    target = parse_instant(typed)
    held = services()
    try:
        if target is None:
            raise Invalid("clock.unreadable", field="at")
        with held.database.write() as uow:
            move_clock(uow, target, actor=actor(), now=now(), wall=held.clock.wall())
    except ContestError as error:
        return _page([say(error)], typed), error.status
    flash(f"공모전 시계를 {kst(target)}에 맞추었습니다.", "success")
    return redirect(url_for("demo.clock"), 303)


def _page(errors: list[str], typed: str) -> str:
    with services().database.read() as rows:
        edition = current_edition(rows)
        found = jumps(schedule_of(edition), now()) if edition else ()
    tomorrow = now() + dt.timedelta(days=1)
    return render_template(
        "contest/staff_home/clock.html", jumps=found, errors=errors, typed=typed, tomorrow=tomorrow
    )
