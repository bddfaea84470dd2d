"""Staff: the announcement on one page; approving, holding, going on; alternative texts; corrections."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from contest.domain.actors import STAFF, Role
from contest.domain.errors import ContestError, Missing
from contest.domain.schedule import KST
from contest.infra.texts import text
from contest.queries.editions import current_edition, rules_of
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.media import picture as picture_response
from contest.web.minute_field import MinuteField
from gallery.domain.winners_notice import Line, Office, winners_notice
from gallery.operations.approve import approve, withdraw_approval
from gallery.operations.correct import correct, retract
from gallery.operations.hold import hold, resume
from gallery.operations.prepare import describe_entry
from gallery.queries.announcement import announcement
from gallery.queries.draft import Draft, draft_of
from gallery.queries.exhibition import exhibited_works
from gallery.queries.prepared import prepared_picture

blueprint = Blueprint("publication", __name__, template_folder="templates")

PAGE = "publication.index"
OBJECTION_OPEN = "publication.objection_open"
#: What stands in the form at first; whoever puts the announcement off may write it anew.
POSTPONE_REASON = "이의신청 결정 전"
POSTPONE_NOTICE = (
    "접수된 이의신청을 확인하고 있어 결과 발표를 미룹니다. "
    "새 발표 일시는 정해지는 대로 이 화면에서 알려 드립니다."
)


class ReasonForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why something is taken back or taken down."""

    reason = TextAreaField(
        "사유", [InputRequired("사유를 적어 주세요."), Length(max=500, message="500자까지 적을 수 있습니다.")]
    )


class ApproveForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The approver has read what will be public."""

    digest = HiddenField()
    seen = BooleanField(
        "상격, 작품명, 이름 표기와 상금 합계를 확인했습니다.",
        [InputRequired("내용을 확인하고 표시해 주세요.")],
    )


class HoldForm(ReasonForm):
    """Stopping the announcement."""

    notice = TextAreaField(
        "시민에게 보일 안내", [Optional(), Length(max=500, message="500자까지 적을 수 있습니다.")]
    )


class PostponeForm(ReasonForm):
    """Putting the announcement off in public, because an objection is still open."""

    notice = TextAreaField(
        "시민에게 보일 안내",
        [
            InputRequired("시민에게 보일 안내를 적어 주세요. 첫 화면과 결과 화면에 보입니다."),
            Length(max=500, message="500자까지 적을 수 있습니다."),
        ],
    )


class ResumeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Going on, at another minute if one is given."""

    publish_at = MinuteField("새 발표 일시", [Optional()], format="%Y-%m-%dT%H:%M")


class DescribeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The alternative text of one work."""

    text = StringField("대체 텍스트", [Length(max=200, message="200자까지 적을 수 있습니다.")])


class CorrectForm(ReasonForm):
    """What a published work says."""

    title = StringField(
        "작품명",
        [InputRequired("작품명을 적어 주세요."), Length(max=60, message="60자까지 적을 수 있습니다.")],
    )
    place = StringField("촬영 장소", [Length(max=80, message="80자까지 적을 수 있습니다.")])
    description = TextAreaField("작품 설명", [Length(max=1000, message="1,000자까지 적을 수 있습니다.")])
    alternative_text = StringField(
        "대체 텍스트",
        [InputRequired("대체 텍스트를 적어 주세요."), Length(max=200, message="200자까지 적을 수 있습니다.")],
    )
    mask = BooleanField("이름을 가립니다(성명 공개 동의를 거둔 경우).")


def edition_id() -> str:
    """The id of the current edition. Raises Missing before the first opens."""
    with services().database.read() as session:
        edition = current_edition(session)
        if edition is None:
            raise Missing("missing")
        return edition.id


@blueprint.get("/staff/publication")
@allow(*STAFF)
def index() -> Any:
    """Where the announcement stands and what it will say."""
    return page()


def page(status: int = 200, **forms: Any) -> Any:
    """The page with forms as they came back."""
    held, at = services(), now()
    with held.database.read() as session:
        edition = current_edition(session)
        if edition is None:
            return render_template("gallery/staff/none.html")
        state = announcement(session, edition)
        draft = draft_of(session, held.crypto, edition, at)
        works = exhibited_works(session, edition, with_retracted=True) if state.publication_id else ()
        office = _office(rules_of(edition))
        names = {work.entry_number: work for work in draft.works}
        publish_at = state.release.minute
    shown = {
        "announcement": state,
        "standing": state.standing(at).value,
        "draft": draft,
        "blockers": [_said(blocker.code, blocker.facts) for blocker in draft.blockers if not blocker.is_warning],
        "is_changed": bool(works) and state.version == 1 and _is_changed(draft, state.digest),
        "works": works,
        "publish_at": publish_at,
        "is_late": publish_at is not None and publish_at <= at,
        "seconds_now": at,
        "notice": _notice(office, draft, publish_at) if names and publish_at else "",
        "approve_form": ApproveForm(formdata=None, digest=draft.digest),
        "withdraw_form": ReasonForm(formdata=None, prefix="withdraw"),
        "hold_form": HoldForm(formdata=None, prefix="hold"),
        "resume_form": ResumeForm(formdata=None, prefix="resume"),
        "open_cases": [blocker.facts["case"] for blocker in draft.blockers if blocker.code == OBJECTION_OPEN],
        "postpone_form": PostponeForm(
            formdata=None, prefix="postpone", reason=POSTPONE_REASON, notice=POSTPONE_NOTICE
        ),
    }  # fmt: skip
    return render_template("gallery/staff/publication.html", **(shown | forms)), status


def _is_changed(draft: Draft, digest: str) -> bool:
    return draft.digest != digest


def _said(code: str, facts: dict[str, Any]) -> dict[str, Any]:
    url = {OBJECTION_OPEN: "/staff/cases"}.get(code)
    return {"text": text("ko", code, **facts), "ok": False, "url": url}


def _office(rules: Any) -> Office:
    def own(key: str) -> str:
        return str(rules.texts.get("ko", key))

    return Office(
        contest=own("title"),
        organiser=own("organiser"),
        signed_by=own("signed_by"),
        ceremony=own("awards_ceremony"),
        payment=own("payment"),
        team=own("office"),
        phone=rules.phone,
    )


def _notice(office: Office, draft: Draft, publish_at: dt.datetime) -> str:
    lines = [Line(work.tier, work.amount, work.entry_number, work.title, work.name) for work in draft.works]
    return winners_notice(office, lines, publish_at, services().settings.public_url.rstrip("/") + "/results")


def _back(message: str) -> BaseResponse:
    flash(message, "success")
    return redirect(url_for(PAGE), 303)


@blueprint.post("/staff/publication/approve")
@allow(Role.APPROVER, fresh=True)
def approve_it() -> Any:
    """Approve what the page showed."""
    form = ApproveForm()
    if not form.validate_on_submit():
        return page(422, approve_form=form)
    try:
        with services().database.write() as uow:
            approve(uow, edition_id(), form.digest.data or "", actor=actor(), now=now())
    except ContestError as error:
        return page(error.status, refusal=say(error))
    return _back("승인했습니다. 발표 시각에 저절로 공개됩니다.")


@blueprint.post("/staff/publication/withdraw")
@allow(Role.APPROVER, fresh=True)
def withdraw_it() -> Any:
    """Take the approval back."""
    form = ReasonForm(prefix="withdraw")
    if not form.validate_on_submit():
        return page(422, withdraw_form=form)
    try:
        with services().database.write() as uow:
            withdraw_approval(uow, edition_id(), form.reason.data or "", actor=actor(), now=now())
    except ContestError as error:
        return page(error.status, refusal=say(error), withdraw_form=form)
    return _back("승인을 거두었습니다. 예약된 안내 메시지도 취소했습니다.")


@blueprint.post("/staff/publication/hold")
@allow(Role.OPERATOR, Role.APPROVER)
def hold_it() -> Any:
    """Stop the announcement; no second person, no password: seconds may count."""
    form = HoldForm(prefix="hold")
    if not form.validate_on_submit():
        return page(422, hold_form=form)
    try:
        with services().database.write() as uow:
            hold(uow, edition_id(), form.reason.data or "", form.notice.data or "", actor=actor(), now=now())
    except ContestError as error:
        return page(error.status, refusal=say(error), hold_form=form)
    return _back("발표를 보류했습니다. 승인자가 풀기 전에는 공개되지 않습니다.")


@blueprint.post("/staff/publication/postpone")
@allow(Role.OPERATOR, Role.APPROVER)
def postpone_it() -> Any:
    """Hold the announcement with a public notice, before or after its approval: an objection is still open."""
    form = PostponeForm(prefix="postpone")
    if not form.validate_on_submit():
        return page(422, postpone_form=form)
    try:
        with services().database.write() as uow:
            hold(uow, edition_id(), form.reason.data or "", form.notice.data or "", actor=actor(), now=now())
    except ContestError as error:
        return page(error.status, refusal=say(error), postpone_form=form)
    return _back("발표를 미루었습니다. 첫 화면과 결과 화면에 안내가 보입니다.")


@blueprint.post("/staff/publication/resume")
@allow(Role.APPROVER, fresh=True)
def resume_it() -> Any:
    """Lift the hold."""
    form = ResumeForm(prefix="resume")
    if not form.validate_on_submit():
        return page(422, resume_form=form)
    wanted = form.publish_at.data.replace(tzinfo=KST).astimezone(dt.UTC) if form.publish_at.data else None
    try:
        with services().database.write() as uow:
            resume(uow, edition_id(), publish_at=wanted, actor=actor(), now=now())
    except ContestError as error:
        return page(error.status, refusal=say(error), resume_form=form)
    return _back("보류를 풀었습니다.")


@blueprint.post("/staff/publication/check")
@allow(Role.OPERATOR, Role.APPROVER)
def check_it() -> Any:
    """Read the public page as a stranger once more."""
    with services().database.read() as session:
        edition = current_edition(session)
        found = announcement(session, edition).publication_id if edition else None
    if found is None:
        raise Missing("missing")
    services().jobs.ring("check_publication", publication_id=found)
    return _back("공개된 화면을 다시 확인하고 있습니다. 잠시 뒤 화면을 새로 고쳐 주세요.")


@blueprint.get("/staff/publication/picture/<entry_id>.jpg")
@allow(*STAFF)
def staff_picture(entry_id: str) -> Any:
    """A winner's small picture for staff, never kept by the browser."""
    with services().database.read() as session:
        found = prepared_picture(session, entry_id)
    if found is None:
        raise Missing("missing")
    return picture_response(found.rendition_id, found.bytes, etag=found.sha256)


