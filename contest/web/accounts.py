"""Signing in and out of staff, and proving again who one is before a decision."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Denied, Throttled
from contest.operations import sign_in as signing
from contest.queries.accounts import demonstration_accounts
from contest.web.access import actor, allow, network, now, public, safe_next, services, sign_in, sign_out
from contest.web.errors import say

blueprint = Blueprint("accounts", __name__)
ANYONE_SIGNED_IN = (*STAFF, Role.JUDGE)


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Login and password. A password manager may fill in both."""

    login = StringField("아이디", [DataRequired("아이디를 입력해 주세요.")])
    password = PasswordField("비밀번호", [DataRequired("비밀번호를 입력해 주세요.")])
    next = HiddenField()


class CodeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A one-time code or a recovery code."""

    code = StringField("인증번호", [DataRequired("인증번호를 입력해 주세요.")])


#: What confirming asks is told apart by it from what was posted to the page that wants it.
OWN = "confirm-"


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What proves identity again; the page leaves out what the account does not have."""

    password = PasswordField("비밀번호")
    code = StringField("인증번호")
    next = HiddenField()


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in_page() -> Any:
    """Login and password; in a demonstration also one button for each role."""
    held = services()
    form = SignInForm(next=request.args.get("next"))
    if request.method == "GET" or not form.validate_on_submit():
        status = 200 if request.method == "GET" else 422
        return _sign_in_form(form, []), status
    try:
        proof = signing.prove_password(
            held, form.login.data or "", form.password.data or "", network=network(), now=now()
        )
    except Throttled as error:
        return _sign_in_form(form, [say(error)]), error.status
    if proof is None:
        return _sign_in_form(form, [say(Denied("sign_in.wrong"))]), 422
    if not proof.needs_code:
        return _enter(proof.account_id, proof.epoch, form.next.data, second_factor=False)
    session["proof"] = [proof.account_id, proof.epoch, int(held.clock.wall().timestamp()), form.next.data]
    return redirect(url_for("accounts.code"), 303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> Any:
    """The second factor of somebody whose password was right a moment ago."""
    proof = session.get("proof")
    oldest = services().clock.wall() - signing.PROOF_LIFETIME
    if not proof or dt.datetime.fromtimestamp(proof[2], dt.UTC) < oldest:
        session.pop("proof", None)
        flash(say(Denied("sign_in.proof_expired")), "warning")
        return redirect(url_for("accounts.sign_in_page"), 303)
    account_id, epoch, _, target = proof
    form, errors, status = CodeForm(), [], 200
    if form.validate_on_submit():
        try:
            if signing.prove_code(services(), account_id, form.code.data or "", network=network(), now=now()):
                return _enter(account_id, epoch, target, second_factor=True)
            error: Denied | Throttled = Denied("sign_in.code_wrong")
            status = 422
        except Throttled as throttled:
            error, status = throttled, throttled.status
        errors.append(say(error))
    elif request.method == "POST":
        status = 422
    return render_template("contest/accounts/code.html", form=form, errors=errors), status


@blueprint.post("/sign-in/demonstration")
@public
def enter_demonstration() -> Any:
    """Enter a role without a password; there is no such page outside a demonstration."""
    held = services()
    if not held.settings.demonstration:
        abort(404)
    account_id = request.form.get("account", "")
    with held.database.read() as rows:
        epoch = signing.demonstration_epoch(rows, account_id)
    return _enter(account_id, epoch, request.form.get("next"), second_factor=False)


@blueprint.route("/sign-in/confirm", methods=["GET", "POST"])
@allow(*ANYONE_SIGNED_IN)
def confirm() -> Any:
    """Prove again who one is; then on to the page that asked, with what was posted to it."""
    held = services()
    with held.database.read() as rows:
        asks = signing.confirm_asks(rows, current_user.account_id)
    form = ConfirmForm(prefix=OWN, next=request.args.get("next"))
    posted = _posted_elsewhere()
    errors, status = [], 200
    if form.next.name in request.form and form.validate():
        try:
            if signing.confirm_identity(
                held, actor(), current_user.token, form.password.data or "", form.code.data or "", now=now()
            ):
                target = safe_next(form.next.data)
                if target is None or not (posted or _opens(target)):
                    return redirect(_home(current_user.role), 303)
                return redirect(target, 307 if posted else 303)
            error: Denied | Throttled = Denied("sign_in.confirm_wrong")
            status = 422
        except Throttled as throttled:
            error, status = throttled, throttled.status
        errors.append(say(error))
    page = render_template(
        "contest/accounts/confirm.html", form=form, asks=asks, errors=errors, posted=posted
    )
    return page, status


def _posted_elsewhere() -> list[tuple[str, str]]:
    """What was posted to the page that asked; a password among it is not written into another page."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not name.startswith(OWN) and "password" not in name
    ]


def _opens(target: str) -> bool:
    """Whether a path is a page to look at: an act cannot be gone back to without what was posted."""
    try:
        current_app.url_map.bind("").match(urlsplit(target).path, method="GET")
    except HTTPException:
        return False
    return True


@blueprint.post("/sign-out")
@public
def leave() -> Any:
    """End the session here and in the database; harmless when there is none."""
    sign_out()
    flash("로그아웃했습니다.", "success")
    return redirect(url_for("accounts.sign_in_page"), 303)


def _enter(account_id: str, epoch: int, target: str | None, *, second_factor: bool) -> Any:
    held = services()
    old_token = current_user.token if current_user.is_authenticated else None
    with held.database.write() as uow:
        token, signed_in = signing.enter(
            uow, account_id, epoch=epoch, old_token=old_token, second_factor=second_factor,
            network=network(), now=now(), wall=held.clock.wall(),
        )  # fmt: skip
    sign_in(token, signed_in)
    return redirect(safe_next(target) or _home(signed_in.role), 303)


def _home(role: Role) -> str:
    """Where an account begins; a judge's desk is named by its own package."""
    return url_for("home.index") if role is Role.JUDGE else url_for("staff_home.index")


def _sign_in_form(form: SignInForm, errors: list[str]) -> str:
    held = services()
    accounts, entrances = [], []
    if held.settings.demonstration:
        with held.database.read() as rows:
            accounts = demonstration_accounts(rows)
            entrances = [each for load in held.registry.demo_entrances for each in load(rows, now())]
    return render_template(
        "contest/accounts/sign_in.html", form=form, errors=errors, accounts=accounts, entrances=entrances
    )
