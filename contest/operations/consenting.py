"""Consents given and taken back, each row naming the wording; and who can be recognised in a picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.actors import Actor
from contest.domain.consents import ConsentKind
from contest.infra.unit_of_work import UnitOfWork
from contest.models.consent import Consent
from contest.models.submission import Submission
from contest.operations.drafts import editable, note_change, works_of
from contest.operations.findings import refresh_findings
from contest.queries.editions import get_edition, rules_of

PORTRAITS = ("none", "consented", "unsure")


def save_consents(
    uow: UnitOfWork,
    submission_id: str,
    *,
    kinds: Iterable[ConsentKind],
    portraits: Mapping[int, str],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep what was agreed to on the consent screen, and whether people can be recognised in each work.

    What is lacking is kept as lacking: the review names it. Unticked consents count as withdrawn.
    """
    submission, _ = editable(uow, submission_id, now)
    given = set(kinds) - {ConsentKind.PRIVACY, ConsentKind.GUARDIAN, ConsentKind.PORTRAIT}
    works = works_of(uow.session, submission_id)
    for entry in works:
        answer = portraits.get(entry.ordinal)
        entry.portrait = answer if answer in PORTRAITS else None
        if entry.portrait == "consented":
            given.add(ConsentKind.PORTRAIT)
    refresh_findings(uow, works, now=now)
    held = consents_of(uow.session, submission_id)
    asked = set(ConsentKind) - {ConsentKind.PRIVACY, ConsentKind.GUARDIAN}
    for kind in asked & set(held) - given:
        held[kind].withdrawn_at = now
    given_by = "guardian" if submission.age_band == "child" else "self"
    record_consents(uow, submission, sorted(given - set(held)), given_by=given_by, now=now)
    note_change(uow, submission, ["consents"], actor=actor, now=now)


def record_consents(
    uow: UnitOfWork, submission: Submission, kinds: Iterable[ConsentKind], *, given_by: str, now: dt.datetime
) -> None:
    """One row for each matter agreed to, naming the version of its wording in the entrant's language."""
    rules = rules_of(get_edition(uow.session, submission.edition_id))
    uow.session.add_all(
        Consent(
            id=uow.ids.token(), submission_id=submission.id, kind=kind.value,
            text_digest=rules.consent(kind, submission.locale).digest, given_by=given_by, given_at=now,
        )
        for kind in kinds
    )  # fmt: skip
    uow.session.flush()


def consents_of(session: Session, submission_id: str) -> dict[ConsentKind, Consent]:
    """The consents that stand, by kind."""
    rows = session.scalars(
        select(Consent).where(Consent.submission_id == submission_id, Consent.withdrawn_at.is_(None))
    )
    return {ConsentKind(row.kind): row for row in rows}
