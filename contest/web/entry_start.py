"""응모 시작: age and consent before anything is kept; a child under 14 only with its guardian."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from contest.domain.consents import PARTS, ConsentKind, ConsentText
from contest.domain.errors import Conflict, ContestError, Invalid
from contest.domain.persons import misread
from contest.domain.ruleset import EditionRules
from contest.operations.begin import admit_draft, begin_draft, require_open
from contest.operations.guardian import ask_guardian, consent_as_guardian, refuse_as_guardian
from contest.operations.links import Opened, sign_link
from contest.queries.editions import current_edition, rules_of
from contest.web.access import actor, now, public, services
from contest.web.entry_forms import AskGuardianForm, ButtonForm, GuardianEntersForm, StartForm
from contest.web.errors import say
from contest.web.locale import locale
from contest.web.private import is_unlocked, open_private, unlock

blueprint = Blueprint("entry_start", __name__)


def current_rules() -> tuple[str, EditionRules]:
    """The edition that takes entries now. Raises Conflict outside its period."""
    with services().database.read() as rows:
        edition = current_edition(rows)
        if edition is None:
            raise Conflict("entry.no_contest")
        require_open(edition, now())
        return edition.id, rules_of(edition)


def consent_body(wording: ConsentText) -> Markup:
    """A consent's wording as paragraphs, the four items of a personal one named."""
    names = {
        "purpose": _("목적"),
        "items": _("항목"),
        "retention": _("보유·이용 기간"),
        "refusal": _("거부할 권리와 불이익"),
    }
    parts = []
    for part in PARTS[wording.kind]:
        if part in {"title", "agree"} or not (words := wording.part(part)):
            continue
        lines = Markup("<br>").join(escape(line) for line in words.splitlines())
        if part in names:
            parts.append(Markup("<p><strong>{}</strong>: {}</p>").format(names[part], lines))
        else:
            parts.append(Markup("<p>{}</p>").format(lines))
    return Markup().join(parts)


def closed_page(error: ContestError) -> Any:
    """The page of a contest that takes no entries now."""
    return render_template("contest/entries/closed.html", sentence=say(error))


@blueprint.route("/enter", methods=["GET", "POST"])
@public
def start() -> Any:
    """Age and consent; nothing is kept before 다음 is pressed."""
    try:
        edition_id, rules = current_rules()
    except Conflict as error:
        return closed_page(error)
    form, status = StartForm(), 200
    wording = rules.consent(ConsentKind.PRIVACY, locale())
    form.privacy.label.text = wording.part("agree")
    if form.validate_on_submit():
        if form.age.data == "child":
            return redirect(url_for("entry_start.guardian_choice"), 303)
        missing = _missing(form)
        if not missing:
            return _begin(edition_id, form.age.data or "", is_guardian=False)
        for one in missing:
            form.refuse(one)
            status = one.status
    return render_template(
        "contest/entries/start.html", form=form, wording=wording, body=consent_body(wording)
    ), status


def _missing(form: StartForm) -> list[Invalid]:
    """All that the first screen still wants, so that it is said at once."""
    wanted = []
    if form.age.data not in ("adult", "teen"):
        wanted.append(Invalid("age.missing", field="age"))
    if not form.privacy.data:
        wanted.append(Invalid("consent.missing", field="privacy"))
    return wanted


def _unticked(form: Any) -> list[ContestError]:
    """What a guardian has still to agree to."""
    return [Invalid("consent.missing", field=name) for name in ("privacy", "guardian") if not form[name].data]


def _begin(edition_id: str, age: str, *, is_guardian: bool) -> Any:
    held = services()
    with held.database.write() as uow:
        admit_draft(uow, actor().network, wall=held.clock.wall())
        draft = begin_draft(
            uow,
            edition_id,
            age_band=age,
            locale=locale(),
            is_guardian=is_guardian,
            actor=actor(),
            now=now(),
        )
    unlock(Opened(draft.id, edition_id, draft.link_epoch, draft.state.value))
    link = sign_link(held.crypto, draft.id, draft.link_epoch)
    return redirect(url_for("entries.photos", link=link), 303)


