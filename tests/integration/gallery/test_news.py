"""Whoever agreed to news of the next contest hears once, from the number alone, until they stop it or two years end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from factories.submissions import Made, make_submission
from sqlalchemy import event, select

from contest.domain.actors import SYSTEM, Role, citizen
from contest.domain.consents import ConsentKind
from contest.domain.persons import parse_phone
from contest.domain.schedule import later
from contest.domain.stages import Stage
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.consent import Consent
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.news import NewsContact
from contest.models.outbox import Destruction, Message
from contest.models.submission import Submission, SubmissionState
from contest.operations import outbox
from contest.operations.audit import broken_link
from contest.operations.editions import copy_edition, open_edition
from contest.operations.erase import erase_own
from contest.operations.guardian import ask_guardian, refuse_as_guardian
from contest.operations.identify import phone_digest
from contest.operations.links import sign_link
from contest.operations.news import keep_for_news, news_path, tell_of_opening
from contest.operations.retention import run_erasures
from contest.queries.editions import get_edition

ERASED_ON = dt.datetime(2025, 1, 1, 1, 0, tzinfo=dt.UTC)
CONSENT_ENDS = dt.datetime(2026, 9, 30, 6, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
AGREED = (ConsentKind.PRIVACY, ConsentKind.LICENCE, ConsentKind.PLEDGE, ConsentKind.NEXT_CONTEST)


def enter(services: Services, edition_id: str, phone: str, **more: Any) -> Made:
    with services.database.read() as session:
        edition = get_edition(session, edition_id)
    return make_submission(services, edition, phone=phone, **({"consents": AGREED, "photo": False} | more))


def contacts(services: Services) -> list[tuple[str, str, dt.datetime]]:
    """(number, language, end) of each number kept."""
    with services.database.read() as session:
        return sorted(
            (services.crypto.open(row.phone_sealed, f"news_contact.phone:{row.id}"), row.locale, row.ends_at)
            for row in session.scalars(select(NewsContact))
        )


def told(services: Services) -> list[Message]:
    with services.database.read() as session:
        found = list(session.scalars(select(Message).where(Message.code == "N1").order_by(Message.id)))
        session.expunge_all()
        return found


def ledger(services: Services) -> list[tuple[int, str]]:
    with services.database.read() as session:
        lines = session.scalars(
            select(Destruction).where(Destruction.kind == "news").order_by(Destruction.rule)
        )
        return [(line.count, line.rule) for line in lines]


def stop_path(services: Services, phone: str) -> str:
    with services.database.read() as session:
        for row in session.scalars(select(NewsContact)):
            if services.crypto.open(row.phone_sealed, f"news_contact.phone:{row.id}") == phone:
                path = news_path(services, session, row.id)
                assert path is not None
                return path
    raise AssertionError(phone)


def open_next(services: Services, edition_id: str, actor: Any) -> str:
    """Next year's edition, opened."""
    with services.database.write() as uow:
        draft = copy_edition(uow, edition_id, actor=actor, now=services.clock.now())
        open_edition(uow, services.registry, draft.id, actor=actor, now=services.clock.now())
        return draft.id


@pytest.fixture
def ended(services: Services, clock: Any, decided: Any, approved: str) -> str:
    """Entrants of every kind on the day their data are erased; a winner, kept longer, agreed to news too."""
    enter(services, decided.edition_id, "010-1111-0001")
    enter(services, decided.edition_id, "010-1111-0001", name="홍길순")  # one telephone, two persons
    enter(services, decided.edition_id, "010-1111-0002", consents=AGREED[:3])
    enter(services, decided.edition_id, "010-1111-0003", state=SubmissionState.WITHDRAWN)
    asked = enter(services, decided.edition_id, "010-1111-0004")
    enter(services, decided.edition_id, "02-2627-1234")
    back = enter(services, decided.edition_id, "010-1111-0005")
    with services.database.write() as uow:
        uow.session.get_one(Submission, asked.id).withdrawal_asked_at = clock.now()
        for consent in uow.session.scalars(select(Consent).where(Consent.submission_id == back.id)):
            consent.withdrawn_at = clock.now()
        winner = uow.session.get_one(Entry, decided.entries[0]).submission_id
        other = uow.session.scalars(select(Consent).where(Consent.kind == "next_contest")).first()
        uow.session.add(
            Consent(id="winner", submission_id=winner, kind="next_contest", text_digest=other.text_digest,
                    given_at=clock.now())
        )  # fmt: skip
        row = uow.session.get_one(Submission, winner)
        row.locale, row.phone_key = "en", phone_digest(uow.crypto, parse_phone("010-1234-0000"))
    clock.move_to(ERASED_ON)
    run_erasures(services, clock.now())
    return str(decided.edition_id)


