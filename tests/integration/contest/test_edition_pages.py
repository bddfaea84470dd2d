"""Staff prepare an edition on its pages: what is typed is kept, every error leads to its field, two persons open it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from contest.domain.actors import Role
from contest.domain.consents import PARTS
from contest.domain.crosschecks import NOTICE_TEXTS, PUBLIC_TEXTS
from contest.domain.edition_fields import SUBJECTS
from contest.domain.stages import Stage
from contest.infra.wiring import Services
from contest.models.edition import Edition, PrizeSlot

pytestmark = pytest.mark.any_database

LoginAs = Callable[..., FlaskClient]


class Controls(HTMLParser):
    """What a browser would send of the first form of class `edition-form` on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self._inside = False
        self._select = self._area = ""
        self._text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if held.get("id"):
            self.ids.append(held["id"] or "")
        if tag == "form" and "edition-form" in (held.get("class") or ""):
            self._inside = True
        if not self._inside or (tag != "option" and not held.get("name")):
            return
        name = held.get("name") or ""
        if tag == "input" and held.get("type") in ("checkbox", "radio"):
            if "checked" in held:
                self.values.append((name, held.get("value") or ""))
        elif tag == "input":
            self.values.append((name, held.get("value") or ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in held:
            self.values.append((self._select, held.get("value") or ""))
        elif tag == "textarea":
            self._area, self._text = name, []

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.values.append((self._area, "".join(self._text).removeprefix("\r\n").removeprefix("\n")))
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def press(browser: FlaskClient, address: str, data: dict[str, Any] | None = None) -> Any:
    """POST as a form of this browser would, with its token."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/staff").text)
    assert found is not None
    return browser.post(address, data={**(data or {}), "csrf_token": found[1]})


def fill(browser: FlaskClient, address: str, changes: dict[str, Any], op: str = "save") -> Any:
    """Open a page, type something, press a button; returns the answer of the POST."""
    page = browser.get(address)
    assert page.status_code == 200, page.status_code
    sent: dict[str, Any] = {}
    for name, value in Controls(page.text).values:
        sent.setdefault(name, []).append(value)
    sent.update(changes)
    sent["op"] = op
    return browser.post(address, data={name: value for name, value in sent.items() if value is not None})


@pytest.fixture
def operator(login_as: LoginAs) -> FlaskClient:
    return login_as(Role.OPERATOR)


@pytest.fixture
def draft(services: Services, edition: Edition, operator: FlaskClient) -> str:
    """The id of a draft made by copying the edition of 2024 on its page."""
    answer = press(operator, f"/staff/editions/{edition.id}/copy")
    assert answer.status_code == 303
    return str(answer.headers["Location"].rsplit("/", 1)[1])


def stored(services: Services, edition_id: str) -> Edition:
    with services.database.read() as session:
        held = session.get_one(Edition, edition_id)
        session.expunge(held)
        return held


def test_every_text_and_consent_stands_on_a_page() -> None:
    keys = {key for subject in SUBJECTS for key in (*subject.texts, *subject.notices)}
    assert keys == set(PUBLIC_TEXTS) | set(NOTICE_TEXTS)
    assert all(PARTS)


def test_a_page_saved_untouched_changes_nothing(
    services: Services, operator: FlaskClient, draft: str
) -> None:
    before = stored(services, draft)
    for subject in SUBJECTS:
        for language in ("ko", "en") if subject.is_translated else ("ko",):
            address = f"/staff/editions/{draft}/edit/{subject.slug}?lang={language}"
            assert fill(operator, address, {}).status_code == 303
    after = stored(services, draft)
    assert after.document == before.document
    assert [getattr(after, s) for s in ("entry_opens", "publish_at")] == [
        before.entry_opens,
        before.publish_at,
    ]


def test_a_copy_says_what_is_still_of_last_year(operator: FlaskClient, draft: str) -> None:
    page = operator.get(f"/staff/editions/{draft}").text
    assert "제3회 『찰칵! 렌즈로 만나는 금천』" in page
    assert page.count("지난 연도(2024)가 들어 있습니다") == 3
    fill(operator, f"/staff/editions/{draft}/edit/basics", {"texts.ko.title": "제2회 사진 공모전"})
    assert "이 회차는 제3회이니" in operator.get(f"/staff/editions/{draft}").text


def test_errors_are_kept_and_shown_again_as_typed(
    services: Services, operator: FlaskClient, draft: str
) -> None:
    prizes = f"/staff/editions/{draft}/edit/prizes"
    schedule = f"/staff/editions/{draft}/edit/schedule"
    assert fill(operator, prizes, {"prizes.tiers.0.count": " 열두 명"}).status_code == 303
    assert fill(operator, schedule, {"schedule.entry_closes": "팔월 말일"}).status_code == 303
    assert dict(Controls(operator.get(prizes).text).values)["prizes.tiers.0.count"] == " 열두 명"
    page = operator.get(schedule).text
    assert dict(Controls(page).values)["schedule.entry_closes"] == "팔월 말일"
    assert "날짜와 시각이 없습니다" in page
    assert stored(services, draft).entry_closes is None
    fill(operator, schedule, {"schedule.entry_closes": "2025-08-29T18:00"})
    kept = stored(services, draft)
    assert kept.entry_closes == dt.datetime(2025, 8, 29, 9, tzinfo=dt.UTC)
    assert "unread" not in kept.document


BREAKING: list[tuple[str, dict[str, Any]]] = [
    ("basics", {"texts.ko.title": ""}),
    ("basics", {"year": "이천이십오"}),
    ("basics", {"texts.ko.notice_number": ""}),
    ("schedule", {"schedule.publish_at": ""}),
    ("schedule", {"schedule.judging_closes": "2025-09-01T00:00"}),
    ("schedule", {"schedule.verification_closes": "2025-09-20T18:00"}),
    ("entry", {"entry.formats": None}),
    ("entry", {"entry.devices": None}),
    ("entry", {"entry.max_bytes": "많이"}),
    ("entry", {"entry.taken_from": "작년"}),
    ("entry", {"entry.taken_until": "2020-01-01"}),
    ("judging", {"judges.external": "1"}),
    ("judging", {"rounds.0.criteria.0.weight": "31"}),
    ("judging", {"rounds.0.name.ko": ""}),
    ("judging", {"rounds.0.level_names.2.ko": ""}),
    ("prizes", {"prizes.winners": "24"}),
    ("prizes", {"prizes.budget": "2999999"}),
    ("prizes", {"prizes.ceiling": "100"}),
    ("prizes", {"prizes.tiers.1.name.ko": ""}),
    ("verification", {"ties.0": "criterion:gone"}),
    ("verification", {"reserves": "-1"}),
    ("consents", {"consents.privacy.ko.retention": ""}),
    ("consents", {"texts.ko.copyright": "저작권은 금천구에 귀속됩니다."}),
    ("retention", {"retention.winners.months": ""}),
    ("contact", {"contact.phone": "전화"}),
    ("contact", {"contact.email": "주소"}),
]


@pytest.mark.parametrize("breaking", BREAKING, ids=lambda value: f"{value[0]}-{next(iter(value[1]))}")
def test_every_error_blocks_and_leads_to_its_field(
    services: Services,
    operator: FlaskClient,
    login_as: LoginAs,
    draft: str,
    breaking: tuple[str, dict[str, Any]],
) -> None:
    slug, changes = breaking
    answer = fill(operator, f"/staff/editions/{draft}/edit/{slug}", changes)
    assert answer.status_code == 303
    page = operator.get(f"/staff/editions/{draft}").text
    links = re.findall(r'checklist__item--open">.*?<a href="([^"]+)"', page)
    assert links
    for link in links:
        address, _, anchor = link.replace("&amp;", "&").partition("#")
        assert f"/edit/{slug}" in address
        assert anchor in Controls(operator.get(address).text).ids
    approver = login_as(Role.APPROVER)
    version = stored(services, draft).version
    assert press(approver, f"/staff/editions/{draft}/open", {"version": version}).status_code == 409
    assert stored(services, draft).stage is Stage.DRAFT


def test_checks_come_while_typing_and_store_nothing(
    services: Services, operator: FlaskClient, draft: str
) -> None:
    address = f"/staff/editions/{draft}/edit/prizes"
    sent = dict(Controls(operator.get(address).text).values)
    sent["prizes.tiers.0.count"] = "2"
    before = stored(services, draft).version
    answer = press(operator, f"/staff/editions/{draft}/check/prizes", sent).json
    assert {"field": "prizes.winners", "level": "error"}.items() <= answer["messages"][0].items()
    assert answer["summary"].startswith("상격 5개를 더하면 26명, 3,500,000원")
    assert stored(services, draft).version == before


def test_who_saves_later_sees_both_and_loses_nothing(
    operator: FlaskClient, draft: str, services: Services
) -> None:
    address = f"/staff/editions/{draft}/edit/contact"
    opened = dict(Controls(operator.get(address).text).values)
    assert fill(operator, address, {"contact.phone": "02-2627-1111"}).status_code == 303
    late = press(operator, address, {**opened, "contact.phone": "02-2627-2222", "op": "save"})
    assert late.status_code == 409
    assert "다른 담당자가 먼저 저장했습니다" in late.text
    assert "02-2627-1111" in late.text
    typed = dict(Controls(late.text).values)
    assert typed["contact.phone"] == "02-2627-2222"
    assert press(operator, address, {**typed, "op": "save"}).status_code == 303
    assert stored(services, draft).document["contact"]["phone"] == "02-2627-2222"


def test_rows_are_added_moved_and_removed(services: Services, operator: FlaskClient, draft: str) -> None:
    address = f"/staff/editions/{draft}/edit/prizes"
    fill(operator, address, {"prizes.tiers.4.amount": "60,000"}, op="add:prizes.tiers")
    tiers = stored(services, draft).document["prizes"]["tiers"]
    assert (len(tiers), tiers[4]["amount"], tiers[5]["count"]) == (6, 60_000, "")
    assert len({tier["code"] for tier in tiers}) == 6
    fill(operator, address, {}, op="up:prizes.tiers.1")
    assert stored(services, draft).document["prizes"]["tiers"][0]["code"] == "first"
    fill(operator, address, {}, op="remove:prizes.tiers.5")
    assert len(stored(services, draft).document["prizes"]["tiers"]) == 5
    assert fill(operator, address, {}, op="remove:texts.0").status_code == 400


def test_a_draft_previews_as_citizens_will_see_it_and_stays_hidden(
    operator: FlaskClient, client: FlaskClient, draft: str
) -> None:
    fill(operator, f"/staff/editions/{draft}/edit/basics", {"texts.ko.theme": "밤의 금천"})
    page = operator.get(f"/staff/editions/{draft}/preview").text
    assert "밤의 금천" in page
    assert "미리보기" in page
    assert "밤의 금천" not in client.get("/call").text
    assert "2nd" in operator.get(f"/en/staff/editions/{draft}/preview").text


def test_an_edition_of_other_rules_is_made_and_opened_on_the_pages(
    services: Services, operator: FlaskClient, login_as: LoginAs, client: FlaskClient, draft: str
) -> None:
    edit = f"/staff/editions/{draft}/edit"
    for place in ("4", "3", "2"):
        fill(operator, f"{edit}/prizes", {}, op=f"remove:prizes.tiers.{place}")
    fill(
        operator,
        f"{edit}/prizes",
        {
            "prizes.tiers.0.name.ko": "금천상", "prizes.tiers.0.count": "5", "prizes.tiers.0.amount": "370,000",
            "prizes.tiers.1.name.ko": "렌즈상", "prizes.tiers.1.count": "15", "prizes.tiers.1.amount": "100,000",
            "prizes.winners": "20", "prizes.budget": "3350000", "prizes.ceiling": "3,350,000",
        },
    )  # fmt: skip
    fill(operator, f"{edit}/basics", {"texts.ko.title": "제3회 『찰칵! 렌즈로 만나는 금천』 사진 공모전"})
    fill(operator, f"{edit}/entry", {"entry.works_per_person": "3", "entry.taken_until": "2025-08-30"})
    assert "고칠 곳이 없습니다" in operator.get(f"/staff/editions/{draft}").text
    version = stored(services, draft).version
    assert press(operator, f"/staff/editions/{draft}/open", {"version": version}).status_code == 403
    approver = login_as(Role.APPROVER)
    page = approver.get(f"/staff/editions/{draft}/open").text
    assert "합계 20명, 3,350,000원" in page
    stale = press(approver, f"/staff/editions/{draft}/open", {"version": version - 1})
    assert stale.status_code == 409
    assert press(approver, f"/staff/editions/{draft}/open", {"version": version}).status_code == 303
    with services.database.read() as session:
        amounts = session.scalars(select(PrizeSlot.amount).where(PrizeSlot.edition_id == draft)).all()
    assert (len(amounts), sum(amounts)) == (20, 3_350_000)
    call = client.get("/call").text
    assert "렌즈상" in call
    assert "한 사람 3점까지" in call


def test_after_opening_subjects_are_read_only(
    services: Services, operator: FlaskClient, edition: Edition
) -> None:
    address = f"/staff/editions/{edition.id}/edit/prizes"
    page = operator.get(address).text
    assert "변경 공고로만" in page
    assert 'value="save"' not in page
    answer = press(operator, address, {"version": edition.version, "prizes.winners": "1", "op": "save"})
    assert answer.status_code == 409
    assert stored(services, edition.id).document["prizes"]["winners"] == 25


def test_an_empty_edition_says_everything_it_lacks(
    operator: FlaskClient, client: FlaskClient, services: Services
) -> None:
    answer = press(operator, "/staff/editions/new", {"year": "2030", "number": "8"})
    made = answer.headers["Location"]
    assert operator.get(made).text.count("checklist__item--open") > 50
    assert operator.get(f"{made}/preview").status_code == 200
    for subject in SUBJECTS:
        assert operator.get(f"{made}/edit/{subject.slug}").status_code == 200
    again = press(operator, "/staff/editions/new", {"year": "2030", "number": "8"})
    assert again.status_code == 422
    assert "이미 있습니다" in again.text


def test_pages_ask_the_database_as_often_whatever_they_show(
    services: Services, operator: FlaskClient, draft: str
) -> None:
    asked: list[str] = []

    def listen(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    def count(address: str) -> int:
        asked.clear()
        assert operator.get(address).status_code == 200
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in asked)

    event.listen(services.database.engine, "before_cursor_execute", listen)
    pages = (
        "/staff/editions",
        f"/staff/editions/{draft}",
        f"/staff/editions/{draft}/edit/prizes",
        "/call",
        "/staff/holidays",
        "/staff/spots",
    )
    few = [count(page) for page in pages]
    for _ in range(5):
        press(operator, f"/staff/editions/{draft}/copy")
        fill(operator, f"/staff/editions/{draft}/edit/prizes", {}, op="add:prizes.tiers")
    assert [count(page) for page in pages] == few
    event.remove(services.database.engine, "before_cursor_execute", listen)
