"""심사위원회 for staff: who sits on the jury, their links, what they signed, works barred, releases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from contest.domain.actors import STAFF, Role
from contest.domain.errors import ContestError, Invalid, Missing
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.domain.pledges import NAMES
from judging.operations import panel
from judging.operations.pledge import KIND_NAMES, STAFF_KINDS, bar_judge, lift_conflict
from judging.queries.panel import member, members, recusals, round_of
from judging.queries.readiness import opening

blueprint = Blueprint("panel", __name__, template_folder="templates", url_prefix="/staff/panel")


class AppointForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A judge to be appointed."""

    name = StringField("성명", [DataRequired("성명을 적어 주세요."), Length(max=60)])
    affiliation = StringField("소속과 직위", [Length(max=80, message="소속은 80자까지 적을 수 있습니다.")])
    is_external = RadioField(
        "구분",
        choices={"yes": "외부 위원", "no": "내부 위원 (금천구 직원)"},
        validators=[DataRequired("외부 위원인지 내부 위원인지 골라 주세요.")],
    )
    phone = StringField("휴대전화")
    email = StringField("전자우편")


class ReleaseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why a judge is to be released."""

    reason = TextAreaField("해촉하는 까닭", [DataRequired("해촉하는 까닭을 적어 주세요."), Length(max=500)])


class BarForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A work that a judge must not judge."""

    entry_number = StringField("출품번호", [DataRequired("출품번호를 적어 주세요.")])
    kind = RadioField(
        "구분",
        choices=STAFF_KINDS,
        validators=[DataRequired("제척과 기피 가운데 골라 주세요.")],
    )
    why = TextAreaField("까닭", [DataRequired("까닭을 적어 주세요."), Length(max=500)])


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """The jury, and what is still missing before judging can open."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        if edition is None:
            return render_template("judging/panel/index.html", edition=None)
        held = round_of(rows, edition.id)
        found = [] if held else opening(rows, edition.id)
        return render_template(
            "judging/panel/index.html", edition=edition, members=members(rows, edition.id), round=held,
            blockers=found, recusals=recusals(rows, edition.id), kinds=KIND_NAMES,
        )  # fmt: skip


@blueprint.route("/appoint", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def appoint() -> Any:
    """Appoint a judge."""
    form = AppointForm()
    if not form.validate_on_submit():
        return render_template("judging/panel/appoint.html", form=form, extra=[]), 422 if form.errors else 200
    with services().database.read() as rows:
        edition = current_edition(rows)
        if edition is None:
            raise Missing("missing")
        edition_id = edition.id
    try:
        with services().database.write() as uow:
            judge_id = panel.appoint_judge(
                uow, edition_id, name=form.name.data or "", affiliation=form.affiliation.data or "",
                is_external=form.is_external.data == "yes", phone=form.phone.data or "",
                email=form.email.data or "", actor=actor(), now=now(),
            )  # fmt: skip
    except Invalid as error:
        return render_template("judging/panel/appoint.html", form=form, extra=_place(form, error)), 422
    flash("위촉했습니다. 이제 초대 링크를 보내 주세요.", "success")
    return redirect(url_for("panel.seat", judge_id=judge_id), 303)


@blueprint.get("/<judge_id>")
@allow(*STAFF)
def seat(judge_id: str) -> Any:
    """One judge: link, papers, works barred, release."""
    return _seat_page(judge_id)


def _seat_page(
    judge_id: str, *, bar: BarForm | None = None, release: ReleaseForm | None = None, link: str | None = None
) -> Any:
    with services().database.read() as rows:
        edition_id, one = member(rows, judge_id)
        held = round_of(rows, edition_id)
        own = [recusal for recusal in recusals(rows, edition_id) if recusal.judge_id == judge_id]
    return render_template(
        "judging/panel/seat.html", one=one, round=held, recusals=own, kinds=KIND_NAMES, papers=NAMES,
        bar=bar or BarForm(formdata=None), release=release or ReleaseForm(formdata=None), link=link,
        sealed=held is not None and held.state == "sealed",
    )  # fmt: skip


@blueprint.post("/<judge_id>/chair")
@allow(Role.OPERATOR)
def chair(judge_id: str) -> Any:
    """Make this judge the chair."""
    with services().database.write() as uow:
        panel.set_chair(uow, judge_id, actor=actor(), now=now())
    flash("위원장으로 정했습니다.", "success")
    return redirect(url_for("panel.index"), 303)


@blueprint.post("/<judge_id>/invite")
@allow(Role.OPERATOR)
def invite(judge_id: str) -> Any:
    """Write the invitation to the outbox and show the link once, to be handed over."""
    with services().database.write() as uow:
        signed = panel.invite_judge(uow, judge_id, actor=actor(), now=now())
    return _seat_page(judge_id, link=_address(signed))


@blueprint.route("/<judge_id>/reissue", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def reissue(judge_id: str) -> Any:
    """What a new link ends, then the new link."""
    if request.method == "GET":
        with services().database.read() as rows:
            _, one = member(rows, judge_id)
        return render_template("judging/panel/reissue.html", one=one)
    with services().database.write() as uow:
        signed = panel.reissue_link(uow, judge_id, actor=actor(), now=now())
    return _seat_page(judge_id, link=_address(signed))


@blueprint.post("/<judge_id>/bar")
@allow(Role.OPERATOR)
def bar(judge_id: str) -> Any:
    """제척 or 기피 by entry number."""
    form = BarForm()
    if not form.validate_on_submit():
        return _seat_page(judge_id, bar=form), 422
    try:
        with services().database.write() as uow:
            bar_judge(
                uow,
                judge_id,
                form.entry_number.data or "",
                form.kind.data,
                form.why.data or "",
                actor=actor(),
                now=now(),
            )
    except Invalid as error:
        _place(form, error)
        return _seat_page(judge_id, bar=form), 422
    flash("그 작품을 이 위원의 목록에서 뺐습니다.", "success")
    return redirect(url_for("panel.seat", judge_id=judge_id), 303)


@blueprint.post("/<judge_id>/lift/<entry_id>")
@allow(Role.OPERATOR)
def lift(judge_id: str, entry_id: str) -> Any:
    """Take a conflict back that was entered by mistake."""
    with services().database.write() as uow:
        lift_conflict(uow, judge_id, entry_id, request.form.get("reason", ""), actor=actor(), now=now())
    flash("되돌렸습니다. 작품이 위원의 목록에 다시 나옵니다.", "success")
    return redirect(url_for("panel.seat", judge_id=judge_id), 303)


@blueprint.post("/<judge_id>/release")
@allow(Role.OPERATOR)
def propose_release(judge_id: str) -> Any:
    """Ask for a judge's release; somebody else confirms it."""
    form = ReleaseForm()
    if not form.validate_on_submit():
        return _seat_page(judge_id, release=form), 422
    with services().database.write() as uow:
        panel.propose_release(uow, judge_id, form.reason.data or "", actor=actor(), now=now())
    flash("해촉을 요청했습니다. 승인자가 확인하면 해촉됩니다.", "success")
    return redirect(url_for("panel.seat", judge_id=judge_id), 303)


