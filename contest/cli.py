"""Commands of contest: database, jobs, secrets, first administrator."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from contest.cli_erasing import erase, name_strays, sweep
from contest.cli_library import library
from contest.domain.actors import SYSTEM
from contest.domain.errors import ContestError
from contest.infra.backup import BackupError, Instance, backup, restore
from contest.infra.clock import KST
from contest.infra.crypto import load_secrets
from contest.infra.database import Row
from contest.infra.floors import check_floors
from contest.infra.jobs import run_worker
from contest.infra.logs import begin_logging
from contest.infra.migrations import differences, install_guards, is_current, upgrade, write_revision
from contest.infra.progress_bar import ProgressBar
from contest.infra.serving import serve
from contest.infra.texts import text
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.operations.accounts import (
    activation_path,
    grant_by_command,
    make_first_administrator,
    renew_by_command,
    staff_account_id,
)
from contest.operations.audit import broken_link, trail_head
from contest.operations.check import find_faults
from contest.operations.demonstration import seed_demonstration
from contest.queries.recheck import count_outdated
from contest.rehearsal.cli import rehearse


def services() -> Services:
    """The services of the application that runs the command."""
    return cast("Services", current_app.extensions["contest"])


database = AppGroup("db", help="데이터베이스 구조를 만들고 확인합니다.")
accounts = AppGroup("accounts", help="업무 계정을 만들고 되살립니다.")
demo = AppGroup("demo", help="시연을 준비합니다.")
jobs = AppGroup("jobs", help="작업 대기열을 만들고 처리합니다.")


@database.command("upgrade")
def _upgrade() -> None:
    """데이터베이스를 최신 구조로 바꿉니다."""
    held = services()
    check_floors()
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
    if not services().settings.demonstration:
        begin_logging()
    run_worker(services().jobs, workers=workers)


@click.command("prepare")
@with_appcontext
def _prepare() -> None:
    """이 설치를 쓸 수 있게 준비합니다: 폴더, 비밀 키, 데이터베이스, 대기열."""
    prepare(services())


def prepare(held: Services) -> None:
    """Make folder, secrets, tables, queue and what the packages ask for; what is there already stays."""
    held.settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    load_secrets(held.settings.secrets_file)
    if not is_current(held.database.engine):
        upgrade(held.database.engine)
    held.jobs.init()
    for part in held.registry.preparations:
        part(held)


@click.command("serve")
@with_appcontext
def _serve() -> None:
    """준비한 뒤 웹 서버와 작업 처리기를 함께 실행합니다(Ctrl+C로 마칩니다)."""
    held, settings = services(), services().settings
    if not settings.demonstration:
        begin_logging()
    prepare(held)
    held.jobs.close()
    held.database.engine.dispose()

    def announce() -> None:
        click.echo(f"\n준비되었습니다. 브라우저에서 열어 주세요:  {settings.public_url}/\n(마치려면 Ctrl+C)")

    sys.exit(serve(f"{settings.host}:{settings.port}", lambda: run_worker(held.jobs), announce))


@click.command("address")
@with_appcontext
def _address() -> None:
    """공개 주소와 서버가 듣는 주소를 출력합니다."""
    settings = services().settings
    click.echo(f"{settings.public_url} {settings.host}:{settings.port}")


def _instance() -> Instance:
    held = services()
    settings = held.settings
    return Instance(
        settings.database_url, held.storage, settings.secrets_file, Row.metadata, after_rows=install_guards
    )


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@with_appcontext
def _backup(file: Path | None) -> None:
    """운영 중에 확인된 백업 파일 하나를 만듭니다."""
    held = services()
    stamp = held.clock.wall().astimezone(KST).strftime("%Y%m%d-%H%M%S")
    out = file or held.settings.data / "backups" / f"chalkak-{stamp}.tar"
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    summary = backup(_instance(), out, now=held.clock.wall(), progress=ProgressBar())
    click.echo(f"백업을 만들고 확인했습니다: {out}\n확인값(따로 적어 두세요): {summary.digest}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def _restore(file: Path) -> None:
    """비어 있는 설치에 백업을 되살리고 모든 파일의 해시를 확인합니다."""
    held = services()
    held.settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        summary = restore(file, _instance(), progress=ProgressBar())
    except BackupError as reason:
        raise click.ClickException(text("ko", f"backup.{reason.code}", detail=reason.detail)) from reason
    held.jobs.init()
    click.echo(f"되살리고 확인했습니다. 확인값: {summary.digest}")


@demo.command("init")
def _init_demo() -> None:
    """시연용 계정과 시계, 2024년 회차를 만듭니다(이미 있으면 그대로 둡니다)."""
    held = services()
    if not held.settings.demonstration:
        raise click.ClickException("시연용이 아니므로 시연 자료를 넣지 않습니다.")
    seed_demonstration(held)
    click.echo("시연 준비가 끝났습니다.")


@click.command("verify-trail")
@with_appcontext
def _verify_trail() -> None:
    """기록의 해시 사슬이 처음부터 끝까지 이어지는지 확인합니다."""
    with services().database.read() as session:
        broken = broken_link(session)
        head = trail_head(session)
    if broken is not None:
        raise click.ClickException(
            f"기록 {broken}번이 앞의 기록과 이어지지 않습니다. 바뀌었거나 지워진 것입니다."
        )
    click.echo(f"기록 {head[0]}건이 모두 이어집니다. 마지막 확인값: {head[1]}")


@click.command("check")
@click.option("--hashes", is_flag=True, help="사진을 모두 읽어 해시까지 비교합니다(오래 걸립니다).")
@with_appcontext
def _check_everything(*, hashes: bool) -> None:
    """저장된 자료가 서로 맞는지 확인합니다. 운영 중에 실행해도 됩니다."""
    faults = find_faults(services(), hashes=hashes)
    for fault in faults:
        click.echo(text("ko", fault.code, **fault.facts))
    if faults:
        raise click.ClickException(
            f"맞지 않는 곳이 {len(faults)}곳 있습니다. 고치지 말고 백업을 따로 보관한 뒤 확인해 주세요."
        )
    with services().database.read() as session:
        outdated = count_outdated(session)
    if outdated:
        click.echo(
            f"이전 판으로 검사한 사진이 {outdated}장 있습니다. 직원 화면의 '다시 검사'에서 새 판으로 볼 수 있습니다."
        )
    name_strays(services(), "")
    click.echo("저장된 자료가 모두 서로 맞습니다.")


@accounts.command("first-administrator")
@click.option("--login", required=True, help="아이디")
@click.option("--name", required=True, help="이름")
def _first_administrator(login: str, name: str) -> None:
    """첫 시스템관리자를 만들고 활성화 링크를 출력합니다."""
    _print_link(lambda uow, now: make_first_administrator(uow, login, name, now=now))


@accounts.command("renew")
@click.option("--login", required=True, help="아이디")
def _renew(login: str) -> None:
    """비밀번호와 인증 앱을 잃은 계정의 새 활성화 링크를 출력합니다."""

    def renew(uow: UnitOfWork, now: dt.datetime) -> str:
        account_id = staff_account_id(uow, login)
        renew_by_command(uow, account_id, now=now)
        return account_id

    _print_link(renew)


@accounts.command("grant")
@click.option("--login", required=True, help="아이디")
def _grant(login: str) -> None:
    """계정에 대한 요청을 두 번째 사람으로서 승인합니다(서버를 맡은 사람이 씁니다)."""
    held = services()
    with _refusals_in_words(), held.database.write() as uow:
        grant_by_command(uow, staff_account_id(uow, login), now=held.clock.now())
    click.echo("승인했습니다.")


def _print_link(make: Callable[[UnitOfWork, dt.datetime], str]) -> None:
    held = services()
    now = held.clock.now()
    with _refusals_in_words(), held.database.write() as uow:
        path = activation_path(uow, make(uow, now), actor=SYSTEM, now=now)
    click.echo(f"아래 주소를 본인의 브라우저에서 열어 주세요.\n{held.settings.public_url}{path}")


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    try:
        yield
    except ContestError as error:
        raise click.ClickException(text("ko", error.code, **error.facts)) from error


def init_commands(app: Flask) -> None:
    """Register the commands."""
    for command in (
        _prepare,
        _address,
        _serve,
        _backup,
        _restore,
        _verify_trail,
        erase,
        sweep,
        _check_everything,
        rehearse,
    ):
        app.cli.add_command(command)
    app.cli.add_command(database)
    app.cli.add_command(jobs)
    app.cli.add_command(demo)
    app.cli.add_command(accounts)
    app.cli.add_command(library)
