"""Scores: each press appended to the judge's own hash chain, once, however often it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.domain.actors import Actor
from contest.domain.errors import Conflict, Invalid
from contest.infra.unit_of_work import UnitOfWork
from judging.domain.balloting import CODE as PLACE
from judging.domain.balloting import check_ballot, is_whole
from judging.domain.pledges import check_signature, completion_text, text_digest
from judging.domain.score_chain import genesis, link
from judging.domain.scoring import check_score
from judging.models.panel import Judge
from judging.models.round import Completion, JudgeWork, Round, ScoreEvent
from judging.queries.blind import Seat, blind_entry, check_work, contest_title, seat_of, tiles
from judging.queries.readiness import as_chained
from judging.queries.scorecards import counts, own_card

MAX_KEY = 64
MAX_NOTE = 2000


@dataclass(frozen=True)
class _Press:
    """One level as it arrives: which work and criterion, and the key that makes a repeat harmless."""

    work_id: str
    criterion: str
    level: int | None
    client_key: str


@dataclass(frozen=True)
class Saved:
    """What the judge is told: when it was stored, what stands for the work now."""

    saved_at: dt.datetime
    levels: Mapping[str, int]


def save_score(
    uow: UnitOfWork,
    work_id: str,
    criterion: str,
    level: int | None,
    client_key: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Saved:
    """Append one level (None clears it). The same client_key twice is one event and the same answer.

    Raises Missing for a work that does not exist for this judge; Conflict `score.not_open`, `score.closed`,
    `score.completed`, `score.key_reused`; Invalid from the rubric or `score.key_missing`.
    """
    seat = _open_seat(uow, actor, now)
    assert seat.round_id is not None
    assert seat.rule is not None
    _refuse_places(seat)
    check_work(uow.session, seat, work_id)
    at = _append(uow, seat, _Press(work_id, criterion, level, client_key), now)
    uow.session.flush()
    return _saved(uow, seat, work_id, at)


def save_sheet(
    uow: UnitOfWork,
    work_id: str,
    levels: Mapping[str, int],
    note: str,
    *,
    flagged: bool | None,
    actor: Actor,
    now: dt.datetime,
) -> Saved:
    """A whole form at once, for browsers without script: only what changed is appended. Raises as save_score."""
    seat = _open_seat(uow, actor, now)
    assert seat.round_id is not None
    held = blind_entry(uow.session, seat, work_id)
    if levels:
        _refuse_places(seat)
    for criterion, level in levels.items():
        if held.levels.get(criterion) != level:
            # A form sent twice finds nothing changed the second time; its events need no key of their own.
            _append(uow, seat, _Press(work_id, criterion, level, uow.ids.token()), now)
    _write_note(uow, work_id, note, flagged=flagged, now=now)
    uow.session.flush()
    return _saved(uow, seat, work_id, now)


def save_order(
    uow: UnitOfWork, order: Sequence[str], *, actor: Actor, now: dt.datetime, may_have_left: bool = False
) -> dt.datetime:
    """A judge's whole order of the works, best first: only places that changed are appended; when it was stored.

    may_have_left: an order that waited may name works that left meanwhile; the others keep their order.
    Raises as save_score, Conflict `ballot.not_asked` where the round is not judged so, Invalid `ballot.order`.
    """
    seat = _open_seat(uow, actor, now)
    assert seat.round_id is not None
    assert seat.rule is not None
    if not seat.rule.is_ballot:
        raise Conflict("ballot.not_asked")
    held = {tile.work_id: tile.levels.get(PLACE) for tile in tiles(uow.session, seat)}
    wanted = [work for work in order if work in held] if may_have_left else order
    for work, place in check_ballot(held, wanted).items():
        if held[work] != place:
            _append(uow, seat, _Press(work, PLACE, place, uow.ids.token()), now)
    return now


def write_note(uow: UnitOfWork, work_id: str, note: str, *, actor: Actor, now: dt.datetime) -> dt.datetime:
    """The judge's private note on a work; when it was stored.

    Raises Missing, Conflict `score.not_open` `score.completed`, Invalid `note.long`.
    """
    seat = _open_seat(uow, actor, now)
    check_work(uow.session, seat, work_id)
    _write_note(uow, work_id, note, flagged=None, now=now)
    return now


def set_flag(uow: UnitOfWork, work_id: str, *, is_on: bool, actor: Actor, now: dt.datetime) -> dt.datetime:
    """Put the judge's own mark on a work, or take it off; when it was stored. Raises as write_note."""
    seat = _open_seat(uow, actor, now)
    check_work(uow.session, seat, work_id)
    uow.session.get_one(JudgeWork, work_id).flagged = is_on
    return now


