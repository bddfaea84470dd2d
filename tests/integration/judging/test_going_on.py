"""A demonstration is played on from where somebody left it, and what was done by hand stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from contest import tasks
from contest.rehearsal.browser import Browser
from contest.rehearsal.cli import add_deliberation, make_instance
from contest.rehearsal.entrants import form_with
from contest.rehearsal.filling import first_to_play
from contest.rehearsal.going_on import play_on
from contest.rehearsal.jury import make_jurors, sheet, work_links
from contest.rehearsal.office import Office
from contest.rehearsal.play import Script, at, play
from judging.models.round import Round, RoundState, ScoreEvent
from wsgi import create_app


def quiet(*_: object) -> None:
    """Neither a bar nor a line."""


@pytest.mark.full
def test_a_panel_came_by_hand_and_one_of_it_scored_a_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_instance(create_app(), tmp_path)
    held = app.extensions["contest"]
    play(app, Script(entrants=3, until="screening"), progress=quiet, tell=quiet)
    office, jurors = Office(app), make_jurors(app, 3, seed=1)
    office.appoint(jurors)
    page = jurors[0].arrive().sign_pledges().browser
    office.move_clock(at("2024-09-05T09:30:00"))
    office.advance("심사")
    page.open(work_links(page.open("/desk"))[0])
    form = sheet(page)
    page.submit(form, {name: values[0] for name, values in form.choices.items()}, press="저장")

    def scored() -> list[ScoreEvent]:
        with held.database.read() as session:
            return list(session.scalars(select(ScoreEvent).order_by(ScoreEvent.judge_id, ScoreEvent.seq)))

    by_hand = scored()
    assert by_hand
    lines: list[str] = []
    with held.database.read() as session:
        begins = first_to_play(session, held.clock.now())
    assert begins == "judging"
    play_on(app, Script(objections=1), begins, progress=quiet, tell=lines.append)

    assert [line.split()[0] for line in lines] == ["judging", "verification", "decision", "published"]
    after = scored()
    assert len({event.judge_id for event in after}) == 3
    of_that_work = [event.digest for event in after if event.work_id == by_hand[0].work_id]
    assert of_that_work == [event.digest for event in by_hand]
    assert Browser(app).open("/results").says("당선작 발표")
    with held.database.read() as session:
        assert first_to_play(session, held.clock.now()) is None

    begun: list[str] = []
    monkeypatch.setattr(tasks, "fill", lambda _app, _script, begins, _say: begun.append(begins))
    page = office.operator.open("/staff/rehearsal/anew")
    page.submit(form_with(page, "entrants"), {"until": "entry", "entrants": "30"})
    assert begun == ["entry"], "from the first morning, wherever the contest stood before"


@pytest.mark.full
def test_where_nobody_was_appointed_the_whole_panel_is(tmp_path: Path) -> None:
    app = make_instance(create_app(), tmp_path)
    held = app.extensions["contest"]
    play(app, Script(entrants=3, until="screening"), progress=quiet, tell=quiet)
    with held.database.read() as session:
        begins = first_to_play(session, held.clock.now())
    assert begins == "screening"
    play_on(app, Script(until="judging"), begins, progress=quiet, tell=quiet)
    with held.database.read() as session:
        assert len(session.scalars(select(ScoreEvent.judge_id).distinct()).all()) == 5


@pytest.mark.full
def test_a_deliberation_that_was_left_open_is_played_to_its_end(tmp_path: Path) -> None:
    app = make_instance(create_app(), tmp_path)
    held = app.extensions["contest"]
    add_deliberation(held)
    play(app, Script(entrants=3, until="screening"), progress=quiet, tell=quiet)
    with held.database.read() as session:
        begins = first_to_play(session, held.clock.now())
    assert begins == "screening"
    play_on(app, Script(until="judging"), begins, progress=quiet, tell=quiet)
    with held.database.read() as session:
        revised = session.scalars(select(ScoreEvent).where(ScoreEvent.reason.is_not(None))).all()
        assert (len(revised), session.scalars(select(Round.state)).one()) == (3, RoundState.SEALED)
