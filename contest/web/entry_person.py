"""Who enters and what they agree to."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for

from contest.domain.consents import ConsentKind
from contest.domain.entry_steps import Screen, Step
from contest.domain.errors import ContestError, Invalid
from contest.domain.persons import misread
from contest.operations.consenting import save_consents
from contest.operations.entrant import save_person
from contest.operations.links import Opened
from contest.web.access import now, public, services
from contest.web.entry_forms import (
    ConsentForm,
    PersonForm,
)
from contest.web.entry_screens import at_first, blueprint, entry_page, load, walk
from contest.web.entry_start import consent_body
from contest.web.errors import say
from contest.web.private import owner, private

ASKED = (
    ConsentKind.LICENCE,
    ConsentKind.PLEDGE,
    ConsentKind.NAME_PUBLICATION,
    ConsentKind.NEXT_CONTEST,
    ConsentKind.OPEN_LICENCE,
)
_NEEDED = (ConsentKind.LICENCE, ConsentKind.PLEDGE)


@blueprint.route("/entry/<link>/person", methods=["GET", "POST"])
@public
@private
def person(opened: Opened, link: str) -> Any:
    """Who enters."""
    submission, screen = load(opened), Screen(Step.PERSON)
    names = ("name", "phone", "email", "guardian_name", "guardian_phone", "members")
    saved = {name: getattr(submission, name) for name in names} | {"members": "\n".join(submission.members)}
    form, status = PersonForm(data=at_first(saved)), 200
    if form.validate_on_submit():
        typed = {name: form[name].data or "" for name in names}
        wrong: list[ContestError] = [*misread(typed["name"], typed["phone"], typed["email"])]
        if submission.is_child:
            wrong += misread(typed["guardian_name"], typed["guardian_phone"], whose="guardian_")
        try:
            if not wrong:
                with services().database.write() as uow:
                    save_person(uow, opened.submission_id, **typed, actor=owner(opened), now=now())
                return redirect(walk(link, submission, screen).onward, 303)
        except ContestError as error:
            wrong = [error]
        for one in wrong:
            form.refuse(one)
            status = one.status
    return entry_page("person", link, submission, screen, form), status


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
    ordinal_errors: dict[int, str] = {}
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
        missing = [Invalid("consent.missing", field=kind.value) for kind in _NEEDED if kind not in given]
        unanswered = {n: Invalid("portrait.missing", ordinal=n) for n in portraits if not portraits[n]}
        if not missing and not unanswered:
            return redirect(walk(link, submission, screen).onward, 303)
        for error in missing:
            form.refuse(error)
        for n, error in unanswered.items():
            form.refuse(error, at=f"portrait-{n}-none")
            ordinal_errors[n] = say(error)
        status = 422
    texts = {kind: (wording, consent_body(wording)) for kind, wording in wordings.items()}
    return entry_page(
        "consents",
        link,
        submission,
        screen,
        form,
        texts=texts,
        portraits=portraits,
        ordinal_errors=ordinal_errors,
    ), status
