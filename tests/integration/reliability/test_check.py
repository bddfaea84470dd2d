"""`flask check` finds what cannot be right, in words, and nothing where all is well."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from factories.panels import (
    make_panel,
    make_works,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
    works_of,
)
from factories.results import seal_judging
from factories.winners import decide_contest
from flask import Flask
from flask.testing import FlaskClient
from integration.contest.entry_citizen import Citizen
from sqlalchemy import delete, select, text, update

from contest.domain.actors import Role
from contest.infra.settings import Settings
from contest.infra.storage import Storage
from contest.infra.texts import text as sentence
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import PrizeSlot
from contest.models.entry import Entry
from contest.models.paper import Paper
from contest.models.photo import Photo, Rendition
from contest.models.supplement import Supplement, SupplementFile
from contest.operations.check import find_faults
from gallery.operations.approve import approve
from gallery.operations.check import check_published
from gallery.queries.draft import draft_of
from judging.models.award import Award
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_prizes, check_scores


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    from dataclasses import replace

    return replace(settings, storage_url=f"file:{tmp_path / 'media'}")


@pytest.fixture
def services(app: Flask) -> Services:
    held: Services = app.extensions["contest"]
    return held


@pytest.fixture
def entered(client: FlaskClient, edition) -> Citizen:
    """One real entry, handed in through the pages and examined."""
    citizen = Citizen(client).fill_in()
    citizen.submit()
    return citizen


def codes(services: Services, *, hashes: bool = False) -> list[str]:
    return [fault.code for fault in find_faults(services, hashes=hashes)]


def without_guards(services: Services, table: str, change: str) -> None:
    """Change an append-only table as somebody with the database file could."""
    with services.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            kept = connection.execute(
                text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = :t"),
                {"t": table},
            ).all()
            for row in kept:
                connection.execute(text(f"DROP TRIGGER {row.name}"))
            connection.execute(text(change))
            for row in kept:
                connection.exec_driver_sql(row.sql)
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            connection.execute(text(change))
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        connection.commit()


def test_a_sound_contest_has_nothing_wrong(app: Flask, services: Services, entered: Citizen) -> None:
    assert codes(services, hashes=True) == []
    result = app.test_cli_runner().invoke(args=["check", "--hashes"])
    assert (result.exit_code, result.output) == (0, "저장된 자료가 모두 서로 맞습니다.\n")


def test_one_byte_of_an_original(
    app: Flask, services: Services, settings: Settings, entered: Citizen
) -> None:
    with services.database.read() as session:
        photo = session.scalars(select(Photo)).one()
    file = settings.data / "media" / "originals" / photo.id
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)
    assert codes(services) == []
    assert codes(services, hashes=True) == ["check.original_differs"]
    result = app.test_cli_runner().invoke(args=["check", "--hashes"])
    assert result.exit_code == 1
    assert (
        f"출품번호 2024-02-0001-1의 원본이 받은 그대로가 아닙니다. 해시가 다릅니다(사진 {photo.id})."
        in result.output
    )
    file.write_bytes(whole[:-1])
    assert codes(services) == ["check.original_size"]
    file.unlink()
    assert codes(services) == ["check.original_gone"]


def test_one_word_of_the_trail(app: Flask, services: Services, entered: Citizen) -> None:
    without_guards(services, "audit", "UPDATE audit SET action = 'submission.withdrawn' WHERE seq = 2")
    assert codes(services) == ["check.trail"]
    result = app.test_cli_runner().invoke(args=["check"])
    assert (result.exit_code, result.output.splitlines()[0]) == (
        1, "기록 2번이 앞의 기록과 이어지지 않습니다. 바뀌었거나 지워진 것입니다.",
    )  # fmt: skip


def test_a_lifted_guard(services: Services, entered: Citizen) -> None:
    with services.database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    assert codes(services) == ["check.guard"]


def test_a_receipt_that_no_act_gave(services: Services, entered: Citizen) -> None:
    without_guards(services, "audit", "DELETE FROM audit WHERE action = 'submission.submitted'")
    assert codes(services) == ["check.untold"]  # the last link: the chain before it is whole


def test_what_a_submission_lacks(services: Services, entered: Citizen) -> None:
    with services.database.write() as uow:
        uow.session.execute(delete(Consent).where(Consent.kind == "licence"))
    assert codes(services) == ["check.consents"]
    with services.database.write() as uow:
        uow.session.execute(update(Entry).values(photo_id=None))
    assert codes(services) == ["check.consents", "check.no_photo"]


def test_pictures_that_are_missing_or_changed(
    services: Services, settings: Settings, entered: Citizen
) -> None:
    storage: Storage = services.storage
    with services.database.read() as session:
        ids = {row.kind: row.id for row in session.scalars(select(Rendition))}
    storage.put(f"renditions/{ids['thumb']}", b"another", create_only=False)
    storage.delete(f"renditions/{ids['preview']}")
    with services.database.write() as uow:
        uow.session.execute(delete(Rendition).where(Rendition.kind == "judge"))
    found = {(fault.code, fault.facts["kind"]) for fault in find_faults(services, hashes=False)}
    assert found == {
        ("check.rendition_missing", "judge"),
        ("check.rendition_missing", "preview"),
        ("check.rendition_differs", "thumb"),
    }


def test_papers_that_are_missing_or_changed(services: Services, entered: Citizen, make_account) -> None:
    digest, now = hashlib.sha256(b"%PDF-1").hexdigest(), services.clock.now()
    account = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        entry = uow.session.scalars(select(Entry)).one()
        asked = Supplement(
            id="asked", edition_id=entry.edition_id, submission_id=entry.submission_id, entry_id=entry.id,
            items=["drone"], asked_by=account.id, asked_at=now, due_at=now,
        )  # fmt: skip
        uow.session.add(asked)
        uow.session.flush()
        uow.session.add_all(
            [
                SupplementFile(
                    id="later", supplement_id="asked", name_sealed=b"", bytes=6, sha256=digest, stored_at=now
                ),
                Paper(
                    id="first",
                    submission_id=entry.submission_id,
                    kind="drone",
                    format="PDF",
                    bytes=6,
                    sha256=digest,
                    stored_at=now,
                ),
            ]
        )
    services.storage.put("papers/later", b"%PDF-1")
    assert codes(services) == ["check.paper_gone"]
    services.storage.put("entry-papers/first", b"%PDF-1")
    assert codes(services, hashes=True) == []
    services.storage.put("papers/later", b"%PDF-2", create_only=False)
    assert codes(services) == []
    assert codes(services, hashes=True) == ["check.paper_differs"]


def test_a_draft_or_an_erased_photograph_is_no_fault(
    services: Services, client: FlaskClient, edition
) -> None:
    Citizen(client).begin()
    assert codes(services) == []


def test_scores_changed_or_cut_off(services: Services, clock, edition, make_account) -> None:
    operator = make_account(Role.OPERATOR)
    make_works(services, edition.id, 2)
    judges = make_panel(services, edition.id, operator, 1)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    for work in works_of(services, judges[0]):
        score_work(services, judges[0], work, (5, 4, 3, 2))
    sign_off(services, judges, judges[0])
    assert list(check_scores(services, hashes=False)) == []
    without_guards(services, "score_event", "DELETE FROM score_event WHERE seq = 8")
    assert [fault.code for fault in check_scores(services, hashes=False)] == ["check.completion"]
    without_guards(services, "score_event", "UPDATE score_event SET level = 5 WHERE seq = 3")
    fault = next(iter(check_scores(services, hashes=False)))
    assert sentence("ko", fault.code, **fault.facts) == (
        "심사위원 심사가의 채점 기록 3번이 앞의 기록과 이어지지 않습니다."
    )


def test_prizes_that_are_not_those_announced(services: Services, edition, make_account) -> None:
    seal_judging(services, edition)
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
    assert list(check_prizes(services, hashes=False)) == []
    with services.database.write() as uow:
        uow.session.execute(update(PrizeSlot).where(PrizeSlot.ordinal == 25).values(amount=60_000))
    found = [sentence("ko", fault.code, **fault.facts) for fault in check_prizes(services, hashes=False)]
    assert found[0].startswith("2024년 제2회의 시상 자리가 25개 30")
    assert [fault.code for fault in check_prizes(services, hashes=False)] == [
        "check.slots", "check.awards", "check.allocation",
    ]  # fmt: skip


def test_a_prize_given_by_hand(services: Services, edition, make_account) -> None:
    seal_judging(services, edition)
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
        uow.session.execute(
            update(Award).where(Award.slot_ordinal == 1).values(slot_ordinal=1, person_key="other")
        )
    assert [fault.code for fault in check_prizes(services, hashes=False)] == ["check.allocation"]


def test_an_exhibit_without_its_award(services: Services, clock, edition, make_account) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    clock.move_to(dt.datetime(2024, 9, 30, 6, 0, tzinfo=dt.UTC))
    decide_contest(services, edition.id, operator)
    with services.database.read() as session:
        digest = draft_of(session, services.crypto, edition, services.clock.now()).digest
    with services.database.write() as uow:
        approve(uow, edition.id, digest, actor=approver, now=services.clock.now())
    assert list(check_published(services, hashes=False)) == []
    with services.database.write() as uow:
        uow.session.execute(
            update(Award).where(Award.slot_ordinal == 1).values(revoked_at=clock.now(), revoked_for="by_hand")
        )
    (fault,) = check_published(services, hashes=False)
    assert fault.facts["numbers"] == "2024-0001-1"
