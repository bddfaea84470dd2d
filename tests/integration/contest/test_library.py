"""Winners of other contests: taken in by command, found in works whichever came first, put away again."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import pytest
from factories.photos import jpeg
from factories.submissions import make_submission
from PIL import Image, ImageOps
from sqlalchemy import func, select

from contest.domain.actors import Role
from contest.domain.stages import Stage
from contest.domain.strays import SAFE_AGE, WATCH
from contest.infra import clock as machine
from contest.infra.imaging.drawn import draw_landscape
from contest.models.audit import AuditRow
from contest.models.entry import Entry, FindingRow
from contest.models.library import LibraryPicture
from contest.models.photo import Fingerprint, LocalFeatures, Pair, Photo, PhotoState, Rendition
from contest.operations.check import find_faults
from contest.operations.examine import examine_photo
from contest.operations.library import remove_collection
from contest.operations.strays import sweep_strays
from contest.queries.screening_gate import screening_gate

TITLE = "제10회 한강 사진공모전"
NAME = f"{TITLE}(2023) 1번"


def saved(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def winner() -> Image.Image:
    return draw_landscape(21, 960, 720)


def edited() -> Image.Image:
    """The winner cut, mirrored and framed."""
    return ImageOps.expand(ImageOps.mirror(winner().crop((300, 100, 960, 700))), 36, "white")


def enter(services, edition, picture: bytes) -> str:
    made = make_submission(services, edition, picture=picture, photo_state=PhotoState.WAITING)
    examine_photo(services, made.photos[0])
    with services.database.read() as session:
        return session.scalars(select(Entry.id).where(Entry.photo_id == made.photos[0])).one()


def add(app, folder: Path, *more: str):
    return app.test_cli_runner().invoke(
        args=[
            "library",
            "add",
            str(folder),
            "--title",
            TITLE,
            "--year",
            "2023",
            "--source",
            "수상작품집",
            *more,
        ]
    )


def findings(services, entry_id: str) -> list[tuple[str, str | None]]:
    with services.database.read() as session:
        rows = session.scalars(select(FindingRow).where(FindingRow.entry_id == entry_id))
        return [(row.grade, row.facts.get("entry")) for row in rows if row.kind == "library_match"]


def post(client, page: str, path: str, **data: str):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).get_data(as_text=True))
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], **data})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two winners, one of them twice, a broken file, a text and what a computer leaves lying about."""
    made = tmp_path / "winners"
    (made / "대상").mkdir(parents=True)
    (made / "1.jpg").write_bytes(saved(winner()))
    (made / "대상" / "홍길동.jpg").write_bytes(saved(draw_landscape(22, 960, 720)))
    (made / "대상" / "again.jpg").write_bytes(saved(draw_landscape(22, 960, 720)))
    (made / "broken.jpg").write_bytes(jpeg(23)[:9_000])
    (made / "list.txt").write_text("수상자 명단")
    (made / ".DS_Store").write_bytes(b"\0")
    return made


@pytest.mark.parametrize("library_first", [False, True])
def test_an_edited_winner_is_found_whichever_came_first(
    app, services, edition, folder, library_first
) -> None:
    if library_first:
        assert add(app, folder).exit_code == 0
    copied = enter(services, edition, saved(edited()))
    honest = enter(services, edition, saved(draw_landscape(24, 960, 720)))
    if not library_first:
        assert add(app, folder).exit_code == 0
    assert findings(services, copied) == [("doubtful", NAME)]
    assert findings(services, honest) == []
    with services.database.read() as session:
        pair = session.scalars(select(Pair)).one()
        assert session.get(LibraryPicture, pair.first_photo_id) is not None  # always the earlier
        assert pair.kind == "part"


def test_a_folder_goes_in_once_and_only_what_compares_is_kept(app, services, edition, folder) -> None:
    said = add(app, folder)
    assert said.exit_code == 0
    assert "넣은 사진 2점, 이미 있던 사진 1점, 넣지 않은 파일 2개." in said.output
    assert "넣지 않음: broken.jpg: 손상되어 끝까지 읽을 수 없습니다." in said.output
    assert "넣지 않음: list.txt: 사진 파일이 아닙니다." in said.output
    again = add(app, folder)
    assert "넣은 사진 0점, 이미 있던 사진 3점, 넣지 않은 파일 2개." in again.output
    with services.database.read() as session:
        counted = [
            session.scalar(select(func.count()).select_from(row))
            for row in (Photo, LibraryPicture, Fingerprint, LocalFeatures, Rendition)
        ]
        assert counted == [2, 2, 2, 2, 2]
        keys = {f"renditions/{one}" for one in session.scalars(select(Rendition.id))}
        assert [max(row) for row in session.execute(select(Rendition.width, Rendition.height))] == [400, 400]
    assert set(services.storage.list()) == keys  # no original, under no name


