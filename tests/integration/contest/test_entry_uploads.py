"""Photographs in slices: broken off, repeated, refused, hostile; what was acknowledged is there."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from entry_citizen import SLICE, Citizen, photograph
from factories import photos
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import citizen as citizen_actor
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Upload
from contest.operations.examine import examine_photo, sweep_examinations
from contest.operations.uploads import append_slice, sweep_uploads

NOISE = hashlib.sha256(b"noise").digest() * 80_000


def long_photograph() -> bytes:
    """A photograph of more than two slices: what follows the end of a JPEG is nobody's business."""
    return photograph(1) + NOISE


@pytest.mark.parametrize("cut", [1, 1000, SLICE - 1, SLICE, SLICE + 1, 2 * SLICE])
def test_a_broken_upload_goes_on_where_it_was(
    client: FlaskClient, services: Services, edition: Edition, cut: int
) -> None:
    data = long_photograph()
    assert len(data) > 2 * SLICE
    citizen = Citizen(client).begin()
    begun = citizen.begin_upload(len(data))
    sent = 0
    while sent < cut:
        size = min(SLICE, cut - sent)
        assert citizen.patch(begun["url"], data[sent : sent + size], sent).get_json()["offset"] == sent + size
        sent += size
    # The line is cut; another try asks where it stands, sends the last slice again, then goes on.
    assert client.get(begun["url"]).get_json() == {"offset": cut}
    again = citizen.patch(begun["url"], data[:1], 0)
    assert (again.status_code, again.get_json()["offset"]) == (409, cut)
    while sent < len(data):
        answer = citizen.patch(begun["url"], data[sent : sent + SLICE], sent)
        sent = answer.get_json()["offset"]
    with services.database.read() as session:
        photo = session.scalars(select(Photo)).one()
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert services.storage.get(f"originals/{photo.id}") == data
    assert list(services.storage.list("uploads")) == []


