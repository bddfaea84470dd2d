"""An entry from its first screen to its receipt, through the pages."""

from __future__ import annotations

import hashlib
import re

from entry_citizen import Citizen, photograph, receipt_number
from factories.photos import camera, jpeg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.outbox import Message
from contest.models.photo import Fingerprint, Pair, Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState, Upload
from contest.operations.audit import broken_link


def rows(services: Services, kind: type, *where: object) -> int:
    with services.database.read() as session:
        return session.scalar(select(func.count()).select_from(kind).where(*where)) or 0


def test_nothing_is_stored_before_the_consent(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client)
    citizen.get("/enter")
    page = citizen.post("/enter", 422, age="adult").get_data(as_text=True)
    assert "동의해야 응모하실 수 있는 항목입니다" in page
    bare = citizen.post("/enter", 422).get_data(as_text=True)
    assert bare.count('href="#age-0"') == bare.count('href="#privacy"') == 1
    assert rows(services, Submission) == 0


def test_from_the_first_screen_to_the_receipt(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    data = photograph(1)
    citizen = Citizen(client).begin()
    assert citizen.upload(data)["state"] == "ok"
    citizen.describe().identify(email="hong@Example.com").consent()
    review = citizen.get(citizen.url("review"))
    assert "010-1234-5678" in review
    assert "아직 채우지 않은 곳" not in review
    page = citizen.submit()
    assert receipt_number(page) == "2024-02-0001"
    secret = re.search(r"([0-9A-Z]{5}) ([0-9A-Z]{5})", page)
    assert secret is not None
    with services.database.read() as session:
        submission = session.scalars(select(Submission)).one()
        entry = session.scalars(select(Entry)).one()
        photo = session.scalars(select(Photo)).one()
        kinds = set(session.scalars(select(Rendition.kind)))
        assert broken_link(session) is None
        assert session.scalars(select(Consent.kind).order_by(Consent.kind)).all() == [
            "licence",
            "pledge",
            "privacy",
        ]
    assert submission.state is SubmissionState.SUBMITTED
    assert (entry.entry_number, entry.state, entry.verdict) == ("2024-02-0001-1", EntryState.SUBMITTED, "fit")
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert services.storage.get(f"originals/{photo.id}") == data
    assert kinds == {"preview", "judge", "thumb"}
    assert list(services.storage.list("uploads")) == []
    assert rows(services, Message, Message.code == "A1") == 2
    assert "홍길동".encode() not in (submission.name_sealed or b"")


def test_the_secret_and_the_number_open_the_receipt_elsewhere(
    app: Flask, client: FlaskClient, edition: Edition
) -> None:
    page = Citizen(client).fill_in().submit()
    secret = re.search(r"([0-9A-Z]{5}) ([0-9A-Z]{5})", page)
    assert secret is not None
    other = Citizen(app.test_client())
    other.get("/lookup")
    wrong, unknown = (
        # What was typed, and the token with the second it was made in, differ between any two answers.
        re.sub(
            r'2024-02-\d+|<input[^>]*name="csrf_token"[^>]*>',
            "",
            other.post("/lookup", 422, **said).get_data(as_text=True),
        )
        for said in (
            {"receipt_number": "2024-02-0001", "secret": "AAAAAAAAAA"},
            {"receipt_number": "2024-02-9999", "secret": "AAAAAAAAAA"},
        )
    )
    assert wrong == unknown
    answer = other.post(
        "/lookup", 303, receipt_number="2024-02-0001", secret=f"{secret[1].lower()} {secret[2]}"
    )
    assert "안양천의 아침" in other.get(answer.headers["Location"])


def test_looking_up_is_slowed_down(app: Flask, client: FlaskClient, edition: Edition) -> None:
    Citizen(client).fill_in().submit()
    other = Citizen(app.test_client())
    other.get("/lookup")
    answers = [
        other.post("/lookup", receipt_number="2024-02-0001", secret=f"AAAAAAAAA{n}").status_code
        for n in range(8)
    ]
    assert answers[:5] == [422] * 5
    assert 429 in answers


def test_a_double_click_is_one_entry(client: FlaskClient, services: Services, edition: Edition) -> None:
    citizen = Citizen(client).fill_in()
    first = citizen.submit(key="same")
    second = citizen.post(citizen.url("submit"), 303, submit_key="same")
    assert receipt_number(first) == receipt_number(citizen.get(second.headers["Location"]))
    assert rows(services, Submission, Submission.receipt_number.is_not(None)) == 1
    assert rows(services, Message, Message.code == "A1") == 1


def test_a_key_copied_from_another_entry_harms_nobody(app: Flask, edition: Edition) -> None:
    numbers = set()
    for seed, name in ((1, "홍길동"), (2, "김철수")):
        citizen = Citizen(app.test_client()).fill_in(seed, name=name, phone=f"010-1234-567{seed}")
        numbers.add(receipt_number(citizen.submit(key="copied")))
    assert len(numbers) == 2


def test_another_browser_sees_one_button_and_then_goes_on(
    app: Flask, client: FlaskClient, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(3))
    other = Citizen(app.test_client())
    answer = other.client.get(f"/entry/{citizen.link}/photos")
    assert answer.headers["Location"].endswith(f"/entry/{citizen.link}")
    door = other.get(f"/entry/{citizen.link}")
    assert "번 사진" not in door
    other.post(f"/entry/{citizen.link}", 303)
    assert "1번 사진" in other.get(f"/entry/{citizen.link}/photos")


def test_a_changed_link_opens_nothing(app: Flask, client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    stranger = app.test_client()
    for link in (citizen.link[:-1], citizen.link + "a", "nothing"):
        assert stranger.get(f"/entry/{link}").status_code == 404
        assert stranger.get(f"/receipt/{link}").status_code == 404


def test_what_lacks_is_named_and_nothing_is_handed_in(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    page = citizen.submit(422)
    for sentence in ("사진을 한 장 이상", "이름과 전화번호를", "청렴서약"):
        assert sentence in page
    assert rows(services, Submission, Submission.state == SubmissionState.SUBMITTED) == 0


def test_what_was_typed_stays_on_the_screen(client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    citizen.get(citizen.url("person"))
    page = citizen.post(citizen.url("person"), 422, name="홍길동", phone="123", email="x@y.kr").get_data(
        as_text=True
    )
    assert "자릿수가 맞지 않습니다" in page
    assert 'value="홍길동"' in page
    assert 'value="x@y.kr"' in page
    page = citizen.post(citizen.url("works/1/title"), 422, title="", description="그대로").get_data(
        as_text=True
    )
    assert "작품 제목을 적어 주세요" in page
    assert "그대로" in page


def test_the_cap_of_a_person_counts_over_submissions(
    app: Flask, client: FlaskClient, services: Services, edition: Edition
) -> None:
    Citizen(client).fill_in(1).submit()
    Citizen(app.test_client()).fill_in(2).submit()
    page = Citizen(app.test_client()).fill_in(3).submit(409)
    assert "한 사람이 낼 수 있는 작품은 2점까지입니다" in page
    assert rows(services, Entry, Entry.state == EntryState.SUBMITTED) == 2
    # Somebody else with the same telephone is a matter for staff, never a refusal.
    Citizen(app.test_client()).fill_in(4, name="홍길순").submit()
    assert rows(services, FindingRow, FindingRow.kind == "same_phone_other_name") == 4


def test_two_works_and_no_third(client: FlaskClient, services: Services, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    citizen.upload(photograph(2))
    refused = citizen.begin_upload(1000, status=409)
    assert "2장까지" in refused["message"]
    citizen.describe(1).describe(2, "둘째").identify().consent(2).submit()
    with services.database.read() as session:
        numbers = session.scalars(select(Entry.entry_number).order_by(Entry.entry_number)).all()
    assert numbers == ["2024-02-0001-1", "2024-02-0001-2"]


def test_a_removed_work_leaves_no_bytes_and_no_gap_in_the_numbers(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    citizen.upload(photograph(2))
    citizen.post(citizen.url("works/1/remove"), 303)
    assert len(list(services.storage.list("originals"))) == 1
    assert len(list(services.storage.list("renditions"))) == 3
    citizen.describe(2).identify()
    citizen.get(citizen.url("consents"))
    citizen.post(citizen.url("consents"), 303, licence="y", pledge="y", **{"portrait-2": "none"})
    assert "2024-02-0001-1" in citizen.submit()


def test_without_script_a_file_goes_whole(client: FlaskClient, services: Services, edition: Edition) -> None:
    data = photograph(5)
    citizen = Citizen(client).begin()
    assert citizen.post_whole(data).status_code == 303
    with services.database.read() as session:
        photo = session.scalars(select(Photo)).one()
    assert (photo.sha256, photo.state) == (hashlib.sha256(data).hexdigest(), PhotoState.CHECKED)


def test_a_replaced_photograph_is_gone(client: FlaskClient, services: Services, edition: Edition) -> None:
    citizen = Citizen(client).fill_in(1)
    citizen.submit()
    data = photograph(9)
    assert citizen.upload(data, query="?replaces=1")["state"] == "ok"
    with services.database.read() as session:
        photo = session.scalars(select(Photo)).one()
        entry = session.scalars(select(Entry)).one()
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert (entry.photo_id, entry.entry_number) == (photo.id, "2024-02-0001-1")
    assert list(services.storage.list("originals")) == [f"originals/{photo.id}"]


def test_a_copy_of_another_person_is_told_to_staff_alone(
    app: Flask, client: FlaskClient, services: Services, edition: Edition
) -> None:
    Citizen(client).fill_in(1).submit()
    thief = Citizen(app.test_client()).begin()
    assert thief.upload(photograph(1))["state"] == "ok"
    thief.describe(title="내가 찍은").identify("김철수", "010-9999-8888").consent()
    page = thief.submit()
    assert "0001-1" not in page
    assert "같은 파일" not in page
    with services.database.read() as session:
        found = session.scalars(select(FindingRow.kind)).all()
        pair = session.scalars(select(Pair)).one()
        verdicts = session.scalars(select(Entry.verdict)).all()
    assert found == ["same_file_other", "same_file_other"]
    assert (pair.kind, pair.pdq_distance) == ("identical", 0)
    assert verdicts == ["doubtful", "doubtful"]


def test_the_same_file_twice_by_one_person_is_told(
    client: FlaskClient, clock: SteppedClock, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    clock.advance(seconds=1)
    answer = citizen.upload(photograph(1), "b.jpg")
    assert answer["state"] == "bad"
    assert "같은 파일입니다" in answer["text"]


def test_small_pictures_hear_what_to_do(client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    answer = citizen.upload(jpeg(1, 960, 640, camera()))
    assert answer["state"] == "bad"
    assert "3,000픽셀 이상" in answer["text"]


def test_a_file_without_exif_asks_for_the_day(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(jpeg(1, 3000, 2000))
    citizen.get(citizen.url("works/1/title"))
    citizen.post(citizen.url("works/1/title"), 303, title="제목")
    page = citizen.post(citizen.url("works/1/place"), 422, dong="시흥1동").get_data(as_text=True)
    assert "찍은 날을 적어 주세요" in page
    page = citizen.post(citizen.url("works/1/place"), 422, dong="시흥1동", taken_on="2020-01-01").get_data(
        as_text=True
    )
    assert "2023. 7. 1." in page
    page = citizen.post(citizen.url("works/1/place"), 422, dong="시흥1동", taken_on="어제").get_data(
        as_text=True
    )
    assert "촬영일을 읽지 못했습니다" in page
    citizen.post(citizen.url("works/1/place"), 303, dong="시흥1동", taken_on="2024-05-01")


def test_a_point_far_away_is_refused_and_words_are_enough(client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    citizen.get(citizen.url("works/1/place"))
    for latitude in ("37.57", "nan", "백"):
        citizen.post(citizen.url("works/1/place"), 422, latitude=latitude, longitude="126.98")
    citizen.post(
        citizen.url("works/1/place"), 303, latitude="37.57", longitude="126.98", words="관악산에서 본 금천"
    )


def test_the_place_of_the_file_is_a_hint(client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    page = citizen.get(citizen.url("works/1/place"))
    assert "사진에 들어 있는 위치를 표시해 두었습니다" in page
    assert 'name="taken_on"' not in page


def test_no_personal_data_in_the_trail_and_messages_are_sealed(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    from contest.models.audit import AuditRow

    Citizen(client).fill_in(1, email="hong@example.com").submit()
    with services.database.read() as session:
        trail = repr([(row.action, row.subject_id, row.facts) for row in session.scalars(select(AuditRow))])
        messages = [row.body_sealed or b"" for row in session.scalars(select(Message))]
    for personal in ("홍길동", "1234-5678", "01012345678", "hong@", "안양천", "물안개"):
        assert personal not in trail
        assert all(personal.encode() not in sealed for sealed in messages)


def test_own_data_can_be_taken_along_and_erased(
    client: FlaskClient, services: Services, edition: Edition, clock: SteppedClock
) -> None:
    citizen = Citizen(client).fill_in()
    citizen.submit()
    data = citizen.client.get(f"/receipt/{citizen.link}/data.json").get_json()
    assert (data["name"], data["works"][0]["title"]) == ("홍길동", "안양천의 아침")
    citizen.get(citizen.url("erase"))
    citizen.post(citizen.url("erase"), 200)
    with services.database.read() as session:
        submission = session.scalars(select(Submission)).one()
        entry = session.scalars(select(Entry)).one()
        photo = session.scalars(select(Photo)).one()
    assert submission.state is SubmissionState.ERASED
    assert (submission.name_sealed, submission.person_key, entry.title, entry.photo_id) == (
        None,
        None,
        None,
        None,
    )
    assert (photo.state, photo.submission_id) == (PhotoState.ERASED, None)
    assert rows(services, Fingerprint) == 1
    assert list(services.storage.list("originals")) == []
    assert list(services.storage.list("renditions")) == []
    assert rows(services, Consent) == 0
    assert rows(services, Upload) == 0
    assert citizen.client.get(f"/receipt/{citizen.link}").status_code == 404
