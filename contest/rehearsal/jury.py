"""Judges: they arrive by their link, set a PIN, sign, score every work blind, and sign the end."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from flask import Flask

from contest.rehearsal.browser import Browser, Form, Refused

AFFILIATIONS = (
    "한국사진작가협회",
    "대학교 사진학과 교수",
    "일간신문 사진기자",
    "사진가",
    "금천구청 과장",
    "미술관 학예사",
    "사진관 대표",
)
PIN = "482913"


@dataclass
class Juror:
    """One judge and the browser they sit at."""

    name: str
    affiliation: str
    is_external: bool
    browser: Browser
    chance: random.Random
    taste: float = 0.0  # how much kinder than others, in levels
    seat: str = ""  # the staff's address of the seat
    link: str = ""
    scored: int = 0

    def arrive(self) -> Juror:
        """Open the link, press the one button, set the PIN."""
        page = self.browser.open(self.link)
        page.submit(page.find("들어가기"))
        form = next(form for form in page.forms if "pin" in form.values)
        page.submit(form, {"pin": PIN, **({"again": PIN} if "again" in form.values else {})})
        return self

    def sign_pledges(self) -> Juror:
        """Sign both pledges, unless they are signed; know nobody."""
        page = self.browser.open("/desk/pledges")
        form = next((form for form in page.forms if "knows" in form.choices), None)
        if form is None:
            return self
        names = [
            name
            for name, held in form.values.items()
            if name not in {"csrf_token", "declared"} and held == [""]
        ]
        page.submit(form, {"knows": "no", **dict.fromkeys(names, self.name)})
        return self

    def recuse(self, position: int = 0) -> str:
        """Step back from a work of the contact sheet; its code."""
        page = self.browser.open("/desk")
        works = work_links(page)
        page.open(works[position])
        code = re.search(r"[A-Z]{2}-\d{3}", page.text)
        page.follow("step-back")
        form = next(form for form in page.forms if any("회피" in label for _, _, label in form.buttons))
        said = {
            name: "아는 작품입니다."
            for name, held in form.values.items()
            if name in {"reason", "why"} and held == [""]
        }
        picked = {name: values[0] for name, values in form.choices.items() if name not in form.values}
        page.submit(form, said | picked)
        return code.group() if code else ""

    def score_all(self, address: str = "/desk") -> Juror:
        """Give every work on a contact sheet its levels."""
        page = self.browser.open(address)
        ballot = next((form for form in page.forms if self._is_ballot(form)), None)
        if ballot is not None:
            places = [name for name in ballot.choices if name.startswith("place_")]
            self.chance.shuffle(places)
            page.submit(ballot, {name: str(place) for place, name in enumerate(places, 1)}, press="이 순서로")
            self.scored += len(places)
            return self
        for work in work_links(page):
            page.open(work)
            page.submit(sheet(page), self._levels(page), press="저장")
            self.scored += 1
        return self

    def score_offline(self) -> Juror:
        """Give every work its levels while the network is away, and send them when it is back, as queue.js does.

        Every seventh is sent twice, as after an answer that never came. Raises Refused unless a repeat says the same.
        """
        page = self.browser.open("/desk")
        waiting: list[tuple[str, dict[str, str | int]]] = []
        for work in work_links(page):
            page.open(work)
            token = sheet(page).values["csrf_token"][0]
            for name, level in self._levels(page).items():
                key = f"{self.chance.getrandbits(128):032x}"
                press: dict[str, str | int] = {
                    "id": key, "criterion": name.removeprefix("level_"), "level": int(level),
                }  # fmt: skip
                waiting.append((f"{work}/score", press))
            self.scored += 1
        for number, (address, press) in enumerate(waiting):
            answer = page.put(address, press, token)
            if number % 7 == 0 and page.put(address, press, token) != answer:
                raise Refused(page.status, address, "a score sent twice was answered in two ways")
        return self

    def _levels(self, page: Browser) -> dict[str, str]:
        """The levels of the work on the page: a good eye, an own taste, some chance."""
        worth = random.Random(" ".join(word for word in page.text.split() if word.isalpha())[:200]).gauss(
            3.2, 0.9
        )
        if page.has("다음 단계로 올릴"):
            worth -= 0.7  # of three levels the upper half says yes
        return {
            name: self._level(worth + self.taste + self.chance.gauss(0, 0.6), values)
            for name, values in sheet(page).choices.items()
            if name.startswith("level_")
        }

    @staticmethod
    def _level(worth: float, values: list[str]) -> str:
        return values[max(0, min(len(values) - 1, round(worth) - 1))]

    def finish(self) -> Juror:
        """심사 완료: look at the preview, sign, unless it is signed."""
        page = self.browser.open("/desk/finish")
        form = next((form for form in page.forms if "signed_name" in form.values), None)
        if form is not None:
            page.submit(form, {"signed_name": self.name})
        return self

    def decide_ties(self) -> bool:
        """The chair orders works that staff asked about; whether there were any."""
        page = self.browser.open("/desk/ties")
        forms = [
            form for form in page.forms if "/ties" in (form.action or page.path) and form.method == "post"
        ]
        for _ in range(len(forms)):
            form = next(
                (form for form in page.forms if form.method == "post" and self._is_ballot(form)), None
            )
            if form is None:
                break
            places = [name for name in form.choices if name.startswith("place")]
            said: dict[str, str] = {name: str(rank) for rank, name in enumerate(places, 1)}
            if "reason" in form.values:
                said["reason"] = "주제를 더 분명하게 담은 작품을 앞에 두었습니다."
            page.submit(form, said)
        return bool(forms)

    def vote_in_runoffs(self) -> int:
        """Order the works of every run-off that is open to this judge, best first as they happen to lie; how many."""
        page = self.browser.open("/desk/runoff", expect=(200, 404))
        forms = [form for form in page.forms if any(name.startswith("place_") for name in form.choices)]
        for form in forms:
            places = [name for name in form.choices if name.startswith("place_")]
            self.chance.shuffle(places)
            page.submit(form, {name: str(place) for place, name in enumerate(places, 1)}, press="이 순서로")
            page.open("/desk/runoff")
        return len(forms)

    def deliberate(self, *, revises: bool) -> int:
        """Speak about the work on which the panel is furthest apart, revise it with a reason, sign; how many scores."""
        page = self.browser.open("/desk/deliberation")
        works = [a for a, _ in page.links if re.fullmatch(r"/desk/deliberation/[a-z0-9]{20,}", a)]
        changed = 0
        if works:
            page.open(works[0])
        if page.has("의견 남기기"):
            page.submit(page.find("의견 남기기"), {"words": "주제를 얼마나 담았는지를 먼저 보았습니다."})
            if revises:
                form = sheet(page)
                name = next(name for name in form.choices if name.startswith("level_"))
                level = next(value for value in form.choices[name] if value not in form.values.get(name, []))
                page.submit(
                    form,
                    {name: level, "reason": "다른 위원의 말을 듣고 다시 보았습니다."},
                    press="까닭과 함께",
                )
                changed = 1
        page.open("/desk/deliberation")
        ending = next((form for form in page.forms if "signed_name" in form.values), None)
        if ending is not None:
            page.submit(ending, {"signed_name": self.name})
        return changed

    @staticmethod
    def _is_ballot(form: Form) -> bool:
        return any(name.startswith("place") for name in form.choices) or "reason" in form.values


def work_links(page: Browser) -> list[str]:
    """The addresses of every work on the contact sheet, once each, in order."""
    return list(
        dict.fromkeys(address for address, _ in page.links if re.fullmatch(r"/desk/work/[a-z0-9]+", address))
    )


def sheet(page: Browser) -> Form:
    """The rubric's form."""
    return next(form for form in page.forms if any(name.startswith("level_") for name in form.choices))


def make_jurors(app: Flask, count: int, seed: int) -> list[Juror]:
    """A panel with one judge from inside the office; the others from outside."""
    return [_make_juror(app, number, random.Random(seed * 1000 + number)) for number in range(count)]


def _make_juror(app: Flask, number: int, chance: random.Random) -> Juror:
    return Juror(
        name=f"심사위원{'가나다라마바사아자차카타파하'[number % 14]}",
        affiliation=AFFILIATIONS[number % len(AFFILIATIONS)],
        is_external=number != 4,
        browser=Browser(app, address=f"10.200.0.{number + 1}"),
        chance=chance,
        taste=chance.gauss(0, 0.3),
    )
