"""Which seat a judge's link opens, and the links themselves: derived when needed, never stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.errors import Missing
from contest.infra.crypto import Crypto
from contest.infra.registry import Entrance
from contest.models.account import Account
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.queries.editions import current_edition
from judging.models.panel import Judge

PURPOSE = "judge"


@dataclass(frozen=True)
class Door:
    """What a live link opens: the seat, its account, and the digest of the PIN if one is set."""

    judge_id: str
    account_id: str
    epoch: int
    pin_digest: str | None


def signed_link(crypto: Crypto, judge_id: str, link_epoch: int) -> str:
    """The signed part of a judge's address."""
    return crypto.sign(PURPOSE, [judge_id, link_epoch])


def door_of(session: Session, crypto: Crypto, signed: str) -> Door:
    """The door of a link. Raises Missing `judge.link_dead` for a forged, replaced or released judge's link."""
    value = crypto.unsign(PURPOSE, signed)
    if value is None or len(value) != 2 or not isinstance(value[0], str):  # noqa: PLR2004  id and epoch
        raise Missing("judge.link_dead")
    row = session.execute(
        select(Judge.id, Account.id.label("account_id"), Account.epoch, Account.password_digest)
        .join(Account, Account.id == Judge.account_id)
        .where(
            Judge.id == value[0],
            Judge.link_epoch == value[1],
            Judge.released_at.is_(None),
            Account.disabled_at.is_(None),
            Account.role == Role.JUDGE,
        )
    ).one_or_none()
    if row is None:
        raise Missing("judge.link_dead")
    return Door(row.id, row.account_id, row.epoch, row.password_digest)


def link_of(crypto: Crypto, session: Session, account_id: str) -> str | None:
    """The path of the link of an account's newest seat, for messages; None without one."""
    row = session.execute(
        select(Judge.id, Judge.link_epoch)
        .join(Edition, Edition.id == Judge.edition_id)
        .where(Judge.account_id == account_id, Judge.released_at.is_(None))
        .order_by(Edition.year.desc(), Edition.number.desc())
        .limit(1)
    ).one_or_none()
    return f"/judge/{signed_link(crypto, row.id, row.link_epoch)}" if row else None


def seats_opened_anew(session: Session, edition_id: str) -> list[tuple[str, dt.datetime]]:
    """(judge, when) of every new link to a seat that its judge had already entered, in order."""
    rows = session.execute(
        select(AuditRow.subject_id, AuditRow.at, AuditRow.facts)
        .where(AuditRow.edition_id == edition_id, AuditRow.action == "judge.link_reissued")
        .order_by(AuditRow.seq)
    )
    return [(judge, at) for judge, at, facts in rows if judge and facts.get("was_entered")]


def demonstration_entrances(session: Session, now: dt.datetime) -> list[Entrance]:
    """A button for each judge of the current edition; only a demonstration shows them."""
    del now
    edition = current_edition(session)
    if edition is None:
        return []
    rows = session.execute(
        select(Judge.account_id, Judge.is_chair, Account.name)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id, Judge.released_at.is_(None))
        .order_by(Judge.is_chair.desc(), Account.name, Judge.id)
    )
    return [
        Entrance(
            label=f"{'위원장' if is_chair else '심사위원'} {name}",
            endpoint="invitations.enter_demonstration",
            arguments={"account_id": account_id},
            note="이름을 가린 작품을 심사합니다.",
        )
        for account_id, is_chair, name in rows
    ]


def demonstration_door(session: Session, account_id: str) -> Door:
    """The door of a judge's account without link or PIN. Raises Missing. Only for a demonstration."""
    row = session.execute(
        select(Judge.id, Account.epoch, Account.password_digest)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.account_id == account_id, Judge.released_at.is_(None), Account.disabled_at.is_(None))
        .limit(1)
    ).one_or_none()
    if row is None:
        raise Missing("missing")
    return Door(row.id, account_id, row.epoch, row.password_digest)
