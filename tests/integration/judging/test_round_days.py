"""The days of a round move by an approved 변경 공고 alone: who knows of it, what then opens and ends, what stands."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable

import pytest
from factories.panels import (
    add_preliminary,
    make_panel,
    make_works,
    open_judging,
    sign_everything,
    works_of,
)
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.edition_values import Content
from contest.domain.errors import Conflict, Invalid
from contest.infra.clock import KST, SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.operations.amend import approve_amendment, propose_amendment
from contest.queries.editions import schedule_of
from judging.models.round import Round, RoundState
from judging.operations.score import save_score

LAST = "2024-09-06"


@pytest.fixture
def days(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> tuple[Actor, Actor, list[Actor]]:
    """A round of votes open until the sixth, with two works; operator, approver, judges."""
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    add_preliminary(services, edition.id, closes=LAST, criteria=[], level_names=[])
    make_works(services, edition.id, 2)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    return operator, approver, judges


def propose(services: Services, edition: Edition, actor: Actor, **moved: str | None) -> int:
    """moved: `opens` or `closes` of the first round, or `last_opens`, `last_closes` of the last; None takes it away."""
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        document = json.loads(json.dumps(held.document))
        for name, day in moved.items():
            at = document["rounds"][-1 if name.startswith("last_") else 0]
            at.pop(name.removeprefix("last_"), None)
            if day is not None:
                at[name.removeprefix("last_")] = day
        return propose_amendment(
            uow, edition.id, Content(document, schedule_of(held)), "위원의 일정으로 늘립니다.",
            version=held.version, actor=actor, now=services.clock.now(),
            checks=services.registry.amendment_checks,
        ).ordinal  # fmt: skip


def approve(services: Services, edition: Edition, ordinal: int, actor: Actor) -> None:
    with services.database.write() as uow:
        approve_amendment(
            uow, edition.id, ordinal, actor=actor, now=services.clock.now(),
            hooks=services.registry.on_amendment, checks=services.registry.amendment_checks,
        )  # fmt: skip


def vote(services: Services, judge: Actor, key: str) -> None:
    work = works_of(services, judge)[0]
    with services.database.write() as uow:
        save_score(uow, work, "vote", 3, key, actor=judge, now=services.clock.now())


@pytest.mark.any_database
def test_a_round_that_ran_out_goes_on_by_an_amendment_alone(
    services: Services,
    clock: SteppedClock,
    edition: Edition,
    days: tuple[Actor, Actor, list[Actor]],
    client: FlaskClient,
) -> None:
    operator, approver, judges = days
    clock.move_to(dt.datetime(2024, 9, 7, 0, 0, tzinfo=KST).astimezone(dt.UTC))
    with pytest.raises(Conflict, match=r"score\.closed"):
        vote(services, judges[0], "late")
    ordinal = propose(services, edition, operator, closes="2024-09-08")
    with pytest.raises(Conflict, match=r"score\.closed"):  # a proposal moves nothing
        vote(services, judges[0], "late")
    approve(services, edition, ordinal, approver)
    vote(services, judges[0], "late")
    clock.move_to(dt.datetime(2024, 9, 9, 0, 0, tzinfo=KST).astimezone(dt.UTC))
    with pytest.raises(Conflict, match=r"score\.closed"):
        vote(services, judges[0], "later")
    page = client.get("/call").text
    assert "심사 1단계 닫는 날" in page
    assert "<del>2024. 9. 6.(금)</del>" in page
    assert "<ins>2024. 9. 8.(일)</ins>" in page
    with services.database.read() as session:
        messages = session.scalars(select(Message).where(Message.code == "A9")).all()
    assert len({message.subject_id for message in messages}) == 2  # one to everybody who entered
    for message in messages:
        assert message.body_sealed is not None
        body = services.crypto.open(message.body_sealed, f"message.body:{message.id}")
        assert "심사 1단계 닫는 날(그날 밤 12시까지) 2024. 9. 8.(일)" in body


def test_without_a_day_of_its_own_the_round_ends_with_judging(
    services: Services, edition: Edition, days: tuple[Actor, Actor, list[Actor]]
) -> None:
    operator, approver, _ = days
    approve(services, edition, propose(services, edition, operator, closes=None), approver)
    with services.database.read() as session:
        assert session.scalars(select(Round.closes_at)).one() is None


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        ({"closes": "2024-09-04"}, "edition.round_day_outside"),
        ({"closes": "2024-12-31"}, "edition.round_day_outside"),
        ({"opens": "2024-09-06"}, "amendment.round_begun"),
        ({"last_opens": "2024-09-05"}, "edition.round_day_order"),
    ],
)
def test_what_cannot_be_moved_is_refused_when_it_is_proposed(
    services: Services,
    edition: Edition,
    days: tuple[Actor, Actor, list[Actor]],
    moved: dict[str, str],
    code: str,
) -> None:
    operator, _, _ = days
    with pytest.raises(Invalid) as refused:
        propose(services, edition, operator, **moved)
    assert refused.value.code == code


def test_a_day_cannot_be_moved_to_one_that_is_over(
    services: Services, clock: SteppedClock, edition: Edition, days: tuple[Actor, Actor, list[Actor]]
) -> None:
    operator, approver, _ = days
    ordinal = propose(services, edition, operator, closes="2024-09-07")
    clock.move_to(dt.datetime(2024, 9, 8, 0, 0, tzinfo=KST).astimezone(dt.UTC))
    with pytest.raises(Invalid) as refused:  # time went over it while it waited
        approve(services, edition, ordinal, approver)
    assert refused.value.code == "amendment.into_past"


def test_a_sealed_round_keeps_its_days_and_the_next_one_may_still_move(
    services: Services, edition: Edition, days: tuple[Actor, Actor, list[Actor]]
) -> None:
    operator, approver, _ = days
    with services.database.write() as uow:
        held = uow.session.scalars(select(Round)).one()
        held.state, held.sealed_at, held.seal = RoundState.SEALED, services.clock.now(), "0" * 64
    with pytest.raises(Invalid) as refused:
        propose(services, edition, operator, closes="2024-09-08")
    assert refused.value.code == "amendment.round_sealed"
    approve(services, edition, propose(services, edition, operator, last_closes="2024-09-08"), approver)


def test_another_amendment_leaves_the_end_of_a_reopened_round(
    services: Services, edition: Edition, days: tuple[Actor, Actor, list[Actor]]
) -> None:
    operator, approver, _ = days
    own = services.clock.now() + dt.timedelta(hours=3)
    with services.database.write() as uow:
        uow.session.scalars(select(Round)).one().closes_at = own
    approve(services, edition, propose(services, edition, operator, last_closes="2024-09-08"), approver)
    with services.database.read() as session:
        assert session.scalars(select(Round.closes_at)).one() == own


def test_staff_do_it_on_the_page_of_amendments(
    services: Services,
    edition: Edition,
    days: tuple[Actor, Actor, list[Actor]],
    login_as: Callable[..., FlaskClient],
) -> None:
    operator, approver, _ = days
    office = login_as(operator)
    address = f"/staff/editions/{edition.id}/amendments/new"
    page = office.get(address).text
    assert "심사 1단계 기간" in page
    names = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    names |= {
        name: value
        for value, name in re.findall(r'<input[^>]*value="([^"]*)"[^>]*name="([^"]+)"', page)
        if name not in names
    }
    texts = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s?(.*?)</textarea>', page, re.DOTALL))
    form = {name: html.unescape(value) for name, value in (names | texts).items()}
    assert form["rounds.0.closes"] == LAST
    past = office.post(address, data=form | {"reason": "까닭", "rounds.0.closes": "2024-12-31"})
    assert (past.status_code, "심사 기간 밖의 날입니다" in past.text) == (422, True)
    made = office.post(address, data=form | {"reason": "까닭", "rounds.0.closes": "2024-09-07"})
    assert made.status_code == 303, made.text
    shown = login_as(approver).get(made.location).text
    assert "<del>2024. 9. 6.(금)</del>" in shown
    assert "<ins>2024. 9. 7.(토)</ins>" in shown
