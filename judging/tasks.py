"""Jobs of judging: the marked pictures of public verification, and their sweep."""

from __future__ import annotations

import datetime as dt

from contest.infra.wiring import Services
from judging.operations.mark import mark_candidates
from judging.operations.orphan_evidence import OrphanEvidence
from judging.queries.allocation import editions_in_the_balance


def init_tasks(services: Services) -> None:
    """Register the handlers and the sweep."""
    services.jobs.task("mark_candidates")(lambda edition_id: mark_candidates(services, edition_id))
    services.registry.sweeps.extend((mark_what_was_missed, OrphanEvidence()))


def mark_what_was_missed(services: Services, now: dt.datetime) -> None:
    """Sweep: marked pictures whose bell was lost are made within the minute."""
    del now
    with services.database.read() as session:
        waiting = editions_in_the_balance(session)
    for edition_id in waiting:
        mark_candidates(services, edition_id)
