"""What is told about each work: its title and description, where and when it was taken."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from contest.domain.entry_steps import Screen, Step
from contest.domain.errors import ContestError, Invalid
from contest.infra.boundaries import dong_names
from contest.infra.texts import text
from contest.operations.drafts import save_title
from contest.operations.entry_place import save_place
from contest.operations.links import Opened
from contest.queries.entries import Work, spot_choices
from contest.web.access import now, public, services
from contest.web.entry_forms import (
    PlaceForm,
    TitleForm,
)
from contest.web.entry_screens import at_first, blueprint, entry_page, load, walk
from contest.web.errors import say
from contest.web.locale import locale
from contest.web.private import owner, private


@blueprint.route("/entry/<link>/works/<int:ordinal>/title", methods=["GET", "POST"])
@public
@private
def title(opened: Opened, link: str, ordinal: int) -> Any:
    """Title and description of one work."""
    submission = load(opened)
    work, screen = submission.work(ordinal), Screen(Step.TITLE, ordinal)
    form, status = TitleForm(data=at_first({"title": work.title, "description": work.description})), 200
    if form.validate_on_submit():
        try:
            with services().database.write() as uow:
                save_title(
                    uow,
                    opened.submission_id,
                    ordinal,
                    title=form.title.data or "",
                    description=form.description.data or "",
                    actor=owner(opened),
                    now=now(),
                )
            return redirect(walk(link, submission, screen).onward, 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    return entry_page("title", link, submission, screen, form, work=work), status


@blueprint.route("/entry/<link>/works/<int:ordinal>/place", methods=["GET", "POST"])
@public
@private
def place(opened: Opened, link: str, ordinal: int) -> Any:
    """Where one work was taken; and when, if the file does not say."""
    submission = load(opened)
    work, screen = submission.work(ordinal), Screen(Step.PLACE, ordinal)
    with services().database.read() as rows:
        spots = spot_choices(rows, locale())
    form, status = PlaceForm(data=at_first(_place_of(work))), 200
    nothing = SelectChoice("", text(locale(), "choice.none"))
    form.dong.choices = [nothing, *(SelectChoice(*dong) for dong in sorted(dong_names(locale()).items()))]
    form.spot.choices = [nothing, *(SelectChoice(spot.id, spot.name) for spot in spots)]
    if form.validate_on_submit():
        try:
            if form.taken_on.raw_data and form.taken_on.raw_data[0] and form.taken_on.data is None:
                raise Invalid("date.unreadable", field="taken_on")
            with services().database.write() as uow:
                save_place(
                    uow,
                    opened.submission_id,
                    ordinal,
                    point=(form.latitude.data or "", form.longitude.data or ""),
                    dong=form.dong.data or "",
                    spot_id=form.spot.data or "",
                    words=form.words.data or "",
                    taken_on=form.taken_on.data,
                    actor=owner(opened),
                    now=now(),
                )
            return redirect(walk(link, submission, screen).onward, 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    elif request.method == "POST":
        # The date field's own refusal comes from its parser, in its own words; ours replaces it.
        form.taken_on.errors = [say(Invalid("date.unreadable"))] if form.taken_on.errors else []
        status = 422
    return entry_page(
        "place", link, submission, screen, form, work=work, asks_date=work.facts.taken_on is None
    ), status


def _place_of(work: Work) -> dict[str, Any]:
    """What the form begins with: what was saved, else what the file says as a hint."""
    gps, inside = work.facts.exif.gps, work.facts.placing is not None and work.facts.placing.is_inside
    hint = gps if work.place_source is None and inside else None
    return {
        "latitude": work.latitude if work.latitude is not None else hint.latitude if hint else "",
        "longitude": work.longitude if work.longitude is not None else hint.longitude if hint else "",
        "dong": work.dong or (work.facts.dong if hint else "") or "",
        "spot": work.spot_id or "",
        "words": work.place_words or "",
        "taken_on": work.taken_on,
    }
