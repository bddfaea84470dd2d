"""The exhibition pack: originals under readable names, captions to print, a table; each taking out is an act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict
from contest.infra.documents import render_pdf
from contest.infra.qr import qr_png
from contest.infra.sheets import csv_bytes
from contest.infra.storage import Storage
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.zip_stream import Pack
from contest.operations.disclosure import disclose
from contest.queries.editions import get_edition, rules_of
from gallery.domain.captions import exhibition_name
from gallery.queries.exhibition import ExhibitedWork, exhibited_works

CAPTIONS = "작품설명표.pdf"
TABLE = "전시작_목록.csv"
_HEADER = (
    "상격",
    "출품번호",
    "작품명",
    "이름",
    "촬영 장소",
    "작품 설명",
    "대체 텍스트",
    "파일 이름",
    "작품 주소",
)


def take_out(
    uow: UnitOfWork, edition_id: str, what: str, reason: str, *, actor: Actor, now: dt.datetime
) -> tuple[ExhibitedWork, ...]:
    """Note that originals or names leave the house, and say of which works. what: pack | captions | table.

    Raises Denied; Conflict `exhibition.not_approved`; Invalid `disclosure.reason`.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    works = exhibited_works(uow.session, get_edition(uow.session, edition_id))
    if not works:
        raise Conflict("exhibition.not_approved")
    disclose(
        uow, f"exhibition_{what}", ("edition", edition_id), reason, actor=actor, now=now,
        edition_id=edition_id, count=len(works),
    )  # fmt: skip
    return works


def captions(uow: UnitOfWork, edition_id: str) -> str:
    """The line every caption carries: the contest's title."""
    return rules_of(get_edition(uow.session, edition_id)).texts.get("ko", "title")


def captions_pdf(contest: str, works: Iterable[ExhibitedWork], address_of: Callable[[str], str]) -> bytes:
    """작품 설명표, two to a page, each with the QR of its page."""
    shown = list(works)
    return render_pdf(
        "captions",
        {
            "contest": contest,
            "works": [
                {
                    "tier": work.tier,
                    "title": work.title,
                    "name": work.name,
                    "place": work.place,
                    "number": work.entry_number,
                    "qr": f"{place}.png",
                    "qr_alt": f"「{work.title}」의 작품 쪽 주소",
                }
                for place, work in enumerate(shown)
            ],
        },
        {f"{place}.png": qr_png(address_of(work.id)) for place, work in enumerate(shown)},
    )


def table_csv(works: Iterable[ExhibitedWork], address_of: Callable[[str], str]) -> bytes:
    """The list of the pack as UTF-8 with a byte order mark."""
    return csv_bytes(
        _HEADER,
        [
            (
                work.tier, work.entry_number, work.title, work.name, work.place, work.description,
                work.alternative_text, file_name(work), address_of(work.id),
            )
            for work in works
        ],
    )  # fmt: skip


def file_name(work: ExhibitedWork) -> str:
    """상격_출품번호_작품명 with the original's own suffix."""
    return exhibition_name(work.tier, work.entry_number, work.title, work.suffix)


def pack(
    storage: Storage,
    contest: str,
    works: Iterable[ExhibitedWork],
    address_of: Callable[[str], str],
    *,
    stamp: dt.datetime,
) -> Pack:
    """The whole pack: every original byte for byte, the captions, the table. stamp: local time of its files."""
    shown = list(works)
    printed, table = captions_pdf(contest, shown, address_of), table_csv(shown, address_of)
    originals = tuple((file_name(work), work.bytes, _reader(storage, work.photo_id)) for work in shown)
    return Pack(
        (*originals, (CAPTIONS, len(printed), lambda: [printed]), (TABLE, len(table), lambda: [table])), stamp
    )


def _reader(storage: Storage, photo_id: str) -> Callable[[], Iterable[bytes]]:
    return lambda: storage.stream(f"originals/{photo_id}")
