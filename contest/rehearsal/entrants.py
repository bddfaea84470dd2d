"""Citizens: they enter at the contest's own pages, look at their receipts, and answer when asked."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask

from contest.rehearsal.browser import Browser, Form, Refused

SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
_GIVEN = "민준 서연 도윤 지우 예준 하은 시우 수아 주원 지아 현우 다은 영수 순자 정희 말순"
_TITLES = (
    "안양천의 아침, 호암산에 걸린 노을, 벚꽃로 산책, 은행나무 아래서, 가산의 불빛, 시장 가는 길, 비 갠 오후, "
    "첫눈 오는 골목, 한내교의 밤, 폭포공원의 여름, 출근길, 장미원 오월, 우리 동네 지붕, 기다림, 할머니의 텃밭"
)
_DONGS = "가산동 독산1동 독산2동 독산3동 독산4동 시흥1동 시흥2동 시흥3동 시흥4동 시흥5동"
GIVEN, TITLES, DONGS = _GIVEN.split(), _TITLES.split(", "), _DONGS.split()
DESCRIPTIONS = (
    "",
    "매일 지나던 길인데 이날은 빛이 달랐습니다.",
    "주말 아침에 찍었습니다.",
    "오래 기다려 얻은 순간입니다.",
)
SCREENS = 40  # a walk longer than this goes in circles


@dataclass
class Entrant:
    """One citizen: who they are, what they bring, and what the contest gave them."""

    name: str
    phone: str
    photographs: list[bytes]
    browser: Browser
    chance: random.Random
    email: str = ""
    agrees: frozenset[str] = frozenset({"licence", "pledge"})
    suffix: str = ".jpg"
    receipt: str = ""
    secret: str = ""
    receipt_page: str = ""
    refusals: list[str] = field(default_factory=list)

    def enter(self) -> Entrant:
        """From the home page to the receipt, answering whichever screen comes.

        A refusal that ends the walk is kept in `refusals`; `receipt` stays empty then.
        """
        try:
            self._walk()
        except Refused as refused:
            self.refusals.append(refused.said)
        return self

    def _walk(self) -> None:
        page = self.browser.open("/enter")
        form = form_with(page, "privacy")
        page.submit(form, {"age": "adult", "privacy": form.choices["privacy"][0]})
        for number, photo in enumerate(self.photographs, 1):
            given = {"photo": (f"IMG_{number}{self.suffix}", photo)}
            page.submit(photo_form(page), files=given, press="올리기", expect=(200, 413, 422))
            if page.alerts:
                self.refusals.append(page.alerts)
        page.submit("다음", press="다음", expect=(200, 422))
        for _ in range(SCREENS):
            if page.path.startswith("/receipt/"):
                self._keep_receipt()
                return
            self._answer(page)
        raise Refused(page.status, page.path, page.alerts or "the walk did not end")

    def _answer(self, page: Browser) -> None:
        screen = page.path.rsplit("/", 1)[-1]
        answers: dict[str, Callable[[Browser], object]] = {
            "title": self._title,
            "place": self._place,
            "person": self._person,
            "consents": self._consents,
            "review": lambda page: page.submit(form_with(page, "submit_key")),
        }
        if screen not in answers:
            raise Refused(page.status, page.path, page.alerts or page.text[:200])
        answers[screen](page)

    def _title(self, page: Browser) -> object:
        form = form_with(page, "title")
        return page.submit(
            form, {"title": self.chance.choice(TITLES), "description": self.chance.choice(DESCRIPTIONS)}
        )

    def _place(self, page: Browser) -> object:
        form = form_with(page, "dong")
        said = {} if form.values.get("dong", [""])[0] else {"dong": self.chance.choice(DONGS)}
        if "taken_on" in form.values and not form.values["taken_on"][0]:
            said["taken_on"] = "2024-05-05"
        return page.submit(form, said)

    def _person(self, page: Browser) -> object:
        return page.submit(
            form_with(page, "phone"), {"name": self.name, "phone": self.phone, "email": self.email}
        )

    def _consents(self, page: Browser) -> object:
        form = form_with(page, "licence")
        ticks = {name: form.choices[name][0] for name in sorted(self.agrees) if name in form.choices}
        portraits = {name: "none" for name in form.choices if name.startswith("portrait")}
        return page.submit(form, ticks | portraits)

    def _keep_receipt(self) -> None:
        page = self.browser
        self.receipt_page = page.path
        number = re.search(r"\d{4}-\d{2}-\d{4}", page.text)
        self.receipt = number.group() if number else ""
        secret = re.search(r"\b[2-9A-HJ-NP-Z]{5} [2-9A-HJ-NP-Z]{5}\b", page.text)
        self.secret = secret.group().replace(" ", "") if secret else ""


def photo_form(page: Browser) -> Form:
    """The form that takes photographs. Raises Refused where the page has none."""
    for form in page.forms:
        if "photo" in form.files:
            return form
    raise Refused(page.status, page.path, page.alerts or page.text[-400:])


def form_with(page: Browser, name: str) -> Form:
    """The form that has a field of this name. Raises Refused where the page has none."""
    for form in page.forms:
        if name in form.values or name in form.choices:
            return form
    raise Refused(page.status, f"{page.path} ({name})", page.alerts or page.text[-400:])


def make_entrant(app: Flask, number: int, photographs: list[bytes], chance: random.Random) -> Entrant:
    """A citizen with a network address and a telephone of their own."""
    agrees = {"licence", "pledge"} | ({"name_publication"} if chance.random() < 0.5 else set())
    return Entrant(
        name=chance.choice(SURNAMES) + chance.choice(GIVEN),
        phone=f"010-{2000 + number // 10000:04d}-{number % 10000:04d}",
        photographs=photographs,
        browser=Browser(app, address=f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"),
        chance=chance,
        email=f"citizen{number}@example.kr" if chance.random() < 0.5 else "",
        agrees=frozenset(agrees),
    )
