"""The receipt: number, address and secret, how the works stand in words, and what may still be done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for

from contest.domain.errors import ContestError
from contest.domain.persons import parse_phone
from contest.domain.schedule import KST
from contest.infra.qr import qr_svg
from contest.infra.texts import text
from contest.operations.links import Opened, secret_of
from contest.operations.news import stop_own_news
from contest.operations.own_data import own_bundle, own_data
from contest.operations.withdraw import ask_withdrawal, reply_to_unfit, withdraw_entry
from contest.queries.entries import load_submission
from contest.web.access import now, public, services
from contest.web.entry_forms import ButtonForm, ReplyForm
from contest.web.locale import locale
from contest.web.private import may_show_secret, owner, private
from contest.web.work_words import checks_of, erased_on, picture_url, stage_code

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/receipt/<link>")
@public
@private
def show(opened: Opened, link: str) -> Any:
    """The receipt page."""
    return _receipt(opened, link, ReplyForm(), replying=0)


def _receipt(opened: Opened, link: str, form: ReplyForm, *, replying: int) -> Any:
    held = services()
    sections = []
    with held.database.read() as rows:
        submission = load_submission(rows, held.crypto, opened.submission_id)
        for section in sorted(held.registry.receipt_sections, key=lambda section: section.order):
            shown = section.load(rows, opened.submission_id, now())
            if shown is not None:
                sections.append((section.template, shown))
        # A held or unapproved announcement is none, whatever the schedule said.
        minutes = [announced(rows, opened.edition_id) for announced in held.registry.announced]
    if submission.receipt_number is None:
        return redirect(url_for("entries.door", link=link))
    is_published = any(minute is not None and minute <= now() for minute in minutes)
    works = (*submission.works, *submission.withdrawn_works)
    secret = (
        secret_of(held.crypto, opened.submission_id, opened.epoch)
        if may_show_secret(opened.submission_id)
        else None
    )
    return render_template(
        "contest/entries/receipt.html",
        link=link,
        submission=submission,
        works=works,
        secret=f"{secret[:5]} {secret[5:]}" if secret else None,
        address=private_address(link),
        is_open=submission.state == "submitted" and submission.schedule.is_entry_open(now()),
        may_erase=submission.stage in {"open", "screening"}
        and (submission.schedule.judging_opens is None or now() < submission.schedule.judging_opens),
        stages={
            work.ordinal: text(locale(), stage_code(submission, work, is_published=is_published))
            for work in works
        },
        reasons={
            work.ordinal: text(locale(), f"unfit_reason.{work.unfit_reason}")
            for work in works
            if work.unfit_reason
        },
        checks={work.ordinal: checks_of(work) for work in works},
        thumbs={
            work.ordinal: (picture_url(link, work, "thumb"), work.pictures["thumb"])
            for work in works
            if "thumb" in work.pictures
        },
        erased=erased_on(submission),
        form=form,
        replying=replying,
        sections=sections,
        takes_texts=submission.phone is not None and parse_phone(submission.phone).is_mobile,
    )


def private_address(link: str) -> str:
    """The whole private address, as it is kept or sent; always of the configured origin."""
    return f"{services().settings.public_url}/entry/{link}"


@blueprint.get("/receipt/<link>/qr.svg")
@public
@private
def qr(opened: Opened, link: str) -> Response:
    """The private address as a QR code."""
    del opened
    return Response(
        qr_svg(private_address(link)), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


@blueprint.route("/receipt/<link>/withdraw", methods=["GET", "POST"])
@public
@private
def withdraw(opened: Opened, link: str) -> Any:
    """Withdraw one work (?work=) or all, after a preview; past the deadline, ask for it."""
    held = services()
    with held.database.read() as rows:
        submission = load_submission(rows, held.crypto, opened.submission_id)
    if submission.state != "submitted":
        return redirect(url_for("receipts.show", link=link))
    ordinal, form, status = request.args.get("work", type=int), ButtonForm(), 200
    is_open = submission.schedule.is_entry_open(now())
    if form.validate_on_submit():
        try:
            with held.database.write() as uow:
                if is_open:
                    withdraw_entry(uow, opened.submission_id, ordinal=ordinal, actor=owner(opened), now=now())
                else:
                    ask_withdrawal(uow, opened.submission_id, actor=owner(opened), now=now())
            return redirect(url_for("receipts.show", link=link), 303)
        except ContestError as error:
            form.refuse(error)
            status = error.status
    chosen = [work for work in submission.works if ordinal in (None, work.ordinal)]
    if not chosen:
        abort(404)
    return render_template(
        "contest/entries/withdraw.html",
        link=link,
        submission=submission,
        chosen=chosen,
        is_open=is_open,
        form=form,
    ), status


@blueprint.post("/receipt/<link>/news")
@public
@private
def stop_news(opened: Opened, link: str) -> Any:
    """No more news of the next contest, back to the receipt, which says so."""
    with services().database.write() as uow:
        stop_own_news(uow, opened.submission_id, actor=owner(opened), now=now())
    return redirect(url_for("receipts.show", link=link, _anchor="receipt-person"), 303)


@blueprint.post("/receipt/<link>/works/<int:ordinal>/reply")
@public
@private
def reply(opened: Opened, link: str, ordinal: int) -> Any:
    """Answer an unfit decision."""
    form = ReplyForm()
    try:
        with services().database.write() as uow:
            reply_to_unfit(
                uow,
                opened.submission_id,
                ordinal,
                text=form.reply.data or "",
                actor=owner(opened),
                now=now(),
            )
    except ContestError as error:
        form.refuse(error)
        return _receipt(opened, link, form, replying=ordinal), error.status
    return redirect(url_for("receipts.show", link=link), 303)


@blueprint.get("/receipt/<link>/data.json")
@public
@private
def data(opened: Opened, link: str) -> Any:
    """Everything kept about the entrant, for the entrant."""
    del link
    answer = jsonify(own_data(services(), opened.submission_id))
    answer.headers["Content-Disposition"] = 'attachment; filename="my-entry.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/receipt/<link>/data.zip")
@public
@private
def bundle(opened: Opened, link: str) -> Any:
    """The same with the entrant's own photographs, byte for byte as they were sent in."""
    del link
    pack = own_bundle(services(), opened.submission_id, stamp=now().astimezone(KST))
    answer = Response(pack.stream(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-entry.zip"'
    answer.headers["Content-Length"] = str(pack.size)
    answer.headers["Cache-Control"] = "no-store"
    return answer
