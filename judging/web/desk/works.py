"""The works a judge scores: the contact sheet, one photograph with its rubric, and each press."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, jsonify, redirect, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.operations import score
from judging.queries.blind import blind_entry, seat_of, tiles
from judging.queries.contact_sheet import SHOWS, SORTS, contact_sheet
from judging.queries.neighbours import neighbours
from judging.web.desk.ballot import order_page
from judging.web.desk.frame import blueprint, desk_page, looking_seat, opened_anew, said

PER_PAGE = 100


@blueprint.get("")
@allow(Role.JUDGE)
def index() -> Any:
    """The contact sheet of the judge's own scores; before the start, what is still to be done."""
    show, sort = request.args.get("show", "all"), request.args.get("sort", "order")
    page = request.args.get("page", "1")
    if show not in SHOWS or sort not in SORTS or not (page.isascii() and page.isdigit() and int(page)):
        abort(400)
    with services().database.read() as rows:
        seat = seat_of(rows, actor().id)
        listed = tiles(rows, seat) if seat.may_look(now()) else []
        anew = opened_anew(rows, seat)
    if not seat.has_pledged:
        return redirect(url_for("desk.pledges"), 303)
    if not seat.may_look(now()) or seat.rule is None:
        return desk_page("waiting", seat)
    if seat.rule.is_ballot:
        return order_page(seat, listed)
    sheet = contact_sheet(listed, seat.rule.rubric, show, sort)
    pages = max(1, -(-len(sheet.tiles) // PER_PAGE))
    at = min(int(page), pages)
    shown = sheet.tiles[(at - 1) * PER_PAGE : at * PER_PAGE]
    totals = {tile.work_id: said(tile.levels, seat.rule) for tile in shown}
    return desk_page(
        "index", seat, tiles=shown, totals=totals, counts=sheet.counts, show=show, sort=sort,
        criteria=len(seat.rule.rubric.criteria), page=at, pages=pages, next_unscored=sheet.next_unscored,
        anew=anew,
    )  # fmt: skip


@blueprint.get("/work/<work_id>")
@allow(Role.JUDGE)
def work(work_id: str) -> Any:
    """One photograph, the rubric beside it."""
    return _work_page(work_id)


def _work_page(work_id: str, error: ContestError | None = None) -> Any:
    sort = _sort()
    with services().database.read() as rows:
        seat = looking_seat(rows)
        entry = blind_entry(rows, seat, work_id)
        beside = neighbours(rows, seat, work_id, sort)
    assert seat.rule is not None
    totals = {tile.work_id: said(tile.levels, seat.rule) for tile in beside.strip}
    return desk_page(
        "ballot_work" if seat.rule.is_ballot else "work",
        seat,
        entry=entry,
        beside=beside,
        totals=totals,
        sort=sort,
        error=say(error) if error else None,
        given=request.form,
    ), error.status if error else 200


@blueprint.post("/work/<work_id>")
@allow(Role.JUDGE)
def save_sheet(work_id: str) -> Any:
    """The whole form at once, for browsers without script; then where the pressed button leads."""
    sort = _sort()
    levels = {
        name.removeprefix("level_"): int(value)
        for name, value in request.form.items()
        if name.startswith("level_") and re.fullmatch("[0-9]{1,3}", value)
    }
    try:
        with services().database.write() as uow:
            score.save_sheet(
                uow, work_id, levels, request.form.get("note", ""),
                flagged={"yes": True, "no": False}.get(request.form.get("flagged", "")),
                actor=actor(), now=now(),
            )  # fmt: skip
    except Invalid as error:
        return _work_page(work_id, error)
    if request.form.get("go") == "next":
        with services().database.read() as rows:
            beside = neighbours(rows, looking_seat(rows), work_id, sort)
        target = beside.following or beside.next_unscored
        return redirect(_address(target, sort) if target else url_for("desk.index"), 303)
    return redirect(_address(work_id, sort), 303)


def _sort() -> str:
    sort = request.args.get("sort", "order")
    if sort not in SORTS:
        abort(400)
    return sort


def _address(work_id: str, sort: str) -> str:
    """A work in the midst of those beside it, in the judge's order or by score."""
    return url_for("desk.work", work_id=work_id, sort=None if sort == "order" else sort)


@blueprint.put("/work/<work_id>/score")
@allow(Role.JUDGE)
def save_score(work_id: str) -> Any:
    """One press, the note or the mark, as work.js sends them: the same id twice changes nothing."""
    asked = request.get_json()
    if not isinstance(asked, dict):
        abort(400)
    key = str(asked.get("id") or asked.get("client_key") or "")
    with services().database.write() as uow:
        if "note" in asked:
            saved_at = score.write_note(uow, work_id, str(asked["note"]), actor=actor(), now=now())
            return jsonify(saved_at=saved_at.isoformat())
        if "flagged" in asked:
            if not isinstance(asked["flagged"], bool):
                abort(400)
            saved_at = score.set_flag(uow, work_id, is_on=asked["flagged"], actor=actor(), now=now())
            return jsonify(saved_at=saved_at.isoformat())
        level = asked.get("level")
        if level is not None and (isinstance(level, bool) or not isinstance(level, int)):
            abort(400)
        saved = score.save_score(
            uow, work_id, str(asked.get("criterion", "")), level, key, actor=actor(), now=now()
        )
    return jsonify(saved_at=saved.saved_at.isoformat(), levels=dict(saved.levels))
