"""Stopping news of the next contest: by the private address in its message, or by a call to the office."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import StringField

from contest.domain.actors import Role, citizen
from contest.domain.errors import Invalid
from contest.domain.persons import parse_phone
from contest.operations.news import NEWS, open_news_link, stop_news, stop_news_of_number
from contest.web.access import actor, allow, network, now, public, services
from contest.web.entry_forms import ButtonForm
from contest.web.errors import say
from contest.web.request_log import about

blueprint = Blueprint("news", __name__)


class NumberForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The number of somebody who called."""

    phone = StringField("전화번호")


@blueprint.route("/news/<link>", methods=["GET", "POST"])
@public
def stop(link: str) -> Any:
    """What the button does; pressed, that it is done. Opening the address changes nothing."""
    held = services()
    with held.database.read() as rows:
        contact_id = open_news_link(rows, held.crypto, link)
    if contact_id is not None:
        about(contact_id, kind=NEWS)
    form = ButtonForm()
    if contact_id is not None and form.validate_on_submit():
        with held.database.write() as uow:
            stop_news(uow, contact_id, actor=citizen(contact_id, network()), now=now())
        contact_id = None
    return render_template("contest/entries/news.html", form=form, is_listed=contact_id is not None)


@blueprint.route("/staff/news", methods=["GET", "POST"])
@allow(Role.OPERATOR, Role.APPROVER)
def stop_for_caller() -> Any:
    """What whoever calls is asked for, and whether there was anything to stop."""
    form = NumberForm()
    if not form.validate_on_submit():
        return render_template("contest/people/news.html", form=form)
    try:
        phone = parse_phone(form.phone.data or "")
    except Invalid as error:
        form.phone.errors = [say(error)]
        return render_template("contest/people/news.html", form=form), error.status
    with services().database.write() as uow:
        was_told = stop_news_of_number(uow, phone, actor=actor(), now=now())
    if was_told:
        flash("이 번호로 다음 공모전 안내를 더 보내지 않습니다.", "success")
    else:
        flash(
            "이 번호로는 다음 공모전 안내를 보내고 있지 않습니다. 응모할 때 적은 번호가 맞는지 여쭤보세요.",
            "info",
        )
    return redirect(url_for("news.stop_for_caller"), 303)
