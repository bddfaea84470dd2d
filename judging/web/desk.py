"""The judges' desk: the blind pages on which a judge scores."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, session, url_for
from flask_login import current_user

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.web.access import actor, allow, now, services, sign_out
from contest.web.errors import say
from contest.web.media import picture
from judging.domain.pledges import NAMES, PledgeKind, pledge_text
from judging.domain.ranking import print_mean
from judging.domain.round_rule import RoundRule
from judging.domain.scoring import total
from judging.domain.selection import CODE
from judging.domain.self_check import check_oneself
from judging.operations import score
from judging.operations.close import record_chair_vote
from judging.operations.pledge import OWN_REASONS, sign_pledges, step_back
from judging.queries.blind import Seat, blind_entry, contest_title, neighbours, picture_of, seat_of, tiles
from judging.queries.contact_sheet import SHOWS, SORTS, contact_sheet
from judging.queries.ties import ties_for

blueprint = Blueprint("desk", __name__, template_folder="templates", url_prefix="/desk")
#: Pictures may stay in the judge's own browser for a while: the next one is loaded before it is asked for.
PICTURE_CACHE = "private, max-age=900"
#: What an address of the desk may carry behind the question mark; anything else is refused, not ignored.
_QUERIES = {"desk.index": {"show", "sort", "page"}}
PER_PAGE = 100


@blueprint.before_request
def _no_hidden_questions() -> None:
    if set(request.args) - _QUERIES.get(request.endpoint or "", set()):
        abort(400)


def _page(template: str, seat: Seat, **facts: Any) -> str:
    items = [("작품 목록", "desk.index")]
    if seat.may_look(now()):
        items.append(("심사 완료", "desk.finish"))
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


def _points(points: Fraction) -> str:
    return f"{print_mean(points, 0 if points.denominator == 1 else 1)}점"


def _said(levels: Mapping[str, int], rule: RoundRule) -> str:
    """What the judge gave a work, in words; empty until it is whole."""
    if rule.is_vote:
        return rule.level_names[levels[CODE] - 1] if CODE in levels else ""
    points = total(levels, rule.rubric)
    return "" if points is None else _points(points)


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
    if not seat.has_pledged:
        return redirect(url_for("desk.pledges"), 303)
    if not seat.may_look(now()) or seat.rule is None:
        return _page("waiting", seat)
    sheet = contact_sheet(listed, seat.rule.rubric, show, sort)
    pages = max(1, -(-len(sheet.tiles) // PER_PAGE))
    at = min(int(page), pages)
    shown = sheet.tiles[(at - 1) * PER_PAGE : at * PER_PAGE]
    totals = {tile.work_id: _said(tile.levels, seat.rule) for tile in shown}
    return _page(
        "index", seat, tiles=shown, totals=totals, counts=sheet.counts, show=show, sort=sort,
        criteria=len(seat.rule.rubric.criteria), page=at, pages=pages, next_unscored=sheet.next_unscored,
    )  # fmt: skip


@blueprint.route("/pledges", methods=["GET", "POST"])
@allow(Role.JUDGE)
def pledges() -> Any:
    """The papers, each signed by typing one's name."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        signatures = {kind: request.form.get(f"signed_{kind}", "") for kind in PledgeKind}
        try:
            with services().database.write() as uow:
                declared = _declared()
                sign_pledges(uow, signatures, declared, name=current_user.name, actor=actor(), now=now())
            return redirect(url_for("desk.index"), 303)
        except Invalid as error:
            errors[error.field or ""] = say(error)
    with services().database.read() as rows:
        seat = seat_of(rows, actor().id)
        title = contest_title(rows, seat)
    papers = [
        {"kind": kind, "name": NAMES[kind], "text": pledge_text(kind, title), "signed": kind in seat.pledged}
        for kind in PledgeKind
    ]
    page = _page("pledges", seat, papers=papers, errors=errors, given=request.form)
    return page, 422 if errors else 200


@blueprint.get("/work/<work_id>")
@allow(Role.JUDGE)
def work(work_id: str) -> Any:
    """One photograph, the rubric beside it."""
    return _work_page(work_id)


def _work_page(work_id: str, error: ContestError | None = None) -> Any:
    with services().database.read() as rows:
        seat = _looking_seat(rows)
        entry = blind_entry(rows, seat, work_id)
        beside = neighbours(rows, seat, work_id)
    assert seat.rule is not None
    totals = {tile.work_id: _said(tile.levels, seat.rule) for tile in beside.strip}
    return _page(
        "work",
        seat,
        entry=entry,
        beside=beside,
        totals=totals,
        error=say(error) if error else None,
        given=request.form,
    ), error.status if error else 200


@blueprint.post("/work/<work_id>")
@allow(Role.JUDGE)
def save_sheet(work_id: str) -> Any:
    """The whole form at once, for browsers without script; then where the pressed button leads."""
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
            beside = neighbours(rows, _looking_seat(rows), work_id)
        target = beside.following or beside.next_unscored
        return redirect(url_for("desk.work", work_id=target) if target else url_for("desk.index"), 303)
    return redirect(url_for("desk.work", work_id=work_id), 303)


@blueprint.put("/work/<work_id>/score")
@allow(Role.JUDGE)
def save_score(work_id: str) -> Any:
    """One press, the note or the mark, as desk.js sends them: the same id twice changes nothing."""
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
    return jsonify(
        saved_at=saved.saved_at.isoformat(), levels=dict(saved.levels), whole=saved.is_whole,
        scored=saved.scored, works=saved.works,
    )  # fmt: skip


