"""Entries of different names that coincide: the only statements that read the sealed marks, after the scores' seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.hand_marks import Mark
from contest.domain.same_hand import SIGNS, Cluster, Sign, Trace, clusters, common
from contest.infra.crypto import Crypto
from contest.models.edition import Edition, PrizeSlot
from contest.models.entry import Entry, EntryState
from contest.models.photo import HandMark
from contest.models.submission import Submission, SubmissionState
from contest.queries.editions import rules_of
from contest.queries.recheck import count_outdated
from judging.models.award import Award
from judging.queries.standings import sealed_round

#: Works that were judged: one found unfit as a copy would only put its author beside whoever took it.
_JUDGED = EntryState.FIT


@dataclass(frozen=True)
class ClusterWork:
    """A work of a cluster. prize: the tier it holds, or empty."""

    submission_id: str
    receipt_number: str
    entry_number: str
    title: str
    age_band: str
    prize: str


@dataclass(frozen=True)
class Common:
    """What coincides, and the numbers of the works or submissions that show it."""

    sign: Sign
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A cluster as it is read: how many persons, what coincides, all their works."""

    persons: int
    common: tuple[Common, ...]
    works: tuple[ClusterWork, ...]

    @property
    def prizes(self) -> int:
        """How many of the works hold a prize."""
        return sum(bool(work.prize) for work in self.works)


@dataclass(frozen=True)
class SameHand:
    """Every cluster, those with the most prizes and works first, and what the comparison could not use."""

    found: tuple[Found, ...]
    persons: int  # compared
    outdated: int  # photographs looked at before their marks were read
    has_networks: bool
    works_per_person: int
    is_one_prize: bool  # a person may win one prize

    @property
    def people(self) -> int:
        """How many persons are in clusters."""
        return sum(one.persons for one in self.found)


def require_seal(session: Session, edition_id: str) -> None:
    """Nothing is compared, for nobody, until the last round is sealed. Raises Conflict `judging.not_sealed`."""
    sealed_round(session, edition_id)


def same_hand(session: Session, crypto: Crypto, edition: Edition) -> SameHand:
    """The clusters of an edition, in a fixed number of queries. Raises Conflict `judging.not_sealed`."""
    require_seal(session, edition.id)
    rules = rules_of(edition)
    submissions = {
        row.id: row
        for row in session.scalars(
            select(Submission).where(
                Submission.edition_id == edition.id, Submission.state == SubmissionState.SUBMITTED
            )
        )
    }
    works = [
        work
        for work in session.scalars(
            select(Entry)
            .where(Entry.edition_id == edition.id, Entry.state == _JUDGED)
            .order_by(Entry.entry_number)
        )
        if work.submission_id in submissions
    ]
    entered = {work.submission_id for work in works}
    submissions = {key: row for key, row in submissions.items() if key in entered}
    traces = [
        *(trace for row in submissions.values() for trace in _of_person(crypto, row)),
        *_of_photographs(session, crypto, edition.id, submissions, works),
    ]
    tiers = {tier.code: tier.name["ko"] for tier in rules.prizes.tiers}
    prizes = {entry: tiers[code] for entry, code in _prizes(session, edition.id)}
    numbers = {row.id: row.receipt_number or "" for row in submissions.values()}
    numbers |= {work.id: work.entry_number or "" for work in works}
    found = [
        _read(cluster, numbers, submissions, works, prizes) for cluster in clusters(traces, common(traces))
    ]
    found.sort(key=lambda one: (-one.prizes, -len(one.works), [work.entry_number for work in one.works]))
    return SameHand(
        tuple(found),
        len({_person(row) for row in submissions.values()}),
        count_outdated(session, edition.id),
        rules.entry.keeps_network,
        rules.entry.works_per_person,
        rules.one_prize_per_person,
    )


def _person(row: Submission) -> str:
    return row.person or row.id


def _of_person(crypto: Crypto, row: Submission) -> Iterator[Trace]:
    """What a submission itself shows; opened to be compared, and no further."""

    def opened(column: str) -> str | None:
        sealed: bytes | None = getattr(row, f"{column}_sealed")
        return crypto.open(sealed, f"submission.{column}:{row.id}") if sealed else None

    phone, mail = opened("phone"), opened("email")
    shown = {
        Sign.NETWORK: opened("network"),
        Sign.ENDING: phone and phone[-4:],
        Sign.MAIL: mail and mail.casefold(),
        Sign.NAME: row.name_key,
    }
    return (Trace(_person(row), row.id, sign, value) for sign, value in shown.items() if value)


def _of_photographs(
    session: Session, crypto: Crypto, edition_id: str, submissions: dict[str, Submission], works: list[Entry]
) -> Iterator[Trace]:
    held = {work.photo_id: work for work in works if work.photo_id}
    rows = session.scalars(
        select(HandMark)
        .join(Entry, Entry.photo_id == HandMark.photo_id)
        .where(Entry.edition_id == edition_id, Entry.state == _JUDGED)
    )
    for row in rows:
        work = held.get(row.photo_id)
        if work is not None:
            value = crypto.open(row.sealed, f"hand_mark.{row.mark}:{row.photo_id}")
            yield Trace(_person(submissions[work.submission_id]), work.id, SIGNS[Mark(row.mark)], value)


def _prizes(session: Session, edition_id: str) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Award.entry_id, PrizeSlot.tier_code)
        .join(
            PrizeSlot,
            (PrizeSlot.edition_id == Award.edition_id) & (PrizeSlot.ordinal == Award.slot_ordinal),
        )
        .where(Award.edition_id == edition_id, Award.revoked_at.is_(None))
    )
    return [(row.entry_id, row.tier_code) for row in rows]


def _read(
    cluster: Cluster,
    numbers: dict[str, str],
    submissions: dict[str, Submission],
    works: list[Entry],
    prizes: dict[str, str],
) -> Found:
    persons = set(cluster.persons)
    theirs = [
        ClusterWork(
            owner.id,
            owner.receipt_number or "",
            work.entry_number or "",
            work.screened_title or work.title or "",
            owner.age_band,
            prizes.get(work.id, ""),
        )
        for work in works
        if _person(owner := submissions[work.submission_id]) in persons
    ]
    shared = tuple(
        Common(one.sign, tuple(sorted(numbers[holder] for holder in one.holders)))
        for one in cluster.coincidences
    )
    return Found(len(persons), shared, tuple(theirs))