def test_only_the_number_of_whoever_agreed_outlives_the_entry_and_once(
    services: Services, clock: Any, ended: str
) -> None:
    assert contacts(services) == [("+821011110001", "ko", CONSENT_ENDS)]
    with services.database.read() as session:
        erased = session.scalars(select(Submission).where(Submission.state == SubmissionState.ERASED)).all()
        assert len(erased) == 10
        assert {one.phone_key for one in erased} == {None}
        known = {value for one in erased for value in (one.id, one.receipt_number)}
        kept = session.scalars(select(NewsContact)).one()
        assert known.isdisjoint({kept.id, kept.phone_key, kept.locale})
    run_erasures(services, clock.now())
    assert len(contacts(services)) == 1
    clock.move_to(CONSENT_ENDS - SECOND)
    assert run_erasures(services, clock.now())["news"] == 0
    clock.move_to(CONSENT_ENDS)
    assert run_erasures(services, clock.now())["news"] == 1
    assert contacts(services) == []
    assert ledger(services) == [(1, "retention.news")]


def test_an_edition_that_opens_is_told_once_to_each_number(
    services: Services, clock: Any, ended: str, people: Any, make_account: Any
) -> None:
    next_id = open_next(services, ended, people.approver)
    rows = told(services)
    assert [(row.channel, row.edition_id, row.subject_kind) for row in rows] == [("sms", next_id, "news")] * 2
    assert len({row.subject_id for row in rows}) == 2
    clock.move_to(ERASED_ON + dt.timedelta(hours=3))
    clerk = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        batch = outbox.bundle_texts(uow, actor=clerk, now=clock.now())
    with services.database.write() as uow:
        texts = outbox.hand_over_texts(uow, services, batch, "sending", actor=clerk, now=clock.now())
    texts = [(to, text) for to, text in texts if "/news/" in text]  # others hear of their prizes
    assert sorted(to for to, _ in texts) == ["01011110001", "01012340000"]
    site = services.settings.public_url
    for to, text in texts:
        phone = "+82" + to[1:]
        assert f"{site}/call" in text
        assert f"{site}{stop_path(services, phone)}" in text
        assert ("그만 받기" in text) is (to == "01011110001")
        assert ("Stop:" in text) is (to == "01012340000")
    with services.database.write() as uow:
        outbox.mark_batch_sent(uow, batch, actor=clerk, now=clock.now())
    clock.move_to(CONSENT_ENDS)
    run_erasures(services, clock.now())
    assert contacts(services) == []
    for row in told(services):
        assert (row.to_sealed, row.body_sealed, row.sent_at is None) == (None, None, False)
    with services.database.read() as session:
        assert broken_link(session) is None


def test_nobody_is_told_when_the_consent_has_ended(
    services: Services, clock: Any, ended: str, people: Any
) -> None:
    clock.move_to(CONSENT_ENDS)
    open_next(services, ended, people.approver)
    assert told(services) == []


