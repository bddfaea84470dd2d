"""Nothing a judge can reach tells who entered: two worlds, every byte, every header, every statement."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from factories import photos
from factories.panels import (
    Entrant,
    add_preliminary,
    entries_of,
    judge_by_ballots,
    let_deliberate,
    make_panel,
    make_works,
    meet_twice,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
    vote_on,
    works_of,
)
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from contest.domain.actors import Actor, Role
from contest.infra.clock import KST, SteppedClock
from contest.infra.ids import SeededIds
from contest.infra.seed import load_seed
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.photo import Photo
from contest.models.submission import Submission
from contest.operations.editions import seed_edition, seed_register
from contest.operations.sessions import begin_session
from judging.models.panel import Conflict, Judge
from judging.models.round import JudgeWork
from judging.operations.choose import confirm_selection
from judging.operations.close import close_judging
from judging.operations.deliberate import add_remark, revise_scores
from judging.operations.deliberation import close_deliberation, open_deliberation
from judging.operations.reopen import read_result
from judging.operations.runoff import cast_ballot, close_runoff, open_runoff
from judging.operations.score import save_order, write_note
from judging.queries.blind import blind_entry, seat_of
from judging.queries.deliberating import deliberating
from judging.queries.outcome import choice
from judging.queries.runoff import may_be_asked
from wsgi import create_app

ADDRESS = re.compile(r'(?:href|src|action|formaction|data-[a-z]+-(?:src|url))="([^"]+)"')
#: What differs between any two visits: the anti-forgery token of a form.
FORGERY = re.compile(rb'(name="csrf_token"[^>]*value=")[^"]+')
#: The tables a judge's request may read. `account` only where the session is looked up: the judge's own row.
TABLES = {
    "login_session", "judge", "edition", "round", "round_entry", "entry", "conflict", "judge_work", "score_event",
    "rendition", "pledge", "completion", "standing", "chair_vote", "audit", "contest_clock",
}  # fmt: skip
#: Asked by the menu of public pages, which stands on an error page too: whether results are out.
TABLES |= {"publication", "hold"}
#: So is whether a seal was put out of force.
TABLES |= {"reopening"}
#: The run-offs in which the judge has a vote, and the judge's own ballots.
TABLES |= {"runoff", "runoff_work", "runoff_ballot"}
TABLES |= {"deliberation", "deliberation_remark", "deliberation_signature"}
#: Of a photograph its size alone, against which a judge is told what 100 % is.
TABLES |= {"photo"}
PHOTO_COLUMNS = {"id", "width", "height"}
ENTRY_COLUMNS = {"id", "state", "photo_id", "screened_title", "screened_description", "screened_place"}

ONE = (
    Entrant("고길동", "+821022223333", "gildong@canary.example", "CANARY-SN-77"),
    Entrant("마이콜", "+821044445555", "michol@canary.example", "CANARY-SN-78"),
)
OTHER = (
    Entrant("박희동또치", "+821066667777", "heedong.ddochi@other.example", "DIFFERENT-990011"),
    Entrant("도우너", "+821088889999", "d@other.example", "X1"),
)


@dataclass(frozen=True)
class World:
    """One contest, with a judge who looks at everything."""

    services: Services
    judges: list[Actor]
    browser: FlaskClient
    entries: list[str]
    edition_id: str
    operator: Actor


def photograph(number: int, entrant: Entrant, metres: float) -> bytes:
    """The same pixels whoever took them; everything else about the file is the entrant's."""
    exif = Image.Exif()
    exif[0x013B] = entrant.name  # Artist
    exif[0x8298] = f"(c) {entrant.email}"  # Copyright
    exif[0x010E] = f"IMG_{entrant.serial}.jpg"  # ImageDescription
    exif.get_ifd(0x8769)[0xA431] = entrant.serial  # BodySerialNumber
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 27.0, metres), 3: "E", 4: (126.0, 53.0, metres)})
    buffer = io.BytesIO()
    photos.picture(number, 480, 320).save(buffer, "JPEG", quality=90, exif=exif, comment=entrant.name)
    return buffer.getvalue()


