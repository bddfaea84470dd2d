"""Two photographs of one picture laid on one another: the same place at the same pixel, however one was changed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from conftest import violations
from factories.submissions import make_submission
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contest.domain.actors import Role
from contest.infra.imaging.drawn import draw_landscape
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.photo import PhotoState
from contest.operations.examine import examine_photo

pytestmark = pytest.mark.browser

SIZE = WIDE, HIGH = 1600, 1200
CUT = (320, 180, 1360, 1000)
WHOLE = (0.0, 0.0, 1.0, 1.0)
INNER = (0.2, 0.15, 0.85, 1000 / 1200)
FRAMED = (0.08 / 1.16, 0.08 / 1.16, 1.08 / 1.16, 1.08 / 1.16)


def framed(picture: Image.Image) -> Image.Image:
    """White paper all around."""
    whole = Image.new("RGB", (round(WIDE * 1.16), round(HIGH * 1.16)), "white")
    whole.paste(picture, (round(WIDE * 0.08), round(HIGH * 0.08)))
    return whole


#: Each kind of change, where the picture still shows in the changed one's page, and where on the original's page.
CHANGES: dict[str, tuple[Callable[[Image.Image], Image.Image], tuple[float, ...], tuple[float, ...]]] = {
    "smaller": (lambda one: one.resize((900, 675)), WHOLE, WHOLE),
    "cut out": (lambda one: one.crop(CUT), WHOLE, INNER),
    "mirrored and cut out": (lambda one: ImageOps.mirror(one.crop(CUT)), WHOLE, INNER),
    "turned": (lambda one: one.transpose(Image.Transpose.ROTATE_90), WHOLE, WHOLE),
    "framed": (framed, FRAMED, WHOLE),
    "tilted": (lambda one: one.rotate(6, Image.Resampling.BICUBIC), (0.12, 0.12, 0.88, 0.88), (0.12, 0.12, 0.88, 0.88)),
}  # fmt: skip


def saved(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def enter(services: Services, edition: Edition, picture: bytes, phone: str) -> str:
    """A work with this picture, examined and compared; its id."""
    made = make_submission(services, edition, phone=phone, picture=picture, photo_state=PhotoState.WAITING)
    assert made.photos[0] is not None
    examine_photo(services, made.photos[0])
    with services.database.read() as session:
        return session.scalars(select(Entry.id).where(Entry.photo_id == made.photos[0])).one()


@pytest.fixture
def clerk(page: Page, served: tuple[Flask, str], login_as: Callable[..., FlaskClient]) -> Iterator[Page]:
    """An operator's browser."""
    cookie = next(iter(login_as(Role.OPERATOR)._cookies.values()))
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": served[1]}])
    return page


def layer(page: Page, cut: int) -> np.ndarray:
    """What the frame shows with the slider here: at 100 the left picture alone, at 0 the right one laid over it."""
    page.locator("[data-compare]").first.locator("input[type=range]").fill(str(cut))
    shot = page.locator(".compare__frame").first.screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("L"), np.float32)[:, 4:-4]


def part(pixels: np.ndarray, share: tuple[float, ...]) -> np.ndarray:
    high, wide = pixels.shape
    left, top, right, bottom = share
    rows = slice(int(top * high) + 4, int(bottom * high) - 4)
    return pixels[rows, int(left * wide) + 4 : int(right * wide) - 4]


