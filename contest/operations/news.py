"""News of the next contest: whoever agreed to it hears once when an edition opens, and can stop it at any time.

The consent outlives the entry it was given with: when that is erased at the end of its period, the number alone
is sealed anew, with the day on which the consent ends and nothing that says whose entry it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from contest.domain.actors import Actor
from contest.domain.consents import ConsentKind
from contest.domain.errors import Missing
from contest.domain.news import kept_until
from contest.domain.persons import Phone
from contest.domain.stages import Stage
from contest.infra.crypto import Crypto
from contest.infra.database import inserting
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.news import NewsContact
from contest.models.submission import Submission, SubmissionState
from contest.operations.destruction import Ledger, note_destruction
from contest.operations.empty_messages import empty_messages
from contest.operations.identify import open_phone, phone_digest
from contest.operations.notify import Recipient, notify
from contest.queries.editions import get_edition, rules_of, schedule_of

#: The purpose of the signed address, the kind of a message's subject, and of a subject of the trail.
NEWS = "news"
AT_ONCE = 200


def keep_for_news(uow: UnitOfWork, submission_id: str, *, now: dt.datetime) -> None:
    """Keep the number of an entry about to be erased, where its owner agreed to news and the consent still runs.

    Neither somebody who withdrew nor a number without text messages is kept (domain/news.py). One number is
    kept once, until the last of its consents ends.
    """
    submission = uow.session.get_one(Submission, submission_id)
    given_at = uow.session.scalar(
        select(func.max(Consent.given_at)).where(
            Consent.submission_id == submission_id,
            Consent.kind == ConsentKind.NEXT_CONTEST.value,
            Consent.withdrawn_at.is_(None),
        )
    )
    phone = open_phone(uow.crypto, submission) if given_at else None
    ends_at = kept_until(
        given_at,
        phone,
        rules_of(get_edition(uow.session, submission.edition_id)).retention["news"],
        stands=submission.state is SubmissionState.SUBMITTED and submission.withdrawal_asked_at is None,
        now=now,
    )
    if ends_at is None or phone is None:
        return
    contact_id, key = uow.ids.token(), phone_digest(uow.crypto, phone)
    uow.session.execute(
        inserting(uow.session, NewsContact)
        .values(
            id=contact_id,
            phone_key=key,
            phone_sealed=uow.crypto.seal(phone.e164, f"news_contact.phone:{contact_id}"),
            locale=submission.locale,
            ends_at=ends_at,
        )
        .on_conflict_do_nothing(index_elements=["phone_key"])
    )
    uow.session.execute(
        update(NewsContact)
        .where(NewsContact.phone_key == key, NewsContact.ends_at < ends_at)
        .values(ends_at=ends_at, locale=submission.locale)
    )


def tell_of_opening(uow: UnitOfWork, edition_id: str, stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """As an edition opens: one message to each number whose consent still runs, however many entries it had."""
    del actor
    if stage is not Stage.OPEN:
        return
    for submission_id in _still_kept(uow.session, edition_id):
        keep_for_news(uow, submission_id, now=now)
    schedule = schedule_of(get_edition(uow.session, edition_id))
    living = select(NewsContact).where(NewsContact.ends_at > now).order_by(NewsContact.id)
    for contact in uow.session.scalars(living).all():
        phone = uow.crypto.open(contact.phone_sealed, f"news_contact.phone:{contact.id}")
        notify(
            uow,
            "N1",
            Recipient(NEWS, contact.id, phone=phone, locale=contact.locale),
            edition_id=edition_id,
            event=f"opened:{edition_id}",
            facts={"opens": schedule.entry_opens or now, "closes": schedule.entry_closes or now},
            now=now,
        )


def _still_kept(session: Session, edition_id: str) -> list[str]:
    """Entries of other editions whose owners agreed to news, the oldest consent first."""
    return list(
        session.scalars(
            select(Submission.id)
            .join(Consent, Consent.submission_id == Submission.id)
            .where(
                Submission.edition_id != edition_id,
                Submission.state == SubmissionState.SUBMITTED,
                Consent.kind == ConsentKind.NEXT_CONTEST.value,
                Consent.withdrawn_at.is_(None),
            )
            .order_by(Consent.given_at, Submission.id)
        )
    )


def news_path(services: Any, session: Session, contact_id: str) -> str | None:
    """The private address at which a number stops the news; None once it is forgotten."""
    is_kept = session.scalar(select(NewsContact.id).where(NewsContact.id == contact_id))
    return f"/news/{services.crypto.sign(NEWS, [contact_id])}" if is_kept else None


def open_news_link(session: Session, crypto: Crypto, signed: str) -> str | None:
    """The contact that an address stops, None where it is forgotten already. Raises Missing: not ours."""
    match crypto.unsign(NEWS, signed):
        case [str(contact_id)]:
            return session.scalar(select(NewsContact.id).where(NewsContact.id == contact_id))
    raise Missing("missing")


def stop_news(
    uow: UnitOfWork, contact_id: str, *, actor: Actor, now: dt.datetime, rule: str = "stopped"
) -> None:
    """A kept number wants no more news. rule: `restored` where a backup brought back what was stopped."""
    key = uow.session.scalar(select(NewsContact.phone_key).where(NewsContact.id == contact_id))
    if key is not None:
        _stop(uow, key, (NEWS, contact_id), rule=rule, actor=actor, now=now)


def stop_own_news(uow: UnitOfWork, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Whoever entered wants no more news, from their receipt."""
    key = uow.session.get_one(Submission, submission_id).phone_key
    if key is not None:
        _stop(uow, key, ("submission", submission_id), rule="stopped", actor=actor, now=now)


