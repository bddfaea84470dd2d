"""Hidden repeats (되풀이 작품): a few works that a judge meets twice, to see how alike the same eyes judge.

The second time is another task under another code; its score never enters the standing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from judging.domain.blinding import RandomBytes, shuffled
from judging.domain.criteria import Rubric
from judging.domain.scoring import total

#: What a repeated score is called where scores are committed to and published.
MARK = "repeat:"
Sheet = Mapping[str, int]


@dataclass(frozen=True)
class Task:
    """A work in a judge's order; is_repeat: met for the second time."""

    entry: str
    is_repeat: bool = False


@dataclass(frozen=True)
class Consistency:
    """How alike a judge judged the same work twice.

    works: repeated works judged whole both times; difference: mean distance of the two totals in points; within:
    share of the criteria given the same or the next level.
    """

    judge: str
    works: int
    difference: Fraction
    within: Fraction


def with_repeats(order: Sequence[str], count: int, random_bytes: RandomBytes) -> tuple[Task, ...]:
    """A judge's order with `count` works of its first third met again in its last: a third lies between at least.

    Fewer where the third is shorter. What is met again, and where, is chance alone.
    """
    third = len(order) // 3
    again = shuffled(order[:third], random_bytes)[: max(0, count)]
    cut = len(order) - third
    last = shuffled(
        [*(Task(entry) for entry in order[cut:]), *(Task(entry, is_repeat=True) for entry in again)],
        random_bytes,
    )
    return (*(Task(entry) for entry in order[:cut]), *last)


def self_consistency(
    pairs: Mapping[str, Sequence[tuple[Sheet, Sheet]]], rubric: Rubric
) -> tuple[Consistency, ...]:
    """pairs: judge -> the sheets of the works met twice. Who has no pair of whole sheets says nothing."""
    found = []
    for judge, sheets in sorted(pairs.items()):
        gaps, near = [], []
        for first, second in sheets:
            one, other = total(first, rubric), total(second, rubric)
            if one is None or other is None:
                continue
            gaps.append(abs(one - other))
            near += [abs(first[code] - second[code]) <= 1 for code in rubric.codes()]
        if gaps:
            found.append(
                Consistency(
                    judge,
                    len(gaps),
                    sum(gaps, Fraction(0)) / len(gaps),
                    Fraction(sum(near), len(near)),
                )
            )
    return tuple(found)
