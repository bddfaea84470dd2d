"""Is the process alive, is it ready: for the office's monitoring; says nothing about anybody."""

from __future__ import annotations

import shutil
from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy import text

from contest.infra.migrations import is_current
from contest.web.access import public, services

blueprint = Blueprint("health", __name__)
FREE_BYTES = 10_000_000_000
FREE_SHARE = 0.1
CLOCK_SECONDS = 2


@blueprint.get("/healthz")
@public
def healthz() -> Any:
    """The process answers."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
@public
def readyz() -> Any:
    """Database writable and migrated, clocks agree, storage there, room on the disk, imaging isolated."""
    held = services()
    checks: dict[str, bool] = {}
    try:
        with held.database.write() as uow:
            uow.session.execute(text("UPDATE throttle SET count = count WHERE key = ''"))
        checks["database"] = True
        with held.database.read() as session:
            if session.get_bind().dialect.name == "postgresql":
                seconds = session.scalar(text("SELECT extract(epoch FROM now())"))
            else:
                seconds = session.scalar(text("SELECT (julianday('now') - 2440587.5) * 86400.0"))
        checks["clock"] = abs(float(seconds or 0) - held.clock.wall().timestamp()) < CLOCK_SECONDS
        checks["migrations"] = is_current(held.database.engine)
    except Exception:  # noqa: BLE001  readiness reports, it never raises
        checks["database"] = False
    try:
        held.storage.check()
        checks["storage"] = True
    except Exception:  # noqa: BLE001  readiness reports, it never raises
        checks["storage"] = False
    if held.settings.data.exists():
        usage = shutil.disk_usage(held.settings.data)
        checks["disk"] = usage.free > FREE_BYTES and usage.free / usage.total > FREE_SHARE
    ready = all(checks.values())
    # Where the kernel refuses a network namespace the child still has no address to talk to; say so.
    return jsonify(ok=ready, checks=checks, imaging=held.imaging.isolation()), 200 if ready else 503
