"""One person under several names: read from files, kept unreadable, shown after the scores' seal and not before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from factories.photos import camera, jpeg
from factories.results import Sealed, seal_judging
from factories.submissions import make_submission
from flask import Flask
from flask.testing import FlaskClient
from integration.contest.entry_citizen import Citizen
from sqlalchemy import event, select, update

from contest.domain.actors import Role, citizen
from contest.domain.hand_marks import Mark
from contest.infra.clock import SteppedClock
from contest.infra.imaging.drawn import ExifStamp
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.photo import HandMark, Photo
from contest.models.submission import Submission
from contest.operations.erase import erase_own
from contest.operations.hand_marks import keep_marks, keep_network
from judging.models.round import Round, RoundState

PAGE = "/staff/results/same-hand"
ROOT = Path(__file__).parents[3]
SERIAL = "023021004711"
STAMP = ExifStamp(taken=camera().taken, place=camera().place, make="Canon", model="EOS R6", body_serial=SERIAL, artist="박안양천")  # fmt: skip
LoginAs = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def _without_csrf(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def contest(services: Services, edition: Edition) -> Sealed:
    """Eight sealed works: the first and fourth of one camera, the sixth and seventh of one network and ending."""
    sealed = seal_judging(services, edition, works=8, picture=b"\xff\xd8\xff")
    with services.database.write() as uow:
        works = [uow.session.get_one(Entry, entry_id) for entry_id in sealed.entries]
        for n in (0, 3):
            photo = uow.session.get_one(Photo, works[n].photo_id)
            keep_marks(uow, photo, {Mark.BODY: f"canon\n{SERIAL}", Mark.ARTIST: f"person{n}"})
        for n in (5, 6):
            owner = uow.session.get_one(Submission, works[n].submission_id)
            keep_network(uow, owner, "203.0.113.7")
            owner.phone_sealed = services.crypto.seal(f"+8210{n}0004711", f"submission.phone:{owner.id}")
    return sealed


def unseal(services: Services) -> None:
    with services.database.write() as uow:
        uow.session.execute(
            update(Round).values(
                state=RoundState.OPEN, sealed_at=None, seal=None, commitment=None, commitment_salt=None
            )
        )


def trail(services: Services) -> list[tuple[str, dict[str, object]]]:
    with services.database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.seq))
        return [(row.action, row.facts) for row in rows]


def statements(services: Services, act: Callable[[], object]) -> list[str]:
    """Every statement an act sends to the database."""
    sent: list[str] = []

    def note(_c, _cursor, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(services.database.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(services.database.engine, "before_cursor_execute", note)
    return sent


@pytest.mark.any_database
def test_before_the_seal_nobody_learns_that_anything_coincides(
    services: Services, contest: Sealed, login_as: LoginAs, app: Flask
) -> None:
    unseal(services)
    with services.database.read() as session:
        kept = session.scalars(select(HandMark.sealed)).all()
        kept += session.scalars(
            select(Submission.network_sealed).where(Submission.network_sealed.is_not(None))
        )
        assert len(set(kept)) == 6  # equal ones are different bytes: nobody compares them in the database
    operator, auditor = login_as(Role.OPERATOR), login_as(Role.AUDITOR)
    before = trail(services)
    plain = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") and not rule.arguments and "GET" in (rule.methods or ())
    ]
    with services.database.read() as session:
        work = session.get_one(Entry, contest.entries[0])
        plain += [f"/staff/submissions/{work.submission_id}", f"/staff/screening/{work.id}"]
    answers: list[str] = []

    def look() -> None:
        for browser in (operator, auditor):
            assert browser.get(PAGE).status_code == 409
            assert browser.post(PAGE, data={"reason": "audit"}).status_code == 409
        answers.extend(operator.get(path).text for path in plain)

    sent = statements(services, look)
    assert len(answers) == len(plain) > 20
    assert not any("hand_mark" in statement for statement in sent)
    assert not any("같은 사람일 수 있는" in answer or "일련번호" in answer for answer in answers)
    assert not any(action.startswith("disclosure") for action, _ in trail(services)[len(before) :])


@pytest.mark.any_database
def test_after_the_seal_whoever_says_why_reads_what_coincides(
    services: Services, contest: Sealed, login_as: LoginAs
) -> None:
    operator = login_as(Role.OPERATOR)
    assert PAGE in operator.get("/staff/results").text
    door = operator.get(PAGE).text
    assert "보는 까닭" in door
    assert "묶음" not in door
    refused = operator.post(PAGE, data={"reason": ""})
    assert refused.status_code == 422
    assert "묶음" not in refused.text
    page = operator.post(PAGE, data={"reason": "identity"}).text
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(" ,", ",")
    one, other = said.split("묶음 2:", 1)
    numbers = contest.numbers
    assert f"카메라 본체의 일련번호가 같습니다. {numbers[0]}, {numbers[3]} " in one
    receipts = f"{numbers[5].removesuffix('-1')}, {numbers[6].removesuffix('-1')}"
    assert f"같은 통신망에서 제출했습니다. {receipts} " in other
    assert f"전화번호 끝 네 자리가 같습니다. {receipts} " in other
    assert not any(numbers[n] in page for n in (1, 2, 4, 7))
    assert not any(secret in page for secret in (SERIAL, "203.0.113.7", "04711", "person0"))
    noted = [facts for action, facts in trail(services) if action == "disclosure.same_hand"]
    assert noted == [{"count": 4, "reason": "identity"}]


@pytest.mark.any_database
def test_the_queries_do_not_grow_with_the_contest(
    services: Services, contest: Sealed, login_as: LoginAs
) -> None:
    auditor = login_as(Role.AUDITOR)
    auditor.post(PAGE, data={"reason": "audit"})  # the first look of all is kept, once
    few = statements(services, lambda: auditor.post(PAGE, data={"reason": "audit"}))
    with services.database.write() as uow:
        for entry_id in contest.entries:
            photo = uow.session.get_one(Photo, uow.session.get_one(Entry, entry_id).photo_id)
            keep_marks(uow, photo, {Mark.BODY: f"canon\n{SERIAL}", Mark.LENS: "rf50\n12345"})
    many = statements(services, lambda: auditor.post(PAGE, data={"reason": "audit"}))
    assert len(many) == len(few)


@pytest.mark.any_database
def test_nothing_coincides(services: Services, edition: Edition, login_as: LoginAs) -> None:
    seal_judging(services, edition, works=2)
    page = login_as(Role.APPROVER).post(PAGE, data={"reason": "audit"}).text
    assert "겹치는 응모가 없습니다." in page
    assert "응모자 2명을" in page


def test_what_is_kept_is_read_by_nobody_and_ends_with_the_entry(
    services: Services, client: FlaskClient, edition: Edition, clock: SteppedClock
) -> None:
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert "접속한 통신망의 확인값" in client.get("/enter").text
    entrant = Citizen(client).begin()
    assert entrant.upload(jpeg(1, 3000, 2000, STAMP))["state"] == "ok"
    entrant.describe().identify().consent().submit()
    data = client.get(f"/receipt/{entrant.link}/data.json").json
    assert data["kept_unreadable"] == ["artist", "body", "network"]
    with services.database.read() as session:
        rows = [
            row for table in (Photo, Submission, AuditRow, HandMark) for row in session.scalars(select(table))
        ]
        assert not any(
            secret in str(vars(row)) for row in rows for secret in (SERIAL, "박안양천", "203.0.113")
        )
        owner = session.scalars(select(Submission)).one()
        assert owner.network_sealed is not None
    erase_own(services, owner.id, actor=citizen(owner.id), now=clock.now())
    with services.database.read() as session:
        assert session.scalars(select(HandMark)).all() == []
        assert session.get_one(Submission, owner.id).network_sealed is None


def test_an_edition_that_does_not_say_so_keeps_no_network(
    services: Services, client: FlaskClient, edition: Edition
) -> None:
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    entrant = Citizen(client).fill_in()
    with services.database.write() as uow:
        row = uow.session.get_one(Edition, edition.id)
        row.document = row.document | {"entry": {**row.document["entry"], "keeps_network": False}}
    entrant.submit()
    with services.database.read() as session:
        assert session.scalars(select(Submission)).one().network_sealed is None


def test_looking_again_reads_the_marks_of_older_photographs(
    services: Services, edition: Edition, clock: SteppedClock, login_as: LoginAs
) -> None:
    make_submission(services, edition, entries=1, picture=jpeg(1, 240, 160, STAMP), findings=[])
    clock.move_to(dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC))
    assert login_as(Role.OPERATOR).post("/staff/recheck").status_code == 303
    with services.database.read() as session:
        assert session.scalars(select(HandMark.mark).order_by(HandMark.mark)).all() == ["artist", "body"]


def test_only_one_query_reads_the_marks() -> None:
    naming = {
        str(path.relative_to(ROOT))
        for package in ("contest", "judging", "gallery")
        for path in (ROOT / package).rglob("*.py")
        if "HandMark" in path.read_text("utf-8")
    }
    assert naming == {
        "contest/models/photo.py",
        "contest/operations/hand_marks.py",
        "judging/queries/same_hand.py",
    }
