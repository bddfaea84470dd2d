"""The demonstration's page that plays people in up to a stage; it does not exist in a real instance."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange

from contest.domain.actors import STAFF
from contest.domain.errors import Conflict
from contest.operations.errands import Progress, begin_errand, progress_of
from contest.queries.played import count_played
from contest.rehearsal.filling import LABELS, first_to_play
from contest.rehearsal.play import STAGES
from contest.web.access import actor, allow, now, services
from contest.web.errors import say

blueprint = Blueprint("filling", __name__, url_prefix="/staff/rehearsal")
FEWEST, MOST = 30, 200
#: The choice of a new beginning that fills nothing.
NOTHING = ""


class FillingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """How far, and how many citizens."""

    until = RadioField(
        "어디까지 진행할까요?",
        [InputRequired("진행할 단계를 골라 주세요.")],
        choices=[SelectChoice(stage, f"{LABELS[stage]}까지") for stage in STAGES],
    )
    entrants = IntegerField(
        "응모자 수",
        [
            InputRequired("응모자 수를 적어 주세요."),
            NumberRange(FEWEST, MOST, f"{FEWEST}명에서 {MOST}명까지 적을 수 있습니다."),
        ],
        default=40,
    )


class AnewForm(FillingForm):
    """A new beginning, filled as far as wanted or not at all."""

    until = RadioField(
        "처음으로 돌아간 뒤 어디까지 채울까요?",
        choices=[
            SelectChoice(NOTHING, "채우지 않고 8월 20일 아침부터 직접 해 보기"),
            *(SelectChoice(stage, f"{LABELS[stage]}까지") for stage in STAGES),
        ],
        default=NOTHING,
    )


@blueprint.before_request
def _only_in_a_demonstration() -> None:
    if not services().settings.demonstration:
        abort(404)


@blueprint.get("")
@allow(*STAFF)
def index() -> Any:
    """What may be played, and how far it is."""
    return _page(_form(_first(), empty=True))


@blueprint.route("/anew", methods=["GET", "POST"])
@allow(*STAFF)
def anew() -> Any:
    """Begin the demonstration anew: what goes and what stays, then the act."""
    form, held, refused, status = AnewForm(), services(), "", 200
    if form.validate_on_submit():
        try:
            with held.database.write() as uow:
                begin_errand(
                    uow, "rehearse", {"until": form.until.data, "entrants": form.entrants.data, "anew": True},
                    actor=actor(), now=now(), wall=held.clock.wall(),
                )  # fmt: skip
            return redirect(url_for("filling.index"), 303)
        except Conflict as error:
            refused, status = say(error), error.status
    elif form.is_submitted():
        status = 422
    with held.database.read() as session:
        lost = count_played(session)
    return render_template("contest/staff_home/anew.html", form=form, refused=refused, lost=lost), status


@blueprint.post("")
@allow(*STAFF)
def begin() -> Any:
    """Begin to play."""
    first, held = _first(), services()
    form = _form(first)
    if first is None:
        return _page(form, say(Conflict("rehearsal.too_late"))), 409
    if not form.validate_on_submit():
        return _page(form), 422
    entrants = form.entrants.data if "entrants" in form else FEWEST
    try:
        with held.database.write() as uow:
            begin_errand(
                uow, "rehearse", {"until": form.until.data, "entrants": entrants},
                actor=actor(), now=now(), wall=held.clock.wall(),
            )  # fmt: skip
    except Conflict as error:
        return _page(form, say(error)), error.status
    return redirect(url_for("filling.index"), 303)


@blueprint.get("/progress")
@allow(*STAFF)
def progress() -> Any:
    """How far it is, for the waiting page."""
    with services().database.read() as session:
        found = progress_of(session, kind="rehearse")
    if found is None:
        abort(404)
    return jsonify(
        value=found.done, max=100, text=found.failed or found.line or "준비하고 있습니다",
        done=found.is_finished, failed=bool(found.failed), next_url=url_for("staff_home.index"),
    )  # fmt: skip


def _first() -> str | None:
    with services().database.read() as session:
        return first_to_play(session, now())


def _form(first: str | None, *, empty: bool = False) -> FillingForm:
    """What is left to play; how many citizens is asked only while they can enter."""
    form = FillingForm(formdata=None) if empty else FillingForm()
    left = STAGES[STAGES.index(first) :] if first else ()
    form.until.choices = [SelectChoice(stage, f"{LABELS[stage]}까지") for stage in left]
    if first != STAGES[0]:
        del form.entrants
    return form


def _page(form: FillingForm, refused: str = "") -> str:
    with services().database.read() as session:
        found: Progress | None = progress_of(session, kind="rehearse")
    running = found is not None and not found.is_finished and not found.failed
    return render_template(
        "contest/staff_home/filling.html", form=form, refused=refused, found=found, running=running,
        may_begin=bool(form.until.choices),
    )  # fmt: skip