@blueprint.post("/<judge_id>/release/confirm")
@allow(Role.APPROVER, fresh=True)
def confirm_release(judge_id: str) -> Any:
    """The approver releases the judge."""
    with services().database.write() as uow:
        panel.confirm_release(uow, judge_id, actor=actor(), now=now())
    flash("해촉했습니다. 이 위원의 점수는 집계에 들어가지 않습니다.", "success")
    return redirect(url_for("panel.seat", judge_id=judge_id), 303)


@blueprint.post("/<judge_id>/release/drop")
@allow(Role.OPERATOR, Role.APPROVER)
def drop_release(judge_id: str) -> Any:
    """Take the request back, or refuse it."""
    with services().database.write() as uow:
        panel.drop_release(uow, judge_id, actor=actor(), now=now())
    flash("해촉 요청을 거두었습니다.", "success")
    return redirect(url_for("panel.seat", judge_id=judge_id), 303)


def _address(signed: str) -> str:
    return f"{services().settings.public_url}{url_for('invitations.arrive', signed=signed)}"


def _place(form: FlaskForm, error: ContestError) -> list[str]:
    """Put a refusal beside its field; what has no field here is told above the form."""
    names = {"reason": "why"} if isinstance(form, BarForm) else {}
    name = names.get(error.field or "", error.field)
    if name in form._fields:
        form[name].errors = [*form[name].errors, say(error)]
        return []
    return [say(error)]
