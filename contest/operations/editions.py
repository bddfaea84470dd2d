"""Editions made, saved and opened. What happens at opening is frozen: prize slots and consent texts."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM, Actor, Role
from contest.domain.dotted import put, value_at
from contest.domain.errors import Conflict
from contest.domain.gates import Blocker
from contest.domain.rules import errors
from contest.domain.schedule import Schedule, parse_instant
from contest.domain.stages import Stage
from contest.infra.registry import Registry
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import ConsentText, Edition, Holiday, PrizeSlot, Spot
from contest.operations.stages import move_stage
from contest.queries.editions import get_edition, problems_of, rules_of

SCHEDULE = tuple(name for name, _ in Schedule().instants())


_TOO_LARGE = 10_000


def create_draft(
    uow: UnitOfWork,
    document: dict[str, Any],
    schedule: Schedule,
    *,
    actor: Actor,
    now: dt.datetime,
    copied_from: str | None = None,
) -> Edition:
    """A new draft; it may hold errors, they only keep it from opening.

    Raises Conflict `edition.exists` if there is one of that year and number.
    """
    year, number = _identity(document, now.year, 1)
    if uow.session.scalar(select(Edition.id).where(Edition.year == year, Edition.number == number)):
        raise Conflict("edition.exists", year=year, number=number)
    edition = Edition(
        id=uow.ids.token(), year=year, number=number, stage=Stage.DRAFT, document=document, version=1,
        copied_from=copied_from, created_at=now, next_receipt=1, **dict(schedule.instants()),
    )  # fmt: skip
    uow.session.add(edition)
    uow.note("edition.created", ("edition", edition.id), actor=actor, now=now, edition_id=edition.id)
    uow.session.flush()
    return edition


def copy_edition(uow: UnitOfWork, source_id: str, *, actor: Actor, now: dt.datetime) -> Edition:
    """A draft of the next year's edition from an earlier one: same rules, every date a year later.

    Weekdays move with the calendar; the cross-checks point at whatever no longer fits.
    """
    source = get_edition(uow.session, source_id)
    document = copy.deepcopy(source.document)
    newest = uow.session.execute(select(func.max(Edition.year), func.max(Edition.number))).one()
    document["year"], document["number"] = newest[0] + 1, newest[1] + 1
    years = document["year"] - source.year
    title = value_at(document, "texts.ko.title")
    if isinstance(title, str):
        put(document, "texts.ko.title", title.replace(f"제{source.number}회", f"제{document['number']}회"))
    moved = {
        name: _years_later(value, years) if (value := getattr(source, name)) else None for name in SCHEDULE
    }
    entry = document.get("entry")
    if isinstance(entry, dict):
        for key in ("taken_from", "taken_until"):
            if isinstance(day := entry.get(key), str) and day[:4].isdigit():
                entry[key] = f"{int(day[:4]) + years}{day[4:]}".replace("-02-29", "-02-28")
    return create_draft(uow, document, Schedule(**moved), actor=actor, now=now, copied_from=source.id)


def _years_later(instant: dt.datetime, years: int) -> dt.datetime:
    try:
        return instant.replace(year=instant.year + years)
    except ValueError:  # 29 February
        return instant.replace(year=instant.year + years, day=28)


def _identity(document: dict[str, Any], year: int, number: int) -> tuple[int, int]:
    """Year and number as columns; what a draft cannot say yet stays as it was."""
    said_year, said_number = document.get("year"), document.get("number")
    if type(said_year) is int and 0 < said_year < _TOO_LARGE:
        year = said_year
    if type(said_number) is int and 0 < said_number < _TOO_LARGE:
        number = said_number
    return year, number


def save_draft(
    uow: UnitOfWork,
    edition_id: str,
    document: dict[str, Any],
    schedule: Schedule,
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Edition:
    """Save a draft with whatever errors it has. `version` is what the page was opened with.

    Raises Conflict `edition.opened` after opening, `edition.changed` if somebody saved meanwhile,
    `edition.exists` if another edition has its year and number.
    """
    edition = get_edition(uow.session, edition_id)
    if edition.stage is not Stage.DRAFT:
        raise Conflict("edition.opened")
    if edition.version != version:
        raise Conflict("edition.changed")
    edition.document = document
    year, number = _identity(document, edition.year, edition.number)
    taken = select(Edition.id).where(Edition.year == year, Edition.number == number, Edition.id != edition_id)
    if uow.session.scalar(taken):
        raise Conflict("edition.exists", year=year, number=number)
    edition.year, edition.number = year, number
    for name, instant in schedule.instants():
        setattr(edition, name, instant)
    edition.version += 1
    uow.note(
        "edition.saved",
        ("edition", edition_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        version=edition.version,
    )
    return edition


def opening_gate(session: Session, edition_id: str, target: Stage, now: dt.datetime) -> list[Blocker]:
    """An edition opens only without errors; its warnings are shown."""
    if target is not Stage.OPEN:
        return []
    found = problems_of(session, get_edition(session, edition_id), now)
    wrong = {id(problem) for problem in errors(found)}
    return [
        Blocker(problem.code, dict(problem.facts), link=problem.field, is_warning=id(problem) not in wrong)
        for problem in found
    ]


def freeze_at_opening(uow: UnitOfWork, edition_id: str, stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """Make the prize slots from the scheme and keep the consents' wording, once, when the edition opens."""
    del actor, now
    if stage is not Stage.OPEN:
        return
    rules = rules_of(get_edition(uow.session, edition_id))
    uow.session.add_all(
        PrizeSlot(edition_id=edition_id, ordinal=slot.ordinal, tier_code=slot.tier_code, amount=slot.amount)
        for slot in rules.prizes.slots()
    )
    keep_consent_texts(uow, edition_id)


