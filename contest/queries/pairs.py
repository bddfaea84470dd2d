"""Suspected pairs of an edition, as a list of frozen values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Subquery, and_, case, false, func, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from contest.domain.fingerprints import Likeness
from contest.models.entry import STANDING, Entry, EntryState
from contest.models.photo import Pair, Photo
from contest.queries.library import names_in_library
from contest.queries.photographs import Picture, pictures_of

PER_PAGE = 30
#: How sure a pair is, the surest 0, the weak last.
SURENESS = case({kind.value: at for at, kind in enumerate(Likeness)}, value=Pair.kind)


@dataclass(frozen=True)
class Side:
    """One photograph of a pair; entry_id and number are None for a draft or where the record is gone."""

    photo_id: str
    entry_id: str | None
    entry_number: str | None
    is_here: bool
    thumb: Picture | None
    library: str | None = None  # its name, if it is a winner of another contest


@dataclass(frozen=True)
class ListedPair:
    """A pair, the earlier photograph first."""

    first: Side
    second: Side
    kind: str
    distance: int | None
    decision: str | None


@dataclass(frozen=True)
class Pairs:
    """A page of pairs; open counts the undecided ones, scenes those that are another frame of one scene."""

    items: tuple[ListedPair, ...]
    open: int
    scenes: int
    total: int
    page: int
    pages: int


def load_pairs(
    session: Session, edition_id: str, *, undecided: bool, scenes: bool = False, page: int = 1
) -> Pairs:
    """Pairs with a work handed in for this edition, the surest first; or those of one scene, never among the others."""
    first, second = aliased(Photo), aliased(Photo)
    one, other = aliased(Entry), aliased(Entry)
    is_scene = Pair.kind == Likeness.SCENE.value
    joined = (
        select(Pair, one, other, first.edition_id, second.edition_id)
        .join(first, first.id == Pair.first_photo_id)
        .join(second, second.id == Pair.second_photo_id)
        .outerjoin(one, and_(one.photo_id == first.id, one.state.in_(STANDING)))
        .outerjoin(other, and_(other.photo_id == second.id, other.state.in_(STANDING)))
        .where(
            or_(
                and_(one.edition_id == edition_id, first.edition_id == edition_id),
                and_(other.edition_id == edition_id, second.edition_id == edition_id),
            ),
            # A photograph of this edition without a work has been taken back or is still a draft.
            or_(first.edition_id.is_distinct_from(edition_id), one.id.is_not(None)),
            or_(second.edition_id.is_distinct_from(edition_id), other.id.is_not(None)),
        )
    )
    # Where one side was found unfit there is nothing left to say.
    is_open = and_(
        Pair.decision.is_(None),
        ~is_scene,
        or_(one.id.is_(None), one.state != EntryState.UNFIT),
        or_(other.id.is_(None), other.state != EntryState.UNFIT),
    )
    counted = session.execute(
        joined.with_only_columns(
            func.count(case((is_open, 1))),
            func.count(case((is_scene, 1))),
            func.count(case((~is_scene, 1))),
            maintain_column_froms=True,
        )
    ).one()
    joined = joined.where(is_scene if scenes else ~is_scene)
    if undecided and not scenes:
        joined = joined.where(is_open)
    total = counted[1] if scenes else counted[0] if undecided else counted[2]
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        joined.order_by(SURENESS, Pair.pdq_distance, Pair.first_photo_id, Pair.second_photo_id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    photo_ids = {photo_id for row in rows for photo_id in (row[0].first_photo_id, row[0].second_photo_id)}
    thumbs = pictures_of(session, photo_ids, "thumb")
    elsewhere = names_in_library(session, photo_ids)

    def side(photo_id: str, entry: Entry | None, photo_edition: str | None) -> Side:
        return Side(
            photo_id,
            entry.id if entry else None,
            entry.entry_number if entry else None,
            photo_edition == edition_id,
            thumbs.get((photo_id, "thumb")),
            elsewhere.get(photo_id),
        )

    items = tuple(
        ListedPair(
            side(pair.first_photo_id, left, left_edition),
            side(pair.second_photo_id, right, right_edition),
            pair.kind,
            pair.pdq_distance,
            pair.decision,
        )
        for pair, left, right, left_edition, right_edition in rows
    )
    return Pairs(items, counted[0], counted[1], counted[2], page, pages)


def sides_of(photo_ids: Collection[str]) -> Subquery:
    """The pairs of these photographs, each seen from one of them: `mine` beside the `other`."""
    first, second = Pair.first_photo_id, Pair.second_photo_id
    shown = (
        Pair.kind,
        SURENESS.label("sureness"),
        Pair.pdq_distance,
        Pair.alignment["inliers"].as_integer().label("points"),
        Pair.decision,
        Pair.found_at,
    )
    return union_all(
        *(
            select(mine.label("mine"), other.label("other"), is_earlier.label("is_earlier"), *shown).where(
                mine.in_(photo_ids)
            )
            for mine, other, is_earlier in ((second, first, true()), (first, second, false()))
        )
    ).subquery()
