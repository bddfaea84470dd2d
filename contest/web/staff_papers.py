"""Papers for staff: taken out as files with a reason; a guardian's signed form confirmed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Missing
from contest.domain.papers import SUFFIXES, TYPES
from contest.operations.papers import confirm_signed_form, show_paper
from contest.web.access import actor, allow, now, services
from contest.web.errors import say

blueprint = Blueprint("staff_papers", __name__)


@blueprint.post("/staff/entry-papers/<paper_id>")
@allow(Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
def take(paper_id: str) -> Any:
    """The file as it was handed in: an act with a reason. Never shown within a page."""
    held = services()
    with held.database.write() as uow:
        form, kind = show_paper(uow, paper_id, request.form.get("reason", ""), actor=actor(), now=now())
    response = Response(held.storage.get(f"entry-papers/{paper_id}"), mimetype=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}-{paper_id[:6]}.{SUFFIXES[form]}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/staff/submissions/<submission_id>/guardian")
@allow(Role.OPERATOR, Role.APPROVER)
def confirm_guardian(submission_id: str) -> Any:
    """The signed form is there."""
    try:
        with services().database.write() as uow:
            confirm_signed_form(uow, submission_id, has_seen="seen" in request.form, actor=actor(), now=now())
    except Missing:
        raise
    except ContestError as error:
        flash(say(error), "error")
    else:
        flash("법정대리인 동의를 확인했습니다.", "success")
    return redirect(url_for("people.show", submission_id=submission_id), 303)