def build(
    folder: Path,
    template: Path,
    secrets: Path,
    entrants: tuple[Entrant, ...],
    metres: float,
    *,
    votes_first: bool = False,
    runs_off: bool = False,
    by_ballots: bool = False,
    twice: bool = False,
    deliberates: bool = False,
) -> World:
    """A contest in judging with five works, from the same chances but with these people."""
    folder.mkdir()
    shutil.copy(template, folder / "data.sqlite3")
    clock = SteppedClock(dt.datetime(2024, 8, 20, 10, 0, tzinfo=KST).astimezone(dt.UTC))
    settings = Settings(
        data=folder, database_url=f"sqlite:///{folder / 'data.sqlite3'}", jobs_url="inline:",
        storage_url="memory:", mail_url="memory:", public_url="http://localhost", secrets_file=secrets,
        testing=True,
    )  # fmt: skip
    app = create_app(settings, clock=clock, ids=SeededIds(2024))
    services: Services = app.extensions["contest"]
    now = clock.now()
    with services.database.write() as uow:
        operator = Account(
            id=uow.ids.token(), login="operator@example.kr", name="김운영", role=Role.OPERATOR,
            recovery_digests=[], created_at=now, activated_at=now,
        )  # fmt: skip
        uow.session.add(operator)
        seed_register(uow, load_seed("spots"), load_seed("holidays"), now.date())
        edition = seed_edition(uow, services.registry, load_seed("edition-2024"), now=now)
    acting = Actor("account", operator.id, Role.OPERATOR)
    if runs_off:
        with services.database.write() as uow:
            held = uow.session.get_one(Edition, edition.id)
            held.document = {**held.document, "ties": ["criterion:by_weight", "panel_runoff"]}
    if by_ballots:
        judge_by_ballots(services, edition.id)
    if twice:
        meet_twice(services, edition.id, 1, shows=[])
    if deliberates:
        let_deliberate(services, edition.id)
    if votes_first:
        add_preliminary(services, edition.id, shows=["title", "place"])

    def render(number: int, entrant: Entrant) -> Mapping[str, bytes]:
        seen = services.imaging.inspect(photograph(number, entrant, metres), filename_suffix=".jpg")
        assert seen.ok, seen.refusal
        assert entrant.serial.encode() in photograph(number, entrant, metres)
        return {kind: rendition.data for kind, rendition in seen.renditions.items()}

    entries = make_works(services, edition.id, 5, entrants, render)
    services.imaging.close()
    judges = make_panel(services, edition.id, acting)
    sign_everything(services, judges)
    open_judging(services, clock, edition, acting)
    with services.database.write() as uow:
        account = uow.session.get_one(Account, judges[0].id)
        token, _ = begin_session(
            uow, account, actor=judges[0], now=clock.now(), wall=clock.wall(), second_factor=True
        )
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return World(services, judges, browser, entries, edition.id, acting)


def pair_of(folder: Path, template: Path, **rule: bool) -> Iterator[tuple[World, World]]:
    """Two contests that differ in nothing but who entered; rule: as `build` takes it."""
    secrets = folder / "secrets.json"
    pair = (
        build(folder / "one", template, secrets, ONE, 20.0, **rule),
        build(folder / "other", template, secrets, OTHER, 20.4, **rule),
    )
    yield pair
    for world in pair:
        world.services.database.engine.dispose()


@pytest.fixture
def worlds(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[World, World]]:
    """With the edition as it is."""
    yield from pair_of(tmp_path, migrated_sqlite)


@pytest.fixture
def tied_worlds(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[World, World]]:
    """The same two where the panel is asked about ties."""
    yield from pair_of(tmp_path, migrated_sqlite, runs_off=True)


@pytest.fixture
def ordering_worlds(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[World, World]]:
    """The same two where judges put the works in order."""
    yield from pair_of(tmp_path, migrated_sqlite, by_ballots=True)


@pytest.fixture
def repeating_worlds(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[World, World]]:
    """The same two where each judge meets one of the five works twice, pictures alone."""
    yield from pair_of(tmp_path, migrated_sqlite, twice=True)


@pytest.fixture
def deliberating_worlds(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[World, World]]:
    """The same two where the panel deliberates between two seals."""
    yield from pair_of(tmp_path, migrated_sqlite, deliberates=True)


@pytest.fixture
def voting_worlds(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[World, World]]:
    """The same two with a round of votes before the last one."""
    yield from pair_of(tmp_path, migrated_sqlite, votes_first=True)


