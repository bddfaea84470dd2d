"""The outbox of staff: messages with their texts, the file for the office's own sender, texts to read before."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from contest.domain.actors import Role
from contest.domain.errors import Conflict, ContestError, Invalid
from contest.domain.korean import MessageSize, measure_message
from contest.domain.messages import FORMS, Channel, MessageForm, sample_facts
from contest.infra.clock import KST
from contest.infra.sheets import xlsx
from contest.infra.texts import LOCALES
from contest.infra.texts.messages import render
from contest.operations import outbox
from contest.queries import messages as held_messages
from contest.queries.messages import Filters, MessageState
from contest.web.access import actor, allow, now, services
from contest.web.errors import say
from contest.web.whole_numbers import whole

blueprint = Blueprint("outbox", __name__, url_prefix="/staff/messages")
READERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES = {
    MessageState.DUE: "보낼 때 됨",
    MessageState.WAITING: "기다리는 중",
    MessageState.FAILED: "보내지 못함",
    MessageState.SENT: "보냄",
    MessageState.VOID: "취소됨",
}
CHANNELS = {Channel.SMS: "문자", Channel.MAIL: "메일", Channel.PHONE: "전화"}
ADDRESSEES = {
    "entrant": "응모자",
    "guardian": "법정대리인",
    "objector": "신고자",
    "judge": "심사위원",
    "staff": "담당자",
}
FAILURES = {
    "interrupted": "보내는 중에 세 번 멈췄습니다.",
    "no link": "개인 링크를 만들 수 없습니다. 응모가 철회되었거나 지워졌을 수 있습니다.",
    "address": "주소가 올바르지 않습니다.",
    "too long": "문자로 보내기에는 너무 깁니다. 전화로 알려 주세요.",
    "undelivered": "발송 업체에서 전달되지 않았다고 알려 왔습니다.",
}


class ReasonForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why personal data is looked at or taken."""

    reason = StringField(
        "개인정보를 보는 까닭",
        [DataRequired("까닭을 적어 주세요."), Length(5, 200, "5자 이상 200자 이하로 적어 주세요.")],
    )


@dataclass(frozen=True)
class Template:
    """A message with sample facts, as staff read it before any leaves."""

    form: MessageForm
    title: str
    sms: str
    size: MessageSize
    mail: str


@blueprint.get("")
@allow(*READERS)
def index() -> Any:
    """Every message, by state, channel and code."""
    held = services()
    chosen = Filters(
        _choice(MessageState, request.args.get("state")),
        _choice(Channel, request.args.get("channel")),
        request.args.get("code") if request.args.get("code") in FORMS else None,
    )
    page = request.args.get("page", 1, type=whole)
    with held.database.read() as session:
        found = held_messages.list_messages(held, session, chosen, page, now=now(), contacts=_may_send())
        counts = held_messages.count_states(session, now())
        fresh = held_messages.count_fresh_texts(session, now())
    return render_template(
        "contest/outbox/index.html", found=found, counts=counts, fresh=fresh, chosen=chosen,
        codes=[(code, f"{code} {form.event}") for code, form in FORMS.items()], **_words(),
    )  # fmt: skip


@blueprint.get("/<message_id>")
@allow(*READERS)
def show(message_id: str) -> Any:
    """One message with what can be done about it."""
    return _page_of(message_id, ReasonForm())


@blueprint.post("/<message_id>/contact")
@allow(Role.OPERATOR, Role.APPROVER)
def contact(message_id: str) -> Any:
    """The number or address in full, with a reason; an act in the trail."""
    form, held = ReasonForm(), services()
    if not form.validate_on_submit():
        return _page_of(message_id, form), 422
    with held.database.write() as uow:
        outbox.show_contact(uow, message_id, form.reason.data or "", actor=actor(), now=now())
    with held.database.read() as session:
        shown = held_messages.contact_of(held.crypto, session, message_id)
    return _page_of(message_id, ReasonForm(formdata=None), shown)


@blueprint.post("/<message_id>/told")
@allow(Role.OPERATOR, Role.APPROVER)
def told(message_id: str) -> Any:
    """A person told it, by text or by telephone."""
    with services().database.write() as uow:
        outbox.mark_told(uow, message_id, actor=actor(), now=now())
    return _back(message_id, "보냄으로 표시했습니다.")


@blueprint.post("/<message_id>/undelivered")
@allow(Role.OPERATOR, Role.APPROVER)
def undelivered(message_id: str) -> Any:
    """The office's sender says that it did not arrive."""
    with services().database.write() as uow:
        outbox.mark_undelivered(uow, message_id, actor=actor(), now=now())
    return _back(message_id, "전달되지 않음으로 표시했습니다. 전화로 알린 뒤 보냄으로 표시해 주세요.")


@blueprint.post("/<message_id>/now")
@allow(Role.OPERATOR, Role.APPROVER)
def hasten(message_id: str) -> Any:
    """Send outside the hours of sending."""
    with services().database.write() as uow:
        outbox.send_now(uow, message_id, actor=actor(), now=now())
    return _back(message_id, "바로 보내도록 했습니다.")


@blueprint.post("/<message_id>/retry")
@allow(Role.OPERATOR, Role.APPROVER)
def retry(message_id: str) -> Any:
    """Let one failed message leave again."""
    with services().database.write() as uow:
        outbox.retry(uow, message_id, actor=actor(), now=now())
    return _back(message_id, "다시 보내도록 했습니다.")


