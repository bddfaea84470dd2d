"""The results as citizens see them: by tier, as a gallery, one page a photograph, on the map of spots."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from contest.domain.errors import Missing
from contest.queries.editions import current_edition
from contest.web.access import now, public, services
from contest.web.filters import dong_name
from contest.web.locale import locale
from contest.web.media import picture as picture_response
from gallery.domain.selection import neighbours
from gallery.queries.announcement import public_notice
from gallery.queries.published import (
    is_retracted,
    photo_spots,
    picture,
    published_editions,
    results,
    works,
)
from gallery.web.cards import card, picture_url

blueprint = Blueprint("gallery", __name__, template_folder="templates")

#: A published picture never changes; a week bounds how long a copy outlives one that is taken down.
PICTURE_CACHE = "public, max-age=604800, immutable"


def asked_year() -> int | None:
    """The year of the address, None for the newest. Raises Missing for anything else."""
    year = request.args.get("year", "")
    if not year:
        return None
    if not (year.isascii() and year.isdigit()):
        raise Missing("missing")
    return int(year)


@blueprint.get("/results")
@public
def results_page() -> Any:
    """The results of the newest published edition, or of a year; before the minute only when it comes."""
    year, at = asked_year(), now()
    with services().database.read() as session:
        shown = results(session, at, locale(), year)
        if year is not None and shown is None:
            raise Missing("missing")
        years = [edition.year for edition, _ in published_editions(session, at)]
        edition = current_edition(session)
        is_newest = shown is not None and edition is not None and shown.edition_id == edition.id
        awaited = edition.publish_at if edition is not None and not is_newest else None
        notice = public_notice(session, edition.id) if edition is not None and not is_newest else None
    cards = [card(work) for work in shown.works] if shown else []
    tiers: dict[str, list[dict[str, Any]]] = {}
    for one in cards:
        tiers.setdefault(one["tier_code"], []).append(one)
    amounts = {work.tier_code: work.amount for work in shown.works} if shown else {}
    return render_template(
        "gallery/results.html", results=shown, tiers=tiers, amounts=amounts, years=years, year=year,
        awaited=awaited, notice=notice,
    )  # fmt: skip


@blueprint.get("/gallery")
@public
def wall() -> Any:
    """Every published photograph, narrowed by edition, tier and 동."""
    wanted = {name: request.args.get(name, "") for name in ("year", "tier", "dong")}
    with services().database.read() as session:
        every = works(session, now(), locale())
    chosen = [
        work
        for work in every
        if (not wanted["year"] or str(work.year) == wanted["year"])
        and (not wanted["tier"] or work.tier_code == wanted["tier"])
        and (not wanted["dong"] or work.dong == wanted["dong"])
    ]
    return render_template(
        "gallery/gallery.html",
        works=[card(work) for work in chosen],
        wanted=wanted,
        is_empty=not every,
        years=[(str(year), str(year)) for year in sorted({work.year for work in every}, reverse=True)],
        tiers=list(dict.fromkeys((work.tier_code, work.tier) for work in every)),
        dongs=[(dong, dong_name(dong)) for dong in sorted({work.dong for work in every if work.dong})],
    )


@blueprint.get("/photo/<work_id>")
@public
def photo(work_id: str) -> Any:
    """One photograph, large, with its words and its neighbours."""
    with services().database.read() as session:
        every = works(session, now(), locale())
        work = next((one for one in every if one.id == work_id), None)
        if work is None and is_retracted(session, now(), work_id):
            abort(410)
    if work is None:
        raise Missing("missing")
    by_id = {one.id: one for one in every if one.edition_id == work.edition_id}
    before, after = neighbours(list(by_id), work_id)
    base = services().settings.public_url.rstrip("/")
    return render_template(
        "gallery/photo.html",
        work=work,
        card=card(work),
        before=card(by_id[before]) if before else None,
        after=card(by_id[after]) if after else None,
        place=list(by_id).index(work_id) + 1,
        total=len(by_id),
        address=base + url_for("gallery.photo", work_id=work_id),
        image_address=base + picture_url(work_id, "large"),
    )


@blueprint.get("/photo/<work_id>/<kind>.jpg")
@public
def photo_picture(work_id: str, kind: str) -> Any:
    """A published picture; before the minute its address is as unknown as any other."""
    with services().database.read() as session:
        found = picture(session, now(), work_id, kind)
    if found is None:
        raise Missing("missing")
    response = picture_response(found.rendition_id, found.bytes, etag=found.sha256, cache=PICTURE_CACHE)
    return response.make_conditional(request)


@blueprint.get("/spots")
@public
def spots() -> Any:
    """The photo spots of the district with the winning photographs taken there, on a map and as a list."""
    with services().database.read() as session:
        found = photo_spots(session, now(), locale())
    markers = [
        {
            "lat": spot.latitude,
            "lon": spot.longitude,
            "title": spot.name,
            "url": f"#spot-{number}",
            "text": dong_name(spot.dong),
        }
        for number, spot in enumerate(found, start=1)
    ]
    return render_template(
        "gallery/spots.html",
        spots=[(spot, [card(work) for work in spot.works]) for spot in found],
        markers=markers,
    )