def answer_of(response: TestResponse) -> tuple[Any, ...]:
    """Status, headers and bytes, without the second of the day, the anti-forgery token and its cookie."""
    aside = {"Set-Cookie", "Date"}
    if response.mimetype == "text/html":
        aside.add("Content-Length")  # of the token's time stamp
    headers = sorted((name, value) for name, value in response.headers if name not in aside)
    return response.status_code, headers, FORGERY.sub(rb"\1", response.data)


def crawl(world: World) -> dict[str, tuple[Any, ...]]:
    """Everything that can be reached from the desk, and what it answers; pressing buttons included."""
    found: dict[str, tuple[Any, ...]] = {}
    waiting = [
        "/desk",
        "/desk/nothing",
        "/desk/work/nothing",
        "/desk/image/nothing",
        "/desk?sort=name",
        "/judge/pin",
    ]
    while waiting:
        address = waiting.pop(0).replace("&amp;", "&")
        if address in found or not address.startswith(("/desk", "/judge")):
            continue
        response = world.browser.get(address)
        found[address] = answer_of(response)
        if response.mimetype == "text/html":
            for value in ADDRESS.findall(response.text):
                waiting.extend(value.split())
    return found


def press(world: World) -> list[tuple[Any, ...]]:
    """Scores, a note, a refusal and a work stepped back from, as they are answered."""
    works = works_of(world.services, world.judges[0])
    page = world.browser.get(f"/desk/work/{works[0]}").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    headers = {"X-CSRFToken": token[1], "Accept": "application/json"}
    bodies: list[dict[str, Any]] = [
        {"id": "a", "criterion": "theme", "level": 4}, {"id": "b", "note": "좋다"},
        {"id": "c", "criterion": "theme", "level": 9}, {"id": "d", "criterion": "none", "level": 1},
    ]  # fmt: skip
    answers = [
        answer_of(world.browser.put(f"/desk/work/{works[0]}/score", json=body, headers=headers))
        for body in bodies
    ]
    answers.append(
        answer_of(
            world.browser.post(
                f"/desk/work/{works[1]}/step-back", data={"csrf_token": token[1], "reason": "known"}
            )
        )
    )
    return answers


def finish(world: World) -> None:
    """Everybody scores all works alike and signs; the office closes, and the chair meets a tie."""
    for judge in world.judges:
        for work in works_of(world.services, judge):
            score_work(world.services, judge, work, (3, 3, 3, 3), key=f"end{work}")
        sign_off(world.services, world.judges, judge)
    with world.services.database.write() as uow:
        close_judging(uow, world.edition_id, actor=world.operator, now=world.services.clock.now())


def secrets_of(world: World, entrants: tuple[Entrant, ...]) -> list[bytes]:
    """What must stand in no answer: everything of the entrants and every name the contest has for their works."""
    words = [word for one in entrants for word in (one.name, one.phone[3:], one.email, one.serial)]
    with world.services.database.read() as session:
        words += session.scalars(select(Submission.id)).all()
        words += [number for number in session.scalars(select(Submission.receipt_number)) if number]
        words += session.scalars(select(Photo.id)).all()
        words += session.scalars(select(Entry.id)).all()
    return [word.encode() for word in words]


def test_two_contests_that_differ_only_in_who_entered_look_alike(worlds: tuple[World, World]) -> None:
    one, other = worlds
    before = [crawl(world) for world in worlds]
    assert before[0] == before[1]
    seen = [address for address, (status, _, _) in before[0].items() if status == 200]
    pictures = [address for address in seen if address.startswith(("/desk/image/", "/desk/zoom/"))]
    works = [address for address in seen if re.fullmatch(r"/desk/work/[a-z0-9]{26}", address)]
    compared = [address for address in seen if address.startswith("/desk/compare?")]
    assert (len(pictures), len(works), len(compared)) == (10, 5, 4)
    assert press(one) == press(other)
    for world in worlds:
        finish(world)
    after = [crawl(world) for world in worlds]
    assert after[0] == after[1]
    assert any("심사번호".encode() in body for _, _, body in after[0].values())


