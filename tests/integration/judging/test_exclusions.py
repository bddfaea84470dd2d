"""A work falls out: two persons, one path, the diff that was shown, and 25 prizes of 3,000,000 won after it."""

from __future__ import annotations

from typing import Any

import pytest
from factories.results import Sealed, seal_judging
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, ContestError, Denied, Invalid, Missing
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.operations.audit import broken_link
from contest.queries.editions import get_edition
from judging.models.award import Award, Exclusion, Reserve
from judging.operations.allocate import allocate_prizes
from judging.operations.exclusions import Ground, confirm_exclusion, propose_exclusion, reject_exclusion
from judging.queries.allocation import allocation_differences, holding
from judging.queries.succession import diff_page, plan_exclusion


def allocated(services: Services, edition: Edition, actor: Actor, **kwargs: Any) -> Sealed:
    sealed = seal_judging(services, edition, **kwargs)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=actor, now=services.clock.now())
    return sealed


def shown(services: Services, edition_id: str, entry: str, ground: Ground = Ground.EX_OFFICIO) -> str:
    with services.database.read() as session:
        plan = plan_exclusion(session, get_edition(session, edition_id), entry, ground.value)
    return plan.digest if plan else ""


def propose(services: Services, edition_id: str, entry: str, actor: Actor, **kwargs: Any) -> str:
    ground = kwargs.pop("ground", Ground.EX_OFFICIO)
    seen = kwargs.pop("shown", None)
    seen = shown(services, edition_id, entry, ground) if seen is None else seen
    with services.database.write() as uow:
        return propose_exclusion(
            uow, edition_id, entry, ground, kwargs.get("reason", "다른 공모전 수상작"), shown=seen, actor=actor,
            now=services.clock.now(),
        ).id  # fmt: skip


def confirm(services: Services, exclusion: str, actor: Actor) -> None:
    with services.database.write() as uow:
        confirm_exclusion(uow, exclusion, actor=actor, now=services.clock.now())


def winners(services: Services, edition_id: str) -> tuple[list[str], int, list[str]]:
    """(entries best slot first, their won, reserves in order)."""
    with services.database.read() as session:
        held = holding(session, get_edition(session, edition_id))
        assert allocation_differences(session, get_edition(session, edition_id)) == []
        assert broken_link(session) is None
    return [award.entry for award in held.awards], held.sum, [reserve.entry for reserve in held.reserves]


@pytest.fixture
def operator(make_account: Any) -> Actor:
    return make_account(Role.OPERATOR)


@pytest.fixture
def approver(make_account: Any) -> Actor:
    return make_account(Role.APPROVER)


@pytest.mark.parametrize("fallen", [0, 1, 3, 24])
def test_whoever_falls_everybody_below_moves_up_and_count_and_sum_stay(
    services: Services, edition: Edition, operator: Actor, approver: Actor, *, fallen: int
) -> None:
    sealed = allocated(services, edition, operator)
    confirm(services, propose(services, edition.id, sealed.entries[fallen], operator), approver)
    expected = [entry for n, entry in enumerate(sealed.entries) if n != fallen]
    assert winners(services, edition.id) == (expected[:25], 3_000_000, expected[25:29])
    with services.database.read() as session:
        used = session.get_one(Reserve, (edition.id, sealed.entries[25]))
        assert (used.used_at is not None, used.dropped_at) == (True, None)
        gone = session.scalars(select(Award).where(Award.entry_id == sealed.entries[fallen])).one()
        assert gone.revoked_for == "ex_officio"


def test_a_reserve_that_falls_moves_nobody(
    services: Services, edition: Edition, operator: Actor, approver: Actor
) -> None:
    sealed = allocated(services, edition, operator)
    confirm(services, propose(services, edition.id, sealed.entries[26], operator), approver)
    left = [sealed.entries[n] for n in (25, 27, 28, 29)]
    assert winners(services, edition.id) == (list(sealed.entries[:25]), 3_000_000, left)


def test_six_fall_and_the_last_slot_stays_empty_and_is_said(
    services: Services, edition: Edition, operator: Actor, approver: Actor
) -> None:
    sealed = allocated(services, edition, operator)
    for n in range(5):
        confirm(services, propose(services, edition.id, sealed.entries[n], operator), approver)
    with services.database.read() as session:
        held = get_edition(session, edition.id)
        plan = plan_exclusion(session, held, sealed.entries[5], "ex_officio")
        assert plan is not None
        page = diff_page(session, held, plan.diff, plan.digest)
    assert (page.left_empty, page.count_before, page.count_after) == (True, 25, 24)
    confirm(services, propose(services, edition.id, sealed.entries[5], operator), approver)
    assert len(winners(services, edition.id)[0]) == 24


