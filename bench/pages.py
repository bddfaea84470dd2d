"""Server time and statements of pages with a thousand works, beside the same page with one.

    python -m bench pages

The rival of each figure is the page with a single work in the same process: a page that asks once a row,
or grows with the contest, shows it here.
"""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event, select

from bench.fill import fill, make_app, signed_in
from contest.domain.actors import Actor, Role
from contest.infra.clock import KST, SteppedClock
from contest.models.account import Account
from judging.domain.pledges import PledgeKind
from judging.models.panel import Judge
from judging.models.round import JudgeWork
from judging.operations.pledge import sign_pledges
from judging.operations.score import save_score

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
    services.imaging.close()
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
