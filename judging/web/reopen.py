"""마감한 심사 다시 열기: whether it may be, for whom and until when, and what becomes of the seal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict, ContestError, Invalid
from contest.domain.schedule import KST
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.minute_field import MinuteField
from judging.domain.reopening import digest_of, why_not
from judging.domain.round_rule import RoundRule
from judging.operations.reopen import MAX_REASON, confirm_reopening, drop_reopening, propose_reopening
from judging.queries.commitments import superseded
from judging.queries.reopening import closed_round

blueprint = Blueprint("reopen", __name__, template_folder="templates", url_prefix="/staff/judging/reopen")


class ReopenForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """For whom, until when and why."""

    judges = SelectMultipleField(
        "점수를 고칠 위원", validators=[DataRequired("점수를 고칠 위원을 한 명 이상 골라 주세요.")]
    )
    ends = MinuteField(
        "새 마감 일시", [InputRequired("언제까지 고칠 수 있는지 적어 주세요.")], format="%Y-%m-%dT%H:%M"
    )
    reason = TextAreaField(
        "까닭",
        [
            DataRequired("다시 여는 까닭을 적어 주세요."),
            Length(max=MAX_REASON, message="까닭은 500자까지 적을 수 있습니다."),
        ],
    )


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """Whether the round may be opened again, and the request that waits."""
    return _page(ReopenForm(formdata=None))


@blueprint.post("")
@allow(Role.OPERATOR)
def propose() -> Any:
    """Ask the approver to open the round again."""
    form = ReopenForm()
    edition_id = _edition_id()
    with services().database.read() as rows:
        found = closed_round(rows, edition_id)
    form.judges.choices = list(found.signed) if found else []
    if not form.validate_on_submit():
        return _page(form, status=422)
    assert form.ends.data is not None  # the form asks for it
    try:
        with services().database.write() as uow:
            propose_reopening(
                uow, edition_id, form.judges.data or [], form.ends.data.replace(tzinfo=KST), form.reason.data or "",
                actor=actor(), now=now(),
            )  # fmt: skip
    except Invalid as error:
        form[error.field or "reason"].errors = [say(error)]
        return _page(form, status=error.status)
    except Conflict as error:
        return _page(form, error)
    flash("요청했습니다. 승인자가 이 화면에서 확인하면 다시 열립니다.", "success")
    return redirect(url_for("reopen.index"), 303)


@blueprint.post("/<reopening_id>/confirm")
@allow(Role.APPROVER, fresh=True)
def confirm(reopening_id: str) -> Any:
    """The second person opens the round."""
    try:
        with services().database.write() as uow:
            confirm_reopening(
                uow, reopening_id, request.form.get("shown", ""), actor=actor(), now=now()
            )  # fmt: skip
    except (Conflict, Invalid) as error:
        return _page(ReopenForm(formdata=None), error)
    flash("심사를 다시 열고 위원에게 알렸습니다. 앞선 봉인값은 공정성 기록에 남아 있습니다.", "success")
    return redirect(url_for("progress.index"), 303)


@blueprint.post("/<reopening_id>/drop")
@allow(Role.OPERATOR, Role.APPROVER)
def drop(reopening_id: str) -> Any:
    """Take the request back, or refuse it."""
    with services().database.write() as uow:
        drop_reopening(uow, reopening_id, actor=actor(), now=now())
    flash("요청을 거두었습니다. 심사는 마감된 그대로입니다.", "success")
    return redirect(url_for("reopen.index"), 303)


def _page(form: ReopenForm, refused: ContestError | None = None, status: int = 200) -> Any:
    with services().database.read() as rows:
        edition = current_edition(rows)
        found = closed_round(rows, edition.id) if edition else None
        before = superseded(rows, edition.id) if edition else []
    form.judges.choices = list(found.signed) if found else []
    if found and form.judges.data is None:
        form.judges.data = []
    waiting = found.waiting if found else None
    page = render_template(
        "judging/reopen.html", found=found, form=form, before=before,
        name=RoundRule.from_document(found.round.rule).name if found else "",
        refusal=why_not(found.state, now()) if found else "", error=say(refused) if refused else None,
        shown=digest_of(found.round.seal or "", [one for one, _ in waiting.judges], waiting.ends_at)
        if found and waiting else "",
    )  # fmt: skip
    return page, refused.status if refused else status


def _edition_id() -> str:
    with services().database.read() as rows:
        edition = current_edition(rows)
    if edition is None:
        raise Conflict("judging.not_begun")
    return edition.id
