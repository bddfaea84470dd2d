"""위원장 재심사: works that nothing told apart, put in order by the chair."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.operations.close import record_chair_vote
from judging.operations.reopen import read_result
from judging.queries.blind import seat_of
from judging.queries.ties import ties_for
from judging.web.desk.frame import blueprint, desk_page
from judging.web.desk.ordering import chosen_order


@blueprint.route("/ties", methods=["GET", "POST"])
@allow(Role.JUDGE)
def ties() -> Any:
    """위원장 재심사: works that nothing told apart, to be put in order under their common numbers."""
    error: ContestError | None = None
    if request.method == "POST":
        try:
            ordered = chosen_order()
            with services().database.write() as uow:
                record_chair_vote(uow, ordered, request.form.get("reason", ""), actor=actor(), now=now())
            flash("순서를 정했습니다.", "success")
            return redirect(url_for("desk.ties"), 303)
        except Invalid as refused:
            error = refused
    with services().database.read() as rows:
        seat = seat_of(rows, actor().id)
        if not seat.is_chair:
            abort(404)
        listed = ties_for(rows, seat)
    if listed:  # a chair who knows of a tie could part it by a score
        with services().database.write() as uow:
            read_result(uow, seat.edition_id, actor=actor(), now=now())
    page = desk_page("ties", seat, ties=listed, given=request.form, error=say(error) if error else None)
    return page, error.status if error else 200
