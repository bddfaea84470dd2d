"""Opening a round: the rule is frozen and every judge gets the works under codes and in an order of their own."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, select

from contest.domain.actors import Actor
from contest.domain.stages import Stage
from contest.infra.unit_of_work import UnitOfWork
from contest.models.entry import Entry, EntryState
from contest.queries.editions import get_edition, rules_of
from judging.domain.blinding import RandomBytes, judge_order, work_codes
from judging.domain.round_rule import rule_of
from judging.models.panel import Judge
from judging.models.round import JudgeWork, Round, RoundEntry, RoundState


def on_stage(uow: UnitOfWork, edition_id: str, stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """What a stage move means here: judging begins with its first round; a sealed round stays sealed."""
    if stage is Stage.JUDGING:
        begun = uow.session.scalar(select(Round.id).where(Round.edition_id == edition_id).limit(1))
        if begun is None:
            open_round(uow, edition_id, actor=actor, now=now)


def open_round(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> str:
    """Freeze the rule, take every fit work in, and deal them to every seated judge; the round's id."""
    rule = rule_of(rules_of(get_edition(uow.session, edition_id)), 1)
    held = Round(
        id=uow.ids.token(),
        edition_id=edition_id,
        ordinal=1,
        state=RoundState.OPEN,
        rule=rule.to_document(),
        opened_at=now,
        lot_seed=uow.ids.seed().hex(),
    )
    uow.session.add(held)
    uow.session.flush()
    fit = uow.session.scalars(
        select(Entry.id)
        .where(Entry.edition_id == edition_id, Entry.state == EntryState.FIT)
        .order_by(Entry.id)
    ).all()
    if fit:
        uow.session.execute(insert(RoundEntry), [{"round_id": held.id, "entry_id": entry} for entry in fit])
    judges = uow.session.scalars(
        select(Judge.id).where(Judge.edition_id == edition_id, Judge.released_at.is_(None)).order_by(Judge.id)
    ).all()
    for judge in judges:
        give_works(uow, held, judge)
    uow.note(
        "round.opened",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        works=len(fit),
        judges=len(judges),
    )
    return held.id


def give_works(uow: UnitOfWork, held: Round, judge_id: str) -> None:
    """Deal a round's works to one judge: random ids, codes, order and picture tokens, all of the judge's own."""
    entries = uow.session.scalars(
        select(RoundEntry.entry_id)
        .where(RoundEntry.round_id == held.id, RoundEntry.withdrawn_at.is_(None))
        .order_by(RoundEntry.entry_id)
    ).all()
    if not entries:
        return
    codes = work_codes(entries, random_bytes(uow))
    order = judge_order(entries, uow.ids.seed(), judge_id)
    uow.session.execute(
        insert(JudgeWork),
        [
            {
                "id": uow.ids.token(),
                "round_id": held.id,
                "judge_id": judge_id,
                "entry_id": entry,
                "code": codes[entry],
                "position": position,
                "image_token": uow.ids.token(),
                "zoom_token": uow.ids.token(),
                "flagged": False,
            }
            for position, entry in enumerate(order, start=1)
        ],
    )


def random_bytes(uow: UnitOfWork) -> RandomBytes:
    """The unit of work's randomness in the form that blinding asks for."""

    def draw(count: int) -> bytes:
        drawn = b""
        while len(drawn) < count:
            drawn += uow.ids.seed()
        return drawn[:count]

    return draw
