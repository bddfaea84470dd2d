"""The published scores as people read them: the table, and an entrant's own works on the private page."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from factories.panels import judge_contest
from sqlalchemy import event, select
from test_fairness import MINUTE, announce

from contest.domain.actors import Role
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.submission import Submission
from gallery.queries.fairness import own_scores
from judging.models.award import Allocation, Award
from judging.models.round import RoundEntry, StandingRow
from judging.operations.allocate import allocate_prizes
from judging.queries import score_table

WORKS = 8


@pytest.fixture
def approved(services, clock, edition, make_account):
    """Eight works judged by three, allocated; the announcement waits for its minute."""
    operator = make_account(Role.OPERATOR)
    judge_contest(services, clock, edition, operator, works=WORKS)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=clock.now())
    announce(services, edition, operator)


@pytest.fixture
def published(approved, clock):
    """The same at the minute."""
    clock.move_to(MINUTE)


def rows_of(page):
    """Each row of the table as its cells' texts."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("<tr")[1:]]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_the_table_says_what_the_record_says(client, published):
    record = client.get("/fairness/scores.json").get_json()
    rows = rows_of(client.get("/fairness/scores").get_data(as_text=True))
    assert [(row[1], int(row[0]), row[-2]) for row in rows] == sorted(
        [(number, rank, mean) for number, rank, mean in record["ranking"]], key=lambda one: (one[1], one[0])
    )
    weights = {code: weight for code, _, weight in record["rule"]["criteria"]}
    for row in rows:
        for judge, shown in enumerate(row[2:-2], start=1):
            given = [
                weights[code] * level / record["rule"]["levels"]
                for number, name, code, level, _ in record["scores"]
                if (number, name) == (row[1], f"위원 {judge}")
            ]
            is_away = [row[1], f"위원 {judge}"] in record["recused"]
            assert shown == "회피" if is_away else float(shown.split()[0]) == sum(given)


def test_a_number_is_found_on_its_page_however_it_is_typed(client, published, monkeypatch):
    monkeypatch.setattr(score_table, "PAGE", 3)
    last = rows_of(client.get("/fairness/scores?page=3").get_data(as_text=True))
    assert len(last) == WORKS - 2 * 3
    assert rows_of(client.get("/fairness/scores?page=99").get_data(as_text=True)) == last
    number = last[-1][1]
    found = client.get(f"/fairness/scores?number={int(number)}").get_data(as_text=True)
    assert rows_of(found) == last
    assert re.search(rf'id="found".*?{number}</th>', found, re.DOTALL)
    nowhere = client.get("/fairness/scores?number=<b>999").get_data(as_text=True)
    assert "번 작품이 없습니다" in nowhere
    assert "<b>999" not in nowhere


def test_nothing_is_shown_before_the_minute_or_where_the_call_did_not_say_so(
    services, client, clock, edition, approved
):
    with services.database.read() as session:
        submission = session.scalars(select(Submission)).first().id
        assert own_scores(session, submission, MINUTE) is not None
        assert own_scores(session, submission, MINUTE - dt.timedelta(seconds=1)) is None
    clock.move_to(MINUTE - dt.timedelta(seconds=1))
    assert client.get("/fairness/scores").status_code == 404
    clock.move_to(MINUTE)
    assert client.get("/fairness/scores").status_code == 200
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        held.document = held.document | {"publish_scores": False}
        held.version += 1
    assert client.get("/fairness/scores").status_code == 404
    with services.database.read() as session:
        assert own_scores(session, submission, MINUTE) is None


