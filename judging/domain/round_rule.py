"""The rule of a round, frozen from the edition when the round opens: nothing declared can change under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contest.domain.documents import text_of, whole_of
from contest.domain.errors import Invalid
from contest.domain.ruleset import (
    BY_WEIGHT,
    CHAIR,
    LOT,
    RUNOFF,
    Aggregation,
    EditionRules,
    Method,
    MissingVotes,
    Panel,
    Shown,
)
from contest.domain.ruleset import Round as Declared
from judging.domain.balloting import PLACES
from judging.domain.criteria import Rubric
from judging.domain.ranking import TallyRule
from judging.domain.selection import LEVEL_NAMES, VOTE, AdvanceRule


@dataclass(frozen=True)
class RoundRule:
    """Rubric, names of the levels (worst first), what judges see beside the picture, and how it is counted.

    A round of votes has one criterion of three levels, and `advance` says who goes on from it.
    """

    code: str
    name: str
    rubric: Rubric
    level_names: tuple[str, ...]
    shows: frozenset[Shown]
    trim_from: int
    recusal_rule: Literal["plain", "trim"]
    ties: tuple[str, ...]
    compare: Literal["rounded", "exact"]
    method: Method = Method.RUBRIC
    panel: Panel = Panel.ALL
    advance: AdvanceRule = field(default_factory=AdvanceRule)
    quorum: int = 0  # judges a work; 0: every one
    deliberates: bool = False  # whether the panel sees the sealed scores and notes, and may revise its own
    may_miss: bool = False  # whether it may close with votes missing, which then did not vote
    repeats: int = 0  # works that every judge meets twice
    is_last: bool = True  # whether the standing comes from it; from another round only who goes on
    aggregation: Aggregation = Aggregation.MEAN  # what the scores of a work become; of a rubric alone

    @property
    def is_vote(self) -> bool:
        """Whether the round only decides who goes on; it ranks nobody."""
        return self.method is Method.VOTE

    @property
    def is_ballot(self) -> bool:
        """Whether each judge puts the works in order."""
        return self.method is Method.BALLOT

    def decide_trim(self, panel_size: int) -> bool:
        """Whether the highest and lowest score of each work fall; 0 in the rule means never.

        Where only so many judges see a work, it goes by their number.
        """
        return self.trim_from > 0 and (self.quorum or panel_size) >= self.trim_from

    def tally(self, *, trim: bool) -> TallyRule:
        """How the round is counted, once it is decided whether extremes fall."""
        plain = self.aggregation in (Aggregation.MEAN, Aggregation.TRIMMED)
        return TallyRule(
            trim=trim,
            recusal_rule=self.recusal_rule,
            compare=self.compare,
            minimum=self.trim_from or TallyRule(trim=False).minimum,
            is_ballot=self.is_ballot,
            counting=Aggregation.MEAN if plain else self.aggregation,
        )

    def to_document(self) -> dict[str, Any]:
        """The JSON document that `from_document` reads back."""
        return {
            "code": self.code,
            "name": self.name,
            "rubric": self.rubric.to_document(),
            "level_names": list(self.level_names),
            "shows": sorted(self.shows),
            "trim_from": self.trim_from,
            "recusal_rule": self.recusal_rule,
            "ties": list(self.ties),
            "compare": self.compare,
            "method": self.method.value,
            "panel": self.panel.value,
            "advance": self.advance.to_document(),
            "quorum": self.quorum,
            "may_miss": self.may_miss,
            "aggregation": self.aggregation.value,
            "repeats": self.repeats,
            "is_last": self.is_last,
            "deliberates": self.deliberates,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> RoundRule:
        """The rule that `to_document` wrote. Raises Invalid `round.unreadable`."""
        try:
            return cls(
                code=text_of(document["code"]),
                name=text_of(document["name"]),
                rubric=Rubric.from_document(document["rubric"]),
                level_names=tuple(text_of(name) for name in document["level_names"]),
                shows=frozenset(Shown(text_of(name)) for name in document["shows"]),
                trim_from=whole_of(document["trim_from"]),
                recusal_rule="trim" if document["recusal_rule"] == "trim" else "plain",
                ties=tuple(text_of(step) for step in document["ties"]),
                compare="exact" if document["compare"] == "exact" else "rounded",
                # Rounds opened before there were others were all of these.
                method=Method(text_of(document.get("method", Method.RUBRIC.value))),
                panel=Panel(text_of(document.get("panel", Panel.ALL.value))),
                advance=AdvanceRule.from_document(document["advance"])
                if "advance" in document
                else AdvanceRule(),
                quorum=whole_of(document.get("quorum", 0)),
                may_miss=document.get("may_miss") is True,
                repeats=whole_of(document.get("repeats", 0)),
                # Before others could, rounds of votes alone came before the last one.
                is_last=document.get("is_last", document.get("method") != Method.VOTE.value) is True,
                aggregation=Aggregation(text_of(document.get("aggregation", Aggregation.TRIMMED.value))),
                deliberates=document.get("deliberates") is True,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid("round.unreadable") from error


def rule_deliberates(declared: Declared) -> bool:
    """Whether a deliberation follows a round of the call: only levels of a rubric can be revised one by one."""
    return declared.deliberation and declared.method is Method.RUBRIC


def rule_of(rules: EditionRules, ordinal: int) -> RoundRule:
    """The rule of an edition's round, counted from 1."""
    held = rules.rounds[ordinal - 1]
    is_vote, is_ballot = held.method is Method.VOTE, held.method is Method.BALLOT
    trims = not is_ballot and held.aggregation is Aggregation.TRIMMED
    names = tuple(name.get("ko", "") for name in held.level_names)
    return RoundRule(
        code=held.code,
        name=held.name.get("ko", held.code),
        rubric=VOTE if is_vote else PLACES if is_ballot else Rubric.from_document(held.to_rubric_document()),
        level_names=LEVEL_NAMES if is_vote else () if is_ballot else names,
        shows=held.shows,
        trim_from=held.trim_from if trims else 0,
        recusal_rule="trim" if held.recusal_rule.value == "trim" else "plain",
        ties=_ties_of(rules, held, is_last=ordinal == len(rules.rounds)),
        is_last=ordinal == len(rules.rounds),
        compare="exact" if rules.comparison.value == "exact" else "rounded",
        method=held.method,
        panel=held.panel,
        advance=AdvanceRule(held.advance, held.advance_percent, held.advance_count),
        quorum=0 if is_ballot else held.quorum,
        repeats=held.repeats if held.method is Method.RUBRIC else 0,
        aggregation=held.aggregation if held.method is Method.RUBRIC else Aggregation.MEAN,
        may_miss=is_vote and held.missing is MissingVotes.ABSTAIN,
        deliberates=rule_deliberates(held),
    )


def _ties_of(rules: EditionRules, held: Declared, *, is_last: bool) -> tuple[str, ...]:
    """The declared steps that can speak of the round: criteria of other rounds cannot.

    Before the last round nobody is asked: equals at the boundary all go on, and a lot parts those who do not.
    """
    own = {BY_WEIGHT, *(f"criterion:{criterion.code}" for criterion in held.criteria)}
    steps = tuple(step for step in rules.ties if not step.startswith("criterion:") or step in own)
    return steps if is_last else (*(step for step in steps if step not in (RUNOFF, CHAIR, LOT)), LOT)
