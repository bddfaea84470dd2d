"""Who is one person decides prizes: once judging has begun two members of staff say it, and prizes follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from factories.results import Sealed, seal_judging
from flask import Flask
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied
from contest.domain.stages import Stage
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.person_request import PersonRequest
from contest.models.submission import Submission
from contest.operations.erase import erase_person
from contest.operations.join_persons import ask_about_persons, join_persons, part_persons, settle_persons
from contest.operations.stages import blockers
from contest.queries.editions import get_edition
from judging.models.award import Award
from judging.operations.allocate import allocate_prizes
from judging.queries.allocation import allocation_differences, holding

WHY = "전화로 확인함"


@pytest.fixture
def staff(make_account: Callable[..., Actor]) -> tuple[Actor, Actor, Actor]:
    """An operator and two approvers."""
    return make_account(Role.OPERATOR), make_account(Role.APPROVER), make_account(Role.APPROVER)


def submission_of(services: Services, entry: str) -> tuple[str, str]:
    """(id, receipt number) of a work's submission."""
    with services.database.read() as session:
        found = session.execute(
            select(Submission.id, Submission.receipt_number)
            .join(Entry, Entry.submission_id == Submission.id)
            .where(Entry.id == entry)
        ).one()
        return found[0], found[1]


def allocate(services: Services, edition: Edition, actor: Actor) -> int:
    with services.database.write() as uow:
        return allocate_prizes(uow, edition.id, actor=actor, now=services.clock.now()).version


def winners(services: Services, edition: Edition) -> list[str]:
    with services.database.read() as session:
        return [award.entry for award in holding(session, get_edition(session, edition.id)).awards]


def decide(
    services: Services, sealed: Sealed, one: int, other: int, staff: Any, *, is_join: bool = True
) -> None:
    """Asked by the operator, confirmed by an approver."""
    operator, approver, _ = staff
    first, _ = submission_of(services, sealed.entries[one])
    _, receipt = submission_of(services, sealed.entries[other])
    with services.database.write() as uow:
        asked = ask_about_persons(
            uow, first, receipt, WHY, is_join=is_join, actor=operator, now=services.clock.now()
        ).id
    with services.database.write() as uow:
        settle_persons(uow, asked, is_confirmed=True, actor=approver, now=services.clock.now())


def codes(services: Services, edition: Edition, stage: Stage) -> list[str]:
    with services.database.read() as session:
        return [
            one.code for one in blockers(services.registry, session, edition.id, stage, services.clock.now())
        ]


def test_one_person_alone_says_nothing_any_more(services: Services, edition: Edition, staff: Any) -> None:
    operator, approver, other_approver = staff
    sealed = seal_judging(services, edition, persons=[0, 0, *range(2, 34)])
    now = services.clock.now()
    second, _ = submission_of(services, sealed.entries[1])
    _, first = submission_of(services, sealed.entries[0])
    _, third = submission_of(services, sealed.entries[2])
    for act, receipt in ((join_persons, third), (part_persons, first)):
        with pytest.raises(Conflict, match=r"person\.needs_two"), services.database.write() as uow:
            act(uow, second, receipt, WHY, actor=approver, now=now)
    with services.database.write() as uow:
        asked = ask_about_persons(uow, second, first, WHY, is_join=False, actor=approver, now=now).id
    with pytest.raises(Conflict, match=r"person\.asked"), services.database.write() as uow:
        ask_about_persons(uow, second, first, WHY, is_join=False, actor=operator, now=now)
    for actor in (approver, operator):
        with pytest.raises(Denied), services.database.write() as uow:
            settle_persons(uow, asked, is_confirmed=True, actor=actor, now=now)
    with services.database.read() as session:
        assert session.get_one(Submission, second).joined_person_key is None
    with services.database.write() as uow:
        settle_persons(uow, asked, is_confirmed=True, actor=other_approver, now=now)
    with pytest.raises(Conflict, match=r"person\.settled"), services.database.write() as uow:
        settle_persons(uow, asked, is_confirmed=False, actor=operator, now=now)
    with services.database.read() as session:
        assert session.get_one(Submission, second).joined_person_key is not None
        acts = session.scalars(select(AuditRow.action).where(AuditRow.action.like("person.%"))).all()
    assert sorted(acts) == ["person.asked", "person.parted"]


def test_what_was_dropped_changes_nothing(services: Services, edition: Edition, staff: Any) -> None:
    operator, _, _ = staff
    sealed = seal_judging(services, edition)
    now = services.clock.now()
    one, _ = submission_of(services, sealed.entries[0])
    _, other = submission_of(services, sealed.entries[1])
    with services.database.write() as uow:
        asked = ask_about_persons(uow, one, other, WHY, is_join=True, actor=operator, now=now).id
    allocate(services, edition, operator)
    assert "publication.persons_asked" in codes(services, edition, Stage.VERIFICATION)
    with services.database.write() as uow:
        settle_persons(uow, asked, is_confirmed=False, actor=operator, now=now)
    assert "publication.persons_asked" not in codes(services, edition, Stage.VERIFICATION)
    with services.database.read() as session:
        assert session.get_one(Submission, one).joined_person_key is None


