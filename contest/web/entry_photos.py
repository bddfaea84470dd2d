"""The screen of photographs: sent, replaced, taken out, shown to their owner."""

from __future__ import annotations

from collections.abc import Iterator
from io import SEEK_END
from typing import Any, BinaryIO

from flask import Response, abort, redirect, request, url_for

from contest.domain.entry_steps import Screen, Step
from contest.domain.errors import ContestError, Invalid
from contest.operations.destroy import destroy_photo
from contest.operations.drafts import remove_work
from contest.operations.links import Opened
from contest.operations.receive import receive_whole, require_size
from contest.queries.entries import Submitted
from contest.web.access import now, public, services
from contest.web.body_limits import body_up_to
from contest.web.entry_forms import (
    ButtonForm,
)
from contest.web.entry_screens import blueprint, entry_page, load, walk
from contest.web.media import picture
from contest.web.private import owner, private

_CHUNK = 256 * 1024
#: Of a form sent without script, which may hold several photographs.
FILES = 64_000_000


@blueprint.route("/entry/<link>/photos", methods=["GET", "POST"])
@public
@private
@body_up_to(FILES)
def photos(opened: Opened, link: str) -> Any:
    """Photographs: chosen, sent, checked."""
    submission = load(opened)
    form, status = ButtonForm(), 200
    if form.validate_on_submit():
        try:
            _receive_files(opened, None)
            submission = load(opened)
            if request.form.get("more") != "1" and submission.works:
                _require_fit(submission)
                return redirect(walk(link, submission, Screen(Step.PHOTOS)).onward, 303)
            if not submission.works:
                raise Invalid("gap.no_photo")
            return redirect(url_for("entries.photos", link=link), 303)
        except ContestError as error:
            form.refuse(error)
            status, submission = error.status, load(opened)
    return entry_page("photos", link, submission, Screen(Step.PHOTOS), form), status


def _require_fit(submission: Submitted) -> None:
    """Nobody describes a photograph that cannot be handed in. Raises Invalid gap.unfit_photo."""
    for work in submission.works:
        if work.is_unfit:
            raise Invalid("gap.unfit_photo", ordinal=work.ordinal)


@blueprint.route("/entry/<link>/works/<int:ordinal>/photo", methods=["GET", "POST"])
@public
@private
@body_up_to(FILES)
def replace(opened: Opened, link: str, ordinal: int) -> Any:
    """Another photograph in the place of one."""
    submission = load(opened)
    work = submission.work(ordinal)
    form, status = ButtonForm(), 200
    if form.validate_on_submit():
        try:
            if not _receive_files(opened, ordinal) and request.form.get("done") != "1":
                raise Invalid("upload.no_file")
            return redirect(url_for("entries.door", link=link), 303)
        except ContestError as error:
            form.refuse(error)
            status, submission = error.status, load(opened)
            work = submission.work(ordinal)
    return entry_page("replace", link, submission, Screen(Step.PHOTOS), form, work=work), status


def _receive_files(opened: Opened, replaces: int | None) -> int:
    """Take the files of a form sent without script; returns how many there were."""
    held, count = services(), 0
    for file in request.files.getlist("photo"):
        if not file.filename:
            continue
        with file.stream:
            # Before any of it is stored: a file that is too large leaves nothing behind.
            require_size(held, opened.submission_id, _measured(file.stream))
            receive_whole(
                held,
                opened.submission_id,
                _pieces(file.stream),
                filename=file.filename,
                replaces=replaces,
                actor=owner(opened),
                now=now(),
            )
        count += 1
    return count


def _measured(stream: Any) -> int:
    size: int = stream.seek(0, SEEK_END)
    stream.seek(0)
    return size


def _pieces(stream: Any) -> Iterator[bytes]:
    source: BinaryIO = stream
    while piece := source.read(_CHUNK):
        yield piece


@blueprint.post("/entry/<link>/works/<int:ordinal>/remove")
@public
@private
def remove(opened: Opened, link: str, ordinal: int) -> Any:
    """Take a work out of a draft."""
    held = services()
    with held.database.write() as uow:
        photo_id = remove_work(uow, opened.submission_id, ordinal, actor=owner(opened), now=now())
    if photo_id:
        destroy_photo(held, photo_id)
    return redirect(url_for("entries.photos", link=link), 303)


@blueprint.get("/entry/<link>/works/<int:ordinal>/<kind>.jpg")
@public
@private
def picture_of(opened: Opened, link: str, ordinal: int, kind: str) -> Response:
    """A work's own picture, for its entrant."""
    del link
    if kind not in {"thumb", "preview"}:
        abort(404)
    shown = load(opened).work(ordinal).pictures.get(kind)
    if shown is None:
        abort(404)
    return picture(shown.id, shown.bytes, etag=shown.sha256[:32], cache="private, max-age=3600")
