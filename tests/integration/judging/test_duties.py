"""The sweep over a jury, the clock moved: each duty is told once and taken back when it is done."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from factories.panels import Jury, score_work, sign_off, works_of
from sqlalchemy import delete, select

from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.outbox import Message
from judging.models.panel import Judge, Pledge
from judging.models.round import Round, RoundState
from judging.operations.timely import send_duties


def at(services: Services, clock: SteppedClock, instant: dt.datetime) -> Counter[str]:
    """Sweep twice at an instant; the codes that still wait."""
    clock.move_to(instant)
    send_duties(services, clock.now())
    send_duties(services, clock.now())
    with services.database.read() as session:
        waiting = select(Message.code).where(Message.voided_at.is_(None), Message.sent_at.is_(None))
        return Counter(session.scalars(waiting))


def test_judges_and_operators_are_told_what_is_due(
    services: Services, clock: SteppedClock, edition: Edition, jury: Jury
) -> None:
    with services.database.write() as uow:
        for number, account in enumerate(uow.session.scalars(select(Account).order_by(Account.id))):
            account.phone, account.email = f"+8210123400{number:02}", f"person{number}@example.kr"
        for seat in uow.session.scalars(select(Judge)):
            seat.invited_at = clock.now()
        held = uow.session.get_one(Edition, edition.id)
        closes, verification = held.judging_closes, held.verification_opens
        unsigned = uow.session.scalars(select(Judge.id).where(Judge.account_id == jury.judges[4].id)).one()
        uow.session.execute(delete(Pledge).where(Pledge.judge_id == unsigned))
    assert closes is not None
    assert verification is not None
    # Texts wait for the office's sender, mail has left at once.
    assert at(services, clock, clock.now()) == {"J2": 5, "O3": 1}
    assert at(services, clock, closes - dt.timedelta(days=2)) == {"J2": 5, "O3": 1 + 5}
    sign_off_without_scores(services, jury)
    assert at(services, clock, closes - dt.timedelta(days=1)) == {"J2": 1, "O3": 2}
    with services.database.write() as uow:
        held_round = uow.session.get_one(Round, jury.round_id)
        held_round.state, held_round.sealed_at, held_round.seal = RoundState.SEALED, clock.now(), "0" * 64
    assert at(services, clock, clock.now()) == {"J4": 5}
    with services.database.write() as uow:
        uow.session.get_one(Edition, edition.id).stage = Stage.VERIFICATION
    assert at(services, clock, verification) == {}
    with services.database.read() as session:
        left = Counter(session.scalars(select(Message.code).where(Message.sent_at.is_not(None))))
    assert left == {"J2": 11, "J5": 5}


def sign_off_without_scores(services: Services, jury: Jury) -> None:
    """All but the last are done, whatever they gave."""
    for judge in jury.judges[:4]:
        for work in works_of(services, judge):
            score_work(services, judge, work, (3, 3, 3, 3))
        sign_off(services, jury.judges, judge)
