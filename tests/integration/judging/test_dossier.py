"""The dossier is made by the worker after the allocation, read in words, and printed."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from factories.panels import judge_contest
from sqlalchemy import delete, select

from contest.domain.actors import Role
from judging.models.award import Dossier
from judging.operations.allocate import allocate_prizes
from judging.tasks import answer_what_was_missed


@pytest.fixture
def operator(services, clock, edition, make_account):
    actor = make_account(Role.OPERATOR)
    judge_contest(services, clock, edition, actor, works=9, judges=3)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=actor, now=clock.now())
    return actor


def test_it_is_there_once_and_a_lost_bell_is_heard(services, clock, operator, login_as):
    page = login_as(operator).get("/staff/results/dossier").get_data(as_text=True)
    for words in (
        "위원을 한 사람씩 빼고 다시 계산",
        "점수를 6가지 방법으로",
        "가장 가까운 경계",
        "전문 분석",
        "중앙값",
        "ICC(2,k)",
    ):
        assert words in page
    with services.database.read() as session:
        first = session.scalars(select(Dossier)).one().document
    with services.database.write() as uow:
        uow.session.execute(delete(Dossier))
    assert "아직 만들지 않았습니다" in login_as(operator).get("/staff/results/dossier").get_data(as_text=True)
    answer_what_was_missed(services, clock.now())
    answer_what_was_missed(services, clock.now())
    with services.database.read() as session:
        assert session.scalars(select(Dossier)).one().document == first
    assert first["winners"] == 9  # fewer works than prizes: whoever took part wins
    assert {one["kept"] for one in (*first["without"], *first["counted"])} == {9}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="PDFs are read where there is a pdftotext")
def test_on_paper_the_plain_words_come_first(operator, login_as):
    made = login_as(operator).get("/staff/results/dossier.pdf")
    assert made.mimetype == "application/pdf"
    read = subprocess.run(
        ["pdftotext", "-l", "1", "-", "-"], input=made.data, capture_output=True, check=True
    ).stdout.decode()
    assert "결과가 얼마나 굳은가" in read
    assert "크리펜도르프" not in read
    assert io.BytesIO(made.data).read(5) == b"%PDF-"