def test_prizes_are_given_anew_before_verification(services: Services, edition: Edition, staff: Any) -> None:
    operator, _, _ = staff
    sealed = seal_judging(services, edition)
    assert allocate(services, edition, operator) == 1
    assert allocate(services, edition, operator) == 1  # nothing has changed: what there is
    decide(services, sealed, 1, 0, staff)
    found = codes(services, edition, Stage.VERIFICATION)
    assert "verification.persons_changed" in found
    assert "publication.person_twice" in found
    assert allocate(services, edition, operator) == 2
    assert winners(services, edition) == [sealed.entries[0], *sealed.entries[2:26]]
    found = codes(services, edition, Stage.VERIFICATION)
    assert "verification.persons_changed" not in found
    assert "publication.person_twice" not in found
    decide(services, sealed, 1, 0, staff, is_join=False)
    assert "verification.persons_changed" in codes(services, edition, Stage.VERIFICATION)
    assert allocate(services, edition, operator) == 3
    assert winners(services, edition) == list(sealed.entries[:25])
    with services.database.read() as session:
        assert allocation_differences(session, get_edition(session, edition.id)) == []
        revoked = set(session.scalars(select(Award.revoked_for).where(Award.revoked_at.is_not(None))))
    assert revoked == {"persons_changed"}


def test_who_would_get_two_prizes_stops_the_decision(
    services: Services, edition: Edition, staff: Any, login_as: Any
) -> None:
    operator, _, _ = staff
    sealed = seal_judging(services, edition)
    allocate(services, edition, operator)
    with services.database.write() as uow:
        uow.session.get_one(Edition, edition.id).stage = Stage.VERIFICATION
    assert "publication.person_twice" not in codes(services, edition, Stage.DECIDED)
    decide(services, sealed, 30, 0, staff)  # without a prize: nothing to say
    assert "publication.person_twice" not in codes(services, edition, Stage.DECIDED)
    decide(services, sealed, 3, 2, staff)
    with services.database.read() as session:
        (found,) = (
            one
            for one in blockers(services.registry, session, edition.id, Stage.DECIDED, services.clock.now())
            if one.code == "publication.person_twice"
        )
    assert found.facts == {"entries": (sealed.numbers[2], sealed.numbers[3])}
    page = login_as(operator).get("/staff/results/step/decision").get_data(as_text=True)
    assert "한 사람이 상을 둘 이상 받게 됩니다" in page


def test_it_is_asked_and_confirmed_on_the_page_of_the_entry(
    app: Flask, services: Services, edition: Edition, staff: Any, *, login_as: Any
) -> None:
    operator, approver, _ = staff
    app.config["WTF_CSRF_ENABLED"] = False
    sealed = seal_judging(services, edition)
    one, _ = submission_of(services, sealed.entries[0])
    other, receipt = submission_of(services, sealed.entries[1])
    asking, confirming = login_as(operator), login_as(approver)
    form = {"receipt_number": receipt, "act": "join", "reason": WHY}
    assert asking.post(f"/staff/submissions/{one}/person", data=form).status_code == 409
    assert asking.post(f"/staff/submissions/{one}/person", data=form | {"ask": "y"}).status_code == 303
    assert "같은 사람으로 보자는 요청" in confirming.get("/staff").get_data(as_text=True)
    own = asking.get(f"/staff/submissions/{other}").get_data(as_text=True)  # the other side shows it too
    assert "같은 사람으로 보자는 요청" in own
    assert 'value="confirm"' not in own
    page = confirming.get(f"/staff/submissions/{one}").get_data(as_text=True)
    assert WHY in page
    assert 'value="confirm"' in page
    with services.database.read() as session:
        asked = session.scalars(select(PersonRequest.id)).one()
    done = confirming.post(f"/staff/submissions/{one}/person/{asked}", data={"act": "confirm"})
    assert done.status_code == 303
    with services.database.read() as session:
        assert (
            session.get_one(Submission, one).joined_person_key
            == session.get_one(Submission, other).person_key
        )
    assert "같은 사람으로 보자는 요청" not in confirming.get("/staff").get_data(as_text=True)


def test_the_reason_goes_with_either_entry(services: Services, edition: Edition, staff: Any) -> None:
    operator, approver, _ = staff
    sealed = seal_judging(services, edition)
    now = services.clock.now()
    one, _ = submission_of(services, sealed.entries[0])
    other, receipt = submission_of(services, sealed.entries[1])
    with services.database.write() as uow:
        asked = ask_about_persons(uow, one, receipt, WHY, is_join=True, actor=operator, now=now).id
    with services.database.write() as uow:
        erase_person(uow, other, actor=operator, now=now + dt.timedelta(days=400))
    with services.database.read() as session:
        assert session.get_one(PersonRequest, asked).reason is None
    assert "publication.persons_asked" not in codes(services, edition, Stage.VERIFICATION)
    with pytest.raises(Exception, match="missing"), services.database.write() as uow:
        settle_persons(uow, asked, is_confirmed=True, actor=approver, now=now)
