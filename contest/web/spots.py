"""The register of photo spots (사진 명소): list, map, edit, hide, CSV."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Invalid
from contest.infra.sheets import csv_bytes
from contest.operations.registers import SpotValues, save_spot, show_spot
from contest.queries.registers import get_spot, list_spots
from contest.web.access import actor, allow, now, services
from contest.web.errors import say

blueprint = Blueprint("spots", __name__)
_HEADER = ("연번", "명칭", "영어 명칭", "중국어 명칭", "행정동", "위도", "경도", "설명", "공개")


class SpotForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A photo spot."""

    name = StringField("이름")
    name_en = StringField("영어 이름")
    name_zh = StringField("중국어 이름")
    latitude = StringField("위도")
    longitude = StringField("경도")
    note = TextAreaField("설명")
    published = BooleanField("시민에게 보이기")


@blueprint.get("/staff/spots")
@allow(*STAFF)
def index() -> Any:
    """The register as a list and on the map."""
    with services().database.read() as session:
        spots = list_spots(session)
    markers = [
        {"lat": one.latitude, "lon": one.longitude, "title": one.name, "text": one.dong} for one in spots
    ]
    return render_template("contest/registers/spots.html", spots=spots, markers=markers)


@blueprint.get("/staff/spots.csv")
@allow(*STAFF)
def export() -> Response:
    """The register for a spreadsheet."""
    with services().database.read() as session:
        spots = list_spots(session)
    rows = [
        (n, s.name, s.name_en, s.name_zh, s.dong, s.latitude, s.longitude, s.note, s.published)
        for n, s in enumerate(spots, start=1)
    ]
    response = Response(csv_bytes(_HEADER, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="spots.csv"'
    return response


@blueprint.route("/staff/spots/new", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def new() -> Any:
    """Add a spot."""
    form = SpotForm()
    if not form.is_submitted():
        form.published.data = True
    return _edited(None, form, "명소 추가")


@blueprint.route("/staff/spots/<spot_id>", methods=["GET", "POST"])
@allow(Role.OPERATOR)
def edit(spot_id: str) -> Any:
    """Change a spot."""
    with services().database.read() as session:
        spot = get_spot(session, spot_id)
    return _edited(spot_id, SpotForm(obj=spot), f"{spot.name} 고치기")


@blueprint.post("/staff/spots/<spot_id>/visibility")
@allow(Role.OPERATOR)
def show(spot_id: str) -> Any:
    """Show it to citizens, or hide it."""
    published = request.form.get("published") == "yes"
    with services().database.write() as uow:
        show_spot(uow, spot_id, published=published, actor=actor(), now=now())
    return redirect(url_for(".index", _anchor=f"spot-{spot_id}"), 303)


def _edited(spot_id: str | None, form: SpotForm, title: str) -> Any:
    status = 200
    if form.is_submitted():
        try:
            with services().database.write() as uow:
                held = save_spot(uow, spot_id, _values(form), actor=actor(), now=now()).id
        except Invalid as refused:
            form[refused.field or "name"].errors = [say(refused)]
            status = refused.status
        else:
            flash("저장했습니다.", "success")
            return redirect(url_for(".index", _anchor=f"spot-{held}"), 303)
    return render_template("contest/registers/spot.html", form=form, title=title), status


def _values(form: SpotForm) -> SpotValues:
    return SpotValues(
        name=_text(form.name), name_en=_text(form.name_en), name_zh=_text(form.name_zh),
        latitude=_degrees(form.latitude), longitude=_degrees(form.longitude),
        note=_text(form.note), published=bool(form.published.data),
    )  # fmt: skip


def _text(field: Any) -> str:
    return str(field.data or "").strip()


def _degrees(field: Any) -> float | None:
    try:
        return float(_text(field))
    except ValueError:
        return None
