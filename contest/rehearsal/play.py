"""The whole contest, stage by stage; after each stage one line says what happened."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask

from contest.domain.exif import Coordinate
from contest.domain.place import place
from contest.infra.boundaries import load_district
from contest.infra.clock import KST
from contest.infra.imaging.drawn import ExifStamp, drawn
from contest.infra.seed import load_seed
from contest.rehearsal.browser import Browser, Refused
from contest.rehearsal.entrants import Entrant, form_with, make_entrant
from contest.rehearsal.jury import Juror, make_jurors
from contest.rehearsal.office import Office
from contest.rehearsal.photographs import Supply

#: (stage, done, total): for a progress bar.
Progress = Callable[[str, int, int], None]
OUTSIDE = Coordinate(37.4979, 127.0276)  # 강남역
STAGES = ("entry", "screening", "judging", "verification", "decision", "published")


@dataclass(frozen=True)
class Script:
    """How large a rehearsal is. `until` names the last stage to play."""

    entrants: int = 60
    judges: int = 5
    preliminary: bool = False
    ballot: bool = False
    quorum: int = 0  # judges a work of the last round, 0: every one
    run_off: bool = False
    deliberate: bool = False  # whether the panel talks between two seals
    silent: bool = False  # whether the last judge gives no score of the last round and is replaced
    offline: bool = False  # whether the first judge scores the last round without a network
    objections: int = 3
    seed: int = 2024
    photos: Path | None = None
    until: str = "published"


@dataclass
class Story:
    """What the rehearsal knows while it plays."""

    app: Flask
    script: Script
    progress: Progress
    tell: Callable[[str], None]
    office: Office
    chance: random.Random
    honest: list[Entrant] = field(default_factory=list)
    planted: dict[str, list[Entrant]] = field(default_factory=dict)
    jurors: list[Juror] = field(default_factory=list)


def play(app: Flask, script: Script, *, progress: Progress, tell: Callable[[str], None]) -> str:
    """Play the contest up to the script's last stage; the last line, e.g. `winners 25 · 3,000,000원 · audit ok`.

    The application must be a demonstration whose jobs run inline.
    """
    story = Story(app, script, progress, tell, Office(app), random.Random(script.seed))
    for stage, act in ACTS.items():
        tell(f"{stage:<13} {act(story)}")
        if stage == script.until:
            break
    return _closing_line(story)


def at(text: str) -> dt.datetime:
    """A moment of the year that is played, in Seoul."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=KST)


def schedule() -> dict[str, dt.datetime]:
    """The schedule of the year that is played."""
    return {
        name: dt.datetime.fromisoformat(value)
        for name, value in load_seed("edition-2024")["schedule"].items()
    }


def _supply(story: Story) -> Iterator[bytes]:
    rules = load_seed("edition-2024")["document"]["entry"]
    district = load_district()
    spots = [
        Coordinate(spot["lat"], spot["lon"])
        for spot in load_seed("spots")
        if place(Coordinate(spot["lat"], spot["lon"]), district).where == "inside"
    ]
    supply = Supply(story.script.photos, story.script.seed, rules["min_long_side"])
    return supply.honest(spots, dt.date.fromisoformat(rules["taken_from"]), dt.date(2024, 8, 15))


def _entry(story: Story) -> str:
    """Citizens enter over the days; some bring what the rules refuse, some come too late."""
    days, photographs = schedule(), _supply(story)
    total = story.script.entrants
    instants = sorted(
        at("2024-08-20T10:30:00") + story.chance.random() * (days["entry_closes"] - at("2024-08-20T11:00:00"))
        for _ in range(total)
    )
    number = 0
    for number, instant in enumerate(instants, 1):
        story.office.move_clock(instant)
        count = 2 if story.chance.random() < 0.4 else 1  # works a person
        person = make_entrant(story.app, number, [next(photographs) for _ in range(count)], story.chance)
        story.honest.append(person.enter())
        story.progress("entry", number, total)
    _plant(story, number, photographs)
    story.office.move_clock(days["entry_closes"])
    late = make_entrant(story.app, number + 50, [next(photographs)], story.chance).enter()
    story.planted["late"] = [late]
    entered = [person for person in story.honest if person.receipt]
    works = sum(len(person.photographs) for person in entered)
    return (
        f"entrants {len(entered)}/{total} · works {works} · planted {_planted(story)} · "
        f"late refused {sum(not person.receipt for person in story.planted['late'])}/1"
    )


