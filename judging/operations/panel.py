"""The jury: appointed, chaired, invited by link, released by two people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.persons import parse_email, parse_name, parse_phone
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.account import Account
from contest.operations.notify import account_recipient, notify
from contest.operations.sessions import end_sessions_of
from contest.queries.editions import get_edition
from judging.domain.round_rule import RoundRule
from judging.models.panel import Judge
from judging.models.round import Round, RoundState
from judging.operations.rounds import deal_missing, give_works
from judging.operations.tally import tally_again
from judging.queries.entrance import signed_link
from judging.queries.panel import round_of

MAX_AFFILIATION = 80


def appoint_judge(
    uow: UnitOfWork,
    edition_id: str,
    *,
    name: str,
    affiliation: str,
    is_external: bool,
    phone: str = "",
    email: str = "",
    actor: Actor,
    now: dt.datetime,
) -> str:
    """A new seat with its account, works included if the round is open; the judge's id.

    Raises Denied, Conflict `panel.closed` after sealing, Invalid for name, phone, e-mail or affiliation.
    """
    actor.require(Role.OPERATOR)
    lock_edition(uow.session, edition_id)
    get_edition(uow.session, edition_id)
    _assert_not_sealed(uow, edition_id)
    person = check_person(name, affiliation, phone, email, is_external=is_external)
    return seat_person(uow, edition_id, person, actor=actor, now=now)


@dataclass(frozen=True)
class Person:
    """Somebody who may take a seat: name and contacts as they are kept."""

    name: str
    affiliation: str
    is_external: bool
    phone: str | None
    email: str | None


def check_person(name: str, affiliation: str, phone: str, email: str, *, is_external: bool) -> Person:
    """A person as typed. Raises Invalid for name, phone, e-mail or affiliation."""
    if len(affiliation.strip()) > MAX_AFFILIATION:
        raise Invalid("panel.affiliation_long", field="affiliation", most=MAX_AFFILIATION)
    return Person(
        parse_name(name),
        affiliation.strip(),
        is_external,
        parse_phone(phone).e164 if phone.strip() else None,
        parse_email(email) if email.strip() else None,
    )


def seat_person(uow: UnitOfWork, edition_id: str, person: Person, *, actor: Actor, now: dt.datetime) -> str:
    """The account and seat of a person, with works where the open round is theirs; the judge's id."""
    account = Account(
        id=uow.ids.token(),
        login=f"judge-{uow.ids.token()}",
        name=person.name,
        role=Role.JUDGE,
        phone=person.phone,
        email=person.email,
        recovery_digests=[],
        created_at=now,
        activated_at=now,
    )
    uow.session.add(account)
    uow.session.flush()
    judge = Judge(
        id=uow.ids.token(),
        edition_id=edition_id,
        account_id=account.id,
        affiliation=person.affiliation,
        is_external=person.is_external,
    )
    uow.session.add(judge)
    uow.session.flush()
    uow.note(
        "judge.appointed",
        ("judge", judge.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        account=account.id,
        external=person.is_external,
    )
    held = uow.session.scalars(
        select(Round).where(Round.edition_id == edition_id, Round.state == RoundState.OPEN)
    ).first()
    if held is not None and RoundRule.from_document(held.rule).panel.takes(is_external=person.is_external):
        if RoundRule.from_document(held.rule).quorum:
            deal_missing(uow, held)
        else:
            give_works(uow, held, judge.id)
    return judge.id


def set_chair(uow: UnitOfWork, judge_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Make a judge the chair instead of whoever is. Raises Denied, Missing, Conflict `judge.released`."""
    actor.require(Role.OPERATOR)
    judge = _seated(uow, judge_id)
    uow.session.execute(
        update(Judge).where(Judge.edition_id == judge.edition_id, Judge.is_chair).values(is_chair=False)
    )
    uow.session.flush()
    judge.is_chair = True
    uow.note("judge.made_chair", ("judge", judge_id), actor=actor, now=now, edition_id=judge.edition_id)


def invite_judge(uow: UnitOfWork, judge_id: str, *, actor: Actor, now: dt.datetime) -> str:
    """The signed part of the judge's link, to be handed over; noted each time it is looked at.

    Raises Denied, Missing, Conflict `judge.released`.
    """
    actor.require(Role.OPERATOR)
    judge = _seated(uow, judge_id)
    judge.invited_at = judge.invited_at or now
    uow.note("judge.invited", ("judge", judge_id), actor=actor, now=now, edition_id=judge.edition_id)
    _write_invitation(uow, judge, now)
    return signed_link(uow.crypto, judge.id, judge.link_epoch)


def reissue_link(uow: UnitOfWork, judge_id: str, *, actor: Actor, now: dt.datetime) -> str:
    """A new link; the old one, its PIN and every session die. Scores stay.

    Whoever holds the new link first chooses the PIN: the judge is shown every time this was done to a seat that had
    been entered, before signing, and the public how often (queries/entrance.py).

    Raises Denied, Missing, Conflict `judge.released`.
    """
    actor.require(Role.OPERATOR)
    judge = _seated(uow, judge_id)
    account = uow.session.get_one(Account, judge.account_id)
    was_entered = account.password_digest is not None
    judge.link_epoch += 1
    judge.invited_at = judge.invited_at or now
    account.password_digest = None
    end_sessions_of(account)
    uow.note(
        "judge.link_reissued",
        ("judge", judge_id),
        actor=actor,
        now=now,
        edition_id=judge.edition_id,
        epoch=judge.link_epoch,
        was_entered=was_entered,
    )
    _write_invitation(uow, judge, now)
    return signed_link(uow.crypto, judge.id, judge.link_epoch)


def propose_release(uow: UnitOfWork, judge_id: str, reason: str, *, actor: Actor, now: dt.datetime) -> None:
    """An operator proposes that a judge who cannot finish be released; the reason is named in the tally.

    Raises Denied, Missing, Conflict `judge.released` `release.proposed`, Invalid `release.reason_missing`.
    """
    actor.require(Role.OPERATOR)
    judge = _seated(uow, judge_id)
    if not reason.strip():
        raise Invalid("release.reason_missing", field="reason")
    if judge.release_proposed_by is not None:
        raise Conflict("release.proposed")
    judge.release_reason, judge.release_proposed_by = reason.strip(), actor.id
    uow.note(
        "judge.release_proposed",
        ("judge", judge_id),
        actor=actor,
        now=now,
        edition_id=judge.edition_id,
        reason=fact_digest(judge_id, reason.strip()),
    )


def drop_release(uow: UnitOfWork, judge_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take a proposed release back, or refuse it. Raises Denied, Missing, Conflict `release.not_proposed`."""
    actor.require(Role.OPERATOR, Role.APPROVER)
    judge = _seated(uow, judge_id)
    if judge.release_proposed_by is None:
        raise Conflict("release.not_proposed")
    judge.release_reason = judge.release_proposed_by = None
    uow.note("judge.release_dropped", ("judge", judge_id), actor=actor, now=now, edition_id=judge.edition_id)


def confirm_release(uow: UnitOfWork, judge_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """An approver releases the judge: the link and sessions die, the scores count no more.

    Raises Denied (also `release.same_person`), Missing, Conflict `release.not_proposed`; where the round is
    sealed, the tally is made again, or Conflict `stage.result_fixed` after verification has begun.
    """
    actor.require(Role.APPROVER)
    judge = _seated(uow, judge_id)
    lock_edition(uow.session, judge.edition_id)
    if judge.release_proposed_by is None:
        raise Conflict("release.not_proposed")
    if judge.release_proposed_by == actor.id:
        raise Denied("release.same_person")
    release(uow, judge, actor=actor, now=now)
    tally_again(uow, judge.edition_id, actor=actor, now=now)


def release(uow: UnitOfWork, judge: Judge, *, actor: Actor, now: dt.datetime) -> None:
    """End a seat whose release was asked for by somebody else than the actor."""
    judge.released_by, judge.released_at = actor.id, now
    end_sessions_of(uow.session.get_one(Account, judge.account_id))
    uow.note("judge.released", ("judge", judge.id), actor=actor, now=now, edition_id=judge.edition_id)
    uow.session.flush()


def _write_invitation(uow: UnitOfWork, judge: Judge, now: dt.datetime) -> None:
    edition = get_edition(uow.session, judge.edition_id)
    opens, closes = edition.judging_opens, edition.judging_closes
    if opens is None or closes is None:  # an unfinished draft has nothing to invite to yet
        return
    notify(
        uow,
        "J1",
        account_recipient(uow.session.get_one(Account, judge.account_id)),
        edition_id=judge.edition_id,
        event=f"invitation:{judge.id}:{judge.link_epoch}",
        facts={"opens": opens, "closes": closes, "due": opens},
        now=now,
    )


def _seated(uow: UnitOfWork, judge_id: str) -> Judge:
    judge = uow.session.get(Judge, judge_id, with_for_update=True)
    if judge is None:
        raise Missing("missing")
    if judge.released_at is not None:
        raise Conflict("judge.released")
    return judge


def _assert_not_sealed(uow: UnitOfWork, edition_id: str) -> None:
    held = round_of(uow.session, edition_id)
    if held is not None and (held.is_result or held.is_deliberating):
        raise Conflict("panel.closed")
