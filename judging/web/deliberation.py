"""심의 for staff: opened for a time that stands, followed in counts, closed after a look at what it changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict, ContestError, Invalid
from contest.domain.schedule import KST
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.minute_field import MinuteField
from judging.operations.deliberation import close_deliberation, open_deliberation
from judging.queries.deliberating import deliberating
from judging.queries.panel import round_of

blueprint = Blueprint(
    "deliberation", __name__, template_folder="templates", url_prefix="/staff/judging/deliberation"
)

USUAL = dt.timedelta(days=1)


class DeliberationForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Until when the panel deliberates."""

    ends = MinuteField(
        "심의 마감", [InputRequired("언제까지 심의할지 적어 주세요.")], format="%Y-%m-%dT%H:%M"
    )


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """How far it has come, in counts; once nothing can change any more, what was revised and what that moves."""
    return _page(DeliberationForm(formdata=None))


@blueprint.post("")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def begin() -> Any:
    """Show the panel its sealed scores."""
    form = DeliberationForm()
    if not form.validate_on_submit() or form.ends.data is None:
        return _page(form, status=422)
    edition_id = _edition_id()
    try:
        with services().database.write() as uow:
            open_deliberation(
                uow, edition_id, form.ends.data.replace(tzinfo=KST), actor=actor(), now=now()
            )  # fmt: skip
    except Invalid as error:
        form.ends.errors = [say(error)]
        return _page(form, status=error.status)
    except Conflict as error:
        return _page(form, error)
    flash("심의를 열고 위원에게 알렸습니다.", "success")
    return redirect(url_for("deliberation.index"), 303)


@blueprint.post("/close")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def close() -> Any:
    """Seal the scores for good, as the page showed them to stand."""
    edition_id = _edition_id()
    try:
        with services().database.write() as uow:
            close_deliberation(uow, edition_id, request.form.get("shown", ""), actor=actor(), now=now())
    except Conflict as error:
        return _page(DeliberationForm(formdata=None), error)
    flash("심의를 마감하고 점수를 다시 봉인했습니다. 순위를 계산했습니다.", "success")
    return redirect(url_for("deliberation.index"), 303)


def _page(form: DeliberationForm, refused: ContestError | None = None, status: int = 200) -> Any:
    with services().database.read() as rows:
        edition = current_edition(rows)
        held = round_of(rows, edition.id) if edition else None
        shown = deliberating(rows, edition.id, now()) if edition else None
    if form.ends.data is None and not form.is_submitted():
        form.ends.data = (now() + USUAL).astimezone(KST).replace(tzinfo=None, minute=0)
    page = render_template(
        "judging/deliberation.html",
        round=held,
        shown=shown,
        form=form,
        error=say(refused) if refused else None,
    )
    return page, refused.status if refused else status


def _edition_id() -> str:
    with services().database.read() as rows:
        edition = current_edition(rows)
    if edition is None:
        raise Conflict("judging.not_begun")
    return edition.id
