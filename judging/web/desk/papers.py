"""What a judge signs and declares: the pledges, a work stepped back from, the end of judging; and the help."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask_login import current_user

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Invalid
from contest.web.access import actor, allow, now, services, sign_out
from contest.web.errors import say
from judging.domain.balloting import CODE as PLACE
from judging.domain.pledges import NAMES, PledgeKind, completion_text, pledge_text
from judging.domain.ranking import print_mean
from judging.domain.self_check import check_oneself
from judging.operations import score
from judging.operations.pledge import OWN_REASONS, sign_pledges, step_back
from judging.queries.blind import (
    blind_entry,
    contest_title,
    is_shared,
    meets_works_twice,
    seat_of,
    tiles,
)
from judging.web.desk.frame import blueprint, desk_page, looking_seat, opened_anew, points_text


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
        title, twice = contest_title(rows, seat), meets_works_twice(rows, seat)
        shared = is_shared(rows, seat)
    papers = [
        {
            "kind": kind,
            "name": NAMES[kind],
            "text": pledge_text(kind, title, repeats=twice, is_shared=shared),
            "signed": kind in seat.pledged,
        }
        for kind in PledgeKind
    ]
    page = desk_page("pledges", seat, papers=papers, errors=errors, given=request.form)
    return page, 422 if errors else 200


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
        seat = looking_seat(rows)
        entry = blind_entry(rows, seat, work_id)
    page = desk_page(
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
        seat = looking_seat(rows)
        listed = tiles(rows, seat)
        title, anew = contest_title(rows, seat), opened_anew(rows, seat)
    assert seat.rule is not None
    rubric = seat.rule.rubric
    check = check_oneself({tile.work_id: tile.levels for tile in listed}, rubric)
    missing = [tile for tile in listed if len(tile.levels) < len(rubric.criteria)]
    by_id = {tile.work_id: tile for tile in listed}
    odd = (
        []
        if seat.rule.is_vote or seat.rule.is_ballot
        else [(by_id[one.work], points_text(one.total), one.why) for one in check.odd]
    )
    mean = None if check.mean is None or seat.rule.is_vote or seat.rule.is_ballot else print_mean(check.mean)
    page = desk_page(
        "finish", seat, check=check, mean=mean,
        missing=missing, odd=odd, ordered=sorted(listed, key=lambda tile: tile.levels.get(PLACE, 0)), works=len(listed),
        words=seat.signed_text or completion_text(title, seat.rule.name), anew=anew,
        error=say(error) if error else None,
    )  # fmt: skip
    return page, error.status if error else 200


@blueprint.get("/help")
@allow(Role.JUDGE)
def guide() -> Any:
    """How the desk works, keys included."""
    with services().database.read() as rows:
        seat = seat_of(rows, actor().id)
    return desk_page("help", seat)


@blueprint.post("/leave")
@allow(Role.JUDGE)
def leave() -> Any:
    """End the session; on a shared computer nothing of it is left."""
    sign_out()
    session.clear()
    return redirect(url_for("home.index"), 303)


def _declared() -> str:
    """What the judge says of acquaintances among the entrants; empty for none. Raises Invalid."""
    knows, words = request.form.get("knows"), request.form.get("declared", "").strip()
    if knows not in {"yes", "no"}:
        raise Invalid("pledge.knows_missing", field="knows")
    if knows == "yes" and not words:
        raise Invalid("pledge.declared_missing", field="declared")
    return words if knows == "yes" else ""
