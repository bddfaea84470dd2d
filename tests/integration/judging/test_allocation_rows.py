"""Prizes as rows: one allocation whoever asks, nothing the constraints forbid, everything computed again."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from factories.results import seal_judging
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied
from contest.domain.stages import Stage
from contest.infra.wiring import Services
from contest.models.edition import Edition, PrizeSlot
from contest.operations.stages import move_stage
from contest.queries.editions import get_edition
from judging.models.award import Allocation, Award, Reserve
from judging.operations.allocate import allocate_prizes
from judging.queries.allocation import allocation_differences, holding


def allocate(services: Services, edition_id: str, actor: Actor) -> Any:
    with services.database.write() as uow:
        return allocate_prizes(uow, edition_id, actor=actor, now=services.clock.now()).digest


def counted(services: Services, edition_id: str) -> tuple[int, int, int, int]:
    """(live awards, their won, reserves, runs)."""
    with services.database.read() as session:
        live = session.execute(
            select(func.count(), func.sum(PrizeSlot.amount))
            .select_from(Award)
            .join(
                PrizeSlot,
                (PrizeSlot.edition_id == Award.edition_id) & (PrizeSlot.ordinal == Award.slot_ordinal),
            )
            .where(Award.edition_id == edition_id, Award.revoked_at.is_(None))
        ).one()
        return (
            live[0],
            live[1] or 0,
            session.scalar(select(func.count()).select_from(Reserve)) or 0,
            session.scalar(select(func.count()).select_from(Allocation)) or 0,
        )


def differences(services: Services, edition_id: str) -> list[str]:
    with services.database.read() as session:
        return allocation_differences(session, get_edition(session, edition_id))


def test_sealed_ranks_become_25_prizes_of_3_million_won_and_5_reserves(
    services: Services, edition: Edition, make_account: Any
) -> None:
    sealed = seal_judging(services, edition)
    allocate(services, edition.id, make_account(Role.OPERATOR))
    assert counted(services, edition.id) == (25, 3_000_000, 5, 1)
    with services.database.read() as session:
        held = holding(session, get_edition(session, edition.id))
    assert [award.entry for award in held.awards] == list(sealed.entries[:25])
    assert [reserve.entry for reserve in held.reserves] == list(sealed.entries[25:30])
    assert differences(services, edition.id) == []


def test_one_person_takes_one_prize(services: Services, edition: Edition, make_account: Any) -> None:
    persons = [0, 0, *range(2, 34)]
    sealed = seal_judging(services, edition, persons=persons)
    allocate(services, edition.id, make_account(Role.OPERATOR))
    with services.database.read() as session:
        held = holding(session, get_edition(session, edition.id))
    assert sealed.entries[1] not in {award.entry for award in held.awards}
    assert len({award.person for award in held.awards}) == 25


def test_the_second_official_sees_what_the_first_made(
    services: Services, edition: Edition, make_account: Any
) -> None:
    seal_judging(services, edition)
    first = allocate(services, edition.id, make_account(Role.OPERATOR))
    assert allocate(services, edition.id, make_account(Role.APPROVER)) == first
    assert counted(services, edition.id) == (25, 3_000_000, 5, 1)


def test_two_officials_at_once_make_one_allocation(
    services: Services, edition: Edition, make_account: Any
) -> None:
    seal_judging(services, edition)
    actors = [make_account(Role.OPERATOR), make_account(Role.OPERATOR)]
    start = threading.Barrier(2)
    digests: list[str] = []

    def run(actor: Actor) -> None:
        start.wait()
        digests.append(allocate(services, edition.id, actor))

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(digests) == 2
    assert len(set(digests)) == 1
    assert counted(services, edition.id) == (25, 3_000_000, 5, 1)


def test_nobody_but_operators_and_approvers_allocates(
    services: Services, edition: Edition, make_account: Any
) -> None:
    seal_judging(services, edition)
    with pytest.raises(Denied):
        allocate(services, edition.id, make_account(Role.AUDITOR))
    assert counted(services, edition.id) == (0, 0, 0, 0)


def test_a_tie_where_money_parts_is_named_by_entry_numbers(
    services: Services, edition: Edition, make_account: Any
) -> None:
    ranks = [1, 1, *range(3, 35)]
    sealed = seal_judging(services, edition, ranks=ranks)
    with pytest.raises(Conflict) as refused:
        allocate(services, edition.id, make_account(Role.OPERATOR))
    assert refused.value.code == "allocation.tie_at_boundary"
    assert refused.value.facts["entries"] == sealed.numbers[:2]
    assert counted(services, edition.id) == (0, 0, 0, 0)


def test_an_open_round_allocates_nothing(services: Services, edition: Edition, make_account: Any) -> None:
    sealed = seal_judging(services, edition)
    with services.database.write() as uow:
        uow.session.execute(
            text("UPDATE round SET state = 'open', sealed_at = NULL, seal = NULL WHERE id = :id"),
            {"id": sealed.round_id},
        )
    with pytest.raises(Conflict) as refused:
        allocate(services, edition.id, make_account(Role.OPERATOR))
    assert refused.value.code == "allocation.not_sealed"


def award(services: Services, sealed: Any, run: str, *, ordinal: int, entry: int, person: str) -> Award:
    return Award(
        id=services.ids.token(), edition_id=sealed.edition_id, slot_ordinal=ordinal, entry_id=sealed.entries[entry],
        person_key=person, allocation_id=run, state="provisional", created_at=services.clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ordinal", "entry"),
    [(26, 30), (25, 30), (1, 30), (26, 0)],
    ids=["a 26th slot", "a taken slot", "the first prize twice", "a winner again"],
)
def test_the_database_itself_refuses_a_26th_award_or_a_won_too_much(
    services: Services, edition: Edition, make_account: Any, *, ordinal: int, entry: int
) -> None:
    sealed = seal_judging(services, edition)
    allocate(services, edition.id, make_account(Role.OPERATOR))
    with services.database.read() as session:
        run = session.scalars(select(Allocation.id)).one()
    with pytest.raises(IntegrityError), services.database.write() as uow:
        uow.session.add(award(services, sealed, run, ordinal=ordinal, entry=entry, person="new"))
    assert counted(services, edition.id) == (25, 3_000_000, 5, 1)


def test_the_database_refuses_a_second_prize_for_a_person(
    services: Services, edition: Edition, make_account: Any
) -> None:
    sealed = seal_judging(services, edition)
    allocate(services, edition.id, make_account(Role.OPERATOR))
    with services.database.write() as uow:
        run = uow.session.scalars(select(Allocation.id)).one()
        uow.session.execute(
            update(Award)
            .where(Award.slot_ordinal == 25)
            .values(revoked_at=services.clock.now(), revoked_for="test")
        )
    with pytest.raises(IntegrityError), services.database.write() as uow:
        uow.session.add(award(services, sealed, run, ordinal=25, entry=30, person="person-0"))


def test_whatever_is_changed_behind_the_program_is_noticed(
    services: Services, edition: Edition, make_account: Any
) -> None:
    sealed = seal_judging(services, edition)
    allocate(services, edition.id, make_account(Role.OPERATOR))
    with services.database.write() as uow:
        uow.session.execute(update(Award).where(Award.slot_ordinal == 25).values(entry_id=sealed.entries[32]))
    assert differences(services, edition.id) == ["verify.rows_differ"]
    with services.database.write() as uow:
        run = uow.session.scalars(select(Allocation)).one()
        run.result = {**run.result, "vacant": [25]}
    assert differences(services, edition.id) == ["verify.run_differs"]


def test_judging_opened_again_takes_every_prize_back_and_allocates_anew(
    services: Services, edition: Edition, make_account: Any
) -> None:
    seal_judging(services, edition)
    operator = make_account(Role.OPERATOR)
    first = allocate(services, edition.id, operator)
    with services.database.write() as uow:
        get_edition(uow.session, edition.id).stage = Stage.VERIFICATION
    with services.database.write() as uow:
        move_stage(
            uow,
            services.registry,
            edition.id,
            Stage.JUDGING,
            actor=operator,
            now=services.clock.now(),
            reason="집계 오류",
        )
    assert counted(services, edition.id)[:2] == (0, 0)
    assert differences(services, edition.id) == ["verify.no_allocation"]
    assert allocate(services, edition.id, operator) == first
    assert counted(services, edition.id) == (25, 3_000_000, 5, 2)
    assert differences(services, edition.id) == []
