"""The seals computed again in the browser, from the published scores; a noted value that fits, is old, or is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from conftest import violations
from factories.panels import judge_contest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from gallery.models.publication import Publication
from judging.models.round import Round
from judging.operations.allocate import allocate_prizes

pytestmark = pytest.mark.browser

MINUTE = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)


def test_anyone_checks_the_seal_on_the_page(
    page: Page,
    served: tuple[Flask, str],
    edition: Edition,
    *,
    clock: SteppedClock,
    make_account: Callable[..., Actor],
) -> None:
    services: Services = served[0].extensions["contest"]
    operator = make_account(Role.OPERATOR)
    judge_contest(services, clock, edition, operator, works=7)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=clock.now())
        uow.session.get_one(Edition, edition.id).stage = Stage.DECIDED
        uow.session.add(Publication(
            id=uow.ids.token(), edition_id=edition.id, version=1, publish_at=MINUTE, digest="0" * 64,
            approved_by=operator.id, approved_at=MINUTE - dt.timedelta(days=1),
        ))  # fmt: skip
        root = uow.session.scalars(select(Round)).one().commitment
    assert root is not None
    clock.move_to(MINUTE)
    page.goto("/fairness")
    said, again = page.locator("#seal-said"), page.get_by_role("button", name="다시 계산하기")
    again.click()
    expect(said).to_contain_text("본심: 점수 84개로 다시 계산한 봉인값이 공개한 값과 같습니다")
    noted = page.get_by_label("적어 둔 봉인값")
    noted.fill(" ".join(root.upper()[at : at + 8] for at in range(0, 64, 8)))  # as it is read from the page
    again.click()
    expect(said).to_contain_text("적어 두신 값은 본심의 봉인값과 같습니다")
    assert violations(page) == []
    noted.fill(root[:-1])
    again.click()
    expect(said).to_contain_text("지금은 63자입니다")
    expect(noted).to_be_focused()
    noted.fill("0" * 64)
    noted.press("Enter")
    expect(said).to_contain_text("적어 두신 값과 같은 봉인값이 없습니다")
    noted.fill("")

    def deliberated(route: Route) -> None:
        record = route.fetch().json()
        held = {key: record[key] for key in ("commitment", "scores")}
        route.fulfill(json=record | {"deliberation": held})

    page.route("**/fairness/scores.json", deliberated)
    again.click()
    expect(said.locator("p")).to_have_count(2)
    expect(said).to_contain_text("본심(심의 전): 점수 84개")
    page.unroute("**/fairness/scores.json")

    def forged(route: Route) -> None:
        record = route.fetch().json()
        record["scores"][5][3] = 1 + record["scores"][5][3] % 5
        route.fulfill(json=record)

    page.route("**/fairness/scores.json", forged)
    again.click()
    expect(said).to_contain_text("공개한 값과 다릅니다")
    page.unroute("**/fairness/scores.json")
    page.route("**/fairness/scores.json", lambda route: route.abort())
    again.click()
    expect(said).to_contain_text("점수표를 내려받지 못했습니다")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="점수표 보기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("점수표")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
