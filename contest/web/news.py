"""Stopping news of the next contest: the private address in its message, one button, nothing to sign in to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from contest.domain.actors import citizen
from contest.operations.news import NEWS, open_news_link, stop_news
from contest.web.access import network, now, public, services
from contest.web.entry_forms import ButtonForm
from contest.web.request_log import about

blueprint = Blueprint("news", __name__)


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
