"""Every page somebody may see, with a played contest on it: axe, width, console, headings, and valid HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import violations
from played import Seen, Stage, open_stage, play_and_keep, walk
from playwright.sync_api import Browser, BrowserContext, Page, Response

from contest.infra.assets import ROOT
from contest.rehearsal.play import Script
from wsgi import create_app

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.xdist_group("played")]

VNU = ROOT / ".tools/checkers/node_modules/vnu-jar/build/dist/vnu.jar"
SIZES = {390: 844, 1280: 900}
MODES = ("light", "high-contrast")
#: What answers no page of its own.
NO_PAGE = {
    "boundaries.dong": "GeoJSON",
    "call.application": "PDF",
    "call.notice_text": "plain text",
    "call.qr": "SVG",
    "cases.download": "a file",
    "desk.image": "a picture",
    "desk.thumb": "a picture",
    "desk.zoom": "a picture",
    "display.choose": "a redirect",
    "entries.picture_of": "a picture",
    "feeds.as_csv": "CSV",
    "feeds.as_json": "JSON",
    "feeds.atom": "Atom",
    "gallery.photo_picture": "a picture",
    "health.healthz": "plain text",
    "health.readyz": "JSON",
    "publication.staff_picture": "a picture",
    "receipt_sheet.show": "PDF",
    "receipts.data": "JSON",
    "receipts.qr": "SVG",
    "results.minutes": "PDF",
    "results.scorecard": "PDF",
    "results.tally": "a file",
    "spots.export": "CSV",
    "staff_photos.show": "a picture",
    "static": "files",
    "uploads.offset": "for upload.js",
    "uploads.status": "JSON",
    "uploads.waiting": "JSON",
    "verification.marked_picture": "a picture",
}
PAGES = sorted({rule.endpoint for rule in create_app().url_map.iter_rules() if "GET" in (rule.methods or ())} - set(NO_PAGE))  # fmt: skip


@dataclass
class World:
    """The played contest at each of its moments, and every page that was found in it."""

    stages: dict[str, Stage]
    seen: dict[str, list[Seen]]
    contexts: dict[tuple[str, str], BrowserContext]


@pytest.fixture(scope="module")
def world(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("played")
    settings, kept = play_and_keep(folder, Script(entrants=24, judges=3, objections=2))
    with ExitStack() as open_now:
        stages = {name: open_now.enter_context(open_stage(name, settings, kept[name])) for name in kept}
        seen: dict[str, list[Seen]] = defaultdict(list)
        for stage in stages.values():
            for page in walk(stage):
                seen[page.endpoint].append(page)
        yield World(stages, seen, {})


def fullest(pages: list[Seen]) -> Seen:
    """The page of its kind that has most to show."""
    return max(pages, key=lambda page: len(page.html))


def each_stage(pages: list[Seen]) -> list[Seen]:
    """The fullest page of a kind at every moment, for every person who sees it."""
    by_moment: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for page in pages:
        by_moment[page.stage, page.person].append(page)
    return [fullest(some) for some in by_moment.values()]


def look(world: World, chromium: Browser, seen: Seen, width: int, mode: str) -> list[str]:
    """What is wrong with a page at a width and in a mode; empty when nothing is."""
    stage = world.stages[seen.stage]
    context = chromium.new_context(
        viewport={"width": width, "height": SIZES[width]}, locale="ko-KR", timezone_id="Asia/Seoul"
    )
    try:
        context.add_cookies(
            [*stage.cookies(seen.person), {"name": "display", "value": f"{mode}.100", "url": stage.origin}]
        )
        page, wrong = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on(
            "console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None
        )
        answer = page.goto(stage.origin + seen.address, wait_until="load")
        return [f"{seen.stage}/{seen.person} {seen.address} {width}px {mode}: {line}"
                for line in [*complaints(page, answer, width, mode), *wrong]]  # fmt: skip
    finally:
        context.close()


def complaints(page: Page, answer: Response | None, width: int, mode: str) -> list[str]:
    """What a loaded page does not keep."""
    wrong = []
    if answer is None or answer.status != 200:
        wrong.append(f"answered {answer and answer.status}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} headings of the first level")
    if page.evaluate("document.documentElement.dataset.mode") != mode:
        wrong.append("is not in its mode")
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        widest = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.tagName + '.' + e.className).slice(0, 4)"
        )
        wrong.append(f"is {over} px too wide: {widest}")
    return wrong + violations(page)


def test_every_page_was_found(world: World) -> None:
    assert sorted(set(PAGES) - set(world.seen)) == []


def test_titles_tell_pages_apart(world: World) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for endpoint, pages in world.seen.items():
        for page in pages:
            title = page.html.partition("<title>")[2].partition("</title>")[0].strip()
            assert title, page.address
            kinds[title].add(endpoint)
    shared = {title: sorted(held) for title, held in kinds.items() if len(held) > 1}
    assert shared == {}


@pytest.mark.parametrize("endpoint", PAGES)
def test_page(world: World, chromium: Browser, endpoint: str) -> None:
    if endpoint not in world.seen:
        pytest.skip("found nowhere; test_every_page_was_found says so")
    seen = fullest(world.seen[endpoint])
    first = PAGES.index(endpoint) % 2
    assert [
        *look(world, chromium, seen, 390, MODES[first]),
        *look(world, chromium, seen, 1280, MODES[1 - first]),
    ] == []


@pytest.mark.full
@pytest.mark.parametrize("endpoint", PAGES)
def test_page_at_every_moment(world: World, chromium: Browser, endpoint: str) -> None:
    wrong = [
        line
        for seen in each_stage(world.seen[endpoint])
        for width in SIZES
        for mode in MODES
        for line in look(world, chromium, seen, width, mode)
    ]
    assert wrong == []


def test_pages_are_valid_html(world: World, tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None:
        pytest.skip("HTML is checked where there is a java on the search path")
    saved: dict[str, Seen] = {}
    for pages in world.seen.values():
        for number, seen in enumerate(each_stage(pages)):
            path = tmp_path / f"{seen.endpoint}-{number}.html"
            path.write_text(seen.html)
            saved[path.as_uri().replace("file:///", "file:/")] = seen
    done = subprocess.run(
        [java, "-jar", str(VNU), "--errors-only", "--format", "json", "--skip-non-html", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(done.stderr)["messages"]
    assert [f"{saved[one['url']].address}: {one['message']} {one.get('extract', '')}" for one in found] == []
