"""Entries of different names that coincide: shown after the scores' seal, to whoever says why, and noted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from contest.domain.errors import Invalid
from contest.domain.stages import Stage
from contest.infra.texts import text
from contest.operations.disclosure import REASONS, disclose
from contest.queries.editions import current_edition
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from judging.operations.reopen import read_result
from judging.queries.same_hand import SameHand, require_seal, same_hand
from judging.web.results import READERS

blueprint = Blueprint("same_hand", __name__, template_folder="templates")


@blueprint.get("/staff/results/same-hand")
@allow(*READERS)
def door() -> Any:
    """What the page is for, and the reason it asks; nothing has been compared yet."""
    with services().database.read() as rows:
        edition = current_edition(rows) or abort(404)
        require_seal(rows, edition.id)
    return _page(None)


@blueprint.post("/staff/results/same-hand")
@allow(*READERS)
def show() -> Any:
    """The clusters, noted before they leave."""
    held = services()
    try:
        with held.database.read() as rows:
            edition = current_edition(rows) or abort(404)
            found = same_hand(rows, held.crypto, edition)
        with held.database.write() as uow:
            read_result(uow, edition.id, actor=actor(), now=now())
            disclose(
                uow, "same_hand", ("edition", edition.id), request.form.get("reason", ""),
                actor=actor(), now=now(), edition_id=edition.id, count=found.people,
            )  # fmt: skip
    except Invalid as error:
        return _page(None, [say(error)]), error.status
    return _page(found, is_decided=edition.stage is Stage.DECIDED)


def _page(found: SameHand | None, errors: list[str] | None = None, *, is_decided: bool = False) -> str:
    reasons = [
        ("", "까닭을 골라 주세요"),
        *((one, text("ko", f"disclosure.reason.{one}")) for one in REASONS),
    ]
    return render_template(
        "judging/same_hand.html", found=found, is_decided=is_decided, reasons=reasons, errors=errors or [],
        typed=request.form,
    )  # fmt: skip
