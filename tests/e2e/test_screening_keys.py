"""The screening desk by keys alone: through the list, into a work, decided, taken back, and switched off."""

from __future__ import annotations

import datetime as dt

import pytest
from conftest import Enter, violations
from factories.submissions import make_submission
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contest.domain.actors import Role
from contest.domain.screening import DEFAULT_GRADES, FindingKind, find
from contest.infra.clock import SteppedClock
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState

pytestmark = pytest.mark.browser
CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)
NEAR = find(FindingKind.NEAR_BOUNDARY, DEFAULT_GRADES, metres=120)


@pytest.fixture
def clerk(
    page: Page,
    served: tuple[Flask, str],
    edition: Edition,
    clock: SteppedClock,
    enter: Enter,
) -> Page:
    """An operator's browser after the deadline."""
    clock.move_to(CLOSED)
    enter(page, Role.OPERATOR)
    return page


def arrive(page: Page, title: str) -> None:
    """Be on the page of a work, its script loaded: a key pressed earlier would be nobody's."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.wait_for_load_state()


def test_a_clerk_screens_by_keys(clerk: Page, served: tuple[Flask, str], edition: Edition) -> None:
    page, services = clerk, served[0].extensions["contest"]
    services.jobs._handlers["zoom"] = lambda **_ids: None  # pictures of one colour have no zoom to make
    made = [
        make_submission(services, edition, phone=f"010-6200-000{n}", findings=[NEAR], title=f"작품 {n}")
        for n in range(3)
    ]
    ids = [one.entries[0] for one in made]

    def states() -> list[EntryState]:
        with services.database.read() as session:
            return [session.scalars(select(Entry.state).where(Entry.id == one)).one() for one in ids]

    page.goto("/staff/screening")
    assert violations(page) == []
    for key in ("j", "j", "k", "j", "o"):
        page.keyboard.press(key)
    arrive(page, "작품 1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("f")  # no key acts behind an open dialog
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    arrive(page, "작품 2")
    assert states() == [EntryState.SUBMITTED, EntryState.FIT, EntryState.SUBMITTED]
    assert violations(page) == []
    page.keyboard.press("z")
    arrive(page, "작품 1")
    assert states() == [EntryState.SUBMITTED] * 3
    page.keyboard.press("u")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("fjk")  # letters in a field are letters
    expect(page.locator("#note")).to_have_value("fjk")
    page.get_by_label("단축키 쓰기").uncheck()
    page.keyboard.press("f")
    page.reload()
    expect(page.get_by_label("단축키 쓰기")).not_to_be_checked()
    page.keyboard.press("f")
    page.get_by_label("단축키 쓰기").check()
    page.keyboard.press("b")
    expect(page.locator(f"#e-{ids[1]} [data-queue-link]")).to_be_focused()
    assert states() == [EntryState.SUBMITTED] * 3