def _plant(story: Story, number: int, photographs: Iterator[bytes]) -> None:
    """What a real contest meets: copies, broken files, small ones, another district, an old photograph."""
    taken = dt.datetime(2024, 5, 5, 9, 30, tzinfo=KST)
    source = story.honest[0].photographs[0]
    cases = {
        "copied": source,
        "broken": next(photographs)[:60_000],
        "small": drawn(story.script.seed + 900_001, 1280, 960, exif=ExifStamp(taken=taken)),
        "far": drawn(story.script.seed + 900_002, 3200, 2400, exif=ExifStamp(taken=taken, place=OUTSIDE)),
        "old": drawn(story.script.seed + 900_003, 3200, 2400, exif=ExifStamp(taken=taken.replace(year=2019))),
    }
    for offset, (case, photograph) in enumerate(cases.items(), 1):
        person = make_entrant(story.app, number + offset, [photograph], story.chance)
        story.planted[case] = [person.enter()]


def _planted(story: Story) -> str:
    return ", ".join(
        f"{case} {'entered' if people[0].receipt else 'refused'}"
        for case, people in story.planted.items()
        if case != "late"
    )


def _screening(story: Story) -> str:
    """Staff look at the doubts; copies, far and old photographs are found unfit by two persons."""
    story.office.move_clock(at("2024-09-02T10:00:00"))
    reasons = {"copied": "copy", "far": "outside_district", "old": "outside_window"}
    unfit = {
        f"{person.receipt}-{ordinal}": reasons[case]
        for case, people in story.planted.items()
        if case in reasons
        for person in people
        if person.receipt
        for ordinal in range(1, len(person.photographs) + 1)
    }
    honest = {person.receipt for person in story.honest if person.receipt}
    works = sum(len(person.photographs) for person in story.honest if person.receipt)
    doubtful = story.office.doubtful(honest)
    together, alone, refused = story.office.screen(unfit)
    share = 100 * doubtful / max(1, works)
    return (
        f"fit together {together} · one by one {alone} · unfit {refused} · "
        f"honest works held as doubtful {doubtful}/{works} ({share:.1f} %)"
    )


def _preliminary(story: Story) -> str:
    """Everybody votes on every work and signs; the office closes and confirms who goes on."""
    for juror in story.jurors:
        juror.score_all().finish()
    going = story.office.close_votes()
    return f"went on {going} · "


def _replace_the_silent(story: Story) -> None:
    """Nothing comes from the last judge: another one takes the seat, signs, and scores every work."""
    late = story.jurors.pop()
    heir = replace(
        make_jurors(story.app, story.script.judges + 1, story.script.seed)[-1], is_external=late.is_external
    )
    story.office.replace(late, heir, "입원하여 심사를 마칠 수 없음")
    story.jurors.append(heir.arrive().sign_pledges().score_all().finish())


def _judging(story: Story) -> str:
    """A panel is appointed, signs, scores blind; one judge steps back from a work; the chair parts ties."""
    story.office.move_clock(at("2024-09-04T10:00:00"))
    story.jurors = make_jurors(story.app, story.script.judges, story.script.seed)
    story.office.appoint(story.jurors)
    for juror in story.jurors:
        juror.arrive().sign_pledges()
    story.office.move_clock(at("2024-09-05T09:30:00"))
    story.office.advance("심사")
    recused = story.jurors[1].recuse()
    story.office.deal_missing()
    went_on = _preliminary(story) if story.script.preliminary else ""
    for number, juror in enumerate(story.jurors, 1):
        if story.script.offline and juror is story.jurors[0]:
            juror.score_offline().finish()
        elif not (story.script.silent and juror is story.jurors[-1]):
            juror.score_all().finish()
        story.progress("judging", number, len(story.jurors))
    if story.script.silent:
        _replace_the_silent(story)
    story.office.move_clock(at("2024-09-13T18:00:00"))
    story.office.close_judging()
    revised = deliberate(story.office, story.jurors) if story.script.deliberate else None
    run_off = run_off_ties(story.office, story.jurors)
    ties = part_ties(story.office, story.jurors[0])
    story.office.allocate()
    scored = sum(juror.scored for juror in story.jurors)
    said = f"judges {len(story.jurors)} · scorecards {scored} · recused {recused} · chair decided {ties}"
    talked = "" if revised is None else f" · revised in the deliberation {revised}"
    return f"{went_on}{said}{talked}" + (f" · run-offs {run_off}" if run_off else "")


def deliberate(office: Office, jurors: list[Juror]) -> int:
    """The office opens it, every judge speaks and every second one revises a work, all sign, the office closes."""
    office.open_deliberation()
    revised = sum(juror.deliberate(revises=number % 2 == 0) for number, juror in enumerate(jurors))
    office.close_deliberation()
    return revised


def run_off_ties(office: Office, jurors: list[Juror]) -> int:
    """The panel votes on the ties that decide something, until none is left or the ladder has no run-off; how many."""
    held = 0
    while opened := office.open_runoffs():
        for juror in jurors:
            juror.vote_in_runoffs()
        if office.count_runoffs() < opened:
            break
        held += opened
    return held


