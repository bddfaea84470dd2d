"""What every page of the desk stands in: its blueprint, its menu, the seat of who asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from contest.web.access import actor, now
from judging.domain.balloting import CODE as PLACE
from judging.domain.ranking import print_mean
from judging.domain.round_rule import RoundRule
from judging.domain.scoring import total
from judging.domain.selection import CODE
from judging.queries.blind import Seat, seat_of
from judging.queries.entrance import seats_opened_anew

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
#: What an address of the desk may carry behind the question mark; anything else is refused, not ignored.
_QUERIES = {
    "desk.index": {"show", "sort", "page"},
    "desk.compare": {"work"},
    "desk.work": {"sort"},
    "desk.save_sheet": {"sort"},
    "desk.deliberation": {"sort", "page"},
}


@blueprint.before_request
def _no_hidden_questions() -> None:
    if set(request.args) - _QUERIES.get(request.endpoint or "", set()):
        abort(400)


def desk_page(template: str, seat: Seat, **facts: Any) -> str:
    """A page of the desk for a seat; its menu names what stands open to that seat now."""
    items = [("작품 목록", "desk.index")]
    if seat.may_look(now()):
        items.append(("심사 완료", "desk.finish"))
    if seat.may_follow_deliberation:
        items.append(("심의", "desk.deliberation"))
    if seat.has_run_offs:
        items.append(("결선투표", "desk.runoffs"))
    if seat.is_chair:
        items.append(("동점 재심사", "desk.ties"))
    navigation = [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for label, endpoint in items
    ]
    return render_template(
        f"judging/desk/{template}.html",
        seat=seat,
        nav_items=navigation,
        is_open=seat.is_open(now()),
        is_over=seat.may_sign(now()) and seat.is_over(now()),
        may_sign=seat.may_sign(now()),
        **facts,
    )


def looking_seat(rows: Session) -> Seat:
    """The judge's seat if works are shown now; otherwise there is nothing here."""
    seat = seat_of(rows, actor().id)
    if not seat.may_look(now()):
        abort(404)
    return seat


def opened_anew(rows: Session, seat: Seat) -> list[dt.datetime]:
    """When somebody got a new link to this seat after its judge had entered it."""
    return [at for judge, at in seats_opened_anew(rows, seat.edition_id) if judge == seat.judge_id]


def points_text(points: Fraction) -> str:
    """A total in words, with a decimal only where it has one."""
    return f"{print_mean(points, 0 if points.denominator == 1 else 1)}점"


def said(levels: Mapping[str, int], rule: RoundRule) -> str:
    """What the judge gave a work, in words; empty until it is whole."""
    if rule.is_ballot:
        return f"{levels[PLACE]}번째" if PLACE in levels else ""
    if rule.is_vote:
        return rule.level_names[levels[CODE] - 1] if CODE in levels else ""
    points = total(levels, rule.rubric)
    return "" if points is None else points_text(points)
