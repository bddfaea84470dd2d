"""The call: everything a citizen needs to know, the notice as text, the paper form, the QR code."""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import Any, Literal

from flask import Blueprint, Response, abort, make_response, render_template
from flask_login import current_user

from contest.domain.consents import NEEDS, ConsentKind, Need
from contest.domain.errors import Invalid
from contest.domain.korean import day_text, period_text
from contest.domain.notice import build_notice
from contest.domain.persons import parse_phone
from contest.domain.phases import door, phases
from contest.domain.policies import is_round_day
from contest.domain.ruleset import EditionRules
from contest.domain.schedule import Schedule, last_day, parse_day, parse_instant
from contest.infra.documents import render_pdf
from contest.infra.qr import qr_svg
from contest.infra.texts.edition_fields import label_of
from contest.queries.call import Call, load_current_call
from contest.web.access import now, public, services
from contest.web.filters import kst, kst_date
from contest.web.locale import locale

blueprint = Blueprint("call", __name__)
#: Seconds that a page of the call may be kept by others, if nothing changes sooner.
KEPT = 60
_USUAL_LONG_SIDE = 4000
_MEGABYTE = 1024 * 1024


@blueprint.get("/call")
@public
def show() -> Any:
    """The call of the current edition."""
    call = _current()
    if call is None:
        return render_template("contest/call/none.html")
    return _brief(make_response(render_template("contest/call/call.html", **shown(call))), call.schedule)


@blueprint.get("/call/notice")
@public
def notice() -> Any:
    """The 공고문 as text to copy."""
    call = _needed()
    text = build_notice(call.rules, call.schedule, _entry_address())
    page = render_template("contest/call/notice.html", call=call, text=text)
    return _brief(make_response(page), call.schedule)


