"""After the minute the system reads its own page as a stranger would, and says what it saw."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from contest.domain.actors import SYSTEM, Role
from contest.domain.errors import Conflict
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.operations.notify import account_recipient, notify
from contest.queries.editions import get_edition
from gallery.domain.self_check import Expected, Finding, Seen, judge
from gallery.models.publication import Publication, PublicationCheck
from gallery.queries.announcement import expected_amounts, release_of
from gallery.queries.published import released

#: fetch(path) -> (status, bytes): a request without any session, through the whole application.
Fetch = Callable[[str], tuple[int, bytes]]
_LINK = re.compile(r'href="(?:/[a-z]{2})?/photo/([a-z0-9]+)"')
_OK = 200
_JPEG = b"\xff\xd8\xff"


def check_publication(services: Services, fetch: Fetch, publication_id: str, now: dt.datetime) -> Finding:
    """Read the public pages, keep what was seen, tell operators and approvers. Repeating it is harmless.

    Raises Conflict `publication.not_public` before the minute or while it is held.
    """
    with services.database.read() as session:
        publication = session.get_one(Publication, publication_id)
        edition = get_edition(session, publication.edition_id)
        release = release_of(session, edition)
        if publication.withdrawn_at is not None or not release.is_public(now):
            raise Conflict("publication.not_public")
        expected = Expected(expected_amounts(session, publication_id))
        year = edition.year
    finding = judge(expected, _look(fetch, year, expected))
    with services.database.write() as uow:
        _record(uow, publication_id, finding, now)
    return finding


def check_due(services: Services, now: dt.datetime) -> None:
    """Sweep: ring for every public announcement that has not been read back, or was not found whole."""
    with services.database.read() as session:
        due = session.scalars(
            select(Publication.id)
            .join(Edition, Edition.id == Publication.edition_id)
            .outerjoin(PublicationCheck, PublicationCheck.publication_id == Publication.id)
            .where(*released(now), (PublicationCheck.id.is_(None)) | (PublicationCheck.ok.is_(False)))
        ).all()
    for publication_id in due:
        services.jobs.ring("check_publication", publication_id=publication_id)


def _look(fetch: Fetch, year: int, expected: Expected) -> Seen:
    status, page = fetch(f"/results?year={year}")
    linked = frozenset(_LINK.findall(page.decode("utf-8", "replace"))) if status == _OK else frozenset()
    pictures = 0
    for exhibit_id in expected.amounts:
        answers = [fetch(f"/photo/{exhibit_id}/{kind}.jpg") for kind in ("large", "thumb")]
        pictures += all(code == _OK and body.startswith(_JPEG) for code, body in answers)
    return Seen(status, linked, _amounts(fetch, year), pictures)


def _amounts(fetch: Fetch, year: int) -> dict[str, int]:
    status, body = fetch(f"/results.json?year={year}")
    if status != _OK:
        return {}
    try:
        document: dict[str, Any] = json.loads(body)
        return {work["id"]: int(work["amount"]) for work in document["works"]}
    except (ValueError, KeyError, TypeError):
        return {}


def _record(uow: UnitOfWork, publication_id: str, finding: Finding, now: dt.datetime) -> None:
    publication = uow.session.get_one(Publication, publication_id, with_for_update=True)
    row = uow.session.scalars(
        select(PublicationCheck).where(PublicationCheck.publication_id == publication_id)
    ).one_or_none()
    is_news = row is None or row.ok != finding.ok
    if row is None:
        row = PublicationCheck(id=uow.ids.token(), publication_id=publication_id)
        uow.session.add(row)
    row.at, row.ok, row.facts = now, finding.ok, finding.facts
    if not is_news:
        return
    uow.note(
        "publication.read_back", ("publication", publication_id), actor=SYSTEM, now=now,
        edition_id=publication.edition_id, ok=finding.ok, **finding.facts,
    )  # fmt: skip
    if publication.correction is None:
        tell_staff(
            uow, publication.edition_id, "published" if finding.ok else "failed", now=now,
            event=f"announced:{publication_id}:{'published' if finding.ok else 'failed'}",
            minute=publication.publish_at, count=int(finding.facts["works"]),
        )  # fmt: skip


def tell_staff(
    uow: UnitOfWork,
    edition_id: str,
    status: str,
    *,
    event: str,
    minute: dt.datetime,
    count: int,
    now: dt.datetime,
) -> None:
    """O6 to every operator and approver: how the announcement stands."""
    accounts = uow.session.scalars(
        select(Account)
        .where(
            Account.role.in_((Role.OPERATOR, Role.APPROVER)),
            Account.activated_at.is_not(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    ).all()
    for account in accounts:
        notify(
            uow, "O6", account_recipient(account), edition_id=edition_id, event=event,
            facts={"at": minute, "count": count, "status": status}, now=now,
        )  # fmt: skip
