"""Cases for staff: list, a report by telephone, the case with its steps, the identity seen, two who decide."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.domain.korean import with_particle
from contest.domain.schedule import parse_instant
from contest.infra.texts import text
from contest.queries.editions import current_edition, get_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.domain.objections import Act, Category, Outcome
from judging.operations.cases import Identity, advance_case, request_statement, reveal_objector, take_case
from judging.operations.objections import Report, file_objection, secret_of
from judging.operations.rulings import confirm_ruling, propose_ruling, reject_ruling
from judging.queries.objections import case_page, case_rows, evidence_file
from judging.queries.succession import diff_page, plan_exclusion

blueprint = Blueprint("cases", __name__, template_folder="templates")
READERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
STATEMENT_DAYS = 3
#: The acts of a case's buttons, by the state in which they are offered.
ACTS = {
    "received": (("investigate", "조사 시작"), ("ask_completion", "보완 요청")),
    "incomplete": (("complete", "보완됨"), ("investigate", "그대로 조사")),
    "statement_requested": (("resume", "조사 재개"),),
}


class PhoneForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A report received by telephone."""

    submit_key = HiddenField()
    number = StringField("출품번호", [DataRequired("출품번호를 적어 주세요."), Length(max=24)])
    category = RadioField(
        "분류", [DataRequired("분류를 골라 주세요.")],
        choices=[SelectChoice(one.value, text("ko", f"objection_category.{one.value}")) for one in Category],
    )  # fmt: skip
    facts = TextAreaField("신고 내용", [DataRequired("신고 내용을 적어 주세요."), Length(max=4000)])
    evidence = TextAreaField("근거(없으면 보완 필요로 접수)", [Length(max=2000)])
    name = StringField("신고인 실명", [DataRequired("실명을 적어 주세요."), Length(max=40)])
    contact = StringField(
        "연락처", [DataRequired("휴대전화 번호나 전자우편을 적어 주세요."), Length(max=254)]
    )


@blueprint.get("/staff/cases")
@allow(*READERS)
def listing() -> Any:
    """Every case, undecided first."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        listed = case_rows(rows, edition.id) if edition else ()
    return render_template(
        "judging/cases.html", rows=listed, decides_by=edition.decides_by if edition else None
    )


@blueprint.route("/staff/cases/new", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def new() -> Any:
    """Enter a report received by telephone; its enterer handles it."""
    form, held, refused = PhoneForm(submit_key=str(uuid.uuid4())), services(), None
    if form.validate_on_submit():
        with held.database.read() as rows:
            edition = current_edition(rows) or abort(404)
        report = Report(
            form.number.data or "", form.category.data, form.facts.data or "", form.evidence.data or "",
            form.name.data or "", form.contact.data or "",
        )  # fmt: skip
        key = (form.submit_key.data or "")[:36] or str(uuid.uuid4())
        try:
            with held.database.write() as uow:
                case = file_objection(
                    uow, edition.id, report, submit_key=key, actor=actor(), now=now(), wall=held.clock.wall()
                )
            secret = secret_of(held.crypto, case.submit_key)
            number = with_particle(case.case_number, "으로/로")
            flash(f"{number} 접수했습니다. 신고인에게 알려 줄 확인번호: {secret}", "success")
            return redirect(url_for("cases.show", case_id=case.id), 303)
        except ContestError as error:
            refused = error
            if error.field is not None and error.field in form:
                form[error.field].errors = [*form[error.field].errors, say(error)]
    page = render_template("judging/case_new.html", form=form, refused=say(refused) if refused else None)
    return page, refused.status if refused else 422 if form.errors else 200


@blueprint.get("/staff/cases/<case_id>")
@allow(*READERS)
def show(case_id: str) -> Any:
    """A case: what was written, its steps; the objector's name masked."""
    return _page(case_id)


@blueprint.post("/staff/cases/<case_id>/identity")
@allow(Role.OPERATOR, fresh=True)
def identity(case_id: str) -> Any:
    """Who objected, to the handling official, with a reason in the trail."""
    with services().database.write() as uow:
        who = reveal_objector(uow, case_id, request.form.get("reason", ""), actor=actor(), now=now())
    return _page(case_id, who=who)


