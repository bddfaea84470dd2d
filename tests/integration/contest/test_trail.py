"""The trail is written with the change, chained, and refuses to be altered."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contest.domain.actors import SYSTEM
from contest.infra.guard import BytesInsideTransactionError
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.operations.audit import broken_link


def test_acts_of_a_transaction_are_chained_in_order(services: Services) -> None:
    now = services.clock.now()
    with services.database.write() as uow:
        uow.note("thing.made", ("thing", "1"), actor=SYSTEM, now=now, count=2)
        uow.note("thing.shown", ("thing", "1"), actor=SYSTEM, now=now)
    with services.database.write() as uow:
        uow.note("thing.unmade", ("thing", "1"), actor=SYSTEM, now=now)
    with services.database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.seq)).all()
        assert [(row.seq, row.action) for row in rows] == [
            (1, "thing.made"),
            (2, "thing.shown"),
            (3, "thing.unmade"),
        ]
        assert broken_link(session) is None


def test_a_failed_transaction_leaves_no_act_and_rings_no_bell(services: Services) -> None:
    rung = []

    def fail() -> None:
        with services.database.write() as uow:
            uow.note("thing.made", ("thing", "1"), actor=SYSTEM, now=services.clock.now())
            uow.after_commit(lambda: rung.append(1))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        fail()
    with services.database.read() as session:
        assert session.scalars(select(AuditRow)).all() == []
    assert rung == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_alter_the_trail(services: Services, statement: str) -> None:
    with services.database.write() as uow:
        uow.note("thing.made", ("thing", "1"), actor=SYSTEM, now=services.clock.now())
    with pytest.raises(DBAPIError, match="append-only"), services.database.write() as uow:
        uow.session.execute(text(statement))


def test_a_bit_changed_behind_the_program_is_found(services: Services) -> None:
    with services.database.write() as uow:
        for n in range(3):
            uow.note("thing.made", ("thing", str(n)), actor=SYSTEM, now=services.clock.now())
    with services.database.write() as uow:
        if uow.session.get_bind().dialect.name == "postgresql":
            uow.session.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        else:
            uow.session.execute(text("DROP TRIGGER audit_no_update"))
        uow.session.execute(text("UPDATE audit SET subject_id = 'other' WHERE seq = 2"))
    with services.database.read() as session:
        assert broken_link(session) == 2


def test_bytes_are_refused_while_a_transaction_is_open(services: Services) -> None:
    with services.database.write(), pytest.raises(BytesInsideTransactionError):
        services.storage.put("originals/x", b"1")


def test_the_command_says_whether_the_trail_is_whole(app: Flask, services: Services) -> None:
    with services.database.write() as uow:
        uow.note("thing.made", ("thing", "1"), actor=SYSTEM, now=services.clock.now())
    done = app.test_cli_runner().invoke(args=["verify-trail"])
    assert done.exit_code == 0
    assert "기록 1건이 모두 이어집니다." in done.output
