"""Every page somebody may see, with a played contest on it: axe, width, console, headings, and valid HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import RULES, violations
from played import Seen, Stage, open_stage, play_and_keep, walk
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from contest.infra.assets import ROOT
from contest.rehearsal.play import Script
from wsgi import create_app

pytestmark = pytest.mark.browser

VNU = ROOT / ".tools/checkers/node_modules/vnu-jar/build/dist/vnu.jar"
SIZES = {390: 844, 1280: 900}
MODES = ("light", "high-contrast")
#: Each width and each mode once; every combination is the long form.
ACROSS = ((1280, "light"), (390, "high-contrast"))
VIEWS = [(width, mode) for width in SIZES for mode in MODES]
#: Together these moments show every page.
MOMENTS = ("open", "entry", "scoring", "verification", "published")
#: What answers no page of its own.
NO_PAGE = {
    "boundaries.dong": "GeoJSON",
    "call.application": "PDF",
    "call.guardian_form": "PDF",
    "call.notice_text": "plain text",
    "call.qr": "SVG",
    "cases.download": "a file",
    "desk.image": "a picture",
    "desk.thumb": "a picture",
    "desk.zoom": "a picture",
    "display.choose": "a redirect",
    "dossier.pdf": "PDF",
    "entries.picture_of": "a picture",
    "fairness.checker": "a file",
    "fairness.scores": "JSON",
    "feeds.as_csv": "CSV",
    "feeds.as_json": "JSON",
    "feeds.atom": "Atom",
    "filling.progress": "JSON",
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
#: Pages of a contest that the played one is not, and the test that looks at them.
ELSEWHERE = {
    "progress.select": "test_voting_keys.py",
    "desk.runoffs": "test_ordering_keys.py",
    "runoff.index": "test_ordering_keys.py",
    "deliberation.index": "test_deliberating_pages.py",
    "desk.deliberation": "test_deliberating_pages.py",
    "desk.discuss": "test_deliberating_pages.py",
}
#: Where keys alone have to do.
BY_KEYS = (
    "call.show", "desk.compare", "desk.work", "entries.person", "entries.photos", "entries.place", "entry_start.start",
    "gallery.wall", "home.index", "publication.index", "receipts.show", "screening.work", "staff_home.index", "verification.index",
    "verification.objection",
)  # fmt: skip
#: What a page lets people operate and see: one of a group of radio buttons, whatever else may hold the focus.
OPERABLE = """() => {
  const groups = new Set();
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(one => {
    if (one.disabled || one.type === 'hidden' || one.closest('[inert], dialog:not([open])')) return false;
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('details:not([open]) > :not(summary)')) return false;
    if (one.type !== 'radio') return true;
    const group = one.name + (one.form ? one.form.action : '');
    return !groups.has(group) && groups.add(group);
  }).map(one => { one.dataset.reach = one.type === 'radio' ? `radio ${one.name}` : one.outerHTML.slice(0, 120); return one.dataset.reach; });
}"""
#: What holds the focus, and whether that is seen: an outline of its own or of the label that stands for it.
HELD = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = [one, one.nextElementSibling, one.closest('label'), ...(one.labels || [])].filter(Boolean).some(part => {
    const style = getComputedStyle(part), box = part.getBoundingClientRect();
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 1 && box.height > 1;
  });
  const reach = one.type === 'radio' ? `radio ${one.name}` : one.dataset.reach;
  return { reach: reach || one.outerHTML.slice(0, 120), shown };
}"""
PAGES = sorted({rule.endpoint for rule in create_app().url_map.iter_rules() if "GET" in (rule.methods or ())} - set(NO_PAGE) - set(ELSEWHERE))  # fmt: skip


@dataclass
class World:
    """The played contest at its moments, and every page that was found in it."""

    chromium: Browser
    stages: dict[str, Stage]
    seen: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    screens: dict[tuple[str, str], Page] = field(default_factory=dict)

    def screen(self, seen: Seen) -> Page:
        """The browser of a person at a moment, signed in."""
        key = seen.stage, seen.person
        if key not in self.screens:
            context = self.chromium.new_context(
                locale="ko-KR", timezone_id="Asia/Seoul", reduced_motion="reduce"
            )
            self.screens[key] = context.new_page()
        stage, page = self.stages[seen.stage], self.screens[key]
        page.context.add_cookies(
            [*stage.cookies(seen.person), {"name": "display", "value": "light.100", "url": stage.origin}]
        )
        return page


def made(chromium: Browser, folder: Path, script: Script, moments: tuple[str, ...] | None) -> Iterator[World]:
    settings, kept = play_and_keep(folder, script)
    with ExitStack() as open_now:
        names = moments or tuple(kept)
        stages = {name: open_now.enter_context(open_stage(name, settings, kept[name])) for name in names}
        world = World(chromium, stages)
        for stage in stages.values():
            for page in walk(stage, apart=moments is None):
                world.seen[page.endpoint].append(page)
        yield world
        for screen in world.screens.values():
            screen.context.close()


