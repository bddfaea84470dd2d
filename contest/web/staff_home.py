"""The first page of staff: where the contest stands, what comes next, who must act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from contest.domain.actors import STAFF
from contest.web.access import allow

blueprint = Blueprint("staff_home", __name__)


@blueprint.get("/staff")
@allow(*STAFF)
def index() -> Any:
    """The staff home."""
    return render_template("contest/staff_home/index.html")
