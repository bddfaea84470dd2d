"""빠진 점수 처리: every way out of a round with missing scores, and what it does, before anything is done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict, Invalid
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.domain.repair import Way, plans
from judging.operations.panel import check_person
from judging.operations.repair import (
    MAX_REASON,
    Wanted,
    confirm_repair,
    drop_repair,
    plan_of,
    propose_repair,
    remind_judge,
)
from judging.queries.repair import asked_repairs, repairing

blueprint = Blueprint("repair", __name__, template_folder="templates", url_prefix="/staff/judging/repair")
SOUGHT = {Way.RELEASE, Way.REPLACE, Way.QUORUM, Way.CLOSE}
ANSWERS = {
    Way.RELEASE: "해촉했습니다. 이 위원의 점수는 집계에 들어가지 않습니다.",
    Way.REPLACE: "위원을 바꾸었습니다. 이제 운영자가 새 위원에게 초대 링크를 보내 주세요.",
    Way.QUORUM: "작품마다 심사하는 위원 수를 줄였습니다.",
    Way.CLOSE: "오지 않은 표를 기권으로 세고 마감했습니다. 이제 다음 단계로 올라갈 작품을 확인해 주세요.",
}


class RepairForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why a round is to be repaired."""

    reason = TextAreaField(
        "까닭",
        [
            DataRequired("까닭을 적어 주세요."),
            Length(max=MAX_REASON, message="까닭은 500자까지 적을 수 있습니다."),
        ],
    )


class ReplaceForm(RepairForm):
    """Who is to take the seat, and why."""

    name = StringField("새 위원 성명", [DataRequired("새 위원의 성명을 적어 주세요."), Length(max=60)])
    affiliation = StringField("소속과 직위", [Length(max=80, message="소속은 80자까지 적을 수 있습니다.")])
    is_external = RadioField(
        "구분",
        choices={"yes": "외부 위원", "no": "내부 위원 (금천구 직원)"},
        validators=[DataRequired("외부 위원인지 내부 위원인지 골라 주세요.")],
    )
    phone = StringField("휴대전화")
    email = StringField("전자우편")


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """Every way with what it comes to, and the repair that waits for its second person."""
    return _overview()


def _overview(refused: Conflict | None = None) -> Any:
    at = now()
    with services().database.read() as rows:
        edition = current_edition(rows)
        try:
            found = repairing(rows, edition.id, at) if edition else None
        except Conflict:
            found = None
        asked = asked_repairs(rows, found.round_id) if found else []
    waiting = next((one for one in asked if one.confirmed_at is None), None)
    gone = False
    plan = None
    if found and waiting:
        try:
            plan = plan_of(found, waiting.way, waiting.judge_id, waiting.quorum)
        except Conflict:
            gone = True
    page = render_template(
        "judging/repair/index.html", found=found, plans=plans(found.held) if found else (), waiting=waiting,
        plan=plan, gone=gone, done=[one for one in asked if one.confirmed_at], error=say(refused) if refused else None,
    )  # fmt: skip
    return page, refused.status if refused else 200


@blueprint.route("/ask/<way>", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def propose(way: str) -> Any:
    """One way in full, with every boundary; then the request to the approver."""
    if way not in SOUGHT:
        abort(404)
    sought, judge_id = Way(way), request.args.get("judge") or None
    quorum = request.args.get("quorum", type=int)
    form = ReplaceForm() if sought is Way.REPLACE else RepairForm()
    extra: list[str] = []
    status = 200
    if form.validate_on_submit():
        try:
            with services().database.write() as uow:
                propose_repair(
                    uow, _edition_id(), Wanted(sought, judge_id, quorum, _successor(form)), form.reason.data or "",
                    request.form.get("shown", ""), actor=actor(), now=now(),
                )  # fmt: skip
            flash("요청했습니다. 승인자가 같은 화면에서 확인하면 그때 적용됩니다.", "success")
            return redirect(url_for("repair.index"), 303)
        except (Invalid, Conflict) as error:
            status = error.status
            if error.field in form._fields:
                form[error.field].errors = [*form[error.field].errors, say(error)]
            else:
                extra.append(say(error))
    elif form.errors:
        status = 422
    with services().database.read() as rows:
        found = repairing(rows, _edition_id(), now())
    plan = plan_of(found, sought, judge_id, quorum)
    page = render_template("judging/repair/propose.html", found=found, plan=plan, form=form, extra=extra)
    return page, status


@blueprint.post("/<repair_id>/confirm")
@allow(Role.APPROVER, fresh=True)
def confirm(repair_id: str) -> Any:
    """The second person confirms what the page showed, and it is applied."""
    try:
        with services().database.write() as uow:
            way = confirm_repair(uow, repair_id, request.form.get("shown", ""), actor=actor(), now=now())
    except Conflict as error:
        return _overview(error)
    flash(ANSWERS[way], "success")
    return redirect(url_for("progress.index" if way is Way.CLOSE else "repair.index"), 303)


@blueprint.post("/<repair_id>/drop")
@allow(Role.OPERATOR, Role.APPROVER)
def drop(repair_id: str) -> Any:
    """Take the request back, or refuse it."""
    with services().database.write() as uow:
        drop_repair(uow, repair_id, actor=actor(), now=now())
    flash("요청을 거두었습니다. 심사는 그대로입니다.", "success")
    return redirect(url_for("repair.index"), 303)


@blueprint.post("/remind/<judge_id>")
@allow(Role.OPERATOR)
def remind(judge_id: str) -> Any:
    """Write to a judge whose scores are missing."""
    try:
        with services().database.write() as uow:
            remind_judge(uow, _edition_id(), judge_id, actor=actor(), now=now())
    except Conflict as error:
        return _overview(error)
    flash("남은 심사를 알리는 문자나 전자우편을 보냈습니다.", "success")
    return redirect(url_for("repair.index"), 303)


def _successor(form: RepairForm) -> Any:
    if not isinstance(form, ReplaceForm):
        return None
    return check_person(
        form.name.data or "", form.affiliation.data or "", form.phone.data or "", form.email.data or "",
        is_external=form.is_external.data == "yes",
    )  # fmt: skip


def _edition_id() -> str:
    with services().database.read() as rows:
        edition = current_edition(rows)
    if edition is None:
        raise Conflict("repair.not_open")
    return edition.id
