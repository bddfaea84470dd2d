"""The 파기대장, and what is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.notice import length_text
from contest.infra.registry import Loader, Registry
from contest.queries.destruction import destroyed, due_now
from contest.queries.retention import class_lines
from contest.web.access import allow, now, services

blueprint = Blueprint("destruction", __name__)
READERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)


@blueprint.get("/staff/destruction")
@allow(*READERS)
def index() -> Any:
    """Every class of data with its period, what the next run will destroy, and every line of the ledger."""
    held = services()
    with held.database.read() as rows:
        lines = destroyed(rows)
        due = due_now(rows, held.registry, now())
        classes = class_lines(rows, held.registry, now())
    return render_template(
        "contest/destruction/index.html", lines=lines, due=due, classes=classes, length_text=length_text
    )


def destruction_card(registry: Registry) -> Loader:
    """The card of the staff home: what is due; none where nothing is."""

    def load(session: Session, _edition_id: str, moment: dt.datetime) -> dict[str, Any] | None:
        due = due_now(session, registry, moment)
        return {"due": due} if due else None

    return load
