"""What stands between the works handed in and the judges: everything unscreened, unconfirmed, unanswered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, case, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from contest.domain.fingerprints import Likeness
from contest.domain.gates import Blocker
from contest.domain.korean import instant_text
from contest.domain.stages import Stage
from contest.models.entry import Entry, EntryState
from contest.models.photo import Pair, Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.queries.editions import get_edition, rules_of

SCREENING_PAGE = "screening.queue"
PEOPLE_PAGE = "people.index"
PAIRS_PAGE = "pairs.index"


@dataclass(frozen=True)
class ScreeningCounts:
    """How an edition's works stand. Only works of submissions that were handed in and not taken back.

    unscreened: undecided, those proposed as unfit left out; persons: people with a fit work, as staff joined
    or parted them; reply_until: the last open period; replies_unread: answers to decisions that stand.
    """

    unscreened: int = 0
    proposed: int = 0
    fit: int = 0
    unfit: int = 0
    persons: int = 0
    photos_waiting: int = 0
    photos_parked: int = 0
    replies_open: int = 0
    reply_until: dt.datetime | None = None
    replies_unread: int = 0
    withdrawals_asked: int = 0
    guardians_awaited: int = 0

    @property
    def decided(self) -> int:
        """Works with a decision."""
        return self.fit + self.unfit


def count_screening(session: Session, edition_id: str, now: dt.datetime) -> ScreeningCounts:
    """The counts, in three queries."""
    undecided = Entry.state == EntryState.SUBMITTED
    unfit = Entry.state == EntryState.UNFIT
    is_answered = unfit & Entry.replied_at.is_not(None)
    person = func.coalesce(Submission.person, Submission.id)
    works = session.execute(
        select(
            func.count(case((undecided & Entry.unfit_proposed_by.is_(None), 1))),
            func.count(case((undecided & Entry.unfit_proposed_by.is_not(None), 1))),
            func.count(case((Entry.state == EntryState.FIT, 1))),
            func.count(case((unfit, 1))),
            func.count(distinct(case((Entry.state == EntryState.FIT, person)))),
            func.count(case((undecided & (Photo.state == PhotoState.WAITING), 1))),
            func.count(case((undecided & (Photo.state == PhotoState.PARKED), 1))),
            func.count(case((unfit & (Entry.reply_until > now), 1))),
            func.count(case((is_answered, 1))),
        )
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .outerjoin(Photo, Photo.id == Entry.photo_id)
        .where(Entry.edition_id == edition_id, Submission.state == SubmissionState.SUBMITTED)
    ).one()
    until = session.scalar(
        select(func.max(Entry.reply_until)).where(
            Entry.edition_id == edition_id, unfit, Entry.reply_until > now
        )
    )
    submissions = session.execute(
        select(
            func.count(
                case(
                    (
                        (Submission.state == SubmissionState.SUBMITTED)
                        & Submission.withdrawal_asked_at.is_not(None),
                        1,
                    )
                )
            ),
            func.count(case((Submission.state == SubmissionState.AWAITING_GUARDIAN, 1))),
        ).where(Submission.edition_id == edition_id)
    ).one()
    return ScreeningCounts(*works[:8], until, works[8], *submissions)


def screening_gate(session: Session, edition_id: str, target: Stage, now: dt.datetime) -> list[Blocker]:
    """Every blocker on the way to screening (entry still open) and to judging."""
    if target is Stage.SCREENING:
        closes = get_edition(session, edition_id).entry_closes
        if closes is not None and now < closes:
            return [Blocker("screening.entry_open", {"closes": instant_text(closes)})]
        return []
    if target is not Stage.JUDGING:
        return []
    edition = get_edition(session, edition_id)
    if edition.stage is Stage.VERIFICATION:  # back to judging: these works have been judged already
        return []
    counts = count_screening(session, edition_id, now)
    rules = rules_of(edition)
    winners = rules.scheme.winners if rules.scheme else 0
    return [
        *_undone(counts),
        *_undecided_pairs(session, edition_id),
        *_too_few(counts.persons, winners, rules.reserves, may_leave_empty=rules.may_leave_empty),
        *_unanswered(counts),
    ]


def _undone(counts: ScreeningCounts) -> list[Blocker]:
    found = []
    if counts.unscreened:
        found.append(Blocker("screening.unscreened", {"works": counts.unscreened}, SCREENING_PAGE))
    photos = counts.photos_waiting + counts.photos_parked
    if photos:
        found.append(Blocker("screening.photos_waiting", {"photos": photos}, SCREENING_PAGE))
    if counts.proposed:
        found.append(Blocker("screening.confirmations", {"works": counts.proposed}, SCREENING_PAGE))
    return found


def _undecided_pairs(session: Session, edition_id: str) -> list[Blocker]:
    """One blocker for each pair of the same picture of which nobody has said whether it is one.

    Only pairs whose works may both still go on: where one was found unfit or was taken back, nothing is left
    to decide before judging. A work of an earlier edition stands whatever became of it.
    """
    first, second = aliased(Photo), aliased(Photo)
    one, other = aliased(Entry), aliased(Entry)
    may_go_on = (EntryState.SUBMITTED, EntryState.FIT)
    rows = session.execute(
        select(one.entry_number, other.entry_number)
        .select_from(Pair)
        .join(first, first.id == Pair.first_photo_id)
        .join(second, second.id == Pair.second_photo_id)
        .outerjoin(one, one.photo_id == first.id)
        .outerjoin(other, other.photo_id == second.id)
        .where(
            Pair.decision.is_(None),
            Pair.kind.in_((Likeness.IDENTICAL.value, Likeness.NEAR_IDENTICAL.value)),
            or_(first.edition_id == edition_id, second.edition_id == edition_id),
            or_(
                first.edition_id.is_distinct_from(edition_id),
                and_(one.id.is_not(None), one.state.in_(may_go_on)),
            ),
            or_(
                second.edition_id.is_distinct_from(edition_id),
                and_(other.id.is_not(None), other.state.in_(may_go_on)),
            ),
        )
        .order_by(Pair.pdq_distance, Pair.first_photo_id, Pair.second_photo_id)
    )
    return [
        Blocker("screening.pair_undecided", {"first": one_number, "second": other_number}, PAIRS_PAGE)
        if one_number and other_number
        else Blocker("screening.pair_earlier", {"entry": one_number or other_number or ""}, PAIRS_PAGE)
        for one_number, other_number in rows
    ]


def _too_few(persons: int, winners: int, reserves: int, *, may_leave_empty: bool) -> list[Blocker]:
    if persons < winners:
        facts = {"persons": persons, "winners": winners}
        # Where the call says that prizes may stay empty, too few works are no reason to stop.
        return [Blocker("screening.too_few", facts, PEOPLE_PAGE, is_warning=may_leave_empty and persons > 0)]
    if persons < winners + reserves:
        facts = {"persons": persons, "wanted": winners + reserves}
        return [Blocker("screening.few_reserves", facts, PEOPLE_PAGE, is_warning=True)]
    return []


def _unanswered(counts: ScreeningCounts) -> list[Blocker]:
    found = []
    if counts.replies_open and counts.reply_until:
        facts = {"works": counts.replies_open, "until": instant_text(counts.reply_until)}
        found.append(Blocker("screening.replies_open", facts, SCREENING_PAGE, is_warning=True))
    if counts.replies_unread:
        found.append(
            Blocker(
                "screening.replies_unread", {"works": counts.replies_unread}, SCREENING_PAGE, is_warning=True
            )
        )
    if counts.withdrawals_asked:
        facts = {"submissions": counts.withdrawals_asked}
        found.append(Blocker("screening.withdrawals_asked", facts, PEOPLE_PAGE, is_warning=True))
    if counts.guardians_awaited:
        facts = {"submissions": counts.guardians_awaited}
        found.append(Blocker("screening.guardians_awaited", facts, PEOPLE_PAGE, is_warning=True))
    return found
