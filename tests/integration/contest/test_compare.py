"""A photograph taken over is found in whichever order the two arrive, and still when the first is destroyed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re

import pytest
from factories.photos import TAKEN
from factories.submissions import make_submission
from PIL import Image, ImageOps
from sqlalchemy import delete, select

from contest.domain.actors import Role
from contest.domain.alignments import TURNED, Alignment, turned_back
from contest.domain.fingerprints import Photograph, decide
from contest.domain.screening import FindingKind
from contest.infra.imaging.drawn import ExifStamp, draw_landscape, with_exif
from contest.infra.imaging.hashes import fingerprint
from contest.models.entry import Entry, FindingRow
from contest.models.photo import LocalFeatures, Pair, Photo, PhotoState
from contest.operations.compare import compare_photo, sweep_comparisons
from contest.operations.destroy import destroy_bytes, unlink_photo
from contest.operations.examine import examine_photo
from contest.operations.findings import refresh_findings
from contest.queries.pairs import load_pairs


def saved(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def original() -> Image.Image:
    return draw_landscape(11, 960, 720)


def theft() -> Image.Image:
    """The right half of it, mirrored, in a frame."""
    return ImageOps.expand(ImageOps.mirror(original().crop((400, 120, 960, 640))), 40, "white")


def enter(services, edition, picture: Image.Image, name: str) -> str:
    return enter_bytes(services, edition, saved(picture), name)


def enter_bytes(services, edition, picture: bytes, name: str) -> str:
    made = make_submission(
        services, edition, name=name, phone=f"010-0000-{1000 + len(name)}", picture=picture,
        photo_state=PhotoState.WAITING,
    )  # fmt: skip
    examine_photo(services, made.photos[0])
    return made.photos[0]


def kinds(services, photo_id: str) -> list[str]:
    with services.database.read() as session:
        return sorted(
            session.scalars(
                select(FindingRow.kind)
                .join(Entry, Entry.id == FindingRow.entry_id)
                .where(Entry.photo_id == photo_id)
            )
        )


@pytest.mark.parametrize("swapped", [False, True])
def test_a_mirrored_crop_is_found_whichever_came_first(services, clock, edition, swapped: bool) -> None:
    works = [("홍길동", original()), ("김철수아", theft())]
    photos = {}
    for name, picture in reversed(works) if swapped else works:
        photos[name] = enter(services, edition, picture, name)
        clock.move_to(clock.now() + dt.timedelta(seconds=1))
    enter(services, edition, draw_landscape(12, 960, 720), "이웃")
    with services.database.read() as session:
        pair = session.scalars(select(Pair)).one()
        assert {pair.first_photo_id, pair.second_photo_id} == set(photos.values())
        assert pair.kind == "part"
        found = Alignment.from_document(pair.alignment)
    whole_is_first = pair.first_photo_id == photos["홍길동"]
    of_theft = found.turned_round() if whole_is_first else found
    assert found.is_mirrored
    # The cut-out lies where it was cut: from 400, 120 to 960, 640 of 960 x 720, without its frame.
    outline = of_theft.outline()
    left, right = min(x for x, _ in outline), max(x for x, _ in outline)
    assert left == pytest.approx((400 - 40) / 960, abs=0.02)
    assert right == pytest.approx((960 + 40) / 960, abs=0.02)
    for photo_id in photos.values():
        assert FindingKind.PART_OF_OTHER.value in kinds(services, photo_id)


def test_comparing_again_changes_nothing_and_the_sweep_catches_up(services, edition) -> None:
    first = enter(services, edition, original(), "홍길동")
    second = enter(services, edition, theft(), "김철수아")
    with services.database.write() as uow:
        # as if examined before traits were kept
        uow.session.execute(delete(LocalFeatures).where(LocalFeatures.photo_id == first))
        uow.session.execute(delete(Pair))
    sweep_comparisons(services, services.clock.now())
    compare_photo(services, second)
    with services.database.read() as session:
        assert session.scalars(select(Pair.kind)).all() == ["part"]
        listed = load_pairs(session, edition.id, undecided=True)
        assert (listed.open, listed.scenes, len(listed.items)) == (1, 0, 1)
        assert (
            session.scalars(select(LocalFeatures.photo_id).where(LocalFeatures.compared_at.is_(None))).all()
            == []
        )


@pytest.mark.parametrize("turn", [None, *Image.Transpose])
def test_without_features_a_picture_lies_as_its_hash_was_turned(turn: Image.Transpose | None) -> None:
    picture = original()
    other = picture if turn is None else picture.transpose(turn)
    one, two = fingerprint(picture), fingerprint(other)
    for first, second, there in ((one, two, (picture, other)), (two, one, (other, picture))):
        verdict = decide(Photograph("a", first), Photograph("b", second))
        assert verdict is not None
        a, b, c, d, e, f, *_ = TURNED[verdict.orientation]
        for u, v in ((0.25, 0.1), (0.6, 0.75)):
            at = (u * there[0].width, v * there[0].height)
            to = ((a * u + b * v + c) * there[1].width, (d * u + e * v + f) * there[1].height)
            boxes = [(x - 8, y - 8, x + 8, y + 8) for x, y in (at, to)]
            colours = [
                image.resize((1, 1), box=box).getpixel((0, 0))
                for image, box in zip(there, boxes, strict=True)
            ]
            assert colours[0] == pytest.approx(colours[1], abs=8)
        back = decide(Photograph("b", second), Photograph("a", first))
        assert back is not None
        assert back.orientation == turned_back(verdict.orientation)


def test_the_desk_draws_where_the_two_overlap(services, edition, login_as) -> None:
    enter(services, edition, original(), "홍길동")
    second = enter(services, edition, theft(), "김철수아")
    with services.database.read() as session:
        entry_id = session.scalars(select(Entry.id).where(Entry.photo_id == second)).one()
    operator = login_as(Role.OPERATOR)
    page = operator.get(f"/staff/screening/{entry_id}").get_data(as_text=True)
    assert page.count("<polygon") >= 2
    assert "좌우가 뒤집힘" in page
    assert "일부가 같음" in operator.get("/staff/pairs").get_data(as_text=True)
    assert "같은 장면을 찍은 다른 컷이 없습니다." in operator.get("/staff/pairs?view=scenes").get_data(
        as_text=True
    )


def desk_page(services, login_as, photo_id: str) -> str:
    with services.database.read() as session:
        entry_id = session.scalars(select(Entry.id).where(Entry.photo_id == photo_id)).one()
    return login_as(Role.OPERATOR).get(f"/staff/screening/{entry_id}").get_data(as_text=True)


def told(page: str, label: str) -> list[str]:
    """The cells of a line of the table of both files' records."""
    row = re.search(rf"<tr><th[^>]*>{label}</th>(.*?)</tr>", page, re.DOTALL)
    assert row is not None
    return [
        re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)
    ]


