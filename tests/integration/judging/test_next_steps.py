"""What the office home says comes next once scores are sealed, and who must do it."""

from __future__ import annotations

import datetime as dt

import pytest
from factories.results import seal_judging

from contest.domain.actors import Actor, Role
from contest.domain.stages import Stage
from contest.infra.clock import KST, SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.operations.stages import move_stage
from contest.queries.staff_home import staff_home
from judging.operations.allocate import allocate_prizes
from judging.operations.objections import Report, file_objection

pytestmark = pytest.mark.any_database


def next_of(services: Services) -> list[tuple[str, tuple[Role, ...]]]:
    """The registered steps of the home page, without what the schedule alone says."""
    with services.database.read() as session:
        home = staff_home(session, services.registry, services.clock.now())
    return [(step.title, step.who) for step in home.steps if step.title]


def object_to(services: Services, edition: Edition, number: str, actor: Actor) -> None:
    said = Report(
        number, "awarded_elsewhere", "다른 공모전에서 상을 받은 사진입니다.", "", "고발인", "010-1234-5678"
    )
    now = services.clock.now()
    with services.database.write() as uow:
        file_objection(
            uow, edition.id, said, submit_key="one", actor=actor, now=now, wall=services.clock.wall()
        )


@pytest.mark.parametrize("is_objected", [False, True])
def test_from_the_seal_to_the_decision(
    services: Services, edition: Edition, clock: SteppedClock, make_account, is_objected: bool
) -> None:
    operator: Actor = make_account(Role.OPERATOR)
    sealed = seal_judging(services, edition)
    assert ("점수를 봉인했습니다. 결과를 보고 상격을 배정해 주세요.", (Role.OPERATOR,)) in next_of(services)
    now = services.clock.now()
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=now)
    move_on = ("상격 배정을 마쳤습니다. 공개검증 단계로 넘겨 주세요.", (Role.APPROVER,))
    assert move_on in next_of(services)
    with services.database.write() as uow:
        move_stage(uow, services.registry, edition.id, Stage.VERIFICATION, actor=operator, now=now)
    assert move_on not in next_of(services)
    clock.move_to(dt.datetime(2024, 9, 20, 11, 0, tzinfo=KST))
    if is_objected:
        object_to(services, edition, sealed.numbers[0], operator)
    decide = ("공개검증이 끝났습니다. 확정 단계로 넘겨 주세요.", (Role.APPROVER,))
    clock.move_to(dt.datetime(2024, 9, 28, 18, 0, tzinfo=KST))
    assert (decide in next_of(services)) is not is_objected  # it waits to be decided