def test_an_entrant_sees_the_own_works_alone(services, client, published):
    record = client.get("/fairness/scores.json").get_json()
    ranking = {number: (rank, mean) for number, rank, mean in record["ranking"]}
    tiers = {code: name for code, name, _, _ in record["scheme"]}
    with services.database.read() as session:
        numbers = dict(session.execute(select(RoundEntry.entry_id, RoundEntry.public_number)).all())
        for submission in session.scalars(select(Submission)):
            shown = own_scores(session, submission.id, MINUTE)
            own = set(session.scalars(select(Entry.id).where(Entry.submission_id == submission.id)))
            sheets = [sheet for _, held, _, _ in shown["sheets"] for sheet in held]
            ((_, _, prize, reason),) = shown["sheets"]
            won = {number: tier for number, tier, _ in record["winners"]}[sheets[0].number]
            assert (prize["ko"], reason) == (tiers[won], "")
            assert {sheet.entry_id for sheet in sheets} == own
            for sheet in sheets:
                assert sheet.number == numbers[sheet.entry_id]
                assert (sheet.rank, sheet.mean) == ranking[sheet.number]
                for card in sheet.cards:
                    if card.score.value is None:
                        assert [sheet.number, card.judge] in record["recused"]
                    else:
                        assert sum(map(float, card.points)) == float(card.score.value)


def test_the_walk_tells_of_no_work_behind_its_end(services, edition, client, published):
    """Which works are of one person is said of those that the walk down the ranks met, and of no other."""
    with services.database.write() as uow:
        run = uow.session.scalars(select(Allocation)).one()
        ranked = sorted(uow.session.scalars(select(StandingRow)), key=lambda row: row.rank)
        persons = {row.entry_id: f"person {at % 4}" for at, row in enumerate(ranked)}
        run.inputs = run.inputs | {
            "ranking": [[entry, rank, persons[entry]] for entry, rank, _ in run.inputs["ranking"]]
        }
        steps = [
            ["awarded", row.entry_id, row.rank, at, "grand", 1, "rank"] for at, row in enumerate(ranked[:4])
        ]
        steps.append(
            ["skipped_person", ranked[4].entry_id, ranked[4].rank, None, None, None, "one_per_person"]
        )
        run.result = run.result | {"steps": steps}
    with services.database.read() as session:
        numbers = dict(session.execute(select(RoundEntry.entry_id, RoundEntry.public_number)).all())
    met = sorted([numbers[ranked[0].entry_id], numbers[ranked[4].entry_id]])
    assert client.get("/fairness/scores.json").get_json()["same_person"] == [met]
    rows = {row[1]: row[-1] for row in rows_of(client.get("/fairness/scores").get_data(as_text=True))}
    assert {number for number, said in rows.items() if "같은 분" in said} == {numbers[ranked[4].entry_id]}


def test_the_table_asks_the_same_of_the_database_however_many_works(services, client, published, monkeypatch):
    asked = []
    event.listen(
        services.database.engine, "before_cursor_execute", lambda *facts: asked.append(str(facts[2]))
    )
    client.get("/fairness/scores")
    whole = len(asked)
    monkeypatch.setattr(score_table, "PAGE", 2)
    client.get("/fairness/scores")
    assert len(asked) == 2 * whole


def test_the_record_is_made_anew_when_what_it_says_changes(services, client, edition, published):
    before = client.get("/fairness/scores.json").get_json()
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        texts = held.document["texts"]
        held.document = held.document | {"texts": texts | {"ko": texts["ko"] | {"title": "다른 이름"}}}
        held.version += 1
    assert client.get("/fairness/scores.json").get_json()["edition"] == before["edition"] | {
        "title": "다른 이름"
    }
    with services.database.write() as uow:
        run = uow.session.scalars(select(Allocation)).one()
        gone = client.get("/fairness/scores.json").get_json()["winners"][0]
        award = uow.session.scalars(select(Award).join(RoundEntry, RoundEntry.entry_id == Award.entry_id).where(
            RoundEntry.public_number == gone[0]
        )).one()  # fmt: skip
        award.revoked_at, award.revoked_for = MINUTE, "objection"
        uow.session.add(Allocation(
            id=uow.ids.token(), edition_id=edition.id, version=run.version + 1, cause="succession",
            inputs={"excluded": award.entry_id, "policy": "leave_empty"}, result=run.result, digest="1" * 64,
            made_at=MINUTE, made_by=run.made_by,
        ))  # fmt: skip
    record = client.get("/fairness/scores.json").get_json()
    assert record["successions"] == [[gone[0], "leave_empty"]]
    assert gone not in record["winners"]
