"""What outer packages tell inner ones: typed entries in plain lists, filled by each package's app.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from contest.domain.actors import Actor, Role
from contest.domain.data_classes import DataClass
from contest.domain.document_reader import Problem
from contest.domain.gates import Blocker
from contest.domain.stages import Stage
from contest.infra.unit_of_work import UnitOfWork

#: gate(session, edition_id, target stage, now) -> every blocker
Gate = Callable[[Session, str, Stage, dt.datetime], list[Blocker]]
#: hook(uow, edition_id, stage just reached, actor, now): what happens in the same transaction as a move
StageHook = Callable[[UnitOfWork, str, Stage, Actor, dt.datetime], None]
#: hook(uow, edition_id, changed paths, actor, now): what happens in the same transaction as an amendment in force
AmendmentHook = Callable[[UnitOfWork, str, frozenset[str], Actor, dt.datetime], None]
#: check(session, edition_id, changed paths, now) -> what another package knows against an amendment
AmendmentCheck = Callable[[Session, str, frozenset[str], dt.datetime], list[Problem]]
#: loader(session, edition or submission id, now) -> context of the section's template, or None to leave it out
Loader = Callable[[Session, str, dt.datetime], dict[str, Any] | None]


@dataclass(frozen=True)
class NavItem:
    """An item of a menu. Public when `roles` is empty, its label then marked; `shown` may hide it for now."""

    label: str
    endpoint: str
    order: int
    roles: frozenset[Role] = frozenset()
    shown: Callable[[Session, dt.datetime], bool] | None = None
    group: str = ""  # of a staff menu; items of one group stand together under its name


@dataclass(frozen=True)
class Section:
    """A part of a page that another package fills: a template and what it shows."""

    template: str
    load: Loader
    order: int = 100


@dataclass(frozen=True)
class NextStep:
    """One of the next things on the staff home: when it is due, who must act, where the button leads."""

    due: dt.datetime
    title: str
    who: frozenset[Role]
    endpoint: str
    arguments: dict[str, str] = field(default_factory=dict)
    #: the schedule fields it belongs to; it then stands in place of their base steps
    milestones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entrance:
    """A button on a demonstration's sign-in page; it posts to an endpoint that begins a session."""

    label: str
    endpoint: str
    arguments: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Erasure:
    """A retention rule that can be run: how many are due, and destroying them (bytes first, then rows)."""

    kind: str
    due: Callable[[Session, dt.datetime], int]
    run: Callable[[Any, dt.datetime], int]  # (services, now) -> how many were destroyed


@dataclass(frozen=True)
class Folder:
    """A folder of the storage and whose its objects are: `named` gives the ids that may stand after its name.

    `named` is asked after the objects were listed, and for whatever must stay, what is just coming included.
    """

    name: str
    named: Callable[[Session], set[str]]


@dataclass(frozen=True)
class Fault:
    """Something stored that cannot be right: the code of its sentence and the facts of the place."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


#: check(services, hashes): every fault found; with hashes, stored bytes are read whole and compared
Check = Callable[[Any, bool], Iterator[Fault]]


@dataclass
class Registry:
    """The plain lists."""

    gates: list[Gate] = field(default_factory=list)
    #: (services): what `flask prepare` does after the migrations, each harmless when repeated
    preparations: list[Callable[[Any], None]] = field(default_factory=list)
    on_stage: list[StageHook] = field(default_factory=list)
    on_amendment: list[AmendmentHook] = field(default_factory=list)
    amendment_checks: list[AmendmentCheck] = field(default_factory=list)
    navigation: list[NavItem] = field(default_factory=list)
    home_sections: list[Section] = field(default_factory=list)  # public home; loader gets the edition id
    call_sections: list[Section] = field(default_factory=list)
    receipt_sections: list[Section] = field(default_factory=list)  # loader gets the submission id
    staff_sections: list[Section] = field(default_factory=list)  # staff home cards; edition id
    #: field of the schedule -> endpoint of the page where its duty is done
    duty_pages: dict[str, str] = field(default_factory=dict)
    next_steps: list[Callable[[Session, str, dt.datetime], list[NextStep]]] = field(default_factory=list)
    #: only a demonstration shows them: loader(session, now) -> buttons beside those of the staff
    demo_entrances: list[Callable[[Session, dt.datetime], list[Entrance]]] = field(default_factory=list)
    #: by the kind of a message's subject: (services, session, subject id) -> the private link, made when sent
    links: dict[str, Callable[[Any, Session, str], str | None]] = field(default_factory=dict)
    #: role -> the endpoint where such a person comes in, where that is not the sign-in page of staff
    doors: dict[Role, str] = field(default_factory=dict)
    erasures: list[Erasure] = field(default_factory=list)
    #: every class of data that is kept, as staff and the auditor see it
    data_classes: list[DataClass] = field(default_factory=list)
    #: what `flask check` asks of everything stored, each yielding what is wrong
    checks: list[Check] = field(default_factory=list)
    #: every folder of the storage; an object whose folder is not here is never touched
    folders: list[Folder] = field(default_factory=list)
    #: (session, edition id) -> ids of the works that hold a prize; retention destroys nothing while it is empty
    winners: list[Callable[[Session, str], frozenset[str]]] = field(default_factory=list)
    #: (session, edition id) -> the minute at which its results became public, None while they are not
    announced: list[Callable[[Session, str], dt.datetime | None]] = field(default_factory=list)
    sweeps: list[Callable[[Any, dt.datetime], None]] = field(
        default_factory=list
    )  # (services, now), each minute
