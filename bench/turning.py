"""From the key to the next photograph on the screen, in a real browser, beside loading the next work as a page.

    python -m bench turning

The working views are 2,048 px drawings. What is printed is the time from the key until the frame drawn with the
next photograph, whole and decoded, and which frame after the key that was.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from bench.fill import signed_in
from bench.judging import seated
from contest.infra.imaging.drawn import drawn
from contest.infra.wiring import Services
from contest.models.photo import Rendition
from judging.queries.blind import seat_of, tiles

WORKS, PICTURES = 12, 4
#: So long a judge looks at each, at least, in milliseconds.
LOOK = 2_000
TURN = """() => new Promise(resolve => {
  const before = document.querySelector('[data-desk-view] img').src;
  const begun = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }));
  let frames = 0;
  const look = () => {
    frames += 1;
    const image = document.querySelector('[data-desk-view] img');
    if (image.src !== before && image.complete && image.naturalWidth) resolve([performance.now() - begun, frames]);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
LOADED = """async () => {
  const image = document.querySelector('[data-desk-view] img');
  await image.decode();
  await new Promise(requestAnimationFrame);
  return performance.now();
}"""


def measure(page: Page, address: str, works: list[str]) -> tuple[list[tuple[float, int]], list[float]]:
    """Milliseconds and frames of each turn; milliseconds of each page loaded anew, from the start of its navigation."""
    page.goto(f"{address}/desk/work/{works[0]}")
    turns = []
    for _ in works[1:]:
        page.wait_for_timeout(LOOK)
        turns.append(tuple(page.evaluate(TURN)))
    loads = []
    for work in works[1:]:
        page.goto(f"{address}/desk/work/{work}", wait_until="commit")
        page.wait_for_selector("[data-desk-view] img", state="attached")
        loads.append(page.evaluate(LOADED))
    return turns, loads


def main(options: list[str]) -> int:
    """Print both; 1 if a turn is not in the first frame drawn after the key."""
    del options
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        print("left out: there is no Chromium on the search path")
        return 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app, judge = seated(Path(folder), WORKS)
        services: Services = app.extensions["contest"]
        pictures = [drawn(number, 2048, 1536) for number in range(PICTURES)]
        with services.database.write() as uow:
            made = list(uow.session.scalars(select(Rendition).order_by(Rendition.id)))
            for row in made:
                row.bytes = len(pictures[hash(row.photo_id) % PICTURES])
        for row in made:
            services.storage.put(f"renditions/{row.id}", pictures[hash(row.photo_id) % PICTURES])
        with services.database.read() as session:
            works = [tile.work_id for tile in tiles(session, seat_of(session, judge.id))]
        cookie = next(iter(signed_in(app, services, judge)._cookies.values()))  # noqa: SLF001  werkzeug has no other way to all of them
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        turns, loads = measure(context.new_page(), address, works)
        browser.close()
        server.shutdown()
        thread.join()
        services.imaging.close()
    spent, frames = [ms for ms, _ in turns], [count for _, count in turns]
    print(
        f"next photograph by key   {statistics.median(spent):8.1f} ms   (worst of {len(spent)}: {max(spent):.1f}), "
        f"in frame {max(frames)} after the key"
    )
    print(
        f"the same page loaded     {statistics.median(loads):8.1f} ms   (worst of {len(loads)}: {max(loads):.1f})"
    )
    return int(max(frames) > 1)
