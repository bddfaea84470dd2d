"""Commands of judging: computing the prizes again."""

from __future__ import annotations

from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from contest.infra.texts import text
from contest.infra.wiring import Services
from contest.queries.editions import current_edition
from judging.queries.allocation import allocation_differences, edition_named


@click.command("verify-allocation")
@click.argument("edition", required=False)
@with_appcontext
def _verify(edition: str | None) -> None:
    """상격 배정을 처음부터 다시 계산해 저장된 결과와 견줍니다. EDITION은 2024-2처럼 적습니다."""
    services = cast("Services", current_app.extensions["contest"])
    with services.database.read() as session:
        found = edition_named(session, edition) if edition else current_edition(session)
        if found is None:
            raise click.ClickException("그런 회차가 없습니다. 2024-2처럼 연도와 회차를 적어 주세요.")
        differs = allocation_differences(session, found)
    for code in differs:
        click.echo(text("ko", code))
    if differs:
        raise click.ClickException("상격 배정이 확인되지 않았습니다.")
    click.echo("상격 배정을 다시 계산한 결과가 저장된 것과 같습니다.")


def init_commands(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(_verify)
