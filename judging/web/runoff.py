"""결선투표 for staff: which ties wait for the panel, how many have voted, and counting once it is over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict, Invalid
from contest.domain.ruleset import RUNOFF
from contest.domain.schedule import KST
from contest.queries.editions import current_edition, rules_of
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.minute_field import MinuteField
from judging.operations.runoff import close_runoff, open_runoff
from judging.queries.panel import round_of
from judging.queries.runoff import may_be_asked, runoffs

blueprint = Blueprint("runoff", __name__, template_folder="templates", url_prefix="/staff/judging/runoff")

USUAL = dt.timedelta(days=1)


class RunoffForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Until when the panel votes."""

    ends = MinuteField(
        "투표 마감", [InputRequired("언제까지 투표할지 적어 주세요.")], format="%Y-%m-%dT%H:%M"
    )


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """The ties that wait, the run-offs that are open, and those that were counted."""
    return _page(RunoffForm(formdata=None))


@blueprint.post("")
@allow(Role.OPERATOR, Role.APPROVER)
def begin() -> Any:
    """Ask the panel about one tie."""
    form = RunoffForm()
    if not form.validate_on_submit() or form.ends.data is None:
        return _page(form, status=422)
    edition_id = _edition_id()
    try:
        with services().database.write() as uow:
            open_runoff(
                uow, edition_id, request.form.getlist("number"), form.ends.data.replace(tzinfo=KST),
                actor=actor(), now=now(),
            )  # fmt: skip
    except Invalid as error:
        form.ends.errors = [say(error)]
        return _page(form, status=error.status)
    flash("결선투표를 열고 위원에게 알렸습니다.", "success")
    return redirect(url_for("runoff.index"), 303)


@blueprint.post("/<runoff_id>/count")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def count(runoff_id: str) -> Any:
    """Count the votes and go on down the ladder."""
    with services().database.write() as uow:
        close_runoff(uow, runoff_id, actor=actor(), now=now())
    flash("개표하고 표를 봉인했습니다. 순위에 반영했습니다.", "success")
    return redirect(url_for("runoff.index"), 303)


def _page(form: RunoffForm, status: int = 200) -> Any:
    with services().database.read() as rows:
        edition = current_edition(rows)
        held = round_of(rows, edition.id) if edition else None
        is_declared = edition is not None and RUNOFF in rules_of(edition).ties
        is_known = held is not None and held.is_result and held.is_read
        waiting = may_be_asked(rows, edition) if edition and is_declared and is_known else []
        listed = runoffs(rows, edition.id) if edition else []
    if form.ends.data is None and not form.is_submitted():
        form.ends.data = (now() + USUAL).astimezone(KST).replace(tzinfo=None, minute=0)
    page = render_template(
        "judging/runoff.html", round=held, is_declared=is_declared, is_known=is_known, waiting=waiting,
        runoffs=listed, form=form, at=now(), asked=request.form.getlist("number"),
    )  # fmt: skip
    return page, status


def _edition_id() -> str:
    with services().database.read() as rows:
        edition = current_edition(rows)
    if edition is None:
        raise Conflict("judging.not_begun")
    return edition.id
