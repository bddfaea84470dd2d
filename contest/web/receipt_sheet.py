"""The receipt on paper: complete for whoever has neither mail nor a smartphone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, url_for

from contest.domain.korean import instant_text
from contest.infra.documents import render_pdf
from contest.infra.qr import qr_png
from contest.operations.links import Opened, secret_of
from contest.queries.entries import Submitted, load_submission
from contest.queries.office import office_of_current
from contest.web.access import public, services
from contest.web.private import may_show_secret, private
from contest.web.receipts import private_address

blueprint = Blueprint("receipt_sheet", __name__)


@blueprint.get("/receipt/<link>/receipt.pdf")
@public
@private
def show(opened: Opened, link: str) -> Any:
    """The 접수증 as PDF; the secret stands on it as long as the page shows it."""
    held = services()
    with held.database.read() as rows:
        submission = load_submission(rows, held.crypto, opened.submission_id)
        office = office_of_current(rows, "ko")
    if submission.receipt_number is None:
        return redirect(url_for("entries.door", link=link))
    secret = ""
    if may_show_secret(opened.submission_id):
        whole = secret_of(held.crypto, opened.submission_id, opened.epoch)
        secret = f"{whole[:5]} {whole[5:]}"
    address = private_address(link)
    sheet = render_pdf("receipt", _facts(submission, office, address, secret), {"qr.png": qr_png(address)})
    response = Response(sheet, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="receipt-{submission.receipt_number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _facts(submission: Submitted, office: dict[str, str], address: str, secret: str) -> dict[str, Any]:
    schedule = submission.schedule
    ahead = []
    if schedule.entry_closes:
        ahead.append(f"{instant_text(schedule.entry_closes)}까지 고치거나 철회하실 수 있습니다.")
    if schedule.publish_at:
        ahead.append(f"{instant_text(schedule.publish_at)}에 결과를 발표하고 따로 알려 드립니다.")
    return {
        "contest": submission.rules.texts.get("ko", "title"),
        "number": submission.receipt_number,
        "name": submission.name or "",
        "submitted_at": instant_text(submission.submitted_at) if submission.submitted_at else "",
        "secret": secret,
        "address": address,
        "qr": "qr.png",
        "office": office.get("name", ""),
        "phone": office.get("phone", ""),
        "works": [
            {"number": work.entry_number or "", "title": work.title or "", "place": work.place}
            for work in submission.works
        ],
        "next": ahead,
    }