def test_both_files_records_stand_side_by_side(services, edition, login_as) -> None:
    stamp = ExifStamp(taken=TAKEN, with_zone=True, make="Canon", model="EOS R6", lens="RF24-70mm F2.8")
    enter_bytes(services, edition, with_exif(saved(original()), stamp), "홍길동")
    copy = dataclasses.replace(stamp, lens=None, software="Adobe Photoshop 25.0")
    second = enter_bytes(services, edition, with_exif(saved(theft()), copy), "김철수아")
    page = desk_page(services, login_as, second)
    assert told(page, "기기") == ["Canon EOS R6", "Canon EOS R6", "같음"]
    assert told(page, "렌즈") == ["기록 없음", "RF24-70mm F2.8", "다름"]
    assert told(page, "저장한 프로그램") == ["Adobe Photoshop 25.0", "기록 없음", "다름"]
    assert told(page, "촬영 일시")[2] == "같음"
    assert told(page, "크기") == ["640×600", "960×720", "다름"]


def test_a_destroyed_picture_is_said_in_its_place(services, clock, edition, login_as) -> None:
    first = enter(services, edition, original(), "홍길동")
    clock.move_to(clock.now() + dt.timedelta(seconds=1))
    second = enter(services, edition, theft(), "김철수아")
    destroy_bytes(services, first)
    with services.database.write() as uow:
        uow.session.scalars(select(Entry).where(Entry.photo_id == first)).one().photo_id = None
        unlink_photo(uow, uow.session.get_one(Photo, first))
    page = desk_page(services, login_as, second)
    assert "기록이 파기된 작품 사진은 보유기간이 지나 파기했습니다." in page
    assert "compare__pane" not in page
    assert "비슷한 사진의 촬영·편집 기록은 남아 있지 않습니다." in page
    assert told(page, "크기") == ["640×600", "960×720", "다름"]


def test_another_frame_of_one_person_stands_apart_from_copies(services, edition) -> None:
    enter(services, edition, original(), "홍길동")
    enter(services, edition, original().crop((100, 60, 900, 660)), "홍길동")
    with services.database.read() as session:
        assert session.scalars(select(Pair.kind)).all() == ["scene"]
        assert load_pairs(session, edition.id, undecided=True).items == ()
        assert len(load_pairs(session, edition.id, undecided=True, scenes=True).items) == 1


def test_a_work_is_not_called_clean_before_it_was_compared(services, edition) -> None:
    photo_id = enter(services, edition, original(), "홍길동")
    with services.database.write() as uow:
        uow.session.get_one(LocalFeatures, photo_id).compared_at = None
        entry = uow.session.scalars(select(Entry)).one()
        refresh_findings(uow, [entry], now=services.clock.now())
        assert entry.verdict is None
    compare_photo(services, photo_id)
    with services.database.read() as session:
        assert session.scalars(select(Entry.verdict)).one() is not None


def test_a_destroyed_photograph_is_still_told_and_belongs_to_nobody(services, clock, edition) -> None:
    first = enter(services, edition, original(), "홍길동")
    destroy_bytes(services, first)
    with services.database.write() as uow:
        entry = uow.session.scalars(select(Entry)).one()
        entry.photo_id = None
        unlink_photo(uow, uow.session.get_one(Photo, first))
    clock.move_to(clock.now() + dt.timedelta(seconds=1))
    second = enter(services, edition, theft(), "김철수아")
    with services.database.read() as session:
        pair = session.scalars(select(Pair)).one()
        assert (pair.first_photo_id, pair.second_photo_id) == (first, second)
        assert session.get_one(Photo, first).submission_id is None
        assert session.get_one(Photo, first).facts == {}