@blueprint.route("/enter/guardian", methods=["GET", "POST"])
@public
def guardian_choice() -> Any:
    """Under 14: the guardian enters, or the child names its guardian. When entry is closed the start page says so."""
    try:
        edition_id, rules = current_rules()
    except Conflict:
        return redirect(url_for(".start"), 303)
    enters, asks, status = GuardianEntersForm(prefix="g"), AskGuardianForm(prefix="c"), 200
    texts = {kind: rules.consent(kind, locale()) for kind in (ConsentKind.PRIVACY, ConsentKind.GUARDIAN)}
    enters.privacy.label.text = texts[ConsentKind.PRIVACY].part("agree")
    enters.guardian.label.text = texts[ConsentKind.GUARDIAN].part("agree")
    if request.method == "POST":
        form = enters if request.form.get("g-who") else asks
        named = (asks.guardian_name.data or "", asks.guardian_phone.data or "")
        wrong = _unticked(form) if form is enters else [*misread(*named, whose="guardian_")]
        try:
            if not wrong:
                return (
                    _begin(edition_id, "child", is_guardian=True)
                    if form is enters
                    else _ask(edition_id, *named)
                )
        except ContestError as error:
            wrong = [error]
        for one in wrong:
            form.refuse(one)
            status = one.status
    bodies = {kind.value: (text, consent_body(text)) for kind, text in texts.items()}
    return render_template(
        "contest/entries/guardian_choice.html", enters=enters, asks=asks, texts=bodies
    ), status


def _ask(edition_id: str, name: str, phone: str) -> Any:
    held = services()
    with held.database.write() as uow:
        draft = ask_guardian(
            uow,
            edition_id,
            guardian_name=name,
            guardian_phone=phone,
            locale=locale(),
            actor=actor(),
            now=now(),
            wall=held.clock.wall(),
        )
    unlock(Opened(draft.id, edition_id, draft.link_epoch, draft.state.value))
    return redirect(url_for("entries.door", link=sign_link(held.crypto, draft.id, draft.link_epoch)), 303)


@blueprint.route("/guardian/<link>", methods=["GET", "POST"])
@public
def guardian_door(link: str) -> Any:
    """One button; nothing is told before it is pressed."""
    opened = open_private(link, purpose="guardian")
    form = ButtonForm()
    if form.validate_on_submit():
        unlock(opened, purpose="guardian")
        return redirect(url_for("entry_start.guardian_consent", link=link), 303)
    return render_template("contest/entries/door.html", form=form, is_guardian=True)


@blueprint.route("/guardian/<link>/consent", methods=["GET", "POST"])
@public
def guardian_consent(link: str) -> Any:
    """What the guardian agrees to; agree, or refuse."""
    held = services()
    opened = open_private(link, purpose="guardian")
    if not is_unlocked(opened, purpose="guardian"):
        return redirect(url_for("entry_start.guardian_door", link=link))
    with held.database.read() as rows:
        edition = current_edition(rows)
        assert edition is not None
        rules = rules_of(edition)
    form, status = GuardianEntersForm(), 200
    texts = {kind: rules.consent(kind, locale()) for kind in (ConsentKind.PRIVACY, ConsentKind.GUARDIAN)}
    form.privacy.label.text = texts[ConsentKind.PRIVACY].part("agree")
    form.guardian.label.text = texts[ConsentKind.GUARDIAN].part("agree")
    state = opened.state
    if form.validate_on_submit():
        try:
            if request.form.get("refuse"):
                refuse_as_guardian(held, opened.submission_id, actor=actor(), now=now())
                return render_template("contest/entries/guardian_refused.html")
            wrong = _unticked(form)
            if not wrong:
                with held.database.write() as uow:
                    consent_as_guardian(uow, opened.submission_id, actor=actor(), now=now())
                state = "draft"
        except ContestError as error:
            wrong = [error]
        for one in wrong:
            form.refuse(one)
            status = one.status
    bodies = {kind.value: (text, consent_body(text)) for kind, text in texts.items()}
    return render_template(
        "contest/entries/guardian_consent.html",
        form=form,
        texts=bodies,
        has_agreed=state != "awaiting_guardian",
        entry_url=url_for("entries.door", link=sign_link(held.crypto, opened.submission_id, opened.epoch)),
    ), status
