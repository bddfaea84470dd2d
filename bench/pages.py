"""Server time and statements of pages with a thousand works, beside the same page with one.

    python -m bench pages

The rival of each figure is the page with a single work in the same process: a page that asks once a row,
or grows with the contest, shows it here.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from bench.fill import fill, give_everything, make_app, signed_in
from contest.domain.actors import Actor, Role
from contest.domain.stages import Stage
from contest.infra.clock import KST, SteppedClock
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.submission import Submission
from contest.operations.links import sign_link
from gallery.models.publication import Publication
from judging.domain.pledges import PledgeKind
from judging.models.panel import Judge
from judging.models.round import JudgeWork
from judging.operations.close import close_judging
from judging.operations.pledge import sign_pledges
from judging.operations.score import complete_judging, save_score

ROUNDS = 15
SIZES = (1, 1000)
PAGES = {
    "": ("/", "/call", "/lookup", "/enter"),
    "operator": (
        "/staff",
        "/staff/screening",
        "/staff/screening?view=done&device=phone&q=안양천&hand=others",
        "/staff/intake",
        "/staff/ledger",
        "/staff/submissions",
        "/staff/panel",
        "/staff/judging",
        "/staff/judging/repair",
        "/staff/messages",
    ),
    "auditor": ("/staff/trail",),
    "judge": ("/desk",),
}


def measure(folder: Path, works: int) -> dict[str, tuple[float, int, int]]:
    """Path -> (median ms, statements, bytes) with so many works."""
    clock = SteppedClock(dt.datetime(2024, 8, 20, 10, 0, tzinfo=KST).astimezone(dt.UTC))
    app = make_app(folder, clock)
    services = app.extensions["contest"]
    fill(services, clock, works)
    statements: list[str] = []
    event.listen(
        services.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    browsers: dict[str, FlaskClient] = {"": app.test_client()}
    with services.database.write() as uow:
        for role in (Role.OPERATOR, Role.AUDITOR):
            uow.session.add(
                Account(
                    id=role.value, login=f"{role}@example.kr", name=role.value, role=role, recovery_digests=[],
                    created_at=clock.now(), activated_at=clock.now(),
                )
            )  # fmt: skip
    with services.database.read() as session:
        judge = session.scalars(select(Judge)).first()
        work = session.scalar(select(JudgeWork.id).where(JudgeWork.judge_id == judge.id)) if judge else None
    for role in (Role.OPERATOR, Role.AUDITOR):
        browsers[role.value] = signed_in(app, services, Actor("account", role.value, role))
    figures = {}
    if judge and work:
        actor = Actor("judge", judge.account_id, Role.JUDGE)
        with services.database.write() as uow:
            names = dict.fromkeys(PledgeKind, "심사위원0")
            sign_pledges(uow, names, "", name="심사위원0", actor=actor, now=clock.now())
        browsers["judge"] = signed_in(app, services, actor)
        keys = itertools.count()

        def save() -> None:
            with services.database.write() as uow:
                save_score(uow, work, "theme", 3, f"bench-{next(keys)}", actor=actor, now=clock.now())

        statements.clear()
        save()
        count = len(statements)
        figures["(one score saved)"] = (median_ms(save), count, 0)
    for who, paths in PAGES.items():
        for path in (*paths, f"/desk/work/{work}") if who == "judge" else paths:
            name = path if "/work/" not in path else "/desk/work/…"
            answer = browsers[who].get(path)
            if answer.status_code != 200:
                print(f"  {path}: {answer.status_code}, left out")
                continue
            statements.clear()
            browsers[who].get(path)
            count = len(statements)
            figures[name] = (median_ms(lambda: browsers[who].get(path)), count, len(answer.data))  # noqa: B023  called at once
    figures |= measure_published(app, clock, statements)
    services.imaging.close()
    return figures


def measure_published(
    app: Flask, clock: SteppedClock, statements: list[str]
) -> dict[str, tuple[float, int, int]]:
    """The same once every work has been scored, judging is sealed and the announcement's minute has come."""
    services = app.extensions["contest"]
    with services.database.read() as session:
        judges = session.scalars(select(Judge)).all()
        own = session.scalars(select(Submission)).first()
    for number, judge in enumerate(judges):
        actor = Actor("judge", judge.account_id, Role.JUDGE)
        name = f"심사위원{number}"
        if number:
            with services.database.write() as uow:
                sign_pledges(
                    uow, dict.fromkeys(PledgeKind, name), "", name=name, actor=actor, now=clock.now()
                )
        give_everything(services, actor, seed=number)
        with services.database.write() as uow:
            complete_judging(uow, name, name=name, actor=actor, now=clock.now())
    minute = dt.datetime(2024, 10, 1, 10, 0, tzinfo=KST).astimezone(dt.UTC)
    with services.database.write() as uow:
        close_judging(uow, own.edition_id, actor=Actor("account", "operator", Role.OPERATOR), now=clock.now())
        uow.session.get_one(Edition, own.edition_id).stage = Stage.DECIDED
        uow.session.add(
            Publication(
                id=uow.ids.token(), edition_id=own.edition_id, version=1, publish_at=minute, digest="0" * 64,
                approved_by="operator", approved_at=clock.now(),
            )
        )  # fmt: skip
    clock.move_to(minute)
    link = sign_link(services.crypto, own.id, own.link_epoch)
    browser = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(f"/entry/{link}").text)
    browser.post(f"/entry/{link}", data={"csrf_token": token[1] if token else ""})
    figures = {}
    for path in ("/fairness", "/fairness/scores", "/fairness/scores.json", f"/receipt/{link}"):
        name = "/receipt/…" if link in path else path
        answer = browser.get(path)
        if answer.status_code != 200:
            print(f"  {name}: {answer.status_code}, left out")
            continue
        statements.clear()
        browser.get(path)
        count = len(statements)
        figures[name] = (median_ms(lambda: browser.get(path)), count, len(answer.data))  # noqa: B023  called at once
    return figures


def median_ms(act: Callable[[], object]) -> float:
    """Median wall milliseconds over the rounds."""
    spent = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        act()
        spent.append((time.perf_counter() - before) * 1000)
    return statistics.median(spent)


def main(_arguments: object = None) -> None:
    """Print a line a page."""
    found = []
    for works in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(Path(folder), works))
    few, many = found
    print(f"{'page':28} {'1,000 works':>14} {'1 work':>12} {'statements':>12} {'KB':>6}")
    for name, (spent, count, size) in many.items():
        rival = few.get(name)
        beside = f"{rival[0]:9.1f} ms" if rival else "-"
        asked = f"{count} / {rival[1]}" if rival else str(count)
        print(f"{name:28} {spent:11.1f} ms {beside:>12} {asked:>12} {size // 1000:6}")


if __name__ == "__main__":
    main()