def test_a_round_of_votes_and_what_follows_it_tell_no_more(voting_worlds: tuple[World, World]) -> None:
    """Likeness, canaries and the way of those left out, over voting, the seal and the round after it."""
    seen = []
    for world, entrants in zip(voting_worlds, (ONE, OTHER), strict=True):
        answers = [crawl(world)]
        for judge in world.judges:
            mine = entries_of(world.services, judge)
            vote_on(world.services, judge, {e: 1 if e == world.entries[2] else 3 for e in mine})
            sign_off(world.services, world.judges, judge)
        now = world.services.clock.now()
        with world.services.database.write() as uow:
            close_judging(uow, world.edition_id, actor=world.operator, now=now)
        answers.append(crawl(world))
        with world.services.database.write() as uow:
            shown = choice(uow.session, world.edition_id).selection
            assert len(shown.goes_on) == 4
            confirm_selection(uow, world.edition_id, shown.digest, actor=world.operator, now=now)
        answers.append(crawl(world))
        seen.append(answers)
        for secret in secrets_of(world, entrants):
            for answer in answers:
                for _, headers, body in answer.values():
                    assert len(secret) <= 2 or (secret not in body and secret not in repr(headers).encode())
    assert seen[0] == seen[1]
    works = [[a for a in answer if re.fullmatch(r"/desk/work/[a-z0-9]{26}", a)] for answer in seen[0]]
    assert [len(listed) for listed in works] == [5, 5, 4]
    assert not set(works[0]) & set(works[2])
    assert "찬성".encode() in seen[0][0][works[0][0]][2]


def test_putting_works_in_order_tells_no_more(ordering_worlds: tuple[World, World]) -> None:
    """Likeness and canaries over an order given, signed and sealed."""
    seen = []
    for world, entrants in zip(ordering_worlds, (ONE, OTHER), strict=True):
        answers = [crawl(world)]
        now = world.services.clock.now()
        for judge in world.judges:
            with world.services.database.write() as uow:
                save_order(uow, sorted(works_of(world.services, judge)), actor=judge, now=now)
            answers += [crawl(world)] if judge is world.judges[0] else []
            sign_off(world.services, world.judges, judge)
        with world.services.database.write() as uow:
            close_judging(uow, world.edition_id, actor=world.operator, now=now)
        answers.append(crawl(world))
        seen.append(answers)
        for secret in secrets_of(world, entrants):
            for answer in answers:
                for _, headers, body in answer.values():
                    assert len(secret) <= 2 or (secret not in body and secret not in repr(headers).encode())
    assert seen[0] == seen[1]
    assert "나은 작품부터".encode() in seen[0][0]["/desk"][2]


def test_meeting_a_work_twice_tells_no_more(repeating_worlds: tuple[World, World]) -> None:
    """Likeness and canaries; and but for names and numbers every work's page is the same, the one met again too."""
    seen = []
    for world, entrants in zip(repeating_worlds, (ONE, OTHER), strict=True):
        before = crawl(world)
        finish(world)
        answers = [before, crawl(world)]
        seen.append(answers)
        for secret in secrets_of(world, entrants):
            for answer in answers:
                for _, headers, body in answer.values():
                    assert len(secret) <= 2 or (secret not in body and secret not in repr(headers).encode())
    assert seen[0] == seen[1]
    world, pages = repeating_worlds[0], seen[0][0]
    with world.services.database.read() as session:
        seat = seat_of(session, world.judges[0].id).judge_id
        rows = session.execute(
            select(
                JudgeWork.id, JudgeWork.code, JudgeWork.image_token, JudgeWork.zoom_token, JudgeWork.is_repeat
            )
            .where(JudgeWork.judge_id == seat)
            .order_by(JudgeWork.position)
        ).all()
    assert [row.is_repeat for row in rows].count(True) == 1
    names = [name.encode() for row in rows for name in (row.id, row.code, row.image_token, row.zoom_token)]
    shapes = set()
    for row in rows[1:-1]:  # the first and the last have one neighbour
        page = pages[f"/desk/work/{row.id}"][2]
        for name in names:
            page = page.replace(name, b"#")
        # Of the strip of small pictures the shown one is marked: how many lines stand before it is its place.
        page = page.replace(b' aria-current="true"', b"").replace(b' aria-current="page"', b"")
        shapes.add(tuple(sorted(re.sub(rb"[0-9]+", b"0", page).splitlines())))
    assert len(rows) == 6
    assert len(shapes) == 1
    pictures = [pages[f"/desk/image/{row.image_token}"] for row in rows]
    assert len({body for _, _, body in pictures}) == 5
    assert len({dict(headers)["ETag"] for _, headers, _ in pictures}) == 6
    assert not [address for address, (_, _, body) in pages.items() if b"repeat" in address.encode() + body]


