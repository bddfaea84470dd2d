"""Whose name stands beside a work: masked, or in full where the edition allows it and the person agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contest.domain.persons import mask_name
from contest.domain.ruleset import NameDisplay


@dataclass(frozen=True)
class Credit:
    """A winner's name and whether they agreed to its publication in full."""

    entry_number: str
    name: str
    has_consented: bool


def shown_names(credits_: Iterable[Credit], display: NameDisplay) -> dict[str, str]:
    """Entry number -> the name as the public reads it.

    Two who would read alike are told apart by their entry number: 김*수(2024-0012-1).
    """
    read = {credit.entry_number: _shown(credit, display) for credit in credits_}
    alike = Counter(read.values())
    return {
        number: f"{name}({number})" if alike[name] > 1 and "*" in name else name
        for number, name in read.items()
    }


def is_masked(name: str) -> bool:
    """Whether a shown name is not the whole name."""
    return "*" in name


def _shown(credit: Credit, display: NameDisplay) -> str:
    in_full = display is NameDisplay.FULL_WITH_CONSENT and credit.has_consented
    return credit.name if in_full else mask_name(credit.name)


def masked_afterwards(shown: Mapping[str, str]) -> dict[str, str]:
    """Entry number -> the name to show when whole names may be shown no longer; masked ones stay as they are read."""
    masked = {
        number: name.partition("(")[0] if is_masked(name) else mask_name(name)
        for number, name in shown.items()
    }
    alike = Counter(masked.values())
    return {
        number: name
        if is_masked(name) or not name
        else f"{masked[number]}({number})"
        if alike[masked[number]] > 1
        else masked[number]
        for number, name in shown.items()
    }
