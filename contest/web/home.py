"""The public home: what the contest is, where it stands, what a visitor can do now."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from contest.domain.phases import Door, State
from contest.queries.call import load_current_call
from contest.web.access import now, public, services
from contest.web.call import shown

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> Any:
    """The home page; other packages add their sections (candidates under verification, results).

    A section's template finds what its loader gave as `section`. A loader may give `hero` (src, alt,
    credit) for the opening photograph, `published` (true once results are out) and `shortcuts`
    ((label, path) pairs without language prefix) for buttons beside the photograph.
    """
    held = services()
    with held.database.read() as session:
        call = load_current_call(session)
        sections = []
        if call is not None:
            for section in sorted(held.registry.home_sections, key=lambda section: section.order):
                context = section.load(session, call.edition_id, now())
                if context is not None:
                    sections.append((section.template, context))
    if call is None:
        return render_template("contest/home.html", call=None, sections=[])
    contexts = [context for _template, context in sections]
    page = shown(call, is_published=any(context.get("published") for context in contexts))
    shortcuts = [pair for context in contexts for pair in context.get("shortcuts", ())]
    return render_template(
        "contest/home.html",
        sections=sections,
        picture=next((context["hero"] for context in contexts if context.get("hero")), None),
        shortcuts=[*shortcuts, *_shortcuts(page["door"])],
        kicker=_kicker(page),
        **page,
    )


def _shortcuts(door: str) -> list[tuple[str, str]]:
    lookup = (_("접수 확인"), "/lookup")
    return [(_("공고 보기"), "/call")] if door == Door.BEFORE else [lookup, (_("공고 보기"), "/call")]


def _kicker(page: dict[str, Any]) -> str:
    """Where the contest stands, in a few words."""
    words = {
        "entry": _("접수 중"),
        "screening": _("자격검토 중"),
        "judging": _("심사 중"),
        "verification": _("공개검증 중"),
    }
    for one in page["phases"]:
        if one.state is State.CURRENT:
            return str(words[one.phase])
        if one.phase == "announcement" and one.state is State.DONE:
            return str(_("결과 발표"))
    return str(_("접수 예정") if page["door"] == Door.BEFORE else _("결과 발표 준비 중"))
