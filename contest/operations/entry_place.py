"""Where a work was taken, by a pin, a spot, a 동 or in words; and when, if the file does not say."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor
from contest.domain.entry_texts import parse_place_words
from contest.domain.errors import Invalid
from contest.domain.exif import Coordinate
from contest.domain.korean import day_text
from contest.domain.photo_facts import PhotoFacts
from contest.domain.place import Whereabouts, find_dong, metres_between, place
from contest.infra.boundaries import load_district
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Spot
from contest.models.entry import Entry
from contest.models.photo import Photo
from contest.operations.drafts import editable, work_changed, work_of
from contest.queries.editions import rules_of

#: A pin this near a spot has not been moved away from it.
PIN_METRES = 5.0


def save_place(
    uow: UnitOfWork,
    submission_id: str,
    ordinal: int,
    *,
    point: tuple[str, str] = ("", ""),
    dong: str = "",
    spot_id: str = "",
    words: str = "",
    taken_on: dt.date | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep where (and, if the file does not say it, when) a work was taken.

    point: latitude and longitude as typed by the map; a spot stands for its own point, a dong for itself.
    Raises Invalid place.missing, place.outside, place.length, date.missing, date.window.
    """
    submission, edition = editable(uow, submission_id, now)
    rules = rules_of(edition).entry
    entry = work_of(uow.session, submission_id, ordinal)
    photo = uow.session.get(Photo, entry.photo_id) if entry.photo_id else None
    facts = PhotoFacts.from_document(photo.facts if photo else {})
    typed = parse_place_words(words)
    district = load_district()
    spot, at = _chosen(uow, entry, spot_id, _point(point))
    match = find_dong(at, district) if at else None
    if match and dong and spot is None and match.dong.name != dong:
        at = match = None  # a 동 picked from the list after the pin was set
    if at and not spot and rules.in_district and not typed:
        placing = place(at, district)
        if placing.where is Whereabouts.OUTSIDE:
            raise Invalid("place.outside", field="words", metres=placing.metres)
    known = {one.name for one in district.dongs}
    entry.latitude, entry.longitude = (at.latitude, at.longitude) if at else (None, None)
    entry.dong = (spot.dong if spot else None) or (match.dong.name if match else None)
    if not at and dong in known:
        entry.dong = dong
    entry.spot_id = spot.id if spot else None
    entry.place_words = typed
    entry.place_source = (
        "spot" if spot else "map" if at else "dong" if entry.dong else "words" if typed else None
    )
    if rules.place_required and entry.place_source is None:
        raise Invalid("place.missing", field="words")
    if facts.taken_on is None:
        entry.taken_on = _declared_day(taken_on, rules.taken_from, rules.taken_until)
    work_changed(uow, submission, entry, ["place", "taken_on"], actor=actor, now=now)


def _chosen(
    uow: UnitOfWork, entry: Entry, spot_id: str, point: Coordinate | None
) -> tuple[Spot | None, Coordinate | None]:
    """The spot and the point that are meant: a spot stands where it is, unless the pin was moved since."""
    spot = uow.session.get(Spot, spot_id) if spot_id else None
    if spot is None:
        return None, point
    there = Coordinate(spot.latitude, spot.longitude)
    has_moved = point is not None and metres_between(point, there) > PIN_METRES
    if has_moved and entry.spot_id == spot.id:
        return None, point
    return spot, there


def _declared_day(day: dt.date | None, opens: dt.date | None, closes: dt.date | None) -> dt.date | None:
    if day is None:
        raise Invalid("date.missing", field="taken_on")
    if opens and closes and not opens <= day <= closes:
        raise Invalid("date.window", field="taken_on", opens=day_text(opens), closes=day_text(closes))
    return day


def _point(point: tuple[str, str]) -> Coordinate | None:
    if not any(part.strip() for part in point):
        return None
    try:
        latitude, longitude = (float(part) for part in point)
    except ValueError as error:
        raise Invalid("place.point", field="words") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004  the globe; NaN fails too
        raise Invalid("place.point", field="words")
    return Coordinate(latitude, longitude)
