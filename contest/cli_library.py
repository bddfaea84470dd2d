"""The command `library add`: a folder of others' winners taken into the library."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from contest.domain.actors import SYSTEM, Actor
from contest.domain.errors import ContestError
from contest.domain.formats import Refusal
from contest.domain.library import MOST_MEGABYTES, label
from contest.infra.progress_bar import ProgressBar
from contest.infra.texts import text
from contest.infra.wiring import Services
from contest.operations.library import KEEPERS, Left, import_pictures
from contest.queries.library import keeper

library = AppGroup("library", help="다른 공모전의 수상작을 넣습니다.")
_REFUSED = {
    Refusal.EMPTY: "내용이 없는 파일입니다.",
    Refusal.NOT_IMAGE: "사진 파일이 아닙니다.",
    Refusal.FORMAT: "읽지 않는 형식입니다. JPG나 PNG로 바꾸어 넣어 주세요.",
    Refusal.HEIC: "읽지 못한 HEIC 파일입니다. JPG로 바꾸어 넣어 주세요.",
    Refusal.TOO_MANY_PIXELS: "사진이 너무 큽니다. 줄여서 넣어 주세요.",
    Refusal.SIDE_TOO_LONG: "사진이 너무 깁니다. 줄여서 넣어 주세요.",
    Refusal.TOO_FEW_PIXELS: "사진이 너무 작아 비교할 수 없습니다.",
    Refusal.DAMAGED: "손상되어 끝까지 읽을 수 없습니다. 새로 받아 넣어 주세요.",
    Refusal.UNREADABLE: "열 수 없습니다. 새 JPG로 저장해 넣어 주세요.",
}


@library.command("add")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--title", required=True, help="공모전 이름. 예: 제10회 ○○ 사진공모전")
@click.option("--year", required=True, type=int, help="상을 준 해")
@click.option("--source", help="사진을 얻은 곳. 예: 수상작품집 PDF")
@click.option("--by", "login", help="넣은 사람으로 적을 운영자나 시스템관리자의 아이디")
def _add(folder: Path, title: str, year: int, source: str | None, login: str | None) -> None:
    """폴더와 그 아래의 수상작 사진을 넣습니다. 다시 실행해도 같은 사진은 한 번만 들어갑니다."""
    held = cast("Services", current_app.extensions["contest"])
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not files:
        raise click.ClickException(f"‘{folder}’ 폴더에 파일이 없습니다. 사진을 모아 둔 폴더를 적어 주세요.")
    bar = ProgressBar()
    try:
        asked = label(title, year, source)
        actor = _actor(held, login) if login else SYSTEM
        done = import_pictures(
            held,
            asked,
            files,
            actor=actor,
            now=held.clock.now(),
            report=lambda at: bar("사진 읽기", at, len(files)),
        )
    except ContestError as error:
        raise click.ClickException(text("ko", error.code, **error.facts)) from error
    for left in done.left:
        click.echo(f"넣지 않음: {left.name}: {_why(left)}")
    click.echo(
        f"넣은 사진 {done.added:,}점, 이미 있던 사진 {done.known:,}점, 넣지 않은 파일 {len(done.left):,}개.\n"
        "사진 파일과 이름은 보관하지 않고 특징값과 작은 그림만 남겼습니다."
    )
    if done.added:
        click.echo(
            "이미 낸 작품과 비교하는 일은 작업 처리기가 이어서 합니다."
            f" 진행: {held.settings.public_url}/staff/library"
        )


def _actor(held: Services, login: str) -> Actor:
    with held.database.read() as session:
        account_id, role = keeper(session, login)
    actor = Actor("account", account_id, role)
    actor.require(*KEEPERS)
    return actor


def _why(left: Left) -> str:
    if left.is_too_large:
        return f"파일이 {MOST_MEGABYTES}MB보다 큽니다. 줄여서 넣어 주세요."
    return _REFUSED[left.refusal] if left.refusal else "지금 읽지 못했습니다. 잠시 뒤 다시 실행해 주세요."
