"""What everybody may check: the seal at once, the scores with the results, and a program that recomputes them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import subprocess
import sys

import pytest
from factories.panels import (
    Entrant,
    judge_contest,
    make_panel,
    make_works,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
    works_of,
)
from sqlalchemy import select

from contest.domain.actors import Role
from contest.domain.stages import Stage
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.entry import Entry
from gallery.models.publication import Publication
from judging.models.round import Round, ScoreEvent
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_scores
from judging.operations.close import close_judging

MINUTE = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)
WORKS = 8


@pytest.fixture
def judged(services, clock, edition, make_account):
    """Eight works judged by three, sealed and allocated."""
    operator = make_account(Role.OPERATOR)
    judge_contest(services, clock, edition, operator, works=WORKS)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=clock.now())
    return operator


def announce(services, edition, operator):
    with services.database.write() as uow:
        uow.session.get_one(Edition, edition.id).stage = Stage.DECIDED
        uow.session.add(Publication(
            id=uow.ids.token(), edition_id=edition.id, version=1, publish_at=MINUTE, digest="0" * 64,
            approved_by=operator.id, approved_at=MINUTE - dt.timedelta(days=1),
        ))  # fmt: skip


def check(tmp_path, program, record, *root):
    (tmp_path / "check.py").write_bytes(program)
    (tmp_path / "scores.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", "check.py", "scores.json", *root], cwd=tmp_path, capture_output=True, text=True, check=False
    )  # fmt: skip


def test_the_seal_is_public_at_once_and_nothing_else_is(services, client, edition, judged):
    with services.database.read() as session:
        held = session.scalars(select(Round)).one()
        names = [row.title for row in session.scalars(select(Entry))]
    page = client.get("/fairness").get_data(as_text=True)
    shown = re.sub(r"\s", "", re.search(r'class="seal__value"><code>([^<]*)', page)[1])
    assert shown == held.commitment
    assert held.commitment_salt not in page
    assert "작품 8점" in page
    assert "숫자로 보는 과정" not in page
    assert not any(name in page for name in names)
    assert client.get("/fairness/scores.json").status_code == 404
    assert "공정성 기록" in client.get("/").get_data(as_text=True)


def test_before_the_seal_there_is_nothing_to_see(client, edition):
    assert "아직 심사를 마감하지 않았습니다" in client.get("/fairness").get_data(as_text=True)
    assert "공정성 기록" not in client.get("/").get_data(as_text=True)


def test_the_result_is_recomputed_by_the_published_program(  # noqa: PLR0917  fixtures
    services, client, clock, edition, judged, tmp_path
):
    announce(services, edition, judged)
    clock.move_to(MINUTE - dt.timedelta(seconds=1))
    assert client.get("/fairness/scores.json").status_code == 404
    clock.move_to(MINUTE)
    page = client.get("/fairness").get_data(as_text=True)
    assert "숫자로 보는 과정" in page
    root = re.search(r"scores\.json (\w{64})", page)[1]
    record = client.get("/fairness/scores.json").get_json()
    program = client.get("/fairness/check_result.py").data
    done = check(tmp_path, program, record, root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "결론: 모두 일치합니다."
    with services.database.read() as session:
        stood = session.scalars(select(ScoreEvent)).all()
    assert len(record["scores"]) == len(stood) == WORKS * 3 * 4
    assert len(record["recused"]) == 1
    assert len(record["winners"]) == WORKS

    record["scores"][0][3] = record["scores"][0][3] % 5 + 1
    forged = check(tmp_path, program, record, root)
    assert forged.returncode == 1
    assert "봉인값이 심사를 마감할 때 공개한 값과 다릅니다" in forged.stdout
    assert check(tmp_path, program, {"scores": 3}).returncode == 2


def test_the_record_names_nobody(services, client, clock, edition, judged):
    announce(services, edition, judged)
    clock.move_to(MINUTE)
    body = client.get("/fairness/scores.json").get_data(as_text=True)
    with services.database.read() as session:
        losers = {row.entry_number for row in session.scalars(select(Entry))} - {
            number for _, _, number in json.loads(body)["winners"]
        }
        ids = [row.id for row in session.scalars(select(Entry))]
        held = session.scalars(select(Round)).one()
    assert not any(
        word in body
        for word in [
            "응모자",
            "+8210",
            "hong@",
            "심사가",
            "심사나",
            "심사다",
            *losers,
            *ids,
            *held.pseudonyms,
        ]
    )


def test_an_edition_that_did_not_announce_it_publishes_no_score(services, client, clock, edition, judged):
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        held.document = held.document | {"publish_scores": False}
        held.version += 1
    announce(services, edition, judged)
    clock.move_to(MINUTE)
    assert client.get("/fairness/scores.json").status_code == 404
    assert "점수를 공개하지 않습니다" in client.get("/fairness").get_data(as_text=True)


def test_a_seal_that_does_not_fit_the_scores_is_named(services, edition, judged):
    assert list(check_scores(services, hashes=False)) == []
    with services.database.write() as uow:
        uow.session.scalars(select(Round)).one().commitment = "0" * 64
    assert [fault.code for fault in check_scores(services, hashes=False)] == ["check.commitment"]


def test_asking_for_results_before_the_seal_is_refused_and_in_the_trail(
    services, clock, edition, make_account, login_as
):
    operator = make_account(Role.OPERATOR)
    make_works(services, edition.id, 1)
    judges = make_panel(services, edition.id, operator, 1)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    assert "아직 마감되지 않았습니다" in login_as(operator).get("/staff/results").get_data(as_text=True)
    with services.database.read() as session:
        refused = session.scalars(select(AuditRow).where(AuditRow.action == "results.refused")).all()
    assert [row.actor_id for row in refused] == [operator.id]


def test_a_declared_lot_is_drawn_from_a_seed_fixed_before_the_first_score(  # noqa: PLR0917  fixtures
    services, client, clock, edition, make_account, tmp_path
):
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        held.document = held.document | {"ties": ["criterion:by_weight", "lot"]}
        held.version += 1
    make_works(services, edition.id, 4, [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(4)])
    judges = make_panel(services, edition.id, operator, 1)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    with services.database.read() as session:
        seed = session.scalars(select(Round)).one().lot_seed
    page = client.get("/fairness").get_data(as_text=True)
    assert hashlib.sha256(seed.encode()).hexdigest() in page
    assert seed not in page
    for work in works_of(services, judges[0]):
        score_work(services, judges[0], work, (3, 3, 3, 3))
    sign_off(services, judges, judges[0])
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=clock.now())
    announce(services, edition, operator)
    clock.move_to(MINUTE)
    assert seed in client.get("/fairness").get_data(as_text=True)
    record = client.get("/fairness/scores.json").get_json()
    assert sorted(rank for _, rank, _ in record["ranking"]) == [1, 2, 3, 4]
    assert check(tmp_path, client.get("/fairness/check_result.py").data, record).returncode == 0
    record["rule"]["lot_seed"] = None  # without it the four stand equal
    assert check(tmp_path, client.get("/fairness/check_result.py").data, record).returncode == 1
