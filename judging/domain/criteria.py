"""What judges score by: weighted criteria, each given in levels, and the exact points of a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contest.domain.documents import names_of, text_of, whole_of
from contest.domain.errors import Invalid


@dataclass(frozen=True)
class Criterion:
    """One criterion (항목): `weight` is its most points; name and description by locale."""

    code: str
    name: Mapping[str, str] = field(hash=False)
    weight: int
    description: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Rubric:
    """The criteria in listed order, each given a level 1..levels; their weights sum to `total` points.

    Raises Invalid: `rubric.no_criteria`, `rubric.code_missing`, `rubric.code_twice`, `rubric.name_missing`,
    `rubric.weight`, `rubric.levels`, `rubric.total_differs`.
    """

    criteria: tuple[Criterion, ...]
    levels: int = 5
    total: int = 100

    def __post_init__(self) -> None:
        if not self.criteria:
            raise Invalid("rubric.no_criteria", field="criteria")
        if self.levels < 2:  # noqa: PLR2004  with one level nothing could be told apart
            raise Invalid("rubric.levels", field="levels", levels=self.levels)
        seen: set[str] = set()
        for number, criterion in enumerate(self.criteria, start=1):
            if not criterion.code:
                raise Invalid("rubric.code_missing", field="criteria", number=number)
            if criterion.code in seen:
                raise Invalid("rubric.code_twice", field="criteria", criterion=criterion.code)
            seen.add(criterion.code)
            if not criterion.name.get("ko", "").strip():
                raise Invalid("rubric.name_missing", field="criteria", number=number)
            if criterion.weight < 1:
                raise Invalid(
                    "rubric.weight", field="criteria", criterion=criterion.name["ko"], weight=criterion.weight
                )
        summed = sum(criterion.weight for criterion in self.criteria)
        if summed != self.total:
            raise Invalid("rubric.total_differs", field="criteria", summed=summed, total=self.total)

    def codes(self) -> tuple[str, ...]:
        """Criterion codes in listed order."""
        return tuple(criterion.code for criterion in self.criteria)

    def by_weight(self) -> tuple[Criterion, ...]:
        """Heavier first, equal weights in listed order: the order in which criteria break a tie."""
        return tuple(sorted(self.criteria, key=lambda criterion: -criterion.weight))

    def points(self, code: str, level: int) -> Fraction:
        """Exact points of a level: weight x level / levels. Raises Invalid for what the rubric lacks."""
        for criterion in self.criteria:
            if criterion.code == code:
                break
        else:
            raise Invalid("score.criterion_unknown", field="criterion", criterion=code)
        if isinstance(level, bool) or not 1 <= level <= self.levels:
            raise Invalid("score.level_out_of_range", field="level", level=level, levels=self.levels)
        return Fraction(criterion.weight * level, self.levels)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Rubric:
        """The rubric of a JSON document; a name given as plain text is Korean. Raises Invalid."""
        try:
            criteria = tuple(
                Criterion(
                    code=text_of(item["code"]),
                    name=names_of(item["name"]),
                    weight=whole_of(item["weight"]),
                    description=names_of(item.get("description") or {}),
                )
                for item in document["criteria"]
            )
            levels, total = whole_of(document.get("levels", 5)), whole_of(document.get("total", 100))
        except (KeyError, TypeError, AttributeError) as error:
            raise Invalid("rubric.unreadable", field="criteria") from error
        return cls(criteria, levels, total)

    def to_document(self) -> dict[str, Any]:
        """The JSON document that `from_document` reads back to an equal rubric."""
        return {
            "criteria": [
                {
                    "code": criterion.code,
                    "name": dict(criterion.name),
                    "weight": criterion.weight,
                    "description": dict(criterion.description),
                }
                for criterion in self.criteria
            ],
            "levels": self.levels,
            "total": self.total,
        }
