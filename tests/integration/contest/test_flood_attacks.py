"""What hides a copy in a flood: comparisons overtaken by acts, works erased or replaced, parts that come and go."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from flask.testing import FlaskClient
from integration.contest.test_compare import desk_page, kinds, original
from integration.contest.test_flood import NEAR_COPY, Flood
from integration.contest.test_flood import flood as flood  # noqa: PLC0414  a fixture, found by its name here
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from contest.domain.actors import SYSTEM
from contest.domain.copy_findings import MOST_ALIKE
from contest.domain.fingerprints import Fingerprint as Prints
from contest.infra.fingerprint_index import KnownPhotographs
from contest.infra.imaging.results import Traits
from contest.infra.wiring import Services
from contest.models.entry import Entry
from contest.models.photo import LocalFeatures, Photo
from contest.models.submission import Submission, SubmissionState
from contest.operations import compare, submit
from contest.operations.compare import compare_anew, compare_photo, remember
from contest.operations.destroy import destroy_photo
from contest.operations.erase import erase_own
from contest.operations.findings import refresh_findings
from contest.operations.receive import Stored, attach_or_discard
from contest.operations.withdraw import withdraw_works

DRAFT = SubmissionState.DRAFT


@contextmanager
def held(services: Services) -> Iterator[list[tuple[str, dict[str, object]]]]:
    """Bells that no worker hears."""
    rung: list[tuple[str, dict[str, object]]] = []
    before = services.database._tools
    services.database._tools = dataclasses.replace(before, ring=lambda job, **ids: rung.append((job, ids)))
    try:
        yield rung
    finally:
        services.database._tools = before


def hear(services: Services, rung: list[tuple[str, dict[str, object]]]) -> None:
    """The worker hears them after all."""
    for job, ids in rung:
        services.jobs.ring(job, **ids)


def once(function: Callable[[], object]) -> Callable[[], None]:
    done: list[bool] = []

    def call() -> None:
        if not done:
            done.append(True)
            function()

    return call


@pytest.mark.postgres_only  # SQLite has one writer at a time: nothing can come between
def test_handed_in_while_its_comparison_waits_to_be_written(
    services: Services, flood: Flood, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = flood.look(original())
    standing = flood.enter(look)
    with held(services) as rung:
        draft = flood.enter(look, state=DRAFT)
        lock = compare.lock_pairs
        hand_in = once(lambda: flood.hand_in(draft))

        def waiting(session: object) -> None:
            monkeypatch.setattr(compare, "lock_pairs", lock)
            hand_in()
            lock(session)

        monkeypatch.setattr(compare, "lock_pairs", waiting)
        compare_photo(services, draft)
    hear(services, rung)
    assert flood.partners(draft) == {standing}


def test_two_handed_in_while_another_worker_learns_what_is_stored(
    services: Services, flood: Flood, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = flood.look(original())
    mine, other = flood.enter(look, state=DRAFT), flood.enter(look, state=DRAFT)
    with services.database.write() as uow:
        uow.session.get_one(LocalFeatures, mine).compared_at = None  # as if described only now
    there = dataclasses.replace(services, known=KnownPhotographs())
    real = compare._catch_up
    with held(services) as rung:

        def slow(of: Services, session: object) -> set[str]:
            forgotten = real(of, session)
            if of is there and not rung:
                session.rollback()  # each statement sees what is committed, as on PostgreSQL
                flood.hand_in(other)
                compare_photo(services, other)
                flood.hand_in(mine)
            return forgotten

        monkeypatch.setattr(compare, "_catch_up", slow)
        compare_photo(there, mine)
    hear(services, rung)
    assert flood.partners(mine) == {other}


def test_examined_while_it_is_handed_in(services: Services, flood: Flood) -> None:
    look = flood.look(original())
    standing = flood.enter(look)
    with held(services):
        draft = flood.enter(look, state=DRAFT)
    with services.database.write() as uow:  # not examined yet
        uow.session.delete(uow.session.get_one(LocalFeatures, draft))
        uow.session.flush()
        uow.session.execute(
            compare.Fingerprint.__table__.delete().where(compare.Fingerprint.photo_id == draft)
        )

    def examine() -> None:
        with services.database.write() as uow:
            uow.session.get(Photo, draft, with_for_update=True)
            remember(uow, draft, look[1], look[2])

    with services.database.write() as uow:  # as submit_entry
        compare_anew(uow, [draft])
        entry = uow.session.scalars(select(Entry).where(Entry.photo_id == draft)).one()
        submission = uow.session.get_one(Submission, entry.submission_id)
        submission.state, submission.submitted_at = SubmissionState.SUBMITTED, services.clock.now()
        submission.receipt_number = "2024-02-9999"
        entry.state, entry.entry_number = compare.EntryState.SUBMITTED, "2024-02-9999-1"
        uow.session.flush()
        examining = threading.Thread(target=examine)
        examining.start()
        examining.join(1.5)
    examining.join()
    assert flood.partners(draft) == {standing}


def test_a_flood_taken_back_while_a_copy_is_compared(
    services: Services, flood: Flood, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = flood.look(original())
    others, author = flood.hide(look)
    align = services.imaging.align
    with held(services) as rung:
        thief = flood.enter(look)
        take_back = once(lambda: [flood.take_back(photo_id) for photo_id in others])

        def slow(*given: object) -> object:
            take_back()
            return align(*given)

        monkeypatch.setattr(services.imaging, "align", slow)
        compare_photo(services, thief)
    # The bells of those withdrawals ring only for what was paired with them.
    hear(services, [bell for bell in rung if bell[1].get("photo_id") == thief])
    assert author in flood.partners(thief)


def erase(services: Services, photo_id: str) -> None:
    with services.database.read() as session:
        submission_id = session.scalars(select(Entry.submission_id).where(Entry.photo_id == photo_id)).one()
    erase_own(services, submission_id, actor=SYSTEM, now=services.clock.now())


def replace(services: Services, photo_id: str) -> None:
    with services.database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.photo_id == photo_id)).one()
    replaced = attach_or_discard(
        services, entry.submission_id, Stored(services.ids.token(), 3, "0" * 64, ".jpg"), entry.id,
        actor=SYSTEM, now=services.clock.now(),
    )  # fmt: skip
    assert replaced == photo_id
    destroy_photo(services, photo_id)


@pytest.mark.parametrize("is_before", [False, True])
def test_no_copy_hides_behind_works_that_were_erased(
    services: Services, flood: Flood, is_before: bool
) -> None:
    look = flood.look(original())
    others, author = flood.hide(look)
    thief = None if is_before else flood.enter(look)
    for photo_id in others:
        erase(services, photo_id)
    thief = thief or flood.enter(look)
    assert author in flood.partners(thief)
    assert NEAR_COPY in kinds(services, author)
    assert NEAR_COPY in kinds(services, thief)


def test_no_copy_hides_behind_works_whose_photographs_were_replaced(services: Services, flood: Flood) -> None:
    look = flood.look(original())
    others, author = flood.hide(look)
    thief = flood.enter(look)
    for photo_id in others:
        replace(services, photo_id)
    assert author in flood.partners(thief)
    assert kinds(services, thief).count(NEAR_COPY) == 1


Look = tuple[bytes, Prints, Traits]


def blurred(look: Look, seed: int, most: int) -> Look:
    """A picture whose features are nearly those of another, and whose hashes are not."""
    random = np.random.default_rng(seed)
    data, prints, traits = look
    features = traits.features
    there = np.frombuffer(features.descriptors, np.uint8).astype(int)
    moved = np.clip(there + random.integers(-most, most + 1, there.shape), 0, 255).astype(np.uint8).tobytes()
    hashed = tuple(int.from_bytes(random.bytes(32)) for _ in range(8))
    other = dataclasses.replace(prints, pdq=hashed, phash256=hashed)
    return data + b"%d" % seed, other, Traits(dataclasses.replace(features, descriptors=moved), None)


def crowd(flood: Flood, look: Look) -> None:
    """As many other pictures as are asked for, and more: each gets a few chance votes, lying nowhere."""
    features = look[2].features
    rows = np.frombuffer(features.states()[1], np.uint8).reshape(-1, 128)
    for seed in range(60):
        strewn = np.random.default_rng(seed).permutation(rows).tobytes()
        other = dataclasses.replace(look[2], features=dataclasses.replace(features, descriptors=strewn))
        flood.enter(blurred((look[0], look[1], other), 1000 + seed, 30))


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_no_part_hides_behind_its_own_copies(services: Services, flood: Flood, is_taken_back: bool) -> None:
    part = flood.look(original())
    crowd(flood, part)
    author = flood.enter(blurred(part, 1, 4))
    for _ in range(10):
        photo_id = flood.enter(part)
        if is_taken_back:
            flood.take_back(photo_id)
    thief = flood.enter(part)
    assert author in flood.partners(thief)


@pytest.mark.parametrize("is_replaced", [False, True])
def test_no_part_hides_behind_what_is_gone(services: Services, flood: Flood, is_replaced: bool) -> None:
    part = flood.look(original())
    crowd(flood, part)
    author = flood.enter(blurred(part, 1, 12))
    for n in range(12):
        photo_id = flood.enter(blurred(part, 10 + n, 2))
        if is_replaced:
            replace(services, photo_id)
        else:
            flood.take_back(photo_id)
    thief = flood.enter(part)
    assert author in flood.partners(thief)


def test_parts_taken_back_leave_no_copy_unseen(services: Services, flood: Flood) -> None:
    part = flood.look(original())
    crowd(flood, part)
    others = [flood.enter(blurred(part, 10 + n, 2)) for n in range(12)]
    author = flood.enter(blurred(part, 1, 12))
    thief = flood.enter(part)
    assert author not in flood.partners(thief)  # as many as are kept share more with it
    for photo_id in others:
        flood.take_back(photo_id)
    assert author in flood.partners(thief)


def test_misty_pictures_that_are_no_copies_crowd_out_none(services: Services, flood: Flood) -> None:
    data, prints, _ = flood.look(original())
    misty, plain = dataclasses.replace(prints, quality=10), Traits(compare.Features(1, 1, b"", b""), None)
    foreign = tuple((1 << 256) - 1 - one for one in prints.phash256)
    flipped = tuple(
        one ^ (0x5555 << 100) ^ (0x3333333333333333 << 8) ^ (0xFFFFFFFFFFFF << 150) for one in foreign
    )
    other = dataclasses.replace(misty, phash256=flipped)
    for _ in range(MOST_ALIKE // 2):
        flood.enter((data, other, plain))
    author = flood.enter((data, misty, plain))
    for _ in range(MOST_ALIKE // 2):
        flood.enter((data, other, plain))
    thief = flood.enter((data, misty, plain))
    assert author in flood.partners(thief)


def test_works_of_one_person_that_nobody_is_told_of_crowd_out_no_finding(
    services: Services, flood: Flood
) -> None:
    whole = original()
    look = flood.look(whole)
    first = flood.enter(look)
    for _ in range(MOST_ALIKE + 2):
        flood.enter(look)
    author = flood.enter(look)
    with services.database.write() as uow:  # staff joined the persons of the flood
        works = uow.session.scalars(select(Entry).where(Entry.photo_id != author)).all()
        for work in works:
            uow.session.get_one(Submission, work.submission_id).joined_person_key = "one"
        refresh_findings(uow, works, now=services.clock.now())
    assert author in flood.partners(first)
    assert kinds(services, first).count(NEAR_COPY) == 1


def test_the_desk_shows_what_stands_before_what_was_taken_back(
    services: Services, flood: Flood, login_as: Callable[..., FlaskClient]
) -> None:
    look = flood.look(original())
    others, author = flood.hide(look)
    thief = flood.enter(look)
    services.clock.move_to(services.clock.now() + dt.timedelta(hours=1))
    for photo_id in others:
        flood.take_back(photo_id)
    assert f"/staff/pairs/{thief}/{author}" in desk_page(services, login_as, thief)


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_what_taking_a_flood_back_costs(
    services: Services, flood: Flood, monkeypatch: pytest.MonkeyPatch, is_newest_first: bool
) -> None:
    monkeypatch.setattr(compare, "MOST_ALIKE", 4)
    look = flood.look(original())
    photos = [flood.enter(look) for _ in range(60)]
    rung: list[str] = []
    before = services.database._tools

    def ring(job: str, **ids: object) -> None:
        rung.append(job)
        before.ring(job, **ids)

    services.database._tools = dataclasses.replace(before, ring=ring)
    for photo_id in reversed(photos) if is_newest_first else photos:
        flood.take_back(photo_id)
    services.database._tools = before
    assert rung.count("compare") <= 2 * len(photos), rung.count("compare")


def test_taking_back_waits_for_a_comparison_and_neither_is_refused(
    services: Services, flood: Flood, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = flood.look(original())
    first, second = flood.enter(look), flood.enter(look)
    with services.database.write() as uow:
        compare_anew(uow, [])
        uow.session.get_one(LocalFeatures, first).compared_at = None
        uow.session.execute(compare.Pair.__table__.delete())
    with held(services):
        third = flood.enter(look)  # not compared, so the first is thinned by nothing but the second
    judge, failed = compare.judge_pair, []
    started = threading.Event()

    def take_back() -> None:
        try:
            with services.database.write() as uow:
                entry = uow.session.scalars(select(Entry).where(Entry.photo_id == second)).one()
                submission = uow.session.get_one(Submission, entry.submission_id)
                started.set()
                withdraw_works(
                    uow, submission, [entry], actor=SYSTEM, now=services.clock.now(), is_told=False
                )
        except OperationalError as error:
            failed.append(error)

    acting = threading.Thread(target=take_back)

    def slow(*given: object) -> object:  # the rows of the comparison are held by now
        if not started.is_set():
            acting.start()
            acting.join(1.5)
        return judge(*given)

    with services.database.write() as uow:
        now = services.clock.now()
        uow.session.add(
            compare.Pair(first_photo_id=first, second_photo_id=second, kind="near_identical", found_at=now)
        )
        uow.session.execute(compare.update(Entry).values(verdict=None))
    monkeypatch.setattr(compare, "judge_pair", slow)
    compare_photo(services, first)
    acting.join()
    assert failed == []
    assert third in flood.partners(first)


def test_handing_in_waits_for_a_comparison_and_neither_is_refused(
    services: Services, flood: Flood, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = flood.look(original())
    standing = flood.enter(look)
    with held(services):
        draft = flood.enter(look, state=DRAFT)
    with services.database.write() as uow:
        uow.session.execute(compare.update(Entry).values(verdict=None))
        submission_id = uow.session.scalars(select(Entry.submission_id).where(Entry.photo_id == draft)).one()
    monkeypatch.setattr(submit, "_require_complete", lambda *_: None)
    monkeypatch.setattr(submit, "_require_rules", lambda *_: None)
    refresh, failed = compare.refresh_findings, []

    def hand_in() -> None:
        try:
            with services.database.write() as uow:
                submit.submit_entry(uow, submission_id, submit_key="", actor=SYSTEM, now=services.clock.now())
        except OperationalError as error:
            failed.append(error)

    acting = threading.Thread(target=hand_in)

    def slow(*given: object, **named: object) -> None:  # the rows of the comparison are held by now
        if acting.ident is None:
            acting.start()
            acting.join(1.5)
        refresh(*given, **named)

    monkeypatch.setattr(compare, "refresh_findings", slow)
    compare_photo(services, draft)
    acting.join()
    assert failed == []
    assert flood.partners(draft) == {standing}
