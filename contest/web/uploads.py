"""Slices of photographs from upload.js, each bound to the private address of its entry and to its token."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, url_for

from contest.domain.errors import Invalid
from contest.operations.links import Opened
from contest.operations.uploads import (
    SLICE,
    append_slice,
    begin_upload,
    cancel_upload,
    finish_upload,
    give_up_oldest,
    read_progress,
    unfinished,
)
from contest.queries.entries import load_submission
from contest.web.access import now, public, services
from contest.web.body_limits import body_up_to
from contest.web.private import owner, private
from contest.web.whole_numbers import whole
from contest.web.work_words import photo_answer

blueprint = Blueprint("uploads", __name__)


@blueprint.post("/upload/<link>")
@public
@private
def begin(opened: Opened, link: str) -> Any:
    """{name, size, type, sha256?} -> 201 {url, status_url, offset}: 0, or where the same file broke off."""
    asked: Any = request.get_json(silent=True)
    asked = asked if isinstance(asked, dict) else {}
    size, replaces = asked.get("size"), request.args.get("replaces", type=whole)
    held = services()
    give_up_oldest(held, opened.submission_id)
    with held.database.write() as uow:
        progress = begin_upload(
            uow,
            opened.submission_id,
            size=size if isinstance(size, int) else 0,
            filename=str(asked.get("name") or ""),
            client_sha256=str(asked.get("sha256") or ""),
            replaces=replaces,
            now=now(),
            wall=held.clock.wall(),
        )
    address = url_for("uploads.append", link=link, upload_id=progress.upload_id)
    answer = jsonify(
        url=address,
        status_url=url_for("uploads.status", link=link, upload_id=progress.upload_id),
        offset=progress.received,
    )
    return answer, 201, {"Location": address, "Upload-Offset": str(progress.received)}


@blueprint.get("/upload/<link>")
@public
@private
def waiting(opened: Opened, link: str) -> Any:
    """What was broken off and may go on when the same file is chosen again."""
    del link
    held = services()
    with held.database.read() as rows:
        found = unfinished(rows, opened.submission_id, held.clock.wall())
    return jsonify(waiting=[{"received": one.received, "size": one.size} for one in found])


@blueprint.patch("/upload/<link>/<upload_id>")
@public
@private
@body_up_to(SLICE)
def append(opened: Opened, link: str, upload_id: str) -> Any:
    """One slice; the answer tells the true offset, as 409 where the sender thought otherwise."""
    del link
    held = services()
    progress = read_progress(held, upload_id, [opened.submission_id])
    offset = request.headers.get("Upload-Offset", "")
    length = request.content_length
    if not offset.isascii() or not offset.isdigit() or length is None or not 0 < length <= SLICE:
        raise Invalid("upload.slice", field="photo")
    if progress.photo_id is not None:
        return _offset(progress.size, 409 if int(offset) != progress.size else 200)
    if progress.received < progress.size:
        data = request.get_data(cache=False)
        if len(data) != length:
            raise Invalid("upload.slice", field="photo")
        before = progress.received
        progress = append_slice(held, upload_id, int(offset), data, now=now())
        status = 200 if int(offset) == before else 409
    else:
        status = 409
    if progress.received == progress.size:
        finish_upload(held, upload_id, actor=owner(opened), now=now())
    return _offset(progress.received, status)


def _offset(received: int, status: int) -> Any:
    return jsonify(offset=received), status, {"Upload-Offset": str(received)}


@blueprint.get("/upload/<link>/<upload_id>")
@public
@private
def offset(opened: Opened, link: str, upload_id: str) -> Any:
    """How much has arrived: where a broken upload goes on."""
    del link
    return _offset(read_progress(services(), upload_id, [opened.submission_id]).received, 200)


@blueprint.get("/upload/<link>/<upload_id>/status")
@public
@private
def status(opened: Opened, link: str, upload_id: str) -> Any:
    """확인 중, or what the checks say."""
    held = services()
    progress = read_progress(held, upload_id, [opened.submission_id])
    if progress.photo_id is None and progress.received == progress.size:
        # The last slice was kept, but whoever kept it was ended before making the whole of it.
        finish_upload(held, upload_id, actor=owner(opened), now=now())
        progress = read_progress(held, upload_id, [opened.submission_id])
    with held.database.read() as rows:
        submission = load_submission(rows, held.crypto, opened.submission_id)
        work = next((w for w in submission.works if w.photo_id == progress.photo_id), None)
    return jsonify(photo_answer(work, link))


@blueprint.delete("/upload/<link>/<upload_id>")
@public
@private
def cancel(opened: Opened, link: str, upload_id: str) -> Any:
    """Take an upload back."""
    del link
    held = services()
    read_progress(held, upload_id, [opened.submission_id])
    cancel_upload(held, upload_id, actor=owner(opened), now=now())
    return "", 204
