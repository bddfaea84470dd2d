"""결선투표: works that stayed equal, put in order by every judge without an interest in them."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.operations.runoff import cast_ballot
from judging.queries.ballots import own_ballots
from judging.queries.blind import seat_of
from judging.web.desk.frame import blueprint, desk_page
from judging.web.desk.ordering import chosen_order


@blueprint.get("/runoff")
@allow(Role.JUDGE)
def runoffs() -> Any:
    """The run-offs in which the judge has a vote, and the judge's own last word in each."""
    return _page()


@blueprint.post("/runoff/<runoff_id>")
@allow(Role.JUDGE)
def vote(runoff_id: str) -> Any:
    """An order of the works, or none of them: abstaining."""
    abstains = request.form.get("abstain") == "yes"
    try:
        order = [] if abstains else chosen_order()
        with services().database.write() as uow:
            cast_ballot(uow, runoff_id, order, actor=actor(), now=now())
    except Invalid as refused:
        return _page(refused, runoff_id)
    said = "기권으로 저장했습니다." if abstains else "순서를 저장했습니다."
    flash(f"{said} 마감 전까지 바꿀 수 있습니다.", "success")
    return redirect(url_for("desk.runoffs"), 303)


def _page(error: ContestError | None = None, refused_in: str = "") -> Any:
    with services().database.read() as rows:
        seat = seat_of(rows, actor().id)
        if not seat.has_run_offs or not seat.has_pledged:
            abort(404)
        listed = own_ballots(rows, seat)
    page = desk_page(
        "runoffs", seat, ballots=listed, given=request.form, refused_in=refused_in, at=now(),
        error=say(error) if error else None,
    )  # fmt: skip
    return page, error.status if error else 200
