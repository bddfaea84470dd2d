"""The imaging process: everything imported once, then one forked and confined child per photograph.

Started by exec with an empty environment, so that no secret of the program is in its memory; speaks
`protocol` on its standard input and output, and ends when its input does.
"""

from __future__ import annotations

import io
import os
import select
import signal
import time
import warnings
from dataclasses import asdict
from typing import Any

from PIL import Image

from contest.domain.features import Features
from contest.domain.formats import sniff
from contest.infra.imaging.examine import describe_again, examine, render_zoom
from contest.infra.imaging.marking import render_marked
from contest.infra.imaging.matching import align
from contest.infra.imaging.protocol import Broken, parse, receive, send
from contest.infra.imaging.results import Limits, Refused, Rendition
from contest.infra.imaging.sandbox import confine, leave_network

_STDIN, _STDOUT = 0, 1
_CHUNK = 1 << 20
_WARMED = (("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "LA"), ("MPO", "RGB"), ("HEIF", "RGB"))


def serve() -> None:
    """Answer requests until the program closes the pipe."""
    isolated = leave_network()
    warnings.simplefilter("ignore")  # nobody reads a child's warnings; its ceilings are its own
    Image.MAX_IMAGE_PIXELS = None  # the ceilings of Limits are checked before anything is decoded
    _warm_up()
    while (request := receive(_STDIN)) is not None:
        header, blobs = request
        if header["act"] == "isolation":
            send(_STDOUT, {"network_isolated": isolated, "limits": Limits().as_json()})
            continue
        answer = _run_child(header, blobs[0])
        send(_STDOUT, {"cause": answer} if isinstance(answer, str) else answer[0], _blobs(answer))


def _blobs(answer: str | tuple[dict[str, Any], list[bytes]]) -> list[bytes]:
    return [] if isinstance(answer, str) else answer[1]


def _warm_up() -> None:
    """Import and build whatever is made on first use: a confined child can open no file to do so."""
    tiny = Image.effect_noise((96, 64), 60)
    for file_format, mode in _WARMED:
        buffer = io.BytesIO()
        exif = Image.Exif()
        exif[0x0110] = "warm"
        more = {} if file_format == "MPO" else {"exif": exif}
        limits = Limits(heic_megapixels=1)
        tiny.convert(mode).save(buffer, file_format, **more)
        examine(buffer.getvalue(), limits)
        render_zoom(buffer.getvalue(), limits)
        if file_format == "JPEG":
            render_marked(buffer.getvalue(), limits)
            features = describe_again(buffer.getvalue(), limits).features
            align(features, features)


def _run_child(header: dict[str, Any], data: bytes) -> str | tuple[dict[str, Any], list[bytes]]:
    """The child's whole answer, or why there is none: "timeout", "crash", "memory"."""
    limits = Limits(**header["limits"])
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_child(header["act"], data, limits, writable)
    os.setpgid(pid, pid)  # whatever it may start ends with it
    os.close(writable)
    try:
        message = _collect(readable, limits.wall_seconds)
    finally:
        os.close(readable)
        os.killpg(pid, signal.SIGKILL)  # not yet waited for, so the number is still its own
        _, status = os.waitpid(pid, 0)
    if message is None:
        return "timeout"
    try:
        return parse(message)
    except Broken:
        return "timeout" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU else "crash"


def _collect(readable: int, seconds: float) -> bytes | None:
    """All the child writes until it closes its end; None when time is up."""
    deadline = time.monotonic() + seconds
    poll = select.poll()
    poll.register(readable, select.POLLIN)
    message = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not poll.poll(left * 1000):
            break
        part = os.read(readable, _CHUNK)
        if not part:
            return bytes(message)
        message += part
    return None


def _be_child(act: str, data: bytes, limits: Limits, output: int) -> None:
    """Confined from here on; never returns."""
    try:
        confine(limits, output, may_thread=limits.heic_megapixels > 0 and sniff(data[:1024]) == "HEIC")
        send(_STDOUT, *_answer(act, data, limits))
        os._exit(0)
    except BaseException:  # noqa: BLE001  whatever it was, this process must not go on as a second parent
        os._exit(1)


def _answer(act: str, data: bytes, limits: Limits) -> tuple[dict[str, Any], list[bytes]]:
    try:
        if act == "zoom":
            return _with_renditions({}, {"zoom": render_zoom(data, limits)})
        if act == "marked":
            return _with_renditions({}, {"marked": render_marked(data, limits)})
        if act == "describe":
            return describe_again(data, limits).as_json(), []
        if act == "align":
            return _align(data), []
        found = examine(data, limits)
    except Refused as refused:
        return {"refusal": refused.refusal.value, "facts": refused.facts}, []
    except MemoryError:
        return {"cause": "memory"}, []
    header = {
        "format": found.format,
        "width": found.width,
        "height": found.height,
        "exif": asdict(found.exif),
        "marks": asdict(found.marks),
        "looks": asdict(found.looks),
        "fingerprint": found.fingerprint.pack().hex(),
        "traits": found.traits.as_json(),
    }
    return _with_renditions(header, found.renditions)


def _align(data: bytes) -> dict[str, Any]:
    """How the first of some packed features lies in each of the others."""
    _, parts = parse(data)
    one, *others = (Features.unpack(part) for part in parts)
    found = (align(one, other) for other in others)
    return {"alignments": [alignment and alignment.to_document() for alignment in found]}


def _with_renditions(
    header: dict[str, Any], renditions: dict[str, Rendition] | Any
) -> tuple[dict[str, Any], list[bytes]]:
    sizes = [[name, one.width, one.height] for name, one in renditions.items()]
    return header | {"renditions": sizes}, [one.data for one in renditions.values()]


if __name__ == "__main__":
    serve()
