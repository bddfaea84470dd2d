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
from contest.domain.ruleset import EditionRules
from contest.domain.stages import Stage
from contest.infra.crypto import Crypto
from contest.infra.database import inserting
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import Edition
from contest.models.news import NewsContact
from contest.models.submission import Submission, SubmissionState
from contest.operations.destruction import Ledger, note_destruction
from contest.operations.empty_messages import empty_messages
from contest.operations.identify import open_phone, phone_digest
from contest.operations.notify import Recipient, notify_all
from contest.queries.editions import get_edition, rules_of, schedule_of

#: The purpose of the signed address, the kind of a message's subject, and of a subject of the trail.
NEWS = "news"
AT_ONCE = 200


def keep_for_news(uow: UnitOfWork, submission_ids: Sequence[str], *, now: dt.datetime) -> None:
    """Keep the numbers of entries about to be erased, where their owners agreed to news and the consent still runs.

    Neither somebody who withdrew nor a number without text messages is kept (domain/news.py). One number is
    kept once, until the last of its consents ends. As many statements for AT_ONCE entries as for one.
    """
    kept: dict[str, dict[str, Any]] = {}
    for submission, given_at, rules in _agreed(uow.session, submission_ids):
        phone = open_phone(uow.crypto, submission)
        ends_at = kept_until(
            given_at,
            phone,
            rules.retention["news"],
            stands=submission.state is SubmissionState.SUBMITTED and submission.withdrawal_asked_at is None,
            now=now,
        )
        if ends_at is None or phone is None:
            continue
        contact_id, key = uow.ids.token(), phone_digest(uow.crypto, phone)
        if key not in kept or kept[key]["ends_at"] < ends_at:
            kept[key] = {
                "id": contact_id,
                "phone_key": key,
                "phone_sealed": uow.crypto.seal(phone.e164, f"news_contact.phone:{contact_id}"),
                "locale": submission.locale,
                "ends_at": ends_at,
            }
    if kept:
        new = inserting(uow.session, NewsContact)
        until = {"ends_at": new.excluded.ends_at, "locale": new.excluded.locale}
        uow.session.execute(
            new.on_conflict_do_update(
                index_elements=["phone_key"], set_=until, where=NewsContact.ends_at < new.excluded.ends_at
            ),
            list(kept.values()),
        )


def _agreed(
    session: Session, submission_ids: Sequence[str]
) -> list[tuple[Submission, dt.datetime, EditionRules]]:
    """Those of the entries whose owners agreed to news, with their latest consent, in the order asked for."""
    latest = session.execute(
        select(Consent.submission_id, func.max(Consent.given_at))
        .where(
            Consent.submission_id.in_(submission_ids),
            Consent.kind == ConsentKind.NEXT_CONTEST.value,
            Consent.withdrawn_at.is_(None),
        )
        .group_by(Consent.submission_id)
    )
    given = {submission_id: given_at for submission_id, given_at in latest if given_at is not None}
    found = {one.id: one for one in session.scalars(select(Submission).where(Submission.id.in_(given)))}
    editions = session.scalars(
        select(Edition).where(Edition.id.in_({one.edition_id for one in found.values()}))
    )
    rules = {edition.id: rules_of(edition) for edition in editions}
    return [(found[one], given[one], rules[found[one].edition_id]) for one in submission_ids if one in found]


def tell_of_opening(uow: UnitOfWork, edition_id: str, stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """As an edition opens: one message to each number whose consent still runs, however many entries it had."""
    del actor
    if stage is not Stage.OPEN:
        return
    earlier = _still_kept(uow.session, edition_id)
    for at in range(0, len(earlier), AT_ONCE):
        keep_for_news(uow, earlier[at : at + AT_ONCE], now=now)
    schedule = schedule_of(get_edition(uow.session, edition_id))
    living = select(NewsContact).where(NewsContact.ends_at > now).order_by(NewsContact.id)
    contacts = uow.session.scalars(living).all()
    for at in range(0, len(contacts), AT_ONCE):
        notify_all(
            uow,
            "N1",
            [_recipient(uow, contact) for contact in contacts[at : at + AT_ONCE]],
            edition_id=edition_id,
            event=f"opened:{edition_id}",
            facts={"opens": schedule.entry_opens or now, "closes": schedule.entry_closes or now},
            now=now,
        )


def _recipient(uow: UnitOfWork, contact: NewsContact) -> Recipient:
    phone = uow.crypto.open(contact.phone_sealed, f"news_contact.phone:{contact.id}")
    return Recipient(NEWS, contact.id, phone=phone, locale=contact.locale)


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
            .group_by(Submission.id)
            .order_by(func.min(Consent.given_at), Submission.id)
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
