"""The filters of the screening desk between address and page."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_login import current_user

from contest.domain.devices import DeviceClass
from contest.infra.texts import text
from contest.queries.screening import Queue
from contest.queries.screening_sieve import Hand, Sieve, View

VIEW_NAMES = {
    View.DOUBTFUL: "확인 필요",
    View.UNFIT: "부적합",
    View.FIT: "적합",
    View.CHECKING: "검사 중",
    View.ASKED: "보완 요청",
    View.PROPOSED: "승인 대기",
    View.DONE: "끝난 것",
}
DEVICE_NAMES = {
    DeviceClass.PHONE: "휴대전화",
    DeviceClass.CAMERA: "카메라",
    DeviceClass.DRONE: "드론",
    DeviceClass.SCANNER: "스캐너",
    DeviceClass.UNKNOWN: "모름",
}
HAND_NAMES = {Hand.OTHERS: "내가 결정·요청하지 않은 것", Hand.MINE: "내가 결정·요청한 것"}
Choices = list[tuple[str, str]]


def sieve_of_request() -> Sieve:
    """The filters of this request's address or form."""
    return Sieve.of(request.values, current_user.account_id)


def queue_url(sieve: Sieve, **more: Any) -> str:
    """The list under these filters."""
    return url_for("screening.queue", **sieve.address(), **more)


def work_url(sieve: Sieve, entry_id: str, **more: Any) -> str:
    """One work, within these filters."""
    return url_for("screening.work", entry_id=entry_id, **sieve.address(), **more)


def choices(queue: Queue) -> dict[str, Choices]:
    """What each filter offers, with counts where they are known; the chosen value is always among them."""
    sieve = queue.sieve
    kinds = dict(queue.kinds) | ({sieve.kind: queue.kinds.get(sieve.kind, 0)} if sieve.kind else {})
    dongs = dict(queue.dongs) | ({sieve.dong: queue.dongs.get(sieve.dong, 0)} if sieve.dong else {})
    named = sorted((text("ko", f"finding_name.{kind}"), kind, count) for kind, count in kinds.items())
    return {
        "kind": [("", "모두"), *((kind, f"{name} ({count})") for name, kind, count in named)],
        "dong": [("", "모두"), *((dong, f"{dong} ({count})") for dong, count in dongs.items())],
        "device": [("", "모두"), *((kind.value, name) for kind, name in DEVICE_NAMES.items())],
        "hand": [("", "모두"), *((hand.value, name) for hand, name in HAND_NAMES.items())],
    }