@blueprint.get("/call/notice.txt")
@public
def notice_text() -> Response:
    """The 공고문 as a file; with the mark and line ends that Korean word processors expect."""
    call = _needed()
    text = build_notice(call.rules, call.schedule, _entry_address())
    response = Response(
        ("\ufeff" + text.replace("\n", "\r\n")).encode(), content_type="text/plain; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="notice-{call.year}-{call.number}.txt"'
    return _brief(response, call.schedule)


@blueprint.get("/call/application.pdf")
@public
def application() -> Response:
    """The 응모신청서 with its consents, to print and fill in by hand."""
    call = _needed()
    response = Response(
        _printed(json.dumps(_form_data(call), ensure_ascii=False)), mimetype="application/pdf"
    )
    response.headers["Content-Disposition"] = f'inline; filename="application-{call.year}-{call.number}.pdf"'
    return _brief(response, call.schedule)


@blueprint.get("/call/guardian.pdf")
@public
def guardian_form() -> Response:
    """The guardian's consent on paper, to be signed and handed in."""
    call = _needed()
    kinds = (ConsentKind.PRIVACY, ConsentKind.GUARDIAN)
    data = _form_data(call) | {"consents": [_consent_data(call.rules, kind) for kind in kinds]}
    sheet = _printed(json.dumps(data, ensure_ascii=False), "guardian")
    response = Response(sheet, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="guardian-{call.year}-{call.number}.pdf"'
    return _brief(response, call.schedule)


@blueprint.get("/call/qr.svg")
@public
def qr() -> Response:
    """The QR code of the call's address, for posters."""
    response = Response(qr_svg(f"{services().settings.public_url}/call"), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return response


def shown(call: Call, *, is_published: bool = False) -> dict[str, Any]:
    """What the call's template shows, in the language of this request, as of now."""
    language, at = locale(), now()
    rules, schedule = call.rules, call.schedule
    return {
        "call": call,
        "rules": rules,
        "schedule": schedule,
        "say_text": lambda key: rules.texts.get(language, key),
        "named": lambda names: names.get(language) or names.get("ko", ""),
        "phases": phases(schedule, at, is_published=is_published),
        "door": door(schedule, at).value,
        "entry_last_day": last_day(schedule.entry_closes) if schedule.entry_closes else None,
        "remaining": remaining(schedule, at),
        "setting": _sample_setting(rules),
        "privacy": rules.consent(ConsentKind.PRIVACY, language),
        "amendments": _amendments(call, language),
        "phone": phone_shown(rules),
        "now": at,
    }


def remaining(schedule: Schedule, at: dt.datetime) -> tuple[int, int, int] | None:
    """Days, hours and minutes until entry closes; None unless it is open."""
    if schedule.entry_closes is None or not schedule.is_entry_open(at):
        return None
    minutes = int((schedule.entry_closes - at).total_seconds()) // 60
    return minutes // 1440, minutes % 1440 // 60, minutes % 60


def phone_shown(rules: EditionRules) -> str:
    """The office's telephone with hyphens, or as it was typed in an unfinished draft."""
    try:
        return parse_phone(rules.phone).display
    except Invalid:
        return rules.phone


def _sample_setting(rules: EditionRules) -> dict[str, Any]:
    """An export setting of ordinary software that surely fits the rules."""
    entry = rules.entry
    return {
        "long_side": max(entry.min_long_side, _USUAL_LONG_SIDE),
        "megabytes": f"{entry.max_bytes / _MEGABYTE:g}",
        "formats": ", ".join(one.value.upper() for one in entry.formats),
    }


def _amendments(call: Call, language: str) -> list[dict[str, Any]]:
    return [
        {
            "ordinal": amendment.ordinal,
            "at": amendment.at,
            "reason": amendment.reason,
            "rows": [
                (
                    label_of(language, value.path),
                    readable(value.path, value.before),
                    readable(value.path, value.after),
                )
                for value in amendment.values
            ],
        }
        for amendment in call.amendments
    ]


def readable(path: str, value: Any) -> str:
    """An amended value as people read it: instants in Seoul, days in full, anything else as text."""
    instant = parse_instant(value) if path.startswith("schedule.") else None
    if instant is not None:
        return kst(instant)
    day = parse_day(value) if is_round_day(path) else None
    return kst_date(day) if day else str(value if value is not None else "")


def _current() -> Call | None:
    with services().database.read() as session:
        return load_current_call(session)


def _needed() -> Call:
    call = _current()
    if call is None:
        abort(404)
    return call


def _entry_address() -> str:
    return f"{services().settings.public_url}/enter"


def _brief(response: Response, schedule: Schedule) -> Response:
    """Let others keep the answer for a minute, never beyond the next instant at which it changes."""
    if services().settings.demonstration or current_user.is_authenticated:
        return response  # a demonstration's clock jumps, and staff pages are nobody else's
    at = now()
    boundary = schedule.next_boundary(at)
    left = KEPT if boundary is None else min(KEPT, int((boundary - at).total_seconds()))
    response.headers["Cache-Control"] = f"public, max-age={left}"
    response.vary.update(("Cookie", "Accept-Encoding"))
    return response


@functools.lru_cache(maxsize=4)
def _printed(data: str, template: Literal["application", "guardian"] = "application") -> bytes:
    return render_pdf(template, json.loads(data))


def _form_data(call: Call) -> dict[str, Any]:
    rules, schedule = call.rules, call.schedule
    entry = rules.entry
    assert schedule.entry_opens is not None  # an opened edition has every date
    assert schedule.entry_closes is not None
    assert entry.taken_from is not None
    assert entry.taken_until is not None
    texts = functools.partial(rules.texts.get, "ko")
    pledge = rules.consent(ConsentKind.PLEDGE, "ko")
    return {
        "contest": texts("title"),
        "host": texts("organiser"),
        "office": texts("office"),
        "phone": phone_shown(rules),
        "period": period_text(schedule.entry_opens, schedule.entry_closes),
        "works": entry.works_per_person,
        "work_rules": [
            f"한 사람이 {entry.works_per_person}점까지 낼 수 있습니다.",
            f"{_sample_setting(rules)['formats']} 파일, 긴 변 {entry.min_long_side:,}픽셀 이상",
            f"한 점에 {entry.max_bytes / _MEGABYTE:g}MB 이하",
            f"촬영기간: {day_text(entry.taken_from)} ~ {day_text(entry.taken_until)}",
        ],
        "consents": [_consent_data(rules, kind) for kind in ConsentKind if kind is not ConsentKind.PLEDGE],
        "pledge": {
            "title": pledge.part("title"),
            "lines": [
                f"{line.strip().rstrip('.')}." for line in pledge.part("body").split(". ") if line.strip()
            ],
        },
        "addressee": texts("signed_by"),
    }


_ROWS = (("purpose", "목적"), ("items", "항목"), ("retention", "보유·이용 기간"), ("refusal", "거부할 권리"))


def _consent_data(rules: EditionRules, kind: ConsentKind) -> dict[str, Any]:
    wording = rules.consent(kind, "ko")
    rows = [[label, wording.part(part), part == "retention"] for part, label in _ROWS if wording.part(part)]
    title = wording.part("title").removesuffix("(필수)").removesuffix("(선택)").strip()
    return {
        "title": title,
        "required": NEEDS[kind] is not Need.OPTIONAL,
        "rows": rows,
        "text": wording.part("body"),
    }
