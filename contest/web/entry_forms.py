"""The forms of the entry screens. Rules are the operations' matter; here are names, labels and what was typed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    BooleanField,
    DateField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)

from contest.domain.entry_texts import DESCRIPTION_LENGTH, PLACE_LENGTH, REPLY_LENGTH, TITLE_LENGTH
from contest.domain.errors import ContestError
from contest.web.errors import say


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A form whose operation may refuse: the refusal stands beside its field, nothing typed is lost."""

    def refuse(self, error: ContestError, *, at: str = "") -> None:
        """Put the sentence of a refusal beside its field, else above the form; at: the id of its control."""
        named = self._fields.get(error.field or "")
        if named is None:
            words = say(error)
            # A link to the field, where the screen has drawn one of its own.
            self.form_errors.append(Markup('<a href="#{}">{}</a>').format(at, words) if at else words)
        else:
            named.errors = [*named.errors, say(error)]


def required(field: Field) -> Field:
    """Mark a field 필수 without the browser's own check, whose words are not ours."""
    field.flags.required = True
    return field


class StartForm(Form):
    """How old, and the consent without which nothing is kept."""

    age = RadioField(
        _("만 나이를 골라 주세요"),
        choices=[
            SelectChoice("adult", _("만 19세 이상")),
            SelectChoice("teen", _("만 14세~18세")),
            SelectChoice("child", _("만 14세 미만")),
        ],
        validate_choice=False,
    )
    privacy = BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required(self.age)


class GuardianEntersForm(Form):
    """The guardian of a child enters for it."""

    who = HiddenField(default="guardian")
    privacy = BooleanField()
    guardian = BooleanField()


class AskGuardianForm(Form):
    """A child names its guardian."""

    who = HiddenField(default="child")
    guardian_name = StringField(_("보호자 이름"))
    guardian_phone = TelField(_("보호자 휴대전화 번호"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required(self.guardian_name)
        required(self.guardian_phone)


class TitleForm(Form):
    """Title and description of one work."""

    title = StringField(_("작품 제목"))
    description = TextAreaField(_("작품 설명"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required(self.title)
        self.title.flags.maxlength = TITLE_LENGTH
        self.description.flags.maxlength = DESCRIPTION_LENGTH


class PlaceForm(Form):
    """Where one work was taken, and when, if its file does not say."""

    latitude = HiddenField()
    longitude = HiddenField()
    dong = SelectField(_("동으로 고르기"), validate_choice=False)
    spot = SelectField(_("사진 명소로 고르기"), validate_choice=False)
    words = StringField(_("직접 적기"))
    taken_on = DateField(_("촬영일"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required(self.taken_on)
        self.words.flags.maxlength = PLACE_LENGTH


class PersonForm(Form):
    """Who enters, and how they are told."""

    name = StringField(_("이름"))
    phone = TelField(_("휴대전화 번호"))
    email = EmailField(_("전자우편"))
    guardian_name = StringField(_("보호자 이름"))
    guardian_phone = TelField(_("보호자 휴대전화 번호"))
    members = TextAreaField(_("함께하신 분들의 이름"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.name, self.phone, self.guardian_name, self.guardian_phone):
            required(field)


class ConsentForm(Form):
    """The consents of the last but one screen; questions on people in the pictures are added for each work."""

    licence = BooleanField()
    pledge = BooleanField()
    name_publication = BooleanField()
    next_contest = BooleanField()
    open_licence = BooleanField()


class PaperForm(Form):
    """One file of one kind of paper."""

    kind = HiddenField()
    paper = FileField(_("서류 파일"))


class SubmitForm(Form):
    """제출: its key is made with the page, so that a double click is one entry."""

    submit_key = HiddenField()


class ButtonForm(Form):
    """A button with its token."""


class LookupForm(Form):
    """Receipt number and secret."""

    receipt_number = StringField(_("접수번호"))
    secret = StringField(_("비밀번호 10자리"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required(self.receipt_number)
        required(self.secret)


class SupplementForm(Form):
    """Papers and words that an entrant was asked for."""

    files = MultipleFileField(_("자료 파일"))
    answer = TextAreaField(_("설명"))


class ReplyForm(Form):
    """What an entrant answers to an unfit decision."""

    reply = TextAreaField(_("의견"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required(self.reply)
        self.reply.flags.maxlength = REPLY_LENGTH