def test_a_slice_kept_but_not_acknowledged_may_be_sent_again(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    data = long_photograph()
    citizen = Citizen(client).begin()
    begun = citizen.begin_upload(len(data))
    upload_id = begun["url"].rsplit("/", 1)[1]
    services.storage.put(
        f"uploads/{upload_id}/0", data[:1000]
    )  # the process was ended before the row was raised
    answer = citizen.patch(begun["url"], data[:SLICE], 0)
    assert answer.get_json() == {"offset": 1000}
    wrong = citizen.patch(begun["url"], b"x" * SLICE, 1000)
    assert wrong.status_code == 200
    with pytest.raises(Exception, match=r"upload\.differs"):
        services.storage.put(f"uploads/{upload_id}/{1000 + SLICE}", b"other")
        append_slice(services, upload_id, 1000 + SLICE, data[:10], now=services.clock.now())


def test_nobody_else_reaches_an_upload(app: Flask, client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    begun = citizen.begin_upload(5000)
    stranger = Citizen(app.test_client()).begin()
    without_session = app.test_client()
    foreign = begun["url"].replace(citizen.link, stranger.link)
    assert stranger.patch(foreign, b"x" * 10, 0).status_code == 404
    assert stranger.client.get(foreign).status_code == 404
    assert stranger.client.get(begun["url"]).status_code == 404
    assert without_session.get(begun["url"]).status_code == 404
    assert without_session.get(begun["status_url"]).status_code == 404


def test_no_slice_without_a_token(client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    begun = citizen.begin_upload(5000)
    answer = client.patch(begun["url"], data=b"x", headers={"Upload-Offset": "0"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("size", "status"), [(0, 422), (-5, 422), (20_971_521, 413), (10**12, 413), ("many", 422), (None, 422)]
)
def test_sizes_are_checked_at_the_beginning(
    client: FlaskClient, edition: Edition, size: object, status: int
) -> None:
    citizen = Citizen(client).begin()
    answer = citizen.begin_upload(size, status=status)  # type: ignore[arg-type]  # hostile on purpose
    assert answer["message"].endswith("주세요.") or "20MB까지" in answer["message"]


@pytest.mark.parametrize("offset", ["", "-1", "x", "٣", "99999999999999999999999"])
def test_strange_offsets_are_refused(client: FlaskClient, edition: Edition, offset: str) -> None:
    citizen = Citizen(client).begin()
    begun = citizen.begin_upload(5000)
    answer = client.patch(
        begun["url"],
        data=b"x",
        headers={"X-CSRFToken": citizen.token, "Upload-Offset": offset.encode().decode("latin-1")},
    )
    assert answer.status_code in {409, 422}


HOSTILE = {
    "text": b"this is no photograph",
    "html": b"<html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "zip": b"PK\x03\x04" + b"0" * 100,
    "half": photos.jpeg(1)[:20_000],
    "bomb": photos.claimed_png(60_000, 60_000),
    "makernote": photos.makernote_jpeg(),
    "heic": b"\0\0\0\x18ftypheic" + b"0" * 100,
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_files_get_a_sentence(
    client: FlaskClient, services: Services, edition: Edition, kind: str
) -> None:
    citizen = Citizen(client).begin()
    answer = citizen.upload(HOSTILE[kind], "사진.jpg")
    assert answer["state"] == "bad"
    assert "주" in answer["text"]
    with services.database.read() as session:
        assert session.scalars(select(Photo)).one().state is PhotoState.REFUSED
    assert "이대로 낼 수 없습니다" in citizen.submit(422)


def test_a_refused_or_removed_photograph_uses_no_place(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    assert citizen.upload(HOSTILE["text"])["state"] == "bad"
    assert citizen.upload(photos.jpeg(3, 900, 600))["state"] == "bad"  # examined, and too small
    assert "그 자리에 들어갑니다" in citizen.get(citizen.url("photos"))
    assert "1번 사진은" in citizen.post(citizen.url("photos"), 422).get_data(as_text=True)
    assert citizen.upload(photograph(1))["state"] != "bad"
    assert citizen.upload(photograph(2))["state"] != "bad"
    citizen.begin_upload(1000, status=409)  # two stand, and two are a person's
    citizen.get(citizen.url("photos"))
    citizen.post(citizen.url("works/1/remove"), 303)
    assert citizen.upload(photograph(3))["state"] != "bad"
    with services.database.read() as session:
        assert sorted(session.scalars(select(Photo.state))) == [PhotoState.CHECKED] * 2
    assert len(list(services.storage.list("originals"))) == 2


def test_a_file_name_is_not_kept(client: FlaskClient, services: Services, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    citizen.begin_upload(1000, name="../../홍길동 010-1234-5678.JPG")
    with services.database.read() as session:
        assert session.scalars(select(Upload.suffix)).one() == ".jpg"


def test_an_old_upload_is_swept(
    client: FlaskClient, services: Services, edition: Edition, clock: SteppedClock
) -> None:
    citizen = Citizen(client).begin()
    begun = citizen.begin_upload(5000)
    citizen.patch(begun["url"], b"x" * 100, 0)
    clock.advance(hours=23)
    sweep_uploads(services, clock.now())
    assert len(list(services.storage.list("uploads"))) == 1
    clock.advance(hours=1)
    sweep_uploads(services, clock.now())
    assert list(services.storage.list("uploads")) == []
    with services.database.read() as session:
        assert session.scalars(select(Upload)).all() == []


def test_a_lost_bell_is_rung_again(
    client: FlaskClient, services: Services, edition: Edition, clock: SteppedClock
) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    with services.database.write() as uow:
        photo = uow.session.scalars(select(Photo)).one()
        photo.state, photo.attempts = PhotoState.WAITING, 0
        photo_id = photo.id
        from contest.models.photo import Fingerprint, LocalFeatures, Rendition

        for kind in (Fingerprint, LocalFeatures, Rendition):
            for row in uow.session.scalars(select(kind)):
                uow.session.delete(row)
    clock.advance(minutes=2)
    sweep_examinations(services, clock.now())
    with services.database.read() as session:
        assert session.get_one(Photo, photo_id).state is PhotoState.CHECKED


def test_what_cannot_be_examined_is_parked_after_three_tries(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    with services.database.write() as uow:
        from contest.operations.receive import Stored, attach_photo

        opened = services.crypto.unsign("submission", citizen.link)
        assert opened is not None
        attach_photo(
            uow,
            str(opened[0]),
            Stored("nobytes", 10, "0" * 64, ".jpg"),
            actor=citizen_actor(),
            now=services.clock.now(),
        )
    # The bell rang once already; the bytes are not there.
    examine_photo(services, "nobytes")
    with services.database.read() as session:
        assert session.get_one(Photo, "nobytes").state is PhotoState.WAITING
    examine_photo(services, "nobytes")
    with services.database.read() as session:
        assert session.get_one(Photo, "nobytes").state is PhotoState.PARKED
    assert "담당자가 직접 확인합니다" in citizen.get(citizen.url("photos"))


@pytest.mark.any_database
def test_heic_comes_in_where_the_edition_takes_it_and_stays_as_it_was(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    data = photos.heic(4)
    citizen = Citizen(client).begin()
    assert "HEIC" in citizen.upload(photos.heic(5), "IMG_0001.HEIC")["text"]
    assert "image/heic" not in citizen.get(citizen.url("photos"))
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        entry: Any = held.document["entry"]
        held.document = {**held.document, "entry": {**entry, "heic": True, "min_long_side": 900}}
        held.version += 1
    assert "image/heic" in citizen.get(citizen.url("photos"))
    assert citizen.upload(data, "IMG_0001.HEIC")["state"] in {"ok", "note"}
    with services.database.read() as session:
        photo = session.scalars(select(Photo).where(Photo.state == PhotoState.CHECKED)).one()
    assert (photo.format, photo.width, photo.height) == ("HEIC", 960, 640)
    assert services.storage.get(f"originals/{photo.id}") == data
