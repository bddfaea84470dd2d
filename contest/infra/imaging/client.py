"""The program's side of imaging: asks the imaging process, believes nothing it says blindly."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contest.domain.alignments import Alignment
from contest.domain.exif import RawExif, read_exif
from contest.domain.features import Features
from contest.domain.fingerprints import Fingerprint
from contest.domain.formats import Refusal, sniff, suffix_agrees
from contest.domain.hand_marks import read_hand_marks
from contest.domain.looks import Looks
from contest.domain.provenance import Marks, read_provenance
from contest.infra.guard import assert_outside_transaction
from contest.infra.imaging.protocol import Broken, pack, receive, send
from contest.infra.imaging.results import Inspection, Limits, Rendition, Traits

_PROJECT = Path(__file__).resolve().parents[3]
_START_SECONDS = 30.0
# The child is ended by its parent; this much later the parent itself is taken for dead.
_SLACK_SECONDS = 15.0
# Nothing of the program's environment: no database address, no key. One BLAS thread: the child is a fork.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}

Answer = tuple[dict[str, Any], list[bytes]]


class ImagingUnavailable(RuntimeError):
    """The imaging process cannot be started or keeps dying: try the photograph again later."""


class Imaging:
    """One imaging process, started at first use and again whenever it is gone; one photograph at a time.

    Safe to share between threads. A forked web worker starts its own. Never raises for what a file holds.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def __del__(self) -> None:
        self._end()

    def inspect(
        self, source: bytes | Path, *, filename_suffix: str = "", limits: Limits | None = None
    ) -> Inspection:
        """Examine one file: its bytes or its path; filename_suffix as ".jpg", only compared.

        OSError when the path cannot be read; ImagingUnavailable when there is no imaging process;
        BytesInsideTransactionError inside a unit of work.
        """
        data = _read(source)
        answer = self._ask("inspect", data, limits)
        if isinstance(answer, str):
            return Inspection(refusal=Refusal.UNREADABLE, cause=answer)
        try:
            return _conclude(answer, data, filename_suffix)
        except (KeyError, ValueError, TypeError, AssertionError):
            return Inspection(refusal=Refusal.UNREADABLE, cause="crash")

    def render_zoom(self, source: bytes | Path, *, limits: Limits | None = None) -> Rendition | None:
        """The 100 % view of a photograph, long side at most 8,192; None when it cannot be made."""
        return self._render("zoom", source, limits)

    def render_marked(self, source: bytes | Path, *, limits: Limits | None = None) -> Rendition | None:
        """A rendition made small, marked 공개검증용 all over, for public verification; None if it cannot be."""
        return self._render("marked", source, limits)

    def describe(self, source: bytes | Path, *, limits: Limits | None = None) -> Traits | None:
        """The traits of a clean preview, for a photograph that has none yet; None if they cannot be read."""
        answer = self._ask("describe", _read(source), limits)
        try:
            return None if isinstance(answer, str) else Traits.from_json(answer[0])
        except (KeyError, ValueError, TypeError):
            return None

    def align(self, one: Features, others: Sequence[Features]) -> list[Alignment | None]:
        """How one photograph lies in each of the others, None where it does not; all None when time ran out."""
        if not others:
            return []
        answer = self._ask("align", pack([one.pack(), *(other.pack() for other in others)]), None)
        if isinstance(answer, str):
            return [None] * len(others)
        return [document and Alignment.from_document(document) for document in answer[0]["alignments"]]

    def isolation(self) -> dict[str, Any]:
        """What holds the children in: `network_isolated`, and the limits; for the readiness page."""
        try:
            answer = self._ask("isolation", b"", None)
        except ImagingUnavailable:
            answer = "gone"
        if isinstance(answer, str):
            return {"running": False, "network_isolated": False, "limits": self._limits.as_json()}
        return {
            "running": True,
            "network_isolated": answer[0].get("network_isolated") is True,
            "limits": self._limits.as_json(),
        }

    def close(self) -> None:
        """End the imaging process; the next photograph would start another."""
        with self._lock:
            self._end()

    def _render(self, act: str, source: bytes | Path, limits: Limits | None) -> Rendition | None:
        answer = self._ask(act, _read(source), limits)
        if isinstance(answer, str):
            return None
        try:
            return _renditions(answer)[act]
        except (KeyError, ValueError, TypeError):
            return None

    def _ask(self, act: str, data: bytes, limits: Limits | None) -> Answer | str:
        """The process's answer, or why there is none: "timeout", "crash" or "memory"."""
        assert_outside_transaction("imaging")
        bounds = limits or self._limits
        request = {"act": act, "limits": bounds.as_json()}
        with self._lock:
            # A process that died between two photographs is nobody's fault: ask a new one, once.
            answer = self._converse(request, data, bounds) or self._converse(request, data, bounds)
        if answer is None:
            raise ImagingUnavailable("the imaging process died twice")
        cause = answer[0].get("cause")
        return cause if isinstance(cause, str) else answer

    def _converse(self, request: dict[str, Any], data: bytes, bounds: Limits) -> Answer | None:
        fresh = self._process is None or self._owner != os.getpid() or self._process.poll() is not None
        process = self._start() if fresh else self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        seconds = bounds.wall_seconds + _SLACK_SECONDS + (_START_SECONDS if fresh else 0)
        watch = threading.Timer(seconds, process.kill)
        watch.daemon = True
        watch.start()
        try:
            send(process.stdin.fileno(), request, [data])
            answer = receive(process.stdout.fileno())
        except (OSError, Broken):
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            self._end()
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        self._end()
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-m", "contest.infra.imaging.parent"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_ENVIRONMENT,
            cwd=_PROJECT,
            bufsize=0,
            start_new_session=True,  # an interrupt at the terminal is for the program, which closes the pipe
        )
        self._owner = os.getpid()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        if self._owner == os.getpid():  # a forked worker must not end its parent's process
            process.kill()
            process.wait()


def _read(source: bytes | Path) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _conclude(answer: Answer, data: bytes, suffix: str) -> Inspection:
    header, _ = answer
    if "refusal" in header:
        return Inspection(
            refusal=Refusal(header["refusal"]), facts=header["facts"], format=sniff(data[:1024])
        )
    file_format, width, height = str(header["format"]), int(header["width"]), int(header["height"])
    raw = RawExif(**_tuples(header["exif"]))
    exif = read_exif(raw)
    marks = Marks(**_tuples(header["marks"]))
    return Inspection(
        format=file_format,
        width=width,
        height=height,
        suffix_agrees=suffix_agrees(suffix, file_format),
        exif=exif,
        marks=marks,
        provenance=read_provenance(
            marks, file_format=file_format, width=width, height=height, has_camera=exif.has_camera
        ),
        looks=Looks(**header["looks"]),
        hand_marks=read_hand_marks(raw),
        fingerprint=Fingerprint.unpack(bytes.fromhex(header["fingerprint"])),
        traits=Traits.from_json(header["traits"]),
        renditions=_renditions(answer),
    )


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _renditions(answer: Answer) -> dict[str, Rendition]:
    header, blobs = answer
    return {
        str(name): Rendition(data, int(width), int(height))
        for (name, width, height), data in zip(header["renditions"], blobs, strict=True)
        if data.startswith(b"\xff\xd8\xff")
    }
