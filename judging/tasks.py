"""Jobs of judging: the marked pictures of public verification, the dossier, and their sweeps."""

from __future__ import annotations

import datetime as dt

from contest.infra.wiring import Services
from judging.operations.dossier import make_dossier
from judging.operations.mark import mark_candidates
from judging.operations.timely import send_duties
from judging.queries.allocation import editions_in_the_balance
from judging.queries.dossier import unanswered


def init_tasks(services: Services) -> None:
    """Register the handlers and the sweep."""
    services.jobs.task("mark_candidates")(lambda edition_id: mark_candidates(services, edition_id))
    services.jobs.task("make_dossier")(lambda edition_id: make_dossier(services, edition_id))
    services.registry.sweeps.extend((mark_what_was_missed, answer_what_was_missed, send_duties))


def mark_what_was_missed(services: Services, now: dt.datetime) -> None:
    """Sweep: marked pictures whose bell was lost are made within the minute."""
    del now
    with services.database.read() as session:
        waiting = editions_in_the_balance(session)
    for edition_id in waiting:
        mark_candidates(services, edition_id)


def answer_what_was_missed(services: Services, now: dt.datetime) -> None:
    """Sweep: dossiers whose bell was lost are computed within the minute."""
    del now
    with services.database.read() as session:
        waiting = unanswered(session)
    for edition_id in waiting:
        make_dossier(services, edition_id)
