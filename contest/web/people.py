"""Submissions for staff: list, exact search, one submission, what is done on an entrant's behalf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    BooleanField,
    RadioField,
    SelectChoice,
    StringField,
)

from contest.domain.actors import Actor, Role
from contest.domain.errors import ContestError, Missing
from contest.infra.texts import text
from contest.infra.unit_of_work import UnitOfWork
from contest.operations.disclosure import REASONS, disclose
from contest.operations.join_persons import (
    ask_about_persons,
    join_persons,
    needs_two,
    part_persons,
    settle_persons,
)
from contest.operations.links import sign_link
from contest.operations.office_acts import begin_for_walk_in, withdraw_for
from contest.operations.search_people import search_key
from contest.operations.submit import reissue_link
from contest.queries.people import KEYS, load_people, load_submission_page
from contest.queries.person_requests import waiting_about
from contest.queries.standing import Standing, standing
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.whole_numbers import whole

blueprint = Blueprint("people", __name__)
VIEWERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
CASEWORKERS = (Role.OPERATOR, Role.APPROVER)
STATES = (
    ("", "모두"),
    ("submitted", "접수"),
    ("awaiting_guardian", "보호자 동의 대기"),
    ("asked", "철회 요청"),
    ("withdrawn", "철회"),
)


class WalkInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Who stands at the counter, and that they agreed."""

    age = RadioField(
        "나이",
        choices=[
            SelectChoice("adult", "19세 이상"),
            SelectChoice("teen", "14~18세"),
            SelectChoice("child", "14세 미만(보호자와 함께)"),
        ],
        default="adult",
        validate_choice=False,
    )
    consent = BooleanField("개인정보 수집·이용 동의서를 받았습니다.")


class SearchForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A receipt number, a name or a telephone number, whole."""

    q = StringField("접수번호, 이름 또는 전화번호")


def _edition() -> Standing:
    with services().database.read() as session:
        found = standing(session)
    if found is None:
        raise Missing("missing")
    return found


def _reasons() -> list[tuple[str, str]]:
    return [("", "까닭을 골라 주세요"), *((r, text("ko", f"disclosure.reason.{r}")) for r in REASONS)]


@blueprint.get("/staff/submissions")
@allow(*VIEWERS)
def index() -> Any:
    """The list; a search stands in the address as a key that nobody can read."""
    return _list_page(SearchForm(formdata=None), [])


def _list_page(form: SearchForm, errors: list[str]) -> str:
    state = request.args.get("state", "")
    key = next(((kind, request.args[kind]) for kind in KEYS if request.args.get(kind)), None)
    with services().database.read() as session:
        edition = standing(session)
        page = request.args.get("page", 1, type=whole)
        people = (
            load_people(session, services().crypto, edition.id, state=state, key=key, page=page)
            if edition
            else None
        )
    asked: dict[str, Any] = {"state": state or None, **({key[0]: key[1]} if key else {})}
    return render_template(
        "contest/people/index.html",
        edition=edition,
        people=people,
        form=form,
        errors=errors,
        state=state,
        states=STATES,
        is_search=key is not None,
        reasons=_reasons(),
        may_act=current_user.role in CASEWORKERS,
        page_url=lambda n: url_for("people.index", page=n, **asked),
    )


@blueprint.post("/staff/submissions/search")
@allow(*VIEWERS)
def search() -> Any:
    """Turn what was typed into a key and show what has it."""
    form = SearchForm()
    try:
        kind, value = search_key(services().crypto, form.q.data or "")
    except ContestError as error:
        form.q.errors = [say(error)]
        return _list_page(form, [say(error)]), error.status
    found: dict[str, Any] = {kind: value}
    return redirect(url_for("people.index", **found), 303)


@blueprint.get("/staff/submissions/<submission_id>")
@allow(*VIEWERS)
def show(submission_id: str) -> Any:
    """One submission, masked."""
    return _page(submission_id)


def _page(submission_id: str, *, masked: bool = True, errors: list[str] | None = None) -> str:
    with services().database.read() as session:
        found = load_submission_page(session, services().crypto, submission_id, masked=masked)
        edition = standing(session, found.edition_id)
        waiting = waiting_about(session, submission_id)
    return render_template(
        "contest/people/show.html",
        submission=found,
        waiting=waiting,
        needs_two=edition is not None and needs_two(edition.stage),
        may_confirm=current_user.role is Role.APPROVER,
        me=actor().id,
        edition=edition,
        errors=errors or [],
        typed=request.form,
        reasons=_reasons(),
        may_act=current_user.role in CASEWORKERS,
        may_withdraw=edition is not None and edition.stage.value in {"open", "screening"},
    )


@blueprint.post("/staff/submissions/<submission_id>/full")
@allow(*VIEWERS)
def show_full(submission_id: str) -> Any:
    """The same page with the personal data in full: an act with a reason, and nothing of it is kept."""
    reason = request.form.get("reason", "")

    def act(uow: UnitOfWork, by: Actor) -> None:
        found = load_submission_page(uow.session, services().crypto, submission_id)
        disclose(
            uow,
            "contact",
            ("submission", submission_id),
            reason,
            actor=by,
            now=now(),
            edition_id=found.edition_id,
        )

    try:
        with services().database.write() as uow:
            act(uow, actor())
    except Missing:
        raise
    except ContestError as error:
        return _page(submission_id, errors=[say(error)]), error.status
    return _page(submission_id, masked=False)


def _do(submission_id: str, act: Callable[[UnitOfWork, Actor], object], done: str) -> Any:
    try:
        with services().database.write() as uow:
            act(uow, actor())
    except Missing:
        raise
    except ContestError as error:
        return _page(submission_id, errors=[say(error)]), error.status
    flash(done, "success")
    return redirect(url_for("people.show", submission_id=submission_id), 303)


@blueprint.post("/staff/submissions/<submission_id>/link")
@allow(*CASEWORKERS)
def new_link(submission_id: str) -> Any:
    """A new private link, sent to the registered contact only."""
    return _do(
        submission_id,
        lambda uow, by: reissue_link(uow, submission_id, actor=by, now=now()),
        "새 링크를 등록된 연락처로 보냅니다. 이전 링크는 더 쓸 수 없습니다.",
    )


@blueprint.post("/staff/submissions/<submission_id>/withdraw")
@allow(*CASEWORKERS)
def withdraw(submission_id: str) -> Any:
    """Take it back for its owner."""
    reason = request.form.get("reason", "")
    return _do(
        submission_id,
        lambda uow, by: withdraw_for(uow, submission_id, reason, actor=by, now=now()),
        "응모를 철회했습니다.",
    )


@blueprint.post("/staff/submissions/<submission_id>/person")
@allow(*CASEWORKERS)
def persons(submission_id: str) -> Any:
    """Join two persons, or part them; once judging has begun, ask for it."""
    receipt, reason = request.form.get("receipt_number", ""), request.form.get("reason", "")
    is_join = request.form.get("act") != "part"
    if request.form.get("ask"):
        return _do(
            submission_id,
            lambda uow, by: ask_about_persons(
                uow, submission_id, receipt, reason, is_join=is_join, actor=by, now=now()
            ),
            "요청했습니다. 다른 승인자가 확인하면 적용됩니다.",
        )
    change = join_persons if is_join else part_persons
    return _do(
        submission_id,
        lambda uow, by: change(uow, submission_id, receipt, reason, actor=by, now=now()),
        "같은 사람으로 봅니다." if is_join else "다른 사람으로 봅니다.",
    )


@blueprint.post("/staff/submissions/<submission_id>/person/<request_id>")
@allow(*CASEWORKERS)
def settle(submission_id: str, request_id: str) -> Any:
    """Confirm what another asked about persons, or drop it."""
    is_confirmed = request.form.get("act") == "confirm"
    return _do(
        submission_id,
        lambda uow, by: settle_persons(uow, request_id, is_confirmed=is_confirmed, actor=by, now=now()),
        "확인했습니다." if is_confirmed else "요청을 거두었습니다.",
    )


@blueprint.route("/staff/submissions/new", methods=["GET", "POST"])
@allow(*CASEWORKERS)
def walk_in() -> Any:
    """Begin for somebody at the counter; the rest is the entrant's own pages."""
    edition, form = _edition(), WalkInForm()
    errors, status = [], 200
    if request.method == "POST":
        try:
            with services().database.write() as uow:
                draft = begin_for_walk_in(
                    uow,
                    edition.id,
                    form.age.data or "",
                    has_consented=form.consent.data,
                    actor=actor(),
                    now=now(),
                )
        except ContestError as error:
            errors, status = [say(error)], error.status
        else:
            return redirect("/entry/" + sign_link(services().crypto, draft.id, draft.link_epoch), 303)
    return render_template("contest/people/walk_in.html", form=form, errors=errors), status
