"""Opening a round: the rule is frozen and its judges get the works under codes and in an order of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import func, insert, select

from contest.domain.actors import Actor
from contest.domain.schedule import day_begins, day_ends
from contest.domain.stages import Stage
from contest.infra.unit_of_work import UnitOfWork
from contest.models.entry import Entry, EntryState
from contest.queries.editions import get_edition, rules_of
from judging.domain.blinding import RandomBytes, judge_order, work_codes
from judging.domain.repeats import with_repeats
from judging.domain.round_rule import RoundRule, rule_of
from judging.models.round import JudgeWork, Round, RoundEntry, RoundState
from judging.queries.dealt import assignment_of
from judging.queries.round_scores import seated


def on_stage(uow: UnitOfWork, edition_id: str, stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """What a stage move means here: judging begins with its first round; a sealed round stays sealed."""
    if stage is Stage.JUDGING:
        begun = uow.session.scalar(select(Round.id).where(Round.edition_id == edition_id).limit(1))
        if begun is None:
            open_first_round(uow, edition_id, actor=actor, now=now)


def open_first_round(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> str:
    """The round that every fit work is in; its id."""
    fit = uow.session.scalars(
        select(Entry.id).where(Entry.edition_id == edition_id, Entry.state == EntryState.FIT)
    ).all()
    return open_round(uow, edition_id, 1, fit, actor=actor, now=now)


def open_round(
    uow: UnitOfWork, edition_id: str, ordinal: int, works: Iterable[str], *, actor: Actor, now: dt.datetime
) -> str:
    """Freeze the rule of the round (counted from 1) and deal these works to its judges; the round's id."""
    rules = rules_of(get_edition(uow.session, edition_id))
    rule, declared = rule_of(rules, ordinal), rules.rounds[ordinal - 1]
    held = Round(
        id=uow.ids.token(),
        edition_id=edition_id,
        ordinal=ordinal,
        state=RoundState.OPEN,
        rule=rule.to_document(),
        opened_at=now,
        opens_at=day_begins(declared.opens) if declared.opens else None,
        closes_at=day_ends(declared.closes) if declared.closes else None,
        lot_seed=uow.ids.seed().hex(),
    )
    uow.session.add(held)
    uow.session.flush()
    taken = sorted(works)
    if taken:
        uow.session.execute(insert(RoundEntry), [{"round_id": held.id, "entry_id": entry} for entry in taken])
    judges = sorted(seated(uow.session, edition_id, rule.panel))
    if rule.quorum:
        deal_missing(uow, held)
    else:
        for judge in judges:
            give_works(uow, held, judge)
    uow.note(
        "round.opened",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        round=rule.name,
        works=len(taken),
        judges=len(judges),
    )
    return held.id


def deal_missing(uow: UnitOfWork, held: Round) -> int:
    """Deal each work that too few judges hold to judges who have not signed; how many works are still short."""
    plan = assignment_of(uow.session, held)
    for judge, works in sorted(plan.given.items()):
        give_works(uow, held, judge, works)
    uow.session.flush()
    return len(plan.short)


def give_works(uow: UnitOfWork, held: Round, judge_id: str, works: Iterable[str] | None = None) -> None:
    """Deal works of a round, or all of them, to one judge after those the judge has.

    Random ids, codes, order and picture tokens, all of the judge's own; some works twice where the round says so.
    """
    entries = (
        uow.session.scalars(
            select(RoundEntry.entry_id)
            .where(RoundEntry.round_id == held.id, RoundEntry.withdrawn_at.is_(None))
            .order_by(RoundEntry.entry_id)
        ).all()
        if works is None
        else sorted(works)
    )
    if not entries:
        return
    rule = RoundRule.from_document(held.rule)
    own = (JudgeWork.round_id == held.id, JudgeWork.judge_id == judge_id)
    taken = set(uow.session.scalars(select(JudgeWork.code).where(*own)))
    last = uow.session.scalar(select(func.max(JudgeWork.position)).where(*own)) or 0
    order = judge_order(entries, uow.ids.seed(), judge_id)
    # What is dealt later, in the place of others, is met once.
    tasks = with_repeats(order, rule.repeats if not taken else 0, random_bytes(uow))
    names = {task: f"{task.entry} {task.is_repeat}" for task in tasks}
    codes = work_codes(names.values(), random_bytes(uow))
    while taken & set(codes.values()):
        codes = work_codes(names.values(), random_bytes(uow))
    uow.session.execute(
        insert(JudgeWork),
        [
            {
                "id": uow.ids.token(),
                "round_id": held.id,
                "judge_id": judge_id,
                "entry_id": task.entry,
                "code": codes[names[task]],
                "position": position,
                "is_repeat": task.is_repeat,
                "image_token": uow.ids.token(),
                "zoom_token": uow.ids.token(),
                "flagged": False,
            }
            for position, task in enumerate(tasks, start=last + 1)
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
