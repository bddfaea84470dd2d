"""Works about which nothing was found, looked over as a sheet of pictures and found fit together."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import Missing
from contest.domain.schedule import parse_instant
from contest.domain.screening_decisions import may_decide
from contest.operations.screen import bulk_fit, reverse_together
from contest.queries.screening import load_clean
from contest.queries.standing import Standing, standing
from contest.web.access import actor, allow, now, services
from contest.web.screening_sieve import queue_url, sieve_of_request, work_url

blueprint = Blueprint("screening_bulk", __name__)
CASEWORKERS = (Role.OPERATOR, Role.APPROVER)


def _current() -> Standing:
    with services().database.read() as session:
        found = standing(session)
    if found is None:
        raise Missing("missing")
    return found


@blueprint.get("/staff/screening/clean")
@allow(*CASEWORKERS)
def clean() -> Any:
    """The preview: the pictures, all ticked; the same filters as the queue."""
    edition, sieve = _current(), sieve_of_request()
    with services().database.read() as session:
        items, total = load_clean(session, edition.id, sieve, now())
    return render_template(
        "contest/screening/clean.html",
        edition=edition,
        items=items,
        total=total,
        sieve=sieve,
        queue_url=queue_url,
        work_url=work_url,
        undo=request.args.get("undo", ""),
        may_decide=may_decide(edition.stage, edition.entry_closes, edition.grace_minutes, now()),
    )


@blueprint.post("/staff/screening/clean")
@allow(*CASEWORKERS)
def find_fit() -> Any:
    """Find the ticked ones fit; the next page offers to take all of it back."""
    edition, moment = _current(), now()
    with services().database.write() as uow:
        result = bulk_fit(uow, edition.id, request.form.getlist("entry"), actor=actor(), now=moment)
    if result.done:
        flash(f"{result.done}점을 적합으로 결정했습니다.", "success")
    if result.skipped:
        flash(f"그 사이에 바뀐 {result.skipped}점은 그대로 두었습니다. 한 점씩 확인해 주세요.", "warning")
    if not result.done and not result.skipped:
        flash("고른 작품이 없습니다. 적합으로 결정할 작품을 골라 주세요.", "warning")
    undo = moment.isoformat() if result.done else None
    return redirect(url_for("screening_bulk.clean", **sieve_of_request().address(), undo=undo), 303)


@blueprint.post("/staff/screening/clean/undo")
@allow(*CASEWORKERS)
def undo() -> Any:
    """Take back what was found fit together."""
    edition, at = _current(), parse_instant(request.form.get("undo", ""))
    if at is None:
        raise Missing("missing")
    with services().database.write() as uow:
        count = reverse_together(uow, edition.id, at, actor=actor(), now=now())
    if count:
        flash(f"적합 결정 {count}건을 되돌렸습니다.", "success")
    else:
        flash("되돌릴 결정이 없습니다. 이미 되돌렸거나 다시 결정했습니다.", "warning")
    return redirect(url_for("screening_bulk.clean", **sieve_of_request().address()), 303)
