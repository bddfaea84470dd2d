"""What a stranger gets: not a byte before the minute, everything at it, whatever the staff have done."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from xml.etree import ElementTree as ET

import pytest
from factories.winners import decide_contest
from sqlalchemy import event, select

from contest.models.outbox import Message
from contest.models.photo import Rendition
from gallery.models.publication import Exhibit, PublicationCheck
from gallery.operations.approve import approve, withdraw_approval
from gallery.operations.correct import retract
from gallery.operations.hold import hold, resume

pytestmark = pytest.mark.any_database

MINUTE = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = ("/", "/results", "/gallery", "/spots", "/feed.xml", "/results.csv", "/results.json", "/call")


def exhibits(services):
    with services.database.read() as session:
        found = session.scalars(select(Exhibit).order_by(Exhibit.slot_ordinal)).all()
        session.expunge_all()
        return found


def seen(client, paths):
    """Status, headers and body of each path, without what names this very request."""
    answers = {}
    for path in paths:
        response = client.get(path)
        headers = sorted((k, v) for k, v in response.headers if k not in {"Date", "Set-Cookie"})
        answers[path] = (response.status_code, headers, response.data)
    return answers


def test_before_the_minute_no_byte_tells_of_an_approval(  # noqa: PLR0917  fixtures
    services, client, clock, decided, people, draft
):
    addresses = [*PAGES, *(f"/en{page}" for page in PAGES), *(f"/zh{page}" for page in PAGES)]
    unapproved = seen(client, addresses)
    with services.database.write() as uow:
        approve(
            uow, decided.edition_id, draft(decided.edition_id).digest, actor=people.approver, now=clock.now()
        )
    assert seen(client, addresses) == unapproved
    unknown = {kind: client.get(f"/photo/{'0' * 26}{kind}") for kind in ("", "/large.jpg", "/thumb.jpg")}
    for exhibit in exhibits(services):
        for kind, never in unknown.items():
            hidden = client.get(f"/photo/{exhibit.id}{kind}")
            assert (hidden.status_code, hidden.data.replace(exhibit.id.encode(), b"0" * 26)) == (
                404,
                never.data,
            )
            assert hidden.headers.get("Cache-Control") == never.headers.get("Cache-Control")
    clock.move_to(MINUTE - SECOND)
    approved = seen(client, addresses)
    with services.database.write() as uow:
        withdraw_approval(uow, decided.edition_id, "다시 살펴봅니다", actor=people.approver, now=clock.now())
    assert seen(client, addresses) == approved


def test_at_the_minute_everything_is_there(services, client, clock, approved):
    clock.move_to(MINUTE)
    page = client.get("/results").get_data(as_text=True)
    for exhibit in exhibits(services):
        assert exhibit.title in page
        assert f"/photo/{exhibit.id}" in page
        for kind in ("large", "thumb"):
            answer = client.get(f"/photo/{exhibit.id}/{kind}.jpg")
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
            assert answer.headers["Cache-Control"] == "public, max-age=604800, immutable"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            again = client.get(
                f"/photo/{exhibit.id}/{kind}.jpg", headers={"If-None-Match": answer.headers["ETag"]}
            )
            assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"/photo/{exhibits(services)[0].id}/judge.jpg").status_code == 404
    home = client.get("/").get_data(as_text=True)
    assert f"/photo/{exhibits(services)[0].id}/large.jpg" in home
    assert 'href="/results"' in home


def test_names_are_masked_and_the_phone_number_is_nowhere(services, client, clock, approved):
    clock.move_to(MINUTE)
    bodies = b"".join(
        client.get(path).data
        for path in (*PAGES, *(f"/photo/{exhibit.id}" for exhibit in exhibits(services)))
    )
    assert "김금천".encode() not in bodies
    assert b"0101234" not in bodies
    assert "김*천".encode() in bodies


def test_the_table_the_data_and_the_feed_agree(services, client, clock, approved):
    clock.move_to(MINUTE)
    table = client.get("/results.csv")
    assert table.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    data = json.loads(client.get("/results.json").data)
    assert (len(rows) - 1, len(data["works"])) == (25, 25)
    assert (sum(int(row[2]) for row in rows[1:]), data["total"]) == (3_000_000, 3_000_000)
    assert data["published_at"] == "2024-10-01T10:00:00+09:00"
    root = ET.fromstring(client.get("/feed.xml").data)  # noqa: S314  our own answer
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert {entry.find(f"{ATOM}id").text.split("/")[-1] for entry in entries} == {
        w["id"] for w in data["works"]
    }
    for part in ("id", "title", "updated"):
        assert root.find(f"{ATOM}{part}").text
        assert all(entry.find(f"{ATOM}{part}").text for entry in entries)
    assert root.find(f"{ATOM}updated").text == "2024-10-01T01:00:00Z"
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == 25


def test_titles_are_escaped_wherever_they_go(  # noqa: PLR0917  fixtures
    services, client, clock, edition, people, draft
):
    clock.move_to(MINUTE - dt.timedelta(hours=19))
    nasty = '"><script>alert(1)</script>&\x01'
    made = decide_contest(services, edition.id, people.operator, titles=[nasty, "=1+1"])
    with services.database.write() as uow:
        approve(uow, made.edition_id, draft(made.edition_id).digest, actor=people.approver, now=clock.now())
    clock.move_to(MINUTE)
    work = next(e for e in exhibits(services) if e.title == nasty)
    for path in ("/", "/results", "/gallery", f"/photo/{work.id}"):
        assert b"<script>alert" not in client.get(path).data
    ET.fromstring(client.get("/feed.xml").data)  # noqa: S314  our own answer
    assert "'=1+1" in client.get("/results.csv").data.decode("utf-8-sig")


def test_a_photograph_has_its_words_and_its_neighbours(services, client, clock, approved):
    clock.move_to(MINUTE)
    data = json.loads(client.get("/results.json").data)["works"]
    page = client.get(f"/photo/{data[1]['id']}").get_data(as_text=True)
    assert data[1]["alternative_text"] in page
    assert f'rel="prev" href="/photo/{data[0]["id"]}"' in page
    assert f'rel="next" href="/photo/{data[2]["id"]}"' in page
    assert f'<meta property="og:image" content="http://localhost/photo/{data[1]["id"]}/large.jpg">' in page
    assert "공공누리" not in page


def test_filters_narrow_and_say_when_nothing_is_left(services, client, clock, approved):
    clock.move_to(MINUTE)
    assert client.get("/gallery").data.count(b"data-gallery-item") == 25
    assert client.get("/gallery?tier=grand").data.count(b"data-gallery-item") == 1
    assert client.get("/gallery?dong=없는동").data.count(b"data-gallery-item") == 0
    assert client.get("/results?year=2024").status_code == 200
    assert client.get("/results?year=2023").status_code == 404
    assert client.get("/results?year=x").status_code == 404


def test_a_retracted_work_says_it_was_taken_down(services, client, clock, approved, people):
    clock.move_to(MINUTE)
    gone = exhibits(services)[4]
    with services.database.write() as uow:
        retract(uow, gone.id, "초상권 문제로 내립니다", actor=people.operator, now=clock.now())
    assert client.get(f"/photo/{gone.id}").status_code == 410
    assert client.get(f"/photo/{gone.id}/large.jpg").status_code == 404
    assert gone.id.encode() not in client.get("/results").data
    assert len(json.loads(client.get("/results.json").data)["works"]) == 24


def test_a_held_announcement_shows_its_notice_and_nothing_else(  # noqa: PLR0917  fixtures
    services, client, clock, decided, approved, people
):
    with services.database.write() as uow:
        hold(
            uow,
            decided.edition_id,
            "제보 확인",
            "발표를 10월 4일로 미룹니다.",
            actor=people.operator,
            now=clock.now(),
        )
    clock.move_to(MINUTE + SECOND)
    for path in ("/", "/results"):
        assert "발표를 10월 4일로 미룹니다." in client.get(path).get_data(as_text=True)
        assert "제보 확인" not in client.get(path).get_data(as_text=True)
    assert json.loads(client.get("/results.json").data)["works"] == []
    with services.database.write() as uow:
        resume(uow, decided.edition_id, actor=people.approver, now=clock.now())
    assert len(json.loads(client.get("/results.json").data)["works"]) == 25
    assert "미룹니다" not in client.get("/results").get_data(as_text=True)


def test_a_server_that_slept_through_the_minute_serves_it_when_it_wakes(services, client, clock, approved):
    clock.move_to(MINUTE + dt.timedelta(hours=3))
    assert len(json.loads(client.get("/results.json").data)["works"]) == 25
    for sweep in services.registry.sweeps:
        sweep(services, clock.now())
    with services.database.read() as session:
        check = session.scalars(select(PublicationCheck)).one()
        assert check.ok
        assert check.facts == {
            "page_status": 200, "works": 25, "works_expected": 25, "sum": 3_000_000, "sum_expected": 3_000_000, "pictures": 25,
        }  # fmt: skip


def _sweep(services):
    for part in services.registry.sweeps:
        part(services, services.clock.now())


def _told(services, status):
    with services.database.read() as session:
        return len(
            session.scalars(
                select(Message.id).where(Message.code == "O6", Message.event_key.contains(f":{status}:"))
            ).all()
        )


def test_the_system_reads_its_own_page_once_and_reports(services, client, clock, approved):
    _sweep(services)
    with services.database.read() as session:
        assert session.scalars(select(PublicationCheck)).first() is None
    clock.move_to(MINUTE + SECOND)
    for _ in range(3):
        _sweep(services)
    assert _told(services, "published") == 2
    assert _told(services, "failed") == 0


def test_a_missing_picture_is_a_failed_announcement_until_it_is_there(services, client, clock, approved):
    with services.database.read() as session:
        broken = session.scalars(
            select(Rendition)
            .join(Exhibit, Exhibit.photo_id == Rendition.photo_id)
            .where(Rendition.kind == "thumb")
            .limit(1)
        ).one()
        key = f"renditions/{broken.id}"
    kept = services.storage.get(key)
    services.storage.delete(key)
    clock.move_to(MINUTE)
    _sweep(services)
    with services.database.read() as session:
        check = session.scalars(select(PublicationCheck)).one()
        assert (check.ok, check.facts["pictures"]) == (False, 24)
    assert _told(services, "failed") == 2
    services.storage.put(key, kept)
    clock.advance(minutes=1)
    _sweep(services)
    with services.database.read() as session:
        assert session.scalars(select(PublicationCheck)).one().ok
    assert _told(services, "published") == 2


@pytest.mark.parametrize("path", ["/results", "/gallery", "/spots", "/feed.xml", "/results.json", "/"])
def test_queries_do_not_grow_with_the_works(services, client, clock, approved, path):
    clock.move_to(MINUTE)

    def queries():
        count = 0

        def counted(*_):
            nonlocal count
            count += 1

        event.listen(services.database.engine, "before_cursor_execute", counted)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(services.database.engine, "before_cursor_execute", counted)
        return count

    queries()
    many = queries()
    with services.database.write() as uow:
        for exhibit in uow.session.scalars(select(Exhibit).where(Exhibit.slot_ordinal > 1)):
            exhibit.retracted_at, exhibit.retraction = clock.now(), "하나만 남깁니다"
    assert queries() == many


def test_the_menu_names_results_only_when_there_are_any(services, client, clock, approved):
    assert 'href="/gallery"' not in client.get("/call").get_data(as_text=True)
    clock.move_to(MINUTE)
    assert 'href="/gallery"' in client.get("/call").get_data(as_text=True)
