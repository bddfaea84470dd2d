"""Each way of counting that an edition may declare ranks its round, and everything after it says so and agrees."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from factories.panels import (
    Entrant,
    Jury,
    entries_of,
    make_panel,
    make_works,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
    works_of,
)
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.ruleset import Aggregation
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from gallery.checker import check_result
from judging.domain.aggregation import aggregate, places
from judging.models.award import Dossier
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_scores
from judging.operations.close import close_judging
from judging.operations.pledge import step_back
from judging.queries.public_record import public_record
from judging.queries.standings import sealed_round, standings

#: By judge, then by work: levels of the four criteria. The six ways differ on them.
GIVEN = (
    ((3, 2, 2, 2), (1, 2, 4, 4), (3, 1, 5, 2), (3, 5, 4, 2), (3, 4, 5, 5), (3, 2, 3, 4)),
    ((5, 4, 5, 5), (5, 2, 1, 5), (3, 3, 2, 5), (3, 4, 3, 3), (5, 4, 4, 4), (3, 2, 2, 4)),
    ((2, 2, 4, 4), (1, 2, 2, 3), (4, 4, 1, 3), (3, 5, 2, 2), (4, 2, 4, 4), (5, 3, 5, 4)),
    ((4, 1, 5, 1), (1, 3, 5, 5), (2, 4, 2, 1), (3, 2, 4, 2), (3, 1, 5, 5), (1, 5, 1, 3)),
    ((5, 1, 1, 4), (1, 3, 1, 3), (3, 4, 4, 1), (5, 5, 3, 5), (2, 2, 1, 1), (5, 1, 4, 5)),
)  # fmt: skip
SAID = {
    Aggregation.MEAN: "위원 점수를 평균하여", Aggregation.TRIMMED: "최고점 1개와 최저점 1개",
    Aggregation.MEDIAN: "가운데 점수", Aggregation.Z_SCORE: "표준점수", Aggregation.BORDA: "높은 순서를 점수",
    Aggregation.TOP_COUNTS: "가장 높은 점수부터",
}  # fmt: skip


@pytest.fixture(params=list(Aggregation))
def declared(
    request: pytest.FixtureRequest,
    services: Services,
    clock: SteppedClock,
    edition: Edition,
    make_account: Callable[..., Actor],
) -> tuple[Aggregation, Jury]:
    """Six works before five judges, judged to the end; one judge stepped back from the first."""
    method: Aggregation = request.param
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        (last,) = held.document["rounds"]  # type: ignore[misc]  # a list of documents
        held.document = {
            **held.document, "rounds": [{**last, "aggregation": method.value, "trim_from": 4}],
            "may_leave_empty": True, "ties": ["criterion:by_weight", "counts", "lot"], "publish_scores": True,
        }  # fmt: skip
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(6)]
    entries = make_works(services, edition.id, 6, people)
    judges = make_panel(services, edition.id, operator)
    sign_everything(services, judges)
    round_id = open_judging(services, clock, edition, operator)
    now = services.clock.now()
    away = entries_of(services, judges[1])[entries[0]]
    with services.database.write() as uow:
        step_back(uow, away, "known", "", actor=judges[1], now=now)
    for judge, sheets in zip(judges, GIVEN, strict=True):
        mine = set(works_of(services, judge))
        for entry, work in entries_of(services, judge).items():
            if work in mine:
                score_work(services, judge, work, sheets[entries.index(entry)])
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=now)
    return method, Jury(edition.id, round_id, operator, make_account(Role.APPROVER), judges, entries)


@pytest.mark.any_database
def test_the_declared_way_ranks_and_anybody_comes_to_the_same(
    services: Services, declared: tuple[Aggregation, Jury], login_as: Callable[..., FlaskClient]
) -> None:
    method, jury = declared
    with services.database.read() as session:
        held = sealed_round(session, jury.edition_id)
        listed = standings(session, jury.edition_id)
    assert (held.rule.aggregation, held.trim) == (method, method is Aggregation.TRIMMED)
    assert held.rule.tally(trim=held.trim).declared is method
    totals = {place.entry_id: place.totals for place in listed}
    order = places(aggregate(method, totals))
    for one in listed:  # rounding and the ladder part and join neighbours only
        assert all(one.rank <= other.rank for other in listed if order[one.entry_id] < order[other.entry_id])
    with services.database.write() as uow:
        allocate_prizes(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, jury.edition_id))
        made = session.scalars(select(Dossier.document)).one()
    assert record is not None
    assert check_result.check_ranking(record) == []
    assert check_result.check_winners(record) == []
    assert made["declared"] == method
    assert next(one for one in made["counted"] if one["name"] == method)["moves"] == []
    assert list(check_scores(services, hashes=False)) == []

    staff = login_as(Role.OPERATOR)
    assert SAID[method] in staff.get("/staff/results").text
    assert "(공고한 방법)" in staff.get("/staff/results/dossier").text
    for paper in ("tally.pdf", "tally.xlsx", "minutes.pdf", "dossier.pdf"):
        assert staff.get(f"/staff/results/{paper}").status_code == 200


def test_the_ways_differ_on_these_scores() -> None:
    """Else nothing above would tell one from another."""
    weights = (30, 25, 25, 20)
    totals = {
        str(work): {
            str(judge): sum(
                (Fraction(w * level, 5) for w, level in zip(weights, sheets[work], strict=True)), Fraction(0)
            )
            for judge, sheets in enumerate(GIVEN)
            if (work, judge) != (0, 1)
        }
        for work in range(6)
    }
    orders = {tuple(places(aggregate(method, totals)).values()) for method in Aggregation}
    assert len(orders) == len(Aggregation)
