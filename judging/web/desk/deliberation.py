"""심의: the panel's sealed scores and notes under pseudonyms, remarks, own scores revised with a reason, the end."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.errors import Conflict, ContestError, Invalid
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.domain.deliberation import deliberation_text
from judging.operations.deliberate import add_remark, note_refusal, revise_scores, sign_deliberation
from judging.queries.blind import Seat, blind_entry, contest_title, seat_of
from judging.queries.deliberation import discussed_work, discussed_works, listed_works
from judging.web.desk.frame import blueprint, desk_page, points_text

ORDERS = ("spread", "number")
PER_PAGE = 60


@blueprint.get("/deliberation")
@allow(Role.JUDGE)
def deliberation() -> Any:
    """The works under their common numbers, those first on which the panel is furthest apart."""
    sort, page = request.args.get("sort", "spread"), request.args.get("page", "1")
    if sort not in ORDERS or not (page.isascii() and page.isdigit() and int(page)):
        abort(400)
    return _index(sort, int(page))


@blueprint.get("/deliberation/<work_id>")
@allow(Role.JUDGE)
def discuss(work_id: str) -> Any:
    """One work: what everybody gave and noted, what was said, and the judge's own scores."""
    return _work(work_id)


@blueprint.post("/deliberation/<work_id>/revise")
@allow(Role.JUDGE)
def revise(work_id: str) -> Any:
    """The judge's own scores, changed with a reason. An attempt outside the time is refused and kept in the trail."""
    levels = {
        name.removeprefix("level_"): int(value)
        for name, value in request.form.items()
        if name.startswith("level_") and re.fullmatch("[0-9]{1,3}", value)
    }
    try:
        with services().database.write() as uow:
            revise_scores(
                uow, work_id, levels, request.form.get("reason", ""), actor=actor(), now=now()
            )  # fmt: skip
    except Conflict as refused:
        with services().database.write() as uow:
            note_refusal(uow, refused.code, actor=actor(), now=now())
        return _work(work_id, refused)
    except Invalid as error:
        return _work(work_id, error)
    flash("고친 점수와 까닭을 저장했습니다.", "success")
    return redirect(url_for("desk.discuss", work_id=work_id), 303)


@blueprint.post("/deliberation/<work_id>/remark")
@allow(Role.JUDGE)
def remark(work_id: str) -> Any:
    """A remark on the work to the rest of the panel."""
    try:
        with services().database.write() as uow:
            add_remark(uow, work_id, request.form.get("words", ""), actor=actor(), now=now())
    except (Conflict, Invalid) as error:
        return _work(work_id, error)
    flash("의견을 남겼습니다.", "success")
    return redirect(url_for("desk.discuss", work_id=work_id), 303)


@blueprint.post("/deliberation")
@allow(Role.JUDGE)
def sign() -> Any:
    """심의 마침: no revision is taken after it."""
    try:
        with services().database.write() as uow:
            sign_deliberation(
                uow, request.form.get("signed_name", ""), name=current_user.name, actor=actor(), now=now()
            )
    except (Conflict, Invalid) as error:
        return _index("spread", 1, error)
    flash("심의를 마치셨습니다. 고맙습니다.", "success")
    return redirect(url_for("desk.deliberation"), 303)


def _index(sort: str, page: int, error: ContestError | None = None) -> Any:
    with services().database.read() as rows:
        seat = _seat(rows)
        listed = listed_works(rows, seat)
        if sort == "number":
            listed.sort(key=lambda one: one.number)
        pages = max(1, -(-len(listed) // PER_PAGE))
        at = min(page, pages)
        shown = [one.work_id for one in listed[(at - 1) * PER_PAGE : at * PER_PAGE]]
        works = sorted(discussed_works(rows, seat, shown), key=lambda one: shown.index(one.work_id))
        title = contest_title(rows, seat)
    assert seat.rule is not None
    html = desk_page(
        "deliberation", seat, works=works, sort=sort, page=at, pages=pages,
        points=points_text, may_revise=seat.may_revise(now()),
        words=deliberation_text(title, seat.rule.name), error=say(error) if error else None, given=request.form,
    )  # fmt: skip
    return html, error.status if error else 200


def _work(work_id: str, error: ContestError | None = None) -> Any:
    with services().database.read() as rows:
        seat = _seat(rows)
        entry = blind_entry(rows, seat, work_id)
        work = discussed_work(rows, seat, work_id)
        order = [one.work_id for one in listed_works(rows, seat)]
    at = order.index(work_id)
    page = desk_page(
        "discuss", seat, entry=entry, work=work, at=at + 1, works=len(order),
        previous=order[at - 1] if at else None, following=order[at + 1] if at + 1 < len(order) else None,
        points=points_text, may_revise=seat.may_revise(now()), given=request.form,
        error=say(error) if error else None, field=error.field if isinstance(error, Invalid) else None,
    )  # fmt: skip
    return page, error.status if error else 200


def _seat(rows: Session) -> Seat:
    seat = seat_of(rows, actor().id)
    if not seat.may_follow_deliberation:
        abort(404)
    return seat
