"""An edition is data: drafts keep their errors, opening freezes prizes and consents."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from contest.domain.actors import Role
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import ConsentText, Edition, PrizeSlot
from contest.operations.editions import copy_edition, open_edition, save_draft
from contest.operations.stages import begin_screening_when_closed, blockers
from contest.queries.editions import current_edition, problems_of, rules_of, schedule_of


def test_the_seeded_edition_is_open_with_its_slots_and_consents(services: Services, edition: Edition) -> None:
    with services.database.read() as session:
        held = current_edition(session)
        assert held is not None
        assert (held.id, held.stage) == (edition.id, Stage.OPEN)
        count, total = session.execute(select(func.count(), func.sum(PrizeSlot.amount))).one()
        assert (count, total) == (25, 3_000_000)
        assert session.scalar(select(func.count()).select_from(ConsentText)) >= len(rules_of(held).consents)


def test_a_copy_is_a_draft_a_year_later_that_cannot_open_with_errors(
    services: Services, edition: Edition, make_account
) -> None:
    actor = make_account(Role.OPERATOR)
    now = services.clock.now()
    with services.database.write() as uow:
        draft = copy_edition(uow, edition.id, actor=actor, now=now)
    assert (draft.year, draft.number, draft.stage) == (2025, 3, Stage.DRAFT)
    assert draft.publish_at.year == 2025
    broken = dict(draft.document, prizes={"tiers": []})
    with services.database.write() as uow:
        save_draft(uow, draft.id, broken, schedule_of(draft), version=1, actor=actor, now=now)
    with services.database.read() as session:
        kept = session.get_one(Edition, draft.id)
        assert kept.document["prizes"] == {"tiers": []}
        assert any(problem.severity == "error" for problem in problems_of(session, kept, now))
        assert any(not b.is_warning for b in blockers(services.registry, session, draft.id, Stage.OPEN, now))
    with pytest.raises(Conflict, match="stage.blocked"), services.database.write() as uow:
        open_edition(uow, services.registry, draft.id, actor=actor, now=now)


def test_an_older_page_does_not_overwrite_a_newer_draft(
    services: Services, edition: Edition, make_account
) -> None:
    actor, now = make_account(Role.OPERATOR), services.clock.now()
    with services.database.write() as uow:
        draft = copy_edition(uow, edition.id, actor=actor, now=now)
    for version, refused in ((1, False), (1, True)):
        try:
            with services.database.write() as uow:
                save_draft(
                    uow, draft.id, draft.document, schedule_of(draft), version=version, actor=actor, now=now
                )
        except Conflict as conflict:
            assert (conflict.code, refused) == ("edition.changed", True)
        else:
            assert not refused


def test_screening_begins_by_itself_at_the_deadline(
    services: Services, edition: Edition, clock: SteppedClock
) -> None:
    clock.move_to(edition.entry_closes - dt.timedelta(seconds=1))
    begin_screening_when_closed(services, clock.now())
    with services.database.read() as session:
        assert session.get_one(Edition, edition.id).stage is Stage.OPEN
    clock.move_to(edition.entry_closes)
    begin_screening_when_closed(services, clock.now())
    with services.database.read() as session:
        assert session.get_one(Edition, edition.id).stage is Stage.SCREENING
