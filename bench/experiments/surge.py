"""R9 and the last hour: many citizens at once on the real server and its job worker."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import psutil
from ground import DEADLINE, Ground
from integration.contest.entry_citizen import SLICE, photograph, receipt_number
from processes import BROKEN, Answer, Server, Walker, Wire
from sqlalchemy import func, select, union_all

from bench.experiments.table import Table
from contest.infra.clock import wall
from contest.models.entry import Entry
from contest.models.photo import LocalFeatures, Photo, PhotoState
from contest.models.submission import Submission
from contest.operations.check import find_faults

ENTRANTS = 400
SLOW_BYTES_A_SECOND = 64_000
SLOW_FILE = 12_000_000  # bytes, as a phone of 50 megapixels makes them: three minutes at that pace
_PIECE = 16_000


class Tally:
    """What all browsers saw, counted under one lock."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.seconds: dict[str, list[float]] = {"page": [], "submit": []}
        self.accepted: dict[str, list[str]] = {}
        self.late = 0
        self.strange: list[str] = []
        self.memory = 0
        self.browsers = 0

    def answered(self, status: int, kind: str, seconds: float) -> None:
        with self.lock:
            self.statuses[status] += 1
            if kind in self.seconds:
                self.seconds[kind].append(seconds)


class CountedWire(Wire):
    """A browser whose every answer is counted; slow: its slices go out at a phone's worst pace."""

    def __init__(self, server: Server, tally: Tally, *, slow: bool = False) -> None:
        super().__init__(server)
        self.tally, self.slow = tally, slow
        with tally.lock:
            tally.browsers += 1
            self.network = f"10.{tally.browsers // 250}.{tally.browsers % 250}.1"

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        begun = time.perf_counter()
        # As if through the office's proxy: everybody comes from a network of their own.
        answer = super()._once(method, path, body, {"X-Forwarded-For": self.network, **headers})
        kind = "page" if method == "GET" else "submit" if path.endswith("/submit") else "other"
        self.tally.answered(answer.status_code, kind, time.perf_counter() - begun)
        return answer

    def patch(self, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        if not self.slow:
            return super().patch(path, data, headers)
        body: object = dribble(data)
        return self.open("PATCH", path, body, **headers, **{"Content-Length": str(len(data))})  # type: ignore[arg-type]  # http.client takes pieces


def dribble(data: bytes) -> Iterator[bytes]:
    """The bytes at 64 kB a second."""
    for at in range(0, len(data), _PIECE):
        time.sleep(_PIECE / SLOW_BYTES_A_SECOND)
        yield data[at : at + _PIECE]


@cache
def original(seed: int) -> bytes:
    """One of a few photographs; drawing one takes a second."""
    return photograph(seed)


def file_of(number: int, size: int = SLICE // 2) -> bytes:
    """A file of its own for every citizen: a photograph with some bytes behind its end."""
    return original(number % 6) + b"tail %d" % number + random.Random(number).randbytes(size)


def enter(walker: Walker, number: int, tally: Tally, size: int = SLICE // 2) -> None:
    """One citizen's whole way; remembers the receipt it was shown and the hash of what it sent."""
    data = file_of(number, size)
    walker.begin()
    walker.upload(data)
    walker.describe().identify(phone=f"010-{1000 + number // 10000}-{number % 10000:04d}").consent()
    receipt = receipt_number(walker.submit())
    with tally.lock:
        tally.accepted.setdefault(receipt, []).append(hashlib.sha256(data).hexdigest())


def memory_of(pids: list[int]) -> int:
    """Proportional bytes of these processes and all below them."""
    total = 0
    for pid in pids:
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.Error:
            continue
        for one in family:
            try:
                total += one.memory_full_info().pss
            except psutil.Error:
                continue
    return total


def watch(ground: Ground, server: Server, tally: Tally, ended: threading.Event) -> None:
    """Somebody who only reads, four pages a second, and the memory of all processes now and then."""
    assert server.process is not None
    reader = CountedWire(server, tally)
    pids = [server.process.pid, *[worker.pid for worker in ground.workers]]
    for turn in range(1_000_000):
        if ended.wait(0.25):
            return
        try:
            reader.get(("/", "/call", "/enter", "/lookup")[turn % 4])
        except BROKEN as broken:
            tally.strange.append(f"a reader met {broken!r}")
        if turn % 20 == 0:
            tally.memory = max(tally.memory, memory_of(pids))


def guarded(act: Callable[[], object], tally: Tally) -> threading.Thread:
    """A thread whose failure is remembered."""

    def run() -> None:
        try:
            act()
        except Exception as failure:  # noqa: BLE001  told in the table
            with tally.lock:
                tally.strange.append(f"{type(failure).__name__}: {str(failure)[-300:]}")

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def p95(values: list[float]) -> float:
    """The 95th percentile; 0 of nothing."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else sum(values)


def settle(ground: Ground, patience: float) -> int:
    """Wait until every photograph is examined and compared, or none was for so many seconds; how many are not."""
    waiting = union_all(
        select(Photo.id).where(Photo.state == PhotoState.WAITING),
        select(LocalFeatures.photo_id).where(LocalFeatures.compared_at.is_(None)),
    ).subquery()
    fewest, deadline = 1_000_000, 0.0
    while True:
        with ground.services.database.read() as session:
            left = session.scalar(select(func.count()).select_from(waiting)) or 0
        if left < fewest:
            fewest, deadline = left, time.monotonic() + patience
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(1)


def judge(ground: Ground, tally: Tally, table: Table) -> None:
    """What was acknowledged beside what is stored."""
    begun = time.monotonic()
    left = settle(ground, 150)
    table.tell("seconds until the worker had caught up", f"{time.monotonic() - begun:.0f}")
    with ground.services.database.read() as session:
        rows = session.execute(
            select(Submission.receipt_number, Photo.sha256)
            .join(Entry, Entry.submission_id == Submission.id)
            .join(Photo, Photo.id == Entry.photo_id)
            .where(Submission.receipt_number.is_not(None))
        ).all()
    stored = {(number, sha256) for number, sha256 in rows}
    shown = {(number, one) for number, hashes in tally.accepted.items() for one in hashes}
    answers = sum(tally.statuses.values())
    broken = sum(count for status, count in tally.statuses.items() if status >= 500)
    table.tell("answers by status", dict(sorted(tally.statuses.items())))
    table.must("acknowledged entries that are not there", len(shown - stored), "0", holds=shown <= stored)
    table.must("entries that nobody was told of", len(stored - shown), "0", holds=stored <= shown)
    table.equal(
        "faults found by the check", [fault.code for fault in find_faults(ground.services, hashes=True)], []
    )
    table.equal("photographs not examined and compared in the end", left, 0)
    table.equal("what should not have happened", tally.strange[:5], [])
    table.must("answers of 5xx", f"{broken} of {answers}", "< 0.5 %", holds=broken * 200 < max(answers, 1))
    table.must(
        "pages, 95th percentile", f"{p95(tally.seconds['page']) * 1000:.0f} ms", "< 500 ms",
        holds=p95(tally.seconds["page"]) < 0.5, is_time=True,
    )  # fmt: skip
    table.must(
        "제출, 95th percentile", f"{p95(tally.seconds['submit']) * 1000:.0f} ms", "< 2,000 ms",
        holds=p95(tally.seconds["submit"]) < 2, is_time=True,
    )  # fmt: skip
    table.must(
        "memory of server, worker and imaging",
        f"{tally.memory / 1e6:,.0f} MB",
        "< 2,000 MB",
        holds=tally.memory < 2e9,
    )
    table.tell("load of this machine afterwards", " ".join(f"{one:.1f}" for one in psutil.getloadavg()))


def served(ground: Ground) -> Server:
    """The server with its two workers, and the job worker, as `make run` has them."""
    server = ground.serve(workers=2, app="wsgi:app", CHALKAK_PROXIES="1")
    ground.work()
    for seed in range(6):
        original(seed)
    return server


def r9(ground: Ground, scale: float, table: Table) -> None:
    """Three times the worst hour: a ramp of 30 minutes, then 10 at 60 entries a minute, 100 slow uploads beside."""
    share = min(1.0, 10 * scale)
    ramp, hold, slow = 1800 * scale, 600 * scale, max(4, round(100 * share))
    size = max(SLICE // 2, round(SLOW_FILE * share))
    ground.seed()
    ground.set_clock(ground.clock.now())
    server, tally, ended = served(ground), Tally(), threading.Event()
    table.tell("ramp, then 60 entries a minute", f"{ramp:.0f} s, {hold:.0f} s")
    table.tell("slow uploads all the while", f"{slow} of {size / 1e6:.1f} MB at 64 kB/s")
    watcher = guarded(lambda: watch(ground, server, tally, ended), tally)

    def dawdle(number: int) -> None:
        ended.wait(random.Random(number).uniform(0, size / SLOW_BYTES_A_SECOND))  # people do not keep step
        while not ended.is_set():
            enter(Walker(CountedWire(server, tally, slow=True)), number, tally, size)
            number += slow

    slow_ones = [guarded(lambda number=number: dawdle(100_000 + number), tally) for number in range(slow)]
    begun, threads, number = time.monotonic(), [], 0
    while (at := time.monotonic() - begun) < ramp + hold:
        number += 1
        walker = Walker(CountedWire(server, tally))
        threads.append(guarded(lambda w=walker, n=number: enter(w, n, tally), tally))
        time.sleep(1 / max(0.1, min(1.0, at / max(ramp, 1e-6))))
    for thread in threads:
        thread.join()
    ended.set()
    for thread in (*slow_ones, watcher):
        thread.join()
    table.tell("entries, slow ones among them", f"{len(tally.accepted)}, {len(tally.accepted) - number}")
    judge(ground, tally, table)


def hour(ground: Ground, scale: float, table: Table) -> None:
    """The last hour: 400 entrants, most of them in its last minutes, some too late."""
    minutes, chance = 60 * scale, random.Random(18)
    ground.seed()
    server, tally, ended = served(ground), Tally(), threading.Event()
    length = dt.timedelta(minutes=minutes)
    offset = ground.set_clock(DEADLINE - length - dt.timedelta(seconds=2))
    closes = DEADLINE - offset  # on the wall
    presses: list[tuple[dt.datetime, dt.datetime, bool]] = []
    watcher = guarded(lambda: watch(ground, server, tally, ended), tally)

    def come(number: int, at: dt.datetime) -> None:
        time.sleep(max(0.0, (at - wall()).total_seconds()))
        walker = Walker(CountedWire(server, tally))
        sent, is_accepted = wall(), False
        try:
            if not is_open(walker):
                assert wall() >= closes, "closed before the deadline"
                return
            data = file_of(number)
            walker.begin()
            walker.upload(data)
            walker.describe().identify(phone=f"010-5000-{number:04d}").consent()
            walker.get(walker.url("review"))
            sent = wall()
            answer = walker.post(walker.url("submit"), submit_key=str(number))
            is_accepted = answer.status_code == 303
            assert is_accepted or (answer.status_code == 409 and "마감" in answer.text), answer.text[-300:]
            presses.append((sent, wall(), is_accepted))
        except (AssertionError, KeyError):
            if (
                wall() < closes
            ):  # a refusal after the deadline is what must be; before it, nothing excuses one
                raise
            presses.append((sent, wall(), False))
        if is_accepted:
            receipt = receipt_number(walker.get(f"/receipt/{walker.link}"))
            with tally.lock:
                tally.accepted.setdefault(receipt, []).append(hashlib.sha256(data).hexdigest())

    threads = []
    for number in range(1, ENTRANTS + 1):
        # Thick towards the end: half of them in the last quarter; one in twenty comes around the deadline itself.
        share = chance.random() ** 0.4 if number % 20 else chance.uniform(0.98, 1.03)
        at = closes - length * (1 - share)
        threads.append(guarded(lambda n=number, a=at: come(n, a), tally))
    for thread in threads:
        thread.join()
    ended.set()
    watcher.join()
    wrong = [one for one in presses if (one[2] and one[0] >= closes) or (not one[2] and one[1] < closes)]
    table.tell("entrants, minutes", f"{ENTRANTS}, {minutes:.1f}")
    table.tell(
        "accepted, refused as late, found it closed",
        f"{len(tally.accepted)}, {sum(not p[2] for p in presses)}, {ENTRANTS - len(presses) - len(tally.strange)}",
    )
    table.equal("accepted though sent after, or refused though answered before", len(wrong), 0)
    with ground.services.database.read() as session:
        rows = [row for row in session.scalars(select(Submission)) if row.receipt_number]
        late = sum(row.submitted_at is None or row.submitted_at >= DEADLINE for row in rows)
        numbers = sorted(row.receipt_number or "" for row in rows)
    table.equal("rows received at or after the deadline", late, 0)
    table.must(
        "receipt numbers without a gap",
        len(numbers),
        "yes",
        holds=numbers == [f"2024-02-{n:04d}" for n in range(1, len(numbers) + 1)],
    )
    judge(ground, tally, table)


def is_open(walker: Walker) -> bool:
    """Whether the entry page has its form."""
    return 'name="privacy"' in walker.get("/enter")
