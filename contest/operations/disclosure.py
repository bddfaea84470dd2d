"""Seeing personal data is an act: who saw what of whom, and why."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor
from contest.domain.errors import Invalid
from contest.infra.unit_of_work import UnitOfWork, fact_digest

#: Reasons that the trail names (`disclosure.reason.<code>` in the text table); forms offer these.
REASONS = ("enquiry", "identity", "correction", "prize", "objection", "subject_request", "audit", "migration")
#: A reason in own words shorter than this says nothing.
SHORTEST_REASON = 5


def disclose(
    uow: UnitOfWork,
    what: str,
    subject: tuple[str, str | None],
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
    edition_id: str | None = None,
    count: int = 1,
) -> None:
    """Note that personal data is shown or taken out, before it is.

    what: the kind, a word of the act table (`contact`, `export`, …); count: of how many people.
    reason: one of REASONS, which the auditor reads, or own words, of which the trail keeps a digest: people
    write names into reasons. Raises Invalid `disclosure.reason` (field `reason`) where there is none.
    """
    reason = " ".join(reason.split())
    if reason not in REASONS:
        if len(reason) < SHORTEST_REASON:
            raise Invalid("disclosure.reason", field="reason")
        reason = fact_digest(str(subject[1]), reason)
    uow.note(
        f"disclosure.{what}", subject, actor=actor, now=now, edition_id=edition_id,
        count=count, reason=reason,
    )  # fmt: skip
