"""How instants, dates, money and numbers are written on pages: Korean office style, or the reader's language."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from contest.infra.boundaries import dong_names
from contest.infra.clock import KST
from contest.web.locale import locale

_DAYS = {
    "ko": "월화수목금토일",
    "zh": "一二三四五六日",
}
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def kst_date(value: dt.datetime | dt.date | None) -> str:
    """`2024. 8. 30.(금)`; `Fri, 30 Aug 2024`; `2024年8月30日(五)`. Empty for None."""
    if value is None:
        return ""
    day = value.astimezone(KST).date() if isinstance(value, dt.datetime) else value
    language = locale()
    if language == "en":
        return f"{_DAYS_EN[day.weekday()]}, {day.day} {day:%b} {day.year}"
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日({_DAYS['zh'][day.weekday()]})"
    return f"{day.year}. {day.month}. {day.day}.({_DAYS['ko'][day.weekday()]})"


def kst(value: dt.datetime | None) -> str:
    """Date and time in Seoul, 24 hours: `2024. 8. 30.(금) 18:00`."""
    if value is None:
        return ""
    return f"{kst_date(value)} {value.astimezone(KST):%H:%M}"


def kst_time(value: dt.datetime | None) -> str:
    """The time of day in Seoul with seconds: `14:03:22`."""
    return "" if value is None else f"{value.astimezone(KST):%H:%M:%S}"


def kst_input(value: dt.datetime | None) -> str:
    """The value of a datetime-local field, in Seoul."""
    return "" if value is None else f"{value.astimezone(KST):%Y-%m-%dT%H:%M}"


def won(value: int | None) -> str:
    """`3,000,000원`; `KRW 3,000,000` in English; `3,000,000韩元` in Chinese."""
    if value is None:
        return ""
    return {"en": f"KRW {value:,}", "zh": f"{value:,}韩元"}.get(locale(), f"{value:,}원")


def number(value: float | None) -> str:
    """Thousands separated by commas."""
    return "" if value is None else f"{value:,}"


def file_size(value: int | None) -> str:
    """`81.7GB`, `4.2MB`, `310KB`."""
    if value is None:
        return ""
    if value >= 1_000_000_000:  # noqa: PLR2004  a gigabyte
        return f"{value / 1_000_000_000:.1f}GB"
    return f"{value / 1_000_000:.1f}MB" if value >= 1_000_000 else f"{max(1, value // 1000)}KB"  # noqa: PLR2004  a megabyte


def dong_name(value: str | None) -> str:
    """A dong in the reader's language; any other text as it is."""
    return dong_names(locale()).get(value or "", value or "")


def init_filters(app: Flask) -> None:
    """Make them Jinja filters."""
    for filter_ in (kst_date, kst, kst_time, kst_input, won, number, file_size, dong_name):
        app.add_template_filter(filter_)