def test_a_run_off_tells_no_more(tied_worlds: tuple[World, World]) -> None:
    """Likeness, canaries and tables asked, over a run-off of all works, one ballot in it, and its count."""
    seen, asked = [], list[str]()
    for world, entrants in zip(tied_worlds, (ONE, OTHER), strict=True):
        finish(world)
        now = world.services.clock.now()
        with world.services.database.write() as uow:
            read_result(uow, world.edition_id, actor=world.operator, now=now)
            edition = uow.session.get_one(Edition, world.edition_id)
            (tie,) = may_be_asked(uow.session, edition)
            held = open_runoff(
                uow, world.edition_id, tie.numbers, now + dt.timedelta(hours=1), actor=world.operator, now=now
            )
        secrets = secrets_of(world, entrants)
        event.listen(
            world.services.database.engine,
            "before_cursor_execute",
            lambda *facts: asked.append(str(facts[2])),
        )
        answers = [crawl(world)]
        page = answers[0]["/desk/runoff"][2].decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', world.browser.get("/desk/runoff").text)
        assert token
        order = {f"place_{number}": str(place) for place, number in enumerate(tie.numbers, 1)}
        form = {"csrf_token": token[1], **order}
        assert world.browser.post(f"/desk/runoff/{held}", data=form).status_code == 303
        answers.append(crawl(world))
        count = len(asked)
        for judge in world.judges[1:]:
            with world.services.database.write() as uow:
                cast_ballot(uow, held, (), actor=judge, now=now)
        with world.services.database.write() as uow:
            close_runoff(uow, held, actor=world.operator, now=now)
        del asked[count:]  # what staff ask is theirs
        answers.append(crawl(world))
        seen.append(answers)
        assert len(re.findall(r'src="/desk/thumb/', page)) == 5
        for secret in secrets:
            for answer in answers:
                for _, headers, body in answer.values():
                    assert len(secret) <= 2 or (secret not in body and secret not in repr(headers).encode())
    assert seen[0] == seen[1]
    assert "정하신 순서".encode() in seen[0][1]["/desk/runoff"][2]
    for statement in asked:
        tables = set(re.findall(r'(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z_]+)', statement))
        assert tables - ({"account"} if "login_session" in tables else set()) <= TABLES, statement


def test_a_deliberation_tells_no_more(deliberating_worlds: tuple[World, World]) -> None:
    """Likeness, canaries and tables asked, from notes that will be shown to the second seal and after it.

    The judge stepped back from one work: the panel's words on it are nowhere in that judge's world.
    """
    seen, asked = [], list[str]()
    for world, entrants in zip(deliberating_worlds, (ONE, OTHER), strict=True):
        press(world)
        for judge in world.judges:
            for work in works_of(world.services, judge):
                with world.services.database.write() as uow:
                    write_note(uow, work, f"메모 {judge.id[:3]}", actor=judge, now=world.services.clock.now())
        answers = [crawl(world)]
        finish(world)
        secrets, engine = secrets_of(world, entrants), world.services.database.engine
        answers.append(crawl(world))
        now = world.services.clock.now()
        with world.services.database.write() as uow:
            open_deliberation(
                uow, world.edition_id, now + dt.timedelta(hours=1), actor=world.operator, now=now
            )
        mine = set(entries_of(world.services, world.judges[0])) - hidden_from(world, world.judges[0])
        assert len(mine) == 4
        for judge in world.judges[1:]:
            for entry, work in sorted(entries_of(world.services, judge).items()):
                words = "모두에게" if entry in mine else "가린 작품에 대한 말"
                with world.services.database.write() as uow:
                    add_remark(uow, work, words, actor=judge, now=now)
                with world.services.database.write() as uow:
                    revise_scores(uow, work, {"theme": 5}, f"{words} 까닭", actor=judge, now=now)
        event.listen(engine, "before_cursor_execute", lambda *facts: asked.append(str(facts[2])))
        answers.append(crawl(world))
        work = entries_of(world.services, world.judges[0])[min(mine)]
        page = world.browser.get(f"/desk/deliberation/{work}").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        form = {"csrf_token": token[1], "level_theme": "1", "reason": "다시 봄"}
        address = f"/desk/deliberation/{work}/revise"
        assert world.browser.post(address, data=form).status_code == 303
        answers.append(crawl(world))
        count = len(asked)
        world.services.clock.move_to(now + dt.timedelta(hours=1))  # type: ignore[attr-defined]  # a SteppedClock
        with world.services.database.write() as uow:
            shown = deliberating(uow.session, world.edition_id, world.services.clock.now())
            assert shown is not None
            close_deliberation(
                uow, world.edition_id, shown.digest, actor=world.operator, now=world.services.clock.now()
            )
        del asked[count:]  # what staff ask is theirs
        answers.append(crawl(world))
        seen.append(answers)
        for secret in (*secrets, "가린 작품에 대한 말".encode()):
            for answer in answers:
                for _, headers, body in answer.values():
                    assert len(secret) <= 2 or (secret not in body and secret not in repr(headers).encode())
    assert seen[0] == seen[1]
    shown_to_it = seen[0][2].items()
    pages = [
        body
        for address, (status, _, body) in shown_to_it
        if "/desk/deliberation/" in address and status == 200
    ]
    assert len(pages) == 4
    assert all("모두에게 까닭".encode() in body for body in pages)
    for statement in asked:
        tables = set(re.findall(r'(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z_]+)', statement))
        assert tables - ({"account"} if "login_session" in tables else set()) <= TABLES, statement


