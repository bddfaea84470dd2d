"""Suspected pairs: a list for staff, and the decision whether two photographs are one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from contest.domain.actors import Role
from contest.operations.pairs import decide_pair
from contest.queries.pairs import load_pairs
from contest.queries.standing import standing
from contest.web.access import actor, allow, now, services
from contest.web.screening_sieve import sieve_of_request, work_url
from contest.web.whole_numbers import whole

blueprint = Blueprint("pairs", __name__)


@blueprint.get("/staff/pairs")
@allow(Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
def index() -> Any:
    """Pairs that wait for a person, or all of them."""
    view = request.args.get("view", "")
    undecided, scenes = view != "all", view == "scenes"
    with services().database.read() as session:
        edition = standing(session)
        found = (
            load_pairs(
                session,
                edition.id,
                undecided=undecided,
                scenes=scenes,
                page=request.args.get("page", 1, type=whole),
            )
            if edition
            else None
        )
    return render_template(
        "contest/screening/pairs.html",
        pairs=found,
        undecided=undecided,
        scenes=scenes,
        page_url=lambda n: url_for("pairs.index", view=view or None, page=n),
    )


@blueprint.post("/staff/pairs/<photo_id>/<other_id>")
@allow(Role.OPERATOR, Role.APPROVER)
def decide(photo_id: str, other_id: str) -> Any:
    """Same or distinct; back to the work it was decided on."""
    decision = request.form.get("decision", "")
    with services().database.write() as uow:
        decide_pair(uow, photo_id, other_id, decision, actor=actor(), now=now())
    words = "다른" if decision == "distinct" else "같은"
    flash(f"{words} 사진으로 기록했습니다. 이 두 사진은 다시 묻지 않습니다.", "success")
    entry_id = request.form.get("entry")
    if not entry_id:
        return redirect(url_for("pairs.index"), 303)
    return redirect(work_url(sieve_of_request(), entry_id), 303)
