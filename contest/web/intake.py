"""접수 현황: the figures of entry as charts drawn here, each with its table."""

from __future__ import annotations

import shutil
from typing import Any

from flask import Blueprint, render_template

from contest.domain.actors import Role
from contest.domain.stages import Stage
from contest.queries.intake import load_intake
from contest.queries.recheck import count_outdated
from contest.queries.standing import standing
from contest.web.access import allow, now, services
from contest.web.call import remaining

blueprint = Blueprint("intake", __name__)


@blueprint.get("/staff/intake")
@allow(Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
def index() -> Any:
    """The dashboard."""
    held, moment = services(), now()
    with held.database.read() as session:
        edition = standing(session)
        found = load_intake(session, edition.id, edition.schedule, moment) if edition else None
        outdated = (
            count_outdated(session, edition.id) if edition and edition.stage is not Stage.DECIDED else 0
        )
    is_local = held.settings.storage_url.startswith("file:")
    return render_template(
        "contest/screening/intake.html",
        edition=edition,
        intake=found,
        schedule=edition.schedule if edition else None,
        now=moment,
        outdated=outdated,
        remaining=remaining(edition.schedule, moment) if edition else None,
        disk=shutil.disk_usage(held.settings.data) if is_local else None,
    )
