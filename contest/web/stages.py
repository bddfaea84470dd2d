"""Where the contest stands and the way to its next stage: every blocker, what will happen, one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.routing import BuildError
from wtforms import HiddenField, StringField

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Conflict, ContestError, Missing
from contest.domain.gates import Blocker
from contest.domain.stage_moves import movers
from contest.domain.stages import MOVES, ORDER, Stage, following
from contest.infra.texts import text
from contest.operations.stages import blockers, move_stage
from contest.queries.editions import get_edition
from contest.queries.screening_gate import count_screening
from contest.queries.standing import standing
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.filters import kst

blueprint = Blueprint("stages", __name__)


class MoveForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Where from, where to; a reason for a step back."""

    edition = HiddenField()
    stage = HiddenField()
    target = HiddenField()
    reason = StringField("되돌리는 까닭")


@dataclass(frozen=True)
class Step:
    """A stage that can be reached from here: what holds it up, what it brings about."""

    target: Stage
    name: str
    items: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    effect: str
    may_move: bool
    needs_reason: bool

    @property
    def is_blocked(self) -> bool:
        """Whether anything is left to do first."""
        return any(not item["ok"] for item in self.items)


@blueprint.get("/staff/stage")
@allow(*STAFF)
def index() -> Any:
    """The current stage, the next, and everything in between."""
    return _page(MoveForm(formdata=None), [], request.args.get("edition"))


@blueprint.post("/staff/stage")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def move() -> Any:
    """Take the edition to the next stage, or back where that is allowed."""
    form = MoveForm()
    try:
        target = Stage(form.target.data or "")
    except ValueError as error:
        raise Missing("missing") from error
    by = actor()
    by.require(*movers(target))
    try:
        with services().database.write() as uow:
            edition = get_edition(uow.session, form.edition.data or "")
            if edition.stage.value != form.stage.data:
                raise Conflict("stage.stale")
            move_stage(
                uow,
                services().registry,
                edition.id,
                target,
                actor=by,
                now=now(),
                reason=form.reason.data or "",
            )
    except ContestError as error:
        return _page(form, [say(error)], form.edition.data), error.status
    flash(text("ko", "stage.moved", stage=text("ko", f"stage_name.{target}")), "success")
    return redirect(url_for("stages.index", edition=form.edition.data), 303)


def _page(form: MoveForm, errors: list[str], edition_id: str | None) -> str:
    moment = now()
    with services().database.read() as session:
        edition = standing(session, edition_id)
        if edition is None:
            return render_template(
                "contest/stages/index.html", edition=None, steps=[], form=form, errors=errors
            )
        targets = [target for target in ORDER if (edition.stage, target) in MOVES]
        counts = count_screening(session, edition.id, moment)
        found = {
            target: blockers(services().registry, session, edition.id, target, moment) for target in targets
        }
    steps = [
        _step(edition.stage, target, found[target], {"fit": counts.fit, "unfit": counts.unfit})
        for target in sorted(targets, key=lambda target: target is not following(edition.stage))
    ]
    return render_template(
        "contest/stages/index.html",
        edition=edition,
        stage_name=text("ko", f"stage_name.{edition.stage}"),
        timeline=_timeline(edition.stage, dict(edition.schedule.instants())),
        steps=steps,
        form=form,
        errors=errors,
    )


def _step(stage: Stage, target: Stage, found: list[Blocker], facts: dict[str, int]) -> Step:
    is_back = following(stage) is not target
    effect = "stage_effect.back" if is_back else f"stage_effect.{target}"
    return Step(
        target,
        text("ko", f"stage_name.{target}"),
        [_item(held) for held in found if not held.is_warning],
        [_item(held) for held in found if held.is_warning],
        text("ko", effect, **facts),
        current_user.role in movers(target),
        MOVES[stage, target],
    )


def _item(held: Blocker) -> dict[str, Any]:
    return {"text": text("ko", held.code, **held.facts), "ok": False, "url": _address(held.link)}


def _address(link: str | None) -> str | None:
    # A gate may name a field of a form instead of a page.
    try:
        return url_for(link) if link else None
    except BuildError:
        return None


def _timeline(stage: Stage, instants: dict[str, Any]) -> list[dict[str, str]]:
    begins = {
        Stage.OPEN: "entry_opens",
        Stage.SCREENING: "entry_closes",
        Stage.JUDGING: "judging_opens",
        Stage.VERIFICATION: "verification_opens",
        Stage.DECIDED: "decides_by",
    }
    at = ORDER.index(stage)
    return [
        {
            "title": text("ko", f"stage_name.{one}"),
            "when": kst(instants.get(begins[one])) if one in begins else "",
            "state": "done" if n < at else "current" if n == at else "next",
        }
        for n, one in enumerate(ORDER)
    ]