@blueprint.post("/retry")
@allow(Role.OPERATOR, Role.APPROVER)
def retry_all() -> Any:
    """Let every failed message leave again."""
    with services().database.write() as uow:
        count = outbox.retry(uow, None, actor=actor(), now=now())
    flash(f"{count}건을 다시 보내도록 했습니다.", "success")
    return redirect(url_for("outbox.index", state="due"), 303)


@blueprint.get("/texts")
@allow(Role.OPERATOR, Role.APPROVER)
def texts() -> Any:
    """Text messages for the office's own sender: what waits, and bundles not yet marked as sent."""
    with services().database.read() as session:
        fresh = held_messages.count_fresh_texts(session, now())
        batches = held_messages.open_batches(session)
    return render_template("contest/outbox/texts.html", fresh=fresh, batches=batches, **_words())


@blueprint.post("/texts")
@allow(Role.OPERATOR, Role.APPROVER)
def bundle() -> Any:
    """Bundle the due text messages."""
    try:
        with services().database.write() as uow:
            batch = outbox.bundle_texts(uow, actor=actor(), now=now())
    except Conflict as error:
        flash(say(error), "warning")
        return redirect(url_for("outbox.texts"), 303)
    return redirect(url_for("outbox.batch", batch_id=batch), 303)


@blueprint.get("/texts/<batch_id>")
@allow(Role.OPERATOR, Role.APPROVER)
def batch(batch_id: str) -> Any:
    """A bundle: the file, then marking it as sent, with counts."""
    return _batch_page(batch_id, ReasonForm())


@blueprint.post("/texts/<batch_id>/file")
@allow(Role.OPERATOR, Role.APPROVER)
def batch_file(batch_id: str) -> Any:
    """The 문자 발송용 XLSX of a bundle: number and text, both as text; a disclosure with its reason."""
    form, held = ReasonForm(), services()
    if not form.validate_on_submit():
        return _batch_page(batch_id, form), 422
    with held.database.write() as uow:
        rows = outbox.hand_over_texts(uow, held, batch_id, form.reason.data or "", actor=actor(), now=now())
    name = f"문자발송_{now().astimezone(KST):%Y%m%d_%H%M}_{len(rows)}건.xlsx"
    file = io.BytesIO(xlsx(("수신번호", "문자내용"), rows, "문자"))
    answer = send_file(file, XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/texts/<batch_id>/sent")
@allow(Role.OPERATOR, Role.APPROVER)
def batch_sent(batch_id: str) -> Any:
    """Mark a bundle as sent."""
    with services().database.write() as uow:
        count = outbox.mark_batch_sent(uow, batch_id, actor=actor(), now=now())
    flash(f"문자 {count}건을 보냄으로 표시했습니다.", "success")
    return redirect(url_for("outbox.texts"), 303)


@blueprint.get("/templates")
@allow(*READERS)
def templates() -> Any:
    """Every text of the table with sample facts, for reading before any leaves."""
    held = services()
    language = request.args.get("language", "ko")
    language = language if language in LOCALES else "ko"
    with held.database.read() as session:
        common = held_messages.common_facts(session, None, language)
    private = f"{held.settings.public_url}/receipt/{'*' * 48}"
    read = []
    for code, form in FORMS.items():
        title, sms, mail = (
            held_messages.with_public_links(held, part, private)
            for part in render(code, language, {**sample_facts(code), **common})
        )
        read.append(Template(form, title, sms, measure_message(sms), mail))
    return render_template("contest/outbox/templates.html", read=read, language=language, **_words())


@blueprint.post("/templates/<code>/test")
@allow(Role.OPERATOR, Role.APPROVER)
def test(code: str) -> Any:
    """Send one of them to one's own mail address."""
    language = request.form.get("language", "ko")
    language = language if language in LOCALES else "ko"
    try:
        address = outbox.send_test(services(), code, language, actor=actor(), now=now())
        flash(f"{code} 메시지를 {address} 주소로 시험 발송했습니다.", "success")
    except Invalid as error:
        flash(say(error), "warning")
    return redirect(url_for("outbox.templates", language=language, _anchor=code), 303)


def _choice(kind: Any, value: str | None) -> Any:
    return kind(value) if value in set(kind) else None


def _may_send() -> bool:
    return current_user.role in outbox.SENDERS


def _words() -> dict[str, Any]:
    return {
        "states": STATES, "channels": CHANNELS, "addressees": ADDRESSEES, "failures": FAILURES,
        "may_send": _may_send(), "sends_texts": services().texter is not None,
    }  # fmt: skip


def _page_of(message_id: str, form: ReasonForm, shown: str = "") -> str:
    held = services()
    with held.database.read() as session:
        line = held_messages.get_message(held, session, message_id, now=now(), contacts=_may_send())
    return render_template("contest/outbox/message.html", line=line, form=form, contact=shown, **_words())


def _batch_page(batch_id: str, form: ReasonForm) -> str:
    with services().database.read() as session:
        found = [each for each in held_messages.open_batches(session) if each.id == batch_id]
    if not found:
        raise Conflict("message.batch_missing")
    return render_template("contest/outbox/batch.html", batch=found[0], form=form, **_words())


def _back(message_id: str, sentence: str) -> Any:
    flash(sentence, "success")
    return redirect(url_for("outbox.show", message_id=message_id), 303)


@blueprint.errorhandler(Conflict)
def _told_on_the_list(error: ContestError) -> Any:
    """Somebody else was first: say so on the list, where the present state stands."""
    flash(say(error), "warning")
    return redirect(url_for("outbox.index"), 303)
