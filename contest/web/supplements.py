"""보완요청 on both sides: staff ask, read and close; the entrant answers on the private link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import Invalid, Missing
from contest.domain.schedule import parse_instant
from contest.domain.supplements import MOST_BYTES, MOST_FILES, Standing
from contest.operations.disclosure import disclose
from contest.operations.links import Opened
from contest.operations.supplements import (
    answer_supplement,
    ask_supplement,
    close_supplement,
    forget_papers,
    receive_papers,
)
from contest.queries.supplements import SupplementView, paper, supplements_of
from contest.web.access import actor, allow, now, public, services
from contest.web.body_limits import ROOM, body_up_to
from contest.web.entry_forms import SupplementForm
from contest.web.private import owner, private
from contest.web.screening import decide_and_go
from contest.web.screening_sieve import sieve_of_request, work_url

blueprint = Blueprint("supplements", __name__)
CASEWORKERS = (Role.OPERATOR, Role.APPROVER)


@blueprint.post("/staff/screening/<entry_id>/supplement")
@allow(*CASEWORKERS)
def ask(entry_id: str) -> Any:
    """Ask for papers about a work, and go to the next one."""
    return decide_and_go(
        entry_id,
        lambda uow, by: ask_supplement(
            uow,
            entry_id,
            request.form.getlist("items"),
            request.form.get("ask_note", ""),
            parse_instant(request.form.get("due", "")),
            actor=by,
            now=now(),
        ),
        "보완을 요청하고 응모자에게 알릴 글을 만들었습니다.",
    )


@blueprint.post("/staff/supplements/<supplement_id>/close")
@allow(*CASEWORKERS)
def close(supplement_id: str) -> Any:
    """End a request, and back to the work."""
    with services().database.write() as uow:
        entry_id = close_supplement(
            uow, supplement_id, request.form.get("outcome", ""), actor=actor(), now=now()
        )
    flash("보완 요청을 끝냈습니다. 이제 적합, 부적합을 정해 주세요.", "success")
    return redirect(work_url(sieve_of_request(), entry_id), 303)


@blueprint.post("/staff/papers/<paper_id>")
@allow(Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
def take(paper_id: str) -> Any:
    """A paper as it was handed in: an act with a reason; never shown in a page."""
    held = services()
    with held.database.write() as uow:
        found = paper(uow.session, held.crypto, paper_id)
        disclose(
            uow,
            "paper",
            ("entry", found.entry_id),
            request.form.get("reason", ""),
            actor=actor(),
            now=now(),
            edition_id=found.edition_id,
        )

    def body() -> Iterator[bytes]:
        yield from held.storage.stream(f"papers/{found.id}")

    response = Response(body(), mimetype="application/octet-stream")
    response.content_length = found.bytes
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name or 'paper')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(opened: Opened, supplement_id: str) -> SupplementView:
    held = services()
    with held.database.read() as session:
        for one in supplements_of(session, held.crypto, now(), submission_id=opened.submission_id):
            if one.id == supplement_id:
                return one
    raise Missing("missing")


@blueprint.route("/receipt/<link>/supplements/<supplement_id>", methods=["GET", "POST"])
@public
@private
@body_up_to(MOST_FILES * MOST_BYTES + ROOM)
def answer(opened: Opened, link: str, supplement_id: str) -> Any:
    """What is asked, and the form that answers it: words and papers, never the photograph."""
    asked, form, status = _asked(opened, supplement_id), SupplementForm(), 200
    if request.method == "POST":
        try:
            _answered(opened, supplement_id, form)
        except Invalid as error:
            form.refuse(error)
            status = error.status
        else:
            return redirect(url_for("receipts.show", link=link, _anchor="supplements"), 303)
    return render_template(
        "contest/entries/supplement.html",
        link=link,
        asked=asked,
        form=form,
        is_open=asked.standing in {Standing.WAITING, Standing.ANSWERED} and now() < asked.due_at,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 1_000_000,
    ), status


def _answered(opened: Opened, supplement_id: str, form: SupplementForm) -> None:
    held = services()
    uploads = [upload for upload in form.files.data or [] if upload and upload.filename]
    if len(uploads) > MOST_FILES:
        raise Invalid("supplement.file_count", field="files", most=MOST_FILES)
    # One byte more than allowed tells that a file is too big without reading all of it.
    papers = receive_papers(held, [(up.filename or "", up.stream.read(MOST_BYTES + 1)) for up in uploads])
    is_kept = False
    try:
        with held.database.write() as uow:
            answer_supplement(
                uow,
                opened.submission_id,
                supplement_id,
                form.answer.data or "",
                papers,
                actor=owner(opened),
                now=now(),
            )
        is_kept = True
    finally:
        if not is_kept:
            forget_papers(held, papers)
