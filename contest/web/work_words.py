"""What a page tells an entrant about one work: the checks in words, the place, the stage; never of others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import url_for

from contest.domain.schedule import later
from contest.domain.screening import Finding, FindingKind, Grade
from contest.infra.texts import text
from contest.queries.entries import Submitted, Work
from contest.web.locale import locale


@dataclass(frozen=True)
class Checks:
    """The result of the checks. state: checking | ok | note | bad."""

    state: str
    headline: str
    sentences: tuple[str, ...] = ()


def checks_of(work: Work) -> Checks:
    """What the checks of a work's photograph say to its entrant."""
    language = locale()
    if work.photo_state == "waiting":
        return Checks("checking", text(language, "photo.checking"))
    if work.photo_state == "parked":
        return Checks("note", text(language, "photo.parked"))
    if work.photo_state == "refused" and work.refusal:
        return Checks(
            "bad",
            text(language, "verdict.unfit"),
            (text(language, work.refusal, **work.refusal_facts),),
        )
    told = (f for f in work.findings if not _is_answered(work, f))
    graver = sorted(told, key=lambda f: (Grade.UNFIT, Grade.DOUBTFUL, Grade.NOTE).index(f.grade))
    sentences = tuple(text(language, finding.code, **finding.facts) for finding in graver)
    if work.is_unfit:
        return Checks("bad", text(language, "verdict.unfit"), sentences)
    if work.is_looked_at:
        return Checks("note", text(language, "photo.looked_at"), sentences)
    if sentences:
        return Checks("note", text(language, "photo.fit_with_notes"), sentences)
    return Checks("ok", text(language, "photo.fit"))


def _is_answered(work: Work, finding: Finding) -> bool:
    """Whether the entrant has already given what the file does not say."""
    if finding.kind is FindingKind.NO_EXIF:
        return work.taken_on is not None
    return finding.kind is FindingKind.NO_GPS and work.place_source is not None


def photo_answer(work: Work | None, link: str) -> dict[str, Any]:
    """The JSON that upload.js shows: {state, text, sha256?, preview_url?}."""
    if work is None:
        return {"state": "checking", "text": text(locale(), "photo.checking")}
    checks = checks_of(work)
    answer: dict[str, Any] = {
        "state": checks.state,
        "text": " ".join(
            (checks.headline.rstrip(".") + ("." if checks.sentences else ""), *checks.sentences)
        ),
    }
    if work.sha256:
        answer["sha256"] = work.sha256
    if "thumb" in work.pictures:
        answer["preview_url"] = picture_url(link, work, "thumb")
    return answer


def picture_url(link: str, work: Work, kind: str) -> str:
    """The address of a work's own picture, for its entrant."""
    return url_for(
        "entries.picture_of", link=link, ordinal=work.ordinal, kind=kind, v=work.pictures[kind].sha256[:8]
    )


def stage_code(submission: Submitted, work: Work, *, is_published: bool) -> str:
    """The sentence on where a work stands: nothing beyond screening before the results are public."""
    if work.state == "withdrawn" or submission.state == "withdrawn":
        return "stage_of_work.withdrawn"
    if work.state == "unfit":
        return "stage_of_work.unfit"
    if is_published:
        return "stage_of_work.published"
    if submission.stage in {"judging", "verification", "decided"}:
        return "stage_of_work.judging"
    if work.state == "fit":
        return "stage_of_work.fit"
    return "stage_of_work.screening" if submission.stage == "screening" else "stage_of_work.received"


def erased_on(submission: Submitted) -> tuple[dt.datetime, dt.datetime] | None:
    """When the photographs of works that win nothing are erased, and when the rest of the data is."""
    published = submission.schedule.publish_at
    if published is None:
        return None
    retention = submission.rules.retention
    images, persons = retention["losing_images"], retention["entrants"]
    return later(published, images.months, images.days), later(published, persons.months, persons.days)
