"""One editing page for each subject of an edition: saving keeps errors, checks come while typing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for

from contest.domain.actors import STAFF, Role
from contest.domain.edition_fields import BY_SLUG, SUBJECTS, Field, Group, Subject, fields_of
from contest.domain.edition_rows import change_rows
from contest.domain.edition_values import Content, typed_form, with_typed
from contest.domain.errors import Conflict
from contest.domain.rules import Problem, preview, problems
from contest.domain.ruleset import Method
from contest.infra.texts import text
from contest.infra.texts.edition_fields import label_of
from contest.infra.texts.edition_pages import group_title, hint_of
from contest.operations.editions import save_draft
from contest.queries.edition_drafts import EditionFile, edition_file
from contest.web.access import actor, allow, now, services
from contest.web.edition_form import edition_form, placed, posted_groups, sentence, typed_values
from contest.web.errors import say
from contest.web.filters import won

blueprint = Blueprint("edition_subjects", __name__)
LANGUAGES = (("ko", "한국어"), ("en", "English"), ("zh", "简体中文"))


@blueprint.get("/staff/editions/<edition_id>/edit/<slug>")
@allow(*STAFF)
def edit(edition_id: str, slug: str) -> Any:
    """The form of a subject, as it was saved; read only once the edition is open."""
    subject, language = _subject(slug), _language(slug)
    file = _file(edition_id)
    groups = subject.groups(file.content.document, language)
    form = edition_form(groups, file.content)
    return _page(file, subject, language, groups, form, found=file.problems)


@blueprint.post("/staff/editions/<edition_id>/edit/<slug>")
@allow(Role.OPERATOR)
def save(edition_id: str, slug: str) -> Any:
    """Save what was typed, errors and all; a row may be added, moved or removed with it."""
    subject, language = _subject(slug), _language(slug)
    file = _file(edition_id)
    groups = posted_groups(subject, language, file.content, request.form)
    form = edition_form(groups, file.content)
    typed = typed_values(groups, form)
    content = with_typed(file.content, typed)
    act, _, path = request.form.get("op", "save").partition(":")
    if path and not _may_change(path, groups):
        abort(400)
    change_rows(content.document, act, path)
    version = request.form.get("version", type=int, default=0)
    try:
        with services().database.write() as uow:
            save_draft(
                uow, edition_id, content.document, content.schedule, version=version, actor=actor(), now=now()
            )
    except Conflict as refused:
        if refused.code == "edition.opened":
            raise
        theirs = _differences(file, groups, typed) if refused.code == "edition.changed" else []
        found = _problems(with_typed(file.content, typed), file)
        return _page(
            file, subject, language, groups, form, found=found, refusal=say(refused), theirs=theirs
        ), 409
    flash("저장했습니다.", "success")
    anchor = path.rpartition(".")[0] if act in ("up", "down", "remove") else path
    return redirect(
        url_for(".edit", edition_id=edition_id, slug=slug, lang=_shown(language), _anchor=anchor or None), 303
    )


@blueprint.post("/staff/editions/<edition_id>/check/<slug>")
@allow(Role.OPERATOR)
def check(edition_id: str, slug: str) -> Any:
    """Every cross-check of what is being typed, for the fields of this page."""
    subject, language = _subject(slug), _language(slug)
    file = _file(edition_id)
    groups = posted_groups(subject, language, file.content, request.form)
    content = with_typed(file.content, typed_values(groups, edition_form(groups, file.content)))
    found = _problems(content, file)
    return jsonify(
        messages=messages_of(found, content, subject.slug, language),
        summary=_summary(subject, content, found),
    )


def messages_of(found: list[Problem], content: Content, slug: str, language: str) -> list[dict[str, str]]:
    """Problems of one page as checks.js shows them."""
    return [
        {"field": place.anchor, "level": problem.severity, "text": sentence(problem)}
        for problem, place in placed(found, content.document)
        if (place.slug, place.language) == (slug, language)
    ]


def _problems(content: Content, file: EditionFile) -> list[Problem]:
    return problems(content.document, content.schedule, file.holidays, now())


def _summary(subject: Subject, content: Content, found: list[Problem]) -> str:
    left = sum(problem.severity == "error" for problem in found)
    state = f"공고 전에 고칠 곳 {left}개" if left else "고칠 곳이 없습니다"
    if subject.slug == "prizes":
        tiers = content.document.get("prizes", {}).get("tiers") or []
        pairs = [
            (tier["count"], tier["amount"])
            for tier in tiers
            if isinstance(tier, dict) and type(tier.get("count")) is int and type(tier.get("amount")) is int
        ]
        people, money = sum(count for count, _ in pairs), sum(count * amount for count, amount in pairs)
        return f"상격 {len(tiers)}개를 더하면 {people:,}명, {won(money)} · {state}"
    if subject.slug == "judging":
        points = [
            f"{one.name.get('ko') or '이름 없는 단계'} "
            + ("투표" if one.method is Method.VOTE else f"{sum(c.weight for c in one.criteria)}점")
            for one in preview(content.document).rounds
        ]
        return " · ".join([*points, state])
    if subject.slug == "schedule" and content.schedule.verification_days:
        return f"공개검증 {content.schedule.verification_days}일 · {state}"
    return state


def _page(
    file: EditionFile,
    subject: Subject,
    language: str,
    groups: tuple[Group, ...],
    form: Any,
    *,
    found: Any,
    refusal: str = "",
    theirs: list[tuple[str, str, str]] | None = None,
) -> str:
    at_heads: dict[str, list[tuple[str, str]]] = {}
    names = {field.path for field in fields_of(groups)}
    totals = dict.fromkeys((one.slug for one in SUBJECTS), 0)
    for problem, place in placed(found, file.content.document):
        totals[place.slug] += problem.severity == "error"
        if (place.slug, place.language) != (subject.slug, language):
            continue
        if place.anchor in names and problem.severity == "error":
            form[place.anchor].errors = [*form[place.anchor].errors, sentence(problem)]
        elif place.anchor not in names:
            at_heads.setdefault(place.anchor, []).append((problem.severity, sentence(problem)))
    return render_template(
        "contest/editions/edit.html",
        file=file,
        subject=subject,
        language=language,
        languages=LANGUAGES if subject.is_translated else (),
        groups=groups,
        form=form,
        heads=at_heads,
        title=text("ko", f"subject.{subject.slug}"),
        lead=text("ko", f"subject_lead.{subject.slug}"),
        tabs=[(one.slug, text("ko", f"subject.{one.slug}"), totals[one.slug] or None) for one in SUBJECTS],
        group_title=group_title,
        hint_of=hint_of,
        label_of=lambda path: label_of("ko", path),
        refusal=refusal,
        theirs=theirs or [],
    )


def _differences(
    file: EditionFile, groups: tuple[Group, ...], typed: dict[Field, Any]
) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of every field where what was typed differs from what is stored now."""
    rows = []
    for field in fields_of(groups):
        theirs = typed_form(field, file.content)
        mine = typed.get(field, "")
        if isinstance(mine, str):
            mine = mine.replace("\r\n", "\n")
        if mine != theirs:
            rows.append((label_of("ko", field.path), _read_aloud(mine), _read_aloud(theirs)))
    return rows


def _read_aloud(value: Any) -> str:
    if isinstance(value, bool):
        return "예" if value else "아니요"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _may_change(path: str, groups: tuple[Group, ...]) -> bool:
    lists = {group.path for group in groups if group.is_list}
    return path in lists or (path.rpartition(".")[0] in lists and path.rpartition(".")[2].isdigit())


def _subject(slug: str) -> Subject:
    if slug not in BY_SLUG:
        abort(404)
    return BY_SLUG[slug]


def _language(slug: str) -> str:
    language = request.values.get("lang", "ko")
    return language if language in ("en", "zh") and BY_SLUG[slug].is_translated else "ko"


def _shown(language: str) -> str | None:
    return None if language == "ko" else language


def _file(edition_id: str) -> EditionFile:
    with services().database.read() as session:
        return edition_file(session, edition_id, now())