@blueprint.get("/staff/publication/texts")
@allow(*STAFF)
def texts() -> Any:
    """The alternative texts of all winners."""
    return _texts_page()


def _texts_page(status: int = 200, wrong: str = "", form: Any = None) -> Any:
    held = services()
    with held.database.read() as session:
        edition = current_edition(session)
        if edition is None:
            return render_template("gallery/staff/none.html")
        state = announcement(session, edition)
        draft = draft_of(session, held.crypto, edition, now())
    forms = {
        work.entry_id: form
        if work.entry_id == wrong
        else DescribeForm(formdata=None, prefix=work.entry_id, text=work.alternative_text if work.is_described else "")
        for work in draft.works
    }  # fmt: skip
    return render_template(
        "gallery/staff/texts.html", draft=draft, forms=forms, is_locked=state.publication_id is not None
    ), status


@blueprint.post("/staff/publication/texts/<entry_id>")
@allow(Role.OPERATOR)
def describe(entry_id: str) -> Any:
    """Write one alternative text."""
    form = DescribeForm(prefix=entry_id)
    if not form.validate_on_submit():
        return _texts_page(422, entry_id, form)
    with services().database.write() as uow:
        describe_entry(uow, entry_id, form.text.data or "", actor=actor(), now=now())
    flash("저장했습니다.", "success")
    return redirect(url_for("publication.texts", _anchor=f"work-{entry_id}"), 303)


@blueprint.get("/staff/publication/works/<work_id>")
@allow(Role.OPERATOR, Role.APPROVER)
def work(work_id: str) -> Any:
    """One published work: correct it or take it down."""
    return _work_page(work_id)


def _work_page(work_id: str, status: int = 200, **forms: Any) -> Any:
    with services().database.read() as session:
        edition = current_edition(session)
        every = exhibited_works(session, edition, with_retracted=True) if edition else ()
    found = next((one for one in every if one.id == work_id), None)
    if found is None:
        raise Missing("missing")
    shown = {
        "work": found,
        "correct_form": CorrectForm(
            formdata=None, title=found.title, place=found.place, description=found.description,
            alternative_text=found.alternative_text,
        ),
        "retract_form": ReasonForm(formdata=None, prefix="retract"),
    }  # fmt: skip
    return render_template("gallery/staff/work.html", **(shown | forms)), status


@blueprint.post("/staff/publication/works/<work_id>/correct")
@allow(Role.APPROVER, fresh=True)
def correct_it(work_id: str) -> Any:
    """Publish the correction."""
    form = CorrectForm()
    if not form.validate_on_submit():
        return _work_page(work_id, 422, correct_form=form)
    changes = {
        name: str(form[name].data or "") for name in ("title", "place", "description", "alternative_text")
    }
    try:
        with services().database.write() as uow:
            correct(
                uow,
                work_id,
                changes,
                form.reason.data or "",
                mask=bool(form.mask.data),
                actor=actor(),
                now=now(),
            )
    except ContestError as error:
        return _work_page(work_id, error.status, correct_form=form, refusal=say(error))
    return _back("정정했습니다. 결과 화면에 정정 안내가 함께 보입니다.")


@blueprint.post("/staff/publication/works/<work_id>/retract")
@allow(Role.OPERATOR, Role.APPROVER)
def retract_it(work_id: str) -> Any:
    """Take the work down."""
    form = ReasonForm(prefix="retract")
    if not form.validate_on_submit():
        return _work_page(work_id, 422, retract_form=form)
    try:
        with services().database.write() as uow:
            retract(uow, work_id, form.reason.data or "", actor=actor(), now=now())
    except ContestError as error:
        return _work_page(work_id, error.status, retract_form=form, refusal=say(error))
    return _back("작품의 게시를 중단했습니다.")