@blueprint.route("/work/<work_id>/step-back", methods=["GET", "POST"])
@allow(Role.JUDGE)
def recuse(work_id: str) -> Any:
    """회피: what it means, why, and the act."""
    error: Invalid | None = None
    if request.method == "POST":
        try:
            with services().database.write() as uow:
                step_back(
                    uow, work_id, request.form.get("reason", ""), request.form.get("words", ""),
                    actor=actor(), now=now(),
                )  # fmt: skip
            flash("회피한 작품을 목록에서 뺐습니다.", "success")
            return redirect(url_for("desk.index"), 303)
        except Invalid as refused:
            error = refused
    with services().database.read() as rows:
        seat = _looking_seat(rows)
        entry = blind_entry(rows, seat, work_id)
    page = _page(
        "step_back", seat, entry=entry, reasons=OWN_REASONS, given=request.form,
        error=say(error) if error else None, field=error.field if error else None,
    )  # fmt: skip
    return page, error.status if error else 200


@blueprint.route("/finish", methods=["GET", "POST"])
@allow(Role.JUDGE)
def finish() -> Any:
    """심사 완료: one's own scores from above, works that stand out, then the signature."""
    error: ContestError | None = None
    if request.method == "POST":
        try:
            with services().database.write() as uow:
                score.complete_judging(
                    uow, request.form.get("signed_name", ""), name=current_user.name, actor=actor(), now=now()
                )
            flash("심사를 마쳤습니다. 고맙습니다.", "success")
            return redirect(url_for("desk.finish"), 303)
        except ContestError as refused:
            error = refused
    with services().database.read() as rows:
        seat = _looking_seat(rows)
        listed = tiles(rows, seat)
    assert seat.rule is not None
    rubric = seat.rule.rubric
    check = check_oneself({tile.work_id: tile.levels for tile in listed}, rubric)
    missing = [tile for tile in listed if len(tile.levels) < len(rubric.criteria)]
    by_id = {tile.work_id: tile for tile in listed}
    odd = [] if seat.rule.is_vote else [(by_id[one.work], _points(one.total), one.why) for one in check.odd]
    mean = None if check.mean is None or seat.rule.is_vote else print_mean(check.mean)
    page = _page(
        "finish", seat, check=check, mean=mean,
        missing=missing, odd=odd, works=len(listed), error=say(error) if error else None,
    )  # fmt: skip
    return page, error.status if error else 200


@blueprint.route("/ties", methods=["GET", "POST"])
@allow(Role.JUDGE)
def ties() -> Any:
    """위원장 재심사: works that nothing told apart, to be put in order under their common numbers."""
    error: ContestError | None = None
    if request.method == "POST":
        try:
            ordered = _chosen_order()
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
    page = _page("ties", seat, ties=listed, given=request.form, error=say(error) if error else None)
    return page, error.status if error else 200


@blueprint.get("/help")
@allow(Role.JUDGE)
def guide() -> Any:
    """How the desk works, keys included."""
    with services().database.read() as rows:
        seat = seat_of(rows, actor().id)
    return _page("help", seat)


@blueprint.get("/image/<token>")
@allow(Role.JUDGE)
def image(token: str) -> Any:
    """The working view of a picture under the judge's own name for it."""
    return _picture(token, ("judge",))


@blueprint.get("/thumb/<token>")
@allow(Role.JUDGE)
def thumb(token: str) -> Any:
    """The small view of a picture for the contact sheet."""
    return _picture(token, ("thumb", "judge"))


@blueprint.get("/zoom/<token>")
@allow(Role.JUDGE)
def zoom(token: str) -> Any:
    """The 100 % view of a picture; the working view until it has been made."""
    return _picture(token, ("zoom", "judge"))


def _picture(token: str, kinds: tuple[str, ...]) -> Any:
    with services().database.read() as rows:
        seat = _looking_seat(rows)
        found = picture_of(rows, seat, token, kinds)
    # Salted for each judge: two judges cannot tell by comparing headers that they look at one file.
    etag = services().crypto.digest(f"picture:{seat.judge_id}", found.sha256)
    return picture(found.rendition_id, found.size, etag=etag, cache=PICTURE_CACHE).make_conditional(request)


@blueprint.post("/leave")
@allow(Role.JUDGE)
def leave() -> Any:
    """End the session; on a shared computer nothing of it is left."""
    sign_out()
    session.clear()
    return redirect(url_for("home.index"), 303)


def _looking_seat(rows: Any) -> Seat:
    """The judge's seat if works are shown now; otherwise there is nothing here."""
    seat = seat_of(rows, actor().id)
    if not seat.may_look(now()):
        abort(404)
    return seat


def _declared() -> str:
    """What the judge says of acquaintances among the entrants; empty for none. Raises Invalid."""
    knows, words = request.form.get("knows"), request.form.get("declared", "").strip()
    if knows not in {"yes", "no"}:
        raise Invalid("pledge.knows_missing", field="knows")
    if knows == "yes" and not words:
        raise Invalid("pledge.declared_missing", field="declared")
    return words if knows == "yes" else ""


def _chosen_order() -> list[str]:
    """The common numbers of a tie in the order the chair chose. Raises Invalid unless each place is used once."""
    places = {
        name.removeprefix("place_"): value
        for name, value in request.form.items()
        if name.startswith("place_")
    }
    if sorted(places.values()) != sorted(str(place) for place in range(1, len(places) + 1)):
        raise Invalid("chair.order", field="place")
    return sorted(places, key=lambda number: int(places[number]))
