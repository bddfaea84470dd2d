"""How the contest was judged, for everybody: the seal at once, with the results the means to compute them again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, json, render_template, request
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.infra.texts import text
from contest.queries.editions import current_edition, rules_of
from contest.web.access import now, public, services
from contest.web.locale import locale
from gallery.queries.fairness import fairness, has_scores, published_table, record_version
from gallery.queries.published import results
from judging.queries.commitments import commitments, lots, superseded
from judging.queries.numbers import entry_numbers
from judging.queries.public_record import public_record

blueprint = Blueprint("fairness", __name__, template_folder="templates")

LONGEST_NUMBER = 12
#: The newest record as it was sent last, by what it depends on: with a thousand works making it takes half a second.
_made: dict[tuple[str, ...], bytes] = {}
CHECKER = Path(__file__).resolve().parents[1] / "checker" / "check_result.py"


def is_committed(session: Session, _now: dt.datetime) -> bool:
    """Whether the current contest has a commitment to show."""
    edition = current_edition(session)
    return edition is not None and bool(
        commitments(session, edition.id) or lots(session, edition.id) or superseded(session, edition.id)
    )


@blueprint.get("/fairness")
@public
def page() -> Any:
    """The rules of judging, the seal, and after the announcement the counts and the scores."""
    with services().database.read() as session:
        edition = current_edition(session)
        shown = fairness(session, edition, now()) if edition else None
    rules = rules_of(edition) if edition else None
    objections = [
        (text(locale(), f"objection_category.{category}"), count)
        for category, count in (shown.counts.objections if shown and shown.counts else ())
    ]
    return render_template("gallery/fairness.html", shown=shown, rules=rules, objections=objections)


@blueprint.get("/fairness/scores")
@public
def table() -> Any:
    """The same scores as a table, a page at a time or at one number; unknown before the minute."""
    asked = request.args.get("number", "").strip()[:LONGEST_NUMBER]
    page, ordinal = request.args.get("page", 1, type=int), request.args.get("round", 0, type=int)
    with services().database.read() as session:
        edition = current_edition(session)
        shown = (
            published_table(session, edition, now(), page=page, asked=asked, ordinal=ordinal)
            if edition
            else None
        )
        if edition is None or shown is None:
            raise Missing("missing")
        published = results(session, now(), locale())
        numbers = entry_numbers(session, [row.entry_id for row in shown.rows])
    winners = {work.entry_number: work for work in published.works} if published else {}
    prizes = {entry: winners[number] for entry, number in numbers.items() if number in winners}
    return render_template(
        "gallery/scores.html", shown=shown, prizes=prizes, round=rules_of(edition).rounds[shown.ordinal - 1]
    )


@blueprint.get("/fairness/scores.json")
@public
def scores() -> Any:
    """Every score under public numbers; before the minute this address is as unknown as any other."""
    with services().database.read() as session:
        edition = current_edition(session)
        if edition is None or not has_scores(session, edition, now()):
            raise Missing("missing")
        version = record_version(session, edition)
        body = _made.get(version)
        if body is None:
            record = public_record(session, edition)
            if record is None:
                raise Missing("missing")
            body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=False).encode()
            _made.clear()
            _made[version] = body
    return _attachment(body, "scores.json", "application/json")


@blueprint.get("/fairness/check_result.py")
@public
def checker() -> Any:
    """The program that recomputes the result from the scores; one file, the standard library only."""
    return _attachment(CHECKER.read_bytes(), "check_result.py", "text/x-python")


def _attachment(body: bytes, name: str, kind: str) -> Response:
    response = Response(body, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response