def test_nobody_confirms_what_they_proposed_and_only_an_approver_does(
    services: Services, edition: Edition, operator: Actor, make_account: Any
) -> None:
    sealed = allocated(services, edition, operator)
    exclusion = propose(services, edition.id, sealed.entries[0], operator)
    for actor in (operator, make_account(Role.OPERATOR), Actor("account", operator.id, Role.APPROVER)):
        with pytest.raises(Denied):
            confirm(services, exclusion, actor)
    assert winners(services, edition.id)[0] == list(sealed.entries[:25])


def test_what_is_confirmed_is_what_was_shown(
    services: Services, edition: Edition, operator: Actor, approver: Actor
) -> None:
    sealed = allocated(services, edition, operator)
    seen = shown(services, edition.id, sealed.entries[3])
    first = propose(services, edition.id, sealed.entries[0], operator)
    waiting = propose(services, edition.id, sealed.entries[1], operator)
    confirm(services, first, approver)
    after = winners(services, edition.id)
    # Prizes have moved: neither the proposal made before nor a preview opened before holds any more.
    with pytest.raises(Conflict) as changed:
        confirm(services, waiting, approver)
    assert changed.value.code == "exclusion.changed"
    with pytest.raises(Conflict) as stale:
        propose(services, edition.id, sealed.entries[3], operator, shown=seen)
    assert stale.value.code == "exclusion.changed"
    assert winners(services, edition.id) == after
    with services.database.write() as uow:
        reject_exclusion(uow, waiting, actor=operator, now=services.clock.now())
    confirm(services, propose(services, edition.id, sealed.entries[1], operator), approver)
    assert winners(services, edition.id)[0] == list(sealed.entries[2:27])


def test_the_stored_diff_is_the_plan_and_is_carried_out_once(
    services: Services, edition: Edition, operator: Actor, approver: Actor
) -> None:
    sealed = allocated(services, edition, operator)
    with services.database.read() as session:
        plan = plan_exclusion(session, get_edition(session, edition.id), sealed.entries[2], "declined")
    exclusion = propose(services, edition.id, sealed.entries[2], operator, ground=Ground.DECLINED)
    confirm(services, exclusion, approver)
    with services.database.read() as session:
        stored = session.get_one(Exclusion, exclusion)
        assert plan is not None
        assert stored.diff == plan.diff
    with pytest.raises(Conflict) as settled:
        confirm(services, exclusion, approver)
    assert settled.value.code == "exclusion.settled"


@pytest.mark.parametrize(
    ("reason", "error"),
    [("  ", Invalid), ("사유", Missing)],
    ids=["without a reason", "a work nobody listed"],
)
def test_an_exclusion_needs_a_reason_and_a_listed_work(
    services: Services, edition: Edition, operator: Actor, *, reason: str, error: type[ContestError]
) -> None:
    sealed = allocated(services, edition, operator)
    with pytest.raises(error):
        propose(services, edition.id, sealed.entries[33], operator, reason=reason, shown="")


def test_a_work_excluded_before_allocation_is_walked_past(
    services: Services, edition: Edition, operator: Actor, approver: Actor
) -> None:
    sealed = seal_judging(services, edition)
    confirm(
        services,
        propose(services, edition.id, sealed.entries[0], operator, ground=Ground.WITHDRAWN),
        approver,
    )
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
    assert winners(services, edition.id)[0] == list(sealed.entries[1:26])


def test_the_trail_names_both_persons_and_no_words(
    services: Services, edition: Edition, operator: Actor, approver: Actor
) -> None:
    sealed = allocated(services, edition, operator)
    confirm(
        services, propose(services, edition.id, sealed.entries[0], operator, reason="남의 사진"), approver
    )
    with services.database.read() as session:
        acts = session.scalars(
            select(AuditRow).where(AuditRow.subject_id == sealed.entries[0]).order_by(AuditRow.seq)
        )
        found = [(act.action, act.actor_id, act.facts) for act in acts]
    assert [(action, actor) for action, actor, _ in found] == [
        ("exclusion.proposed", operator.id), ("exclusion.confirmed", approver.id),
    ]  # fmt: skip
    assert "남의 사진" not in str(found)