def test_one_button_stops_it_and_opening_the_address_does_not(  # noqa: PLR0917  fixtures
    app: Any, services: Services, clock: Any, ended: str, people: Any, client: Any
) -> None:
    open_next(services, ended, people.approver)
    app.config["WTF_CSRF_ENABLED"] = False
    path = stop_path(services, "+821012340000")
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert "<button" in page.text.partition("그만 받기")[2]
    assert client.head(path).status_code == 200
    assert len(contacts(services)) == 2
    page = client.post(path)
    assert "안내를 받으시던 휴대전화 번호를 지웠습니다." in page.text
    assert [one[0] for one in contacts(services)] == ["+821011110001"]
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 200
        assert "휴대전화 번호를 지웠습니다." in answer.text
    assert client.get("/news/anything").status_code == 404
    assert client.post(path.replace("/news/", "/news/A")).status_code == 404
    assert ledger(services) == [(1, "stopped")]
    left = {row.to_sealed is not None: row.voided_at for row in told(services)}
    assert left[True] is None
    assert left[False] == clock.now()  # the one not sent yet never leaves
    with services.database.read() as session:
        assert session.get_one(Consent, "winner").withdrawn_at == clock.now()
        acts = session.scalars(select(AuditRow.action).where(AuditRow.subject_kind == "news")).all()
        assert acts == ["news.stopped"]
        assert broken_link(session) is None
    clock.move_to(ERASED_ON + dt.timedelta(days=1))
    run_erasures(services, clock.now())
    assert len(contacts(services)) == 1


def test_who_erases_everything_is_not_told_and_a_refused_guardian_leaves_no_number(
    services: Services, clock: Any, edition: Edition, client: Any
) -> None:
    made = make_submission(services, edition, phone="010-1111-0009", consents=AGREED, photo=False)
    erase_own(services, made.id, actor=citizen(made.id), now=clock.now())
    with services.database.write() as uow:
        waiting = ask_guardian(
            uow, edition.id, guardian_name="김보호", guardian_phone="010-1111-0010", locale="ko",
            actor=citizen("x", "network"), now=clock.now(), wall=clock.wall(),
        )  # fmt: skip
    refuse_as_guardian(services, waiting.id, actor=citizen(waiting.id), now=clock.now())
    assert contacts(services) == []


def test_who_has_a_later_entry_erased_is_forgotten_here_too(
    services: Services, clock: Any, ended: str, people: Any
) -> None:
    next_id = open_next(services, ended, people.approver)
    made = enter(services, next_id, "010-1111-0001", consents=AGREED[:3])
    erase_own(services, made.id, actor=citizen(made.id), now=clock.now())
    assert [one[0] for one in contacts(services)] == ["+821012340000"]
    assert ledger(services) == [(1, "request")]


def test_it_can_be_stopped_on_the_receipt_or_by_a_call(
    app: Any, services: Services, clock: Any, ended: str, people: Any
) -> None:
    next_id = open_next(services, ended, people.approver)
    made = enter(services, next_id, "010-1111-0001")
    with services.database.read() as session:
        link = sign_link(services.crypto, made.id, session.get_one(Submission, made.id).link_epoch)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post(f"/entry/{link}")
    assert "문자로 받음" in client.get(f"/receipt/{link}").text
    assert app.test_client().post(f"/receipt/{link}/news").status_code == 404  # another browser
    for _ in range(2):
        assert client.post(f"/receipt/{link}/news").status_code == 303
    page = client.get(f"/receipt/{link}").text
    assert "문자로 받음" not in page
    assert "그만 받기" not in page
    assert [one[0] for one in contacts(services)] == ["+821012340000"]
    called = [
        app.test_cli_runner().invoke(args=["erase", "--news", "010 1234 0000"]).output for _ in range(2)
    ]
    assert called == ["다음 공모전 안내를 더 보내지 않습니다.\n", "안내를 받기로 한 번호가 아닙니다.\n"]
    assert contacts(services) == []
    assert ledger(services) == [(1, "stopped"), (1, "stopped")]
    with services.database.read() as session:
        acts = session.scalars(select(AuditRow.subject_id).where(AuditRow.action == "news.stopped")).all()
        assert set(acts) == {made.id, None}
        assert len(acts) == 2