def complete_judging(uow: UnitOfWork, signed_name: str, *, name: str, actor: Actor, now: dt.datetime) -> None:
    """심사 완료: the judge signs by typing the name of the account; no score is taken after it.

    After the announced end whole scores can still be signed until staff seal the round.

    Raises Conflict `score.not_open`, `score.completed`, `judging.works_left` (count), `ballot.broken`; Invalid from
    the signature.
    """
    seat = _locked_seat(uow, actor)
    if not seat.may_sign(now):
        raise Conflict("score.not_open")
    assert seat.round_id is not None
    assert seat.rule is not None
    signature = check_signature(signed_name, name)
    works, whole, _ = counts(uow.session, seat.round_id, len(seat.rule.rubric.criteria), [seat.judge_id]).get(
        seat.judge_id, (0, 0, 0)
    )
    if whole < works:
        raise Conflict("judging.works_left", count=works - whole)
    if seat.rule.is_ballot and not is_whole(tile.levels[PLACE] for tile in tiles(uow.session, seat)):
        raise Conflict("ballot.broken")
    words = completion_text(contest_title(uow.session, seat), seat.rule.name)
    last = _last_event(uow, seat)
    events, head = (last.seq, last.digest) if last else (0, genesis(seat.round_id, seat.judge_id))
    uow.session.add(
        Completion(
            round_id=seat.round_id,
            judge_id=seat.judge_id,
            signed_name=signature,
            signed_at=now,
            events=events,
            chain_head=head,
            text=words,
            text_digest=text_digest(words),
        )
    )
    uow.note(
        "judging.completed",
        ("judge", seat.judge_id),
        actor=actor,
        now=now,
        edition_id=seat.edition_id,
        events=events,
        chain_head=head,
        text=text_digest(words),
    )


def _open_seat(uow: UnitOfWork, actor: Actor, now: dt.datetime) -> Seat:
    """The actor's seat, locked, if scores are taken. Raises Conflict `score.closed`, `score.not_open`."""
    seat = _locked_seat(uow, actor)
    if seat.may_sign(now) and seat.is_over(now):
        raise Conflict("score.closed")
    if not seat.is_open(now):
        raise Conflict("score.not_open")
    return seat


def lock_seat(uow: UnitOfWork, actor: Actor) -> Seat:
    """The actor's seat, locked against the judge's other windows and against sealing."""
    session = uow.session
    session.execute(select(Judge.id).where(Judge.account_id == actor.id).with_for_update())
    session.execute(
        select(Round.id)
        .join(Judge, Judge.edition_id == Round.edition_id)
        .where(Judge.account_id == actor.id)
        .with_for_update(read=True, of=Round)
    )
    return seat_of(session, actor.id)


def _locked_seat(uow: UnitOfWork, actor: Actor) -> Seat:
    """The same, pledged and unsigned."""
    seat = lock_seat(uow, actor)
    if not seat.has_pledged:
        raise Conflict("pledge.missing")
    if seat.completed_at is not None:
        raise Conflict("score.completed")
    return seat


def _refuse_places(seat: Seat) -> None:
    """A place is part of a whole order and is not given alone. Raises Conflict `ballot.asked`."""
    if seat.rule is not None and seat.rule.is_ballot:
        raise Conflict("ballot.asked")


def _append(uow: UnitOfWork, seat: Seat, press: _Press, now: dt.datetime) -> dt.datetime:
    assert seat.round_id is not None
    assert seat.rule is not None
    check_score(seat.rule.rubric, press.criterion, press.level)
    if not press.client_key or len(press.client_key) > MAX_KEY:
        raise Invalid("score.key_missing")
    known = uow.session.scalars(
        select(ScoreEvent).where(
            ScoreEvent.judge_id == seat.judge_id, ScoreEvent.client_key == press.client_key
        )
    ).first()
    if known is not None:
        if _Press(known.work_id, known.criterion, known.level, known.client_key) != press:
            raise Conflict("score.key_reused")
        return known.at
    last = _last_event(uow, seat)
    previous = last.digest if last else genesis(seat.round_id, seat.judge_id)
    event = ScoreEvent(
        judge_id=seat.judge_id,
        round_id=seat.round_id,
        seq=last.seq + 1 if last else 1,
        work_id=press.work_id,
        criterion=press.criterion,
        level=press.level,
        at=now,
        client_key=press.client_key,
        previous=previous,
    )
    event.digest = link(previous, as_chained(event))
    uow.session.add(event)
    uow.session.flush()
    return now


def _last_event(uow: UnitOfWork, seat: Seat) -> ScoreEvent | None:
    return uow.session.scalars(
        select(ScoreEvent)
        .where(ScoreEvent.judge_id == seat.judge_id, ScoreEvent.round_id == seat.round_id)
        .order_by(ScoreEvent.seq.desc())
        .limit(1)
    ).first()


def _write_note(uow: UnitOfWork, work_id: str, note: str, *, flagged: bool | None, now: dt.datetime) -> None:
    if len(note) > MAX_NOTE:
        raise Invalid("note.long", field="note", most=MAX_NOTE)
    work = uow.session.get_one(JudgeWork, work_id)
    work.note, work.note_at = note.strip() or None, now
    if flagged is not None:
        work.flagged = flagged


def _saved(uow: UnitOfWork, seat: Seat, work_id: str, at: dt.datetime) -> Saved:
    assert seat.round_id is not None
    return Saved(at, own_card(uow.session, seat.round_id, seat.judge_id, work_id))
