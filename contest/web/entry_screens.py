"""The screens behind a private address: where each stands on the way, and the frame they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from contest.domain.entry_steps import Screen, Step, screens
from contest.domain.papers import papers_asked
from contest.operations.links import Opened
from contest.queries.entries import Submitted, load_submission
from contest.web.access import services
from contest.web.work_words import checks_of, picture_url

blueprint = Blueprint("entries", __name__)


@dataclass(frozen=True)
class Walk:
    """Where a screen stands among the screens of its entry."""

    position: int
    total: int
    back: str | None
    onward: str


def load(opened: Opened) -> Submitted:
    """The submission behind an address."""
    held = services()
    with held.database.read() as rows:
        return load_submission(rows, held.crypto, opened.submission_id)


def at_first(saved: dict[str, Any]) -> dict[str, Any]:
    """What a form begins with: what was saved; once it is sent, what was sent and nothing else."""
    return saved if request.method == "GET" else {}


def screen_url(link: str, screen: Screen) -> str:
    """The address of a screen."""
    if screen.step in {Step.TITLE, Step.PLACE}:
        return url_for(f"entries.{screen.step.value}", link=link, ordinal=screen.ordinal)
    return url_for(f"entries.{screen.step.value}", link=link)


def walk(link: str, submission: Submitted, screen: Screen) -> Walk:
    """Position, way back and way on; after 제출 every screen leads back to the receipt."""
    if submission.state == "submitted":
        receipt = url_for("receipts.show", link=link)
        return Walk(0, 0, receipt, receipt)
    # Before the first photograph the way is counted as for one work.
    every = screens(
        tuple(work.ordinal for work in submission.works) or (1,),
        asks_papers=bool(papers_asked(submission.rules.entry)),
    )
    at = every.index(screen) if screen in every else 0
    # The first of the screens, age and consent, lies behind.
    return Walk(
        at + 2,
        len(every) + 1,
        screen_url(link, every[at - 1]) if at else None,
        screen_url(link, every[min(at + 1, len(every) - 1)]),
    )


def entry_page(name: str, link: str, submission: Submitted, screen: Screen, form: Any, **more: Any) -> str:
    """A screen, with what was found about each work and its small picture."""
    return render_template(
        f"contest/entries/{name}.html",
        link=link,
        submission=submission,
        walk=walk(link, submission, screen),
        form=form,
        checks={work.ordinal: checks_of(work) for work in submission.works},
        thumbs={
            work.ordinal: (picture_url(link, work, "thumb"), work.pictures["thumb"])
            for work in submission.works
            if "thumb" in work.pictures
        },
        **more,
    )
