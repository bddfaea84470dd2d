"""확인 등급: how gravely findings are held, which works a change would move, and the change itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.domain.regrading import ANNOUNCED, CHANGEABLE
from contest.domain.screening import FindingKind, Grade
from contest.infra.texts import text
from contest.operations.regrade import change_grades
from contest.queries.editions import current_edition
from contest.queries.regrading import Preview, grades_page
from contest.web.access import actor, allow, now, services
from contest.web.edition_form import sentence
from contest.web.errors import say
from contest.web.screening_menu import SCREENERS

blueprint = Blueprint("grades", __name__, url_prefix="/staff/grades")
CHANGERS = (Role.OPERATOR, Role.APPROVER)
#: Moved works that the page lists; more are told by number.
LISTED = 100


@blueprint.get("")
@allow(*SCREENERS)
def index() -> Any:
    """The grades; with grades in the address, the works that they would move. Nothing changes here."""
    return _page(_wanted(request.args))


@blueprint.post("")
@allow(*CHANGERS, fresh=True)
def apply() -> Any:
    """Change them as the preview showed."""
    wanted, reason = _wanted(request.form), request.form.get("reason", "")
    with services().database.read() as session:
        edition = current_edition(session) or abort(404)
    try:
        with services().database.write() as uow:
            moved = change_grades(
                uow, edition.id, wanted, reason, shown=request.form.get("shown", ""), actor=actor(), now=now()
            )
    except ContestError as error:
        return _page(wanted, reason=reason, refused=error)
    flash(f"확인 등급을 바꾸었습니다. 작품 {moved}점의 결과가 옮겨졌습니다.", "success")
    return redirect(url_for("grades.index"), 303)


def _wanted(given: Mapping[str, str]) -> dict[str, str]:
    return {kind.value: given[kind.value] for kind in FindingKind if kind.value in given}


def _page(wanted: dict[str, str], *, reason: str = "", refused: ContestError | None = None) -> Any:
    with services().database.read() as session:
        edition = current_edition(session)
        try:
            page = grades_page(session, edition, wanted, now()) if edition else None
        except Invalid as error:  # a crafted address: the grades as they are, and why
            refused, wanted = refused or error, {}
            page = grades_page(session, edition, wanted, now()) if edition else None
    shown = page.preview if page else None
    answer = render_template(
        "contest/screening/grades.html",
        page=page,
        wanted=wanted,
        reason=reason,
        refused=refused,
        refusal=say(refused) if refused else "",
        changeable=CHANGEABLE,
        announced=[kind for kind in FindingKind if kind in ANNOUNCED],
        grades=[(grade.value, text("ko", f"grade.{grade.value}")) for grade in Grade],
        counts=_counts(shown),
        listed=shown.works[:LISTED] if shown else (),
        is_asked=bool(request.args) and not refused,
        warnings=[(one.field.split(".")[-1], sentence(one)) for one in page.warnings] if page else [],
        may_change=current_user.role in CHANGERS,
    )
    return (answer, refused.status) if refused else answer


def _counts(shown: Preview | None) -> list[tuple[str, str, int]]:
    """(before, after, how many works), the graver result first."""
    order = {"unfit": 0, "doubtful": 1, "fit": 2}
    counted = (
        Counter((work.before, work.after) for work in shown.works) if shown else Counter[tuple[str, str]]()
    )
    found = [(before, after, number) for (before, after), number in counted.items()]
    return sorted(found, key=lambda one: (order[one[1]], order[one[0]]))
