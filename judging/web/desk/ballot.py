"""순위 투표: every work of the round on one page, put in order by the judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.domain.balloting import CODE, in_order
from judging.operations.score import save_order
from judging.queries.blind import Seat, Tile, seat_of, tiles
from judging.web.desk.frame import blueprint, desk_page
from judging.web.desk.ordering import chosen_order


@blueprint.post("/order")
@allow(Role.JUDGE)
def order() -> Any:
    """The judge's order as it stands on the page."""
    try:
        with services().database.write() as uow:
            save_order(uow, chosen_order(), actor=actor(), now=now())
    except Invalid as refused:
        with services().database.read() as rows:
            seat = seat_of(rows, actor().id)
            listed = tiles(rows, seat)
        return order_page(seat, listed, refused)
    flash("순서를 저장했습니다. 서명하시기 전까지 바꿀 수 있습니다.", "success")
    return redirect(url_for("desk.index"), 303)


@blueprint.put("/order")
@allow(Role.JUDGE)
def keep_order() -> Any:
    """The whole order after a move, as ballot.js sends it; sent twice it changes nothing."""
    asked = request.get_json()
    wanted = asked.get("order") if isinstance(asked, dict) else None
    if not isinstance(wanted, list) or not all(isinstance(work, str) for work in wanted):
        abort(400)
    with services().database.write() as uow:
        saved_at = save_order(uow, wanted, may_have_left=True, actor=actor(), now=now())
    return jsonify(saved_at=saved_at.isoformat())


def order_page(seat: Seat, listed: Sequence[Tile], error: ContestError | None = None) -> Any:
    """All works with their places: as they were saved, or as they were sent and refused."""
    held = {tile.work_id: tile.levels[CODE] for tile in listed if CODE in tile.levels}
    # A work that left makes a gap; what is shown is the order, which is all that counts.
    places: dict[str, int | str] = {work: place for place, work in enumerate(in_order(held), start=1)}
    if error:
        places = {tile.work_id: request.form.get(f"place_{tile.work_id}", "") for tile in listed}
    by_work = {tile.work_id: tile for tile in listed}
    shown = [*(by_work[work] for work in in_order(held)), *(t for t in listed if t.work_id not in held)]
    page = desk_page(
        "ballot", seat, tiles=listed if error else shown, places=places, is_whole=len(held) == len(listed),
        error=say(error) if error else None,
    )  # fmt: skip
    return page, error.status if error else 200
