"""Fills a running demonstration by playing it up to a stage, as an errand with progress."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from sqlalchemy.orm import Session

from contest.domain.stages import Stage
from contest.queries.editions import current_edition
from contest.rehearsal.browser import Refused
from contest.rehearsal.going_on import play_on
from contest.rehearsal.play import STAGES, Script, play

log = logging.getLogger(__name__)

#: How much of the work a stage is, of 100, when all are played.
SHARES = dict(zip(STAGES, (60, 65, 85, 93, 96, 100), strict=True))


def fill(app: Flask, script: Script, begins: str, say: Callable[[int, str], None]) -> str | None:
    """Play the script on the application's own data; say(percent, line). Returns what went wrong, or None.

    begins: the first stage to play; from any but the first the contest is played on from where it stands.

    The players get an application of their own on the same data whose jobs run inline, so that they
    never wait for the very worker that plays them.
    """
    settings = app.extensions["contest"].settings
    double: Flask = app.extensions["create_app"](replace(settings, jobs_url="inline:"))

    def progress(stage: str, done: int, total: int) -> None:
        begun = SHARES[STAGES[STAGES.index(stage) - 1]] if stage != STAGES[0] else 0
        say(begun + (SHARES[stage] - begun) * done // max(1, total), f"{LABELS[stage]} {done}/{total}")

    def tell(line: str) -> None:
        stage = line.split(maxsplit=1)[0]
        say(SHARES[stage], f"{LABELS[stage]} 마침")

    try:
        if begins == STAGES[0]:
            play(double, script, progress=progress, tell=tell)
        else:
            play_on(double, script, begins, progress=progress, tell=tell)
    except (Refused, LookupError) as reason:
        log.warning("filling stopped: %s", reason)
        return f"도중에 멈추었습니다: {reason}"[:200]
    finally:
        double.extensions["contest"].imaging.close()
        double.extensions["contest"].database.engine.dispose()
    return None


def first_to_play(session: Session, now: dt.datetime) -> str | None:
    """The first stage that players can still play in the current edition; None where nothing is left."""
    edition = current_edition(session)
    if edition is None:
        return None
    if edition.stage is Stage.OPEN:
        return "entry" if edition.entry_closes and now < edition.entry_closes else "screening"
    if edition.stage is Stage.DECIDED:
        return "published" if edition.publish_at and now < edition.publish_at else None
    return edition.stage.value if edition.stage.value in STAGES else None


LABELS = {
    "entry": "응모",
    "screening": "자격검토",
    "judging": "심사",
    "verification": "공개검증과 이의신청",
    "decision": "확정",
    "published": "발표",
}
