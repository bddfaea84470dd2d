"""What each way out of a round with missing scores comes to, told before it is taken and without a single score.

Everything here is counted from who holds which work and whether a sheet is whole. No level enters, so nothing that
leaves can tell one: see docs/decisions/repair-planner-blindness.md.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property


class Way(StrEnum):
    """What can be done while a round is open; waiting changes nothing."""

    WAIT = "wait"
    RELEASE = "release"
    REPLACE = "replace"
    QUORUM = "quorum"
    CLOSE = "close"


class Reach(StrEnum):
    """What a way does to a boundary, from nothing to most."""

    ABSENT = "absent"  # so few works that every one stands above it, whatever is done
    SAME = "same"  # the same scores count as announced
    REST = "rest"  # every score given counts; who gives the others, or that nobody does, changes
    FALLS = "falls"  # scores already given fall, or all works are counted in another way


@dataclass(frozen=True)
class Duty:
    """One seated judge of the round: works dealt and not stepped back from, and those scored whole."""

    judge: str
    works: frozenset[str]
    done: frozenset[str]
    has_signed: bool

    @property
    def owed(self) -> frozenset[str]:
        """The works whose sheet is not whole."""
        return self.works - self.done


@dataclass(frozen=True)
class OpenRound:
    """An open round without its scores.

    closed: (work, judge) pairs that must not meet; quorum: judges a work, 0 every one; trim_from, trims_recused:
    the declared rule of highest and lowest; is_over: the announced end has come; may_miss: the call declared that a
    round of votes may close with votes missing; places: how many works stand above each boundary, best first;
    is_relative: a score is weighed by what else its judge gave.
    """

    works: frozenset[str]
    duties: tuple[Duty, ...]
    closed: frozenset[tuple[str, str]]
    quorum: int
    is_vote: bool
    trim_from: int
    trims_recused: bool
    is_over: bool
    may_miss: bool
    places: tuple[int, ...]
    is_relative: bool = False

    @property
    def silent(self) -> tuple[Duty, ...]:
        """The judges whose scores or signature are missing."""
        return tuple(duty for duty in self.duties if duty.owed or (duty.works and not duty.has_signed))


@dataclass(frozen=True)
class Basis:
    """What the works would rest on once everybody who is left has finished.

    fewest, most: scores of a work; fewer: works with less than most; bare: works with none; short: works under the
    quorum; untrimmed: works that keep highest and lowest where the others lose them; lost: whole sheets given that
    would fall; owed: sheets still to come, dealt: of these newly; missing: sheets that would never come.
    """

    fewest: int
    most: int
    fewer: int
    bare: int
    short: int
    is_trimmed: bool
    untrimmed: int
    lost: int
    owed: int
    dealt: int
    missing: int


@dataclass(frozen=True)
class Plan:
    """One way with what it comes to. reaches: for each boundary; refusal: why it cannot be taken now, or empty."""

    way: Way
    judge: str | None
    quorum: int | None
    basis: Basis
    reaches: tuple[Reach, ...]
    refusal: str = ""

    @property
    def digest(self) -> str:
        """What tells this plan from every other: whoever takes it says by this which one was read.

        Scores that come in while the page is read change what is owed, not the plan; they are not in it.
        """
        told = {name: value for name, value in asdict(self.basis).items() if name not in {"owed", "missing"}}
        read: list[object] = [self.way, self.judge, self.quorum, told, list(self.reaches), self.refusal]
        if self.way is Way.CLOSE:
            read.append(self.basis.missing)
        return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class _Final:
    """Which sheets of a work count in the end: given ones, and ones to come, by judge. '' is one not yet chosen.

    judges: how many judge a work as declared, by which it is decided whether extremes fall.
    """

    given: Mapping[str, frozenset[str]] = field(hash=False)
    coming: Mapping[str, tuple[str, ...]] = field(hash=False)
    judges: int

    @cached_property
    def bare(self) -> int:
        """Works with neither."""
        return sum(not judges and not self.coming[work] for work, judges in self.given.items())


def plans(held: OpenRound) -> tuple[Plan, ...]:
    """Every way, in the order of how little it changes; those that cannot be taken now say why."""
    announced, silent = _wait(held), held.silent
    found = [_plan(held, announced, Way.WAIT)]
    for way in (Way.REPLACE, Way.RELEASE):
        found += [_plan(held, announced, way, judge=duty.judge) for duty in silent]
    if held.quorum:
        found += [_plan(held, announced, Way.QUORUM, quorum=fewer) for fewer in range(held.quorum - 1, 0, -1)]
    if held.is_vote and silent:
        found.append(_plan(held, announced, Way.CLOSE))
    return tuple(found)


def make_plan(held: OpenRound, way: Way, *, judge: str | None = None, quorum: int | None = None) -> Plan:
    """What one way comes to. ValueError for a judge without a seat in the round, or a quorum that is not lower."""
    if way in (Way.RELEASE, Way.REPLACE) and judge not in {duty.judge for duty in held.duties}:
        raise ValueError(f"no such judge in the round: {judge}")
    if way is Way.QUORUM and (quorum is None or not 0 < quorum < held.quorum):
        raise ValueError(f"not a lower quorum: {quorum}")
    return _plan(held, _wait(held), way, judge=judge, quorum=quorum)


def _plan(
    held: OpenRound, announced: _Final, way: Way, *, judge: str | None = None, quorum: int | None = None
) -> Plan:
    final = _final(held, announced, way, judge, quorum)
    basis = _basis(held, way, announced, final, quorum or held.quorum)
    reach = _reach(held, announced, final)
    reaches = tuple(Reach.ABSENT if place >= len(held.works) else reach for place in held.places)
    return Plan(way, judge, quorum, basis, reaches, _refusal(held, way, basis, announced.bare))


def taken_back(held: OpenRound, quorum: int) -> dict[str, frozenset[str]]:
    """Judge -> works taken back so that no more judges than the quorum owe or gave a work a vote.

    Whole votes stay. Of those that owe one, whoever owes most is relieved first, so that silence costs nobody.
    """
    owed = {duty.judge: set(duty.owed) for duty in held.duties}
    back: dict[str, set[str]] = {}
    for work in sorted(held.works):
        debtors = [judge for judge, works in owed.items() if work in works]
        given = sum(work in duty.done for duty in held.duties)
        for _ in range(len(debtors) - max(0, quorum - given)):
            judge = max(debtors, key=lambda one: (len(owed[one]), one))
            debtors.remove(judge)
            owed[judge].discard(work)
            back.setdefault(judge, set()).add(work)
    return {judge: frozenset(works) for judge, works in back.items()}


def _wait(held: OpenRound) -> _Final:
    given: dict[str, set[str]] = {work: set() for work in held.works}
    coming: dict[str, list[str]] = {work: [] for work in held.works}
    for duty in held.duties:
        for work in duty.done & held.works:
            given[work].add(duty.judge)
        for work in duty.owed & held.works:
            coming[work].append(duty.judge)
    return _Final(
        {work: frozenset(judges) for work, judges in given.items()},
        {work: tuple(judges) for work, judges in coming.items()},
        held.quorum or len(held.duties),
    )


def _final(held: OpenRound, now: _Final, way: Way, judge: str | None, quorum: int | None) -> _Final:
    if way is Way.WAIT:
        return now
    if way is Way.CLOSE:
        return _Final(now.given, dict.fromkeys(held.works, ()), now.judges)
    if way is Way.QUORUM:
        assert quorum is not None
        back = taken_back(held, quorum)
        left = {
            work: tuple(one for one in judges if work not in back.get(one, ()))
            for work, judges in now.coming.items()
        }
        return _Final(now.given, left, quorum)
    leaving = next(duty for duty in held.duties if duty.judge == judge)
    fallen = leaving.done & held.works
    given = {**now.given, **{work: now.given[work] - {judge} for work in fallen}} if fallen else now.given
    open_again = leaving.owed & held.works
    relieved = {work: tuple(one for one in now.coming[work] if one != judge) for work in open_again}
    left = {**now.coming, **relieved}
    heirs = [duty.judge for duty in held.duties if duty.judge != judge and not duty.has_signed]
    if way is Way.REPLACE:
        heirs.append("")
    if held.quorum:
        left = {
            work: (*judges, *_heirs(held, work, given[work] | set(judges), heirs))
            for work, judges in left.items()
        }
    elif way is Way.REPLACE:
        left = {work: (*judges, "") for work, judges in left.items()}
    return _Final(given, left, now.judges - (way is Way.RELEASE and not held.quorum))


def _heirs(held: OpenRound, work: str, holders: Collection[str], heirs: Collection[str]) -> list[str]:
    """As many judges as a work lacks, of those who may see it; which of them, the dealing decides."""
    free = [judge for judge in heirs if judge not in holders and (work, judge) not in held.closed]
    return free[: max(0, held.quorum - len(holders))]


def _basis(held: OpenRound, way: Way, announced: _Final, final: _Final, quorum: int) -> Basis:
    #: scores of a work in the end -> works with so many
    rests = Counter(len(final.given[work]) + len(final.coming[work]) for work in held.works)
    most = max(rests, default=0)
    is_trimmed = _is_trimmed(held, final.judges)
    return Basis(
        fewest=min(rests, default=0),
        most=most,
        fewer=rests.total() - rests[most],
        bare=rests[0],
        short=sum(works for count, works in rests.items() if count < quorum),
        is_trimmed=is_trimmed,
        untrimmed=sum(works for count, works in rests.items() if not _loses_extremes(held, count))
        if is_trimmed
        else 0,
        lost=0
        if final.given is announced.given
        else sum(len(announced.given[work] - final.given[work]) for work in held.works),
        owed=sum(map(len, final.coming.values())),
        dealt=0
        if final.coming is announced.coming
        else sum(len(set(final.coming[work]) - set(announced.coming[work])) for work in held.works),
        missing=_missing(held, announced, final) if way is Way.CLOSE else 0,
    )


def _missing(held: OpenRound, announced: _Final, final: _Final) -> int:
    """The sheets that would never come: those owed, and those a work lacks to the quorum and nobody holds."""
    held_by_nobody = sum(
        max(0, held.quorum - len(final.given[work]) - len(final.coming[work]) - len(announced.coming[work]))
        for work in held.works
    )
    return sum(len(duty.owed) for duty in held.duties) + held_by_nobody


def _reach(held: OpenRound, announced: _Final, final: _Final) -> Reach:
    fallen = final.given is not announced.given and final.given != announced.given
    if fallen or _is_trimmed(held, final.judges) != _is_trimmed(held, announced.judges):
        return Reach.FALLS
    if final.coming is announced.coming:
        return Reach.SAME
    changed = {judge for work in held.works for judge in {*final.coming[work]} ^ {*announced.coming[work]}}
    # Weighed by what else its judge gives, a score already given changes with the works of that judge.
    if held.is_relative and any(duty.judge in changed and duty.done for duty in held.duties):
        return Reach.FALLS
    return Reach.REST if changed else Reach.SAME


def _is_trimmed(held: OpenRound, judges: int) -> bool:
    return not held.is_vote and 0 < held.trim_from <= judges


def _loses_extremes(held: OpenRound, count: int) -> bool:
    return count >= max(3, 3 if held.trims_recused else held.trim_from)


def _refusal(held: OpenRound, way: Way, basis: Basis, orphans: int) -> str:
    if way is Way.CLOSE and not held.may_miss:
        return "repair.missing_undeclared"
    if way is Way.CLOSE and not held.is_over:
        return "repair.not_over"
    if way is Way.RELEASE and len(held.duties) == 1:
        return "repair.nobody_left"
    return "repair.bare" if basis.bare > (0 if way is Way.CLOSE else orphans) else ""
