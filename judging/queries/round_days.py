"""The days of rounds that an amendment may no longer move: of a round that is sealed, or whose first day has come."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.document_reader import Problem, error
from judging.models.round import Round, RoundState


def days_that_stand(
    session: Session, edition_id: str, paths: frozenset[str], now: dt.datetime
) -> list[Problem]:
    """An error for every path that names a day which judging has left behind."""
    found = []
    for ordinal, state, opens in session.execute(
        select(Round.ordinal, Round.state, Round.opens_at)
        .where(Round.edition_id == edition_id)
        .order_by(Round.ordinal)
    ):
        first, last = (f"rounds.{ordinal - 1}.{name}" for name in ("opens", "closes"))
        if state is not RoundState.OPEN:
            found += [error(path, "amendment.round_sealed") for path in (first, last) if path in paths]
        elif first in paths and (opens is None or opens <= now):
            found.append(error(first, "amendment.round_begun"))
    return found
