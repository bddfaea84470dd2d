"""A work excluded: the list, the preview with its before and after, the second person's confirmation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from contest.domain.actors import Role
from contest.domain.errors import ContestError
from contest.infra.texts import text
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.operations.exclusions import Ground, confirm_exclusion, propose_exclusion, reject_exclusion
from judging.queries.numbers import entry_of_number
from judging.queries.succession import DiffPage, diff_page, exclusion_page, exclusions, plan_exclusion

blueprint = Blueprint("exclusions", __name__, template_folder="templates")
READERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
#: An upheld objection is decided on the page of its case.
GROUNDS = [
    SelectChoice(ground.value, text("ko", f"exclusion_ground.{ground.value}"))
    for ground in Ground
    if ground is not Ground.OBJECTION
]


class ExclusionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What is decided; `shown` is the digest of the diff on the page."""

    number = StringField("출품번호", [DataRequired("출품번호를 적어 주세요."), Length(max=24)])
    ground = RadioField("근거", [DataRequired("근거를 골라 주세요.")], choices=GROUNDS)
    reason = TextAreaField("사유", [DataRequired("사유를 적어 주세요."), Length(max=2000)])
    shown = HiddenField()


@blueprint.get("/staff/results/exclusions")
@allow(*READERS)
def listing() -> Any:
    """Every exclusion of the edition, and where a new one begins."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        listed = exclusions(rows, edition.id) if edition else ()
    return render_template("judging/exclusions.html", rows=listed)


@blueprint.route("/staff/results/exclusions/new", methods=["GET", "POST"])
@allow(Role.OPERATOR, fresh=True)
def propose() -> Any:
    """The form, then its preview, then the proposal: `act` says which button was pressed."""
    form = ExclusionForm(number=request.args.get("number", ""))
    held = services()
    refused: ContestError | None = None
    plan_shown: DiffPage | None = None
    is_previewed = False
    if form.validate_on_submit():
        try:
            with held.database.read() as rows:
                edition = current_edition(rows) or abort(404)
                entry_id = entry_of_number(rows, edition.id, form.number.data or "")
                plan = plan_exclusion(rows, edition, entry_id, form.ground.data)
                if plan is not None:
                    plan_shown = diff_page(rows, edition, plan.diff, plan.digest)
            if request.form.get("act") == "propose":
                with held.database.write() as uow:
                    made = propose_exclusion(
                        uow, edition.id, entry_id, Ground(form.ground.data), form.reason.data or "",
                        shown=form.shown.data or "", actor=actor(), now=now(),
                    )  # fmt: skip
                flash("제외안을 올렸습니다. 다른 승인자가 확인하면 반영됩니다.", "success")
                return redirect(url_for("exclusions.show", exclusion_id=made.id), 303)
            is_previewed = True
        except ContestError as error:
            refused = error
            is_previewed = plan_shown is not None
    page = render_template(
        "judging/exclusion_form.html",
        form=form,
        diff=plan_shown,
        is_previewed=is_previewed,
        refused=say(refused) if refused else None,
    )
    return page, refused.status if refused else 422 if form.errors else 200


@blueprint.get("/staff/results/exclusions/<exclusion_id>")
@allow(*READERS)
def show(exclusion_id: str) -> Any:
    """One exclusion with the diff that was proposed."""
    with services().database.read() as rows:
        page = exclusion_page(rows, exclusion_id) or abort(404)
    is_waiting = page.row.confirmed_at is None and not page.row.is_rejected
    is_own = current_user.account_id == page.row.proposed_by_id
    may_confirm = is_waiting and current_user.role is Role.APPROVER and not is_own
    may_reject = is_waiting and (current_user.role is Role.APPROVER or is_own)
    return render_template(
        "judging/exclusion.html", page=page, may_confirm=may_confirm, may_reject=may_reject, is_waiting=is_waiting
    )  # fmt: skip


@blueprint.post("/staff/results/exclusions/<exclusion_id>/confirm")
@allow(Role.APPROVER, fresh=True)
def confirm(exclusion_id: str) -> Any:
    """The second person confirms; prizes move."""
    with services().database.write() as uow:
        confirm_exclusion(uow, exclusion_id, actor=actor(), now=now())
    flash("제외를 확정하고 승계를 반영했습니다.", "success")
    return redirect(url_for("exclusions.show", exclusion_id=exclusion_id), 303)


@blueprint.post("/staff/results/exclusions/<exclusion_id>/reject")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def reject(exclusion_id: str) -> Any:
    """The proposal falls; nothing moves."""
    with services().database.write() as uow:
        reject_exclusion(uow, exclusion_id, actor=actor(), now=now())
    flash("제외안을 거두었습니다. 바뀐 것은 없습니다.", "success")
    return redirect(url_for("exclusions.show", exclusion_id=exclusion_id), 303)
