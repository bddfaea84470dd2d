"""What would happen if a work fell out now: the one path, for preview and for carrying out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.queries.editions import get_edition, rules_of
from judging.domain.recomputing import diff_document, digest_of, recompute_succession, succession_inputs
from judging.models.award import Exclusion
from judging.queries.allocation import chair_order, holding, is_allocated
from judging.queries.numbers import entry_numbers, in_numbers


@dataclass(frozen=True)
class Plan:
    """A succession worked out: its inputs, its diff as a document, and the digest of both."""

    inputs: dict[str, Any]
    diff: dict[str, Any]
    digest: str

    @property
    def left_empty(self) -> bool:
        """Whether a slot stays empty because nobody is left to take it."""
        return self.diff["left_empty"] is not None


def plan_exclusion(session: Session, edition: Edition, entry_id: str, ground: str) -> Plan | None:
    """The succession that excluding a work would bring now; None where prizes are not yet allocated.

    Raises Missing `succession.not_listed`, Conflict `succession.tie`, with entry numbers.
    """
    if not is_allocated(session, edition.id):
        return None
    rules = rules_of(edition)
    inputs = succession_inputs(
        holding(session, edition), entry_id, ground, rules.succession.value, chair_order(session, edition)
    )
    with in_numbers(session):
        diff = diff_document(recompute_succession(inputs))
    return Plan(inputs, diff, digest_of(inputs, diff))


@dataclass(frozen=True)
class DiffRow:
    """One line of a before/after table. change: out, up, in or empty string; None: the slot is empty."""

    ordinal: int
    tier: str
    amount: int
    before: str | None
    after: str | None

    @property
    def is_changed(self) -> bool:
        """Whether somebody else holds the slot afterwards."""
        return self.before != self.after


@dataclass(frozen=True)
class DiffPage:
    """A before/after diff as people read it: works by number, money in won."""

    rows: tuple[DiffRow, ...]
    reserves_before: tuple[str, ...]
    reserves_after: tuple[str, ...]
    moves: tuple[tuple[str, str, str], ...]  # number, from, to
    count_before: int
    count_after: int
    sum_before: int
    sum_after: int
    left_empty: bool
    digest: str


RESERVE_LABEL = "예비순위"
OUT_LABEL = "제외"


def diff_page(session: Session, edition: Edition, diff: dict[str, Any], digest: str) -> DiffPage:
    """A stored or planned diff for a page. One query."""
    tiers = {tier.code: tier.name["ko"] for tier in rules_of(edition).prizes.tiers}
    before, after = diff["before"], diff["after"]
    holders = [{row[0]: row[3] for row in side["awards"]} for side in (before, after)]
    entries = {row[3] for side in (before, after) for row in side["awards"]}
    entries |= {row[0] for side in (before, after) for row in side["reserves"]} | {
        m[0] for m in diff["moves"]
    }
    number = entry_numbers(session, entries)
    slots = sorted({tuple(row[:3]) for side in (before, after) for row in (*side["awards"], *side["vacant"])})
    tier_at = {ordinal: tiers[tier] for ordinal, tier, _ in slots}

    def named(entry: str | None) -> str | None:
        return None if entry is None else number.get(entry, entry)

    return DiffPage(
        rows=tuple(
            DiffRow(
                ordinal, tiers[tier], amount, named(holders[0].get(ordinal)), named(holders[1].get(ordinal))
            )
            for ordinal, tier, amount in slots
        ),
        reserves_before=tuple(number[row[0]] for row in before["reserves"]),
        reserves_after=tuple(number[row[0]] for row in after["reserves"]),
        moves=tuple(
            (
                number[entry],
                f"{tier_at[source]} {source}번" if source else RESERVE_LABEL,
                f"{tier_at[target]} {target}번" if target else OUT_LABEL,
            )
            for entry, source, target in diff["moves"]
        ),
        count_before=before["count"],
        count_after=after["count"],
        sum_before=before["sum"],
        sum_after=after["sum"],
        left_empty=diff["left_empty"] is not None,
        digest=digest,
    )


@dataclass(frozen=True)
class ExclusionRow:
    """An exclusion in a list."""

    id: str
    entry_number: str
    ground: str
    reason: str
    objection_id: str | None
    proposed_by: str
    proposed_by_id: str
    proposed_at: dt.datetime
    confirmed_by: str | None
    confirmed_at: dt.datetime | None
    is_rejected: bool


def exclusions(session: Session, edition_id: str) -> tuple[ExclusionRow, ...]:
    """Every exclusion of an edition, newest first. One query."""
    proposer, confirmer = (
        select(Account.id, Account.name).subquery(),
        select(Account.id, Account.name).subquery(),
    )
    rows = session.execute(
        select(Exclusion, Entry.entry_number, proposer.c.name, confirmer.c.name)
        .join(Entry, Entry.id == Exclusion.entry_id)
        .join(proposer, proposer.c.id == Exclusion.proposed_by)
        .outerjoin(confirmer, confirmer.c.id == Exclusion.confirmed_by)
        .where(Exclusion.edition_id == edition_id)
        .order_by(Exclusion.proposed_at.desc(), Exclusion.id)
    )
    return tuple(
        ExclusionRow(
            row.id, number or row.entry_id, row.ground, row.reason, row.objection_id, by, row.proposed_by,
            row.proposed_at, confirmed, row.confirmed_at, row.rejected_at is not None,
        )
        for row, number, by, confirmed in rows
    )  # fmt: skip


@dataclass(frozen=True)
class ExclusionPage:
    """One exclusion with the diff that was proposed, and whether it would still come out the same."""

    row: ExclusionRow
    diff: DiffPage | None
    is_current: bool


def exclusion_page(session: Session, exclusion_id: str) -> ExclusionPage | None:
    """The page of one exclusion; None if there is none."""
    exclusion = session.get(Exclusion, exclusion_id)
    if exclusion is None:
        return None
    edition = get_edition(session, exclusion.edition_id)
    row = next(row for row in exclusions(session, edition.id) if row.id == exclusion_id)
    shown = None
    is_current = True
    if exclusion.confirmed_at is None and exclusion.rejected_at is None:
        plan = plan_exclusion(session, edition, exclusion.entry_id, exclusion.ground)
        is_current = (plan and plan.diff) == exclusion.diff
    if exclusion.diff is not None:
        shown = diff_page(session, edition, exclusion.diff, "")
    return ExclusionPage(row, shown, is_current)
