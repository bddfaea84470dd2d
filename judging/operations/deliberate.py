"""What a judge does in a deliberation: remarks, revisions of own scores with a reason each, and the signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select

from contest.domain.actors import Actor
from contest.domain.errors import Conflict, Invalid, Missing
from contest.infra.unit_of_work import UnitOfWork
from judging.domain.deliberation import check_words, deliberation_text
from judging.domain.pledges import check_signature, text_digest
from judging.domain.score_chain import link
from judging.domain.scoring import check_score
from judging.models.deliberation import DeliberationSignature, Remark
from judging.models.round import JudgeWork, ScoreEvent
from judging.operations.score import lock_seat
from judging.queries.blind import Seat, check_work, contest_title, seat_of
from judging.queries.readiness import as_chained
from judging.queries.runoff_record import scores_end
from judging.queries.scorecards import own_card


def revise_scores(
    uow: UnitOfWork, work_id: str, levels: Mapping[str, int], reason: str, *, actor: Actor, now: dt.datetime
) -> int:
    """Append the levels that differ from those that stand, each with the reason; how many they were.

    The same form sent twice is one revision. Raises Missing for a work that does not exist for this judge; Conflict
    `deliberation.not_open`, `deliberation.over`, `deliberation.closed`, `deliberation.signed`; Invalid from the rubric,
    `deliberation.reason_missing`, `deliberation.words_long`, `deliberation.unchanged`.
    """
    seat = _deliberating_seat(uow, actor, now)
    assert seat.round_id is not None
    assert seat.rule is not None
    _check_discussed(uow, seat, work_id)
    stands = own_card(uow.session, seat.round_id, seat.judge_id, work_id)
    for criterion, level in levels.items():
        check_score(seat.rule.rubric, criterion, level)
    said = check_words(reason, "reason")
    changed = {code: level for code, level in levels.items() if stands.get(code) != level}
    if not changed:
        if _was_said(uow, seat, work_id, said):
            return 0
        raise Invalid("deliberation.unchanged", field="reason")
    seq, previous = scores_end(uow.session, seat.round_id, seat.judge_id)
    for criterion, level in changed.items():
        seq += 1
        event = ScoreEvent(
            judge_id=seat.judge_id,
            round_id=seat.round_id,
            seq=seq,
            work_id=work_id,
            criterion=criterion,
            level=level,
            at=now,
            client_key=uow.ids.token(),
            previous=previous,
            reason=said,
        )
        previous = event.digest = link(previous, as_chained(event))
        uow.session.add(event)
    uow.session.flush()
    return len(changed)


def add_remark(uow: UnitOfWork, work_id: str, words: str, *, actor: Actor, now: dt.datetime) -> None:
    """Say something about a work to the panel. Sent twice it is said once.

    Raises as revise_scores, Invalid `deliberation.words_missing`.
    """
    seat = _deliberating_seat(uow, actor, now)
    assert seat.round_id is not None
    entry_id = _check_discussed(uow, seat, work_id)
    said = check_words(words, "words")
    last = uow.session.scalars(
        select(Remark)
        .where(
            Remark.round_id == seat.round_id, Remark.judge_id == seat.judge_id, Remark.entry_id == entry_id
        )
        .order_by(Remark.at.desc(), Remark.id.desc())
        .limit(1)
    ).first()
    if last is not None and last.words == said:
        return
    uow.session.add(
        Remark(
            id=uow.ids.token(), round_id=seat.round_id, judge_id=seat.judge_id, entry_id=entry_id, words=said,
            at=now,
        )
    )  # fmt: skip


def sign_deliberation(
    uow: UnitOfWork, signed_name: str, *, name: str, actor: Actor, now: dt.datetime
) -> None:
    """심의 마침: the scores as they stand are the judge's last. Raises as revise_scores, Invalid from the signature."""
    seat = _deliberating_seat(uow, actor, now)
    assert seat.round_id is not None
    assert seat.rule is not None
    words = deliberation_text(contest_title(uow.session, seat), seat.rule.name)
    events, head = scores_end(uow.session, seat.round_id, seat.judge_id)
    uow.session.add(
        DeliberationSignature(
            round_id=seat.round_id,
            judge_id=seat.judge_id,
            signed_name=check_signature(signed_name, name),
            signed_at=now,
            events=events,
            chain_head=head,
            text=words,
            text_digest=text_digest(words),
        )
    )
    uow.note(
        "deliberation.signed",
        ("judge", seat.judge_id),
        actor=actor,
        now=now,
        edition_id=seat.edition_id,
        events=events,
        chain_head=head,
        text=text_digest(words),
    )


def note_refusal(uow: UnitOfWork, code: str, *, actor: Actor, now: dt.datetime) -> None:
    """Keep that a judge tried to revise a score when none is taken; nothing was changed."""
    seat = seat_of(uow.session, actor.id)
    uow.note(
        "deliberation.refused",
        ("judge", seat.judge_id),
        actor=actor,
        now=now,
        edition_id=seat.edition_id,
        code=code,
    )


def _deliberating_seat(uow: UnitOfWork, actor: Actor, now: dt.datetime) -> Seat:
    """The actor's seat, locked, if revisions are taken."""
    seat = lock_seat(uow, actor)
    if seat.rule is None or not seat.rule.deliberates or not seat.has_pledged:
        raise Missing("missing")
    window = seat.deliberation
    if window is None or window.opens is None:
        raise Conflict("deliberation.not_open")
    if seat.deliberated_at is not None:
        raise Conflict("deliberation.signed")
    if window.closed is not None:
        raise Conflict("deliberation.closed")
    if not seat.may_revise(now):
        raise Conflict("deliberation.over")
    return seat


def _check_discussed(uow: UnitOfWork, seat: Seat, work_id: str) -> str:
    """The entry of a work of the judge's. A second look at a work counts nowhere, so that it is not discussed.

    Raises Missing.
    """
    check_work(uow.session, seat, work_id)
    held = uow.session.get_one(JudgeWork, work_id)
    if held.is_repeat:
        raise Missing("missing")
    return held.entry_id


def _was_said(uow: UnitOfWork, seat: Seat, work_id: str, reason: str) -> bool:
    """Whether the judge's last revision of the work gave this reason."""
    last = uow.session.scalars(
        select(ScoreEvent.reason)
        .where(
            ScoreEvent.round_id == seat.round_id,
            ScoreEvent.judge_id == seat.judge_id,
            ScoreEvent.work_id == work_id,
        )
        .order_by(ScoreEvent.seq.desc())
        .limit(1)
    ).first()
    return last == reason
