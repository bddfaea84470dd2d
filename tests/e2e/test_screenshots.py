"""Makes the pictures of the README again (make screenshots); no test of anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from played import open_stage, play_and_keep
from playwright.sync_api import Browser

from contest.infra.assets import ROOT
from contest.rehearsal.play import Script

pytestmark = [pytest.mark.browser, pytest.mark.screenshots]

OUT = ROOT / "docs" / "screenshots"
#: picture -> (moment of the contest, who looks, address)
PICTURES = {
    "home": ("published", "anonymous", "/"),
    "gallery": ("published", "anonymous", "/gallery"),
    "entry": ("open", "anonymous", "/enter"),
    "verification": ("verification", "anonymous", "/verification"),
    "staff": ("verification", "operator", "/staff"),
    "desk": ("scoring", "judge", "/desk"),
}


def test_make_screenshots(chromium: Browser, tmp_path: Path) -> None:
    settings, kept = play_and_keep(tmp_path, Script(entrants=30))
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (moment, person, address) in PICTURES.items():
        with open_stage(moment, settings, kept[moment]) as stage:
            context = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="ko-KR")
            if person != "anonymous":
                context.add_cookies(stage.cookies(next(who for who in stage.doors if who.startswith(person))))
            page = context.new_page()
            page.goto(stage.origin + address)
            if name == "desk":
                works = re.findall(r'href="(/desk/work/[a-z0-9]+)"', page.content())
                page.goto(stage.origin + works[0])
            page.wait_for_load_state("networkidle")
            picture = page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=82)
            assert len(picture) > 20_000
            context.close()