def test_staff_stop_it_for_whoever_calls(
    app: Any, services: Services, ended: str, people: Any, login_as: Any
) -> None:
    next_id = open_next(services, ended, people.approver)
    made = enter(services, next_id, "010-1234-0000")
    app.config["WTF_CSRF_ENABLED"] = False
    staff = login_as(people.operator)
    wrong = staff.post("/staff/news", data={"phone": "010-12"})
    assert wrong.status_code == 422
    assert "010-12" in wrong.text  # what was typed stays
    assert (
        "안내를 보내고 있지 않습니다"
        in staff.post("/staff/news", data={"phone": "010-9999-0000"}, follow_redirects=True).text
    )
    kept = [one[0] for one in contacts(services)]
    assert "+821012340000" in kept
    done = staff.post("/staff/news", data={"phone": "010 1234 0000"}, follow_redirects=True)
    assert "더 보내지 않습니다" in done.text
    assert [one[0] for one in contacts(services)] == [one for one in kept if one != "+821012340000"]
    with services.database.read() as session:
        left = select(Consent.id).where(
            Consent.submission_id == made.id,
            Consent.kind == ConsentKind.NEXT_CONTEST.value,
            Consent.withdrawn_at.is_(None),
        )
        assert session.scalars(left).all() == []
        row = session.scalars(select(AuditRow).where(AuditRow.action == "news.stopped")).one()
    assert row.actor_id == people.operator.id


def test_a_landline_is_told_that_no_text_message_comes(
    app: Any, services: Services, edition: Edition
) -> None:
    made = enter(services, edition.id, "02-2627-0000")
    with services.database.read() as session:
        link = sign_link(services.crypto, made.id, session.get_one(Submission, made.id).link_epoch)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post(f"/entry/{link}")
    page = client.get(f"/receipt/{link}").text
    assert "문자를 받을 수 없는 번호" in page
    assert "문자로 받음" not in page


def test_what_a_restored_backup_brings_back_is_stopped_again(
    app: Any, services: Services, ended: str
) -> None:
    with services.database.read() as session:
        contact_id = session.scalars(select(NewsContact.id)).one()
    done = app.test_cli_runner().invoke(args=["erase", "--news", contact_id])
    assert done.output == f"다시 지웠습니다: {contact_id}\n"
    assert contacts(services) == []
    assert ledger(services) == [(1, "restored")]


def statements(services: Services, act: Callable[[UnitOfWork], object]) -> int:
    """How often one act asks the database."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with services.database.write() as uow:
        event.listen(services.database.engine, "before_cursor_execute", note)
        act(uow)
        event.remove(services.database.engine, "before_cursor_execute", note)
    return len(asked)


def test_forty_who_agreed_cost_no_more_statements_than_two(
    services: Services, clock: Any, edition: Edition
) -> None:
    with services.database.write() as uow:
        draft = copy_edition(uow, edition.id, actor=SYSTEM, now=clock.now())
        next_id = draft.id

    def tell(uow: UnitOfWork) -> None:
        tell_of_opening(uow, next_id, Stage.OPEN, SYSTEM, clock.now())

    counts = []
    for first, last in ((0, 1), (1, 3), (3, 40)):
        for number in range(first, last):
            enter(services, edition.id, f"010-1111-{number:04}")
        counts.append(statements(services, tell))
        assert len(told(services)) == len(contacts(services)) == last
    assert counts[1] == counts[2]  # the first time nobody was told before


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("later_first", [True, False])
def test_a_number_is_kept_until_the_last_of_its_consents_ends(
    services: Services, clock: Any, edition: Edition, *, together: bool, later_first: bool
) -> None:
    made = {}
    for locale, name in (("ko", "홍길동"), ("en", "홍길순")):
        made[locale] = enter(services, edition.id, "010-1111-0001", name=name).id
    with services.database.write() as uow:
        uow.session.get_one(Submission, made["en"]).locale = "en"
        for consent in uow.session.scalars(select(Consent).where(Consent.submission_id == made["en"])):
            consent.given_at += SECOND
    order = sorted(made.values(), key=lambda one: (one == made["en"]) is not later_first)
    with services.database.read() as session:
        given = session.scalars(
            select(Consent.given_at).where(
                Consent.submission_id == made["en"], Consent.kind == "next_contest"
            )
        ).one()
    for some in (order,) if together else ([one] for one in order):
        with services.database.write() as uow:
            keep_for_news(uow, some, now=clock.now())
    ends_at = later(given, 24, 0)
    assert contacts(services) == [("+821011110001", "en", ends_at)]
