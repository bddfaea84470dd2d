"""How far judging has come, as counts alone, and closing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.operations.close import ask_chair, close_judging
from judging.queries.panel import members, round_of
from judging.queries.readiness import closing
from judging.queries.standings import standings, unresolved

blueprint = Blueprint("progress", __name__, template_folder="templates", url_prefix="/staff/judging")


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """Per judge: works, scored, begun, signed. Never a score."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        held = round_of(rows, edition.id) if edition else None
        if edition is None or held is None:
            return render_template("judging/panel/progress.html", edition=edition, round=None)
        is_sealed = held.state == "sealed"
        return render_template(
            "judging/panel/progress.html", edition=edition, round=held, members=members(rows, edition.id),
            blockers=[] if is_sealed else closing(rows, edition.id, prove=False), is_sealed=is_sealed,
            ties=unresolved(standings(rows, edition.id)) if is_sealed else [],
        )  # fmt: skip


@blueprint.route("/close", methods=["GET", "POST"])
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def close() -> Any:
    """What stands in the way, all of it; then the seal."""
    refused: Conflict | None = None
    edition_id = _edition_id()
    if request.method == "POST":
        try:
            with services().database.write() as uow:
                close_judging(uow, edition_id, actor=actor(), now=now())
            flash("심사를 마감하고 점수를 봉인했습니다.", "success")
            return redirect(url_for("progress.index"), 303)
        except Conflict as error:
            refused = error
    with services().database.read() as rows:
        held = round_of(rows, edition_id)
        if held is None:
            raise Conflict("judging.not_begun")
        found = closing(rows, edition_id)
        seats = [one for one in members(rows, edition_id) if one.is_seated]
    page = render_template(
        "judging/panel/close.html", round=held, blockers=found, seats=len(seats),
        trim=held.rule.decide_trim(len(seats)), error=say(refused) if refused else None,
    )  # fmt: skip
    return page, refused.status if refused else 200


@blueprint.post("/ask-chair")
@allow(Role.OPERATOR, Role.APPROVER)
def ask() -> Any:
    """Ask the chair to decide a tie."""
    edition_id = _edition_id()
    with services().database.write() as uow:
        ask_chair(uow, edition_id, request.form.getlist("number"), actor=actor(), now=now())
    flash("위원장에게 재심사를 요청했습니다.", "success")
    return redirect(url_for("progress.index"), 303)


def _edition_id() -> str:
    """The current edition's id. Raises Conflict `judging.not_begun` without one."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        if edition is None:
            raise Conflict("judging.not_begun")
        return edition.id
