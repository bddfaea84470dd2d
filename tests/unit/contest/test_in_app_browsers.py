"""Browsers inside apps are told from others, and their ways out lead to this site alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.in_app_browsers import in_app_browser

ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-S928N; wv) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
HERE = "https://photo.example/enter"


@pytest.mark.parametrize(
    ("agent", "name", "way_out"),
    [
        (f"{ANDROID};KAKAOTALK 2410700", "kakaotalk", "kakaotalk://web/openExternal?url=https%3A%2F%2Fphoto.example%2Fenter"),
        (f"{IPHONE} KAKAOTALK 10.4.5", "kakaotalk", "kakaotalk://web/openExternal?url=https%3A%2F%2Fphoto.example%2Fenter"),
        (f"{IPHONE} NAVER(inapp; search; 2000; 12.5.4; 15PRO)", "naver", None),
        (f"{ANDROID} Instagram 334.0.0.42.95", "instagram", "intent://photo.example/enter#Intent;scheme=https;action=android.intent.action.VIEW;end"),
        (f"{IPHONE} Safari Line/14.3.1", "line", f"{HERE}?openExternalBrowser=1"),
        (f"{IPHONE} [FBAN/FBIOS;FBAV/460.0]", "facebook", None),
    ],
)  # fmt: skip
def test_apps_are_recognised(agent: str, name: str, way_out: str | None) -> None:
    found = in_app_browser(agent, HERE)
    assert found is not None
    assert (found.name, found.way_out) == (name, way_out)


def test_ordinary_browsers_are_left_alone() -> None:
    assert in_app_browser(ANDROID.replace("; wv", ""), HERE) is None
    assert in_app_browser(f"{IPHONE} Version/17.5 Safari/604.1", HERE) is None
    assert in_app_browser(f"{ANDROID} SamsungBrowser/25.0", HERE) is None
    assert in_app_browser("", HERE) is None


@given(st.text(max_size=60), st.sampled_from(["KAKAOTALK", "Instagram Android", " Line/1"]))
def test_no_address_leads_elsewhere(tail: str, mark: str) -> None:
    found = in_app_browser(mark, f"https://photo.example/{tail}")
    assert found is not None
    assert found.way_out is None or found.way_out.startswith(
        ("kakaotalk://web/openExternal?url=https%3A%2F%2Fphoto.example%2F", "https://photo.example/", "intent://photo.example/")
    )  # fmt: skip
