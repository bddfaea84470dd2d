"""Staff: what the exhibition needs, taken out with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are of an older wtforms
from wtforms.validators import InputRequired, Length

from contest.domain.actors import STAFF, Role
from contest.domain.errors import ContestError
from contest.infra.clock import KST
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from gallery.operations.exhibition import captions, captions_pdf, pack, table_csv, take_out
from gallery.queries.exhibition import exhibited_works
from gallery.web.publication import edition_id

blueprint = Blueprint("exhibition", __name__, template_folder="templates")

KINDS = (
    ("pack", "전체 자료(ZIP): 원본 사진, 작품 설명표, 목록"),
    ("captions", "작품 설명표(PDF): A4 한 장에 두 점"),
    ("table", "목록(CSV): 상격, 이름, 장소, 설명"),
)


class TakeOutForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What is taken out, and why."""

    what = SelectField("내려받을 자료", choices=[SelectChoice(value, label) for value, label in KINDS])
    reason = StringField(
        "내려받는 까닭",
        [
            InputRequired("까닭을 적어 주세요."),
            Length(min=5, max=200, message="5자에서 200자까지 적어 주세요."),
        ],
    )


@blueprint.get("/staff/exhibition")
@allow(*STAFF)
def index() -> Any:
    """The works and the form."""
    return _page(TakeOutForm(formdata=None))


def _page(form: TakeOutForm, status: int = 200, refusal: str = "") -> Any:
    with services().database.read() as session:
        edition = current_edition(session)
        works = exhibited_works(session, edition) if edition else ()
    return render_template(
        "gallery/staff/exhibition.html", works=works, take_form=form, refusal=refusal,
        total_bytes=sum(work.bytes for work in works),
    ), status  # fmt: skip


@blueprint.post("/staff/exhibition")
@allow(Role.OPERATOR, Role.APPROVER)
def take() -> Any:
    """Hand out a file; the act stands in the trail before its first byte leaves."""
    form = TakeOutForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    held, wanted = services(), edition_id()
    try:
        with held.database.write() as uow:
            works = take_out(uow, wanted, form.what.data, form.reason.data or "", actor=actor(), now=now())
            contest = captions(uow, wanted)
    except ContestError as error:
        return _page(form, error.status, say(error))
    address_of = _addresses()
    if form.what.data == "captions":
        return _download(captions_pdf(contest, works, address_of), "application/pdf", "작품설명표.pdf")
    if form.what.data == "table":
        return _download(table_csv(works, address_of), "text/csv", "전시작_목록.csv")
    made = pack(held.storage, contest, works, address_of, stamp=now().astimezone(KST))
    response = _download(made.stream(), "application/zip", "전시자료.zip")
    response.content_length = made.size
    return response


def _addresses() -> Callable[[str], str]:
    base = services().settings.public_url.rstrip("/")
    return lambda work_id: base + url_for("gallery.photo", work_id=work_id)


def _download(body: Any, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response
