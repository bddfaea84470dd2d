"""The command `rehearse`: a whole contest in a throwaway instance, one line a stage."""

from __future__ import annotations

import copy
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from contest.domain.edition_rows import change_rows
from contest.domain.ruleset import BY_WEIGHT, CHAIR, COUNTS, LOT, RUNOFF, Advance, Method
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.rehearsal.play import STAGES, Script, play

WIDTH = 24


def make_instance(app: Flask, folder: Path) -> Flask:
    """A fresh demonstration in a folder, its jobs run inline."""
    settings = Settings(
        data=folder,
        database_url=f"sqlite:///{folder / 'data.sqlite3'}",
        jobs_url="inline:",
        storage_url=f"file:{folder / 'media'}",
        mail_url=f"file:{folder / 'mail'}",
        public_url="http://localhost",
        secrets_file=folder / "secrets.json",
    )
    made: Flask = app.extensions["create_app"](settings)
    with made.app_context():
        done = made.test_cli_runner().invoke(args=["prepare"])
    if done.exit_code:
        raise click.ClickException(done.output or str(done.exception))
    return made


def add_preliminary(services: Services) -> None:
    """Put a round of votes before the demonstration's own round, as an office would before the call."""
    with services.database.write() as uow:
        edition = uow.session.scalars(select(Edition)).one()
        document = copy.deepcopy(edition.document)
        change_rows(document, "add", "rounds")
        edition.document = document


def add_ballot(services: Services) -> None:
    """After votes that let the first forty on, judges put these in order in place of scoring them."""
    with services.database.write() as uow:
        edition = uow.session.scalars(select(Edition)).one()
        document = copy.deepcopy(edition.document)
        first, last = document["rounds"]
        first |= {"advance": Advance.TOP.value, "advance_count": 40}
        last["method"] = Method.BALLOT.value
        edition.document = document | {"ties": [COUNTS, CHAIR]}


def add_quorum(services: Services, judges: int) -> None:
    """Have so many judges score each work of the last round; ties then go to the panel, and to a lot."""
    with services.database.write() as uow:
        edition = uow.session.scalars(select(Edition)).one()
        document = copy.deepcopy(edition.document)
        document["rounds"][-1]["quorum"] = judges
        edition.document = document | {"ties": [BY_WEIGHT, RUNOFF, LOT]}


def add_run_off(services: Services) -> None:
    """Ask the panel about ties before the chair, as an office would declare before the call."""
    with services.database.write() as uow:
        edition = uow.session.scalars(select(Edition)).one()
        edition.document = {**edition.document, "ties": [BY_WEIGHT, RUNOFF, CHAIR]}


def add_deliberation(services: Services) -> None:
    """Have the panel deliberate after the last round, as an office would declare before the call."""
    with services.database.write() as uow:
        edition = uow.session.scalars(select(Edition)).one()
        document = copy.deepcopy(edition.document)
        document["rounds"][-1]["deliberation"] = True
        edition.document = document


def show_progress(stage: str, done: int, total: int) -> None:
    """A bar on the terminal; nothing where there is none."""
    if sys.stderr.isatty():
        filled = round(WIDTH * done / max(1, total))
        ending = "\r\033[K" if done >= total else ""
        click.echo(
            f"\r{stage:<13} {'■' * filled}{'□' * (WIDTH - filled)} {done}/{total}{ending}", nl=False, err=True
        )


@click.command("rehearse")
@click.option("--photos", type=click.Path(exists=True, file_okay=False, path_type=Path), help="사진 폴더")
@click.option("--entrants", default=60, show_default=True, help="응모자 수")
@click.option("--judges", default=5, show_default=True, help="심사위원 수")
@click.option("--preliminary", is_flag=True, help="투표로 하는 예심을 본심 앞에 둡니다")
@click.option("--ballot", is_flag=True, help="예심에서 추린 작품을 순위 투표로 심사합니다")
@click.option("--quorum", default=0, show_default=True, help="본심에서 작품마다 심사하는 위원 수(0이면 모두)")
@click.option("--run-off", is_flag=True, help="동점을 심사위원회 결선투표로 가립니다")
@click.option("--deliberate", is_flag=True, help="점수를 봉인한 뒤 심의하고 다시 봉인합니다")
@click.option("--silent", is_flag=True, help="점수를 내지 않는 마지막 위원을 새 위원으로 바꿉니다")
@click.option("--offline", is_flag=True, help="첫째 위원이 인터넷 없이 채점하고 나중에 보냅니다")
@click.option("--objections", default=3, show_default=True, help="이의신청 수")
@click.option("--seed", default=2024, show_default=True, help="같은 수를 주면 같은 공모전이 됩니다")
@click.option(
    "--until", type=click.Choice(STAGES), default="published", show_default=True, help="여기까지만 진행"
)
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="끝난 뒤 남겨 둘 폴더(비어 있어야 함)"
)
@with_appcontext
def rehearse(*, keep: Path | None, **size: Any) -> None:
    """버려도 되는 설치에서 공모전 한 해를 화면 주소로 진행합니다."""
    folder = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="chalkak-rehearsal-"))
    if keep and folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} 폴더가 비어 있지 않습니다. 빈 폴더를 알려 주세요.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    outer: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  werkzeug's proxy
    app = make_instance(outer, folder)
    if size["preliminary"] or size["ballot"]:
        add_preliminary(app.extensions["contest"])
    if size["ballot"]:
        add_ballot(app.extensions["contest"])
    if size["quorum"]:
        add_quorum(app.extensions["contest"], size["quorum"])
    if size["run_off"] and not size["quorum"]:
        add_run_off(app.extensions["contest"])
    if size["deliberate"] and not size["ballot"]:
        add_deliberation(app.extensions["contest"])
    try:
        size["deliberate"] = size["deliberate"] and not size["ballot"]
        size["preliminary"] = size["preliminary"] or size["ballot"]
        last = play(app, Script(**size), progress=show_progress, tell=click.echo)
    finally:
        app.extensions["contest"].imaging.close()
        app.extensions["contest"].database.engine.dispose()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    click.echo(last)
    if not last.endswith("audit ok"):
        raise SystemExit(1)
