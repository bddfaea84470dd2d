"""Papers of an entry: permits and portrait consents on their own screen, a guardian's form while it is awaited."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from contest.domain.entry_steps import Screen, Step
from contest.domain.errors import ContestError, Invalid
from contest.domain.papers import MOST_BYTES, PaperKind, papers_asked
from contest.operations.links import Opened
from contest.operations.papers import receive_paper, take_back_paper
from contest.web.access import now, public, services
from contest.web.body_limits import ROOM, body_up_to
from contest.web.entry_forms import PaperForm
from contest.web.entry_screens import blueprint, entry_page, load, walk
from contest.web.private import owner, private


@blueprint.route("/entry/<link>/papers", methods=["GET", "POST"])
@public
@private
@body_up_to(MOST_BYTES + ROOM)
def papers(opened: Opened, link: str) -> Any:
    """Hand in papers, see what is there, go on."""
    form, status = PaperForm(), 200
    is_awaited = opened.state == "awaiting_guardian"
    if form.validate_on_submit():
        try:
            if request.form.get("onward") and not request.files.get("paper"):
                return redirect(walk(link, load(opened), Screen(Step.PAPERS)).onward, 303)
            _receive(opened, PaperKind.GUARDIAN if is_awaited else _kind(form.kind.data or ""))
            return redirect(url_for("entries.door" if is_awaited else "entries.papers", link=link), 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    submission = load(opened)
    if is_awaited:
        page = render_template("contest/entries/awaiting.html", submission=submission, link=link, form=form)
        return page, status
    asked = papers_asked(submission.rules.entry)
    return entry_page("papers", link, submission, Screen(Step.PAPERS), form, asked=asked), status


def _kind(value: str) -> PaperKind:
    if value not in set(PaperKind):
        raise Invalid("paper.empty", field="paper")
    return PaperKind(value)


def _receive(opened: Opened, kind: PaperKind) -> None:
    file = request.files.get("paper")
    if file is None:
        raise Invalid("paper.empty", field="paper")
    with file.stream:
        data = file.stream.read(MOST_BYTES + 1)
    receive_paper(services(), opened.submission_id, kind, data, actor=owner(opened), now=now())


@blueprint.post("/entry/<link>/papers/<paper_id>/remove")
@public
@private
def remove_paper(opened: Opened, link: str, paper_id: str) -> Any:
    """Take a wrong one back."""
    take_back_paper(services(), opened.submission_id, paper_id, actor=owner(opened), now=now())
    is_awaited = opened.state == "awaiting_guardian"
    return redirect(url_for("entries.door" if is_awaited else "entries.papers", link=link), 303)
