"""접수 현황: what has come in, when, from where, and how the checks and the desk stand. Four queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.intake_tally import by_day, by_last_hours
from contest.domain.schedule import Schedule, korean_day
from contest.models.entry import STANDING, Entry
from contest.models.photo import Photo, Rendition
from contest.models.submission import Submission, SubmissionState


@dataclass(frozen=True)
class Intake:
    """The figures of one edition. Works are those handed in and not taken back."""

    submissions: int
    works: int
    today: int
    drafts: int
    guardians_awaited: int
    withdrawn: int
    days: tuple[tuple[dt.date, int], ...]
    hours: tuple[tuple[dt.datetime, int], ...]
    dongs: tuple[tuple[str, int], ...]
    verdicts: tuple[tuple[str, int], ...]
    states: tuple[tuple[str, int], ...]
    originals_bytes: int
    pictures_bytes: int

    @property
    def stored_bytes(self) -> int:
        """What the edition's photographs take."""
        return self.originals_bytes + self.pictures_bytes


def load_intake(session: Session, edition_id: str, schedule: Schedule, now: dt.datetime) -> Intake:
    """The figures now; days run from the opening to the deadline or today."""
    states = Counter[SubmissionState]()
    instants: list[dt.datetime] = []
    for state, submitted_at in session.execute(
        select(Submission.state, Submission.submitted_at).where(Submission.edition_id == edition_id)
    ):
        states[state] += 1
        if state is SubmissionState.SUBMITTED and submitted_at is not None:
            instants.append(submitted_at)
    dongs, verdicts, decided = Counter[str](), Counter[str](), Counter[str]()
    for dong, verdict, stands, count in session.execute(
        select(Entry.dong, Entry.verdict, Entry.state, func.count())
        .join(Submission, Submission.id == Entry.submission_id)
        .where(
            Entry.edition_id == edition_id,
            Submission.state == SubmissionState.SUBMITTED,
            Entry.state.in_(STANDING),
        )
        .group_by(Entry.dong, Entry.verdict, Entry.state)
    ):
        dongs[dong or ""] += count
        verdicts[verdict or "checking"] += count
        decided[stands.value] += count
    originals = session.scalar(select(func.sum(Photo.bytes)).where(Photo.edition_id == edition_id)) or 0
    pictures = (
        session.scalar(
            select(func.sum(Rendition.bytes))
            .join(Photo, Photo.id == Rendition.photo_id)
            .where(Photo.edition_id == edition_id)
        )
        or 0
    )
    opens = schedule.entry_opens or min(instants, default=now)
    until = min(now, schedule.entry_closes) if schedule.entry_closes else now
    until = max([until, *instants])  # what came in after the deadline by leave is drawn too
    return Intake(
        submissions=states[SubmissionState.SUBMITTED],
        works=sum(decided.values()),
        today=sum(korean_day(instant) == korean_day(now) for instant in instants),
        drafts=states[SubmissionState.DRAFT],
        guardians_awaited=states[SubmissionState.AWAITING_GUARDIAN],
        withdrawn=states[SubmissionState.WITHDRAWN],
        days=tuple(by_day(instants, opens, until)),
        hours=tuple(by_last_hours(instants, until)),
        dongs=tuple(sorted(dongs.items(), key=lambda pair: (pair[0] == "", -pair[1], pair[0]))),
        verdicts=tuple((code, verdicts[code]) for code in ("fit", "doubtful", "unfit", "checking")),
        states=tuple((state.value, decided[state.value]) for state in STANDING),
        originals_bytes=int(originals),
        pictures_bytes=int(pictures),
    )
