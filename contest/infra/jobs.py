"""The job queue: a doorbell. A ring carries ids only; the row it names is the truth."""

from __future__ import annotations

import json
import logging
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from huey.api import Huey
from huey.serializer import SignedSerializer
from huey.storage import PostgresStorage, RedisStorage, SqliteStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Id = str | int | bool | None
Payload = dict[str, Id]
Handler = TypeVar("Handler", bound="Callable[..., object]")

QUEUE = "contest"
STOP_SECONDS = 25  # what a job may take to finish once the worker is asked to stop

log = logging.getLogger(__name__)


class QueueNotReadyError(RuntimeError):
    """The queue has not been created: run `flask jobs init`."""


@dataclass
class Periodic:
    """A handler called every so many seconds while a worker runs, and when it was last begun."""

    name: str
    seconds: int
    next_at: float = 0.0


class _Signed(SignedSerializer):  # type: ignore[misc]  # huey has no types
    """huey's signed serializer with a secret that is read when the first job is queued or taken."""

    def __init__(self, secret: Callable[[], str]) -> None:
        super().__init__(secret="read later")  # noqa: S106  replaced at the first use
        self._secret = secret
        self._is_keyed = False

    def _signature(self, message: bytes) -> bytes:
        if not self._is_keyed:
            self._key = SignedSerializer(secret=self._secret())._key  # noqa: SLF001  same class
            self._is_keyed = True
        return bytes(super()._signature(message))


