"""A contest of any size straight into the rows: what the page figures are measured on."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import random
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from contest.domain.actors import SYSTEM, Actor, Role
from contest.domain.numbers import entry_number, receipt_number
from contest.domain.stages import Stage
from contest.infra.clock import KST, SteppedClock
from contest.infra.seed import load_seed
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Fingerprint, Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState
from contest.operations.editions import seed_edition, seed_register
from contest.operations.stages import move_stage
from judging.domain.score_chain import genesis, link
from judging.models.panel import Judge
from judging.models.round import ScoreEvent
from judging.queries.blind import seat_of, tiles
from judging.queries.readiness import as_chained
from wsgi import create_app

TITLES = (
    "안양천의 아침",
    "호암산 노을",
    "벚꽃길 산책",
    "은행나무 아래",
    "가산의 밤",
    "시장 골목",
    "비 갠 오후",
)


def make_app(folder: Path, clock: SteppedClock) -> Flask:
    """An application on a migrated SQLite database in a folder."""
    settings = Settings(
        data=folder,
        database_url=f"sqlite:///{folder / 'data.sqlite3'}",
        jobs_url="inline:",
        storage_url=f"file:{folder / 'media'}",
        mail_url="memory:",
        public_url="http://localhost",
        secrets_file=folder / "secrets.json",
        testing=True,
    )
    app = create_app(settings, clock=clock)
    app.test_cli_runner().invoke(args=["db", "upgrade"])
    return app


def fill(services: Services, clock: SteppedClock, works: int, judges: int = 5) -> Edition:
    """An edition whose entry has closed with so many fit works, a sworn panel, and judging open."""
    chance = random.Random(works)
    now = clock.now()
    with services.database.write() as uow:
        seed_register(uow, load_seed("spots"), load_seed("holidays"), now.date())
        edition = seed_edition(uow, services.registry, load_seed("edition-2024"), now=now)
    clock.move_to(dt.datetime(2024, 9, 5, 10, 0, tzinfo=KST).astimezone(dt.UTC))
    now = clock.now()
    with services.database.write() as uow:
        for number in range(1, works + 1):
            _work(uow, edition, number, chance, now)
        uow.session.get_one(Edition, edition.id).next_receipt = works + 1
        for number in range(judges):
            account = Account(
                id=uow.ids.token(), login=f"judge{number}@example.kr", name=f"심사위원{number}", role=Role.JUDGE,
                recovery_digests=[], created_at=now, activated_at=now,
            )  # fmt: skip
            uow.session.add(account)
            uow.session.flush()
            uow.session.add(
                Judge(
                    id=uow.ids.token(), edition_id=edition.id, account_id=account.id, affiliation="협회",
                    is_external=number > 0, is_chair=number == 1, invited_at=now, first_seen_at=now,
                )
            )  # fmt: skip
    # The bench measures pages, not gates: the panel's pledges are left out, so the stage is set past them.
    gates, services.registry.gates[:] = list(services.registry.gates), []
    with services.database.write() as uow:
        for stage in (Stage.SCREENING, Stage.JUDGING):
            move_stage(uow, services.registry, edition.id, stage, actor=SYSTEM, now=now)
    services.registry.gates[:] = gates
    return edition


def _work(uow, edition: Edition, number: int, chance: random.Random, now: dt.datetime) -> None:
    session = uow.session
    submission_id, photo_id, entry_id = uow.ids.token(), uow.ids.token(), uow.ids.token()
    receipt = receipt_number(edition.year, edition.number, number)
    name, phone = f"응모자{number}", f"+8210{number:08d}"
    session.add(
        Submission(
            id=submission_id, edition_id=edition.id, state=SubmissionState.SUBMITTED, receipt_number=receipt,
            secret_digest=uow.crypto.digest("secret", str(number)), age_band="adult",
            name_sealed=uow.crypto.seal(name, f"submission.name:{submission_id}"),
            phone_sealed=uow.crypto.seal(phone, f"submission.phone:{submission_id}"),
            name_key=uow.crypto.digest("name", name), phone_key=uow.crypto.digest("phone", phone),
            person_key=uow.crypto.digest("person", name + phone), step="done",
            created_at=now, updated_at=now, submitted_at=now,
        )
    )  # fmt: skip
    session.flush()
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    session.add(
        Photo(
            id=photo_id, edition_id=edition.id, submission_id=submission_id, state=PhotoState.CHECKED, sha256=digest,
            bytes=4_000_000, suffix=".jpg", stored_at=now, format="jpeg", width=4000, height=3000, facts={},
            examined_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add_all(
        Rendition(
            id=uow.ids.token(),
            photo_id=photo_id,
            kind=kind,
            sha256=digest,
            bytes=100_000,
            width=side,
            height=side * 3 // 4,
        )
        for kind, side in (("preview", 2048), ("judge", 2048), ("thumb", 400))
    )
    session.add(
        Fingerprint(
            photo_id=photo_id,
            pdq=chance.randbytes(32),
            pdq_quality=90,
            phash=chance.randbytes(32),
            packed=chance.randbytes(577),
        )
    )
    title = chance.choice(TITLES)
    session.add(
        Entry(
            id=entry_id, edition_id=edition.id, submission_id=submission_id, photo_id=photo_id, ordinal=1,
            entry_number=entry_number(receipt, 1), state=EntryState.FIT, title=title, screened_title=title,
            screened_place="시흥1동", dong="시흥1동", place_source="dong", alternative_text=title, verdict="fit",
            screened_at=now, created_at=now, updated_at=now,
        )
    )  # fmt: skip


def give_everything(services: Services, judge: Actor, seed: int = 7) -> str:
    """The judge's chain with a level for every criterion of every work; the first work."""
    chance = random.Random(seed)
    with services.database.write() as uow:
        seat = seat_of(uow.session, judge.id)
        assert seat.rule is not None
        assert seat.round_id is not None
        works = [tile.work_id for tile in tiles(uow.session, seat)]
        last = uow.session.scalars(
            select(ScoreEvent).where(ScoreEvent.judge_id == seat.judge_id).order_by(ScoreEvent.seq.desc())
        ).first()
        head, begun = (last.digest, last.seq) if last else (genesis(seat.round_id, seat.judge_id), 0)
        given = itertools.product(works, seat.rule.rubric.codes())
        for seq, (work, criterion) in enumerate(given, start=begun + 1):
            event = ScoreEvent(
                judge_id=seat.judge_id, round_id=seat.round_id, seq=seq, work_id=work, criterion=criterion,
                level=chance.randint(1, 5), at=services.clock.now(), client_key=f"k{seq}", previous=head,
            )  # fmt: skip
            event.digest = head = link(head, as_chained(event))
            uow.session.add(event)
    return works[0]


def signed_in(app: Flask, services: Services, actor: Actor):
    """A browser signed in as an account."""
    from contest.operations.sessions import begin_session  # noqa: PLC0415  only some benches sign in

    with services.database.write() as uow:
        account = uow.session.get_one(Account, actor.id)
        token, _ = begin_session(
            uow,
            account,
            actor=actor,
            now=services.clock.now(),
            wall=services.clock.wall(),
            second_factor=True,
        )
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    return browser
