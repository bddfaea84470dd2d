"""An invited person makes the account ready: link, password, authenticator, recovery codes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired

from contest.domain.credentials import SHORTEST_PASSWORD
from contest.domain.errors import ContestError, Missing
from contest.infra.qr import qr_svg
from contest.operations.activation import (
    Activation,
    choose_password,
    finish_activation,
    read_activation,
)
from contest.web.access import now, public, services
from contest.web.errors import say

blueprint = Blueprint("activation", __name__)


class PasswordForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A new password, once: the page can show what was typed, so a repetition tells nothing."""

    password = PasswordField("새 비밀번호", [DataRequired("비밀번호를 입력해 주세요.")])


class FirstCodeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The first code that the authenticator shows."""

    code = StringField("인증번호", [DataRequired("인증번호를 입력해 주세요.")])


@blueprint.route("/activate/<signed>", methods=["GET", "POST"])
@public
def begin(signed: str) -> Any:
    """One button. Opening the page tells nothing and uses nothing up: robots open links too."""
    if request.method == "GET":
        return render_template("contest/accounts/activate.html")
    with services().database.read() as rows:
        read_activation(rows, services().crypto, signed)
    session["activation"] = signed
    return redirect(url_for("activation.password"), 303)


@blueprint.route("/activation/password", methods=["GET", "POST"])
@public
def password() -> Any:
    """The first password."""
    activation = _activation()
    form, status = PasswordForm(), 200
    if form.validate_on_submit():
        try:
            choose_password(services(), session["activation"], form.password.data or "", now=now())
            return redirect(url_for("activation.code"), 303)
        except ContestError as error:
            if error.field != "password":
                raise
            form.password.errors = [say(error)]
    if form.is_submitted():
        status = 422
    page = render_template(
        "contest/accounts/first_password.html", form=form, activation=activation, least=SHORTEST_PASSWORD
    )
    return page, status


@blueprint.route("/activation/code", methods=["GET", "POST"])
@public
def code() -> Any:
    """The authenticator's QR code and its first number; then the recovery codes, this once."""
    activation = _activation()
    if not activation.has_password:
        return redirect(url_for("activation.password"), 303)
    held, form, status = services(), FirstCodeForm(), 200
    if form.validate_on_submit():
        try:
            with held.database.write() as uow:
                codes = finish_activation(
                    uow, session["activation"], form.code.data or "", now=now(), wall=held.clock.wall()
                )
            session.pop("activation")
            return render_template(
                "contest/accounts/recovery.html", codes=codes, login=activation.login, is_first=True
            )
        except ContestError as error:
            if error.field != "code":
                raise
            form.code.errors = [say(error)]
    if form.is_submitted():
        status = 422
    page = render_template(
        "contest/accounts/first_code.html",
        form=form,
        activation=activation,
        qr=qr_svg(activation.totp_address),
        secret=" ".join(activation.totp_secret[n : n + 4] for n in range(0, len(activation.totp_secret), 4)),
    )
    return page, status


def _activation() -> Activation:
    signed = session.get("activation")
    if not signed:
        raise Missing("activation.invalid")
    with services().database.read() as rows:
        return read_activation(rows, services().crypto, signed)
