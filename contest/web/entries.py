"""The private address itself: the way in, the review, 제출, and the ways out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for

from contest.domain.entry_steps import Gap, Screen, Step, gaps
from contest.domain.errors import Conflict, ContestError
from contest.infra.texts import text
from contest.operations.erase import erase_own
from contest.operations.links import Opened
from contest.operations.submit import submit_entry
from contest.queries.entries import Submitted
from contest.web.access import now, public, services
from contest.web.entry_forms import (
    ButtonForm,
    PaperForm,
    SubmitForm,
)
from contest.web.entry_screens import blueprint, entry_page, load, screen_url
from contest.web.entry_start import closed_page
from contest.web.kiosk import is_kiosk
from contest.web.locale import locale
from contest.web.private import is_unlocked, lock_again, open_private, owner, private, show_secret, unlock


@blueprint.route("/entry/<link>", methods=["GET", "POST"])
@public
def door(link: str) -> Any:
    """The address itself: one button for a browser that does not know it, the right screen for one that does."""
    opened = open_private(link)
    if is_kiosk() and not is_unlocked(opened):
        # Whoever comes next finds the address in the browser's history.
        return closed_page(Conflict("entry.kiosk"))
    form = ButtonForm()
    if form.validate_on_submit():
        unlock(opened)
        if opened.epoch > 1:
            show_secret(opened.submission_id)
        return redirect(url_for("entries.door", link=link), 303)
    if not is_unlocked(opened):
        return render_template("contest/entries/door.html", form=form, is_guardian=False)
    if opened.state in {"submitted", "withdrawn"}:
        return redirect(url_for("receipts.show", link=link))
    submission = load(opened)
    if opened.state == "awaiting_guardian":
        return render_template(
            "contest/entries/awaiting.html", submission=submission, link=link, form=PaperForm()
        )
    found = gaps(submission.as_state())
    return redirect(screen_url(link, found[0].screen if found else Screen(Step.REVIEW)))


@blueprint.get("/entry/<link>/review")
@public
@private
def review(opened: Opened, link: str) -> Any:
    """Everything once more, large; then 제출."""
    submission = load(opened)
    if submission.state == "submitted":
        return redirect(url_for("receipts.show", link=link))
    return _review(link, submission, SubmitForm(submit_key=str(uuid.uuid4())))


def _review(link: str, submission: Submitted, form: SubmitForm) -> str:
    found = [(gap_words(gap), screen_url(link, gap.screen)) for gap in gaps(submission.as_state())]
    return entry_page("review", link, submission, Screen(Step.REVIEW), form, found=found)


def gap_words(gap: Gap) -> str:
    """What is lacking, in words."""
    return text(locale(), gap.code, **gap.facts)


@blueprint.post("/entry/<link>/submit")
@public
@private
def submit(opened: Opened, link: str) -> Any:
    """제출. Twice is once."""
    form = SubmitForm()
    try:
        with services().database.write() as uow:
            receipt = submit_entry(
                uow,
                opened.submission_id,
                submit_key=(form.submit_key.data or "")[:36],
                actor=owner(opened),
                now=now(),
                address=request.remote_addr,
            )
    except ContestError as error:
        form.refuse(error)
        return _review(link, load(opened), form), error.status
    show_secret(receipt.submission_id)
    return redirect(url_for("receipts.show", link=link), 303)


@blueprint.post("/entry/<link>/leave")
@public
@private
def leave(opened: Opened, link: str) -> Any:
    """Forget the address in this browser: for a computer that others use."""
    del link
    lock_again(opened.submission_id)
    return redirect(url_for("home.index"), 303)


@blueprint.route("/entry/<link>/erase", methods=["GET", "POST"])
@public
@private
def erase(opened: Opened, link: str) -> Any:
    """Erase everything: a preview, then the act."""
    submission, form, status = load(opened), ButtonForm(), 200
    if form.validate_on_submit():
        try:
            erase_own(services(), opened.submission_id, actor=owner(opened), now=now())
            lock_again(opened.submission_id)
            is_told = bool(submission.phone or submission.email or submission.guardian_phone)
            return render_template("contest/entries/erased.html", is_told=is_told)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    return render_template("contest/entries/erase.html", submission=submission, link=link, form=form), status
