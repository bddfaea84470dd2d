"""A form made from an edition's fields: every value under its dotted path, kept as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import (
    Field as FormField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.widgets import DateInput, DateTimeLocalInput

from contest.domain.dotted import shape, value_at
from contest.domain.edition_fields import Field, Group, Kind, Place, Subject, fields_of, place_of
from contest.domain.edition_values import UNREAD, Content, typed_form
from contest.domain.rules import Problem
from contest.infra.texts import text
from contest.infra.texts.edition_fields import label_of
from contest.infra.texts.edition_pages import choice_label

_LISTS = ("rounds", "prizes", "ties")


def posted_groups(
    subject: Subject, language: str, content: Content, names: Iterable[str]
) -> tuple[Group, ...]:
    """The groups that a posted form had: as many rows as it names, whatever the database holds by now."""
    if language != "ko":
        return subject.groups(content.document, language)
    claimed = shape(name for name in names if name.split(".")[0] in _LISTS)
    shaped = {root: value for root, value in claimed.items() if root in subject.roots}
    return subject.groups({**content.document, **shaped}, language)


def edition_form(groups: tuple[Group, ...], content: Content) -> Any:
    """The form of these groups: filled from the request if it was posted, else from the content."""
    fields = fields_of(groups)
    unread = content.document.get(UNREAD)
    made = type("EditionForm", (FlaskForm,), {field.path: _bound(field, content, unread) for field in fields})
    return made(data={field.path: typed_form(field, content) for field in fields})


def typed_values(groups: tuple[Group, ...], form: Any) -> dict[Field, Any]:
    """What was typed, by field; a field that the form did not carry is left out."""
    found: dict[Field, Any] = {}
    for field in fields_of(groups):
        held = form[field.path]
        if field.kind is Kind.FLAG:
            found[field] = bool(held.data)
        elif field.kind is Kind.CHOICES:
            found[field] = list(held.data or [])
        elif held.raw_data:
            found[field] = held.raw_data[0]
    return found


def _bound(field: Field, content: Content, unread: object) -> FormField:
    label = label_of("ko", field.path)
    if field.kind is Kind.FLAG:
        return BooleanField(label)
    if field.kind is Kind.CHOICES:
        return SelectMultipleField(
            label,
            choices=[SelectChoice(value, choice_label(value)) for value in field.choices],
            validate_choice=False,
        )
    if field.kind is Kind.CHOICE:
        return SelectField(label, choices=_choices(field, content), validate_choice=False)
    if field.kind is Kind.TEXT:
        return TextAreaField(label)
    if field.kind is Kind.DAY:
        return StringField(label, widget=DateInput() if _is_empty_or_day(field, content) else None)
    if field.kind is Kind.INSTANT:
        # What is no instant cannot stand in a field of that type: it is shown as the text that it is.
        plain = isinstance(unread, Mapping) and field.path in unread
        return StringField(label, widget=None if plain else DateTimeLocalInput())
    return StringField(label)


def _is_empty_or_day(field: Field, content: Content) -> bool:
    value = value_at(content.document, field.path)
    return value in (None, "") or (isinstance(value, str) and len(value) == len("2024-08-30"))


def _choices(field: Field, content: Content) -> list[SelectChoice]:
    known = [SelectChoice(value, _step_label(value, content)) for value in field.choices]
    held = typed_form(field, content)
    if not held:
        return [SelectChoice("", "고르세요"), *known]
    if held not in field.choices:
        return [SelectChoice(held, f"{choice_label(held)} (없는 값)"), *known]
    return known


def _step_label(value: str, content: Content) -> str:
    """A step of the tie ladder by the name of its criterion; other choices as the table says."""
    code = value.removeprefix("criterion:")
    if value in {code, "criterion:by_weight"}:
        return choice_label(value)
    rounds = content.document.get("rounds")
    for one in rounds if isinstance(rounds, list) else []:
        criteria = value_at(one, "criteria")
        for criterion in criteria if isinstance(criteria, list) else []:
            if value_at(criterion, "code") == code:
                return f"{value_at(criterion, 'name.ko') or code} 점수 비교"
    return choice_label(value)


def sentence(problem: Problem) -> str:
    """A problem in words."""
    return text("ko", problem.code, **problem.facts)


def placed(problems: Iterable[Problem], document: Mapping[str, Any]) -> list[tuple[Problem, Place]]:
    """Problems with where each is put right."""
    return [(problem, place_of(problem.field, document)) for problem in problems]


def anchor_of(place: Place, groups: tuple[Group, ...]) -> str:
    """The element of the page that a place leads to; of a list of boxes, its first."""
    kinds = {field.path: field.kind for field in fields_of(groups)}
    return f"{place.anchor}-0" if kinds.get(place.anchor) is Kind.CHOICES else place.anchor
