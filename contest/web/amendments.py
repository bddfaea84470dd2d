"""변경 공고: proposed by an operator, decided by an approver, with before and after in plain sight."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from contest.domain.actors import STAFF, Role
from contest.domain.edition_fields import amendable, fields_of
from contest.domain.edition_values import Content, with_typed
from contest.domain.errors import Conflict, ContestError, Invalid
from contest.domain.policies import diff_editions
from contest.domain.rules import Problem
from contest.infra.texts.edition_fields import label_of
from contest.infra.texts.edition_pages import group_title, hint_of
from contest.operations.amend import (
    amendment_errors,
    approve_amendment,
    known_against,
    propose_amendment,
    reject_amendment,
)
from contest.queries.amendments import amendment_file
from contest.queries.edition_drafts import EditionFile, edition_file
from contest.web.access import actor, allow, now, services
from contest.web.call import readable
from contest.web.edition_form import edition_form, sentence, typed_values
from contest.web.errors import say

blueprint = Blueprint("amendments", __name__)


@blueprint.route("/staff/editions/<edition_id>/amendments/new", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def propose(edition_id: str) -> Any:
    """The values that may still change, as they stand; what is typed becomes a proposal."""
    file = _file(edition_id)
    groups = amendable(file.content.document)
    form = edition_form(groups, file.content)
    if not form.is_submitted():
        return _page(file, form, "")
    content = with_typed(file.content, typed_values(groups, form))
    reason = request.form.get("reason", "")
    version = request.form.get("version", type=int, default=0)
    try:
        with services().database.write() as uow:
            made = propose_amendment(
                uow, edition_id, content, reason, version=version, actor=actor(), now=now(),
                checks=services().registry.amendment_checks,
            ).ordinal  # fmt: skip
    except (Invalid, Conflict) as refused:
        found = _found(file, content)
        return _page(file, form, reason, found=found, refused=refused), refused.status
    return redirect(url_for(".show", edition_id=edition_id, ordinal=made), 303)


@blueprint.post("/staff/editions/<edition_id>/amendments/check")
@allow(Role.OPERATOR)
def check(edition_id: str) -> Any:
    """Every error of what is being typed."""
    file = _file(edition_id)
    groups = amendable(file.content.document)
    content = with_typed(file.content, typed_values(groups, edition_form(groups, file.content)))
    found = _found(file, content)
    return jsonify(
        messages=[
            {"field": problem.field, "level": problem.severity, "text": sentence(problem)}
            for problem in found
        ],
        summary=f"고칠 곳 {len(found)}개" if found else "고칠 곳이 없습니다",
    )


@blueprint.get("/staff/editions/<edition_id>/amendments/<int:ordinal>")
@allow(*STAFF)
def show(edition_id: str, ordinal: int) -> Any:
    """Before and after, the reason, and the buttons of whoever may press one."""
    with services().database.read() as session:
        file = edition_file(session, edition_id, now())
        amendment = amendment_file(session, edition_id, ordinal)
    rows = [
        (label_of("ko", value.path), readable(value.path, value.before), readable(value.path, value.after))
        for value in amendment.values
    ]
    return render_template(
        "contest/editions/amendment.html",
        file=file,
        amendment=amendment,
        rows=rows,
    )


@blueprint.post("/staff/editions/<edition_id>/amendments/<int:ordinal>/approve")
@allow(Role.APPROVER, fresh=True)
def approve(edition_id: str, ordinal: int) -> Any:
    """Put it into force."""
    held = services()
    with held.database.write() as uow:
        known = held.registry
        approve_amendment(
            uow, edition_id, ordinal, actor=actor(), now=now(),
            hooks=known.on_amendment, checks=known.amendment_checks,
        )  # fmt: skip
    flash("변경 공고를 냈습니다. 응모하신 분들께 보낼 안내도 만들었습니다.", "success")
    return redirect(url_for(".show", edition_id=edition_id, ordinal=ordinal), 303)


@blueprint.post("/staff/editions/<edition_id>/amendments/<int:ordinal>/reject")
@allow(Role.APPROVER, Role.OPERATOR)
def reject(edition_id: str, ordinal: int) -> Any:
    """Refuse it, or take it back."""
    with services().database.write() as uow:
        reject_amendment(uow, edition_id, ordinal, actor=actor(), now=now())
    flash("변경 공고를 거두었습니다. 바뀐 것은 없습니다.", "success")
    return redirect(url_for(".show", edition_id=edition_id, ordinal=ordinal), 303)


def _found(file: EditionFile, content: Content) -> list[Problem]:
    changes = diff_editions(file.content.document, file.content.schedule, content.document, content.schedule)
    found = amendment_errors(
        content.document,
        file.content.schedule,
        content.schedule,
        changes=changes,
        stage=file.stage,
        days=file.holidays,
        now=now(),
    )
    with services().database.read() as session:
        return found + known_against(session, file.id, changes, services().registry.amendment_checks, now())


def _page(
    file: EditionFile,
    form: Any,
    reason: str,
    *,
    found: list[Problem] | None = None,
    refused: ContestError | None = None,
) -> str:
    groups = amendable(file.content.document)
    names = {field.path for field in fields_of(groups)}
    for problem in found or ():
        if problem.field in names:
            form[problem.field].errors = [*form[problem.field].errors, sentence(problem)]
    return render_template(
        "contest/editions/propose.html",
        file=file,
        groups=groups,
        form=form,
        reason=reason,
        version=file.version,
        refusal="" if refused is None else say(refused),
        refused_field=None if refused is None else refused.field,
        wrong=[(f"#{p.field}", f"{label_of('ko', p.field)}: {sentence(p)}") for p in found or ()],
        group_title=_title,
        hint_of=hint_of,
    )


def _title(path: str) -> str:
    """What a group is called; the days of a round by which round they are."""
    at = path.partition(".")[2]
    return f"심사 {int(at) + 1}단계 기간" if path.startswith("rounds.") else group_title(path)


def _file(edition_id: str) -> EditionFile:
    with services().database.read() as session:
        file = edition_file(session, edition_id, now())
    if file.is_draft:
        raise Conflict("amendment.not_open")
    return file
