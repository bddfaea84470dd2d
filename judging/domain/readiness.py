"""What still stands in the way: all blockers of closing judging, and of approving publication, at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contest.domain.gates import Blocker

REPAIR_PAGE = "repair.index"


@dataclass(frozen=True)
class JudgeState:
    """One member of the panel. done counts the works fully scored of `assigned` (own recusals not in it)."""

    name: str
    assigned: int
    done: int
    has_finished: bool
    has_pledged: bool
    is_released: bool = False
    is_external: bool = True


@dataclass(frozen=True)
class ClosingFacts:
    """What closing a round depends on. Ties and works without a score are entry numbers as shown to staff."""

    panel: tuple[JudgeState, ...]
    works: int
    unscreened: int
    unresolved_ties: tuple[tuple[str, ...], ...] = ()
    works_without_scores: tuple[str, ...] = ()
    has_chair: bool = True


@dataclass(frozen=True)
class PublicationFacts:
    """What approving the announcement depends on. Case and entry numbers as shown to staff; won; UTC."""

    open_objections: tuple[str, ...]
    is_allocation_final: bool
    is_allocation_verified: bool
    winners: int
    awarded: int
    declared_empty: int
    budget: int
    spent: int
    declared_empty_amount: int
    without_licence: tuple[str, ...]
    without_guardian: tuple[str, ...]
    never_verified: tuple[str, ...]
    verification_closes: datetime
    publish_at: datetime | None


def blockers_to_close(facts: ClosingFacts) -> list[Blocker]:
    """Every reason why judging cannot be closed; warnings (too few external judges) hold nobody up."""
    found: list[Blocker] = []
    counted = [judge for judge in facts.panel if not judge.is_released]
    if not counted:
        found.append(Blocker("closing.nobody_left"))
    for judge in counted:
        if judge.assigned == 0 and facts.works:  # nothing was dealt, or all of it taken back
            continue
        if not judge.has_pledged:
            found.append(Blocker("closing.pledge_missing", {"judge": judge.name}, REPAIR_PAGE))
        if not judge.has_finished or judge.done < judge.assigned:
            left = judge.assigned - judge.done
            code = "closing.judge_unfinished" if left else "closing.judge_unconfirmed"
            facts_of = {"judge": judge.name, "left": left, "assigned": judge.assigned}
            found.append(Blocker(code, facts_of, REPAIR_PAGE))
    if facts.works == 0:
        found.append(Blocker("closing.no_works"))
    if facts.unscreened:
        found.append(Blocker("closing.unscreened", {"works": facts.unscreened}))
    if facts.works_without_scores:
        found.append(Blocker("closing.works_without_scores", {"entries": facts.works_without_scores}))
    found.extend(Blocker("closing.tie_unresolved", {"entries": tie}) for tie in facts.unresolved_ties)
    if facts.unresolved_ties and not facts.has_chair:
        found.append(Blocker("closing.chair_missing"))
    external = sum(judge.is_external for judge in counted)
    if counted and external * 2 <= len(counted):
        shares = {"external": external, "judges": len(counted)}
        found.append(Blocker("closing.external_minority", shares, is_warning=True))
    return found


def blockers_to_publish(facts: PublicationFacts, now: datetime) -> list[Blocker]:
    """Every reason why the announcement cannot be approved now (aware UTC)."""
    found = [Blocker("publication.objection_open", {"case": case}) for case in facts.open_objections]
    if now < facts.verification_closes:
        found.append(Blocker("publication.verification_running", {"closes": facts.verification_closes}))
    if not facts.is_allocation_final:
        found.append(Blocker("publication.allocation_not_final"))
    if not facts.is_allocation_verified:
        found.append(Blocker("publication.allocation_differs"))
    unfilled = facts.winners - facts.declared_empty - facts.awarded
    if unfilled:
        found.append(Blocker("publication.slots_unfilled", {"unfilled": unfilled, "winners": facts.winners}))
    due = facts.budget - facts.declared_empty_amount
    if facts.spent != due:
        found.append(Blocker("publication.sum_differs", {"spent": facts.spent, "due": due}))
    for code, entries in (
        ("publication.licence_missing", facts.without_licence),
        ("publication.guardian_missing", facts.without_guardian),
        ("publication.never_verified", facts.never_verified),
    ):
        if entries:
            found.append(Blocker(code, {"entries": entries}))
    if facts.publish_at is None:
        found.append(Blocker("publication.minute_missing"))
    elif facts.publish_at <= now:
        found.append(Blocker("publication.minute_past", {"publish_at": facts.publish_at}))
    return found


def may_go_on(blockers: list[Blocker]) -> bool:
    """Whether nothing but warnings is left."""
    return all(blocker.is_warning for blocker in blockers)