class Jobs:
    """Registers handlers by name and rings for them.

    url: `sqlite:/absolute/jobs.sqlite3`, `redis://…`, `postgresql:…` or `inline:` (a ring runs at once).
    secret: the text, or a function that reads it; it signs what is queued,
    so that nobody who can write to the queue can make the worker run things.
    Construction does no I/O and creates nothing.
    """

    def __init__(self, url: str, secret: str | Callable[[], str]) -> None:
        self.url = url
        self._handlers: dict[str, Callable[..., object]] = {}
        self._queued: dict[str, Any] = {}
        self._periodic: list[Periodic] = []
        self._runner: Callable[[str, Payload], object] = self.handle
        self._path: Path | None = None
        self._huey = self._make_huey(url, secret)

    def _make_huey(self, url: str, secret: str | Callable[[], str]) -> Any:
        scheme = urlsplit(url).scheme
        if scheme == "inline":
            return None
        common = {
            "name": QUEUE,
            "results": False,
            "serializer": _Signed(secret if callable(secret) else lambda: secret),
        }
        if scheme == "sqlite":
            # sqlite:/a, sqlite:////a (as SQLAlchemy writes it) and sqlite:///a all mean the file /a
            self._path = Path("/" + unquote(url.partition(":")[2]).lstrip("/"))
            return Huey(storage_class=SqliteStorage, filename=str(self._path), create_tables=False, **common)
        if scheme in {"redis", "rediss"}:
            return Huey(storage_class=RedisStorage, url=url, **common)
        if scheme in {"postgresql", "postgresql+psycopg"}:
            dsn = url.replace("postgresql+psycopg:", "postgresql:", 1)
            return Huey(storage_class=PostgresStorage, dsn=dsn, create_tables=False, **common)
        raise ValueError(f"a job queue of an unknown kind: {scheme}")

    def init(self) -> None:
        """Create the queue (file or tables) where it does not exist; harmless when repeated."""
        if self._path is not None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._huey is not None and hasattr(self._huey.storage, "initialize_schema"):
            self._huey.storage.initialize_schema()

    def task(self, name: str, *, retries: int = 0, retry_delay: int = 10) -> Callable[[Handler], Handler]:
        """Register a handler of ids by name; it comes back unchanged. retry_delay: seconds, doubling."""

        def register(function: Handler) -> Handler:
            if name in self._handlers:
                raise ValueError(f"two handlers for the job {name}")
            self._handlers[name] = function
            if self._huey is not None:
                wrap = self._huey.task(name=name, retries=retries, retry_delay=retry_delay, retry_backoff=2)
                self._queued[name] = wrap(self._deliverer(name))
            return function

        return register

    def periodic(self, name: str, seconds: int) -> Callable[[Handler], Handler]:
        """Register a handler without ids that a running worker calls every so many seconds, and at its start.

        Periodic handlers run one after another in a thread of their own, never through the queue, so they
        neither pile up nor get lost. Several workers each call them: they must bear that.
        """

        def register(function: Handler) -> Handler:
            self.task(name)(function)
            self._periodic.append(Periodic(name, seconds))
            return function

        return register

    def bind(self, runner: Callable[[str, Payload], object]) -> None:
        """Set what surrounds a handler (an app context): runner(name, payload) calls `jobs.handle`."""
        self._runner = runner

    def handle(self, name: str, payload: Payload) -> object:
        """Call the handler of a name with its ids."""
        return self._handlers[name](**payload)

    def ring(self, name: str, **ids: Id) -> None:
        """Ask a worker to handle ids; inline, handle them now and let errors out.

        Raises KeyError for an unknown name, TypeError for anything but ids, QueueNotReadyError before init.
        """
        for key, value in ids.items():
            if not isinstance(value, str | int | None):
                raise TypeError(f"the job {name} takes ids, not {type(value).__name__} {key}")
        handler = self._handlers[name]
        if self._huey is None:
            log.debug("job %s runs inline as %s", name, handler)
            self._runner(name, dict(ids))
            return
        self._require_file()
        self._queued[name](json.dumps(ids))

    def pending_count(self) -> int:
        """How many rings wait, those waiting for another attempt included."""
        if self._huey is None:
            return 0
        self._require_file()
        return int(self._huey.pending_count()) + int(self._huey.scheduled_count())

    def check(self) -> None:
        """Raise if the queue cannot be reached."""
        self.pending_count()

    def close(self) -> None:
        """Give up connections."""
        if self._huey is not None:
            self._huey.storage.close()

    def names(self) -> tuple[str, ...]:
        """Every registered name."""
        return tuple(self._handlers)

    def run_due(self, now: float) -> None:
        """Call every periodic handler that is due at a monotonic instant; a failure is logged, not raised."""
        for each in self._periodic:
            if each.next_at <= now:
                each.next_at = now + each.seconds
                self._call_logged(each.name, {})

    def consume(self, workers: int) -> None:
        """Handle rings until asked to stop; see run_worker."""
        if self._huey is None:
            raise ValueError("an inline queue has no worker")
        self._require_file()
        consumer = self._huey.create_consumer(
            workers=workers, max_delay=1.0, periodic=False, shutdown_timeout=STOP_SECONDS
        )
        # huey drops running jobs on SIGTERM and re-executes itself on SIGHUP: a service manager means stop.
        consumer._signal_actions = dict.fromkeys(  # noqa: SLF001  huey has no option for it
            (signal.SIGINT, signal.SIGTERM, signal.SIGHUP), (False, True)
        )
        stopped = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(stopped,), name="periodic", daemon=True)
        ticker.start()
        try:
            consumer.run()
        finally:
            stopped.set()
            ticker.join(STOP_SECONDS)
            self.close()

    def _tick(self, stopped: threading.Event) -> None:
        while not stopped.wait(0.5):
            self.run_due(time.monotonic())

    def _deliverer(self, name: str) -> Callable[[str], None]:
        def deliver(ids: str) -> None:
            self._runner(name, json.loads(ids))

        return deliver

    def _call_logged(self, name: str, payload: Mapping[str, Id]) -> None:
        try:
            self._runner(name, dict(payload))
        except Exception:
            log.exception("periodic job %s failed", name)

    def _require_file(self) -> None:
        if self._path is not None and not self._path.exists():
            raise QueueNotReadyError(str(self._path))


def run_worker(jobs: Jobs, workers: int = 1) -> None:
    """Run a worker in the foreground of the main thread until SIGINT or SIGTERM; running jobs may finish.

    A job still running after STOP_SECONDS is abandoned: its row still says so, and the sweep rings again.
    """
    jobs.consume(workers)
