"""Public verification: the candidates in their window, objections, the objector's status, the entrant's answer."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from contest.domain.errors import ContestError, Invalid
from contest.infra.texts import text
from contest.queries.editions import current_edition, schedule_of
from contest.web.access import actor, network, now, public, services
from contest.web.body_limits import ROOM, body_up_to
from contest.web.errors import say
from contest.web.locale import locale
from contest.web.media import picture
from judging.domain.objections import Category
from judging.operations.case_lookup import open_case
from judging.operations.cases import answer_statement
from judging.operations.objections import (
    MOST_BYTES,
    MOST_FILES,
    Report,
    file_objection,
    forget_evidence,
    receive_evidence,
    secret_of,
)
from judging.queries.candidates import candidate, candidates, tiers
from judging.queries.objections import asked_statement, case_status

blueprint = Blueprint("verification", __name__, template_folder="templates")
_CASE, _STATEMENT = "objection_case", "statement_asked"
_CATEGORIES = [category.value for category in Category]


class ObjectionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The four things a report needs, each said where it is missing."""

    submit_key = HiddenField()
    number = StringField(
        _l("출품번호"), [DataRequired(_l("출품번호를 적어 주세요. 사진 아래에 있습니다.")), Length(max=24)]
    )
    category = RadioField(
        _l("무엇에 관한 이의인가요?"), [DataRequired(_l("무엇에 관한 이의인지 골라 주세요."))]
    )
    facts = TextAreaField(
        _l("무엇이 사실과 다른가요?"),
        [DataRequired(_l("무엇이 사실과 다른지 적어 주세요.")), Length(max=4000)],
    )
    evidence = TextAreaField(_l("근거가 있는 인터넷 주소"), [Length(max=2000)])
    files = MultipleFileField(_l("근거 파일"))
    name = StringField(_l("실명"), [DataRequired(_l("실명을 적어 주세요.")), Length(max=40)])
    contact = StringField(
        _l("휴대전화 번호 또는 전자우편"),
        [DataRequired(_l("연락받으실 휴대전화 번호나 전자우편을 적어 주세요.")), Length(max=254)],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The entrant's statement."""

    answer = TextAreaField(_l("소명 내용"), [DataRequired(_l("소명 내용을 적어 주세요.")), Length(max=4000)])


class LookupForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Case number and secret."""

    case_number = StringField(_l("신고번호"), [DataRequired(_l("신고번호를 적어 주세요.")), Length(max=24)])
    secret = StringField(_l("확인번호 10자리"), [DataRequired(_l("확인번호를 적어 주세요.")), Length(max=20)])


@blueprint.get("/verification")
@public
def index() -> Any:
    """The works under verification in number order, or when they will be."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        works = candidates(rows, edition.id, now()) if edition else ()
        schedule = schedule_of(edition) if edition else None
        prizes = tiers(edition) if edition and works else ()
    is_late = schedule is not None and schedule.is_verification_open(now()) and not works
    page = render_template(
        "judging/verification.html", works=works, schedule=schedule, is_late=is_late, tiers=prizes
    )
    return page, 200, {"Cache-Control": "no-store"}


@blueprint.get("/verification/<number>")
@public
def work(number: str) -> Any:
    """One work under verification."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        found = candidate(rows, edition.id, number, now()) if edition else None
        closes = edition.verification_closes if edition else None
    if found is None:
        abort(404)
    page = render_template("judging/verification_work.html", work=found, closes=closes)
    return page, 200, {"Cache-Control": "no-store"}


@blueprint.get("/verification/<number>/picture")
@public
def marked_picture(number: str) -> Any:
    """The marked picture of a work, in the window alone."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        found = candidate(rows, edition.id, number, now()) if edition else None
    if found is None or found.picture is None:
        abort(404)
    return picture(found.picture.rendition_id, found.picture.bytes, etag=found.picture.etag)


@blueprint.route("/verification/objection", methods=["GET", "POST"])
@public
@body_up_to(MOST_FILES * MOST_BYTES + ROOM)
def objection() -> Any:
    """The form of an objection; after the window what is sent is kept as a tip."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        schedule = schedule_of(edition) if edition else None
    if edition is None or schedule is None:
        abort(404)
    form = ObjectionForm(number=request.args.get("number", ""), submit_key=str(uuid.uuid4()))
    form.category.choices = [
        SelectChoice(code, text(locale(), f"objection_category.{code}")) for code in _CATEGORIES
    ]
    refused = None
    if form.validate_on_submit():
        try:
            return _filed(edition.id, form)
        except ContestError as error:
            if error.field is not None and error.field in form:
                form[error.field].errors = [*form[error.field].errors, say(error)]
            else:
                refused = error
    opens, closes, moment = schedule.verification_opens, schedule.verification_closes, now()
    page = render_template(
        "judging/objection_form.html",
        form=form,
        refused=say(refused) if refused else None,
        is_early=opens is None or moment < opens,
        is_late=closes is not None and moment >= closes,
        schedule=schedule,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 1_000_000,
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _filed(edition_id: str, form: ObjectionForm) -> Any:
    held = services()
    uploads = [upload for upload in form.files.data or [] if upload and upload.filename]
    if len(uploads) > MOST_FILES:
        raise Invalid("objection.too_many_files", field="files", most=MOST_FILES)
    # One byte more than allowed tells that a file is too big without reading all of it.
    stored = receive_evidence(held, [(up.filename or "", up.stream.read(MOST_BYTES + 1)) for up in uploads])
    is_kept = False
    try:
        report = Report(
            form.number.data or "", form.category.data, form.facts.data or "", form.evidence.data or "",
            form.name.data or "", form.contact.data or "",
        )  # fmt: skip
        key = (form.submit_key.data or "")[:36] or str(uuid.uuid4())
        with held.database.write() as uow:
            before = len(uow.acts)
            case = file_objection(
                uow, edition_id, report, stored, submit_key=key, actor=actor(), now=now(), wall=held.clock.wall()
            )  # fmt: skip
            is_new = len(uow.acts) > before
        is_kept = is_new
    finally:
        if not is_kept:
            forget_evidence(held, stored)
    session[_CASE] = case.id
    return redirect(url_for("verification.status"), 303)


@blueprint.route("/objection", methods=["GET", "POST"])
@public
def lookup() -> Any:
    """Look up a case by its number and secret; wrong and unknown are one answer."""
    form, refused = LookupForm(), None
    if form.validate_on_submit():
        try:
            session[_CASE] = open_case(
                services(),
                form.case_number.data or "",
                form.secret.data or "",
                network=network(),
            )
            return redirect(url_for("verification.status"), 303)
        except ContestError as error:
            refused = error
    return render_template(
        "judging/objection_lookup.html", form=form, refused=say(refused) if refused else ""
    ), refused.status if refused else 422 if form.errors else 200


@blueprint.route("/objection/<signed>", methods=["GET", "POST"])
@public
def status_link(signed: str) -> Any:
    """The private link of a case: one button, so that a preview robot sees nothing."""
    value = services().crypto.unsign("objection", signed)
    if not value:
        abort(404)
    if request.method == "POST":
        session[_CASE] = str(value[0])
        return redirect(url_for("verification.status"), 303)
    return render_template("judging/private_link.html", about="objection")


@blueprint.get("/objection/status")
@public
def status() -> Any:
    """The objector's case: number, secret, state in words, decision with its reason."""
    held = services()
    case_id = session.get(_CASE)
    if case_id is None:
        return redirect(url_for("verification.lookup"))
    with held.database.read() as rows:
        found = case_status(rows, case_id)
        edition = current_edition(rows)
    if found is None:
        abort(404)
    page = render_template(
        "judging/objection_status.html",
        case=found,
        secret=secret_of(held.crypto, found.submit_key),
        decides_by=edition.decides_by if edition else None,
    )
    return page, 200, {"Cache-Control": "no-store"}


@blueprint.route("/statement/<signed>", methods=["GET", "POST"])
@public
def statement_link(signed: str) -> Any:
    """The entrant's private link to a statement: one button."""
    value = services().crypto.unsign("statement", signed)
    if not value:
        abort(404)
    if request.method == "POST":
        session[_STATEMENT] = str(value[0])
        return redirect(url_for("verification.statement"), 303)
    return render_template("judging/private_link.html", about="statement")


@blueprint.route("/statement", methods=["GET", "POST"])
@public
def statement() -> Any:
    """What is asked of the entrant, and the answer; never who objected."""
    statement_id, held = session.get(_STATEMENT), services()
    if statement_id is None:
        abort(404)
    form = AnswerForm()
    refused = None
    if form.validate_on_submit():
        try:
            with held.database.write() as uow:
                answer_statement(uow, statement_id, form.answer.data or "", actor=actor(), now=now())
            return redirect(url_for("verification.statement"), 303)
        except ContestError as error:
            refused = error
    with held.database.read() as rows:
        asked = asked_statement(rows, statement_id, now())
    if asked is None:
        abort(404)
    page = render_template(
        "judging/statement.html", asked=asked, form=form, refused=say(refused) if refused else None
    )
    return page, refused.status if refused else 422 if form.errors else 200, {"Cache-Control": "no-store"}
