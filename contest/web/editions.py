"""Editions as staff prepare them: list, copy, what is still to do, preview, opening."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange

from contest.domain.actors import STAFF, Role
from contest.domain.edition_fields import BY_SLUG, SUBJECTS
from contest.domain.edition_rows import blank_document
from contest.domain.errors import Conflict
from contest.domain.schedule import Schedule
from contest.infra.texts import text
from contest.infra.texts.edition_fields import label_of
from contest.operations.editions import approve_opening, copy_edition, create_draft
from contest.queries.call import load_call
from contest.queries.edition_drafts import EditionFile, edition_file, list_editions
from contest.web.access import actor, allow, now, services
from contest.web.call import shown
from contest.web.edition_form import anchor_of, placed, sentence
from contest.web.errors import say

blueprint = Blueprint("editions", __name__)
_SEE = tuple(STAFF)


class NewForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Year and number of an edition that begins empty."""

    year = IntegerField(
        "연도", validators=[NumberRange(2000, 2999, "연도를 2025처럼 네 자리로 입력해 주세요.")]
    )
    number = IntegerField("회차", validators=[NumberRange(1, 999, "회차를 숫자로 입력해 주세요.")])


class PressForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A button that acts on the version it was shown with."""

    version = HiddenField()


@blueprint.get("/staff/editions")
@allow(*_SEE)
def index() -> Any:
    """Every edition."""
    with services().database.read() as session:
        editions = list_editions(session)
    return render_template("contest/editions/index.html", editions=editions)


@blueprint.route("/staff/editions/new", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def new() -> Any:
    """An edition that begins empty; copying last year's is the usual way."""
    form = NewForm()
    if form.validate_on_submit():
        document = blank_document(int(form.year.data or 0), int(form.number.data or 0))
        try:
            with services().database.write() as uow:
                made = create_draft(uow, document, Schedule(), actor=actor(), now=now()).id
        except Conflict as refused:
            form.number.errors = [say(refused)]
        else:
            return redirect(url_for("editions.overview", edition_id=made), 303)
    return render_template("contest/editions/new.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/staff/editions/<edition_id>/copy")
@allow(Role.OPERATOR)
def copy(edition_id: str) -> Any:
    """A draft of the next edition from this one."""
    with services().database.write() as uow:
        made = copy_edition(uow, edition_id, actor=actor(), now=now())
    flash(
        f"{made.year}년 제{made.number}회를 만들었습니다. 날짜는 모두 뒤로 옮겼으니 하나씩 확인해 주세요.",
        "success",
    )
    return redirect(url_for("editions.overview", edition_id=made.id), 303)


@blueprint.get("/staff/editions/<edition_id>")
@allow(*_SEE)
def overview(edition_id: str) -> Any:
    """What is still to do before the edition opens; after it, what was amended."""
    file = _file(edition_id)
    return render_template("contest/editions/overview.html", file=file, **checklist(file))


@blueprint.get("/staff/editions/<edition_id>/preview")
@allow(*_SEE)
def preview(edition_id: str) -> Any:
    """The call page as citizens will see it."""
    with services().database.read() as session:
        call = load_call(session, edition_id)
    return render_template("contest/editions/preview.html", nav_items=[], **shown(call))


@blueprint.get("/staff/editions/<edition_id>/open")
@allow(*_SEE)
def opening(edition_id: str) -> Any:
    """Everything that opening freezes, and the button of the approver."""
    with services().database.read() as session:
        file = edition_file(session, edition_id, now())
        call = load_call(session, edition_id)
    form = PressForm(formdata=None, version=file.version)
    page = {**shown(call), **checklist(file)}
    return render_template("contest/editions/open.html", file=file, form=form, **page)


@blueprint.post("/staff/editions/<edition_id>/open")
@allow(Role.APPROVER, fresh=True)
def open_(edition_id: str) -> Any:
    """Open the edition that was looked at."""
    form = PressForm()
    form.validate()
    held = services()
    with held.database.write() as uow:
        approve_opening(
            uow, held.registry, edition_id, version=int(form.version.data or 0), actor=actor(), now=now()
        )
    flash("공고를 시작했습니다. 누리집에 바로 보입니다.", "success")
    return redirect(url_for("editions.overview", edition_id=edition_id), 303)


def checklist(file: EditionFile) -> dict[str, Any]:
    """Every problem as a line with the address of its field, and how many each subject has."""
    document = file.content.document
    lines: dict[str, list[dict[str, Any]]] = {"error": [], "warning": []}
    counts = {subject.slug: {"error": 0, "warning": 0} for subject in SUBJECTS}
    for problem, place in placed(file.problems, document):
        groups = BY_SLUG[place.slug].groups(document, place.language)
        address = url_for(
            "edition_subjects.edit",
            edition_id=file.id,
            slug=place.slug,
            lang=None if place.language == "ko" else place.language,
            _anchor=anchor_of(place, groups) or None,
        )
        counts[place.slug][problem.severity] += 1
        lines[problem.severity].append(
            {"text": label_of("ko", problem.field), "detail": sentence(problem), "url": address, "ok": False}
        )
    subjects = [
        {
            "slug": subject.slug,
            "title": text("ko", f"subject.{subject.slug}"),
            "lead": text("ko", f"subject_lead.{subject.slug}"),
            **counts[subject.slug],
        }
        for subject in SUBJECTS
    ]
    return {"errors": lines["error"], "warnings": lines["warning"], "subjects": subjects}


def _file(edition_id: str) -> EditionFile:
    with services().database.read() as session:
        return edition_file(session, edition_id, now())
