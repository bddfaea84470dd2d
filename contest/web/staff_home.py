"""The first page of staff: where the contest stands, what comes next, who must act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from contest.domain.actors import STAFF
from contest.domain.grants import GRANTERS
from contest.queries.staff_home import staff_home
from contest.web.access import allow, now, services

blueprint = Blueprint("staff_home", __name__)


@blueprint.get("/staff")
@allow(*STAFF)
def index() -> Any:
    """The staff home; other packages add their cards and their next things."""
    held, moment = services(), now()
    cards = []
    with held.database.read() as rows:
        home = staff_home(rows, held.registry, moment)
        if home.edition_id is not None:
            for section in sorted(held.registry.staff_sections, key=lambda section: section.order):
                shown = section.load(rows, home.edition_id, moment)
                if shown is not None:
                    cards.append((section.template, shown))
    return render_template(
        "contest/staff_home/index.html", home=home, cards=cards, url_if_any=url_if_any, granters=GRANTERS
    )


def url_if_any(endpoint: str, **arguments: Any) -> str:
    """The address of a page that another package may or may not have; empty if it has not."""
    return url_for(endpoint, **arguments) if endpoint in current_app.view_functions else ""
