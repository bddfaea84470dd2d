"""Papers arrive, are taken back, and are looked at by staff; their bytes are never opened here."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import func, select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.papers import MOST_PAPERS, PaperKind, paper_format, papers_asked
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.paper import Paper
from contest.models.submission import Submission, SubmissionState
from contest.operations.begin import require_open
from contest.operations.disclosure import disclose
from contest.operations.drafts import editable, note_change
from contest.operations.guardian import consent_as_guardian
from contest.queries.editions import get_edition, rules_of


def receive_paper(
    services: Services, submission_id: str, kind: PaperKind, data: bytes, *, actor: Actor, now: dt.datetime
) -> str:
    """Keep one paper; its id.

    Raises Invalid as `paper_format`, Conflict paper.too_many, paper.not_asked, and what `editable` raises.
    """
    form = paper_format(data)
    with services.database.write() as uow:
        _require_room(uow, submission_id, kind, now)
        paper_id = uow.ids.token()
    services.storage.put(f"entry-papers/{paper_id}", data)
    try:
        with services.database.write() as uow:
            submission = _require_room(uow, submission_id, kind, now)
            uow.session.add(
                Paper(
                    id=paper_id, submission_id=submission_id, kind=kind.value, format=form, bytes=len(data),
                    sha256=hashlib.sha256(data).hexdigest(), stored_at=now,
                )
            )  # fmt: skip
            note_change(uow, submission, ["papers"], actor=actor, now=now)
    except (Conflict, Missing):
        services.storage.delete(f"entry-papers/{paper_id}")
        raise
    return paper_id


def _require_room(uow: UnitOfWork, submission_id: str, kind: PaperKind, now: dt.datetime) -> Submission:
    if kind is PaperKind.GUARDIAN:
        submission = uow.session.get(Submission, submission_id, with_for_update=True)
        if submission is None or submission.state is not SubmissionState.AWAITING_GUARDIAN:
            raise Conflict("paper.not_asked")
        require_open(get_edition(uow.session, submission.edition_id), now)
    else:
        submission, edition = editable(uow, submission_id, now)
        if kind not in papers_asked(rules_of(edition).entry):
            raise Conflict("paper.not_asked")
    held = uow.session.scalar(
        select(func.count()).where(Paper.submission_id == submission_id, Paper.kind == kind.value)
    )
    if (held or 0) >= MOST_PAPERS:
        raise Conflict("paper.too_many", most=MOST_PAPERS)
    return submission


def take_back_paper(
    services: Services, submission_id: str, paper_id: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Drop a paper that was the wrong one, as long as the entry may be changed. Raises Missing, Conflict."""
    with services.database.write() as uow:
        paper = uow.session.get(Paper, paper_id)
        if paper is None or paper.submission_id != submission_id:
            raise Missing("missing")
        submission = _require_changeable(uow, paper, now)
        note_change(uow, submission, ["papers"], actor=actor, now=now)
    services.storage.delete(f"entry-papers/{paper_id}")
    with services.database.write() as uow:
        row = uow.session.get(Paper, paper_id)
        if row is not None:
            uow.session.delete(row)


def _require_changeable(uow: UnitOfWork, paper: Paper, now: dt.datetime) -> Submission:
    if paper.kind == PaperKind.GUARDIAN.value:
        submission = uow.session.get_one(Submission, paper.submission_id)
        if submission.state is not SubmissionState.AWAITING_GUARDIAN:
            raise Conflict("guardian.agreed")
        return submission
    return editable(uow, paper.submission_id, now)[0]


def show_paper(
    uow: UnitOfWork, paper_id: str, reason: str, *, actor: Actor, now: dt.datetime
) -> tuple[str, str]:
    """(format, kind) of a paper that staff take out to look at: an act with a reason. Raises Missing, Invalid."""
    actor.require(Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
    paper = uow.session.get(Paper, paper_id)
    if paper is None:
        raise Missing("missing")
    edition_id = uow.session.get_one(Submission, paper.submission_id).edition_id
    disclose(
        uow,
        "entry_paper",
        ("submission", paper.submission_id),
        reason,
        actor=actor,
        now=now,
        edition_id=edition_id,
    )
    return paper.format, paper.kind


def confirm_signed_form(
    uow: UnitOfWork, submission_id: str, *, has_seen: bool, actor: Actor, now: dt.datetime
) -> None:
    """Staff have the guardian's signed form before them, on paper or as a file: the child may go on.

    The guardian is told as after any consent. Raises Invalid guardian.form_unseen, Conflict, Missing.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    if not has_seen:
        raise Invalid("guardian.form_unseen", field="seen")
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is not SubmissionState.AWAITING_GUARDIAN:
        raise Conflict("guardian.agreed")
    consent_as_guardian(uow, submission_id, actor=actor, now=now)
    uow.session.execute(
        update(Paper)
        .where(Paper.submission_id == submission_id, Paper.kind == PaperKind.GUARDIAN.value)
        .values(confirmed_at=now, confirmed_by=actor.id)
    )
