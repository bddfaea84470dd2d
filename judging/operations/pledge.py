"""What judges sign before they see a work, and works they step back from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.numbers import parse_entry_number
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.entry import Entry
from judging.domain.pledges import MAX_DECLARED, PledgeKind, check_signature, pledge_text, text_digest
from judging.models.panel import Conflict as Interest
from judging.models.panel import Judge, Pledge
from judging.models.round import JudgeWork
from judging.queries.blind import blind_entry, contest_title, is_shared, meets_works_twice, seat_of
from judging.queries.panel import round_of

#: What a judge may say of a work: 이해관계 있음, 작품을 알고 있음.
OWN_REASONS = {"interest": "이해관계 있음", "known": "작품이나 응모자를 알고 있음"}
#: What the office may enter: 제척 (barred by rule), 기피 (asked for by somebody else).
STAFF_KINDS = {"exclusion": "제척", "challenge": "기피"}
KIND_NAMES = {"recusal": "회피", **STAFF_KINDS}
MAX_REASON = 500


def sign_pledges(
    uow: UnitOfWork,
    signatures: Mapping[PledgeKind, str],
    declared: str,
    *,
    name: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Sign the papers not signed yet, each by typing one's name; the words and their digest are kept.

    declared: what the judge knows of entrants; empty for nothing. Raises Invalid from the signatures or
    `pledge.declared_long`.
    """
    if len(declared) > MAX_DECLARED:
        raise Invalid("pledge.declared_long", field="declared", most=MAX_DECLARED)
    seat = seat_of(uow.session, actor.id)
    title, shared = contest_title(uow.session, seat), is_shared(uow.session, seat)
    twice = meets_works_twice(uow.session, seat)
    for kind in PledgeKind:
        if kind in seat.pledged:
            continue
        text = pledge_text(kind, title, declared, repeats=twice, is_shared=shared)
        uow.session.add(
            Pledge(
                judge_id=seat.judge_id,
                kind=kind.value,
                text=text,
                text_digest=text_digest(text),
                signed_name=check_signature(signatures.get(kind, ""), name, field=f"signed_{kind}"),
                signed_at=now,
            )
        )
        uow.note(
            "pledge.signed",
            ("judge", seat.judge_id),
            actor=actor,
            now=now,
            edition_id=seat.edition_id,
            kind=kind.value,
            text=text_digest(text),
        )


def step_back(
    uow: UnitOfWork, work_id: str, reason: str, words: str, *, actor: Actor, now: dt.datetime
) -> None:
    """회피: from now on the work does not exist for this judge. reason: a key of OWN_REASONS.

    Raises Missing, Invalid `conflict.reason`, `conflict.words_long`, Conflict `score.completed`, `score.not_open`.
    """
    if reason not in OWN_REASONS:
        raise Invalid("conflict.reason", field="reason")
    if len(words) > MAX_REASON:
        raise Invalid("conflict.words_long", field="words", most=MAX_REASON)
    seat = seat_of(uow.session, actor.id)
    if seat.completed_at is not None:
        raise Conflict("score.completed")
    if not seat.is_open(now):
        raise Conflict("score.not_open")
    blind_entry(uow.session, seat, work_id)
    entry_id = uow.session.get_one(JudgeWork, work_id).entry_id
    said = OWN_REASONS[reason] + (f": {words.strip()}" if words.strip() else "")
    _enter(uow, seat.judge_id, entry_id, "recusal", said, actor=actor, now=now, edition_id=seat.edition_id)


def bar_judge(
    uow: UnitOfWork,
    judge_id: str,
    entry_number: str,
    kind: str,
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """제척 or 기피, entered by the office by entry number before the round is sealed.

    Raises Denied, Missing `panel.no_such_entry`, Conflict `panel.closed`, Invalid `conflict.kind`,
    `conflict.reason_missing`.
    """
    actor.require(Role.OPERATOR)
    if kind not in STAFF_KINDS:
        raise Invalid("conflict.kind", field="kind")
    if not reason.strip():
        raise Invalid("conflict.reason_missing", field="reason")
    judge = uow.session.get(Judge, judge_id)
    if judge is None:
        raise Missing("missing")
    _assert_unsealed(uow, judge.edition_id)
    receipt, ordinal = parse_entry_number(entry_number)
    entry_id = uow.session.scalar(
        select(Entry.id).where(
            Entry.edition_id == judge.edition_id, Entry.entry_number == f"{receipt}-{ordinal}"
        )
    )
    if entry_id is None:
        raise Invalid("panel.no_such_entry", field="entry_number")
    _enter(uow, judge_id, entry_id, kind, reason.strip(), actor=actor, now=now, edition_id=judge.edition_id)


def lift_conflict(
    uow: UnitOfWork, judge_id: str, entry_id: str, reason: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Take back a conflict entered by mistake: the work exists for the judge again, with its scores.

    Raises Denied, Missing, Conflict `panel.closed` after sealing or `conflict.signed` once the judge has signed,
    Invalid `conflict.reason_missing`.
    """
    actor.require(Role.OPERATOR)
    if not reason.strip():
        raise Invalid("conflict.reason_missing", field="reason")
    held = uow.session.get(Interest, (judge_id, entry_id))
    if held is None or held.withdrawn_at is not None:
        raise Missing("missing")
    judge = uow.session.get_one(Judge, judge_id)
    _assert_unsealed(uow, judge.edition_id)
    if seat_of(uow.session, judge.account_id).completed_at is not None:
        raise Conflict("conflict.signed")
    held.withdrawn_at = now
    uow.note(
        "conflict.lifted",
        ("judge", judge_id),
        actor=actor,
        now=now,
        edition_id=judge.edition_id,
        entry=entry_id,
        reason=fact_digest(entry_id, reason.strip()),
    )


def _enter(
    uow: UnitOfWork,
    judge_id: str,
    entry_id: str,
    kind: str,
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
    edition_id: str,
) -> None:
    held = uow.session.get(Interest, (judge_id, entry_id))
    if held is None:
        held = Interest(judge_id=judge_id, entry_id=entry_id)
        uow.session.add(held)
    held.kind, held.reason, held.declared_at, held.declared_by = kind, reason, now, str(actor.id)
    held.withdrawn_at = None
    uow.note(
        "conflict.entered",
        ("judge", judge_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        entry=entry_id,
        kind=kind,
    )


def _assert_unsealed(uow: UnitOfWork, edition_id: str) -> None:
    held = round_of(uow.session, edition_id)
    if held is not None and held.is_result:
        raise Conflict("panel.closed")
