"""Accounts of staff: who has which role, who asks, who grants, whose sessions are open."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired

from contest.domain.actors import Role
from contest.domain.errors import ContestError
from contest.domain.grants import GRANTERS, GrantPurpose
from contest.operations.accounts import activation_path, ask_grant, decide_grant, disable, invite
from contest.queries.accounts import ROLE_ORDER, open_grants, staff_account, staff_accounts
from contest.web.access import actor, allow, now, services
from contest.web.errors import say

blueprint = Blueprint("staff_accounts", __name__, url_prefix="/staff/accounts")
READERS = (*GRANTERS, Role.AUDITOR)


class InviteForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A new colleague."""

    name = StringField("이름", [DataRequired("이름을 입력해 주세요.")])
    login = StringField("아이디", [DataRequired("아이디를 입력해 주세요.")])
    role = SelectField("역할", choices=[SelectChoice(role.value) for role in ROLE_ORDER])


@blueprint.get("")
@allow(*READERS)
def index() -> Any:
    """Every account, and what waits for a second person."""
    held = services()
    with held.database.read() as rows:
        accounts = staff_accounts(rows, wall=held.clock.wall())
        grants = open_grants(rows)
    return render_template("contest/accounts/index.html", accounts=accounts, grants=grants, granters=GRANTERS)


@blueprint.route("/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, fresh=True)
def new() -> Any:
    """Invite somebody; another person grants the role before the account can be activated."""
    form, status = InviteForm(), 200
    form.role.choices = [SelectChoice(role.value, say_role(role)) for role in ROLE_ORDER]
    if form.validate_on_submit():
        try:
            with services().database.write() as uow:
                account_id = invite(
                    uow, form.login.data or "", form.name.data or "", Role(form.role.data),
                    actor=actor(), now=now(),
                )  # fmt: skip
            flash("초대했습니다. 다른 사람이 역할을 승인하면 활성화 링크를 만들 수 있습니다.", "success")
            return redirect(url_for("staff_accounts.show", account_id=account_id), 303)
        except ContestError as error:
            if error.field is None:
                raise
            form[error.field].errors = [say(error)]
    if form.is_submitted():
        status = 422
    return render_template("contest/accounts/new.html", form=form), status


@blueprint.get("/<account_id>")
@allow(*READERS)
def show(account_id: str) -> Any:
    """One account and what can be done with it."""
    return _show(account_id, link=None)


@blueprint.post("/<account_id>/link")
@allow(Role.ADMINISTRATOR, fresh=True)
def link(account_id: str) -> Any:
    """Make an activation link, shown this once; an earlier one is void."""
    held = services()
    with held.database.write() as uow:
        path = activation_path(uow, account_id, actor=actor(), now=now())
    return _show(account_id, link=held.settings.public_url + path)


@blueprint.post("/<account_id>/ask")
@allow(Role.ADMINISTRATOR, fresh=True)
def ask(account_id: str) -> Any:
    """Ask for another role, a new activation, or the return of an account."""
    role = Role(request.form["role"]) if request.form.get("role") in set(ROLE_ORDER) else Role.AUDITOR
    asked = request.form.get("purpose", "")
    purpose = GrantPurpose(asked) if asked in set(GrantPurpose) else GrantPurpose.ACTIVATION
    with services().database.write() as uow:
        ask_grant(uow, account_id, role, purpose, actor=actor(), now=now())
    flash("요청했습니다. 승인자나 다른 시스템관리자가 승인하면 이루어집니다.", "success")
    return redirect(url_for("staff_accounts.show", account_id=account_id), 303)


@blueprint.post("/<account_id>/disable")
@allow(Role.ADMINISTRATOR, fresh=True)
def disable_account(account_id: str) -> Any:
    """Disable an account at once."""
    with services().database.write() as uow:
        disable(uow, account_id, actor=actor(), now=now())
    flash("사용을 중지했습니다. 열려 있던 로그인은 모두 끊겼습니다.", "success")
    return redirect(url_for("staff_accounts.show", account_id=account_id), 303)


@blueprint.post("/grants/<grant_id>")
@allow(*GRANTERS, fresh=True)
def decide(grant_id: str) -> Any:
    """Grant or refuse what another person asked for."""
    is_granted = request.form.get("decision") == "grant"
    with services().database.write() as uow:
        decide_grant(uow, grant_id, is_granted=is_granted, actor=actor(), now=now())
    flash("승인했습니다." if is_granted else "거절했습니다.", "success")
    return redirect(url_for("staff_accounts.index"), 303)


def say_role(role: Role) -> str:
    """The role in Korean."""
    return say(ContestError(f"role.{role}"))


def _show(account_id: str, link: str | None) -> str:
    held = services()
    with held.database.read() as rows:
        account = staff_account(rows, account_id, wall=held.clock.wall())
        grants = open_grants(rows, account_id)
    roles = [(role.value, say_role(role)) for role in ROLE_ORDER if role is not account.role]
    return render_template(
        "contest/accounts/show.html",
        account=account,
        grants=grants,
        link=link,
        roles=roles,
        is_own=account_id == actor().id,
        granters=GRANTERS,
    )
