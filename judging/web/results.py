"""Results for staff, after the seal: tally, spread, prizes, documents, and the steps into the next stages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for

from contest.domain.actors import Role
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.infra.documents import render_pdf
from contest.infra.sheets import xlsx
from contest.infra.texts import text
from contest.operations.stages import blockers, move_stage
from contest.queries.editions import current_edition, rules_of
from contest.web.access import actor, allow, now, services
from contest.web.filters import kst_date
from judging.operations.allocate import allocate_prizes
from judging.operations.close import refuse_results
from judging.operations.reopen import read_result
from judging.queries.allocation import allocation_differences
from judging.queries.one_prize import has_other_persons
from judging.queries.panel import round_of
from judging.queries.results import ResultRow, Results, results
from judging.queries.standings import scorecards
from judging.queries.standings import sealed_round as sealed
from judging.web.counting_words import counted_words, figure_name
from judging.web.result_documents import Meeting, minutes_data, scorecard_data, tally_data, tally_rows

blueprint = Blueprint("results", __name__, template_folder="templates")
READERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_WORDS = 2000
STEPS = {"verification": Stage.VERIFICATION, "decision": Stage.DECIDED}


@blueprint.get("/staff/results")
@allow(*READERS)
def overview() -> Any:
    """Tally, ranking and prizes; before the seal one sentence and nothing else."""
    with services().database.read() as rows:
        edition, is_judging = current_edition(rows), False
        try:
            shown = results(rows, edition) if edition else None
        except Conflict:
            shown = None
            is_judging = edition is not None and edition.stage is Stage.JUDGING
        held = round_of(rows, edition.id) if edition and is_judging else None
        differs = allocation_differences(rows, edition) if edition and shown and shown.is_allocated else []
        is_stale = edition is not None and edition.stage is Stage.JUDGING and has_other_persons(rows, edition)
    if edition and shown:
        _keep_read(edition.id, is_read=shown.is_read)
    if edition and shown is None and is_judging:
        with services().database.write() as uow:
            refuse_results(uow, edition.id, actor=actor(), now=now())
    return render_template(
        "judging/results.html", edition=edition, results=shown, differs=differs, spread=_spread(shown), steps=STEPS,
        **_counting_words(shown),
        is_stale=is_stale,
        is_deliberating=held is not None and held.is_deliberating,
    )  # fmt: skip


def _spread(shown: Results | None) -> list[dict[str, Any]]:
    """Where each judge's score of the best works lies on a line of 100 points."""
    listed = [row for row in shown.rows if row.prize] or list(shown.rows[:30]) if shown else []
    return [
        {
            "row": row,
            "points": points,
            "low": min(points),
            "high": max(points),
            "mean": _mean_of(shown, row, points),
        }
        for row in listed
        if (points := [score.points for score in row.scores if score.value is not None])
    ]


def _mean_of(shown: Results | None, row: ResultRow, points: list[float]) -> float:
    """The mean as it is counted; where something else ranks, the plain one."""
    is_mean = shown is not None and figure_name(shown.counting) == "평균"
    return row.mean_points if is_mean else sum(points) / len(points)


def _counting_words(shown: Results | None) -> dict[str, str]:
    if shown is None:
        return {}
    return {
        "figure": figure_name(shown.counting),
        "counted": counted_words(shown.counting, shown.quorum, is_ballot=shown.is_ballot),
    }


@blueprint.post("/staff/results/allocate")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def allocate() -> Any:
    """Give the provisional prizes; whoever comes second sees what the first one made."""
    edition_id = _edition_id()
    with services().database.write() as uow:
        allocate_prizes(uow, edition_id, actor=actor(), now=now())
    flash("상격을 배정했습니다. 결과를 확인해 주세요.", "success")
    return redirect(url_for("results.overview"), 303)