def hidden_from(world: World, judge: Actor) -> set[str]:
    """The entries from which a judge stepped back."""
    with world.services.database.read() as session:
        return set(
            session.scalars(
                select(Conflict.entry_id)
                .join(Judge, Judge.id == Conflict.judge_id)
                .where(Judge.account_id == judge.id)
            )
        )


def test_no_answer_holds_a_word_about_an_entrant(worlds: tuple[World, World]) -> None:
    for world, entrants in zip(worlds, (ONE, OTHER), strict=True):
        answers = list(crawl(world).values()) + press(world)
        finish(world)
        answers += crawl(world).values()
        for secret in secrets_of(world, entrants):
            if len(secret) > 2:
                for status, headers, body in answers:
                    assert secret not in body, (status, secret)
                    assert secret not in repr(headers).encode(), (status, secret)


def test_no_statement_of_a_judges_request_asks_who_entered(worlds: tuple[World, World]) -> None:
    world = worlds[0]
    asked: list[str] = []
    event.listen(
        world.services.database.engine, "before_cursor_execute", lambda *facts: asked.append(str(facts[2]))
    )
    crawl(world)
    works = works_of(world.services, world.judges[0])
    world.browser.get(f"/desk/work/{works[0]}/step-back")
    assert len(asked) > 50
    for statement in asked:
        tables = set(re.findall(r'(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z_]+)', statement))
        if "login_session" in tables:
            tables -= {"account"}
        assert tables <= TABLES, statement
        assert set(re.findall(r"\bentry\.([a-z_]+)", statement)) <= ENTRY_COLUMNS, statement
        assert set(re.findall(r"\bphoto\.([a-z_]+)", statement)) <= PHOTO_COLUMNS, statement


def test_the_office_may_turn_what_judges_read_off(worlds: tuple[World, World]) -> None:
    """The rule that the round froze decides, not the templates."""
    world = worlds[0]
    work = works_of(world.services, world.judges[0])[0]
    with world.services.database.read() as session:
        seat = seat_of(session, world.judges[0].id)
        assert seat.rule is not None
        assert blind_entry(session, seat, work).place == "독산동"
        silent = replace(seat, rule=replace(seat.rule, shows=frozenset()))
        entry = blind_entry(session, silent, work)
    assert (entry.title, entry.description, entry.place) == (None, None, None)


def test_the_edition_stays_the_same_row(worlds: tuple[World, World]) -> None:
    """The two worlds draw the same chances: were it not so, their likeness would prove nothing."""
    ids = []
    for world in worlds:
        with world.services.database.read() as session:
            ids.append((session.scalars(select(Edition.id)).all(), world.entries))
    assert ids[0] == ids[1]
