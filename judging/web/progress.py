"""How far judging has come, as counts alone, and closing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.domain.reopening import why_not
from judging.operations.choose import confirm_selection, deal_again
from judging.operations.close import ask_chair, close_judging
from judging.queries.outcome import choice
from judging.queries.panel import Member, RoundView, members, round_of
from judging.queries.readiness import closing
from judging.queries.reopening import closed_round
from judging.queries.repeats import consistencies
from judging.queries.round_scores import seated
from judging.queries.standings import standings, unresolved
from judging.web.counting_words import counted_words
from judging.web.repeat_words import HEADER, NOTE, Repeated, repeat_sentence

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
        is_closed = is_sealed or held.is_deliberating
        everyone = members(rows, edition.id)
        sits = [one for one in everyone if held.rule.panel.takes(is_external=one.is_external)]
        return render_template(
            "judging/panel/progress.html", edition=edition, round=held, members=sits,
            is_sealed=is_sealed, again=_again(rows, edition.id, held, everyone),
            blockers=[] if is_closed else closing(rows, edition.id, prove=False, everyone=everyone),
            ties=unresolved(standings(rows, edition.id)) if held.is_result and held.is_read else [],
        )  # fmt: skip


def _again(rows: Session, edition_id: str, held: RoundView, everyone: list[Member]) -> dict[str, Any] | None:
    """How alike each judge judged what was met twice; nothing before somebody opened the results."""
    if not held.is_result or not held.is_read:
        return None
    names = {one.judge_id: one.name for one in everyone}
    found = [
        Repeated(names[one.judge], one.works, float(one.difference), float(one.within))
        for one in consistencies(rows, edition_id)
    ]
    return {
        "said": repeat_sentence(found), "note": NOTE, "header": HEADER, "rows": [one.cells for one in found],
        "bars": [(one.name, round(one.difference, 1)) for one in found],
    }  # fmt: skip


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
            with services().database.read() as rows:
                held = round_of(rows, edition_id)
            if held is not None and held.is_deliberating:
                flash(
                    "심사를 마감하고 심의하기 전의 점수를 봉인했습니다. 이제 심의를 열어 주세요.", "success"
                )
                return redirect(url_for("deliberation.index"), 303)
            if held is not None and held.waits_for_selection:
                flash("마감하고 봉인했습니다. 이제 다음 단계로 올라갈 작품을 확인해 주세요.", "success")
                return redirect(url_for("progress.select"), 303)
            flash("심사를 마감하고 점수를 봉인했습니다.", "success")
            return redirect(url_for("progress.index"), 303)
        except Conflict as error:
            refused = error
    with services().database.read() as rows:
        held = round_of(rows, edition_id)
        if held is None:
            raise Conflict("judging.not_begun")
        found = closing(rows, edition_id)
        seats = seated(rows, edition_id, held.rule.panel)
    page = render_template(
        "judging/panel/close.html", round=held, blockers=found, seats=len(seats),
        counted=counted_words(
            held.rule.tally(trim=held.rule.decide_trim(len(seats))).declared,
            held.rule.quorum,
            is_ballot=held.rule.is_ballot,
        ),
        error=say(refused) if refused else None,
    )  # fmt: skip
    return page, refused.status if refused else 200


@blueprint.route("/select", methods=["GET", "POST"])
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def select() -> Any:
    """Who goes on from the sealed votes, in numbers alone; then the one act that opens the next round."""
    refused: Conflict | None = None
    edition_id = _edition_id()
    if request.method == "POST":
        try:
            with services().database.write() as uow:
                confirm_selection(uow, edition_id, request.form.get("shown", ""), actor=actor(), now=now())
            flash("올라갈 작품을 확정하고 다음 단계를 열었습니다.", "success")
            return redirect(url_for("progress.index"), 303)
        except Conflict as error:
            refused = error
    with services().database.read() as rows:
        shown = choice(rows, edition_id)
        closed = closed_round(rows, edition_id)
    told = say(refused) if refused else None
    if shown.selection.goes_on:
        page = render_template("judging/panel/select.html", choice=shown, error=told)
    else:
        page = render_template(
            "judging/panel/nobody.html", choice=shown, error=told, edition_id=edition_id,
            why=why_not(closed.state, now()) if closed else "",
        )  # fmt: skip
    return page, refused.status if refused else 200


@blueprint.post("/deal")
@allow(Role.OPERATOR)
def deal() -> Any:
    """Deal the works that too few judges hold."""
    edition_id = _edition_id()
    with services().database.write() as uow:
        short = deal_again(uow, edition_id, actor=actor(), now=now())
    if short:
        flash(
            f"더 나눌 수 있는 위원이 없어 {short}점이 모자란 채로 남았습니다. 위원을 더 위촉해 주세요.",
            "warning",
        )
    else:
        flash("모자라는 작품을 다른 위원에게 나누었습니다.", "success")
    return redirect(url_for("progress.index"), 303)


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
