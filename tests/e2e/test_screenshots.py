"""Makes the pictures of the README and of the guides again (make screenshots); no test of anything."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from played import Stage, open_stage, play_and_keep
from playwright.sync_api import Browser, Page

from contest.infra.assets import ROOT
from contest.rehearsal.play import Script

pytestmark = [pytest.mark.browser, pytest.mark.screenshots]

OUT = ROOT / "docs" / "screenshots"
PHONE, DESK = (390, 844), (1280, 860)


@dataclass(frozen=True)
class Picture:
    """Who looks at what: a moment of the contest, an address, then the first link that matches each of `by`."""

    moment: str
    person: str
    address: str
    by: tuple[str, ...] = ()
    size: tuple[int, int] = DESK
    keys: str = ""


WORK = "/desk/work/[a-z0-9]+"
PICTURES = {
    "home": Picture("published", "visitor", "/"),
    "gallery": Picture("published", "visitor", "/gallery"),
    "entry": Picture("open", "visitor", "/enter"),
    "verification": Picture("verification", "visitor", "/verification"),
    "staff": Picture("verification", "operator", "/staff"),
    "desk": Picture("scoring", "another judge", "/desk", (WORK,)),
    # docs/judges.md
    "judge-list": Picture("scoring", "another judge", "/desk"),
    "judge-alone": Picture("scoring", "another judge", "/desk", (WORK,), keys="b"),
    "judge-phone": Picture("scoring", "another judge", "/desk", (WORK,), PHONE),
    "judge-finish": Picture("scoring", "judge", "/desk/finish"),
    # docs/staff.md
    "staff-edition": Picture("open", "operator", "/staff/editions", ("/staff/editions/[a-z0-9]{20,}",)),
    "staff-screening": Picture("entry", "operator", "/staff/screening", ("/staff/screening/[a-z0-9]{20,}",)),
    "staff-panel": Picture("scoring", "operator", "/staff/panel"),
    "staff-repair": Picture("scoring", "operator", "/staff/judging/repair"),
    "staff-results": Picture("judging", "operator", "/staff/results"),
    "staff-dossier": Picture("judging", "operator", "/staff/results/dossier"),
    "staff-case": Picture("verification", "operator", "/staff/cases", ("/staff/cases/[a-z0-9]{20,}",)),
    "staff-publication": Picture("decision", "approver", "/staff/publication", size=PHONE),
    "staff-exhibition": Picture("published", "operator", "/staff/exhibition"),
}  # fmt: skip


def test_make_screenshots(chromium: Browser, tmp_path: Path) -> None:
    settings, kept = play_and_keep(tmp_path, Script(entrants=30))
    OUT.mkdir(parents=True, exist_ok=True)
    of_moment: dict[str, list[str]] = defaultdict(list)
    for name, picture in PICTURES.items():
        of_moment[picture.moment].append(name)
    for moment, names in of_moment.items():
        with open_stage(moment, settings, kept[moment]) as stage:
            for name in names:
                take(chromium, stage, name)


def take(chromium: Browser, stage: Stage, name: str) -> None:
    """Open the page as its person sees it, and keep what is on the screen."""
    picture = PICTURES[name]
    width, height = picture.size
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="ko-KR")
    context.add_cookies(stage.cookies(picture.person))
    page = context.new_page()
    page.goto(stage.origin + picture.address)
    for pattern in picture.by:
        page.goto(stage.origin + first_link(page, pattern))
    page.wait_for_load_state("networkidle")
    if picture.keys:
        page.keyboard.press(picture.keys)
    shot = page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=80)
    assert len(shot) > 20_000
    context.close()


def first_link(page: Page, pattern: str) -> str:
    """The first address of the page that is of this kind."""
    found = re.search(rf'href="({pattern})["?#]', page.content())
    assert found, f"{page.url} leads to no {pattern}"
    return found.group(1)
