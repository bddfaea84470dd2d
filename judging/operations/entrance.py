"""How a judge comes in: the link, and a PIN set at the first visit and asked for at every other."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.operations.sessions import SignedIn, begin_session
from contest.operations.throttles import admit, forget, throttle_key
from judging.domain.pin import check_new_pin, parse_pin
from judging.models.panel import Judge
from judging.queries.entrance import Door, demonstration_door, door_of

Entered = tuple[str, SignedIn]


def set_pin(
    services: Services, signed: str, pin: str, again: str, *, network: str, now: dt.datetime
) -> Entered:
    """The first visit: the PIN is set and the judge is in.

    Raises Missing `judge.link_dead`, Conflict `pin.already_set`, Invalid from the PIN.
    """
    chosen = check_new_pin(pin, again)
    with services.database.read() as session:
        door = door_of(session, services.crypto, signed)
    if door.pin_digest is not None:
        raise Conflict("pin.already_set")
    digest = services.passwords.hash(chosen)  # its cost must hold up nobody: outside any transaction
    with services.database.write() as uow:
        account = uow.session.get_one(Account, door.account_id, with_for_update=True)
        if account.password_digest is not None or account.epoch != door.epoch:
            raise Conflict("pin.already_set")
        account.password_digest = digest
        actor = Actor("judge", account.id, Role.JUDGE, network)
        uow.note("judge.pin_set", ("judge", door.judge_id), actor=actor, now=now)
        return _enter(uow, door, network=network, now=now, wall=services.clock.wall())


def enter_with_pin(services: Services, signed: str, pin: str, *, network: str, now: dt.datetime) -> Entered:
    """Every later visit. Raises Missing `judge.link_dead`, Denied `pin.wrong`, Throttled."""
    wall = services.clock.wall()
    with services.database.read() as session:
        door = door_of(session, services.crypto, signed)
    with services.database.write() as uow:
        key = throttle_key(uow, "judge_pin", door.judge_id)
        admit(uow, key, wall=wall)
    if not services.passwords.check(door.pin_digest, parse_pin(pin)):
        with services.database.write() as uow:
            actor = Actor("citizen", None, None, network)
            uow.note("judge.pin_refused", ("judge", door.judge_id), actor=actor, now=now)
        raise Denied("pin.wrong", field="pin")
    with services.database.write() as uow:
        forget(uow, key)
        return _enter(uow, door, network=network, now=now, wall=wall)


def enter_demonstration(
    uow: UnitOfWork, account_id: str, *, network: str, now: dt.datetime, wall: dt.datetime
) -> Entered:
    """One click into a judge's place; the caller has made sure that this is a demonstration. Raises Missing."""
    door = demonstration_door(uow.session, account_id)
    return _enter(uow, door, network=network, now=now, wall=wall)


def _enter(uow: UnitOfWork, door: Door, *, network: str, now: dt.datetime, wall: dt.datetime) -> Entered:
    account = uow.session.get_one(Account, door.account_id)
    judge = uow.session.get_one(Judge, door.judge_id)
    if account.disabled_at is not None or account.epoch != door.epoch or judge.released_at is not None:
        raise Denied("pin.wrong", field="pin")
    if judge.first_seen_at is None:
        judge.first_seen_at = now
    actor = Actor("judge", account.id, Role.JUDGE, network)
    # What one has (the link) and what one knows (the PIN): two factors.
    return begin_session(uow, account, actor=actor, now=now, wall=wall, second_factor=True)
