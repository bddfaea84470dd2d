"""An instance on real files, looked at by the test and served by processes that may be killed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from ground import Ground, SetClock
from processes import Server

from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def instance_url(folder: Path, migrated_sqlite: Path) -> str:
    """Where its rows are: a file of its folder. Tests that run on each database put `database_url` in its place."""
    shutil.copy(migrated_sqlite, folder / "data.sqlite3")
    return f"sqlite:///{folder / 'data.sqlite3'}"


@pytest.fixture
def ground(folder: Path, instance_url: str, clock: SteppedClock) -> Iterator[Ground]:
    """The application of the test on the same files and rows as the served one; its clock stands still."""
    made = Ground(folder, url=instance_url, clock=clock)
    yield made
    made.close()


@pytest.fixture
def instance(ground: Ground) -> Flask:
    """The application of the ground."""
    return ground.app


@pytest.fixture
def services(ground: Ground) -> Services:
    """What the test itself looks with."""
    return ground.services


@pytest.fixture
def set_clock(ground: Ground) -> SetClock:
    """Set the contest time of the served application, running from now on."""
    return ground.set_clock


@pytest.fixture
def serve(ground: Ground) -> Callable[..., Server]:
    """serve(workers=…, app=…, NAME=value) -> a running server; all are ended with the test."""
    return ground.serve
