"""The commands `erase` and `sweep`: what its period or nobody holds any more is destroyed."""

from __future__ import annotations

from typing import cast

import click
from flask import current_app
from flask.cli import with_appcontext

from contest.domain.actors import SYSTEM
from contest.domain.errors import ContestError, Invalid
from contest.domain.korean import instant_text
from contest.domain.persons import parse_phone
from contest.infra.texts import text
from contest.infra.wiring import Services
from contest.operations.erase import erase_again
from contest.operations.news import stop_news, stop_news_of_number
from contest.operations.retention import run_erasures
from contest.operations.strays import look_for_strays, sweep_strays


@click.command("erase")
@click.option(
    "--submission",
    "submissions",
    multiple=True,
    help="백업을 되살린 뒤, 그 백업 다음에 본인이 지운 응모의 번호(로그의 citizen: 뒤). 여러 번 쓸 수 있습니다.",
)
@click.option(
    "--news",
    "contacts",
    multiple=True,
    help="다음 공모전 안내를 그만 받겠다는 휴대전화 번호. 백업을 되살린 뒤에는 로그 news.stop 줄, citizen: 뒤의 번호.",
)
@with_appcontext
def erase(submissions: tuple[str, ...], contacts: tuple[str, ...]) -> None:
    """보유기간이 지난 것을 지우고 파기대장에 적습니다."""
    held = cast("Services", current_app.extensions["contest"])
    for submission_id in submissions:
        try:
            erase_again(held, submission_id, now=held.clock.now())
        except ContestError as error:
            raise click.ClickException(f"{submission_id}: {text('ko', error.code, **error.facts)}") from error
        click.echo(f"다시 지웠습니다: {submission_id}")
    for contact_id in contacts:
        _stop_news(held, contact_id)
    if submissions or contacts:
        return
    for kind, count in run_erasures(held, held.clock.now()).items():
        click.echo(f"{kind}: {count}건")


def _stop_news(held: Services, given: str) -> None:
    """Stop the news to a telephone number, or to a number that a restored backup brought back, by its id."""
    now = held.clock.now()
    with held.database.write() as uow:
        try:
            phone = parse_phone(given)
        except Invalid:
            stop_news(uow, given, actor=SYSTEM, now=now, rule="restored")
            click.echo(f"다시 지웠습니다: {given}")
            return
        was_told = stop_news_of_number(uow, phone, actor=SYSTEM, now=now)
    click.echo("다음 공모전 안내를 더 보내지 않습니다." if was_told else "안내를 받기로 한 번호가 아닙니다.")


@click.command("sweep")
@click.option("--preview", is_flag=True, help="지우지 않고, 무엇을 언제 지울지만 보여 줍니다.")
@with_appcontext
def sweep(*, preview: bool) -> None:
    """주인 없는 파일(올리거나 지우다 멈춰 남은 것)을 찾아 지켜보고, 때가 되면 지우고 파기대장에 적습니다."""
    held = cast("Services", current_app.extensions["contest"])
    if preview:
        name_strays(held, "주인 없는 파일이 없습니다.")
        return
    click.echo(f"주인 없는 파일 {sweep_strays(held, held.clock.now()):,}개를 지웠습니다.")
    name_strays(held, "지켜보는 파일이 없습니다.")


def name_strays(held: Services, none: str) -> None:
    """Each object without an owner and when it goes: no fault of what is stored, so it ends nothing."""
    wall = held.clock.wall()
    strays = look_for_strays(held).destroyed_on(wall)
    for key, due in sorted(strays.items()):
        when = "지금" if due <= wall else f"{instant_text(due)} 뒤에"
        click.echo(f"주인 없는 파일: {key} ({when} 지웁니다.)")
    if not strays and none:
        click.echo(none)
