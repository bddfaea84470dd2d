"""An entrant takes away what is kept about them: as data, and with their photographs as they were sent in."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from integration.contest.entry_citizen import Citizen, photograph
from servers import S3_ACCESS_KEY, S3_SECRET_KEY

from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.edition import Edition


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.s3)])
def settings(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Settings:
    if request.param == "file":
        return replace(settings, storage_url=f"file:{tmp_path / 'media'}")
    url = request.getfixturevalue("s3_storage_url")
    return replace(settings, storage_url=url, s3_access_key=S3_ACCESS_KEY, s3_secret_key=S3_SECRET_KEY)


def test_the_bundle_holds_the_data_and_the_originals(
    services: Services, client: FlaskClient, edition: Edition
) -> None:
    citizen = Citizen(client).fill_in()
    citizen.submit()
    asked = citizen.post(f"/receipt/{citizen.link}/data.zip")
    assert (asked.status_code, asked.mimetype) == (200, "application/zip")
    assert asked.headers["Content-Disposition"] == 'attachment; filename="my-entry.zip"'
    assert int(asked.headers["Content-Length"]) == len(asked.data)
    with zipfile.ZipFile(io.BytesIO(asked.data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["data.json", "2024-02-0001-1.jpg"]
        assert archive.read("2024-02-0001-1.jpg") == photograph(1)
        data = json.loads(archive.read("data.json"))
    assert data == client.get(f"/receipt/{citizen.link}/data.json").json
    assert data["works"][0]["bytes"] == len(photograph(1))


def test_a_photograph_no_longer_kept_is_left_out(
    services: Services, client: FlaskClient, edition: Edition
) -> None:
    citizen = Citizen(client).fill_in()
    citizen.submit()
    for key in list(services.storage.list("originals/")):
        services.storage.delete(key)
    asked = citizen.post(f"/receipt/{citizen.link}/data.zip")
    with zipfile.ZipFile(io.BytesIO(asked.data)) as archive:
        assert archive.namelist() == ["data.json"]
