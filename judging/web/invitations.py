"""Where judges come in: a link that opens a page with one button, then a PIN at a clean address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, session, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired

from contest.domain.errors import ContestError, Denied, Invalid, Missing, Throttled
from contest.operations.sessions import SignedIn
from contest.web.access import network, now, public, services, sign_in
from contest.web.errors import say
from judging.operations import entrance
from judging.queries.entrance import Door, door_of

blueprint = Blueprint("invitations", __name__, template_folder="templates")
HELD = "judge_link"


class NewPinForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A PIN, typed twice."""

    pin = PasswordField("새 비밀번호 (숫자 6자리 이상)", [DataRequired("비밀번호를 적어 주세요.")])
    again = PasswordField("한 번 더", [DataRequired("비밀번호를 한 번 더 적어 주세요.")])


class PinForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The PIN that was set at the first visit."""

    pin = PasswordField("비밀번호", [DataRequired("비밀번호를 적어 주세요.")])


@blueprint.get("/judge/<signed>")
@public
def arrive(signed: str) -> Any:
    """One button and no name: a preview robot learns nothing and uses nothing up."""
    with services().database.read() as rows:
        door_of(rows, services().crypto, signed)
    return render_template("judging/entrance/arrive.html", signed=signed, nav_items=[])


@blueprint.post("/judge/<signed>")
@public
def open_door(signed: str) -> Any:
    """Keep the link in this browser and go on at a clean address."""
    with services().database.read() as rows:
        door_of(rows, services().crypto, signed)
    session[HELD] = signed
    return redirect(url_for("invitations.pin"), 303)


@blueprint.get("/judge/pin")
@public
def pin() -> Any:
    """Set the PIN at the first visit, give it at every other; without a link, what to do."""
    if not isinstance(session.get(HELD), str):
        return render_template(
            "judging/entrance/no_link.html", nav_items=[], is_demonstration=services().settings.demonstration
        )
    return _page(_door())


@blueprint.post("/judge/pin")
@public
def give_pin() -> Any:
    """Check or set the PIN and begin the session."""
    door = _door()
    form = NewPinForm() if door.pin_digest is None else PinForm()
    if not form.validate_on_submit():
        return _page(door, form), 422
    held, signed = services(), str(session[HELD])
    try:
        if isinstance(form, NewPinForm):
            entered = entrance.set_pin(
                held, signed, form.pin.data or "", form.again.data or "", network=network(), now=now()
            )
        else:
            entered = entrance.enter_with_pin(held, signed, form.pin.data or "", network=network(), now=now())
    except (Invalid, Denied, Throttled) as error:
        return _page(door, form, error), error.status if isinstance(error, Throttled) else 422
    return _enter(*entered, signed=signed)


@blueprint.post("/judge/demonstration/<account_id>")
@public
def enter_demonstration(account_id: str) -> Any:
    """Enter as a judge without a PIN; there is no such page outside a demonstration."""
    held = services()
    if not held.settings.demonstration:
        abort(404)
    with held.database.write() as uow:
        entered = entrance.enter_demonstration(
            uow, account_id, network=network(), now=now(), wall=held.clock.wall()
        )
    return _enter(*entered)


def _door() -> Door:
    signed = session.get(HELD)
    if not isinstance(signed, str):
        raise Missing("judge.link_missing")
    with services().database.read() as rows:
        return door_of(rows, services().crypto, signed)


def _enter(token: str, signed_in: SignedIn, signed: str | None = None) -> Any:
    sign_in(token, signed_in)
    if signed is not None:
        session[HELD] = signed  # so that a session that idled out asks for the PIN alone
    return redirect(url_for("desk.index"), 303)


def _page(door: Door, form: FlaskForm | None = None, error: ContestError | None = None) -> Any:
    is_new = door.pin_digest is None
    form = form or (NewPinForm() if is_new else PinForm())
    if error is not None and error.field in form._fields:
        form[error.field].errors = [say(error)]
    extra = [say(error)] if error is not None and error.field not in form._fields else []
    return render_template("judging/entrance/pin.html", form=form, is_new=is_new, extra=extra, nav_items=[])