@blueprint.get("/staff/results/step/<step>")
@allow(*READERS)
def preview(step: str) -> Any:
    """What the next stage brings and everything that stands in its way."""
    stage = STEPS.get(step) or abort(404)
    held, edition_id = services(), _edition_id()
    with held.database.read() as rows:
        found = blockers(held.registry, rows, edition_id, stage, now())
        edition = current_edition(rows)
    items = [
        {
            "text": text("ko", one.code, **one.facts),
            "ok": False,
            "url": _link(one.link),
            "warning": one.is_warning,
        }
        for one in found
    ]
    return render_template(
        "judging/result_step.html", step=step, edition=edition, items=items,
        may_go_on=all(one.is_warning for one in found),
    )  # fmt: skip


@blueprint.post("/staff/results/step/<step>")
@allow(Role.OPERATOR, Role.APPROVER, fresh=True)
def advance(step: str) -> Any:
    """Open public verification, or decide the results."""
    stage = STEPS.get(step) or abort(404)
    held, edition_id = services(), _edition_id()
    with held.database.write() as uow:
        move_stage(uow, held.registry, edition_id, stage, actor=actor(), now=now())
    done = "공개검증 단계로 넘어갔습니다." if stage is Stage.VERIFICATION else "수상을 확정했습니다."
    flash(done, "success")
    return redirect(url_for("results.overview"), 303)


@blueprint.get("/staff/results/tally.<kind>")
@allow(*READERS)
def tally(kind: str) -> Any:
    """The tally as PDF or as a spreadsheet."""
    shown, title = _shown()
    if kind == "xlsx":
        header, lines = tally_rows(shown)
        return attached(xlsx(header, lines, "집계표"), "tally.xlsx", XLSX)
    if kind != "pdf":
        abort(404)
    return attached(
        render_pdf("tally", tally_data(shown, title, kst_date(now()))), "tally.pdf", "application/pdf"
    )


@blueprint.get("/staff/results/minutes.pdf")
@allow(*READERS)
def minutes() -> Any:
    """The 심사의결서; when and where the panel met, and what else it noted, as asked for on the results page."""
    shown, title = _shown()
    met = Meeting(*(request.args.get(name, "").strip()[:MOST_WORDS] for name in ("when", "place", "notes")))
    return attached(
        render_pdf("minutes", minutes_data(shown, title, kst_date(now()), met)),
        "minutes.pdf",
        "application/pdf",
    )


@blueprint.get("/staff/results/scorecard/<judge_id>.pdf")
@allow(*READERS)
def scorecard(judge_id: str) -> Any:
    """One judge's 채점표."""
    shown, title = _shown()
    edition_id = _edition_id()
    with services().database.read() as rows:
        rubric = sealed(rows, edition_id).rule.rubric
        cards = scorecards(rows, edition_id)
    member = next((one for one in shown.panel if one.judge_id == judge_id), None) or abort(404)
    data = scorecard_data(
        shown, title, kst_date(now()), member=member, rubric=rubric, card=cards.get(judge_id)
    )
    return attached(render_pdf("scorecard", data), "scorecard.pdf", "application/pdf")


def _shown() -> tuple[Results, str]:
    with services().database.read() as rows:
        edition = current_edition(rows) or abort(404)
        shown, title = results(rows, edition), rules_of(edition).texts.get("ko", "title")
    _keep_read(edition.id, is_read=shown.is_read)
    return shown, title


def _keep_read(edition_id: str, *, is_read: bool) -> None:
    """Numbers meet scores from here on: the first time is kept before anything is shown."""
    if not is_read:
        with services().database.write() as uow:
            read_result(uow, edition_id, actor=actor(), now=now())


def _edition_id() -> str:
    with services().database.read() as rows:
        edition = current_edition(rows)
    return edition.id if edition else abort(404)


def _link(endpoint: str | None) -> str:
    return url_for(endpoint) if endpoint and endpoint in current_app.view_functions else ""


def attached(data: bytes, name: str, kind: str) -> Response:
    """A file to keep; nothing of it stays in a cache."""
    return Response(
        data,
        mimetype=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
