"""Two to four works side by side, as the judge chose them."""

from __future__ import annotations

from typing import Any

from flask import request

from contest.domain.actors import Role
from contest.domain.errors import Invalid
from contest.web.access import allow, services
from contest.web.errors import say
from judging.queries.side_by_side import Compared, side_by_side
from judging.web.desk.frame import blueprint, desk_page, looking_seat, said


@blueprint.get("/compare")
@allow(Role.JUDGE)
def compare() -> Any:
    """The chosen works; a choice of one or of five is told how many may be chosen."""
    asked = list(dict.fromkeys(request.args.getlist("work")))
    error: Invalid | None = None
    shown: list[Compared] = []
    with services().database.read() as rows:
        seat = looking_seat(rows)
        try:
            shown = side_by_side(rows, seat, asked)
        except Invalid as refused:
            error = refused
    assert seat.rule is not None
    page = desk_page(
        "compare", seat, works=shown, totals={one.entry.work_id: said(one.entry.levels, seat.rule) for one in shown},
        is_less=bool(shown) and len(shown) < len(asked), error=say(error) if error else None,
    )  # fmt: skip
    return page, error.status if error else 200