@blueprint.post("/staff/cases/<case_id>/take")
@allow(Role.OPERATOR)
def take(case_id: str) -> Any:
    """Become the handling official."""
    with services().database.write() as uow:
        take_case(uow, case_id, reason=request.form.get("reason", ""), actor=actor(), now=now())
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.post("/staff/cases/<case_id>/act")
@allow(Role.OPERATOR)
def act(case_id: str) -> Any:
    """One step of the case."""
    name = request.form.get("act", "")
    if name not in {"investigate", "ask_completion", "complete", "resume"}:
        abort(400)
    with services().database.write() as uow:
        advance_case(uow, case_id, Act(name), actor=actor(), now=now())
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.post("/staff/cases/<case_id>/statement")
@allow(Role.OPERATOR)
def ask(case_id: str) -> Any:
    """Ask the entrant for a statement."""
    question = request.form.get("question", "")
    try:
        due = parse_instant(request.form.get("due")) or now()  # a date nobody can read is refused as past
        with services().database.write() as uow:
            request_statement(uow, case_id, question, due, actor=actor(), now=now())
    except Invalid as error:
        return _page(case_id, refused=say(error), question=question), error.status
    flash("출품자에게 소명을 요청했습니다. 신고인이 누구인지는 알리지 않습니다.", "success")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.post("/staff/cases/<case_id>/ruling")
@allow(Role.OPERATOR, fresh=True)
def propose(case_id: str) -> Any:
    """Propose a decision; excluding first shows what it would bring."""
    outcome, reason = request.form.get("outcome", ""), request.form.get("reason", "")
    if outcome not in {"dismiss", "exclude"}:
        return _page(case_id, refused="결정을 골라 주세요.", reason=reason), 422
    if not reason.strip():
        return _page(case_id, refused=text("ko", "objection.reason_missing"), outcome=outcome), 422
    if outcome == "exclude" and request.form.get("act") != "propose":
        return _page(case_id, outcome=outcome, reason=reason, is_previewed=True)
    with services().database.write() as uow:
        propose_ruling(
            uow, case_id, Outcome(outcome), reason, shown=request.form.get("shown", ""), actor=actor(), now=now()
        )  # fmt: skip
    flash("결정안을 올렸습니다. 다른 승인자가 확인하면 결정됩니다.", "success")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.post("/staff/cases/<case_id>/confirm")
@allow(Role.APPROVER, fresh=True)
def confirm(case_id: str) -> Any:
    """The second person decides the case."""
    with services().database.write() as uow:
        confirm_ruling(uow, case_id, actor=actor(), now=now())
    flash("결정했습니다. 신고인과 출품자에게 알립니다.", "success")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.post("/staff/cases/<case_id>/reject")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def reject(case_id: str) -> Any:
    """The proposed decision falls; the case goes back to its operator."""
    with services().database.write() as uow:
        reject_ruling(uow, case_id, actor=actor(), now=now())
    flash("결정안을 돌려보냈습니다. 바뀐 것은 없습니다.", "success")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.get("/staff/cases/<case_id>/files/<file_id>")
@allow(Role.OPERATOR, Role.APPROVER)
def download(case_id: str, file_id: str) -> Any:
    """A file of evidence, only ever downloaded: nobody knows what a stranger sent."""
    held = services()
    with held.database.read() as rows:
        file = evidence_file(rows, held.crypto, case_id, file_id) or abort(404)
    response = Response(held.storage.stream(f"evidence/{file.id}"), mimetype="application/octet-stream")
    response.content_length = file.bytes
    response.headers.set("Content-Disposition", "attachment", filename=file.name or "evidence")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(case_id: str, *, who: Identity | None = None, is_previewed: bool = False, **typed: Any) -> Any:
    held = services()
    diff, refused = None, typed.pop("refused", None)
    with held.database.read() as rows:
        page = case_page(rows, held.crypto, case_id) or abort(404)
        if is_previewed or (
            page.ruling and page.ruling.outcome == "exclude" and not page.ruling.confirmed_at
        ):
            edition = get_edition(rows, page.edition_id)
            try:
                plan = plan_exclusion(rows, edition, page.entry_id, "objection")
                diff = diff_page(rows, edition, plan.diff, plan.digest) if plan else None
            except ContestError as error:
                # An excluded work is in no list any more: there is nothing left to move.
                refused = None if error.code == "succession.not_listed" else say(error)
    me, ruling = current_user.account_id, page.ruling
    is_waiting = ruling is not None and ruling.confirmed_at is None
    is_own = ruling is not None and ruling.proposed_by_id == me
    return render_template(
        "judging/case.html",
        page=page,
        who=who,
        diff=diff,
        refused=refused,
        is_previewed=is_previewed,
        typed=typed,
        acts=ACTS.get(page.row.state, ()),
        is_handler=current_user.role is Role.OPERATOR and page.handler_id == me,
        may_take=current_user.role is Role.OPERATOR and page.handler_id != me,
        is_waiting=is_waiting,
        may_confirm=is_waiting and current_user.role is Role.APPROVER and not is_own,
        may_reject=is_waiting and (current_user.role is Role.APPROVER or is_own),
        due=now() + dt.timedelta(days=STATEMENT_DAYS),
    )
