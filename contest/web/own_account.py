"""Everybody's own account: open sessions, password, recovery codes; administrators see all sessions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from contest.domain.actors import STAFF, Role
from contest.domain.credentials import SHORTEST_PASSWORD
from contest.domain.errors import ContestError
from contest.operations.accounts import end_one_session
from contest.operations.activation import change_password, renew_recovery_codes
from contest.operations.sessions import digest
from contest.operations.sign_in import confirm_asks
from contest.queries.accounts import live_sessions
from contest.web.access import actor, allow, now, services, sign_in
from contest.web.activation import PasswordForm
from contest.web.errors import say

blueprint = Blueprint("own_account", __name__, url_prefix="/staff")


@blueprint.get("/sessions")
@allow(*STAFF)
def sessions() -> Any:
    """Where one is signed in; of everybody for the administrator."""
    held = services()
    account_id = None if current_user.role is Role.ADMINISTRATOR else current_user.account_id
    with held.database.read() as rows:
        found = live_sessions(rows, account_id, wall=held.clock.wall())
        asks = confirm_asks(rows, current_user.account_id)
    return render_template(
        "contest/accounts/sessions.html", sessions=found, here=digest(current_user.token), asks=asks
    )


@blueprint.post("/sessions/end")
@allow(*STAFF)
def end_session() -> Any:
    """End one session."""
    held = services()
    with held.database.write() as uow:
        end_one_session(
            uow, request.form.get("session", ""), actor=actor(), now=now(), wall=held.clock.wall()
        )
    flash("로그인을 끊었습니다.", "success")
    return redirect(url_for("own_account.sessions"), 303)


@blueprint.route("/password", methods=["GET", "POST"])
@allow(*STAFF, fresh=True)
def password() -> Any:
    """Change one's own password; every other session ends."""
    form, status = PasswordForm(), 200
    if form.validate_on_submit():
        held = services()
        try:
            token, signed_in = change_password(
                held, form.password.data or "", actor=actor(), now=now(), second_factor=True
            )
            sign_in(token, signed_in)
            flash("비밀번호를 바꾸었습니다. 다른 곳의 로그인은 모두 끊겼습니다.", "success")
            return redirect(url_for("own_account.sessions"), 303)
        except ContestError as error:
            if error.field is None:
                raise
            form.password.errors = [say(error)]
    if form.is_submitted():
        status = 422
    return render_template("contest/accounts/password.html", form=form, least=SHORTEST_PASSWORD), status


@blueprint.post("/recovery")
@allow(*STAFF, fresh=True)
def recovery() -> Any:
    """New recovery codes, shown this once."""
    with services().database.write() as uow:
        codes = renew_recovery_codes(uow, actor=actor(), now=now())
    return render_template(
        "contest/accounts/recovery.html", codes=codes, login=current_user.name, is_first=False
    )
