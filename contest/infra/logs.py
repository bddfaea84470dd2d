"""Log lines of a running contest: one JSON object each, in UTC, with request, actor, action and object; no values.

A line tells ids and names of routes, never an address with a private link, a field, an IP or the words of an
exception: those may be somebody's data. JSON escapes control characters, so nothing that is sent forges a line.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Loggers of this program: their messages are made of ids. Of others only the unfilled message is told.
OURS = ("contest", "judging", "gallery")
#: What is being done: request, actor, action, object. Set by whoever begins it, put into every line meanwhile.
doing: ContextVar[Mapping[str, Any]] = ContextVar("doing", default={})  # noqa: B039  never changed in place


class JsonLines(logging.Formatter):
    """One line for one record."""

    def format(self, record: logging.LogRecord) -> str:
        """at, level, logger, what is being done, message; error and stack where there is one."""
        is_ours = record.name.split(".", 1)[0] in OURS
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **doing.get(),
            **getattr(record, "facts", {}),
        }
        message = record.getMessage() if is_ours else str(record.msg)
        if message:
            line["message"] = message
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
            line["stack"] = [_place(frame) for frame in traceback.extract_tb(error.__traceback__)]
        return json.dumps(line, ensure_ascii=True, separators=(",", ":"), default=type)


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{shown}:{frame.lineno} {frame.name}"


def begin_logging() -> None:
    """Let this process and those it forks write such lines to standard error, and nothing else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("contest.requests").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    for name in ("gunicorn.error", "gunicorn.access", "huey"):
        other = logging.getLogger(name)
        other.handlers, other.propagate = [], True