def keep_consent_texts(uow: UnitOfWork, edition_id: str) -> None:
    """Keep every wording of every consent by its digest; wordings already kept stay as they are."""
    rules = rules_of(get_edition(uow.session, edition_id))
    wordings = {
        wording.digest: wording for by_locale in rules.consents.values() for wording in by_locale.values()
    }
    known = set(uow.session.scalars(select(ConsentText.digest).where(ConsentText.digest.in_(wordings))))
    for digest, wording in wordings.items():
        if digest not in known:
            body = "\n\n".join(text for _, text in wording.parts)
            uow.session.add(
                ConsentText(
                    digest=digest,
                    edition_id=edition_id,
                    kind=wording.kind.value,
                    locale=wording.locale,
                    text=body,
                )
            )
    uow.session.flush()


def open_edition(
    uow: UnitOfWork, registry: Registry, edition_id: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Open a draft: its rules are frozen, its dates and texts change only by amendment from now on."""
    move_stage(uow, registry, edition_id, Stage.OPEN, actor=actor, now=now)


def approve_opening(
    uow: UnitOfWork, registry: Registry, edition_id: str, *, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Open the draft that an approver has looked at, and no later state of it.

    Raises Denied for anybody else, Conflict `edition.changed` if it was saved since, or what opening raises.
    """
    actor.require(Role.APPROVER)
    if get_edition(uow.session, edition_id).version != version:
        raise Conflict("edition.changed")
    open_edition(uow, registry, edition_id, actor=actor, now=now)


def seed_edition(
    uow: UnitOfWork, registry: Registry, seed: dict[str, Any], *, now: dt.datetime, actor: Actor = SYSTEM
) -> Edition:
    """An opened edition from a seed file {"schedule": {...}, "document": {...}}."""
    schedule = Schedule(**{name: parse_instant(seed["schedule"].get(name)) for name in SCHEDULE})
    edition = create_draft(uow, seed["document"], schedule, actor=actor, now=now)
    open_edition(uow, registry, edition.id, actor=actor, now=now)
    return edition


def seed_register(
    uow: UnitOfWork, spots: list[dict[str, Any]], holidays: list[dict[str, Any]], known_on: dt.date
) -> None:
    """Photo spots, and the holidays that were known on a day; those declared later are left to staff."""
    uow.session.add_all(
        Spot(
            id=uow.ids.token(), name=spot["name"]["ko"], name_en=spot["name"].get("en"), name_zh=spot["name"].get("zh"),
            latitude=spot["lat"], longitude=spot["lon"], dong=spot["dong"], note=spot.get("note"),
            published=spot["published"], position=spot["number"],
        )
        for spot in spots
    )  # fmt: skip
    held = set(uow.session.scalars(select(Holiday.day)))
    for holiday in holidays:
        day, declared = dt.date.fromisoformat(holiday["date"]), holiday["added_on"]
        if day not in held and (declared is None or dt.date.fromisoformat(declared) <= known_on):
            uow.session.add(Holiday(day=day, name=holiday["name"]))
