"""A judge's desk with 1,000 works all scored, 10,000 scores counted every way, and the dossier made of them.

    python -m bench judging

Beside a saved score stands one row updated and committed with neither rule nor chain; beside the list the same list
asking once a work; beside each exact way of counting the same in floats, where the standard library has it; beside
the dossier a whole ranking for every panel that it draws.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text

from bench.fill import fill, give_everything, make_app, signed_in
from contest.domain.actors import Actor, Role
from contest.domain.prizes import PrizeScheme, Tier
from contest.infra.clock import KST, SteppedClock
from contest.infra.quantiles import f_quantile
from contest.infra.wiring import Services
from judging.domain.aggregation import Aggregation, aggregate, places
from judging.domain.allocator import AllocationInputs, AllocationPolicy, Candidate
from judging.domain.criteria import Criterion, Rubric
from judging.domain.dossier import make_document
from judging.domain.pledges import PledgeKind
from judging.domain.ranking import TallyRule, WorkScores, rank_works
from judging.domain.robustness import Stake
from judging.domain.tie_ladder import Ladder
from judging.models.panel import Judge
from judging.operations.pledge import sign_pledges
from judging.queries.blind import blind_entry, seat_of, tiles

WORKS, JUDGES, ROUNDS = 1_000, 10, 15
SAVE_MS, LIST_MS = 15, 80


def least_ms(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Wall milliseconds of the round that was disturbed least."""
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        spent.append((time.perf_counter() - begun) * 1000)
    return min(spent)


def seated(folder: Path, works: int) -> tuple[Flask, Actor]:
    """An application with so many works in judging, and a judge who has signed the pledges."""
    clock = SteppedClock(dt.datetime(2024, 8, 20, 10, 0, tzinfo=KST).astimezone(dt.UTC))
    app = make_app(folder, clock)
    services: Services = app.extensions["contest"]
    fill(services, clock, works)
    with services.database.read() as session:
        seat = session.scalars(select(Judge)).first()
        assert seat is not None
    judge = Actor("judge", seat.account_id, Role.JUDGE)
    with services.database.write() as uow:
        names = dict.fromkeys(PledgeKind, "심사위원0")
        sign_pledges(uow, names, "", name="심사위원0", actor=judge, now=clock.now())
    return app, judge


def desk(folder: Path) -> bool:
    """Print the figures of the desk; whether they keep to what is promised."""
    app, judge = seated(folder, WORKS)
    services: Services = app.extensions["contest"]
    with services.database.write() as uow:
        uow.session.execute(text("CREATE TABLE plain_score (id INTEGER PRIMARY KEY, level INTEGER)"))
        uow.session.execute(text("INSERT INTO plain_score VALUES (1, 3)"))
    work = give_everything(services, judge)
    browser = signed_in(app, services, judge)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(f"/desk/work/{work}").text)
    assert token
    keys = itertools.count()

    def save() -> None:
        body = {"id": f"bench-{next(keys)}", "criterion": "theme", "level": 1 + next(keys) % 5}
        answer = browser.put(f"/desk/work/{work}/score", json=body, headers={"X-CSRFToken": token[1]})
        assert answer.status_code == 200, answer.text

    def floor() -> None:
        with services.database.write() as uow:
            uow.session.execute(text("UPDATE plain_score SET level = 4 WHERE id = 1"))

    def each() -> None:
        with services.database.read() as session:
            own = seat_of(session, judge.id)
            for tile in tiles(session, own):
                blind_entry(session, own, tile.work_id)

    saved, listed = least_ms(save), least_ms(lambda: browser.get("/desk"))
    sorted_list = least_ms(lambda: browser.get("/desk?sort=score"))
    shown = least_ms(lambda: browser.get(f"/desk/work/{work}"))
    print(
        f"score saved, request and answer  {saved:8.1f} ms   "
        f"a row updated without rule or chain {least_ms(floor):8.1f} ms"
    )
    print(
        f"work list                        {listed:8.1f} ms   one question a work {least_ms(each, 1):8.1f} ms"
    )
    print(f"work list by own score           {sorted_list:8.1f} ms")
    print(f"one work with its neighbours     {shown:8.1f} ms")
    services.imaging.close()
    return saved < SAVE_MS and listed < LIST_MS


def scores() -> Stake:
    """Ten judges who agree somewhat on a thousand works, and the allocation made from them."""
    chance = random.Random(2024)
    rubric = Rubric((Criterion("all", {"ko": "전체"}, 100),), levels=100)
    panel = frozenset(f"j{n}" for n in range(JUDGES))
    works = []
    for number in range(WORKS):
        worth = chance.gauss(60, 12)
        given = {judge: {"all": max(1, min(100, round(chance.gauss(worth, 8))))} for judge in sorted(panel)}
        works.append(WorkScores(f"w{number:04}", given, frozenset()))
    rule, ladder = TallyRule(trim=True), Ladder(("lot",), lot_seed="bench")
    ranked = rank_works(works, panel, rubric, rule, ladder).standings
    scheme = PrizeScheme((Tier("gold", {"ko": "금"}, 5, 100), Tier("silver", {"ko": "은"}, 20, 50)), 25, 1500)
    ranking = tuple(Candidate(row.entry, row.rank, row.entry) for row in ranked)
    return Stake(
        tuple(works), panel, rubric, rule, ladder,
        AllocationInputs(ranking, scheme, {}, AllocationPolicy(reserves=5)),
    )  # fmt: skip


def main(options: list[str]) -> int:
    """Print every figure; 1 if a promised one is missed."""
    del options
    with tempfile.TemporaryDirectory() as folder:
        kept = desk(Path(folder))
    stake = scores()
    totals = stake.totals()
    floats = {work: [float(points) for points in given.values()] for work, given in totals.items()}
    rivals = {Aggregation.MEAN: statistics.fmean, Aggregation.MEDIAN: statistics.median}
    print(f"{WORKS * JUDGES:,} scores counted")
    for way in Aggregation:
        ours = least_ms(lambda: places(aggregate(way, totals)), 5)  # noqa: B023  called at once
        beside = ""
        if rival := rivals.get(way):
            spent = least_ms(lambda: places({w: (Fraction(rival(row)),) for w, row in floats.items()}), 5)
            beside = f"   in floats {spent:8.1f} ms"
        print(f"  {way.value:30} {ours:8.1f} ms{beside}")
    once = least_ms(lambda: rank_works(stake.works, stake.panel, stake.rubric, stake.rule, stake.ladder), 3)
    order = {judge: [work.entry for work in stake.works] for judge in sorted(stake.panel)}
    begun = time.perf_counter()
    document = make_document(stake, order, "bench", f_quantile, ())
    took = time.perf_counter() - begun
    print(f"declared ranking                 {once:8.1f} ms")
    print(
        f"dossier, {document['panels']} panels drawn {took:14.1f} s    "
        f"a ranking for every panel {once * document['panels'] / 1000:8.1f} s (one measured)"
    )
    return int(not kept)