def test_what_cannot_be_taken_is_said(app, folder, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    assert "폴더에 파일이 없습니다." in add(app, tmp_path / "empty").output
    assert "연도는 1950년에서" in add(app, folder, "--year", "23").output
    unknown = add(app, folder, "--by", "nobody@example.kr")
    assert unknown.exit_code == 1
    assert "넣은 사진" not in unknown.output


def test_the_pair_stands_on_the_desk_holds_judging_and_is_told_apart(
    app, services, edition, folder, login_as
) -> None:
    copied = enter(services, edition, saved(winner().resize((700, 525))))
    add(app, folder)
    operator = login_as(Role.OPERATOR)
    page = operator.get(f"/staff/screening/{copied}").get_data(as_text=True)
    assert f"다른 공모전 수상작: {NAME}" in page
    assert "수상작품집" in page
    assert page.count("compare__pane") == 2
    assert f"{NAME} (다른 공모전 수상작)" in operator.get("/staff/pairs").get_data(as_text=True)

    def blockers() -> list[str]:
        with services.database.read() as session:
            return [
                one.code for one in screening_gate(session, edition.id, Stage.JUDGING, services.clock.now())
            ]

    assert "screening.pair_earlier" in blockers()
    with services.database.read() as session:
        pair = session.scalars(select(Pair)).one()
    told = post(
        operator, f"/staff/screening/{copied}", f"/staff/pairs/{pair.second_photo_id}/{pair.first_photo_id}",
        decision="distinct", entry=copied,
    )  # fmt: skip
    assert told.status_code == 303
    assert "screening.pair_earlier" not in blockers()
    with services.database.read() as session:
        row = session.scalars(select(FindingRow).where(FindingRow.kind == "library_match")).one()
        assert row.settled_at is not None


def test_a_small_picture_that_is_gone_or_changed_is_named(app, services, folder) -> None:
    add(app, folder)
    assert find_faults(services, hashes=True) == []
    first, second = sorted(services.storage.list("renditions"))
    services.storage.put(first, services.storage.get(first)[:-1] + b"x", create_only=False)
    services.storage.delete(second)
    told = app.test_cli_runner().invoke(args=["check", "--hashes"])
    assert told.exit_code == 1
    assert f"다른 공모전 수상작 {TITLE}(2023)" in told.output
    assert sorted(fault.code for fault in find_faults(services, hashes=True)) == [
        "check.library_differs", "check.library_gone",
    ]  # fmt: skip


def test_a_removal_ended_after_its_rows_leaves_nothing_wrong_and_the_sweep_takes_the_pictures(
    app, services, clock, folder, make_account
) -> None:
    add(app, folder)
    thumbs = set(services.storage.list("renditions"))
    with services.database.read() as session:
        collection_id = session.scalars(select(LibraryPicture.collection_id).distinct()).one()

    class Ended(Exception):
        """The process goes here."""

    def end(_key: str) -> None:
        raise Ended

    operator, delete = make_account(Role.OPERATOR), services.storage.delete
    object.__setattr__(services.storage, "delete", end)
    with pytest.raises(Ended):
        remove_collection(services, collection_id, actor=operator, now=clock.now())
    object.__setattr__(services.storage, "delete", delete)
    assert set(services.storage.list()) == thumbs
    assert find_faults(services, hashes=True) == []
    clock.move_to(machine.wall() + SAFE_AGE + dt.timedelta(hours=1))
    sweep_strays(services, clock.now())
    clock.move_to(clock.wall() + WATCH)
    assert sweep_strays(services, clock.now()) == len(thumbs)
    assert list(services.storage.list()) == []


def test_a_collection_is_removed_with_what_it_found(app, services, edition, folder, login_as) -> None:
    operator = login_as(Role.OPERATOR)
    assert "넣어 둔 수상작이 없습니다." in operator.get("/staff/library").get_data(as_text=True)
    copied = enter(services, edition, saved(edited()))
    add(app, folder)
    listed = operator.get("/staff/library").get_data(as_text=True)
    assert f"{TITLE} (2023년)" in listed
    assert "비교하는 중" not in listed
    with services.database.read() as session:
        collection_id = session.scalars(select(LibraryPicture.collection_id).distinct()).one()
        of_library = select(Rendition.id).join(LibraryPicture, LibraryPicture.photo_id == Rendition.photo_id)
        thumbs = {f"renditions/{one}" for one in session.scalars(of_library)}
    assert len(thumbs & set(services.storage.list())) == 2
    preview = operator.get(f"/staff/library?remove={collection_id}").get_data(as_text=True)
    assert "2점의 특징값과 작은 그림" in preview
    assert "1쌍" in preview
    told = post(operator, f"/staff/library?remove={collection_id}", f"/staff/library/{collection_id}/remove")
    assert told.status_code == 303
    assert findings(services, copied) == []
    with services.database.read() as session:
        assert session.scalars(select(Pair)).all() == []
        assert session.scalars(select(Photo.edition_id)).all() == [edition.id]
        acts = session.scalars(
            select(AuditRow.action).where(AuditRow.action.like("library.%")).order_by(AuditRow.seq)
        ).all()
        assert acts == ["library.added", "library.removed"]
    assert thumbs.isdisjoint(services.storage.list())
    assert operator.get(f"/staff/library?remove={collection_id}").status_code == 404
