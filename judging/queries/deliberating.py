"""A deliberation as staff see it: counts while it runs, what was revised and what that moves once nothing can be."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.ruleset import Advance, EditionRules
from contest.queries.editions import get_edition, rules_of
from judging.domain.deliberation import Revision, Shift, Window, out_of_place, revisions_of, shift
from judging.domain.ranking import rank_works
from judging.domain.round_rule import RoundRule
from judging.domain.scoring import ScoreEvent as Score
from judging.models.deliberation import Remark
from judging.models.round import JudgeWork, Round, RoundEntry, ScoreEvent
from judging.queries.commitments import judge_alias
from judging.queries.deliberation import deliberation_of, signed_judges
from judging.queries.round_scores import ladder_of, round_scores, seated
from judging.queries.rounds import last_round


@dataclass(frozen=True)
class Change:
    """A revision in the panel's own terms: common number, "위원 n", the criterion's name, levels as printed."""

    number: str
    judge: str
    criterion: str
    before: str
    after: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True)
class Deliberating:
    """The deliberation of an edition's last round. changes, shift and digest: only once nothing can change any more."""

    round_name: str
    window: Window
    commitment: str
    seats: int
    signed: int
    remarks: int
    is_over: bool
    changes: tuple[Change, ...] = ()
    shift: Shift | None = field(default=None, hash=False)
    digest: str = ""


def deliberating(session: Session, edition_id: str, now: dt.datetime) -> Deliberating | None:
    """None where the last round does not deliberate or was not sealed a first time."""
    held = last_round(session, edition_id)
    found = deliberation_of(session, held.id) if held is not None else None
    if held is None or found is None:
        return None
    row, window = found
    rule = RoundRule.from_document(held.rule)
    panel, signed = panel_of(session, held), signed_judges(session, held.id)
    remarks = session.scalar(select(func.count()).where(Remark.round_id == held.id)) or 0
    is_over = window.closed is not None or window.is_over(now, panel, signed)
    seen = Deliberating(rule.name, window, row.commitment, len(panel), len(panel & signed), remarks, is_over)
    if not is_over:
        return seen
    revised = [one for one in revisions(session, held.id) if one.judge in panel]
    return Deliberating(
        seen.round_name, window, seen.commitment, seen.seats, seen.signed, remarks, is_over,
        tuple(_changes(session, held, rule, revised)),
        shift_of(session, held), digest_of(row.seal, panel, revised),
    )  # fmt: skip


def panel_of(session: Session, held: Round) -> frozenset[str]:
    """Who deliberates: the judges of the round who sat at its first seal and still do."""
    rule = RoundRule.from_document(held.rule)
    return seated(session, held.edition_id, rule.panel) & set(held.pseudonyms or {})


def digest_of(seal: str, panel: frozenset[str], revised: list[Revision]) -> str:
    """What staff confirm they have read: this first seal, this panel, these revisions."""
    read = [seal, sorted(panel), sorted([one.judge, one.seq, one.after] for one in revised)]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()


def revisions(session: Session, round_id: str) -> list[Revision]:
    """Every revision of a round by entry id, in the order in which they were made."""
    entries = dict(
        session.execute(select(JudgeWork.id, JudgeWork.entry_id).where(JudgeWork.round_id == round_id)).all()
    )
    found = [
        replace(revision, work=entries[revision.work])
        for judge, events in _events(session, round_id).items()
        for revision in revisions_of(judge, events)
    ]
    return sorted(found, key=lambda one: (one.at, one.judge, one.seq))


def misplaced(session: Session, round_id: str) -> dict[str, tuple[int, ...]]:
    """Judge -> the events that the round's deliberation cannot hold; judges without one are absent."""
    found = deliberation_of(session, round_id)
    if found is None:
        return {}
    wrong = {judge: out_of_place(found[1], events) for judge, events in _events(session, round_id).items()}
    return {judge: seqs for judge, seqs in wrong.items() if seqs}


def shift_of(session: Session, held: Round) -> Shift:
    """What the revisions do to the ranks, by common number, and to the boundary below each prize."""
    rule, panel = RoundRule.from_document(held.rule), panel_of(session, held)
    numbers = common_numbers_of(session, held.id)
    tally, ladder = rule.tally(trim=bool(held.trim)), ladder_of(session, held, rule.ties)
    before, after = (
        {
            numbers[row.entry]: row.rank
            for row in rank_works(
                round_scores(session, held, as_given=as_given), panel, rule.rubric, tally, ladder
            ).standings
        }
        for as_given in (True, False)
    )
    return shift(before, after, boundaries(rules_of(get_edition(session, held.edition_id)), rule))


def boundaries(rules: EditionRules, rule: RoundRule) -> list[tuple[str, int]]:
    """The name of each prize, or of what lies behind an earlier round, and the last rank that may come to it."""
    if not rule.is_last:
        return [("다음 단계", rule.advance.count)] if rule.advance.kind is Advance.TOP else []
    tiers = rules.prizes.tiers
    return list(
        zip([tier.name["ko"] for tier in tiers], accumulate(tier.count for tier in tiers), strict=True)
    )


def common_numbers_of(session: Session, round_id: str) -> dict[str, str]:
    """Entry id -> the panel's number for it."""
    rows = session.execute(
        select(RoundEntry.entry_id, RoundEntry.common_number).where(
            RoundEntry.round_id == round_id, RoundEntry.common_number.is_not(None)
        )
    )
    return {entry: number for entry, number in rows if number is not None}


def changes(session: Session, held: Round) -> list[Change]:
    """The revisions of a round under common numbers and pseudonyms, in the order in which they were made."""
    panel = panel_of(session, held)
    revised = [one for one in revisions(session, held.id) if one.judge in panel]
    return _changes(session, held, RoundRule.from_document(held.rule), revised)


def _changes(session: Session, held: Round, rule: RoundRule, revised: list[Revision]) -> list[Change]:
    numbers, names = common_numbers_of(session, held.id), held.pseudonyms or {}
    criteria: Mapping[str, str] = {one.code: one.name["ko"] for one in rule.rubric.criteria}
    return [
        Change(
            numbers[one.work], judge_alias(names[one.judge]), criteria[one.criterion],
            rule.level_names[one.before - 1] if one.before else "", rule.level_names[one.after - 1],
            one.reason, one.at,
        )
        for one in revised
        if one.work in numbers
    ]  # fmt: skip


def _events(session: Session, round_id: str) -> dict[str, list[Score]]:
    found: dict[str, list[Score]] = {}
    rows = session.execute(
        select(
            ScoreEvent.judge_id, ScoreEvent.seq, ScoreEvent.work_id, ScoreEvent.criterion, ScoreEvent.level,
            ScoreEvent.at, ScoreEvent.reason,
        )
        .where(ScoreEvent.round_id == round_id)
        .order_by(ScoreEvent.judge_id, ScoreEvent.seq)
    )  # fmt: skip
    for judge, seq, work, criterion, level, at, reason in rows:
        found.setdefault(judge, []).append(Score(seq, work, criterion, level, at, reason))
    return found
