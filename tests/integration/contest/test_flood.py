"""A picture that floods in: it costs each of its works the same, and nobody hides a copy behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from factories.submissions import make_submission
from flask.testing import FlaskClient
from integration.contest.test_compare import kinds, original, saved
from integration.contest.test_library import post
from PIL import Image
from sqlalchemy import event, func, or_, select

from contest.domain.actors import SYSTEM, Role
from contest.domain.copy_findings import MOST_ALIKE
from contest.domain.fingerprints import Fingerprint as Prints
from contest.domain.screening import FindingKind
from contest.infra.imaging.results import Traits
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.photo import Pair
from contest.models.submission import Submission, SubmissionState
from contest.operations.compare import compare_anew, remember
from contest.operations.findings import refresh_related
from contest.operations.withdraw import withdraw_works

NEAR_COPY = FindingKind.NEAR_COPY_OTHER.value


@dataclass
class Flood:
    """Works of pictures that were looked at once; every one of another person."""

    services: Services
    edition: Edition
    persons: int = 0

    def look(self, picture: Image.Image) -> tuple[bytes, Prints, Traits]:
        """A picture's bytes and what tells it."""
        data = saved(picture)
        seen = self.services.imaging.inspect(data)
        assert seen.fingerprint is not None
        assert seen.traits is not None
        return data, seen.fingerprint, seen.traits

    def enter(
        self,
        look: tuple[bytes, Prints, Traits],
        *,
        state: SubmissionState = SubmissionState.SUBMITTED,
        phone: str | None = None,
        is_same_file: bool = False,
    ) -> str:
        """A work of this picture, compared; gives its photograph. Else each has a file of its own."""
        self.persons += 1
        data, prints, traits = look
        tail = b"" if is_same_file else b"%d" % self.persons
        made = make_submission(
            self.services, self.edition, name="가나다라마바사아자차"[self.persons % 10] + "김이박최정"[self.persons // 10 % 5],
            phone=phone or f"010-0000-{self.persons:04d}", picture=data + tail, state=state,
        )  # fmt: skip
        self.services.clock.move_to(self.services.clock.now() + dt.timedelta(seconds=1))
        with self.services.database.write() as uow:
            remember(uow, made.photos[0] or "", prints, traits)
        return made.photos[0] or ""

    def hand_in(self, photo_id: str) -> None:
        """A draft becomes a work."""
        with self.services.database.write() as uow:
            entry = uow.session.scalars(select(Entry).where(Entry.photo_id == photo_id)).one()
            submission = uow.session.get_one(Submission, entry.submission_id)
            submission.state, submission.submitted_at = SubmissionState.SUBMITTED, self.services.clock.now()
            submission.receipt_number = f"2024-02-{9000 + self.persons}"
            self.persons += 1
            entry.state, entry.entry_number = EntryState.SUBMITTED, f"{submission.receipt_number}-1"
            compare_anew(uow, [photo_id])
            refresh_related(uow, [entry], now=self.services.clock.now())

    def take_back(self, photo_id: str) -> None:
        """A work is withdrawn."""
        with self.services.database.write() as uow:
            entry = uow.session.scalars(select(Entry).where(Entry.photo_id == photo_id)).one()
            submission = uow.session.get_one(Submission, entry.submission_id)
            withdraw_works(
                uow, submission, [entry], actor=SYSTEM, now=self.services.clock.now(), is_told=False
            )

    def hide(self, look: tuple[bytes, Prints, Traits]) -> tuple[list[str], str]:
        """Works of a picture before and after the author's: as many as leave no place for it; and the author's."""
        before = [self.enter(look) for _ in range(MOST_ALIKE // 2)]
        author = self.enter(look)
        return before + [self.enter(look) for _ in range(MOST_ALIKE // 2)], author

    def partners(self, photo_id: str) -> set[str]:
        """The photographs it is paired with."""
        with self.services.database.read() as session:
            pairs = session.scalars(
                select(Pair).where(or_(Pair.first_photo_id == photo_id, Pair.second_photo_id == photo_id))
            ).all()
        return {one for pair in pairs for one in (pair.first_photo_id, pair.second_photo_id)} - {photo_id}


@pytest.fixture
def flood(services: Services, edition: Edition) -> Flood:
    return Flood(services, edition)


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*facts: object) -> None:
        asked.append(str(facts[2]))

    event.listen(services.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(services.database.engine, "before_cursor_execute", note)


def test_each_work_of_a_flood_costs_as_many_statements_and_is_told_of_as_many_others(
    services: Services, flood: Flood
) -> None:
    look = flood.look(original())
    photos = [flood.enter(look) for _ in range(MOST_ALIKE + 2)]
    with counted(services) as early:
        photos.append(flood.enter(look))
    photos += [flood.enter(look) for _ in range(2 * MOST_ALIKE)]
    with counted(services) as late:
        photos.append(flood.enter(look))
    assert len(late) == len(early)
    with services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Pair)) == sum(
            min(before, MOST_ALIKE) for before in range(len(photos))
        )
        told = session.execute(
            select(Entry.photo_id, func.count())
            .join(FindingRow, FindingRow.entry_id == Entry.id)
            .where(FindingRow.kind == NEAR_COPY)
            .group_by(Entry.photo_id)
        ).all()
    assert dict(told) == dict.fromkeys(photos, MOST_ALIKE)


@pytest.mark.parametrize("is_same_file", [False, True])
def test_the_work_that_was_there_first_is_found_by_every_one_of_a_flood(
    flood: Flood, is_same_file: bool
) -> None:
    first = flood.enter(flood.look(original().resize((900, 675))))
    look = flood.look(original())
    photos = [flood.enter(look, is_same_file=is_same_file) for _ in range(MOST_ALIKE + 5)]
    assert flood.partners(first) == set(photos)


def test_a_draft_is_compared_with_others_when_it_is_handed_in(flood: Flood) -> None:
    look = flood.look(original())
    standing, draft = flood.enter(look), flood.enter(look, state=SubmissionState.DRAFT)
    assert flood.partners(standing) == flood.partners(draft) == set()
    flood.hand_in(draft)
    assert flood.partners(standing) == {draft}


@pytest.mark.parametrize("is_part", [False, True])
def test_no_copy_hides_behind_drafts(services: Services, flood: Flood, is_part: bool) -> None:
    whole = original()
    look = flood.look(whole)
    taken = flood.look(whole.crop((400, 120, 960, 640)) if is_part else whole.resize((900, 675)))
    author = flood.enter(look, state=SubmissionState.DRAFT)
    for _ in range(MOST_ALIKE + 5):
        flood.enter(taken, state=SubmissionState.DRAFT)
    thief = flood.enter(taken, state=SubmissionState.DRAFT)
    flood.hand_in(thief)
    assert flood.partners(thief) == set()
    flood.hand_in(author)
    assert flood.partners(thief) == {author}
    kind = FindingKind.PART_OF_OTHER.value if is_part else NEAR_COPY
    assert kind in kinds(services, author)
    assert kind in kinds(services, thief)


def test_a_flood_taken_back_leaves_no_copy_unseen(services: Services, flood: Flood) -> None:
    look = flood.look(original())
    others, author = flood.hide(look)
    thief = flood.enter(look)
    assert author not in flood.partners(thief)  # as many as are kept are earlier or nearer
    for photo_id in others:
        flood.take_back(photo_id)
    assert author in flood.partners(thief)
    for photo_id in (author, thief):
        assert kinds(services, photo_id).count(NEAR_COPY) == 1


def test_many_of_one_telephone_are_told_of_as_many_as_of_a_flood(services: Services, flood: Flood) -> None:
    look, kind = flood.look(original()), FindingKind.SAME_PHONE_OTHER_NAME.value
    photos = [flood.enter(look, phone="010-7777-7777") for _ in range(MOST_ALIKE + 5)]
    with services.database.write() as uow:
        last = uow.session.scalars(select(Entry).where(Entry.photo_id == photos[-1])).one()
        refresh_related(uow, [last], now=services.clock.now())
    assert kinds(services, photos[0]).count(kind) == kinds(services, photos[-1]).count(kind) == MOST_ALIKE


def test_the_desk_shows_as_many_as_one_looks_at_and_the_rest_when_those_are_decided(
    services: Services, flood: Flood, login_as: Callable[[Role], FlaskClient]
) -> None:
    look = flood.look(original())
    photos = [flood.enter(look) for _ in range(MOST_ALIKE + 3)]
    with services.database.read() as session:
        entry_id = session.scalars(select(Entry.id).where(Entry.photo_id == photos[0])).one()
    operator = login_as(Role.OPERATOR)
    here = f"/staff/screening/{entry_id}"
    page = operator.get(here).get_data(as_text=True)
    decide = re.findall(rf'action="(/staff/pairs/{photos[0]}/[^"]+)"', page)
    assert len(set(decide)) == MOST_ALIKE
    assert "비슷한 사진이 이 밖에 2쌍 더 있습니다." in page
    for address in sorted(set(decide))[:5]:
        assert post(operator, here, address, decision="distinct").status_code == 303
    later = re.findall(
        rf'action="(/staff/pairs/{photos[0]}/[^"]+)"',
        operator.get(here).get_data(as_text=True),
    )
    assert set(later) - set(decide) == {f"/staff/pairs/{photos[0]}/{one}" for one in photos[-2:]}
