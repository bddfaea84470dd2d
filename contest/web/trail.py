"""The trail: read only, for the auditor and the administrator; taking it out is itself an act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from contest.domain.actors import Role
from contest.domain.audit import canonical
from contest.domain.errors import ContestError
from contest.domain.korean import instant_text
from contest.domain.schedule import KST, parse_day, parse_instant
from contest.infra.sheets import csv_bytes
from contest.infra.texts import sentence
from contest.operations.audit import broken_link, trail_head
from contest.operations.disclosure import REASONS, disclose
from contest.queries.trail import TrailAct, TrailFilter, count_acts, trail_acts, trail_choices, trail_page
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.whole_numbers import whole

blueprint = Blueprint("trail", __name__)
#: fact -> where the words of its codes stand, besides those of the trail.
WORDS = {
    "role": ("role",),
    "purpose": ("grant.purpose",),
    "before": ("edition_stage", "objection_state"),
    "after": ("edition_stage",),
    "outcome": ("ruling_outcome",),
    "ground": ("exclusion_ground",),
    "reason": ("unfit_reason", "disclosure.reason"),
    "kind": ("destruction.kind",),
}
_TO_COPY = 24  # longer than a number or a word: an identifier or a digest
_SHOWN = 8
READERS = (Role.AUDITOR, Role.ADMINISTRATOR)
HEADER = (
    "번호", "공모전 시각", "실제 시각", "행위자", "행위자 구분", "한 일", "코드", "대상", "대상 ID", "세부", "확인값",
)  # fmt: skip


def wanted() -> TrailFilter:
    """The filter of this request; a day that cannot be read does not narrow."""
    get = request.values.get
    return TrailFilter(
        get("edition", ""), get("actor", ""), get("subject", "").strip(), get("action", ""),
        parse_day(get("since")), parse_day(get("until")),
    )  # fmt: skip


def act_sentence(action: str) -> str:
    """What was done, in Korean; an act without a sentence shows its code."""
    return sentence("ko", f"act.{action}") or action


def subject_word(kind: str) -> str:
    """What an act was about, in Korean; a kind without a word shows its code."""
    return sentence("ko", f"trail.subject.{kind}") or kind


def fact_lines(facts: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(name, [(what is read, the whole of it)]) of each fact; what is long and only for comparing is cut short."""
    return [
        (sentence("ko", f"trail.fact.{name}") or name, [_value(name, one) for one in _each(value)])
        for name, value in facts.items()
        if value is not None and value != ""
    ]


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _value(name: str, value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return ("예" if value else "아니요"), str(value)
    said = str(value)
    for family in (*WORDS.get(name, ()), "trail.value"):
        word = sentence("ko", f"{family}.{said}")
        if word is not None:
            return word, said
    instant = parse_instant(said) if name in _INSTANTS else None
    if instant is not None:
        return instant_text(instant), said
    return (f"{said[:_SHOWN]}…" if len(said) >= _TO_COPY and said.isascii() else said), said


_INSTANTS = ("to", "publish_at")


@blueprint.get("/staff/trail")
@allow(*READERS)
def index() -> Any:
    """A page of acts, the head of the chain, and on request whether the chain is whole."""
    return _page(None)


@blueprint.post("/staff/trail.csv")
@allow(*READERS, fresh=True)
def export() -> Any:
    """What the filter finds, as a table; the reason is noted before a byte leaves."""
    held, found = services(), wanted()
    with held.database.read() as rows:
        count = count_acts(rows, found)
    try:
        with held.database.write() as uow:
            disclose(
                uow, "trail", ("trail", None), request.form.get("reason", ""),
                actor=actor(), now=now(), edition_id=found.edition_id or None, count=count,
            )  # fmt: skip
    except ContestError as error:
        return _page(say(error)), error.status
    with held.database.read() as rows:
        table = csv_bytes(HEADER, [_cells(act) for act in trail_acts(rows, found)])
    response = Response(table, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="trail.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _cells(act: TrailAct) -> tuple[str | int, ...]:
    return (
        act.seq, f"{act.at.astimezone(KST):%Y-%m-%d %H:%M:%S}", f"{act.wall.astimezone(KST):%Y-%m-%d %H:%M:%S}",
        act.actor_name, act.actor_kind, act_sentence(act.action), act.action,
        subject_word(act.subject_kind), act.subject_id,
        canonical(act.facts).decode(), act.digest,
    )  # fmt: skip


def _page(error: str | None) -> str:
    found, before = wanted(), request.args.get("before", type=whole)
    held = services()
    with held.database.read() as rows:
        page = trail_page(rows, found, before)
        choices = trail_choices(rows)
        head = trail_head(rows)
        checked = "check" in request.args
        broken = broken_link(rows) if checked else None
    narrowed: dict[str, Any] = {
        name: value for name, value in request.values.items() if name in _FIELDS and value
    }
    return render_template(
        "contest/trail/index.html",
        page=page,
        choices=choices,
        head=head,
        checked=checked,
        broken=broken,
        found=found,
        narrowed=narrowed,
        error=error,
        reasons=REASONS,
        act_sentence=act_sentence,
        subject_word=subject_word,
        fact_lines=fact_lines,
        older=url_for("trail.index", before=page.older, **narrowed) if page.older else None,
    )


_FIELDS = ("edition", "actor", "subject", "action", "since", "until")
