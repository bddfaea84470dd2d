"""One transaction: rows change together with their audit rows, or not at all; bells ring after commit."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from contest.domain.actors import Actor
from contest.infra.crypto import Crypto
from contest.infra.guard import no_bytes_here
from contest.infra.ids import Ids
from contest.infra.passwords import Passwords


@dataclass(frozen=True)
class PendingAct:
    """An act noted during the transaction, chained when it commits."""

    at: dt.datetime
    actor: Actor
    action: str
    subject_kind: str
    subject_id: str | None
    edition_id: str | None
    facts: dict[str, Any]


@dataclass(frozen=True)
class Tools:
    """What operations may use inside a transaction: randomness, seals and digests, the job bell."""

    ids: Ids
    crypto: Crypto
    passwords: Passwords
    ring: Callable[..., None]  # ring(job_name, **ids)


@dataclass
class UnitOfWork:
    """What an operation works with: the session, the trail, and what to ring once it is committed."""

    session: Session
    tools: Tools
    acts: list[PendingAct] = field(default_factory=list)
    bells: list[Callable[[], None]] = field(default_factory=list)

    def note(
        self,
        action: str,
        subject: tuple[str, str | None],
        *,
        actor: Actor,
        now: dt.datetime,
        edition_id: str | None = None,
        **facts: Any,
    ) -> None:
        """Put an act in the trail: `subject.verb`, (kind, id) and facts.

        Facts are ids, names of fields, numbers or digests; never values that people wrote.
        """
        self.acts.append(PendingAct(now, actor, action, subject[0], subject[1], edition_id, facts))

    @property
    def ids(self) -> Ids:
        """The source of identifiers and seeds."""
        return self.tools.ids

    @property
    def crypto(self) -> Crypto:
        """Seals, digests and signatures."""
        return self.tools.crypto

    @property
    def passwords(self) -> Passwords:
        """Digests of secrets that people type."""
        return self.tools.passwords

    def ring(self, job: str, **ids: str | int) -> None:
        """Ring a job's bell once the transaction is committed."""
        self.after_commit(lambda: self.tools.ring(job, **ids))

    def after_commit(self, bell: Callable[[], None]) -> None:
        """Do this once the transaction is committed, and never if it is not."""
        self.bells.append(bell)


def fact_digest(salt: str, value: str) -> str:
    """A salted digest for the trail: says whether a text changed, not what it was."""
    return hashlib.sha256(f"{salt}\x00{value}".encode()).hexdigest()[:32]


class Database:
    """Sessions of one engine. `write` is a unit of work, `read` a session that changes nothing."""

    def __init__(
        self, engine: Engine, tools: Tools, write_trail: Callable[[Session, list[PendingAct]], None]
    ) -> None:
        self.engine = engine
        self._tools = tools
        self._writer = engine.execution_options(sqlite_begin="IMMEDIATE")
        self._write_trail = write_trail

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        session = Session(self._writer, expire_on_commit=False, autoflush=True)
        uow = UnitOfWork(session, self._tools)
        try:
            with no_bytes_here():
                yield uow
                session.flush()
                if uow.acts:
                    self._write_trail(session, uow.acts)
                session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        for bell in uow.bells:
            bell()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries; whatever it changed is rolled back."""
        session = Session(self.engine, expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            session.close()  # rolls back without expiring: what was read may still be shown
