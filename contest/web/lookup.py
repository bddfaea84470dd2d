"""내 응모 확인: receipt number and secret. Unknown and wrong are one answer, and tries are counted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from contest.domain.errors import ContestError, Invalid
from contest.domain.numbers import parse_receipt_number
from contest.operations.links import find_by_receipt, sign_link
from contest.operations.throttles import admit, forget, throttle_key
from contest.web.access import network, public, services
from contest.web.entry_forms import LookupForm
from contest.web.private import unlock

blueprint = Blueprint("lookup", __name__)
#: Wrong tries of one network that cost nothing: a kiosk is many people. Tries for one number are counted by
#: network as well: the number is public, and nobody elsewhere may keep its owner out.
FREE_FOR_NETWORK = 20


@blueprint.route("/lookup", methods=["GET", "POST"])
@public
def show() -> Any:
    """The form, and the way to the receipt."""
    form, status = LookupForm(), 200
    if form.validate_on_submit():
        try:
            return redirect(_find(form.receipt_number.data or "", form.secret.data or ""), 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    return render_template("contest/entries/lookup.html", form=form), status


def _find(typed: str, secret: str) -> str:
    held = services()
    number = parse_receipt_number(typed)
    with held.database.write() as uow:
        keys = [
            (throttle_key(uow, "lookup.number", number, network()), 5),
            (throttle_key(uow, "lookup.network", network()), FREE_FOR_NETWORK),
        ]
        for key, free in keys:
            admit(uow, key, wall=held.clock.wall(), free=free)
    with held.database.read() as rows:
        opened = find_by_receipt(rows, held.crypto, number, secret)
    if opened is None:
        raise Invalid("lookup.no_match")
    with held.database.write() as uow:
        forget(uow, keys[0][0])
    unlock(opened)
    return url_for("receipts.show", link=sign_link(held.crypto, opened.submission_id, opened.epoch))
