"""Screening: one person finds fit, two find unfit, nothing is decided too early or changed too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from factories.submissions import Made, make_submission
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid
from contest.domain.exif import Coordinate, ExifFacts
from contest.domain.photo_facts import PhotoFacts
from contest.domain.place import place
from contest.domain.screening import DEFAULT_GRADES, FindingKind, find
from contest.domain.screening_decisions import UnfitReason
from contest.domain.stages import Stage
from contest.infra.boundaries import load_district
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.outbox import Message
from contest.models.photo import Pair, Photo, PhotoState
from contest.models.submission import Submission
from contest.operations import screen
from contest.operations.pairs import decide_pair
from contest.operations.screened_texts import ScreenedTexts, edit_screened_texts

LoginAs = Callable[..., FlaskClient]
CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)
REPLY = dt.datetime(2024, 9, 4, 9, 0, tzinfo=dt.UTC)
NEAR = find(FindingKind.NEAR_BOUNDARY, DEFAULT_GRADES, metres=120)


@pytest.fixture(autouse=True)
def _quiet(app, services: Services) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    services.jobs._handlers["zoom"] = lambda **_ids: None  # pictures of one colour have no zoom to make


@pytest.fixture
def people(make_account) -> dict[str, Actor]:
    return {
        "operator": make_account(Role.OPERATOR),
        "approver": make_account(Role.APPROVER),
        "other": make_account(Role.APPROVER),
    }


def entry_of(services: Services, made: Made, n: int = 0) -> Entry:
    with services.database.read() as session:
        row = session.get_one(Entry, made.entries[n])
        session.expunge(row)
    return row


def do(services: Services, act: Callable[..., object], *args, actor: Actor) -> None:
    with services.database.write() as uow:
        act(uow, *args, actor=actor, now=services.clock.now())


def test_nothing_is_decided_while_entrants_may_still_change_their_works(
    services: Services, edition: Edition, people
) -> None:
    made = make_submission(services, edition, findings=[NEAR])
    with pytest.raises(Conflict, match="screening.before_deadline"):
        do(services, screen.decide_fit, made.entries[0], actor=people["operator"])


def test_a_fit_decision_settles_the_findings_and_can_be_taken_back(
    services: Services, edition: Edition, clock: SteppedClock, people
) -> None:
    made = make_submission(services, edition, findings=[NEAR])
    clock.move_to(CLOSED)
    do(services, screen.decide_fit, made.entries[0], actor=people["operator"])
    entry = entry_of(services, made)
    assert (entry.state, entry.screened_title, entry.screened_place) == (
        EntryState.FIT,
        "안양천의 아침",
        "시흥1동",
    )
    with services.database.read() as session:
        settled = session.scalars(select(FindingRow.settled_by)).all()
    assert settled == [people["operator"].id]
    do(services, screen.reverse, made.entries[0], "", actor=people["operator"])
    with services.database.read() as session:
        assert session.scalars(select(FindingRow.settled_by)).all() == [None]
    assert entry_of(services, made).state is EntryState.SUBMITTED


def test_unfit_needs_a_second_person_tells_the_entrant_and_may_be_reversed(
    services: Services, edition: Edition, clock: SteppedClock, people
) -> None:
    made = make_submission(services, edition, findings=[NEAR], email="hong@example.kr")
    entry_id = made.entries[0]
    clock.move_to(CLOSED)
    with pytest.raises(Invalid, match="screening.reason_missing"):
        do(services, screen.propose_unfit, entry_id, "because", "", actor=people["approver"])
    with pytest.raises(Invalid, match="screening.note_missing"):
        do(services, screen.propose_unfit, entry_id, "other", " ", actor=people["approver"])
    do(
        services,
        screen.propose_unfit,
        entry_id,
        "outside_district",
        "강 건너편입니다.",
        actor=people["approver"],
    )
    with pytest.raises(Conflict, match="screening.proposed"):
        do(services, screen.decide_fit, entry_id, actor=people["operator"])
    with pytest.raises(Denied, match="screening.two_persons"):
        do(services, screen.confirm_unfit, entry_id, REPLY, actor=people["approver"])
    with pytest.raises(Denied):
        do(services, screen.confirm_unfit, entry_id, REPLY, actor=people["operator"])
    for wrong in (CLOSED, REPLY + dt.timedelta(days=30)):
        with pytest.raises(Invalid, match="screening.reply"):
            do(services, screen.confirm_unfit, entry_id, wrong, actor=people["other"])
    do(services, screen.confirm_unfit, entry_id, REPLY, actor=people["other"])
    entry = entry_of(services, made)
    assert (entry.state, entry.unfit_reason, entry.reply_until) == (
        EntryState.UNFIT,
        "outside_district",
        REPLY,
    )
    assert entry.unfit_proposed_by != entry.screened_by
    with services.database.read() as session:
        letter = session.scalars(select(Message).where(Message.code == "A8")).one()
        body = services.crypto.open(letter.body_sealed or b"", f"message.body:{letter.id}")
        letter_id, sent = letter.id, letter.sent_at
    assert "강 건너편입니다." in body
    assert "2024. 9. 4.(수) 18:00" in body
    with pytest.raises(Invalid, match="screening.reverse_reason"):
        do(services, screen.reverse, entry_id, "왜", actor=people["approver"])
    with pytest.raises(Denied):
        do(services, screen.reverse, entry_id, "의견을 받아들임", actor=people["operator"])
    do(services, screen.reverse, entry_id, "의견을 받아들임", actor=people["approver"])
    entry = entry_of(services, made)
    assert (entry.state, entry.unfit_reason, entry.unfit_proposed_by) == (EntryState.SUBMITTED, None, None)
    with services.database.read() as session:
        assert (session.get_one(Message, letter_id).voided_at is None) is (sent is not None)


def test_a_proposal_can_be_sent_back(
    services: Services, edition: Edition, clock: SteppedClock, people, make_account
) -> None:
    made = make_submission(services, edition)
    clock.move_to(CLOSED)
    do(services, screen.propose_unfit, made.entries[0], "copy", "", actor=people["operator"])
    with pytest.raises(Denied):
        do(services, screen.return_proposal, made.entries[0], actor=make_account(Role.OPERATOR))
    do(services, screen.return_proposal, made.entries[0], actor=people["operator"])
    assert entry_of(services, made).proposed_reason is None


def test_once_judging_has_begun_nothing_changes_but_the_alternative_text(
    services: Services, edition: Edition, clock: SteppedClock, people
) -> None:
    made = make_submission(services, edition, entry_state=EntryState.FIT)
    clock.move_to(CLOSED)
    with services.database.write() as uow:
        uow.session.get_one(Edition, edition.id).stage = Stage.JUDGING
    with pytest.raises(Conflict, match="screening.over"):
        do(services, screen.reverse, made.entries[0], "", actor=people["operator"])
    kept = ScreenedTexts("안양천의 아침", "", "시흥1동", "안개 낀 둑길")
    do(services, edit_screened_texts, made.entries[0], kept, actor=people["operator"])
    assert entry_of(services, made).alternative_text == "안개 낀 둑길"
    with pytest.raises(Conflict, match="screening.texts_closed"):
        do(
            services,
            edit_screened_texts,
            made.entries[0],
            ScreenedTexts("새 제목", "", "시흥1동", ""),
            actor=people["operator"],
        )


def test_a_name_taken_out_of_the_texts_settles_its_finding(
    services: Services, edition: Edition, people
) -> None:
    named = find(FindingKind.NAMES_IN_TEXT, DEFAULT_GRADES, found="홍*동")
    made = make_submission(services, edition, title="홍길동의 아침", findings=[named])
    still = ScreenedTexts("홍 길동의 아침", "", "", "")
    do(services, edit_screened_texts, made.entries[0], still, actor=people["operator"])
    with services.database.read() as session:
        assert session.scalars(select(FindingRow.settled_at)).all() == [None]
    clean = ScreenedTexts("아침", "", "", "")
    do(services, edit_screened_texts, made.entries[0], clean, actor=people["operator"])
    with services.database.read() as session:
        assert None not in session.scalars(select(FindingRow.settled_at)).all()
    entry = entry_of(services, made)
    assert (entry.title, entry.screened_title) == ("홍길동의 아침", "아침")


def test_only_clean_works_are_found_fit_together(
    services: Services, edition: Edition, clock: SteppedClock, people
) -> None:
    clean = [make_submission(services, edition, phone=f"010-1000-000{n}") for n in range(3)]
    doubtful = make_submission(services, edition, phone="010-1000-0009", findings=[NEAR])
    waiting = make_submission(services, edition, phone="010-1000-0008", photo_state=PhotoState.WAITING)
    clock.move_to(CLOSED)
    ids = [made.entries[0] for made in (*clean, doubtful, waiting)]
    with services.database.write() as uow:
        result = screen.bulk_fit(uow, edition.id, ids, actor=people["operator"], now=clock.now())
    assert result == screen.BulkResult(done=3, skipped=2)
    states = [entry_of(services, made).state for made in (*clean, doubtful, waiting)]
    assert states == [EntryState.FIT] * 3 + [EntryState.SUBMITTED] * 2


def pair_up(services: Services, one: Made, other: Made, distance: int = 12) -> None:
    with services.database.write() as uow:
        uow.session.add(
            Pair(
                first_photo_id=one.photos[0], second_photo_id=other.photos[0], kind="near_identical",
                pdq_distance=distance, found_at=services.clock.now(),
            )
        )  # fmt: skip


def test_two_photographs_told_apart_are_not_raised_again(
    services: Services, edition: Edition, people
) -> None:
    from contest.operations.findings import refresh_findings

    one = make_submission(services, edition)
    other = make_submission(services, edition, name="이가람", phone="010-2222-3333")
    pair_up(services, one, other)
    copies = select(FindingRow).where(FindingRow.kind == FindingKind.NEAR_COPY_OTHER.value)
    with services.database.write() as uow:
        for made in (one, other):
            refresh_findings(uow, [uow.session.get_one(Entry, made.entries[0])], now=services.clock.now())
        assert len(uow.session.scalars(copies).all()) == 2
    do(services, decide_pair, other.photos[0], one.photos[0], "distinct", actor=people["operator"])
    with services.database.write() as uow:
        refresh_findings(uow, [uow.session.get_one(Entry, one.entries[0])], now=services.clock.now())
    with services.database.read() as session:
        rows = session.scalars(copies).all()
        assert [row.settled_by for row in rows] == [people["operator"].id] * 2
        assert session.scalars(select(Pair.decision)).all() == ["distinct"]


def count_queries(services: Services, act: Callable[[], object]) -> int:
    seen: list[str] = []

    def hear(_connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(services.database.engine, "before_cursor_execute", hear)
    try:
        act()
    finally:
        event.remove(services.database.engine, "before_cursor_execute", hear)
    return len(seen)


PAGES = (
    "/staff/screening",
    "/staff/screening/clean",
    "/staff/pairs",
    "/staff/submissions",
    "/staff/intake",
    "/staff/ledger",
    "/staff/screening/{entry}",
)


def test_the_pages_ask_as_much_for_one_work_as_for_thirty(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    operator = login_as(Role.OPERATOR)
    first = make_submission(services, edition, findings=[NEAR])
    clean = make_submission(services, edition, phone="010-3333-0000")
    pair_up(services, first, clean)

    def count() -> list[int]:
        found = []
        for page in PAGES:
            address = page.format(entry=first.entries[0])
            assert operator.get(address).status_code == 200
            found.append(count_queries(services, lambda address=address: operator.get(address)))
        return found

    with_one = count()
    for n in range(29):
        more = make_submission(
            services, edition, phone=f"010-4444-{n:04d}", findings=[NEAR] if n % 2 else [], entries=1 + n % 2
        )
        pair_up(services, first, more, distance=n)
    assert count() == with_one


def test_a_clerk_goes_from_work_to_work(
    services: Services, edition: Edition, clock: SteppedClock, login_as: LoginAs
) -> None:
    made = [make_submission(services, edition, phone=f"010-5555-000{n}", findings=[NEAR]) for n in range(3)]
    clock.move_to(CLOSED)
    operator = login_as(Role.OPERATOR)
    first, second, third = (one.entries[0] for one in made)
    assert f"/staff/screening/{second}?" in operator.get(f"/staff/screening/{first}").get_data(as_text=True)
    answer = operator.post(f"/staff/screening/{second}/fit", data={"view": "doubtful"})
    assert answer.headers["Location"] == f"/staff/screening/{third}?view=doubtful&done={second}"
    answer = operator.post(
        f"/staff/screening/{third}/unfit", data={"view": "doubtful", "reason": "", "note": "메모"}
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "부적합 사유를 골라 주세요." in page
    assert "메모" in page
    answer = operator.post(f"/staff/screening/{third}/unfit", data={"view": "doubtful", "reason": "copy"})
    assert answer.headers["Location"] == f"/staff/screening/{first}?view=doubtful"
    approver = login_as(Role.APPROVER)
    page = approver.get(f"/staff/screening/{third}?view=proposed").get_data(as_text=True)
    assert 'value="2024-09-04T18:00"' in page
    answer = approver.post(
        f"/staff/screening/{third}/confirm", data={"view": "proposed", "reply_until": "2024-09-04T18:00"}
    )
    assert answer.headers["Location"] == "/staff/screening?view=proposed"
    assert operator.get("/staff/screening?view=done").get_data(as_text=True).count("queue__item") == 2


@pytest.mark.parametrize("reason", list(UnfitReason))
def test_every_reason_has_its_sentence(services: Services, reason: UnfitReason) -> None:
    from contest.infra.texts import text

    assert text("ko", f"unfit_reason.{reason}").endswith(".")


def test_submissions_are_found_whole_and_shown_masked(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    made = make_submission(services, edition, name="김금천", phone="010-7777-8888", email="kim@example.kr")
    make_submission(services, edition, name="김금", phone="010-7777-8889")
    operator = login_as(Role.OPERATOR)
    for typed, shown in (
        ("김 금천", 1),
        ("김금", 1),
        ("금천", 0),
        ("01077778888", 1),
        ("2024-02-0001", 1),
        ("7777", None),
    ):
        answer = operator.post("/staff/submissions/search", data={"q": typed})
        if shown is None:
            assert answer.status_code == 422
            continue
        assert "김" not in answer.headers["Location"]
        page = operator.get(answer.headers["Location"]).get_data(as_text=True)
        assert page.count("010-****-888") == shown, typed
    page = operator.get(f"/staff/submissions/{made.id}").get_data(as_text=True)
    assert "김*천" in page
    assert "김금천" not in page
    assert "010-7777-8888" not in page
    refused = operator.post(f"/staff/submissions/{made.id}/full", data={"reason": ""})
    assert refused.status_code == 422
    assert "김금천" not in refused.get_data(as_text=True)
    full = operator.post(f"/staff/submissions/{made.id}/full", data={"reason": "enquiry"}).get_data(
        as_text=True
    )
    assert "김금천" in full
    assert "010-7777-8888" in full


def test_persons_are_joined_and_parted_with_a_reason(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    one = make_submission(services, edition, name="김금천", phone="010-7777-8888")
    other = make_submission(services, edition, name="김금찬", phone="010-7777-8888")
    operator = login_as(Role.OPERATOR)
    address = f"/staff/submissions/{other.id}/person"
    form = {"receipt_number": one.receipt_number, "act": "join", "reason": "전화로 확인함"}
    assert operator.post(address, data=form | {"reason": "왜"}).status_code == 422
    assert operator.post(address, data=form | {"receipt_number": "2024-02-9999"}).status_code == 422
    assert operator.post(address, data=form).status_code == 303
    assert operator.post(address, data=form).status_code == 409
    with services.database.read() as session:
        joined, first = session.get_one(Submission, other.id), session.get_one(Submission, one.id)
        assert joined.joined_person_key == first.person_key
    assert operator.post(address, data=form | {"act": "part"}).status_code == 303
    with services.database.read() as session:
        assert session.get_one(Submission, other.id).joined_person_key is None


def test_staff_withdraw_for_an_entrant_with_a_reason(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    made = make_submission(services, edition)
    operator = login_as(Role.OPERATOR)
    assert operator.post(f"/staff/submissions/{made.id}/withdraw", data={"reason": ""}).status_code == 422
    done = operator.post(f"/staff/submissions/{made.id}/withdraw", data={"reason": "전화로 요청함"})
    assert done.status_code == 303
    assert entry_of(services, made).state is EntryState.WITHDRAWN
    link = operator.post(f"/staff/submissions/{made.id}/link")
    assert link.status_code in {303, 409}


def test_a_walk_in_is_marked_as_entered_by_staff(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    operator = login_as(Role.OPERATOR)
    assert operator.post("/staff/submissions/new", data={"age": "adult"}).status_code == 422
    answer = operator.post("/staff/submissions/new", data={"age": "adult", "consent": "y"})
    assert answer.headers["Location"].startswith("/entry/")
    with services.database.read() as session:
        assert session.scalars(select(Submission)).one().entered_by is not None


def test_a_place_near_the_line_is_shown_with_its_distance(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    made = make_submission(services, edition, findings=[NEAR])
    at = Coordinate(37.4619, 126.8875)
    facts = PhotoFacts(exif=ExifFacts(gps=at), placing=place(at, load_district()))
    with services.database.write() as uow:
        uow.session.execute(update(Photo).values(facts=facts.to_document()))
    page = login_as(Role.AUDITOR).get(f"/staff/screening/{made.entries[0]}").text
    assert facts.placing is not None
    assert f'aria-label="사진에 기록된 위치에서 구 경계까지 {facts.placing.metres}m"' in page
    assert page.count('class="sketch__distance"') == 1
