"""The public home: where the contest stands, what a visitor can do now."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from contest.queries.editions import current_edition, rules_of, schedule_of
from contest.web.access import now, public, services

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> Any:
    """The home page; other packages add their sections (candidates under verification, results)."""
    held = services()
    facts: dict[str, Any] = {"texts": None, "schedule": None, "sections": []}
    with held.database.read() as session:
        edition = current_edition(session)
        if edition is not None:
            facts["texts"], facts["schedule"] = rules_of(edition).texts, schedule_of(edition)
            for section in sorted(held.registry.home_sections, key=lambda section: section.order):
                shown = section.load(session, edition.id, now())
                if shown is not None:
                    facts["sections"].append((section.template, shown))
    return render_template("contest/home.html", **facts)