@pytest.fixture(scope="module")
def world(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Small, and walked by all together."""
    yield from made(
        chromium,
        tmp_path_factory.mktemp("played"),
        Script(entrants=8, judges=4, silent=True, offline=True, objections=2),
        MOMENTS,
    )


@pytest.fixture(scope="module")
def long_world(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """At every moment, walked by everybody apart."""
    yield from made(
        chromium, tmp_path_factory.mktemp("played"), Script(entrants=24, judges=3, objections=2), None
    )


def fullest(pages: list[Seen]) -> Seen:
    """The page of its kind that has most to show."""
    return max(pages, key=lambda page: len(page.html))


def each_stage(pages: list[Seen]) -> list[Seen]:
    """The fullest page of a kind at every moment, for every person who sees it."""
    by_moment: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for page in pages:
        by_moment[page.stage, page.person].append(page)
    return [fullest(some) for some in by_moment.values()]


def look(world: World, seen: Seen, views: Sequence[tuple[int, str]]) -> list[str]:
    """What is wrong with a page, seen at each width in its mode; empty when nothing is."""
    page, wrong = world.screen(seen), []

    def failed(error: Error) -> None:
        wrong.append(f"script: {error}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"console: {message.text}")

    page.on("pageerror", failed)
    page.on("console", said)
    try:
        page.set_viewport_size({"width": 1280, "height": SIZES[1280]})
        answer = page.goto(world.stages[seen.stage].origin + seen.address, wait_until="load")
        if answer is None or answer.status != 200:
            wrong.append(f"answered {answer and answer.status}")
        if page.locator("h1").count() != 1:
            wrong.append(f"{page.locator('h1').count()} headings of the first level")
        for width, mode in views:
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            wrong += [f"{width}px: {line}" for line in too_wide(page)]
            page.evaluate(SWITCH, mode)
            wrong += [f"{width}px {mode}: {line}" for line in violations(page, RULES)]
    finally:
        page.remove_listener("pageerror", failed)
        page.remove_listener("console", said)
    return [f"{seen.stage}/{seen.person} {seen.address} {line}" for line in wrong]


#: As the page's own settings do it; nothing fades to its new colour.
SWITCH = """mode => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];
  document.documentElement.dataset.mode = document.documentElement.dataset.krdsMode = mode;
}"""


def too_wide(page: Page) -> list[str]:
    """What sticks out of the page to the right."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over <= 0:
        return []
    widest = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.tagName + '.' + e.className).slice(0, 4)"
    )
    return [f"is {over} px too wide: {widest}"]


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
def test_page(world: World, endpoint: str) -> None:
    assert look(world, fullest(world.seen[endpoint]), ACROSS) == []


@pytest.mark.full
@pytest.mark.parametrize("endpoint", PAGES)
def test_page_at_every_moment(long_world: World, endpoint: str) -> None:
    assert [
        line for seen in each_stage(long_world.seen[endpoint]) for line in look(long_world, seen, VIEWS)
    ] == []


@pytest.mark.parametrize("endpoint", BY_KEYS)
def test_keys_alone_will_do(world: World, endpoint: str) -> None:
    seen = fullest(world.seen[endpoint])
    page = world.screen(seen)
    page.set_viewport_size({"width": 1280, "height": SIZES[1280]})
    page.goto(world.stages[seen.stage].origin + seen.address, wait_until="load")
    wanted = set(page.evaluate(OPERABLE))
    page.evaluate("document.activeElement.blur()")
    reached, unseen = set[str](), list[str]()
    for _ in range(2 * len(wanted) + 10):
        page.keyboard.press("Tab")
        held = page.evaluate(HELD)
        if held is None or (held["reach"] in reached and reached >= wanted):
            break
        reached.add(held["reach"])
        if not held["shown"]:
            unseen.append(held["reach"])
    assert (sorted(wanted - reached), unseen) == ([], [])
    assert len(wanted) > 5


def test_the_first_key_skips_to_the_content(world: World) -> None:
    for endpoint in ("home.index", "staff_home.index", "desk.work"):
        seen = fullest(world.seen[endpoint])
        page = world.screen(seen)
        page.goto(world.stages[seen.stage].origin + seen.address, wait_until="load")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_dialog_gives_the_focus_back(world: World) -> None:
    seen = fullest([one for one in world.seen["desk.work"] if "data-dialog-open" in one.html])
    page = world.screen(seen)
    page.goto(world.stages[seen.stage].origin + seen.address, wait_until="load")
    opener = page.locator("[data-dialog-open]").first
    for leave in ("Escape", "Enter"):  # by its key, and by its button, which holds the focus first
        opener.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.closest('dialog[open]') !== null")
        page.keyboard.press(leave)
        assert page.locator("dialog[open]").count() == 0
        assert page.evaluate("document.activeElement.hasAttribute('data-dialog-open')")


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