def part_ties(office: Office, chair: Juror) -> int:
    """Ask the chair about the ties that remain, until none does; how often."""
    asked = 0
    while office.ask_chair() and chair.decide_ties():
        asked += 1
    return asked


def _verification(story: Story) -> str:
    """Candidates stand unmarked for ten days; citizens object, one objection is upheld."""
    story.office.move_clock(at("2024-09-19T09:00:00"))
    story.office.advance("공개검증")
    story.office.move_clock(at("2024-09-20T10:00:00"))
    works = candidates(Browser(story.app))
    winners = story.office.prize_works()
    filed = []
    for number in range(story.script.objections):
        target = winners[0] if number == 0 else works[(number * 7) % len(works)]
        filed.append(object_to(Browser(story.app, address=f"10.220.0.{number + 1}"), target, number))
        story.progress("verification", number + 1, story.script.objections)
    upheld = 0
    for number, address in enumerate(story.office.cases()):
        excluded = number == 0 and story.script.objections > 0
        person = story.office.handle(address, exclude=excluded, people=story.honest)
        if person is not None:
            answer_statement(person)
        story.office.decide(address, exclude=excluded)
        upheld += excluded
    return f"shown {len(works)} · objections {len(filed)} · upheld {upheld}"


def candidates(visitor: Browser) -> list[str]:
    """The entry numbers that the public sees."""
    page = visitor.open("/verification")
    return list(dict.fromkeys(re.findall(r"\d{4}-\d{2}-\d{4}-\d", page.text)))


def object_to(visitor: Browser, entry_number: str, number: int) -> str:
    """File an objection as a citizen; the case page."""
    page = visitor.open(f"/verification/objection?number={entry_number}")
    form = form_with(page, "facts")
    categories = form.choices["category"]
    page.submit(
        form,
        {
            "number": entry_number,
            "category": categories[number % len(categories)],
            "facts": "다른 공모전 수상작과 같은 사진으로 보입니다. 확인을 부탁드립니다.",
            "evidence": "https://example.kr/gallery/2020/13",
            "name": "한시민",
            "contact": f"010-7777-{number:04d}",
        },
    )
    return page.path


def answer_statement(person: Entrant) -> None:
    """An entrant answers what the office asked, through the private receipt page."""
    page = person.browser.open(person.receipt_page).follow("/statement")
    door = next((form for form in page.forms if "/statement" in (form.action or page.path)), None)
    if door is not None and "answer" not in door.values:
        page.submit(door)
    page.submit(
        form_with(page, "answer"), {"answer": "제가 직접 찍은 사진입니다. 원본 파일을 가지고 있습니다."}
    )


def _decision(story: Story) -> str:
    """The results are decided once the window has closed."""
    story.office.move_clock(at("2024-09-30T10:00:00"))
    story.office.advance("확정")
    count, total = story.office.prizes()
    return f"final {count} · {total:,}원"


def _announcement(story: Story) -> str:
    """Approved by another person; held once and let go; public at the minute without anybody."""
    story.office.move_clock(at("2024-09-30T15:00:00"))
    story.office.approve_publication()
    story.office.hold_and_resume()
    visitor = Browser(story.app)
    minute = schedule()["publish_at"]
    story.office.move_clock(minute - dt.timedelta(minutes=1))
    before = visitor.open("/results.json", expect=(200, 404))
    early = before.status == 200 and b'"works"' in before.body and before.body.count(b"entry_number") > 0
    story.office.move_clock(minute)
    shown = visitor.open("/results")
    photographs = len(set(re.findall(r"/photo/[a-z0-9]{20,}(?=[\"?#])", shown.body.decode())))
    if early:
        raise Refused(before.status, "/results.json", "results were public before the minute")
    return (
        f"public at {minute.astimezone(KST):%Y-%m-%d %H:%M} · pages {photographs} · before the minute nothing"
    )


#: Every stage and how it is played, in order.
ACTS: dict[str, Callable[[Story], str]] = {
    "entry": _entry,
    "screening": _screening,
    "judging": _judging,
    "verification": _verification,
    "decision": _decision,
    "published": _announcement,
}


def _closing_line(story: Story) -> str:
    trail = _succeeds(story.app, "verify-trail")
    if story.script.until in {"entry", "screening"}:
        return f"audit {'ok' if trail else 'BROKEN'}"
    count, total = story.office.prizes()
    proven = _succeeds(story.app, "verify-allocation")
    return f"winners {count} · {total:,}원 · audit {'ok' if trail and proven else 'BROKEN'}"


def _succeeds(app: Flask, command: str) -> bool:
    with app.app_context():
        return app.test_cli_runner().invoke(args=[command]).exit_code == 0
