"""A jury at work: an edition in judging with works, judges who have signed, and an open round."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories.panels import Jury, make_panel, make_works, open_judging, sign_everything

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition


@pytest.fixture
def jury(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Three works, five judges, everything signed, judging open."""
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    entries = make_works(services, edition.id, 3)
    judges = make_panel(services, edition.id, operator)
    sign_everything(services, judges)
    round_id = open_judging(services, clock, edition, operator)
    return Jury(edition.id, round_id, operator, approver, judges, entries)
