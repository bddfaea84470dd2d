"""Every column that may say something about a person has a class, and a class that ends leaves nothing in its columns."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, Enum, Float, Integer, LargeBinary, Table, select, update
from sqlalchemy.types import JSON

from contest.domain.actors import Role
from contest.domain.data_classes import DataClass, Start
from contest.infra.database import Row, UtcDateTime
from contest.infra.texts import codes
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.outbox import Destruction, Message
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission
from contest.operations.audit import broken_link
from contest.operations.check import find_faults
from contest.operations.erase_accounts import FORGOTTEN
from contest.operations.retention import run_erasures
from contest.operations.strays import sweep_strays
from contest.queries.editions import get_edition
from contest.queries.retention import class_lines
from gallery.models.publication import Exhibit
from judging.models.panel import Judge
from judging.queries.allocation import allocation_differences

NOW = dt.datetime(2024, 9, 30, 6, 0, tzinfo=dt.UTC)
ANNOUNCED = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)
LONG_AFTER = dt.datetime(2034, 1, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)

#: What cannot tell of a person: codes, numbers and digests of things, the office's own texts and settings.
IMPERSONAL = {
    "account": "",
    "allocation": "cause digest",
    "amendment": "changes",
    "audit": "actor_kind actor_id action subject_kind subject_id edition_id previous digest",
    "award": "state revoked_for",
    "chair_vote": "order",
    "completion": "chain_head text_digest",
    "conflict": "kind",
    "contest_clock": "offset_seconds",
    "consent_text": "digest kind locale text",
    "destruction": "kind rule",
    "edition": "document copied_from",
    "entry": "entry_number portrait verdict unfit_reason proposed_reason",
    "errand": "kind facts line failed result_key",
    "exclusion": "ground",
    "exhibit": "tier_code entry_number",
    "finding": "kind grade",
    "deliberation": "seal commitment commitment_salt",
    "deliberation_signature": "chain_head text_digest",
    "hand_mark": "mark",
    "holiday": "day name",
    "judge_work": "code image_token zoom_token",
    "library_collection": "title",
    "licence": "scope starts_on ends_on open_licence",
    "message": "code event_key channel subject_kind subject_id locale sent_by failed batch",
    "news_contact": "locale",
    "objection": "case_number category submit_key secret_digest",
    "pair": "kind decision",
    "past_result": "verdict verdict_after",
    "person_request": "outcome",
    "photo": "suffix refusal format",
    "pledge": "kind text_digest",
    "prize_slot": "tier_code",
    "publication": "digest",
    "publication_check": "facts",
    "rendition": "kind",
    "reopening": "shown seal commitment commitment_salt",
    "repair": "shown",
    "round": "rule lot_seed seal commitment commitment_salt",
    "round_entry": "common_number public_number",
    "ruling": "outcome",
    "runoff": "entries tie seal commitment commitment_salt",
    "runoff_ballot": "order previous digest",
    "runoff_work": "image_token zoom_token",
    "score_event": "criterion client_key previous digest",
    "spot": "name name_en name_zh latitude longitude dong note",
    "standing": "mean printed",
    "submission": "receipt_number locale age_band step",
    "supplement": "items outcome",
    "upload": "suffix replaces_entry_id photo_id",
}


def telling(column: Column[Any]) -> bool:
    """Whether a column could hold something about a person: no reference, enumeration, number or instant."""
    if column.foreign_keys or (column.primary_key and column.name == "id"):
        return False
    return not isinstance(column.type, Enum | Boolean | UtcDateTime) and (
        not isinstance(column.type, Integer) or isinstance(column.type, Float)
    )


def every_column() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Row.metadata.tables.values()
        for column in table.columns
        if telling(column)
    }


def classes_by_column(services: Services) -> dict[str, DataClass]:
    return {column: one for one in services.registry.data_classes for column in one.columns}


def test_every_column_has_one_class_or_is_named_as_impersonal(services: Services) -> None:
    known = [column for one in services.registry.data_classes for column in one.columns]
    impersonal = {f"{table}.{name}" for table, names in IMPERSONAL.items() for name in names.split()}
    assert sorted(known) == sorted(set(known)), "a column stands in two classes"
    assert set(known).isdisjoint(impersonal)
    assert every_column() == set(known) | impersonal


def test_every_class_has_its_words_its_lines_and_its_folders(services: Services) -> None:
    registry = services.registry
    said = set(codes())
    runs = {erasure.kind for erasure in registry.erasures}
    for one in registry.data_classes:
        for part in ("name", "held", "ground"):
            assert f"data_class.{one.code}.{part}" in said
        assert f"data_start.{one.start}" in said
        assert set(one.erasures) <= runs
        assert {f"destruction.kind.{kind}" for kind in one.kinds} <= said
    assert sorted(kind for one in registry.data_classes for kind in one.erasures) == sorted(runs)
    kinds = [kind for one in registry.data_classes for kind in one.kinds]
    assert sorted(kinds) == sorted(set(kinds))
    held = {folder for one in registry.data_classes for folder in one.folders}
    assert held | {"probe"} == {folder.name for folder in registry.folders}


class Filler:
    """Makes rows where there are none and writes a canary into every column of a class that ends."""

    numbers = itertools.count(1)

    def __init__(self, services: Services, edition_id: str) -> None:
        self.services, self.edition_id = services, edition_id
        self.telling = {
            column for column, one in classes_by_column(services).items() if one.start is not Start.NEVER
        }
        self.fixed: Mapping[str, dict[str, Any]] = {
            "account": {"role": Role.JUDGE.value},
            "objection": {"state": "decided"},
            "statement": {"answered_at": NOW},
            "ruling": {"confirmed_at": NOW},
            "photo": {"state": "checked"},
            "upload": {"size": 1},
            "message": {"code": "J1", "channel": "sms", "subject_kind": "judge"},
        }

    def canary(self, column: Column[Any]) -> Any:
        n = next(self.numbers)
        if isinstance(column.type, LargeBinary):
            return b"canary%d" % n
        if isinstance(column.type, JSON):
            return {"canary": n}
        if isinstance(column.type, Float):
            return 37.0
        if isinstance(column.type, Date):
            return NOW.date()
        return f"c{n}"

    def plain(self, column: Column[Any]) -> Any:
        if isinstance(column.type, Enum):
            return column.type.enums[0]
        if isinstance(column.type, UtcDateTime):
            return NOW
        if isinstance(column.type, Boolean):
            return False
        if isinstance(column.type, Integer):
            return next(self.numbers) + 100
        return self.canary(column)

    def make(self, session: Any, table: Table, **given: Any) -> Mapping[str, Any]:
        """One row more of a table, with whatever it refers to."""
        values: dict[str, Any] = {}
        for column in table.columns:
            if f"{table.name}.{column.name}" in self.telling:
                values[column.name] = self.canary(column)
            elif column.foreign_keys and not column.nullable:
                values[column.name] = self.referred(session, table, column)
            elif column.primary_key and column.name == "id":
                values[column.name] = self.services.ids.token()
            elif not column.nullable and column.default is None:
                values[column.name] = self.plain(column)
        if "edition_id" in table.columns:
            values["edition_id"] = self.edition_id
        values |= self.fixed.get(table.name, {}) | given
        session.execute(table.insert().values(**values))
        return values

    def referred(self, session: Any, table: Table, column: Column[Any]) -> Any:
        target = next(iter(column.foreign_keys)).column
        if target.table.name == "account":  # several of them must differ
            used = {row[0] for row in session.execute(select(target))}
            want_judge = column.name in {"account_id", "judge_id"} and table.name == "judge"
            if want_judge or not used:
                return self.make(session, target.table)["id"]
            return sorted(used)[len(column.name) % len(used)]
        found = session.scalars(select(target).limit(1)).first()
        return found if found is not None else self.make(session, target.table)[target.name]

    def fill(self) -> None:
        tables = Row.metadata.tables
        with self.services.database.write() as uow:
            for name in sorted({column.partition(".")[0] for column in self.telling}):
                if uow.session.execute(select(tables[name]).limit(1)).first() is None:
                    self.make(uow.session, tables[name])
            for one in sorted(self.telling):
                table, column = tables[one.partition(".")[0]], one.partition(".")[2]
                if table.name in {"account", "message", "repair"}:
                    continue  # what those hold depends on whose they are
                for key in uow.session.execute(select(*table.primary_key)).all():
                    wanted = [part == value for part, value in zip(table.primary_key, key, strict=True)]
                    held = uow.session.execute(select(table.c[column]).where(*wanted)).scalar_one()
                    if held in (None, "", {}, []):
                        uow.session.execute(
                            update(table).where(*wanted).values({column: self.canary(table.c[column])})
                        )


def left(services: Services) -> dict[str, list[Any]]:
    """What the columns of classes that end still hold, of nobody who is still at work."""
    found: dict[str, list[Any]] = {}
    with services.database.read() as session:
        at_work = set(session.scalars(select(Account.id).where(Account.disabled_at.is_(None))))
        for column, one in classes_by_column(services).items():
            if one.start is Start.NEVER:
                continue
            table = Row.metadata.tables[column.partition(".")[0]]
            cell = table.c[column.partition(".")[2]]
            owner = {"account": "id", "message": "subject_id"}.get(table.name)
            chosen = select(cell, *([table.c[owner]] if owner else []), *table.primary_key)
            values = [row[0] for row in session.execute(chosen) if not owner or row[1] not in at_work]
            if column == "statement.text_sealed":  # that there was an answer stays
                ids = session.scalars(select(table.c.id)).all()
                values = [
                    services.crypto.open(value, f"statement.text:{key}")
                    for value, key in zip(values, ids, strict=True)
                ]
            kept = [
                value
                for value in values
                if value not in (None, "", b"", {}, [], FORGOTTEN) and not str(value).startswith("erased-")
            ]
            if kept:
                found[column] = kept
    return found


@pytest.fixture
def full_life(services: Services, clock: Any, decided: Any, approved: str, make_account: Any) -> str:
    """A published contest in which every telling column of every class that ends holds something."""
    filler = Filler(services, decided.edition_id)
    filler.fill()
    closed = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        uow.session.get_one(Account, closed.id).disabled_at = NOW
        seat = uow.session.scalars(select(Judge)).one()
        table = Row.metadata.tables["message"]
        for kind, subject in (
            ("judge", seat.account_id), ("account", closed.id),
            ("submission", uow.session.scalars(select(Submission.id)).first()),
        ):  # fmt: skip
            filler.make(uow.session, table, subject_kind=kind, subject_id=subject)
        other = uow.session.scalars(select(Account.id).where(Account.id != closed.id)).first()
        ruling = Row.metadata.tables["ruling"]
        filler.make(uow.session, ruling, proposed_by=closed.id, confirmed_by=other)
        uow.session.scalars(select(Exhibit)).first().name = "남궁민수"
        for photo in uow.session.scalars(select(Photo)):
            photo.facts = {"exif": "canary"}
    empty = {
        column
        for column, one in classes_by_column(services).items()
        if one.start is not Start.NEVER and column not in held(services)
    }
    assert empty == set(), "the test would say nothing of these"
    return str(decided.edition_id)


def held(services: Services) -> set[str]:
    found = set()
    with services.database.read() as session:
        for column in classes_by_column(services):
            table = Row.metadata.tables[column.partition(".")[0]]
            values = session.execute(select(table.c[column.partition(".")[2]])).scalars().all()
            if any(value not in (None, "", b"", {}, []) for value in values):
                found.add(column)
    return found


def test_when_every_period_is_over_nothing_is_left(
    services: Services, clock: Any, full_life: str, login_as: Any, client: Any
) -> None:
    before = {fault.code for fault in find_faults(services, hashes=False)}
    clock.move_to(LONG_AFTER)
    for _ in range(2):
        run_erasures(services, clock.now())
        sweep_strays(services, clock.now())
    assert left(services) == {}
    assert list(services.storage.list("originals")) == []
    assert {fault.code for fault in find_faults(services, hashes=False)} <= before
    with services.database.read() as session:
        assert broken_link(session) is None
        assert allocation_differences(session, get_edition(session, full_life)) == []
        lines = {line.code: line for line in class_lines(session, services.registry, clock.now())}
        kinds = set(session.scalars(select(Destruction.kind)))
    assert {line.code for line in lines.values() if line.due} == set()
    # Drafts, messages, strays and what goes on request have tests of their own.
    assert kinds == {
        "entrant_data", "news", "winner_data", "winner_photo", "losing_photo", "paper", "account", "sign_in",
        "objection", "jury", "published_name", "published_text",
    }  # fmt: skip
    assert max(answers(client, login_as(Role.OPERATOR))) < 500


def answers(citizen: Any, staff: Any) -> list[int]:
    """Whether pages that tell of winners, judges and messages still open."""
    public = [citizen.get(path).status_code for path in ("/", "/results", "/gallery", "/results/2024")]
    rooms = ("", "/destruction", "/submissions", "/judging", "/messages", "/results", "/publication")
    return public + [staff.get(f"/staff{room}").status_code for room in rooms]


@pytest.mark.any_database
def test_each_class_ends_on_its_day_and_not_a_second_before(
    services: Services, clock: Any, full_life: str
) -> None:
    def ended(at: dt.datetime) -> dict[str, int]:
        clock.move_to(at)
        return {kind: count for kind, count in run_erasures(services, clock.now()).items() if count}

    run_erasures(services, clock.now())
    for at, kind in (
        (dt.datetime(2024, 10, 31, 1, 0, tzinfo=dt.UTC), "losing_photo"),
        (dt.datetime(2025, 1, 1, 1, 0, tzinfo=dt.UTC), "entrant_data"),
        (dt.datetime(2027, 9, 30, 6, 0, tzinfo=dt.UTC), "account"),
        (dt.datetime(2027, 10, 1, 1, 0, tzinfo=dt.UTC), "published_name"),
        (dt.datetime(2029, 9, 30, 6, 0, tzinfo=dt.UTC), "objection"),
    ):
        assert kind not in ended(at - SECOND)
        assert kind in ended(at)
    at = dt.datetime(2029, 10, 1, 1, 0, tzinfo=dt.UTC)
    assert {"winner_data", "jury", "published_text"}.isdisjoint(ended(at - SECOND))
    assert {"winner_data", "jury", "published_text"} <= set(ended(at))


@pytest.mark.any_database
def test_a_judge_of_a_later_jury_stays_known_until_that_ones_period_is_over(
    services: Services, clock: Any, full_life: str
) -> None:
    with services.database.write() as uow:
        first = uow.session.get_one(Edition, full_life)
        account_id = uow.session.scalars(select(Judge.account_id)).one()
        uow.session.add(
            Edition(id="later", year=2027, number=3, stage=first.stage, document=first.document,
                    entry_closes=None, publish_at=None, created_at=NOW, opened_at=NOW)
        )  # fmt: skip
        uow.session.flush()
        uow.session.add(Judge(id="again", edition_id="later", account_id=account_id, affiliation="사진가"))
    clock.move_to(LONG_AFTER)
    assert run_erasures(services, clock.now())["jury"] == 1
    with services.database.read() as session:
        account = session.get_one(Account, account_id)
        seats = dict(session.execute(select(Judge.edition_id, Judge.affiliation)).all())
    assert account.phone is not None
    assert seats == {full_life: "", "later": "사진가"}
    assert run_erasures(services, clock.now())["jury"] == 0


def test_a_name_published_in_full_is_masked_when_its_consent_ends(
    services: Services, clock: Any, decided: Any, approved: str
) -> None:
    with services.database.write() as uow:
        exhibits = uow.session.scalars(select(Exhibit).order_by(Exhibit.slot_ordinal)).all()
        exhibits[0].name, first = "남궁민수", exhibits[0].id
        masked = [exhibit.name for exhibit in exhibits[1:]]
    clock.move_to(ANNOUNCED.replace(year=2027))
    assert run_erasures(services, clock.now())["published_name"] == 1
    with services.database.read() as session:
        names = {row.id: row.name for row in session.scalars(select(Exhibit).order_by(Exhibit.slot_ordinal))}
    assert names.pop(first) == "남**수"
    assert list(names.values()) == masked


def test_the_page_tells_of_every_class(
    services: Services, clock: Any, decided: Any, approved: str, login_as: Any
) -> None:
    def page() -> str:
        return str(login_as(Role.AUDITOR).get("/staff/destruction").text)

    def line(code: str, page: str) -> str:
        found = re.search(rf'<tr id="class-{code}">(.*?)</tr>', page, re.DOTALL)
        assert found is not None
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]))

    whole = page()
    for one in services.registry.data_classes:
        assert line(one.code, whole)
    assert "결과 발표부터 3개월 2024년 제2회 2025. 1. 1.(수) 10:00 (예정)" in line("entrant", page())
    clock.move_to(ANNOUNCED)
    assert "2024년 제2회 2025. 1. 1.(수) 10:00 -" in line("entrant", page())
    clock.move_to(dt.datetime(2024, 10, 31, 1, 0, tzinfo=dt.UTC))
    assert f"{len(decided.losers)}건" in line("losing_photo", page())
    assert "늦음" not in page()
    clock.advance(days=1)
    assert f"늦음 {len(decided.losers)}건" in line("losing_photo", page())
    assert "제때 파기하지 못한 자료가 있습니다" in page()
    run_erasures(services, clock.now())
    told = line("losing_photo", page())
    assert f"{len(decided.losers)}건 마지막 2024. 11. 1.(금) 10:00" in told
    assert "없음" in told
    with services.database.read() as session:
        assert session.scalars(select(Photo).where(Photo.state == PhotoState.ERASED)).first() is not None
        assert session.scalars(select(Message)).first() is not None
