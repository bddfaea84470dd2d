"""Who goes on from a round: by yes, no or abstain of each judge, or by its ranks, and the rule the edition declared.

A work's share is yes / (yes + no): who abstains, or stepped back, did not vote. Nothing is rounded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contest.domain.documents import text_of, whole_of
from contest.domain.ruleset import Advance
from judging.domain.criteria import Criterion, Rubric

CODE = "vote"
#: A vote is kept as a level, worst first, as every score is.
NO, ABSTAIN, YES = 1, 2, 3
LEVEL_NAMES = ("반대", "기권", "찬성")
VOTE = Rubric((Criterion(CODE, {"ko": "다음 단계로 올릴 작품입니까?"}, 100),), levels=3)


@dataclass(frozen=True)
class AdvanceRule:
    """What takes a work into the next round; percent is read by a threshold, count by the first N."""

    kind: Advance = Advance.ALL
    percent: int = 50
    count: int = 0

    def to_document(self) -> dict[str, Any]:
        """The JSON document that `from_document` reads back."""
        return {"kind": self.kind.value, "percent": self.percent, "count": self.count}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> AdvanceRule:
        """The rule that `to_document` wrote. Raises KeyError, TypeError, ValueError."""
        return cls(
            Advance(text_of(document["kind"])), whole_of(document["percent"]), whole_of(document["count"])
        )


@dataclass(frozen=True)
class Votes:
    """What the judges said of one work."""

    yes: int = 0
    no: int = 0
    abstained: int = 0

    @property
    def share(self) -> Fraction | None:
        """Yes among those who voted; None where nobody did."""
        voted = self.yes + self.no
        return Fraction(self.yes, voted) if voted else None


@dataclass(frozen=True)
class Selection:
    """Who goes on. boundary: the least share among those who do; tied: works beyond N that a tie carried over."""

    goes_on: frozenset[str]
    left: frozenset[str]
    boundary: Fraction | None
    tied: int

    @property
    def digest(self) -> str:
        """What tells this selection from every other: whoever confirms says by it which one was read."""
        return hashlib.sha256("\n".join(sorted(self.goes_on)).encode()).hexdigest()


@dataclass(frozen=True)
class Step:
    """The works of one share, with how many have gone before them: one line of the table before confirming."""

    share: Fraction | None
    works: int
    so_far: int
    goes_on: bool


@dataclass(frozen=True)
class Spread:
    """The shares from above: `bins` counts works by tenths (0–9 %, … 90–100 %), `silent` those nobody voted on."""

    steps: tuple[Step, ...] = field(hash=False)
    bins: tuple[int, ...]
    silent: int


def count_votes(levels: Mapping[str, Iterable[int]]) -> dict[str, Votes]:
    """Work -> its votes, from the levels that counted judges gave."""
    counted = {}
    for work, given in levels.items():
        listed = list(given)
        counted[work] = Votes(listed.count(YES), listed.count(NO), listed.count(ABSTAIN))
    return counted


def select_works(votes: Mapping[str, Votes], rule: AdvanceRule) -> Selection:
    """Apply the rule. A work nobody voted on reaches no threshold and stands last among the first N.

    Of the first N every work of the last share goes on, so that no order of the works decides.
    """
    if rule.kind is Advance.ALL:
        chosen = set(votes)
    elif rule.kind is Advance.THRESHOLD:
        least = Fraction(rule.percent, 100)
        chosen = {work for work, held in votes.items() if held.share is not None and held.share >= least}
    else:
        ranked = sorted((_rank(held) for held in votes.values()), reverse=True)
        last = ranked[min(rule.count, len(ranked)) - 1] if ranked and rule.count > 0 else None
        chosen = {work for work, held in votes.items() if last is not None and _rank(held) >= last}
    shares = [share for work in chosen if (share := votes[work].share) is not None]
    return Selection(
        frozenset(chosen),
        frozenset(votes) - chosen,
        min(shares, default=None),
        max(0, len(chosen) - rule.count) if rule.kind is Advance.TOP else 0,
    )


def select_ranked(ranks: Mapping[str, int], lots: Iterable[Collection[str]], count: int) -> Selection:
    """Who goes on from a round that ranked: the first `count`, and whoever was equal to the last of them.

    ranks: of the works still in the contest; lots: works that nothing but a lot told apart, which stay together.
    """
    together = dict(ranks)
    for group in lots:
        best = min((ranks[work] for work in group if work in ranks), default=0)
        together |= {work: best for work in group if work in ranks}
    ordered = sorted(together.values())
    last = ordered[min(count, len(ordered)) - 1] if ordered and count > 0 else 0
    chosen = {work for work, rank in together.items() if rank <= last}
    return Selection(frozenset(chosen), frozenset(ranks) - chosen, None, max(0, len(chosen) - count))


def spread_of(votes: Mapping[str, Votes], selection: Selection) -> Spread:
    """The shares, highest first, as the page shows them."""
    by_share: dict[Fraction, list[str]] = {}
    for work, held in votes.items():
        by_share.setdefault(_rank(held), []).append(work)
    steps, so_far = [], 0
    for rank in sorted(by_share, reverse=True):
        works = by_share[rank]
        so_far += len(works)
        steps.append(
            Step(rank if rank >= 0 else None, len(works), so_far, goes_on=works[0] in selection.goes_on)
        )
    bins = [0] * 10
    for step in steps:
        if step.share is not None:
            bins[min(9, int(step.share * 10))] += step.works
    return Spread(tuple(steps), tuple(bins), sum(step.works for step in steps if step.share is None))


def _rank(held: Votes) -> Fraction:
    """The share, and a place below every share for a work nobody voted on."""
    return Fraction(-1) if held.share is None else held.share