def shifts(one: np.ndarray, other: np.ndarray) -> list[float]:
    """By how many pixels the one lies off the other, in each of nine parts that have enough detail to tell."""
    found = []
    for rows, others in zip(np.array_split(one, 3), np.array_split(other, 3), strict=True):
        for mine, theirs in zip(np.array_split(rows, 3, 1), np.array_split(others, 3, 1), strict=True):
            window = cv2.createHanningWindow(mine.shape[::-1], cv2.CV_32F)
            (x, y), response = cv2.phaseCorrelate(mine.copy(), theirs.copy(), window)
            if response > 0.2:
                found.append(float(np.hypot(x, y)))
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_place_lies_at_the_same_pixel(
    clerk: Page, served: tuple[Flask, str], edition: Edition, change: str
) -> None:
    services: Services = served[0].extensions["contest"]
    make, on_changed, on_original = CHANGES[change]
    picture = draw_landscape(11, *SIZE)
    original = enter(services, edition, saved(picture), "010-6300-0001")
    changed = enter(services, edition, saved(make(picture)), "010-6300-0002")
    for work, share in ((original, on_original), (changed, on_changed)):
        clerk.goto(f"/staff/screening/{work}")
        clerk.get_by_role("button", name="겹쳐 보기").click()
        left, right = part(layer(clerk, 100), share), part(layer(clerk, 0), share)
        found = shifts(left, right)
        assert len(found) >= 4, found
        assert max(found) < 1.0, found
        assert np.abs(left - right).mean() < 6
        # The measure would see it: without the warp the two lie elsewhere.
        clerk.locator("[data-compare]").evaluate("box => box.style.setProperty('--compare-laid', 'none')")
        if change != "smaller":
            assert np.abs(left - part(layer(clerk, 0), share)).mean() > 8


def test_ways_to_look_by_keys(
    clerk: Page, chromium: Browser, served: tuple[Flask, str], edition: Edition
) -> None:
    services: Services = served[0].extensions["contest"]
    picture = draw_landscape(11, *SIZE)
    work = enter(services, edition, saved(picture), "010-6300-0001")
    enter(services, edition, saved(picture.crop(CUT)), "010-6300-0002")
    page, box = clerk, clerk.locator("[data-compare]")
    shown, auto = clerk.locator(".compare__note"), clerk.get_by_role("button", name="저절로 번갈아")
    page.clock.install()
    page.goto(f"/staff/screening/{work}")
    address = page.url
    assert violations(page) == []
    expect(auto).to_be_hidden()
    page.keyboard.press("x")
    expect(shown).to_contain_text("지금 보이는 사진: 2024-02-0002-1")
    page.keyboard.press("x")
    expect(shown).to_contain_text("지금 보이는 사진: 이 작품 2024-02-0001-1")
    # By itself only where it was asked for, never faster than twice a second, until it is stopped.
    auto.focus()
    page.keyboard.press("Enter")
    box.evaluate(
        "box => { window.changes = 0; new MutationObserver(all => { window.changes += all.length; })"
        ".observe(box, {attributeFilter: ['data-shown']}); }"
    )
    page.clock.run_for(7000)
    assert 5 <= page.evaluate("changes") <= 14
    page.keyboard.press("Escape")
    stood = page.evaluate("changes")
    page.clock.run_for(5000)
    assert page.evaluate("changes") - stood <= 1
    expect(auto).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="겹쳐 보기").press("Space")
    slider = box.locator("input[type=range]")
    slider.press("ArrowRight")  # of the slider, not to the next work
    expect(slider).to_have_value("51")
    assert page.url == address
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    assert violations(page) == []
    page.get_by_role("button", name="차이 보기").press("Enter")
    expect(shown).to_contain_text("검은 곳은 두 사진이 같고")
    # The same picture twice leaves all but nothing, amplified as it is.
    shot = np.asarray(Image.open(io.BytesIO(page.locator(".compare__frame").first.screenshot())).convert("L"))
    assert np.median(part(shot, INNER)) < 24
    # Where the system forces its colours, what is pressed is outlined, and what is not there is still striped.
    page.emulate_media(forced_colors="active")
    page.get_by_role("button", name="겹쳐 보기").click()
    assert "gradient" in box.locator(".compare__frame").last.evaluate(
        "frame => getComputedStyle(frame).backgroundImage"
    )
    pressed = page.get_by_role("button", name="겹쳐 보기")
    assert pressed.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.emulate_media(forced_colors="none", reduced_motion="reduce")
    page.keyboard.press("x")
    expect(auto).to_be_hidden()

    with chromium.new_context(java_script_enabled=False, base_url=served[1], locale="ko-KR") as context:
        context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # what was given is given back
        bare = context.new_page()
        bare.goto(f"/staff/screening/{work}")
        expect(bare.locator(".compare__bar")).to_have_count(0)
        places = [one.bounding_box() for one in bare.locator(".compare__pane img").all()]
        assert places[0]
        assert places[1]
        assert places[0]["x"] + places[0]["width"] < places[1]["x"]
        expect(bare.locator(".compare__overlap")).to_have_count(2)
