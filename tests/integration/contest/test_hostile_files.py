"""Bombs, liars, two-faced and broken files and names: an answer in words each time, and everything lives on."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from entry_citizen import Citizen
from factories import hostile, photos
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contest.infra.imaging.client import Imaging
from contest.infra.imaging.results import HEIC_MEGAPIXELS, Inspection, Limits
from contest.infra.texts import photographs as _sentences  # noqa: F401  registers the sentences of refusals
from contest.infra.texts import text
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.submission import Upload

pytestmark = pytest.mark.any_database

#: Every format open, and seconds short, so that what never ends is seen to be ended.
LIMITS = Limits(heic_megapixels=HEIC_MEGAPIXELS, wall_seconds=4.0, cpu_seconds=2)
HARMLESS = {"", ".jpg", ".jpeg", ".php", ".svg", ".ini", ".exe", ".htaccess"}
FOREIGN = (b"<script", b"PK\x03\x04", b"%PDF", b"<?php", b"alert(", b"onload")


@pytest.fixture(scope="module")
def imaging() -> Iterator[Imaging]:
    one = Imaging()
    yield one
    one.close()


def assert_answered(found: Inspection) -> None:
    """A photograph with clean pictures, or a refusal in words."""
    if found.refusal is None:
        assert set(found.renditions) == {"preview", "judge", "thumb"}
        assert not any(sign in one.data for one in found.renditions.values() for sign in FOREIGN)
    else:
        assert found.renditions == {}
        for locale in ("ko", "en", "zh"):
            assert "{" not in text(locale, found.refusal, **found.facts)
        assert text("ko", found.refusal, **found.facts).endswith("주십시오.")


def test_every_hostile_file_is_answered_and_the_process_lives_on(imaging: Imaging) -> None:
    assert imaging.inspect(photos.jpeg()).ok
    process = imaging._process
    for name in hostile.HOSTILE.keys() - photos.HOSTILE.keys():
        make, code = hostile.HOSTILE[name]
        found = imaging.inspect(make(), filename_suffix=".jpg", limits=LIMITS)
        assert_answered(found)
        assert code in {hostile.EITHER, found.refusal or hostile.OK}, name
        assert found.cause != "crash", name
    assert imaging.inspect(photos.jpeg()).ok
    assert imaging._process is process


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_broken_files_are_answered_and_the_process_lives_on(imaging: Imaging, chance: random.Random) -> None:
    before = imaging._process
    found = imaging.inspect(hostile.mutate(chance.choice(hostile.seeds()), chance), limits=LIMITS)
    assert_answered(found)
    assert before in {None, imaging._process}


def test_no_name_does_anything(app: Flask, services: Services, edition: Edition) -> None:
    citizen = Citizen(app.test_client()).begin()
    for name in hostile.NAMES:
        citizen.begin_upload(1000, name)
    with services.database.read() as session:
        assert set(session.scalars(select(Upload.suffix))) <= HARMLESS
    for name in ("a\r\nSet-Cookie: canary=1.jpg", "../../x.jpg", "\u202egpj.exe", "가" * 85 + ".jpg"):
        answer = Citizen(app.test_client()).begin().post_whole(photos.jpeg(), name)
        assert answer.status_code in {303, 400, 422}
        assert "canary" not in str(answer.headers)


def test_too_many_parts_and_too_long_bodies_are_refused_in_words(app: Flask, edition: Edition) -> None:
    citizen = Citizen(app.test_client()).begin()
    parts = {f"field{number}": "x" for number in range(1001)}
    many = citizen.client.post(
        citizen.url("photos"), data=parts | {"csrf_token": citizen.token}, content_type="multipart/form-data"
    )
    long = citizen.client.post(
        citizen.url("photos"),
        data={"csrf_token": citizen.token},
        environ_overrides={"CONTENT_LENGTH": "70000000"},
    )
    for answer in (many, long):
        assert answer.status_code == 413
        assert "주세요" in answer.get_data(as_text=True) or "주십시오" in answer.get_data(as_text=True)
