"""A judge's own keys, kept with the seat: the same on every computer the judge sits at."""

from __future__ import annotations

from collections.abc import Mapping

from contest.domain.actors import Actor
from contest.infra.unit_of_work import UnitOfWork
from judging.domain.desk_keys import choose_keys
from judging.models.panel import Judge
from judging.queries.blind import seat_of


def keep_keys(uow: UnitOfWork, given: Mapping[str, str], *, is_on: bool, actor: Actor) -> None:
    """Keep the keys as typed, act -> character. Raises Invalid `desk.keys_unfit`, `desk.keys_double`; Missing."""
    _own_row(uow, actor).desk_keys = choose_keys(given, is_on=is_on).to_document()


def reset_keys(uow: UnitOfWork, *, actor: Actor) -> None:
    """Back to the usual keys, switched on. Raises Missing."""
    _own_row(uow, actor).desk_keys = None


def _own_row(uow: UnitOfWork, actor: Actor) -> Judge:
    return uow.session.get_one(Judge, seat_of(uow.session, actor.id).judge_id)
