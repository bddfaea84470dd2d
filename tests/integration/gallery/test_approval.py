"""Approving, holding, resuming, withdrawing: two persons, every blocker, messages that leave with the minute."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from factories.winners import decide_contest
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.consents import ConsentKind
from contest.domain.errors import Conflict, Denied, Invalid
from contest.models.audit import AuditRow
from contest.models.outbox import Message
from contest.operations.audit import broken_link
from contest.queries.editions import get_edition
from gallery.models.publication import Exhibit, Licence, Publication
from gallery.operations.approve import approve, withdraw_approval, withdraw_outdated_approvals
from gallery.operations.correct import correct, retract
from gallery.operations.hold import hold, resume
from gallery.operations.prepare import describe_entry
from gallery.operations.remind import remind_of_announcement
from gallery.queries.published import is_anything_published, results
from judging.models.award import Award
from judging.models.objection import Objection, ObjectionState

MINUTE = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def rows(services, kind, *where):
    with services.database.read() as session:
        found = session.scalars(select(kind).where(*where)).all()
        session.expunge_all()
        return found


def due_messages(services, at, code):
    return rows(
        services,
        Message,
        Message.code == code,
        Message.not_before <= at,
        Message.sent_at.is_(None),
        Message.voided_at.is_(None),
    )


def test_the_draft_holds_25_works_and_the_whole_budget(decided, draft):
    found = draft(decided.edition_id)
    assert [blocker.code for blocker in found.blockers] == []
    assert (len(found.works), found.spent) == (25, 3_000_000)
    assert [work.tier_code for work in found.works[:3]] == ["grand", "first", "first"]
    assert found.works[0].name.startswith("김*천")  # three winners are masked alike: their numbers part them
    assert len({work.name for work in found.works}) == 25


def test_approval_fixes_exhibits_licences_and_messages(services, decided, approved):
    exhibits = rows(services, Exhibit, Exhibit.publication_id == approved)
    assert len(exhibits) == 25
    assert sum(exhibit.amount for exhibit in exhibits) == 3_000_000
    assert not {exhibit.id for exhibit in exhibits} & set(decided.entries)
    licences = rows(services, Licence)
    assert {(held.starts_on, held.ends_on) for held in licences} == {
        (dt.date(2024, 10, 1), dt.date(2027, 9, 30))
    }
    assert {held.open_licence for held in licences} == {None}
    assert len(due_messages(services, MINUTE, "W1")) == 25
    assert len(due_messages(services, MINUTE, "L1")) == 3
    assert not due_messages(services, MINUTE - SECOND, "W1")
    assert not due_messages(services, MINUTE - SECOND, "L1")


def test_the_operator_cannot_approve_nor_can_whoever_prepared(services, decided, people, draft):
    digest = draft(decided.edition_id).digest
    with services.database.write() as uow, pytest.raises(Denied):
        approve(uow, decided.edition_id, digest, actor=people.operator, now=services.clock.now())
    with services.database.write() as uow:
        describe_entry(
            uow, decided.entries[0], "산 위의 해돋이", actor=people.operator, now=services.clock.now()
        )
    # the operator has since become an approver
    promoted = Actor("account", people.operator.id, Role.APPROVER)
    with services.database.write() as uow, pytest.raises(Denied, match="own_work"):
        approve(
            uow,
            decided.edition_id,
            draft(decided.edition_id).digest,
            actor=promoted,
            now=services.clock.now(),
        )


def test_what_changed_since_the_page_was_read_is_not_approved(services, decided, people, draft):
    digest = draft(decided.edition_id).digest
    with services.database.write() as uow:
        describe_entry(
            uow, decided.entries[0], "산 위의 해돋이", actor=people.operator, now=services.clock.now()
        )
    with services.database.write() as uow, pytest.raises(Conflict, match=r"publication\.changed"):
        approve(uow, decided.edition_id, digest, actor=people.approver, now=services.clock.now())


def test_texts_stand_while_an_approval_stands(services, decided, approved, people):
    with services.database.write() as uow, pytest.raises(Conflict, match="approved_already"):
        describe_entry(uow, decided.entries[0], "다른 설명", actor=people.operator, now=services.clock.now())


def test_every_blocker_is_named(services, clock, edition, people, draft):
    clock.move_to(MINUTE - dt.timedelta(hours=19))
    made = decide_contest(services, edition.id, people.operator, consents=(ConsentKind.PRIVACY,))
    with services.database.write() as uow:
        uow.session.add(
            Objection(
                id=uow.ids.token(), edition_id=edition.id, case_number="이의-2024-0001", entry_id=made.entries[0], category="other",
                state=ObjectionState.RECEIVED, submit_key="k", secret_digest="d", received_at=services.clock.now(),
            )
        )  # fmt: skip
        award = uow.session.scalars(select(Award).where(Award.entry_id == made.entries[24])).one()
        award.revoked_at, award.revoked_for = services.clock.now(), "objection"
    codes = {blocker.code for blocker in draft(edition.id).blockers}
    assert codes == {
        "publication.objection_open",
        "publication.licence_missing",
        "publication.slots_unfilled",
        "publication.sum_differs",
        "publication.allocation_differs",
    }
    with services.database.write() as uow, pytest.raises(Conflict) as refused:
        approve(uow, edition.id, draft(edition.id).digest, actor=people.approver, now=services.clock.now())
    assert set(refused.value.facts["codes"]) == codes


def test_a_withdrawn_approval_takes_its_messages_with_it(services, decided, approved, people, draft):
    with services.database.write() as uow:
        withdraw_approval(
            uow, decided.edition_id, "작품 설명을 고칩니다", actor=people.approver, now=services.clock.now()
        )
    assert not due_messages(services, MINUTE, "W1")
    assert not due_messages(services, MINUTE, "L1")
    assert not rows(services, Licence)
    with services.database.write() as uow:
        again = approve(
            uow,
            decided.edition_id,
            draft(decided.edition_id).digest,
            actor=people.approver,
            now=services.clock.now(),
        )
    assert again.version == 2
    assert len(due_messages(services, MINUTE, "W1")) == 25


def test_published_the_second_it_comes_with_nobody_awake(services, decided, approved, clock):
    def public():
        with services.database.read() as session:
            return results(session, services.clock.now(), "ko")

    clock.move_to(MINUTE - SECOND)
    assert public() is None
    clock.move_to(MINUTE)
    assert len(public().works) == 25


@pytest.mark.parametrize("before", [dt.timedelta(seconds=1), dt.timedelta(microseconds=1)])
def test_one_person_stops_it_in_the_last_second(  # noqa: PLR0917  fixtures
    services, decided, approved, clock, people, before
):
    clock.move_to(MINUTE - before)
    with services.database.write() as uow:
        hold(uow, decided.edition_id, "제보를 확인합니다", actor=people.operator, now=services.clock.now())
    clock.move_to(MINUTE + SECOND)
    with services.database.read() as session:
        assert not is_anything_published(session, services.clock.now())
    assert not due_messages(services, MINUTE + dt.timedelta(days=1), "W1")


def test_going_on_needs_an_approver_and_writes_the_messages_again(services, decided, approved, clock, people):
    with services.database.write() as uow:
        hold(
            uow,
            decided.edition_id,
            "제보를 확인합니다",
            "발표를 미룹니다.",
            actor=people.operator,
            now=services.clock.now(),
        )
    with services.database.write() as uow, pytest.raises(Conflict, match=r"publication\.held"):
        hold(uow, decided.edition_id, "또 멈춥니다", actor=people.approver, now=services.clock.now())
    with services.database.write() as uow, pytest.raises(Denied):
        resume(uow, decided.edition_id, actor=people.operator, now=services.clock.now())
    later = MINUTE + dt.timedelta(days=2)
    with services.database.write() as uow:
        resume(uow, decided.edition_id, publish_at=later, actor=people.approver, now=services.clock.now())
    assert not due_messages(services, later - SECOND, "W1")
    assert len(due_messages(services, later, "W1")) == 25
    clock.move_to(later - SECOND)
    with services.database.read() as session:
        assert not is_anything_published(session, services.clock.now())
    clock.move_to(later)
    with services.database.read() as session:
        assert is_anything_published(session, services.clock.now())


def test_nothing_is_held_or_withdrawn_once_public(services, decided, approved, clock, people):
    clock.move_to(MINUTE)
    with services.database.write() as uow, pytest.raises(Conflict, match=r"publication\.public"):
        hold(uow, decided.edition_id, "너무 늦었습니다", actor=people.approver, now=services.clock.now())
    with services.database.write() as uow, pytest.raises(Conflict, match=r"publication\.public"):
        withdraw_approval(
            uow, decided.edition_id, "너무 늦었습니다", actor=people.approver, now=services.clock.now()
        )
    with services.database.write() as uow, pytest.raises(Invalid):
        hold(uow, decided.edition_id, "", actor=people.approver, now=services.clock.now())


def test_a_later_minute_by_amendment_takes_the_approval_back(services, decided, approved, clock):
    with services.database.write() as uow:
        get_edition(uow.session, decided.edition_id).publish_at = MINUTE + dt.timedelta(days=6)
    clock.move_to(MINUTE - SECOND)
    withdraw_outdated_approvals(services, services.clock.now())
    assert not due_messages(services, MINUTE + dt.timedelta(days=9), "W1")
    clock.move_to(MINUTE + dt.timedelta(days=7))
    with services.database.read() as session:
        assert not is_anything_published(session, services.clock.now())


def test_the_amendment_itself_takes_the_approval_back(services, decided, approved, people):
    with services.database.write() as uow:
        edition = get_edition(uow.session, decided.edition_id)
        edition.publish_at = MINUTE + dt.timedelta(days=6)
        for hook in services.registry.on_amendment:
            hook(
                uow,
                decided.edition_id,
                frozenset({"schedule.publish_at"}),
                people.approver,
                services.clock.now(),
            )
    assert not due_messages(services, MINUTE + dt.timedelta(days=9), "W1")


def test_a_revoked_award_leaves_the_public_page_at_once(services, decided, approved, clock):
    clock.move_to(MINUTE)
    with services.database.write() as uow:
        award = uow.session.scalars(select(Award).where(Award.entry_id == decided.entries[3])).one()
        award.revoked_at, award.revoked_for = services.clock.now(), "cancelled"
    with services.database.read() as session:
        assert len(results(session, services.clock.now(), "ko").works) == 24


def test_a_correction_is_a_new_version_at_the_same_address(services, decided, approved, clock, people):
    clock.move_to(MINUTE)
    before = {e.id: e.title for e in rows(services, Exhibit)}
    chosen = min(before)
    with services.database.write() as uow:
        newer = correct(
            uow,
            chosen,
            {"title": "고친 제목"},
            "제목의 오자를 바로잡습니다",
            actor=people.approver,
            now=services.clock.now(),
        )
    assert newer.version == 2
    with services.database.read() as session:
        shown = results(session, services.clock.now(), "ko")
    assert {work.id for work in shown.works} == set(before)
    assert {work.id: work.title for work in shown.works} == before | {chosen: "고친 제목"}
    assert shown.correction == "제목의 오자를 바로잡습니다"
    kept = rows(services, Exhibit, Exhibit.publication_id == approved)
    assert sorted(e.title for e in kept) == sorted(before.values())
    first = rows(services, Publication, Publication.id == approved)[0]
    assert newer.digest != first.digest
    with services.database.write() as uow, pytest.raises(Conflict, match="nothing_changed"):
        correct(
            uow,
            chosen,
            {"title": "고친 제목"},
            "다시 같은 내용",
            actor=people.approver,
            now=services.clock.now(),
        )
    with services.database.write() as uow, pytest.raises(Denied):
        correct(
            uow, chosen, {"title": "다른"}, "권한이 없습니다", actor=people.operator, now=services.clock.now()
        )


def test_a_retracted_work_is_gone_from_every_list(services, decided, approved, clock, people):
    with services.database.write() as uow, pytest.raises(Conflict, match="not_public"):
        retract(
            uow,
            rows(services, Exhibit)[0].id,
            "아직 이릅니다",
            actor=people.operator,
            now=services.clock.now(),
        )
    clock.move_to(MINUTE)
    gone = rows(services, Exhibit)[0].id
    with services.database.write() as uow:
        retract(uow, gone, "초상권 문제로 내립니다", actor=people.operator, now=services.clock.now())
    with services.database.read() as session:
        assert gone not in {work.id for work in results(session, services.clock.now(), "ko").works}


def test_both_are_told_a_day_and_an_hour_before_once(services, decided, clock, people):
    def told():
        return sorted(m.subject_id for m in rows(services, Message, Message.code == "O6"))

    clock.move_to(MINUTE - dt.timedelta(hours=18))
    for _ in range(2):
        remind_of_announcement(services, services.clock.now())
    assert told() == sorted([people.operator.id, people.approver.id])
    clock.move_to(MINUTE - dt.timedelta(hours=1))
    for _ in range(2):
        remind_of_announcement(services, services.clock.now())
    assert len(told()) == 4
    clock.move_to(MINUTE + SECOND)
    remind_of_announcement(services, services.clock.now())
    assert len(told()) == 6


def test_the_trail_holds_every_act_and_no_words(services, decided, approved, people):
    with services.database.write() as uow:
        hold(uow, decided.edition_id, "홍길동 님의 제보", actor=people.operator, now=services.clock.now())
    acts = rows(services, AuditRow, AuditRow.action.startswith("publication."))
    assert [act.action for act in acts] == ["publication.approved", "publication.held"]
    assert (acts[0].facts["works"], acts[0].facts["sum"]) == (25, 3_000_000)
    assert "홍길동" not in json.dumps([act.facts for act in acts], ensure_ascii=False)
    with services.database.read() as session:
        assert broken_link(session) is None
