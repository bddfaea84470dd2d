"""What a 변경 공고 may do to an edition that is open: which values, and never to what has already passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from contest.domain.document_reader import Problem, error
from contest.domain.korean import day_text, instant_text
from contest.domain.policies import Change, is_round_day
from contest.domain.schedule import Schedule, day_begins, day_ends, parse_day
from contest.domain.stages import Stage, has_reached

#: The stage in which a date of the office's own work still waits for it, even when the date has passed: a late
#: jury may be given more days. What citizens were told had ended is never opened again.
_WAITS_UNTIL = {
    "screening_closes": Stage.JUDGING,
    "judging_opens": Stage.VERIFICATION,
    "judging_closes": Stage.VERIFICATION,
    "decides_by": Stage.DECIDED,
    "publish_at": Stage.DECIDED,
}


def passed_dates(old: Schedule, new: Schedule, stage: Stage, now: datetime) -> Iterator[Problem]:
    """Errors for every date that is moved although it has passed, or moved into the past."""
    for name, was in old.instants():
        becomes = getattr(new, name)
        if becomes == was or becomes is None:
            continue
        ended = _WAITS_UNTIL.get(name)
        if was is not None and was <= now and (ended is None or has_reached(stage, ended)):
            yield error(f"schedule.{name}", "amendment.passed", was=instant_text(was))
        elif becomes <= now:
            yield error(f"schedule.{name}", "amendment.into_past", at=instant_text(becomes))


def passed_days(changes: Iterable[Change], stage: Stage, now: datetime) -> Iterator[Problem]:
    """Errors for every day of a round that is moved into the past, or moved at all once judging is over.

    The last day of a round may be moved after it has passed, while its judges are still waited for; what has been
    sealed the judging package keeps.
    """
    for change in changes:
        if not is_round_day(change.path):
            continue
        was, becomes = parse_day(change.before), parse_day(change.after)
        is_end = change.path.endswith(".closes")
        if has_reached(stage, Stage.VERIFICATION):
            yield error(change.path, "amendment.judging_over")
        elif not is_end and was is not None and day_begins(was) <= now and stage is Stage.JUDGING:
            yield error(change.path, "amendment.passed", was=day_text(was))
        elif becomes is not None and (day_ends(becomes) if is_end else day_begins(becomes)) <= now:
            yield error(change.path, "amendment.into_past", at=day_text(becomes))


def stale(changes: list[Change], current: list[Change]) -> bool:
    """Whether the changes no longer start from what stands now: they must be all that would change."""
    return {change.path: change.before for change in changes} != {
        change.path: change.before for change in current
    }
