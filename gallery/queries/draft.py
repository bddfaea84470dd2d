"""The winners as they would be published now, and everything that stands in the way of approving them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.consents import ConsentKind
from contest.domain.gates import Blocker
from contest.domain.stages import Stage
from contest.infra.crypto import Crypto
from contest.models.consent import Consent
from contest.models.edition import Edition, PrizeSlot, Spot
from contest.models.entry import Entry
from contest.models.photo import Photo, Rendition
from contest.models.submission import Submission
from contest.queries.editions import rules_of
from gallery.domain.captions import default_alternative_text
from gallery.domain.credits import Credit, shown_names
from gallery.domain.selection import in_order
from judging.domain.readiness import PublicationFacts, blockers_to_publish
from judging.models.award import Allocation, Award
from judging.models.objection import Objection, ObjectionState
from judging.queries.allocation import allocation_differences, latest_allocation, verified_entries

#: The 공공누리 type that the consent's wording names (출처표시).
OPEN_LICENCE_TYPE = "1"


@dataclass(frozen=True)
class DraftWork:
    """A winning work as it would be published."""

    entry_id: str
    award_id: str
    photo_id: str
    submission_id: str
    slot_ordinal: int
    tier_code: str
    tier: str  # its Korean name
    amount: int
    entry_number: str
    title: str
    name: str
    place: str | None
    dong: str | None
    spot_id: str | None
    description: str | None
    alternative_text: str
    is_described: bool  # whether staff wrote the alternative text
    taken_on: dt.date | None
    open_licence: str | None
    thumb_width: int
    thumb_height: int
    has_picture: bool


@dataclass(frozen=True)
class Draft:
    """What approving would publish, its digest, and the blockers. Money in won."""

    works: tuple[DraftWork, ...]
    blockers: tuple[Blocker, ...]
    winners: int
    budget: int
    publish_at: dt.datetime | None

    @property
    def spent(self) -> int:
        """The sum of the amounts."""
        return sum(work.amount for work in self.works)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over everything that would be public, its amounts and its minute."""
        document = {
            "publish_at": self.publish_at and self.publish_at.astimezone(dt.UTC).isoformat(),
            "works": [asdict(work) for work in self.works],
        }
        canonical = json.dumps(
            document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


def draft_of(session: Session, crypto: Crypto, edition: Edition, now: dt.datetime) -> Draft:
    """The draft of an edition. A fixed number of queries, whatever the number of works."""
    rules = rules_of(edition)
    rows = session.execute(
        select(Award, PrizeSlot, Entry, Submission, Photo, Spot.name, Rendition)
        .join(
            PrizeSlot,
            (PrizeSlot.edition_id == Award.edition_id) & (PrizeSlot.ordinal == Award.slot_ordinal),
        )
        .join(Entry, Entry.id == Award.entry_id)
        .join(Submission, Submission.id == Entry.submission_id)
        .join(Photo, Photo.id == Entry.photo_id)
        .outerjoin(Spot, Spot.id == Entry.spot_id)
        .outerjoin(Rendition, (Rendition.photo_id == Photo.id) & (Rendition.kind == "thumb"))
        .where(Award.edition_id == edition.id, Award.revoked_at.is_(None))
    ).all()
    consents = _consents(session, edition.id)
    names = shown_names(
        [
            Credit(
                str(entry.entry_number),
                _name(crypto, submission),
                ConsentKind.NAME_PUBLICATION in consents.get(submission.id, ()),
            )
            for _, _, entry, submission, _, _, _ in rows
        ],
        rules.names,
    )
    works = []
    for award, slot, entry, submission, photo, spot, thumb in rows:
        title = entry.screened_title or entry.title or "무제"
        place = entry.screened_place or spot or entry.dong
        works.append(
            DraftWork(
                entry_id=entry.id,
                award_id=award.id,
                photo_id=photo.id,
                submission_id=submission.id,
                slot_ordinal=slot.ordinal,
                tier_code=slot.tier_code,
                tier=rules.prizes.tier(slot.tier_code).name["ko"],
                amount=slot.amount,
                entry_number=str(entry.entry_number),
                title=title,
                name=names[str(entry.entry_number)],
                place=place,
                dong=entry.dong,
                spot_id=entry.spot_id,
                description=entry.screened_description,
                alternative_text=entry.alternative_text or default_alternative_text(title, place),
                is_described=bool(entry.alternative_text),
                taken_on=entry.taken_on,
                open_licence=OPEN_LICENCE_TYPE
                if ConsentKind.OPEN_LICENCE in consents.get(submission.id, ())
                else None,
                thumb_width=thumb.width if thumb else 0,
                thumb_height=thumb.height if thumb else 0,
                has_picture=thumb is not None,
            )
        )
    order = [tier.code for tier in rules.prizes.tiers]
    works = in_order(works, order, lambda work: work.tier_code, lambda work: work.entry_number)
    facts = _facts(session, edition, works, consents, {row[3].id: row[3] for row in rows})
    found = blockers_to_publish(facts, now)
    if edition.stage is not Stage.DECIDED:
        found.insert(0, Blocker("publication.not_decided"))
    if missing := tuple(work.entry_number for work in works if not work.has_picture):
        found.append(Blocker("publication.picture_missing", {"entries": missing}))
    return Draft(tuple(works), tuple(found), facts.winners, facts.budget, edition.publish_at)


def _name(crypto: Crypto, submission: Submission) -> str:
    sealed = submission.name_sealed
    return crypto.open(sealed, f"submission.name:{submission.id}") if sealed else ""


def _consents(session: Session, edition_id: str) -> dict[str, set[str]]:
    """Submission id -> kinds of consents given and not taken back, of the winners."""
    rows = session.execute(
        select(Consent.submission_id, Consent.kind)
        .join(Entry, Entry.submission_id == Consent.submission_id)
        .join(Award, Award.entry_id == Entry.id)
        .where(Award.edition_id == edition_id, Award.revoked_at.is_(None), Consent.withdrawn_at.is_(None))
    )
    found: dict[str, set[str]] = {}
    for submission_id, kind in rows:
        found.setdefault(submission_id, set()).add(kind)
    return found


def _facts(
    session: Session,
    edition: Edition,
    works: list[DraftWork],
    consents: dict[str, set[str]],
    submissions: dict[str, Submission],
) -> PublicationFacts:
    rules = rules_of(edition)
    last = latest_allocation(session, edition.id)
    verified = verified_entries(session, edition.id)
    states = session.scalars(
        select(Award.state).where(Award.edition_id == edition.id, Award.revoked_at.is_(None))
    ).all()
    empty = _empty_slots(last)
    return PublicationFacts(
        open_objections=tuple(
            session.scalars(
                select(Objection.case_number)
                .where(
                    Objection.edition_id == edition.id,
                    Objection.is_tip.is_(False),
                    Objection.state != ObjectionState.DECIDED,
                )
                .order_by(Objection.case_number)
            )
        ),
        is_allocation_final=bool(states) and all(state == "final" for state in states),
        is_allocation_verified=not allocation_differences(session, edition),
        winners=rules.prizes.winners,
        awarded=len(works),
        declared_empty=len(empty),
        budget=rules.prizes.budget,
        spent=sum(work.amount for work in works),
        declared_empty_amount=sum(amount for _, _, amount in empty),
        without_licence=tuple(
            work.entry_number
            for work in works
            if ConsentKind.LICENCE not in consents.get(work.submission_id, ())
        ),
        without_guardian=tuple(
            work.entry_number
            for work in works
            if submissions[work.submission_id].age_band == "child"
            and submissions[work.submission_id].guardian_consented_at is None
        ),
        never_verified=tuple(work.entry_number for work in works if work.entry_id not in verified),
        verification_closes=edition.verification_closes or dt.datetime.max.replace(tzinfo=dt.UTC),
        publish_at=edition.publish_at,
    )


def _empty_slots(last: Allocation | None) -> list[list[Any]]:
    """[ordinal, tier, won] of the slots that the newest run declares empty; a run before the end has none."""
    if last is None or last.cause == "provisional":
        return []
    document: dict[str, Any] = dict(last.result)
    return list(document.get("after", document)["vacant"])
