"""The announcement and the exhibition as staff work with them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from sqlalchemy import select

from contest.domain.actors import Role
from contest.models.audit import AuditRow
from gallery.models.publication import Exhibit, Hold, Publication
from gallery.operations.exhibition import CAPTIONS, TABLE

pytestmark = pytest.mark.any_database

MINUTE = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)


def post(browser, path, **fields):
    """Post a form with the token of the page it stands on."""
    import re

    page = browser.get("/staff/publication").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    return browser.post(path, data={"csrf_token": token, **fields})


def live(services, kind, ended):
    with services.database.read() as session:
        return len(session.scalars(select(kind.id).where(ended.is_(None))).all())


def test_an_approver_reads_one_page_and_approves(services, decided, people, login_as, draft):
    browser = login_as(people.approver)
    page = browser.get("/staff/publication").get_data(as_text=True)
    assert "25점 / 25점" in page
    assert "3,000,000원 / 3,000,000원" in page
    assert "1\t대상\t2024-0001-1" in page
    digest = draft(decided.edition_id).digest
    refused = post(browser, "/staff/publication/approve", digest=digest)
    assert (refused.status_code, live(services, Publication, Publication.withdrawn_at)) == (422, 0)
    stale = post(browser, "/staff/publication/approve", digest="0" * 64, seen="y")
    assert stale.status_code == 409
    assert "바뀌었습니다" in stale.get_data(as_text=True)
    assert post(browser, "/staff/publication/approve", digest=digest, seen="y").status_code == 303
    assert live(services, Publication, Publication.withdrawn_at) == 1


def test_an_operator_holds_alone_and_sees_who_must_go_on(services, decided, approved, people, login_as):
    browser = login_as(people.operator)
    wrong = post(browser, "/staff/publication/hold", **{"hold-reason": "네"})
    assert wrong.status_code == 422
    assert live(services, Hold, Hold.lifted_at) == 0
    fields = {"hold-reason": "제보를 확인합니다", "hold-notice": "잠시 미룹니다."}
    assert post(browser, "/staff/publication/hold", **fields).status_code == 303
    page = browser.get("/staff/publication").get_data(as_text=True)
    assert "제보를 확인합니다" in page
    assert "승인자가 풀 수 있습니다" in page
    assert post(browser, "/staff/publication/resume").status_code == 403
    chief = login_as(people.approver)
    past = post(chief, "/staff/publication/resume", **{"resume-publish_at": "2024-09-01T10:00"})
    assert past.status_code == 422
    garbled = post(chief, "/staff/publication/resume", **{"resume-publish_at": "내일"})
    assert "모두 적어 주세요" in garbled.get_data(as_text=True)
    assert post(chief, "/staff/publication/resume").status_code == 303
    assert live(services, Hold, Hold.lifted_at) == 0


def test_after_the_minute_the_page_reports_and_offers_corrections(
    services, approved, clock, people, login_as
):
    clock.move_to(MINUTE)
    for sweep in services.registry.sweeps:
        sweep(services, clock.now())
    browser = login_as(people.approver)
    page = browser.get("/staff/publication").get_data(as_text=True)
    assert "발표 완료" in page
    assert "작품 25/25점" in page
    with services.database.read() as session:
        work_id = session.scalars(select(Exhibit.id).order_by(Exhibit.slot_ordinal)).first()
    assert browser.get(f"/staff/publication/works/{work_id}").status_code == 200
    path = f"/staff/publication/works/{work_id}/correct"
    assert post(browser, path, title="", alternative_text="", reason="").status_code == 422
    fields = {"title": "고친 제목", "alternative_text": "고친 설명", "reason": "오자를 바로잡습니다"}
    assert post(browser, path, **fields).status_code == 303
    shown = browser.get(f"/photo/{work_id}").get_data(as_text=True)
    assert "고친 제목" in shown
    path = f"/staff/publication/works/{work_id}/retract"
    assert post(browser, path, **{"retract-reason": "초상권 문제입니다"}).status_code == 303
    assert browser.get(f"/photo/{work_id}").status_code == 410


def test_texts_are_written_by_the_operator_before_approval(services, decided, people, login_as, draft):
    browser = login_as(people.operator)
    assert browser.get("/staff/publication/texts").status_code == 200
    entry = decided.entries[0]
    path = f"/staff/publication/texts/{entry}"
    assert post(browser, path, **{f"{entry}-text": "가" * 201}).status_code == 422
    assert post(browser, path, **{f"{entry}-text": "산 위로 해가 돋는다"}).status_code == 303
    assert draft(decided.edition_id).works[0].alternative_text == "산 위로 해가 돋는다"
    answer = browser.get(f"/staff/publication/picture/{entry}.jpg")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert browser.get(f"/staff/publication/picture/{decided.losers[0]}.jpg").status_code == 404


def test_the_pack_holds_originals_under_names_people_read(services, approved, people, login_as):
    browser = login_as(people.operator)
    assert post(browser, "/staff/exhibition", what="pack", reason="").status_code == 422
    answer = post(browser, "/staff/exhibition", what="pack", reason="로비 전시 인화")
    assert answer.status_code == 200
    assert answer.content_length == len(answer.data)
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    names = archive.namelist()
    assert len(names) == 27
    assert {CAPTIONS, TABLE} < set(names)
    assert "대상_2024-0001-1_금천의 빛 1.jpg" in names
    assert all(info.flag_bits & 0x800 for info in archive.infolist())
    with services.database.read() as session:
        photo = session.scalars(select(Exhibit.photo_id).where(Exhibit.slot_ordinal == 1)).one()
        act = session.scalars(select(AuditRow).where(AuditRow.action == "disclosure.exhibition_pack")).one()
        assert act.facts["count"] == 25
    assert archive.read("대상_2024-0001-1_금천의 빛 1.jpg") == services.storage.get(f"originals/{photo}")
    assert archive.read(CAPTIONS).startswith(b"%PDF")
    assert archive.read(TABLE).startswith(b"\xef\xbb\xbf")


def test_nothing_is_taken_out_before_approval(services, decided, people, login_as):
    browser = login_as(people.operator)
    page = browser.get("/staff/exhibition").get_data(as_text=True)
    assert "아직 내려받을 자료가 없습니다" in page
    assert post(browser, "/staff/exhibition", what="table", reason="목록 확인").status_code == 409


def test_the_office_home_names_what_is_due(services, decided, people, login_as, clock):
    with services.database.read() as session:
        due = [
            step
            for load in services.registry.next_steps
            for step in load(session, decided.edition_id, clock.now())
        ]
    approval = next(step for step in due if step.endpoint == "publication.index")
    assert (approval.due, approval.who) == (MINUTE, frozenset({Role.APPROVER}))
