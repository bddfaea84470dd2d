"""Looking again, with this version of the checks, at photographs that an older one looked at.

What was found before is kept beside the work. Decisions of people, pictures and comparisons stay as they are.
Resumed after a kill: a photograph that was done carries the version, so what is left is read from the rows.
"""

from __future__ import annotations

import datetime as dt
import logging

from sqlalchemy import select

from contest.domain.actors import SYSTEM, Actor, Role
from contest.domain.check_version import CHECK_VERSION
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.infra.imaging.client import ImagingUnavailable
from contest.infra.imaging.results import Inspection
from contest.infra.storage import StorageError
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.entry import STANDING, Entry, FindingRow, PastResult
from contest.models.outbox import Errand
from contest.models.photo import Photo, PhotoState
from contest.operations.errands import TURN, begin_errand, report, take_turn
from contest.operations.examine import facts_of, limits_of, original_of
from contest.operations.findings import refresh_findings
from contest.operations.hand_marks import keep_marks
from contest.queries.editions import get_edition
from contest.queries.recheck import LOOKED_AT, count_outdated, outdated

KIND = "recheck"

log = logging.getLogger(__name__)


def begin_recheck(
    uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime, wall: dt.datetime
) -> str:
    """Begin to look again at every photograph of an edition that an older version looked at; the errand's id.

    Raises Conflict: recheck.none where there is no such photograph, recheck.over once the results are decided,
    errand.running.
    """
    actor.require(Role.OPERATOR, Role.ADMINISTRATOR)
    if get_edition(uow.session, edition_id).stage is Stage.DECIDED:
        raise Conflict("recheck.over")
    total = count_outdated(uow.session, edition_id)
    if not total:
        raise Conflict("recheck.none")
    errand_id = begin_errand(uow, KIND, {"edition_id": edition_id}, actor=actor, now=now, wall=wall)
    uow.session.get_one(Errand, errand_id).total = total
    return errand_id


def recheck_some(services: Services, errand_id: str, turn: int = 0, after: str = "") -> None:
    """One turn: the next photographs after an id, then the next turn is rung for; rung twice, it is taken once."""
    asked = take_turn(services, errand_id, turn)
    if asked is None:
        return
    edition_id = str(asked["edition_id"])
    with services.database.read() as session:
        batch = outdated(session, edition_id, after, TURN)
    for photo_id in batch:
        _look_again(services, errand_id, photo_id)
        _tell(services, errand_id, edition_id, photo_id)
    if len(batch) == TURN:
        services.jobs.ring(KIND, errand_id=errand_id, turn=turn + 1, after=batch[-1])
        return
    _finish(services, errand_id, edition_id)


def _tell(services: Services, errand_id: str, edition_id: str, photo_id: str) -> None:
    with services.database.read() as session:
        total = session.scalar(select(Errand.total).where(Errand.id == errand_id)) or 0
        ahead = count_outdated(session, edition_id, after=photo_id)
    done = max(0, total - ahead)
    report(services, errand_id, done=done, line=f"사진 {total}장 가운데 {done}장을 보았습니다.")


def _finish(services: Services, errand_id: str, edition_id: str) -> None:
    with services.database.read() as session:
        total = session.scalar(select(Errand.total).where(Errand.id == errand_id)) or 0
        left = count_outdated(session, edition_id)
    line = f"사진 {max(0, total - left)}장을 다시 검사했습니다."
    if left:
        line += f" {left}장은 이번에 보지 못해 이전 결과를 그대로 두었습니다."
    report(services, errand_id, done=total, line=line, finished_at=services.clock.fresh())


def _look_again(services: Services, errand_id: str, photo_id: str) -> None:
    """One photograph; it keeps its old version where it could not be looked at for now."""
    with services.database.read() as session:
        photo = session.get(Photo, photo_id)
        if photo is None:
            return
        suffix, limits = photo.suffix, limits_of(session, photo)
    try:
        seen = services.imaging.inspect(
            original_of(services, photo_id), filename_suffix=suffix, limits=limits
        )
    except (ImagingUnavailable, StorageError, OSError):
        log.exception("photograph %s could not be looked at again", photo_id)
        return
    if seen.cause is not None:  # the child died, of this file or of the machine: what is known stays
        log.warning("photograph %s could not be looked at again: %s", photo_id, seen.cause)
        return
    with services.database.write() as uow:
        _apply(uow, errand_id, photo_id, seen, now=services.clock.now())


def _apply(uow: UnitOfWork, errand_id: str, photo_id: str, seen: Inspection, *, now: dt.datetime) -> None:
    photo = uow.session.get(Photo, photo_id, with_for_update=True)
    if photo is None or photo.checked_with >= CHECK_VERSION or photo.state not in LOOKED_AT:
        return
    entries = uow.session.scalars(
        select(Entry).where(Entry.photo_id == photo_id, Entry.state.in_(STANDING))
    ).all()
    was_sound, old = photo.state is PhotoState.CHECKED, photo.checked_with
    past = [_keep(uow, errand_id, entry, old, now=now) for entry in entries]
    photo.checked_with = CHECK_VERSION
    is_unread = was_sound and not seen.ok
    if was_sound and seen.ok:
        zoom = {"zoom": photo.facts["zoom"]} if "zoom" in photo.facts else {}
        photo.facts, photo.examined_at = facts_of(seen).to_document() | zoom, now
        keep_marks(uow, photo, seen.hand_marks)
    elif seen.refusal is not None and not was_sound:
        photo.refusal, photo.examined_at = seen.refusal.value, now
        photo.facts = {"refusal": dict(seen.facts), "cause": seen.cause}
    elif not was_sound:  # it can be read now: examined like one that has just come, pictures and all
        photo.state, photo.refusal, photo.attempts = PhotoState.WAITING, None, 0
        uow.ring("examine", photo_id=photo_id)
    refresh_findings(uow, entries, now=now)
    for entry, kept in zip(entries, past, strict=True):
        kept.verdict_after, kept.is_unread = entry.verdict, is_unread
    uow.note(
        "photo.rechecked",
        ("photo", photo_id),
        actor=SYSTEM,
        now=now,
        edition_id=photo.edition_id,
        before=old,
        after=CHECK_VERSION,
    )


def _keep(uow: UnitOfWork, errand_id: str, entry: Entry, version: int, *, now: dt.datetime) -> PastResult:
    rows = uow.session.scalars(
        select(FindingRow)
        .where(FindingRow.entry_id == entry.id, FindingRow.grade != "off")
        .order_by(FindingRow.kind, FindingRow.id)
    )
    kept = PastResult(
        id=uow.ids.token(), entry_id=entry.id, errand_id=errand_id, version=version, verdict=entry.verdict,
        verdict_after=None, is_unread=False, replaced_at=now,
        findings=[
            {"kind": row.kind, "grade": row.grade, "facts": row.facts, "is_settled": row.settled_at is not None}
            for row in rows
        ],
    )  # fmt: skip
    uow.session.add(kept)
    return kept
