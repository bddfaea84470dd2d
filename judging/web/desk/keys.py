"""The judge's keys: every act of the desk with its key, to be changed or switched off."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import Invalid
from contest.web.access import actor, allow, services
from contest.web.errors import say
from judging.domain.desk_keys import acts_for, show_key
from judging.operations.desk_keys import keep_keys, reset_keys
from judging.queries.blind import seat_of
from judging.web.desk.frame import blueprint, desk_page


@blueprint.route("/keys", methods=["GET", "POST"])
@allow(Role.JUDGE)
def keys() -> Any:
    """The list of keys; what is refused stands as it was typed."""
    error: Invalid | None = None
    if request.method == "POST":
        is_reset = "reset" in request.form
        given = {
            name.removeprefix("key_"): typed
            for name, typed in request.form.items()
            if name.startswith("key_")
        }
        try:
            with services().database.write() as uow:
                if is_reset:
                    reset_keys(uow, actor=actor())
                else:
                    keep_keys(uow, given, is_on="on" in request.form, actor=actor())
            flash("단축키를 처음대로 되돌렸습니다." if is_reset else "단축키를 저장했습니다.", "success")
            return redirect(url_for("desk.keys"), 303)
        except Invalid as refused:
            error = refused
    with services().database.read() as rows:
        seat = seat_of(rows, actor().id)
    levels = seat.rule.rubric.levels if seat.rule else None
    page = desk_page(
        "own_keys", seat, acts=acts_for(levels), shown_key=show_key, given=request.form,
        error=say(error) if error else None, field=error.field if error else None,
    )  # fmt: skip
    return page, error.status if error else 200
