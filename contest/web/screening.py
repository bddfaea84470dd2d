"""The screening desk: the queue by what was found, one page for each work, decisions, clean ones together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, TextAreaField

from contest.domain.actors import Actor, Role
from contest.domain.errors import ContestError, Invalid, Missing
from contest.domain.schedule import parse_instant
from contest.domain.screening_decisions import UnfitReason, may_decide, reply_deadline
from contest.domain.stages import Stage
from contest.domain.supplements import WORKING_DAYS, SupplementItem
from contest.infra.texts import text
from contest.infra.unit_of_work import UnitOfWork
from contest.operations.disclosure import REASONS
from contest.operations.screen import (
    confirm_unfit,
    decide_fit,
    examine_again,
    propose_unfit,
    return_proposal,
    reverse,
)
from contest.operations.screened_texts import ScreenedTexts, edit_screened_texts
from contest.queries.editions import holidays
from contest.queries.recheck import past_results
from contest.queries.screening import load_queue, next_after
from contest.queries.screening_work import load_work
from contest.queries.standing import Standing, standing
from contest.queries.supplements import supplements_of
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.filters import kst_input
from contest.web.screening_sieve import VIEW_NAMES, choices, queue_url, sieve_of_request, work_url
from contest.web.whole_numbers import whole

blueprint = Blueprint("screening", __name__)
VIEWERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
CASEWORKERS = (Role.OPERATOR, Role.APPROVER)


class DecisionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why a work is unfit, until when the entrant may answer, why a decision is taken back."""

    reason = StringField("부적합 사유")
    note = TextAreaField("덧붙일 설명")
    reply_until = StringField("의견 기한")
    why = StringField("되돌리는 까닭")
    items = SelectMultipleField("보완할 것", validate_choice=False)
    ask_note = TextAreaField("덧붙일 설명")
    due = StringField("보완 기한")


class TextsForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What judges and the public will read."""

    title = StringField("작품명")
    description = TextAreaField("설명")
    words = StringField("장소")
    alternative = StringField("대체 텍스트")


def _may_decide(edition: Standing) -> bool:
    return may_decide(edition.stage, edition.entry_closes, edition.grace_minutes, now())


@blueprint.get("/staff/screening")
@allow(*VIEWERS)
def queue() -> Any:
    """The works that the filters of the address let through, thirty a page."""
    page, sieve = request.args.get("page", 1, type=whole), sieve_of_request()
    with services().database.read() as session:
        edition = standing(session)
        found = load_queue(session, edition.id, sieve, now(), page=page) if edition else None
    return render_template(
        "contest/screening/queue.html",
        edition=edition,
        queue=found,
        sieve=sieve,
        view_names=VIEW_NAMES,
        choices=choices(found) if found else {},
        may_decide=edition is not None and _may_decide(edition),
        may_act=current_user.role in CASEWORKERS,
        queue_url=queue_url,
        work_url=work_url,
    )


@blueprint.get("/staff/screening/<entry_id>")
@allow(*VIEWERS)
def work(entry_id: str) -> Any:
    """One work: picture, findings with evidence, pairs, texts, decision."""
    return _work_page(entry_id)


def _work_page(
    entry_id: str,
    *,
    form: DecisionForm | None = None,
    texts: TextsForm | None = None,
    errors: list[str] | None = None,
) -> str:
    moment, sieve = now(), sieve_of_request()
    with services().database.read() as session:
        found = load_work(session, services().crypto, entry_id, sieve, moment)
        edition = standing(session, found.edition_id)
        days_off = holidays(session)
        asked = supplements_of(session, services().crypto, moment, entry_id=entry_id)
        past = past_results(session, entry_id)
    assert edition is not None
    form = form or DecisionForm(formdata=None)
    if not form.reply_until.data:
        form.reply_until.data = kst_input(reply_deadline(moment, edition.schedule.judging_opens, days_off))
    form.items.choices = [(item.value, text("ko", f"supplement.item.{item}")) for item in SupplementItem]
    if not form.due.data:
        form.due.data = kst_input(
            reply_deadline(moment, edition.schedule.judging_opens, days_off, WORKING_DAYS)
        )
    is_screened = found.screened_title is not None
    texts = texts or TextsForm(
        formdata=None,
        title=found.screened_title if is_screened else found.title,
        description=found.screened_description if is_screened else found.description,
        words=found.screened_place if is_screened else found.shown_place,
        alternative=found.alternative_text,
    )
    may_edit = edition.stage in {Stage.OPEN, Stage.SCREENING}
    return render_template(
        "contest/screening/work.html",
        work=found,
        form=form,
        texts=texts,
        errors=errors or [],
        sieve=sieve,
        supplements=asked,
        past=past,
        queue_url=queue_url,
        work_url=work_url,
        undo=request.args.get("done", ""),
        view_names=VIEW_NAMES,
        may_decide=_may_decide(edition),
        may_act=current_user.role in CASEWORKERS,
        may_confirm=current_user.role is Role.APPROVER and current_user.account_id != found.proposed_by_id,
        may_return=current_user.role is Role.APPROVER or current_user.account_id == found.proposed_by_id,
        may_edit_words=may_edit,
        unfit_reasons=[
            ("", "사유를 골라 주세요"),
            *((reason.value, text("ko", f"unfit_reason.{reason}")) for reason in UnfitReason),
        ],
        reasons=[("", "까닭을 골라 주세요"), *((r, text("ko", f"disclosure.reason.{r}")) for r in REASONS)],
        edition=edition,
    )


def decide_and_go(
    entry_id: str,
    act: Callable[[UnitOfWork, Actor], object],
    done: str,
    *,
    stays: bool = False,
    undo: bool = False,
) -> Any:
    """Do it and go to the next work of the view; a refusal shows the page again with all that was typed.

    stays: come back to this work; undo: the next page offers to take the decision back.
    """
    form = DecisionForm()
    try:
        with services().database.write() as uow:
            act(uow, actor())
    except Missing:
        raise
    except ContestError as error:
        if error.field:
            name = "why" if error.code == "screening.reverse_reason" else error.field
            if name in form._fields:
                form[name].errors = [say(error)]
        return _work_page(entry_id, form=form, errors=[say(error)]), error.status
    flash(done, "success")
    return redirect(_onwards(entry_id, stays=stays, undo=undo), 303)


def _onwards(entry_id: str, *, stays: bool, undo: bool) -> str:
    sieve = sieve_of_request()
    if stays:
        return work_url(sieve, entry_id)
    with services().database.read() as session:
        next_id = next_after(session, entry_id, sieve)
    done = {"done": entry_id} if undo else {}
    return queue_url(sieve, **done) if next_id is None else work_url(sieve, next_id, **done)


@blueprint.post("/staff/screening/<entry_id>/fit")
@allow(*CASEWORKERS)
def fit(entry_id: str) -> Any:
    """Find it fit."""
    return decide_and_go(
        entry_id,
        lambda uow, by: decide_fit(uow, entry_id, actor=by, now=now()),
        "적합으로 결정했습니다.",
        undo=True,
    )


@blueprint.post("/staff/screening/<entry_id>/unfit")
@allow(*CASEWORKERS)
def propose(entry_id: str) -> Any:
    """Ask an approver to find it unfit."""
    reason, note = request.form.get("reason", ""), request.form.get("note", "")
    return decide_and_go(
        entry_id,
        lambda uow, by: propose_unfit(uow, entry_id, reason, note, actor=by, now=now()),
        "부적합을 요청했습니다. 다른 승인자가 확인하면 응모자에게 알립니다.",
    )


@blueprint.post("/staff/screening/<entry_id>/return")
@allow(*CASEWORKERS)
def send_back(entry_id: str) -> Any:
    """Undo the asking."""
    return decide_and_go(
        entry_id,
        lambda uow, by: return_proposal(uow, entry_id, actor=by, now=now()),
        "부적합 요청을 되돌렸습니다.",
    )


@blueprint.post("/staff/screening/<entry_id>/confirm")
@allow(Role.APPROVER, fresh=True)
def confirm(entry_id: str) -> Any:
    """Find it unfit as the second person."""

    def act(uow: UnitOfWork, by: Actor) -> None:
        until = parse_instant(request.form.get("reply_until", ""))
        if until is None:
            raise Invalid("screening.reply_missing", field="reply_until")
        confirm_unfit(uow, entry_id, until, actor=by, now=now())

    return decide_and_go(entry_id, act, "부적합으로 결정하고 응모자에게 알릴 문서를 만들었습니다.")


@blueprint.post("/staff/screening/<entry_id>/reverse")
@allow(*CASEWORKERS)
def undo(entry_id: str) -> Any:
    """Take a decision back."""
    why = request.form.get("why", "")
    return decide_and_go(
        entry_id,
        lambda uow, by: reverse(uow, entry_id, why, actor=by, now=now()),
        "결정을 되돌렸습니다. 다시 검토해 주세요.",
        stays=True,
    )


@blueprint.post("/staff/screening/<entry_id>/examine")
@allow(*CASEWORKERS)
def look_again(entry_id: str) -> Any:
    """Have the photograph examined anew."""
    with services().database.write() as uow:
        examine_again(uow, entry_id, actor=actor(), now=now())
    flash("사진을 다시 검사합니다. 잠시 뒤 화면을 새로 고쳐 주세요.", "success")
    return redirect(work_url(sieve_of_request(), entry_id), 303)


@blueprint.post("/staff/screening/<entry_id>/texts")
@allow(*CASEWORKERS)
def save_texts(entry_id: str) -> Any:
    """Keep what judges and the public will read."""
    form = TextsForm()
    typed = ScreenedTexts(
        form.title.data or "", form.description.data or "", form.words.data or "", form.alternative.data or ""
    )
    try:
        with services().database.write() as uow:
            edit_screened_texts(uow, entry_id, typed, actor=actor(), now=now())
    except Missing:
        raise
    except ContestError as error:
        if error.field and error.field in form._fields:
            form[error.field].errors = [say(error)]
        return _work_page(entry_id, texts=form, errors=[say(error)]), error.status
    flash("심사위원과 시민이 볼 글을 저장했습니다.", "success")
    return redirect(work_url(sieve_of_request(), entry_id), 303)
