"""The jury as staff see it: seats, what was signed, how far each has come. Never a score."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.domain.persons import parse_phone
from contest.models.account import Account
from contest.models.entry import Entry
from judging.domain.pledges import PledgeKind
from judging.domain.round_rule import RoundRule
from judging.models.panel import Conflict, Judge, Pledge
from judging.models.round import Completion, RoundEntry, RoundState
from judging.queries.rounds import last_round
from judging.queries.scorecards import counts


@dataclass(frozen=True)
class Member:
    """One seat with its person. works, scored, begun are counts over the works that exist for this judge."""

    judge_id: str
    account_id: str
    name: str
    affiliation: str
    phone: str | None
    email: str | None
    is_external: bool
    is_chair: bool
    invited_at: dt.datetime | None
    first_seen_at: dt.datetime | None
    has_pin: bool
    pledged: tuple[str, ...]
    interests: str | None  # the words of the 이해관계 신고서, for the operator who bars works
    works: int
    scored: int
    begun: int
    signed_at: dt.datetime | None
    release_reason: str | None
    release_proposed_by: str | None
    released_at: dt.datetime | None

    @property
    def is_seated(self) -> bool:
        """Whether the judge has not been released."""
        return self.released_at is None

    @property
    def has_pledged(self) -> bool:
        """Whether every paper is signed."""
        return set(self.pledged) >= set(PledgeKind)


@dataclass(frozen=True)
class RoundView:
    """The round of an edition as staff see it."""

    round_id: str
    ordinal: int
    state: RoundState
    opened_at: dt.datetime | None
    sealed_at: dt.datetime | None
    seal: str | None
    works: int
    rule: RoundRule
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    is_read: bool = False  # whether anybody has seen what the sealed scores came to

    def ends(self, judging_closes: dt.datetime | None) -> dt.datetime | None:
        """When scores are no longer taken: the round's own end, or that of judging, whichever is first."""
        known = [at for at in (self.closes_at, judging_closes) if at is not None]
        return min(known, default=None)

    @property
    def is_result(self) -> bool:
        """Whether judging is over: the last round is sealed."""
        return self.state is RoundState.SEALED and self.rule.is_last

    @property
    def is_deliberating(self) -> bool:
        """Whether the round stands between its two seals."""
        return self.state is RoundState.DELIBERATING

    @property
    def waits_for_selection(self) -> bool:
        """Whether the round is sealed and who goes on has still to be confirmed."""
        return self.state is RoundState.SEALED and not self.rule.is_last


@dataclass(frozen=True)
class Recusal:
    """A judge's 이해관계 in a work, as staff see it."""

    judge_id: str
    judge: str
    entry_id: str
    entry_number: str | None
    kind: str
    declared_at: dt.datetime
    by_judge: bool


def round_of(session: Session, edition_id: str) -> RoundView | None:
    """The edition's last opened round, or None before judging."""
    held = last_round(session, edition_id)
    if held is None:
        return None
    works = session.scalar(
        select(func.count())
        .select_from(RoundEntry)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(RoundEntry.round_id == held.id, RoundEntry.withdrawn_at.is_(None), Entry.state == "fit")
    )
    return RoundView(
        held.id,
        held.ordinal,
        held.state,
        held.opened_at,
        held.sealed_at,
        held.seal,
        works or 0,
        RoundRule.from_document(held.rule),
        held.opens_at,
        held.closes_at,
        held.result_read_at is not None,
    )


def members(session: Session, edition_id: str) -> list[Member]:
    """Every seat of an edition, chair first, then by name; released ones last."""
    held = round_of(session, edition_id)
    rows = session.execute(
        select(Judge, Account)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition_id)
    ).all()
    ids = [judge.id for judge, _ in rows]
    pledges: dict[str, dict[str, str]] = {}
    for judge_id, kind, text in session.execute(
        select(Pledge.judge_id, Pledge.kind, Pledge.text).where(Pledge.judge_id.in_(ids))
    ):
        pledges.setdefault(judge_id, {})[kind] = text
    done: dict[str, tuple[int, int, int]] = {}
    signed: dict[str, dt.datetime] = {}
    if held is not None:
        done = counts(session, held.round_id, len(held.rule.rubric.criteria))
        signed = dict(
            session.execute(
                select(Completion.judge_id, Completion.signed_at).where(Completion.round_id == held.round_id)
            ).all()
        )
    listed = [
        Member(
            judge_id=judge.id,
            account_id=account.id,
            name=account.name,
            affiliation=judge.affiliation,
            phone=parse_phone(account.phone).display if account.phone else None,
            email=account.email,
            is_external=judge.is_external,
            is_chair=judge.is_chair,
            invited_at=judge.invited_at,
            first_seen_at=judge.first_seen_at,
            has_pin=account.password_digest is not None,
            pledged=tuple(sorted(pledges.get(judge.id, {}))),
            interests=pledges.get(judge.id, {}).get(PledgeKind.INTERESTS),
            works=done.get(judge.id, (0, 0, 0))[0],
            scored=done.get(judge.id, (0, 0, 0))[1],
            begun=done.get(judge.id, (0, 0, 0))[2],
            signed_at=signed.get(judge.id),
            release_reason=judge.release_reason,
            release_proposed_by=judge.release_proposed_by,
            released_at=judge.released_at,
        )
        for judge, account in rows
    ]
    return sorted(listed, key=lambda one: (not one.is_seated, not one.is_chair, one.name, one.judge_id))


def member(session: Session, judge_id: str) -> tuple[str, Member]:
    """One seat and its edition's id. Raises Missing."""
    edition_id = session.scalar(select(Judge.edition_id).where(Judge.id == judge_id))
    if edition_id is None:
        raise Missing("missing")
    return edition_id, next(one for one in members(session, edition_id) if one.judge_id == judge_id)


def recusals(session: Session, edition_id: str) -> list[Recusal]:
    """Every conflict that stands in an edition, newest first."""
    rows = session.execute(
        select(Conflict, Account.name, Account.id, Entry.entry_number)
        .join(Judge, Judge.id == Conflict.judge_id)
        .join(Account, Account.id == Judge.account_id)
        .join(Entry, Entry.id == Conflict.entry_id)
        .where(Judge.edition_id == edition_id, Conflict.withdrawn_at.is_(None))
        .order_by(Conflict.declared_at.desc(), Conflict.entry_id)
    )
    return [
        Recusal(
            held.judge_id,
            name,
            held.entry_id,
            number,
            held.kind,
            held.declared_at,
            held.declared_by == account,
        )
        for held, name, account, number in rows
    ]
