"""The screens of an entry, in order, and what each still lacks before the entry can be handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from contest.domain.consents import ConsentKind, missing


class Step(StrEnum):
    """One screen each; TITLE and PLACE come once for every work."""

    PHOTOS = "photos"
    TITLE = "title"
    PLACE = "place"
    PERSON = "person"
    CONSENTS = "consents"
    PAPERS = "papers"
    REVIEW = "review"


@dataclass(frozen=True)
class Screen:
    """A screen of one entry: its step, and which work it is about (0: the whole entry)."""

    step: Step
    ordinal: int = 0


@dataclass(frozen=True)
class WorkState:
    """What is known of one work. photo: waiting | checked | refused | parked; unfit: codes of findings shown."""

    ordinal: int
    photo: str
    title: str | None = None
    has_place: bool = False
    has_date: bool = False
    portrait: str | None = None
    is_unfit: bool = False

    @property
    def must_be_replaced(self) -> bool:
        """Whether its photograph cannot be handed in: it is replaced or taken out."""
        return self.photo == "refused" or self.is_unfit


@dataclass(frozen=True)
class DraftState:
    """What is known of an entry."""

    works: tuple[WorkState, ...]
    cap: int
    place_required: bool
    has_person: bool
    is_child: bool
    has_guardian: bool
    consents: frozenset[ConsentKind] = frozenset()
    papers_lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    """Something lacking: the screen where it is put right, and the code of the sentence that says what."""

    screen: Screen
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def screens(ordinals: tuple[int, ...], *, asks_papers: bool = False) -> tuple[Screen, ...]:
    """Every screen of an entry with these works, in order; one for papers where the edition asks for any."""
    works = [Screen(step, n) for n in ordinals for step in (Step.TITLE, Step.PLACE)]
    return (
        Screen(Step.PHOTOS),
        *works,
        Screen(Step.PERSON),
        Screen(Step.CONSENTS),
        *((Screen(Step.PAPERS),) if asks_papers else ()),
        Screen(Step.REVIEW),
    )


def gaps(draft: DraftState) -> tuple[Gap, ...]:
    """Everything that keeps the entry from being handed in, in the order of the screens."""
    return (*_of_photos(draft), *_of_works(draft), *_of_person(draft), *_of_consents(draft))


def _of_photos(draft: DraftState) -> Iterator[Gap]:
    photos = Screen(Step.PHOTOS)
    if not draft.works:
        yield Gap(photos, "gap.no_photo")
    if len(draft.works) > draft.cap:
        yield Gap(photos, "gap.over_cap", {"works": len(draft.works), "cap": draft.cap})
    for work in draft.works:
        if work.must_be_replaced:
            yield Gap(photos, "gap.unfit_photo", {"ordinal": work.ordinal})


def _of_works(draft: DraftState) -> Iterator[Gap]:
    for work in draft.works:
        if work.must_be_replaced:
            continue  # nothing more is asked of it
        if not work.title:
            yield Gap(Screen(Step.TITLE, work.ordinal), "gap.title", {"ordinal": work.ordinal})
        if draft.place_required and not work.has_place:
            yield Gap(Screen(Step.PLACE, work.ordinal), "gap.place", {"ordinal": work.ordinal})
        if not work.has_date:
            yield Gap(Screen(Step.PLACE, work.ordinal), "gap.date", {"ordinal": work.ordinal})


def _of_person(draft: DraftState) -> Iterator[Gap]:
    if not draft.has_person:
        yield Gap(Screen(Step.PERSON), "gap.person")
    if draft.is_child and not draft.has_guardian:
        yield Gap(Screen(Step.PERSON), "gap.guardian")


def _of_consents(draft: DraftState) -> Iterator[Gap]:
    consents = Screen(Step.CONSENTS)
    for work in draft.works:
        if work.portrait is None:
            yield Gap(consents, "gap.portrait", {"ordinal": work.ordinal})
    shows_people = any(work.portrait == "consented" for work in draft.works)
    for kind in missing(draft.consents, is_under_14=draft.is_child, shows_people=shows_people):
        yield Gap(consents, f"gap.consent_{kind.value}")
    for paper in draft.papers_lacking:
        yield Gap(Screen(Step.PAPERS), f"gap.paper_{paper}")
