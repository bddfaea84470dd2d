"""The robustness dossier for staff: a page that a head of division can read aloud, and the same on paper."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, render_template

from contest.infra.documents import render_pdf
from contest.queries.editions import current_edition, rules_of
from contest.web.access import allow, now, services
from contest.web.filters import kst_date
from judging.queries.dossier import dossier
from judging.web.dossier_words import Sheet, repeated_of, sheet_of
from judging.web.results import READERS, attached

blueprint = Blueprint("dossier", __name__, template_folder="templates")


@blueprint.get("/staff/results/dossier")
@allow(*READERS)
def page() -> Any:
    """In words first, the tables behind; while it is being computed a sentence that says so."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        shown = dossier(rows, edition) if edition else None
    sheet = sheet_of(shown) if shown else None
    charts = [] if shown is None else [
        ("sure", "다시 수상할 확률", "%", [
            (f"{shown.works[one['entry']]} {shown.tiers[one['tier']]}", round(100 * one["wins"]))
            for one in shown.document["certainties"] if one["tier"] != "reserve"
        ]),
        ("means", "위원마다 준 평균", "점", [
            (shown.judges.get(one["judge"], ""), round(one["mean"], 1)) for one in shown.document["judges"]
        ]),
    ]  # fmt: skip
    again = repeated_of(shown) if shown else []
    if again:
        charts.append(
            (
                "again",
                "같은 작품을 두 번 보았을 때의 점수 차이",
                "점",
                [(one.name, round(one.difference, 1)) for one in again],
            )
        )
    return render_template("judging/dossier.html", sheet=sheet, charts=charts)


@blueprint.get("/staff/results/dossier.pdf")
@allow(*READERS)
def pdf() -> Any:
    """The same on paper; its first page is one A4 in plain words."""
    with services().database.read() as rows:
        edition = current_edition(rows) or abort(404)
        shown = dossier(rows, edition) or abort(404)
        contest = rules_of(edition).texts.get("ko", "title")
    return attached(
        render_pdf("dossier", _data(sheet_of(shown), contest, kst_date(now()))),
        "dossier.pdf",
        "application/pdf",
    )


def _data(sheet: Sheet, contest: str, date: str) -> dict[str, Any]:
    tables = [asdict(table) | {"numbers": sorted(table.numbers)} for table in sheet.tables]
    return {
        "contest": contest, "date": date, "verdict": sheet.verdict, "sentences": list(sheet.sentences), "tables": tables
    }  # fmt: skip
