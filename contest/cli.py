"""Commands of contest: database, jobs, secrets, first administrator."""

from __future__ import annotations

from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from contest.infra.jobs import run_worker
from contest.infra.migrations import differences, is_current, upgrade, write_revision
from contest.infra.wiring import Services


def services() -> Services:
    """The services of the application that runs the command."""
    return cast("Services", current_app.extensions["contest"])


database = AppGroup("db", help="데이터베이스 구조를 만들고 확인합니다.")
jobs = AppGroup("jobs", help="작업 대기열을 만들고 처리합니다.")


@database.command("upgrade")
def _upgrade() -> None:
    """데이터베이스를 최신 구조로 바꿉니다."""
    held = services()
    held.settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(held.database.engine)
    click.echo("데이터베이스가 최신 구조입니다.")


@database.command("check")
def _check() -> None:
    """행의 선언과 데이터베이스 구조가 같은지 확인합니다."""
    engine = services().database.engine
    found = differences(engine)
    for difference in found:
        click.echo(str(difference))
    if found or not is_current(engine):
        raise click.ClickException(
            "데이터베이스 구조가 최신이 아닙니다. `flask --app wsgi db upgrade`를 실행해 주세요."
        )
    click.echo("데이터베이스 구조가 선언과 같습니다.")


@database.command("revision")
@click.argument("slug")
def _revision(slug: str) -> None:
    """바뀐 행의 선언으로 새 마이그레이션 파일을 씁니다(개발용)."""
    write_revision(services().database.engine, slug)


@jobs.command("init")
def _init_jobs() -> None:
    """작업 대기열을 만듭니다."""
    services().jobs.init()
    click.echo("작업 대기열이 준비되었습니다.")


@jobs.command("run")
@click.option("--workers", default=1, show_default=True, help="동시에 처리할 작업 수")
def _run_jobs(workers: int) -> None:
    """작업을 처리합니다(Ctrl+C로 마칩니다)."""
    run_worker(services().jobs, workers=workers)


def init_commands(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(database)
    app.cli.add_command(jobs)
