"""A draft grows screen by screen; each save stands by itself, before and (until the deadline) after 제출."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contest.domain.actors import Actor, citizen
from contest.domain.consents import ConsentKind
from contest.domain.eligibility import is_in_time
from contest.domain.entry_texts import parse_description, parse_place_words, parse_title
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.exif import Coordinate
from contest.domain.korean import day_text, instant_text
from contest.domain.persons import parse_email, parse_name, parse_phone
from contest.domain.photo_facts import PhotoFacts
from contest.domain.place import Whereabouts, find_dong, metres_between, place
from contest.infra.boundaries import load_district
from contest.infra.unit_of_work import UnitOfWork
from contest.models.consent import Consent
from contest.models.edition import Edition, Spot
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.photo import Photo
from contest.models.submission import Submission, SubmissionState, Upload
from contest.operations.findings import refresh_findings
from contest.operations.identify import count_works, person_keys
from contest.queries.editions import get_edition, rules_of, schedule_of

AGES = ("adult", "teen", "child")
#: A pin this near a spot has not been moved away from it.
PIN_METRES = 5.0
PORTRAITS = ("none", "consented", "unsure")


def begin_draft(
    uow: UnitOfWork,
    edition_id: str,
    *,
    age_band: str,
    locale: str,
    is_guardian: bool = False,
    actor: Actor,
    now: dt.datetime,
    entered_by: str | None = None,
) -> Submission:
    """A draft of somebody who has agreed to the use of their data; the first row about them.

    is_guardian: the guardian of a child under 14 enters for it, and has consented to that too.
    Raises Conflict entry.not_open or entry.closed, Invalid age.missing.
    """
    if age_band not in AGES:
        raise Invalid("age.missing", field="age")
    edition = get_edition(uow.session, edition_id)
    require_open(edition, now)
    submission = Submission(
        id=uow.ids.token(), edition_id=edition_id, state=SubmissionState.DRAFT, link_epoch=1, locale=locale,
        age_band=age_band, step="photos", created_at=now, updated_at=now, entered_by=entered_by,
        guardian_consented_at=now if is_guardian else None,
    )  # fmt: skip
    uow.session.add(submission)
    uow.session.flush()
    kinds = [ConsentKind.PRIVACY, *([ConsentKind.GUARDIAN] if is_guardian else [])]
    given_by = "staff" if entered_by else "guardian" if is_guardian else "self"
    record_consents(uow, submission, kinds, given_by=given_by, now=now)
    uow.note(
        "submission.begun",
        ("submission", submission.id),
        actor=citizen(submission.id, actor.network) if actor.kind == "citizen" else actor,
        now=now,
        edition_id=edition_id,
        age_band=age_band,
    )
    return submission


def require_open(edition: Edition, now: dt.datetime) -> None:
    """Raise Conflict entry.not_open or entry.closed unless new submissions are taken now."""
    schedule = schedule_of(edition)
    if schedule.entry_opens is None or schedule.entry_closes is None:
        raise Conflict("entry.no_contest")
    if now < schedule.entry_opens:
        raise Conflict("entry.not_open", opens=instant_text(schedule.entry_opens))
    if now >= schedule.entry_closes:
        raise Conflict("entry.closed", closes=instant_text(schedule.entry_closes))


def editable(uow: UnitOfWork, submission_id: str, now: dt.datetime) -> tuple[Submission, Edition]:
    """A submission that its owner may change now, locked, and its edition.

    Raises Missing, Conflict entry.closed, entry.withdrawn or entry.awaiting_guardian.
    """
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED:
        raise Missing("missing")
    if submission.state is SubmissionState.WITHDRAWN:
        raise Conflict("entry.withdrawn")
    if submission.state is SubmissionState.AWAITING_GUARDIAN:
        raise Conflict("entry.awaiting_guardian")
    edition = get_edition(uow.session, submission.edition_id)
    closes = schedule_of(edition).entry_closes
    assert closes is not None
    began = uploads_began(uow.session, submission_id) if submission.state is SubmissionState.DRAFT else None
    if not is_in_time(now, closes, rules_of(edition).entry.grace_minutes, began):
        raise Conflict("entry.closed", closes=instant_text(closes))
    submission.updated_at = now
    return submission, edition


def uploads_began(session: Session, submission_id: str) -> dt.datetime | None:
    """When the last upload of a submission began; None where there was none."""
    return session.scalar(select(func.max(Upload.begun_at)).where(Upload.submission_id == submission_id))


def work_of(session: Session, submission_id: str, ordinal: int) -> Entry:
    """The work at a place of a submission. Raises Missing."""
    entry = session.scalars(
        select(Entry).where(
            Entry.submission_id == submission_id,
            Entry.ordinal == ordinal,
            Entry.state != EntryState.WITHDRAWN,
        )
    ).one_or_none()
    if entry is None:
        raise Missing("missing")
    return entry


def save_title(
    uow: UnitOfWork,
    submission_id: str,
    ordinal: int,
    *,
    title: str,
    description: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep a work's title and description. Raises Invalid where they cannot be kept."""
    submission, _ = editable(uow, submission_id, now)
    entry = work_of(uow.session, submission_id, ordinal)
    entry.title, entry.description = parse_title(title), parse_description(description)
    _changed(uow, submission, entry, ["title", "description"], actor=actor, now=now)


