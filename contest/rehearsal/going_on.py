"""A demonstration played on from where people left it: what they did by hand stays, players do what is left."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from flask import Flask

from contest.rehearsal.browser import Browser
from contest.rehearsal.jury import Juror, make_jurors
from contest.rehearsal.office import Office
from contest.rehearsal.play import (
    ACTS,
    STAGES,
    Progress,
    Script,
    Story,
    at,
    candidates,
    deliberate,
    object_to,
    part_ties,
    run_off_ties,
    schedule,
)

NUMBER = re.compile(r"\d{4}-\d{2}-\d{4}-\d+")
#: What a finding says, and the reason for which a work with it is found unfit.
_UNFIT = (
    (re.compile(r"구 경계에서 [\d,]+m 밖입니다"), "outside_district"),
    (re.compile(r"안에 찍은 사진인지 확인해 주세요"), "outside_window"),
)
_COPIED = re.compile(r"다른 응모의 (\d{4}-\d{2}-\d{4}-\d+)\S* 같은 파일입니다")


def play_on(
    app: Flask, script: Script, begins: str, *, progress: Progress, tell: Callable[[str], None]
) -> None:
    """Play from a stage that the contest stands in, up to the script's last one.

    Raises Refused or LookupError where a page does not let the players on.
    """
    story = Story(app, script, progress, tell, Office(app), random.Random(script.seed))
    own = {
        "screening": _screening,
        "judging": _judging,
        "verification": _verification,
        "published": _announcement,
    }
    for stage in STAGES[STAGES.index(begins) : STAGES.index(script.until) + 1]:
        tell(f"{stage:<13} {own.get(stage, ACTS[stage])(story)}")


def _screening(story: Story) -> str:
    """Nobody knows who brought what: the findings say what is unfit, of two copies the later one."""
    office = story.office
    office.move_clock(at("2024-09-02T10:00:00"))
    unfit = {}
    for address in office.queue():
        said = office.operator.open(address).text
        number = NUMBER.search(said)
        if number and (reason := _reason(number.group(), said)):
            unfit[number.group()] = reason
    together, alone, refused = office.screen(unfit)
    return f"fit together {together} · one by one {alone} · unfit {refused}"


def _reason(number: str, said: str) -> str | None:
    copied = _COPIED.search(said)
    if copied and copied.group(1) < number:
        return "copy"
    return next((reason for words, reason in _UNFIT if words.search(said)), None)


def _judging(story: Story) -> str:
    """Whoever sits on the panel is played on, those who are missing are appointed; what is scored stays."""
    office = story.office
    home = office.operator.open("/staff")
    if home.says("상격 배정을 마쳤습니다"):
        return "done before"
    talks = office.deliberates()
    if not talks and not home.says("점수를 봉인했습니다"):
        office.move_clock(at("2024-09-04T10:00:00"))
        story.jurors = _panel(story)
        for juror in story.jurors:
            juror.arrive().sign_pledges()
        office.move_clock(at("2024-09-05T09:30:00"))
        office.advance("심사")
        for number, juror in enumerate(story.jurors, 1):
            juror.score_all("/desk?show=unscored").finish()
            story.progress("judging", number, len(story.jurors))
        office.move_clock(at("2024-09-13T18:00:00"))
        office.close_judging()
        talks = office.deliberates()
    if talks:
        story.jurors = story.jurors or [juror.arrive() for juror in _panel(story)]
        deliberate(office, story.jurors)
    if story.jurors:
        run_off_ties(office, story.jurors)
        part_ties(office, story.jurors[0])
    office.allocate()
    return f"judges {len(story.jurors)} · scorecards {sum(juror.scored for juror in story.jurors)}"


def _panel(story: Story) -> list[Juror]:
    """Every seat with a link of its own, the chair first; seats are added only before judging begins."""
    office, script = story.office, story.script
    seated: list[Juror] = []
    held = office.seats()
    for number, (seat, (name, is_chair)) in enumerate(held.items(), 1):
        browser = Browser(story.app, address=f"10.201.0.{number}")
        juror = Juror(name, "", is_external=True, browser=browser, chance=random.Random(number), seat=seat)
        office.invite_anew(juror)
        seated.insert(0 if is_chair else len(seated), juror)
    if office.has_reached("심사"):
        return seated
    free = make_jurors(story.app, script.judges + 1, script.seed)
    if seated:  # whoever sits there may be from inside the office: most have to be from outside
        free = [juror for juror in free if juror.is_external]
    wanted = free[: max(0, script.judges - len(seated))]
    has_chair = any(is_chair for _, is_chair in held.values())
    office.appoint(wanted, has_chair=has_chair)
    return seated + wanted if has_chair else wanted + seated


def _verification(story: Story) -> str:
    """Citizens object while the window is open; cases that nobody has taken are dismissed."""
    office, script = story.office, story.script
    office.move_clock(at("2024-09-19T09:00:00"))
    office.advance("공개검증")
    office.move_clock(at("2024-09-20T10:00:00"))
    works = candidates(Browser(story.app))
    for number in range(script.objections if works else 0):
        citizen = Browser(story.app, address=f"10.221.0.{number + 1}")
        object_to(citizen, works[(number * 7 + 3) % len(works)], number)
        story.progress("verification", number + 1, script.objections)
    for address in office.cases():
        if office.operator.open(address).has("이 사건 맡기"):
            office.handle(address, exclude=False, people=[])
            office.decide(address, exclude=False)
    return f"shown {len(works)}"


def _announcement(story: Story) -> str:
    """Approved unless it is, and public at its minute."""
    office = story.office
    office.move_clock(at("2024-09-30T15:00:00"))
    if any("seen" in form.choices for form in office.approver.open("/staff/publication").forms):
        office.approve_publication()
    office.move_clock(schedule()["publish_at"])
    return "public"
