"""The office's registers that outlive an edition: public holidays and photo spots."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.exif import Coordinate
from contest.domain.korean import day_text
from contest.domain.place import find_dong, metres_to_line
from contest.infra.boundaries import load_district
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Holiday, Spot

#: A spot may lie across the line, on a ridge or beyond the stream; much further it is a slip of the hand.
FARTHEST_METRES = 3000
_NAME = 80
_NOTE = 200


def add_holiday(uow: UnitOfWork, day: dt.date | None, name: str, *, actor: Actor, now: dt.datetime) -> None:
    """Put a day into the register. Raises Invalid without day or name, Conflict `holiday.exists`."""
    actor.require(Role.OPERATOR, Role.ADMINISTRATOR)
    if day is None:
        raise Invalid("holiday.day_missing", field="day")
    if not name.strip():
        raise Invalid("holiday.name_missing", field="name")
    if uow.session.get(Holiday, day) is not None:
        raise Conflict("holiday.exists", field="day", day=day_text(day))
    uow.session.add(Holiday(day=day, name=name.strip()[:60]))
    uow.note("holiday.added", ("holiday", day.isoformat()), actor=actor, now=now)


def remove_holiday(uow: UnitOfWork, day: dt.date, *, actor: Actor, now: dt.datetime) -> None:
    """Take a day out of the register; nothing happens if it is not there."""
    actor.require(Role.OPERATOR, Role.ADMINISTRATOR)
    held = uow.session.get(Holiday, day)
    if held is not None:
        uow.session.delete(held)
        uow.note("holiday.removed", ("holiday", day.isoformat()), actor=actor, now=now)


@dataclass(frozen=True)
class SpotValues:
    """What staff write of a photo spot; coordinates in degrees (WGS84), None where none was given."""

    name: str
    name_en: str
    name_zh: str
    latitude: float | None
    longitude: float | None
    note: str
    published: bool


def save_spot(
    uow: UnitOfWork, spot_id: str | None, values: SpotValues, *, actor: Actor, now: dt.datetime
) -> Spot:
    """Add a spot (None) or change one; its dong follows from its place.

    Raises Missing, Invalid `spot.name_missing`, `spot.name_long`, `spot.note_long`, `spot.place_missing`,
    `spot.place_far`.
    """
    actor.require(Role.OPERATOR)
    point = _checked(values)
    if spot_id is None:
        last = uow.session.scalar(select(func.max(Spot.position)))
        spot = Spot(id=uow.ids.token(), position=(last or 0) + 1)
        uow.session.add(spot)
    else:
        found = uow.session.get(Spot, spot_id)
        if found is None:
            raise Missing("missing")
        spot = found
    match = find_dong(point, load_district())
    spot.name, spot.name_en, spot.name_zh = values.name, values.name_en or None, values.name_zh or None
    spot.latitude, spot.longitude = point.latitude, point.longitude
    spot.dong = None if match is None else match.dong.name
    spot.note, spot.published = values.note or None, values.published
    uow.note("spot.saved", ("spot", spot.id), actor=actor, now=now, published=values.published)
    uow.session.flush()
    return spot


def _checked(values: SpotValues) -> Coordinate:
    if not values.name:
        raise Invalid("spot.name_missing", field="name")
    for field in ("name", "name_en", "name_zh"):
        if len(getattr(values, field)) > _NAME:
            raise Invalid("spot.name_long", field=field)
    if len(values.note) > _NOTE:
        raise Invalid("spot.note_long", field="note")
    if values.latitude is None or values.longitude is None:
        raise Invalid("spot.place_missing", field="latitude")
    if not (33 <= values.latitude <= 39 and 124 <= values.longitude <= 132):  # noqa: PLR2004  Korea's box
        raise Invalid("spot.place_far", field="latitude")
    point = Coordinate(latitude=values.latitude, longitude=values.longitude)
    match = find_dong(point, load_district())
    if match is not None and match.metres and metres_to_line(load_district().land, point) > FARTHEST_METRES:
        raise Invalid("spot.place_far", field="latitude")
    return point


def show_spot(uow: UnitOfWork, spot_id: str, *, published: bool, actor: Actor, now: dt.datetime) -> None:
    """Show a spot to citizens, or hide it. Raises Missing."""
    actor.require(Role.OPERATOR)
    spot = uow.session.get(Spot, spot_id)
    if spot is None:
        raise Missing("missing")
    spot.published = published
    uow.note("spot.shown" if published else "spot.hidden", ("spot", spot_id), actor=actor, now=now)
