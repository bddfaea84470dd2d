"""The checker that citizens download comes to what the program comes to, though they share no line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contest.domain.prizes import PrizeScheme, Tier
from contest.domain.ruleset import Advance, Aggregation
from gallery.checker.check_result import check_winners, ranks, ranks_before, standing, went_on
from judging.domain.allocator import AllocationPolicy, Candidate, allocate
from judging.domain.balloting import PLACES
from judging.domain.criteria import Criterion, Rubric
from judging.domain.placing import place_all
from judging.domain.ranking import TallyRule, WorkScores, rank_works
from judging.domain.selection import AdvanceRule, count_votes, select_ranked, select_works
from judging.domain.succession import Holding, succeed
from judging.domain.tie_ladder import Ladder

WEIGHTS = (("use", 20), ("theme", 30), ("new", 25), ("art", 25))
RUBRIC = Rubric(tuple(Criterion(code, {"ko": code}, weight) for code, weight in WEIGHTS))
JUDGES = tuple(f"위원 {n}" for n in range(1, 7))
LADDERS = (
    ("criterion:by_weight", "chair"), ("chair", "lot"), ("criterion:use", "criterion:by_weight"), (),
    ("counts", "lot"), ("panel_runoff", "chair", "lot"), ("criterion:by_weight", "counts", "panel_runoff", "lot"),
)  # fmt: skip
SCHEME = PrizeScheme(
    (Tier("gold", {"ko": "금"}, 1, 50), Tier("silver", {"ko": "은"}, 2, 20), Tier("bronze", {"ko": "동"}, 3, 10)),
    6, 120,
)  # fmt: skip

PLACES_LADDERS = (("counts", "panel_runoff", "chair", "lot"), ("criterion:by_weight", "chair"))

cards = st.fixed_dictionaries({code: st.integers(1, 3) for code, _ in WEIGHTS})


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[WorkScores], TallyRule, Ladder, frozenset[str]]:
    seated = frozenset(draw(st.sets(st.sampled_from(JUDGES), min_size=3)))
    works, is_dealt = [], draw(st.booleans())
    for number in range(draw(st.integers(1, 7))):
        away = frozenset(draw(st.sets(st.sampled_from(sorted(seated)), max_size=2)))
        dealt = frozenset(draw(st.sets(st.sampled_from(JUDGES), min_size=3))) if is_dealt else None
        # Who was not to judge a work, or no longer, may have begun its sheet.
        sheets = {
            j: draw(cards) if dealt is None or j in dealt else {"use": draw(st.integers(1, 3))}
            for j in JUDGES
        }
        held = WorkScores(f"{number:03d}", sheets, away, dealt)
        assume(held.judges(seated))
        works.append(held)
    recusal: Literal["plain", "trim"] = draw(st.sampled_from(["plain", "trim"]))
    compare: Literal["rounded", "exact"] = draw(st.sampled_from(["rounded", "exact"]))
    counting = draw(st.sampled_from([one for one in Aggregation if one is not Aggregation.TRIMMED]))
    rule = TallyRule(
        counting is Aggregation.MEAN and draw(st.booleans()), recusal, compare,
        minimum=draw(st.integers(3, 6)), counting=counting,
    )  # fmt: skip
    chair = {work.entry: place for place, work in enumerate(works) if draw(st.booleans())}
    steps, seed = draw(st.sampled_from(LADDERS)), draw(st.sampled_from([None, "seed"]))
    ladder = Ladder(steps, chair=chair, lot_seed=seed)
    # Some of the run-offs that the ladder waits for are held: by everybody who was ever seated.
    runoffs = {
        frozenset(tie): {j: tuple(draw(st.permutations(tie))) if draw(st.booleans()) else () for j in JUDGES}
        for tie in rank_works(works, seated, RUBRIC, rule, ladder).unresolved
        if draw(st.booleans())
    }
    return works, rule, replace(ladder, runoffs=runoffs), seated


@st.composite
def ballots_of(draw: st.DrawFn) -> tuple[list[WorkScores], TallyRule, Ladder, frozenset[str]]:
    """Whole orders of some works, from which judges stepped back here and there and some works are gone."""
    seated = frozenset(draw(st.sets(st.sampled_from(JUDGES), min_size=3)))
    entries = [f"{number:03d}" for number in range(draw(st.integers(1, 7)))]
    orders = {judge: draw(st.permutations(entries)) for judge in JUDGES}
    kept = draw(st.lists(st.sampled_from(entries), min_size=1, unique=True))
    works = [
        WorkScores(
            entry,
            {judge: {"place": order.index(entry) + 1} for judge, order in orders.items()},
            frozenset(draw(st.sets(st.sampled_from(sorted(seated)), max_size=2))),
        )
        for entry in kept
    ]
    compare: Literal["rounded", "exact"] = draw(st.sampled_from(["rounded", "exact"]))
    ladder = Ladder(draw(st.sampled_from(PLACES_LADDERS)), lot_seed=draw(st.sampled_from([None, "seed"])))
    return works, TallyRule(trim=False, compare=compare, is_ballot=True), ladder, seated


def record_of(
    works: list[WorkScores], rule: TallyRule, ladder: Ladder, seated: frozenset[str]
) -> dict[str, Any]:
    return {
        "rule": {"criteria": [[c, c, w] for c, w in WEIGHTS], "levels": 5, "trim": rule.trim, "minimum": rule.minimum,
                 "recusal_rule": rule.recusal_rule, "compare": rule.compare, "counting": rule.counting.value, "ties": list(ladder.steps), "lot_seed": ladder.lot_seed},
        "scores": [[work.entry, judge, code, level, "at"]
                   for work in works for judge, card in work.scores.items() for code, level in card.items()]
        # What a judge met twice is published and counts nowhere.
        + [[work.entry, judge, f"repeat:{code}", 6 - level, "at"]
           for work in works[:1] for judge, card in work.scores.items() for code, level in card.items()],
        "recused": [[work.entry, judge] for work in works for judge in work.recused],
        "released": sorted(set(JUDGES) - seated),
        "chair": dict(ladder.chair),
        "runoffs": [
            {"works": sorted(tie), "scores": [
                [entry, judge, f"runoff:{n}", place, "at"]
                for judge, order in ballots.items() for place, entry in enumerate(order, 1)
            ]}
            for n, (tie, ballots) in enumerate(ladder.runoffs.items(), 1)
        ],
    }  # fmt: skip


@given(rounds())
@settings(max_examples=150)
def test_means_and_ranks_agree(
    drawn: tuple[list[WorkScores], TallyRule, Ladder, frozenset[str]],
) -> None:
    works, rule, ladder, seated = drawn
    ours = rank_works(works, seated, RUBRIC, rule, ladder)
    assert ranks(record_of(*drawn)) == {row.entry: (row.rank, row.printed) for row in ours.standings}


@given(rounds(), st.integers(1, 5), st.data())
@settings(max_examples=150)
def test_final_standings_of_two_rounds_agree(
    drawn: tuple[list[WorkScores], TallyRule, Ladder, frozenset[str]], count: int, data: st.DataObject
) -> None:
    """A round that ranks, the first few of it put in order, the others below: the walk starts from one line."""
    works, rule, _, seated = drawn
    ladder = Ladder(("criterion:by_weight", "counts", "lot"), lot_seed="seed")
    first = rank_works(works, seated, RUBRIC, rule, ladder)
    ranks_of = {row.entry: row.rank for row in first.standings}
    gone = data.draw(st.sets(st.sampled_from(sorted(ranks_of)), max_size=1))
    left = {entry: rank for entry, rank in ranks_of.items() if entry not in gone}
    order = sorted(left.values())
    lots = [step.entries for row in first.standings for step in row.ties if step.step == "lot"]
    closed = {entry: order.index(rank) + 1 for entry, rank in left.items()}
    goes_on = select_ranked(closed, lots, count).goes_on
    held = record_of(works, rule, ladder, seated)
    before = {
        "name": "본심", "rule": {"kind": "top", "percent": 50, "count": count}, "counted": held["rule"],
        "commitment": {"root": "", "salt": ""}, "scores": held["scores"], "works": sorted(ranks_of),
        "recused": held["recused"], "released": held["released"], "gone": sorted(gone), "goes_on": sorted(goes_on),
        "ranking": sorted([row.entry, row.rank, row.printed] for row in first.standings),
    }  # fmt: skip
    assert went_on(before) == goes_on
    assert sorted([n, *row] for n, row in ranks_before(before).items()) == before["ranking"]
    # The last round draws other numbers.
    last = {entry: place for place, entry in enumerate(data.draw(st.permutations(sorted(goes_on))), start=1)}
    names = {entry: f"9{entry}" for entry in last} | {
        entry: f"1:{entry}" for entry in ranks_of if entry not in last
    }
    record = {"ranking": [[names[entry], rank, "0.00"] for entry, rank in last.items()], "before": [before]}
    placed = place_all(last, [(ranks_of, goes_on)])
    assert dict(standing(record)) == {names[entry]: rank for entry, rank in placed.items()}


@given(ballots_of())
def test_places_and_ranks_agree(
    drawn: tuple[list[WorkScores], TallyRule, Ladder, frozenset[str]],
) -> None:
    works, rule, ladder, seated = drawn
    ours = rank_works(works, seated, PLACES, rule, ladder)
    record = record_of(*drawn)
    record["rule"] |= {"criteria": [["place", "순서", 100]], "levels": PLACES.levels, "method": "ballot"}
    assert ranks(record) == {row.entry: (row.rank, row.printed) for row in ours.standings}


@given(st.data(), st.sampled_from(["cascade", "fill_hole", "leave_empty"]))
def test_winners_and_successions_agree(
    data: st.DataObject, policy: Literal["cascade", "fill_hole", "leave_empty"]
) -> None:
    count = data.draw(st.integers(12, 16))
    people = [data.draw(st.integers(0, 20)) for _ in range(count)]
    ranking = [Candidate(f"{n:03d}", n + 1, f"p{people[n]}") for n in range(count)]
    excluded = {c.entry: "unfit" for c in ranking if data.draw(st.integers(0, 9)) == 0}
    made = allocate(
        ranking, SCHEME, excluded, AllocationPolicy(reserves=3, succession=policy, may_leave_empty=True)
    )
    held = Holding(made.awards, made.reserves, made.vacant)
    gone = []
    for _ in range(data.draw(st.integers(0, 4))):
        listed = [award.entry for award in held.awards] + [one.entry for one in held.reserves]
        if not listed:
            break
        gone.append(data.draw(st.sampled_from(listed)))
        held = succeed(held, gone[-1], policy, may_leave_empty=True).after
    groups: dict[int, list[str]] = {}
    for n, person in enumerate(people):
        groups.setdefault(person, []).append(f"{n:03d}")
    record = {
        "scheme": [["gold", "금", 1, 50], ["silver", "은", 2, 20], ["bronze", "동", 3, 10]], "reserves": 3,
        "ranking": [[c.entry, c.rank, "0.00"] for c in ranking], "excluded": excluded,
        "same_person": [group for group in groups.values() if len(group) > 1],
        "successions": [[entry, policy] for entry in gone],
        "winners": [[award.entry, award.slot.tier_code, "2024-02-0001-1"] for award in held.awards],
    }  # fmt: skip
    assert check_winners(record) == []
    if record["winners"]:
        record["winners"] = record["winners"][1:]
        assert len(check_winners(record)) == 1


ballots = st.dictionaries(
    st.sampled_from([f"{n:03d}" for n in range(1, 9)]),
    st.dictionaries(st.sampled_from(JUDGES), st.integers(1, 3)),
    min_size=1,
)


@given(ballots, st.sampled_from(list(Advance)), st.integers(1, 100), st.integers(1, 9), st.data())
def test_both_let_the_same_works_go_on(
    cast: dict[str, dict[str, int]], kind: Advance, percent: int, count: int, data: st.DataObject
) -> None:
    released = data.draw(st.sets(st.sampled_from(JUDGES), max_size=2))
    away = data.draw(st.sets(st.tuples(st.sampled_from(sorted(cast)), st.sampled_from(JUDGES)), max_size=3))
    levels = {
        number: [v for judge, v in given.items() if judge not in released and (number, judge) not in away]
        for number, given in cast.items()
    }
    rule = AdvanceRule(kind, percent, count)
    held = {
        "rule": rule.to_document(), "works": sorted(cast), "gone": [], "released": sorted(released),
        "recused": [list(pair) for pair in away],
        "scores": [[n, judge, "vote", v, "at"] for n, given in cast.items() for judge, v in given.items()],
    }  # fmt: skip
    assert went_on(held) == select_works(count_votes(levels), rule).goes_on
