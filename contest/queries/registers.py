"""The registers as staff read them: holidays with what they touch, photo spots."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.domain.touching import touched_by
from contest.models.edition import Edition, Holiday, Spot
from contest.queries.editions import schedule_of


@dataclass(frozen=True)
class Touched:
    """Dates of an edition that a holiday falls on, by the names of the schedule."""

    edition_id: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class HolidayLine:
    """A holiday and what it touches of editions that are not over."""

    day: dt.date
    name: str
    touches: tuple[Touched, ...]


@dataclass(frozen=True)
class SpotLine:
    """A photo spot of the register."""

    id: str
    name: str
    name_en: str
    name_zh: str
    latitude: float
    longitude: float
    dong: str
    note: str
    published: bool


def list_holidays(session: Session, now: dt.datetime) -> list[HolidayLine]:
    """Every holiday, newest first."""
    running = [
        (row, schedule_of(row))
        for row in session.scalars(
            select(Edition).where(or_(Edition.publish_at.is_(None), Edition.publish_at > now))
        )
    ]
    return [
        HolidayLine(
            day.day,
            day.name,
            tuple(
                Touched(edition.id, f"{edition.year}년 제{edition.number}회", names)
                for edition, schedule in running
                if (names := touched_by(schedule, day.day))
            ),
        )
        for day in session.scalars(select(Holiday).order_by(Holiday.day.desc()))
    ]


def list_spots(session: Session) -> list[SpotLine]:
    """Every spot in the order of the register, hidden ones too."""
    return [_line(row) for row in session.scalars(select(Spot).order_by(Spot.position, Spot.id))]


def get_spot(session: Session, spot_id: str) -> SpotLine:
    """One spot. Raises Missing."""
    row = session.get(Spot, spot_id)
    if row is None:
        raise Missing("missing")
    return _line(row)


def _line(row: Spot) -> SpotLine:
    return SpotLine(
        row.id, row.name, row.name_en or "", row.name_zh or "", row.latitude, row.longitude,
        row.dong or "", row.note or "", row.published,
    )  # fmt: skip
