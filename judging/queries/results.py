"""The sealed result as staff see it: tally, spread, ranking with its ties, prizes and reserves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.korean import with_particle
from contest.domain.ruleset import CHAIR, COUNTS, LOT, RUNOFF, Aggregation
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.queries.editions import rules_of
from judging.domain.ranking import print_mean
from judging.domain.tie_ladder import TieStep
from judging.queries.allocation import holding, is_allocated, latest_allocation
from judging.queries.deliberating import Change, Deliberating, deliberating
from judging.queries.standings import PanelMember, Place, panel, sealed_round, standings

#: What the steps of the ladder are called in remarks.
_STEPS = {
    COUNTS: "높은 단계의 비율",
    RUNOFF: "심사위원회 결선투표",
    CHAIR: "위원장 재심사",
    LOT: "추첨",
}


@dataclass(frozen=True)
class Score:
    """One judge's score of one work as printed; None: the judge stepped back (is_away) or was not to judge it."""

    value: str | None
    points: float
    is_dropped: bool
    is_away: bool = False


@dataclass(frozen=True)
class ResultRow:
    """A work in the tally. prize: its tier, a reserve place, or empty."""

    rank: int
    common_number: str
    entry_id: str
    entry_number: str
    title: str
    scores: tuple[Score, ...]
    mean: str
    mean_points: float
    recused: tuple[str, ...]
    rule: str
    ties: tuple[str, ...]
    prize: str
    revisers: int = 0  # judges who changed their score of it in the deliberation
    of_round: str = ""  # the earlier round from which its place comes; empty: the last one


@dataclass(frozen=True)
class TierRow:
    """The provisional winners of one tier by entry number."""

    name: str
    amount: int
    entries: tuple[tuple[str, str], ...]  # number, title
    vacant: int


@dataclass(frozen=True)
class Results:
    """Everything of the results page. tiers and reserves are empty before allocation."""

    panel: tuple[PanelMember, ...]
    rows: tuple[ResultRow, ...]
    counting: Aggregation
    quorum: int  # judges a work, 0: every one
    is_ballot: bool  # whether places in each judge's order were counted
    seal: str
    commitment: str | None
    sealed_round: str
    tiers: tuple[TierRow, ...]
    reserves: tuple[tuple[str, str], ...]
    count: int
    total: int
    digest: str | None
    is_read: bool  # whether anybody has been shown this before
    talk: Deliberating | None = None  # the deliberation before the second seal

    @property
    def is_allocated(self) -> bool:
        """Whether prizes are given."""
        return self.digest is not None


def results(session: Session, edition: Edition) -> Results:
    """The results page in a fixed number of queries. Raises Conflict `judging.not_sealed`."""
    held = sealed_round(session, edition.id)
    places = standings(session, edition.id)
    judges = tuple(member for member in panel(session, edition.id) if member.released_at is None)
    listed = session.execute(
        select(Entry.id, Entry.entry_number, Entry.screened_title).where(
            Entry.id.in_([place.entry_id for place in places])
        )
    )
    works = {entry: (number or entry, title or "") for entry, number, title in listed}
    criteria = {criterion.code: criterion.name["ko"] for criterion in held.rule.rubric.criteria}
    scheme = rules_of(edition).prizes
    prizes: dict[str, str] = {}
    tiers: tuple[TierRow, ...] = ()
    reserves: tuple[tuple[str, str], ...] = ()
    count = total = 0
    run = latest_allocation(session, edition.id)
    is_given = run is not None and is_allocated(session, edition.id)
    if is_given:
        now_held = holding(session, edition)
        named = {tier.code: tier.name["ko"] for tier in scheme.tiers}
        prizes = {award.entry: named[award.slot.tier_code] for award in now_held.awards}
        prizes |= {one.entry: f"예비 {n}" for n, one in enumerate(now_held.reserves, start=1)}
        tiers = tuple(
            TierRow(
                tier.name["ko"],
                tier.amount,
                tuple(works[a.entry] for a in now_held.awards if a.slot.tier_code == tier.code),
                sum(slot.tier_code == tier.code for slot in now_held.vacant),
            )
            for tier in scheme.tiers
        )
        reserves = tuple(works[one.entry] for one in now_held.reserves)
        count, total = now_held.count, now_held.sum
    talk = deliberating(session, edition.id, held.sealed_at) if held.rule.deliberates else None
    names = _Names(
        works, {member.judge_id: member.name for member in judges}, criteria, prizes,
        _revisers(talk.changes if talk else ()),
    )  # fmt: skip
    rows = tuple(_row(place, judges, names) for place in places)
    counting = held.rule.tally(trim=held.trim).declared
    return Results(
        judges, rows, counting, held.rule.quorum, held.rule.is_ballot, held.seal, held.commitment, held.rule.name,
        tiers, reserves, count, total, run.digest if run and is_given else None, held.is_read,
        talk=talk,
    )  # fmt: skip


@dataclass(frozen=True)
class _Names:
    """What ids are called on the page."""

    works: dict[str, tuple[str, str]]
    judges: dict[str, str]
    criteria: dict[str, str]
    prizes: dict[str, str]
    revisers: dict[str, int]  # by common number


def _revisers(changes: Iterable[Change]) -> dict[str, int]:
    """Common number -> how many judges revised their score of the work."""
    found: dict[str, set[str]] = {}
    for one in changes:
        found.setdefault(one.number, set()).add(one.judge)
    return {number: len(judges) for number, judges in found.items()}


def _row(place: Place, judges: tuple[PanelMember, ...], names: _Names) -> ResultRow:
    work = names.works[place.entry_id]
    return ResultRow(
        rank=place.rank,
        common_number=place.common_number,
        entry_id=place.entry_id,
        entry_number=work[0],
        title=work[1],
        scores=tuple(score_of(place, judge.judge_id) for judge in judges),
        mean=place.printed,
        mean_points=float(place.mean),
        recused=tuple(names.judges[one.judge] for one in place.left_out if one.judge in names.judges),
        rule=place.rule,
        ties=tuple(_tie(step, place.entry_id, names) for step in place.ties),
        prize=names.prizes.get(place.entry_id, ""),
        revisers=names.revisers.get(place.common_number, 0),
        of_round=place.of_round,
    )


def score_of(place: Place, judge: str) -> Score:
    """What one judge gave a work, as the tally prints it."""
    points: Fraction | None = place.totals.get(judge)
    if points is None:
        is_away = any(one.judge == judge for one in place.left_out)
        return Score(None, 0.0, is_dropped=False, is_away=is_away)
    return Score(print_mean(points).removesuffix(".00"), float(points), is_dropped=judge in place.dropped)


def _tie(step: TieStep, entry: str, names: _Names) -> str:
    kind, _, code = step.step.partition(":")
    name = {"criterion": f"{names.criteria.get(code, code)} 점수", **_STEPS}[kind]
    others = ", ".join(sorted(names.works[one][0] for one in step.entries if one != entry))
    parted = "기다림" if step.waits else "구분함" if step.separated else "구분되지 않음"
    if step.waits:
        return f"{with_particle(others, '과/와')} 동점: {with_particle(name, '을/를')} {parted}"
    return f"{with_particle(others, '과/와')} 동점: {with_particle(name, '으로/로')} {parted}"
