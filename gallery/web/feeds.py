"""The results for machines: an Atom feed, a table for spreadsheets, JSON. Empty before the minute."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, jsonify, url_for

from contest.domain.errors import Missing
from contest.infra.clock import KST
from contest.infra.sheets import csv_bytes
from contest.queries.editions import current_edition, rules_of
from contest.web.access import now, public, services
from contest.web.locale import locale
from gallery.queries.published import Results, Work, results, works
from gallery.web.cards import picture_url
from gallery.web.public import asked_year

blueprint = Blueprint("feeds", __name__)

ATOM = "http://www.w3.org/2005/Atom"
_FIRST = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)  # what a feed without any entry says it was updated
CSV_HEADER = ("회차", "상격", "상금(원)", "출품번호", "작품명", "수상자", "촬영 장소", "동", "작품 주소")


def _address(path: str) -> str:
    return services().settings.public_url.rstrip("/") + path


def _asked() -> Results | None:
    year = asked_year()
    with services().database.read() as session:
        found = results(session, now(), locale(), year)
    if year is not None and found is None:
        raise Missing("missing")
    return found


@blueprint.get("/results.json")
@public
def as_json() -> Any:
    """The results of the newest published edition, or of a year."""
    found = _asked()
    if found is None:
        return jsonify(edition=None, published_at=None, total=0, works=[])
    return jsonify(
        edition={"year": found.year, "number": found.number, "title": found.title},
        published_at=found.published_at.astimezone(KST).isoformat(timespec="seconds"),
        total=found.total,
        works=[_work(work) for work in found.works],
    )


def _work(work: Work) -> dict[str, Any]:
    return {
        "id": work.id,
        "tier": {"code": work.tier_code, "name": work.tier},
        "amount": work.amount,
        "number": work.entry_number,
        "title": work.title,
        "name": work.name,
        "place": work.place,
        "dong": work.dong,
        "description": work.description,
        "alternative_text": work.alternative_text,
        "open_licence": work.open_licence,
        "page": _address(url_for("gallery.photo", work_id=work.id)),
        "picture": _address(picture_url(work.id, "large")),
        "width": work.large_width,
        "height": work.large_height,
    }


@blueprint.get("/results.csv")
@public
def as_csv() -> Any:
    """The same as a table that opens in a spreadsheet."""
    found = _asked()
    rows = [
        (
            work.edition_number, work.tier, work.amount, work.entry_number, work.title, work.name, work.place,
            work.dong, _address(url_for("gallery.photo", work_id=work.id)),
        )
        for work in (found.works if found else ())
    ]  # fmt: skip
    response = Response(csv_bytes(CSV_HEADER, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="results.csv"'
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/feed.xml")
@public
def atom() -> Any:
    """Every published photograph, newest edition first."""
    with services().database.read() as session:
        shown = works(session, now(), locale())
        edition = current_edition(session)
        title = rules_of(edition).texts.get(locale(), "title") if edition else "찰칵"
        author = rules_of(edition).texts.get(locale(), "organiser") if edition else "찰칵"
    body = feed(shown, title, author)
    response = Response(body, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = "no-cache"
    return response


def feed(shown: list[Work], title: str, author: str) -> bytes:
    """The feed as UTF-8 XML; texts are escaped by the writer of XML."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": locale()})
    host = urlsplit(services().settings.public_url).hostname or "localhost"

    def add(parent: ET.Element, name: str, words: str = "", **attributes: str) -> ET.Element:
        child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        child.text = _readable(words) or None
        return child

    add(root, "id", f"tag:{host},2024:results")
    add(root, "title", title)
    add(root, "updated", _stamp(max((work.published_at for work in shown), default=_FIRST)))
    add(add(root, "author"), "name", author)
    add(root, "link", rel="self", type="application/atom+xml", href=_address(url_for("feeds.atom")))
    add(root, "link", rel="alternate", type="text/html", href=_address(url_for("gallery.wall")))
    for work in shown:
        page = _address(url_for("gallery.photo", work_id=work.id))
        entry = add(root, "entry")
        add(entry, "id", f"tag:{host},2024:photo/{work.id}")
        add(entry, "title", f"{work.tier} 「{work.title}」")
        add(entry, "updated", _stamp(work.published_at))
        add(entry, "published", _stamp(work.published_at))
        add(add(entry, "author"), "name", work.name)
        add(entry, "link", rel="alternate", type="text/html", href=page)
        add(entry, "link", rel="enclosure", type="image/jpeg", href=_address(picture_url(work.id, "large")))
        add(entry, "summary", " ".join(part for part in (work.place, work.description) if part))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _readable(words: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in words if c in "\t\n" or c >= " ")


def _stamp(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