def save_place(
    uow: UnitOfWork,
    submission_id: str,
    ordinal: int,
    *,
    point: tuple[str, str] = ("", ""),
    dong: str = "",
    spot_id: str = "",
    words: str = "",
    taken_on: dt.date | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep where (and, if the file does not say it, when) a work was taken.

    point: latitude and longitude as typed by the map; a spot stands for its own point, a dong for itself.
    Raises Invalid place.missing, place.outside, place.length, date.missing, date.window.
    """
    submission, edition = editable(uow, submission_id, now)
    rules = rules_of(edition).entry
    entry = work_of(uow.session, submission_id, ordinal)
    photo = uow.session.get(Photo, entry.photo_id) if entry.photo_id else None
    facts = PhotoFacts.from_document(photo.facts if photo else {})
    typed = parse_place_words(words)
    district = load_district()
    spot, at = _chosen(uow, entry, spot_id, _point(point))
    match = find_dong(at, district) if at else None
    if match and dong and spot is None and match.dong.name != dong:
        at = match = None  # a 동 picked from the list after the pin was set
    if at and not spot and rules.in_district and not typed:
        placing = place(at, district)
        if placing.where is Whereabouts.OUTSIDE:
            raise Invalid("place.outside", field="words", metres=placing.metres)
    known = {one.name for one in district.dongs}
    entry.latitude, entry.longitude = (at.latitude, at.longitude) if at else (None, None)
    entry.dong = (spot.dong if spot else None) or (match.dong.name if match else None)
    if not at and dong in known:
        entry.dong = dong
    entry.spot_id = spot.id if spot else None
    entry.place_words = typed
    entry.place_source = (
        "spot" if spot else "map" if at else "dong" if entry.dong else "words" if typed else None
    )
    if rules.place_required and entry.place_source is None:
        raise Invalid("place.missing", field="words")
    if facts.taken_on is None:
        entry.taken_on = _declared_day(taken_on, rules.taken_from, rules.taken_until)
    _changed(uow, submission, entry, ["place", "taken_on"], actor=actor, now=now)


def _chosen(
    uow: UnitOfWork, entry: Entry, spot_id: str, point: Coordinate | None
) -> tuple[Spot | None, Coordinate | None]:
    """The spot and the point that are meant: a spot stands where it is, unless the pin was moved since."""
    spot = uow.session.get(Spot, spot_id) if spot_id else None
    if spot is None:
        return None, point
    there = Coordinate(spot.latitude, spot.longitude)
    has_moved = point is not None and metres_between(point, there) > PIN_METRES
    if has_moved and entry.spot_id == spot.id:
        return None, point
    return spot, there


def _declared_day(day: dt.date | None, opens: dt.date | None, closes: dt.date | None) -> dt.date | None:
    if day is None:
        raise Invalid("date.missing", field="taken_on")
    if opens and closes and not opens <= day <= closes:
        raise Invalid("date.window", field="taken_on", opens=day_text(opens), closes=day_text(closes))
    return day


def _point(point: tuple[str, str]) -> Coordinate | None:
    if not any(part.strip() for part in point):
        return None
    try:
        latitude, longitude = (float(part) for part in point)
    except ValueError as error:
        raise Invalid("place.point", field="words") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004  the globe; NaN fails too
        raise Invalid("place.point", field="words")
    return Coordinate(latitude, longitude)


def save_person(
    uow: UnitOfWork,
    submission_id: str,
    *,
    name: str,
    phone: str,
    email: str = "",
    guardian_name: str = "",
    guardian_phone: str = "",
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep who enters, sealed; for a child under 14 its guardian too. Raises Invalid with the field.

    Conflict entry.over_cap where works handed in would become one person's too many.
    """
    submission, edition = editable(uow, submission_id, now)
    parsed, number = parse_name(name), parse_phone(phone)
    keys = person_keys(uow.crypto, parsed, number)
    _seal(uow, submission, "name", parsed)
    _seal(uow, submission, "phone", number.e164)
    _seal(uow, submission, "email", parse_email(email) if email.strip() else None)
    submission.name_key, submission.phone_key, submission.person_key = keys.name, keys.phone, keys.person
    if submission.state is SubmissionState.SUBMITTED:
        _require_cap(uow, submission, edition)
    if submission.age_band == "child":
        seal_guardian(uow, submission, guardian_name, guardian_phone)
    _noted(uow, submission, ["person"], actor=actor, now=now)
    for entry in works_of(uow.session, submission_id):
        refresh_findings(uow, entry, now=now)


def _require_cap(uow: UnitOfWork, submission: Submission, edition: Edition) -> None:
    """Whoever a submission is handed over to by a new name has no more works than anybody. Raises Conflict."""
    uow.session.refresh(edition, with_for_update=True)  # as handing in does: two at once see each other
    uow.session.flush()
    works = len(works_of(uow.session, submission.id)) + count_works(uow, submission)
    cap = rules_of(edition).entry.works_per_person
    if works > cap:
        raise Conflict("entry.over_cap", works=works, cap=cap)


def seal_guardian(uow: UnitOfWork, submission: Submission, name: str, phone: str) -> None:
    """Keep a guardian's name and number. Raises Invalid with the field guardian_name or guardian_phone."""
    try:
        parsed = parse_name(name)
    except Invalid as wrong:
        raise Invalid(wrong.code, field="guardian_name", **wrong.facts) from wrong
    try:
        number = parse_phone(phone)
    except Invalid as wrong:
        raise Invalid(wrong.code, field="guardian_phone", **wrong.facts) from wrong
    _seal(uow, submission, "guardian_name", parsed)
    _seal(uow, submission, "guardian_phone", number.e164)


def _seal(uow: UnitOfWork, submission: Submission, column: str, value: str | None) -> None:
    sealed = uow.crypto.seal(value, f"submission.{column}:{submission.id}") if value is not None else None
    setattr(submission, f"{column}_sealed", sealed)


def save_consents(
    uow: UnitOfWork,
    submission_id: str,
    *,
    kinds: Iterable[ConsentKind],
    portraits: Mapping[int, str],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep what was agreed to on the consent screen, and whether people can be recognised in each work.

    What is lacking is kept as lacking: the review names it. Unticked consents count as withdrawn.
    """
    submission, _ = editable(uow, submission_id, now)
    given = set(kinds) - {ConsentKind.PRIVACY, ConsentKind.GUARDIAN, ConsentKind.PORTRAIT}
    for entry in works_of(uow.session, submission_id):
        answer = portraits.get(entry.ordinal)
        entry.portrait = answer if answer in PORTRAITS else None
        if entry.portrait == "consented":
            given.add(ConsentKind.PORTRAIT)
        refresh_findings(uow, entry, now=now)
    held = consents_of(uow.session, submission_id)
    asked = set(ConsentKind) - {ConsentKind.PRIVACY, ConsentKind.GUARDIAN}
    for kind in asked & set(held) - given:
        held[kind].withdrawn_at = now
    given_by = "guardian" if submission.age_band == "child" else "self"
    record_consents(uow, submission, sorted(given - set(held)), given_by=given_by, now=now)
    _noted(uow, submission, ["consents"], actor=actor, now=now)


def record_consents(
    uow: UnitOfWork, submission: Submission, kinds: Iterable[ConsentKind], *, given_by: str, now: dt.datetime
) -> None:
    """One row for each matter agreed to, naming the version of its wording in the entrant's language."""
    rules = rules_of(get_edition(uow.session, submission.edition_id))
    uow.session.add_all(
        Consent(
            id=uow.ids.token(), submission_id=submission.id, kind=kind.value,
            text_digest=rules.consent(kind, submission.locale).digest, given_by=given_by, given_at=now,
        )
        for kind in kinds
    )  # fmt: skip
    uow.session.flush()


def consents_of(session: Session, submission_id: str) -> dict[ConsentKind, Consent]:
    """The consents that stand, by kind."""
    rows = session.scalars(
        select(Consent).where(Consent.submission_id == submission_id, Consent.withdrawn_at.is_(None))
    )
    return {ConsentKind(row.kind): row for row in rows}


def works_of(session: Session, submission_id: str) -> list[Entry]:
    """The works of a submission that were not withdrawn, in order."""
    return list(
        session.scalars(
            select(Entry)
            .where(Entry.submission_id == submission_id, Entry.state != EntryState.WITHDRAWN)
            .order_by(Entry.ordinal)
        )
    )


def remove_work(
    uow: UnitOfWork, submission_id: str, ordinal: int, *, actor: Actor, now: dt.datetime
) -> str | None:
    """Take a work out of a draft; returns the id of its photograph, whose bytes are to be destroyed.

    Raises Conflict entry.submitted once handed in: then a work is withdrawn instead.
    """
    submission, _ = editable(uow, submission_id, now)
    if submission.state is not SubmissionState.DRAFT:
        raise Conflict("entry.submitted")
    entry = work_of(uow.session, submission_id, ordinal)
    photo_id = entry.photo_id
    delete_findings(uow.session, entry.id)
    uow.session.delete(entry)
    uow.session.flush()
    _noted(uow, submission, ["works"], actor=actor, now=now)
    return photo_id


def delete_findings(session: Session, entry_id: str) -> None:
    """Drop the findings of a work that is itself dropped."""
    session.execute(delete(FindingRow).where(FindingRow.entry_id == entry_id))


def _changed(
    uow: UnitOfWork,
    submission: Submission,
    entry: Entry,
    fields: list[str],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    entry.updated_at = now
    uow.session.flush()
    refresh_findings(uow, entry, now=now)
    _noted(uow, submission, fields, actor=actor, now=now, entry_id=entry.id)


def _noted(
    uow: UnitOfWork,
    submission: Submission,
    fields: list[str],
    *,
    actor: Actor,
    now: dt.datetime,
    entry_id: str | None = None,
) -> None:
    if submission.state is SubmissionState.DRAFT:
        return  # a draft is its owner's own; the trail begins with what was handed in
    subject = ("entry", entry_id) if entry_id else ("submission", submission.id)
    uow.note(
        "submission.changed", subject, actor=actor, now=now, edition_id=submission.edition_id, fields=fields
    )
