"""Jobs of contest: each a doorbell for a row; the sweep rings again what was lost."""

from __future__ import annotations

from flask import Flask

from contest.infra.jobs import Payload
from contest.infra.logs import doing
from contest.infra.wiring import Services
from contest.operations.compare import compare_photo, describe_photo
from contest.operations.demonstration import begin_anew
from contest.operations.errands import park_lost_errands, report, take_errand
from contest.operations.examine import examine_photo, make_zoom
from contest.operations.recheck import recheck_some
from contest.operations.retention import run_erasures
from contest.operations.send import send_due_messages
from contest.operations.strays import sweep_strays
from contest.rehearsal.filling import fill, first_to_play
from contest.rehearsal.play import Script

SWEEP_SECONDS = 60
ERASE_SECONDS = 3600
STRAY_SECONDS = 3600


def init_tasks(app: Flask, services: Services) -> None:
    """Run every job inside an application context with contest time held, and sweep each minute."""

    def run(name: str, payload: Payload) -> None:
        with app.app_context():
            held = services.clock.hold()
            before = doing.set({"actor": "system", "action": f"job {name}", "object": dict(payload)})
            try:
                services.jobs.handle(name, payload)
            finally:
                doing.reset(before)
                services.clock.release(held)

    services.jobs.bind(run)
    services.jobs.task("examine")(lambda photo_id: examine_photo(services, photo_id))
    services.jobs.task("compare")(lambda photo_id: compare_photo(services, photo_id))
    services.jobs.task("describe")(lambda photo_id: describe_photo(services, photo_id))
    services.jobs.task("zoom")(lambda photo_id: make_zoom(services, photo_id))
    services.jobs.periodic("erase", ERASE_SECONDS)(lambda: run_erasures(services, services.clock.now()))
    services.jobs.periodic("strays", STRAY_SECONDS)(lambda: sweep_strays(services, services.clock.now()))
    services.jobs.task("send_messages")(lambda: send_due_messages(services, services.clock.now()))
    services.jobs.task("rehearse")(lambda errand_id: fill_demonstration(app, services, errand_id))
    services.jobs.task("recheck")(
        lambda errand_id, turn=0, after="": recheck_some(services, errand_id, turn, after)
    )
    services.registry.sweeps.append(park_lost_errands)
    services.jobs.periodic("sweep", SWEEP_SECONDS)(lambda: sweep(services))


def sweep(services: Services) -> None:
    """Ring again what is due and was lost; every package registers its own part."""
    now = services.clock.now()
    for part in services.registry.sweeps:
        part(services, now)


def fill_demonstration(app: Flask, services: Services, errand_id: str) -> None:
    """Play the demonstration up to the errand's stage; rung twice, it is played once."""
    asked = take_errand(services, errand_id)
    if asked is None or not services.settings.demonstration:
        return
    if asked.get("anew"):
        report(services, errand_id, line="모두 지우고 8월 20일 아침으로 돌아갑니다.")
        begin_anew(services, errand_id)
    if not asked["until"]:
        report(services, errand_id, done=100, line="마쳤습니다.", finished_at=services.clock.fresh())
        return
    script = Script(entrants=int(asked["entrants"]), until=str(asked["until"]))
    with services.database.read() as session:
        begins = first_to_play(session, services.clock.fresh()) or script.until
    failed = fill(
        app, script, begins, lambda percent, line: report(services, errand_id, done=percent, line=line)
    )
    if failed:
        report(services, errand_id, failed=failed)
    else:
        report(services, errand_id, done=100, line="마쳤습니다.", finished_at=services.clock.fresh())