def stop_news_of_number(uow: UnitOfWork, phone: Phone, *, actor: Actor, now: dt.datetime) -> bool:
    """Somebody called the office; whether there was anything to stop."""
    return _stop(uow, phone_digest(uow.crypto, phone), (NEWS, None), rule="stopped", actor=actor, now=now)


def _stop(
    uow: UnitOfWork,
    phone_key: str,
    subject: tuple[str, str | None],
    *,
    rule: str,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """Forget a number at once, and take back every consent to news given with it. Twice changes nothing."""
    theirs = select(Submission.id).where(Submission.phone_key == phone_key)
    taken_back = uow.session.scalars(
        update(Consent)
        .where(
            Consent.submission_id.in_(theirs),
            Consent.kind == ConsentKind.NEXT_CONTEST.value,
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .returning(Consent.id)
    ).all()
    was_kept = forget_news_of(uow, phone_key, rule=rule, now=now)
    if taken_back or was_kept:
        uow.note("news.stopped", subject, actor=actor, now=now)
    return bool(taken_back) or was_kept


def forget_news_of(uow: UnitOfWork, phone_key: str | None, *, rule: str, now: dt.datetime) -> bool:
    """Forget a number, None for nobody's, with what was written to it; whether it was kept."""
    ids = uow.session.scalars(select(NewsContact.id).where(NewsContact.phone_key == phone_key)).all()
    _forget(uow, ids, now)
    note_destruction(uow, "news", None, count=len(ids), rule=rule, now=now)
    return bool(ids)


def due_contacts(session: Session, now: dt.datetime) -> int:
    """How many numbers are past the period of their consent."""
    return (
        session.scalar(select(func.count()).select_from(NewsContact).where(NewsContact.ends_at <= now)) or 0
    )


def erase_contacts(services: Services, now: dt.datetime) -> int:
    """Forget numbers whose consent has ended; returns how many."""
    with services.database.read() as session:
        due = session.scalars(select(NewsContact.id).where(NewsContact.ends_at <= now)).all()
    ledger, count = Ledger(services.ids), 0
    for at in range(0, len(due), AT_ONCE):
        with services.database.write() as uow:
            # Asked again: one of them may have agreed anew, or stopped it, since.
            still = NewsContact.id.in_(due[at : at + AT_ONCE]) & (NewsContact.ends_at <= now)
            some = uow.session.scalars(select(NewsContact.id).where(still).with_for_update()).all()
            _forget(uow, some, now)
            ledger.note(uow, "news", None, count=len(some), rule="retention.news", now=now)
            count += len(some)
    return count


def _forget(uow: UnitOfWork, contact_ids: Sequence[str], now: dt.datetime) -> None:
    empty_messages(uow, contact_ids, now)
    uow.session.execute(delete(NewsContact).where(NewsContact.id.in_(contact_ids)))
