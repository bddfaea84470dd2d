"""The screens of an entry behind its private address; each saves by itself and can be left and come back to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from contest.domain.consents import ConsentKind
from contest.domain.entry_steps import Gap, Screen, Step, gaps, screens
from contest.domain.errors import ContestError, Invalid
from contest.infra.boundaries import dong_names
from contest.infra.texts import text
from contest.operations.destroy import destroy_photo
from contest.operations.drafts import remove_work, save_consents, save_person, save_place, save_title
from contest.operations.erase import erase_own
from contest.operations.links import Opened
from contest.operations.receive import receive_whole
from contest.operations.submit import submit_entry
from contest.queries.entries import Submitted, Work, load_submission, spot_choices
from contest.web.access import now, public, services
from contest.web.entry_forms import (
    ButtonForm,
    ConsentForm,
    PersonForm,
    PlaceForm,
    SubmitForm,
    TitleForm,
)
from contest.web.entry_start import consent_body
from contest.web.errors import say
from contest.web.locale import locale
from contest.web.media import picture
from contest.web.private import is_unlocked, lock_again, open_private, owner, private, show_secret, unlock
from contest.web.work_words import checks_of, picture_url

blueprint = Blueprint("entries", __name__)

ASKED = (
    ConsentKind.LICENCE,
    ConsentKind.PLEDGE,
    ConsentKind.NAME_PUBLICATION,
    ConsentKind.NEXT_CONTEST,
    ConsentKind.OPEN_LICENCE,
)
_NEEDED = (ConsentKind.LICENCE, ConsentKind.PLEDGE)
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Walk:
    """Where a screen stands among the screens of its entry."""

    position: int
    total: int
    back: str | None
    onward: str


def load(opened: Opened) -> Submitted:
    """The submission behind an address."""
    held = services()
    with held.database.read() as rows:
        return load_submission(rows, held.crypto, opened.submission_id)


def at_first(saved: dict[str, Any]) -> dict[str, Any]:
    """What a form begins with: what was saved; once it is sent, what was sent and nothing else."""
    return saved if request.method == "GET" else {}


def screen_url(link: str, screen: Screen) -> str:
    """The address of a screen."""
    if screen.step in {Step.TITLE, Step.PLACE}:
        return url_for(f"entries.{screen.step.value}", link=link, ordinal=screen.ordinal)
    return url_for(f"entries.{screen.step.value}", link=link)


def walk(link: str, submission: Submitted, screen: Screen) -> Walk:
    """Position, way back and way on; after 제출 every screen leads back to the receipt."""
    if submission.state == "submitted":
        receipt = url_for("receipts.show", link=link)
        return Walk(0, 0, receipt, receipt)
    # Before the first photograph the way is counted as for one work.
    every = screens(tuple(work.ordinal for work in submission.works) or (1,))
    at = every.index(screen) if screen in every else 0
    # The first of the screens, age and consent, lies behind.
    return Walk(
        at + 2,
        len(every) + 1,
        screen_url(link, every[at - 1]) if at else None,
        screen_url(link, every[min(at + 1, len(every) - 1)]),
    )


@blueprint.route("/entry/<link>", methods=["GET", "POST"])
@public
def door(link: str) -> Any:
    """The address itself: one button for a browser that does not know it, the right screen for one that does."""
    opened = open_private(link)
    form = ButtonForm()
    if form.validate_on_submit():
        unlock(opened)
        if opened.epoch > 1:
            show_secret(opened.submission_id)
        return redirect(url_for("entries.door", link=link), 303)
    if not is_unlocked(opened):
        return render_template("contest/entries/door.html", form=form, is_guardian=False)
    if opened.state in {"submitted", "withdrawn"}:
        return redirect(url_for("receipts.show", link=link))
    submission = load(opened)
    if opened.state == "awaiting_guardian":
        return render_template("contest/entries/awaiting.html", submission=submission, link=link)
    found = gaps(submission.as_state())
    return redirect(screen_url(link, found[0].screen if found else Screen(Step.REVIEW)))


@blueprint.route("/entry/<link>/photos", methods=["GET", "POST"])
@public
@private
def photos(opened: Opened, link: str) -> Any:
    """Photographs: chosen, sent, checked."""
    submission = load(opened)
    form, status = ButtonForm(), 200
    if form.validate_on_submit():
        try:
            _receive_files(opened, None)
            submission = load(opened)
            if request.form.get("more") != "1" and submission.works:
                return redirect(walk(link, submission, Screen(Step.PHOTOS)).onward, 303)
            if not submission.works:
                raise Invalid("gap.no_photo")
            return redirect(url_for("entries.photos", link=link), 303)
        except ContestError as error:
            form.refuse(error)
            status, submission = error.status, load(opened)
    return _page("photos", link, submission, Screen(Step.PHOTOS), form), status


@blueprint.route("/entry/<link>/works/<int:ordinal>/photo", methods=["GET", "POST"])
@public
@private
def replace(opened: Opened, link: str, ordinal: int) -> Any:
    """Another photograph in the place of one."""
    submission = load(opened)
    work = submission.work(ordinal)
    form, status = ButtonForm(), 200
    if form.validate_on_submit():
        try:
            if not _receive_files(opened, ordinal) and request.form.get("done") != "1":
                raise Invalid("upload.no_file")
            return redirect(url_for("entries.door", link=link), 303)
        except ContestError as error:
            form.refuse(error)
            status, submission = error.status, load(opened)
            work = submission.work(ordinal)
    return _page("replace", link, submission, Screen(Step.PHOTOS), form, work=work), status


def _receive_files(opened: Opened, replaces: int | None) -> int:
    """Take the files of a form sent without script; returns how many there were."""
    count = 0
    for file in request.files.getlist("photo"):
        if not file.filename:
            continue
        with file.stream:
            receive_whole(
                services(),
                opened.submission_id,
                _pieces(file.stream),
                filename=file.filename,
                replaces=replaces,
                actor=owner(opened),
                now=now(),
            )
        count += 1
    return count


def _pieces(stream: Any) -> Iterator[bytes]:
    source: BinaryIO = stream
    while piece := source.read(_CHUNK):
        yield piece


@blueprint.post("/entry/<link>/works/<int:ordinal>/remove")
@public
@private
def remove(opened: Opened, link: str, ordinal: int) -> Any:
    """Take a work out of a draft."""
    held = services()
    with held.database.write() as uow:
        photo_id = remove_work(uow, opened.submission_id, ordinal, actor=owner(opened), now=now())
    if photo_id:
        destroy_photo(held, photo_id)
    return redirect(url_for("entries.photos", link=link), 303)


@blueprint.route("/entry/<link>/works/<int:ordinal>/title", methods=["GET", "POST"])
@public
@private
def title(opened: Opened, link: str, ordinal: int) -> Any:
    """Title and description of one work."""
    submission = load(opened)
    work, screen = submission.work(ordinal), Screen(Step.TITLE, ordinal)
    form, status = TitleForm(data=at_first({"title": work.title, "description": work.description})), 200
    if form.validate_on_submit():
        try:
            with services().database.write() as uow:
                save_title(
                    uow,
                    opened.submission_id,
                    ordinal,
                    title=form.title.data or "",
                    description=form.description.data or "",
                    actor=owner(opened),
                    now=now(),
                )
            return redirect(walk(link, submission, screen).onward, 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    return _page("title", link, submission, screen, form, work=work), status


@blueprint.route("/entry/<link>/works/<int:ordinal>/place", methods=["GET", "POST"])
@public
@private
def place(opened: Opened, link: str, ordinal: int) -> Any:
    """Where one work was taken; and when, if the file does not say."""
    submission = load(opened)
    work, screen = submission.work(ordinal), Screen(Step.PLACE, ordinal)
    with services().database.read() as rows:
        spots = spot_choices(rows, locale())
    form, status = PlaceForm(data=at_first(_place_of(work))), 200
    nothing = SelectChoice("", text(locale(), "choice.none"))
    form.dong.choices = [nothing, *(SelectChoice(*dong) for dong in sorted(dong_names(locale()).items()))]
    form.spot.choices = [nothing, *(SelectChoice(spot.id, spot.name) for spot in spots)]
    if form.validate_on_submit():
        try:
            if form.taken_on.raw_data and form.taken_on.raw_data[0] and form.taken_on.data is None:
                raise Invalid("date.unreadable", field="taken_on")
            with services().database.write() as uow:
                save_place(
                    uow,
                    opened.submission_id,
                    ordinal,
                    point=(form.latitude.data or "", form.longitude.data or ""),
                    dong=form.dong.data or "",
                    spot_id=form.spot.data or "",
                    words=form.words.data or "",
                    taken_on=form.taken_on.data,
                    actor=owner(opened),
                    now=now(),
                )
            return redirect(walk(link, submission, screen).onward, 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    elif request.method == "POST":
        # The date field's own refusal comes from its parser, in its own words; ours replaces it.
        form.taken_on.errors = [say(Invalid("date.unreadable"))] if form.taken_on.errors else []
        status = 422
    return _page(
        "place", link, submission, screen, form, work=work, asks_date=work.facts.taken_on is None
    ), status


def _place_of(work: Work) -> dict[str, Any]:
    """What the form begins with: what was saved, else what the file says as a hint."""
    gps, inside = work.facts.exif.gps, work.facts.placing is not None and work.facts.placing.is_inside
    hint = gps if work.place_source is None and inside else None
    return {
        "latitude": work.latitude if work.latitude is not None else hint.latitude if hint else "",
        "longitude": work.longitude if work.longitude is not None else hint.longitude if hint else "",
        "dong": work.dong or (work.facts.dong if hint else "") or "",
        "spot": work.spot_id or "",
        "words": work.place_words or "",
        "taken_on": work.taken_on,
    }


@blueprint.route("/entry/<link>/person", methods=["GET", "POST"])
@public
@private
def person(opened: Opened, link: str) -> Any:
    """Who enters."""
    submission, screen = load(opened), Screen(Step.PERSON)
    names = ("name", "phone", "email", "guardian_name", "guardian_phone")
    form, status = PersonForm(data=at_first({name: getattr(submission, name) for name in names})), 200
    if form.validate_on_submit():
        try:
            with services().database.write() as uow:
                save_person(
                    uow,
                    opened.submission_id,
                    **{name: form[name].data or "" for name in names},
                    actor=owner(opened),
                    now=now(),
                )
            return redirect(walk(link, submission, screen).onward, 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    return _page("person", link, submission, screen, form), status


@blueprint.route("/entry/<link>/consents", methods=["GET", "POST"])
@public
@private
def consents(opened: Opened, link: str) -> Any:
    """Each consent apart, none ticked; and whether people can be recognised in the pictures."""
    submission, screen = load(opened), Screen(Step.CONSENTS)
    if submission.state == "submitted":
        return redirect(url_for("receipts.show", link=link))
    form, status = (
        ConsentForm(data=at_first({kind.value: kind in submission.consents for kind in ASKED})),
        200,
    )
    wordings = {kind.value: submission.rules.consent(kind, submission.locale) for kind in ConsentKind}
    for kind in ASKED:
        form[kind.value].label.text = wordings[kind.value].part("agree")
    portraits = {work.ordinal: work.portrait or "" for work in submission.works}
    if form.validate_on_submit():
        portraits = {n: request.form.get(f"portrait-{n}", "") for n in portraits}
        given = [kind for kind in ASKED if form[kind.value].data]
        with services().database.write() as uow:
            save_consents(
                uow,
                opened.submission_id,
                kinds=given,
                portraits=portraits,
                actor=owner(opened),
                now=now(),
            )
        missing = [Invalid("consent.missing", field=kind.value) for kind in _NEEDED if kind not in given] + [
            Invalid("portrait.missing", ordinal=n) for n, answer in portraits.items() if not answer
        ]
        if not missing:
            return redirect(walk(link, submission, screen).onward, 303)
        for error in missing:
            form.refuse(error)
        status = 422
    texts = {kind: (wording, consent_body(wording)) for kind, wording in wordings.items()}
    return _page("consents", link, submission, screen, form, texts=texts, portraits=portraits), status


@blueprint.get("/entry/<link>/review")
@public
@private
def review(opened: Opened, link: str) -> Any:
    """Everything once more, large; then 제출."""
    submission = load(opened)
    if submission.state == "submitted":
        return redirect(url_for("receipts.show", link=link))
    return _review(link, submission, SubmitForm(submit_key=str(uuid.uuid4())))


def _review(link: str, submission: Submitted, form: SubmitForm) -> str:
    found = [(gap_words(gap), screen_url(link, gap.screen)) for gap in gaps(submission.as_state())]
    return _page("review", link, submission, Screen(Step.REVIEW), form, found=found)


def gap_words(gap: Gap) -> str:
    """What is lacking, in words."""
    return text(locale(), gap.code, **gap.facts)


@blueprint.post("/entry/<link>/submit")
@public
@private
def submit(opened: Opened, link: str) -> Any:
    """제출. Twice is once."""
    form = SubmitForm()
    try:
        with services().database.write() as uow:
            receipt = submit_entry(
                uow,
                opened.submission_id,
                submit_key=(form.submit_key.data or "")[:36],
                actor=owner(opened),
                now=now(),
            )
    except ContestError as error:
        form.refuse(error)
        return _review(link, load(opened), form), error.status
    show_secret(receipt.submission_id)
    return redirect(url_for("receipts.show", link=link), 303)


@blueprint.post("/entry/<link>/leave")
@public
@private
def leave(opened: Opened, link: str) -> Any:
    """Forget the address in this browser: for a computer that others use."""
    del link
    lock_again(opened.submission_id)
    return redirect(url_for("home.index"), 303)


@blueprint.route("/entry/<link>/erase", methods=["GET", "POST"])
@public
@private
def erase(opened: Opened, link: str) -> Any:
    """Erase everything: a preview, then the act."""
    submission, form, status = load(opened), ButtonForm(), 200
    if form.validate_on_submit():
        try:
            erase_own(services(), opened.submission_id, actor=owner(opened), now=now())
            lock_again(opened.submission_id)
            return render_template("contest/entries/erased.html")
        except ContestError as error:
            form.refuse(error)
            status = error.status
    return render_template("contest/entries/erase.html", submission=submission, link=link, form=form), status


@blueprint.get("/entry/<link>/works/<int:ordinal>/<kind>.jpg")
@public
@private
def picture_of(opened: Opened, link: str, ordinal: int, kind: str) -> Response:
    """A work's own picture, for its entrant."""
    del link
    if kind not in {"thumb", "preview"}:
        abort(404)
    shown = load(opened).work(ordinal).pictures.get(kind)
    if shown is None:
        abort(404)
    return picture(shown.id, shown.bytes, etag=shown.sha256[:32], cache="private, max-age=3600")


def _page(name: str, link: str, submission: Submitted, screen: Screen, form: Any, **more: Any) -> str:
    return render_template(
        f"contest/entries/{name}.html",
        link=link,
        submission=submission,
        walk=walk(link, submission, screen),
        form=form,
        checks={work.ordinal: checks_of(work) for work in submission.works},
        thumbs={
            work.ordinal: (picture_url(link, work, "thumb"), work.pictures["thumb"])
            for work in submission.works
            if "thumb" in work.pictures
        },
        **more,
    )
