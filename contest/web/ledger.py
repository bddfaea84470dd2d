"""접수대장 and 부적격 목록 as a sheet or a printed page: each download is an act with its reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, render_template, request

from contest.domain.actors import Role
from contest.domain.errors import ContestError, Missing
from contest.domain.korean import day_text, instant_text
from contest.domain.schedule import KST
from contest.infra.documents import render_pdf
from contest.infra.sheets import Cell, xlsx
from contest.infra.texts import text
from contest.operations.disclosure import REASONS, disclose
from contest.queries.ledger import Ledger, LedgerLine, LedgerPage, load_ledger
from contest.queries.office import office_of_current
from contest.queries.screening_sieve import Sieve
from contest.queries.standing import Standing, standing
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.screening_sieve import VIEW_NAMES, sieve_of_request

blueprint = Blueprint("ledger", __name__)
VIEWERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
SHOWN = 10
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLES = {Ledger.ENTRIES: "접수대장", Ledger.UNFIT: "부적격 목록"}
#: name of a column, its width on paper in mm (0: what is left)
COLUMNS = {
    Ledger.ENTRIES: (
        ("연번", 10), ("접수번호", 24), ("출품번호", 27), ("접수일시", 36), ("작품명", 0), ("성명", 20),
        ("연락처", 29), ("촬영지", 18), ("판정", 16), ("사유", 0),
    ),
    Ledger.UNFIT: (
        ("연번", 10), ("접수번호", 24), ("출품번호", 27), ("작품명", 0), ("성명", 20), ("연락처", 29),
        ("사유", 0), ("결정일시", 36), ("의견 기한", 36), ("의견", 12),
    ),
}  # fmt: skip


def _edition() -> Standing:
    with services().database.read() as session:
        found = standing(session)
    if found is None:
        raise Missing("missing")
    return found


def _ledger() -> Ledger:
    given = request.values.get("list", "")
    return Ledger(given) if given in set(Ledger) else Ledger.ENTRIES


def _sieve() -> Sieve | None:
    return sieve_of_request() if request.values.get("view") else None


def _row(ledger: Ledger, number: int, line: LedgerLine) -> tuple[Cell, ...]:
    reason = text("ko", f"unfit_reason.{line.reason}") if line.reason else ""
    reason = f"{reason} {line.note}" if line.note else reason

    def at(instant: dt.datetime | None) -> str:
        return instant_text(instant) if instant else ""

    if ledger is Ledger.UNFIT:
        return (
            number, line.receipt_number, line.entry_number, line.title, line.name, line.phone, reason,
            at(line.decided_at), at(line.reply_until), "있음" if line.replied_at else "",
        )  # fmt: skip
    return (
        number, line.receipt_number, line.entry_number, at(line.submitted_at), line.title, line.name, line.phone,
        line.dong, text("ko", f"entry_state.{line.state}"), reason,
    )  # fmt: skip


@blueprint.get("/staff/ledger")
@allow(*VIEWERS)
def index() -> Any:
    """What the list would hold, its first lines masked, and the form that takes it out."""
    return _page([])


def _page(errors: list[str]) -> str:
    ledger, sieve = _ledger(), _sieve()
    with services().database.read() as session:
        edition = standing(session)
        found = (
            load_ledger(session, services().crypto, edition.id, ledger, sieve, masked=True, limit=SHOWN)
            if edition
            else LedgerPage((), 0, 0)
        )
    return render_template(
        "contest/screening/ledger.html",
        edition=edition,
        ledger=ledger,
        titles=TITLES,
        columns=[name for name, _ in COLUMNS[ledger]],
        rows=[_row(ledger, n, line) for n, line in enumerate(found.lines, start=1)],
        found=found,
        sieve=sieve,
        view_names=VIEW_NAMES,
        errors=errors,
        typed=request.form,
        reasons=[("", "까닭을 골라 주세요"), *((r, text("ko", f"disclosure.reason.{r}")) for r in REASONS)],
    )


@blueprint.post("/staff/ledger")
@allow(*VIEWERS)
def take() -> Any:
    """The file; what was taken, of how many people and why is in the trail before it leaves."""
    edition, ledger, held, moment = _edition(), _ledger(), services(), now()
    masked = request.form.get("people") != "full"
    try:
        with held.database.write() as uow:
            found = load_ledger(uow.session, held.crypto, edition.id, ledger, _sieve(), masked=masked)
            office = office_of_current(uow.session, "ko")["name"]
            disclose(
                uow,
                "masked_list" if masked else "export",
                ("edition", edition.id),
                request.form.get("reason", ""),
                actor=actor(),
                now=moment,
                edition_id=edition.id,
                count=found.people,
            )
    except ContestError as error:
        return _page([say(error)]), error.status
    rows = [_row(ledger, n, line) for n, line in enumerate(found.lines, start=1)]
    is_pdf = request.form.get("format") == "pdf"
    if is_pdf:
        data = render_pdf(
            "ledger", _document(edition, ledger, found, rows, office=office, at=moment), at=moment
        )
    else:
        data = xlsx([name for name, _ in COLUMNS[ledger]], rows, TITLES[ledger])
    response = Response(data, mimetype="application/pdf" if is_pdf else SHEET_TYPE)
    name = f"{ledger}-{moment.astimezone(KST):%Y%m%d}.{'pdf' if is_pdf else 'xlsx'}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _document(
    edition: Standing,
    ledger: Ledger,
    found: LedgerPage,
    rows: list[tuple[Cell, ...]],
    *,
    office: str,
    at: dt.datetime,
) -> dict[str, Any]:
    return {
        "contest": edition.title,
        "title": TITLES[ledger],
        "summary": f"작품 {found.total:,}점, 응모 {found.people:,}건",
        "office": office,
        "date": day_text(at.astimezone(KST).date()),
        "columns": [{"name": name, "width": width} for name, width in COLUMNS[ledger]],
        "rows": [["" if cell is None else str(cell) for cell in row] for row in rows],
        "signers": [{"role": "작성", "name": ""}, {"role": "확인", "name": ""}, {"role": "결재", "name": ""}],
    }
