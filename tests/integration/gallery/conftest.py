"""A decided contest on 30 September 2024, a minute to come, and those who act."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from factories.winners import Decided, decide_contest

from contest.domain.actors import Actor, Role
from contest.infra.clock import KST
from gallery.operations.approve import approve
from gallery.queries.draft import draft_of

MINUTE = dt.datetime(2024, 10, 1, 10, 0, tzinfo=KST)
EVE = dt.datetime(2024, 9, 30, 15, 0, tzinfo=KST)


@dataclass(frozen=True)
class People:
    """Who acts."""

    operator: Actor
    approver: Actor


@pytest.fixture
def people(make_account):
    return People(
        make_account(Role.OPERATOR, login="operator@example.kr"),
        make_account(Role.APPROVER, login="approver@example.kr"),
    )


@pytest.fixture
def decided(services, clock, edition, people) -> Decided:
    clock.move_to(EVE.astimezone(dt.UTC))
    return decide_contest(services, edition.id, people.operator)


@pytest.fixture
def draft(services):
    """draft(edition_id) -> what would be published now."""

    def load(edition_id: str):
        from contest.queries.editions import get_edition

        with services.database.read() as session:
            return draft_of(session, services.crypto, get_edition(session, edition_id), services.clock.now())

    return load


@pytest.fixture
def approved(services, decided, people, draft) -> str:
    """The id of the approval of the decided contest."""
    with services.database.write() as uow:
        return approve(
            uow,
            decided.edition_id,
            draft(decided.edition_id).digest,
            actor=people.approver,
            now=services.clock.now(),
        ).id
