"""The register of public holidays, with what each touches."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.widgets import DateInput

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict, Invalid
from contest.domain.korean import day_text, with_particle
from contest.domain.schedule import parse_day
from contest.infra.texts.edition_fields import label_of
from contest.operations.registers import add_holiday, remove_holiday
from contest.queries.registers import list_holidays
from contest.web.access import actor, allow, now, services
from contest.web.errors import say

blueprint = Blueprint("holidays", __name__)


class HolidayForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A day and its name."""

    day = StringField("날짜", widget=DateInput())
    name = StringField("이름")


@blueprint.get("/staff/holidays")
@allow(*STAFF)
def index() -> Any:
    """Every holiday and what it touches."""
    return _page(HolidayForm())


@blueprint.post("/staff/holidays")
@allow(Role.OPERATOR, Role.ADMINISTRATOR)
def add() -> Any:
    """Add one; a day that touches a schedule is said at once."""
    form = HolidayForm()
    day = parse_day(form.day.data)
    try:
        with services().database.write() as uow:
            add_holiday(uow, day, form.name.data or "", actor=actor(), now=now())
    except (Invalid, Conflict) as refused:
        form[refused.field or "day"].errors = [say(refused)]
        return _page(form), refused.status
    assert day is not None  # or it would have been refused
    flash(
        f"{day_text(day)} {with_particle(form.name.data or '', '을/를')} 추가했습니다. "
        "겹치는 일정이 있으면 아래 목록에 보입니다.",
        "success",
    )
    return redirect(url_for(".index"), 303)


@blueprint.post("/staff/holidays/<day>/remove")
@allow(Role.OPERATOR, Role.ADMINISTRATOR)
def remove(day: str) -> Any:
    """Take one out."""
    read = parse_day(day)
    if read is None:
        abort(404)
    with services().database.write() as uow:
        remove_holiday(uow, read, actor=actor(), now=now())
    flash(f"{with_particle(day_text(read), '을/를')} 지웠습니다.", "success")
    return redirect(url_for(".index"), 303)


def _page(form: HolidayForm) -> str:
    with services().database.read() as session:
        held = list_holidays(session, now())
    today = now().astimezone(dt.UTC).date()
    return render_template(
        "contest/registers/holidays.html",
        form=form,
        coming=[one for one in reversed(held) if one.day >= today],
        gone=[one for one in held if one.day < today],
        label=lambda name: label_of("ko", f"schedule.{name}"),
    )
