"""What a judge signs before the first work is shown: 청렴서약, 비밀유지, and what is known of entrants."""

from __future__ import annotations

import hashlib
import unicodedata
from enum import StrEnum

from contest.domain.errors import Invalid


class PledgeKind(StrEnum):
    """The three papers."""

    INTEGRITY = "integrity"
    SECRECY = "secrecy"
    INTERESTS = "interests"


NAMES = {
    PledgeKind.INTEGRITY: "청렴서약서",
    PledgeKind.SECRECY: "비밀유지서약서",
    PledgeKind.INTERESTS: "이해관계 신고서",
}

_INTEGRITY = (
    "본인은 {contest}의 심사위원으로서 다음을 서약합니다.\n"
    "1. 공고된 심사기준에 따라 오직 작품만 보고 공정하게 심사하겠습니다.\n"
    "2. 응모자나 그 관계인에게서 금품, 향응, 청탁을 받지 않겠으며, 받은 때에는 바로 담당자에게 알리겠습니다.\n"
    "3. 응모자가 누구인지 알아내려 하지 않겠습니다.\n"
    "4. 본인이나 가족, 친족, 제자, 동료의 작품이거나 응모자를 알아본 작품은 스스로 회피하겠습니다.\n"
    "5. 이를 어긴 때에는 위촉 해제와 관계 법령에 따른 책임을 지겠습니다."
)
_REPEATS = (
    "\n6. 심사가 한결같은지 살피기 위하여 작품 가운데 일부가 다른 번호로 한 번 더 나오며, 두 번째 점수는 순위에 "
    "들어가지 않음을 알고 있습니다. 어느 작품인지 찾지 않고 처음 보는 작품과 똑같이 심사하겠습니다."
)
_SECRECY = (
    "본인은 {contest}의 심사위원으로서 다음을 서약합니다.\n"
    "1. 심사하면서 알게 된 작품, 점수, 심사 내용을 발표 전이나 후에나 누구에게도 알리지 않겠습니다.\n"
    "2. 심사 화면과 사진을 저장, 촬영, 전송하지 않겠습니다.\n"
    "3. 심사 링크와 비밀번호를 다른 사람에게 알려 주거나 대신 심사하게 하지 않겠습니다.\n"
    "4. 심사위원이라는 사실을 발표 전까지 밖에 알리지 않겠습니다."
)
_SHARED = (
    "\n5. 심의가 있는 단계에서는 점수를 봉인한 뒤 본인의 점수와 메모가 다른 위원에게 이름 대신 위원 번호로 보이는 것을 "
    "알고 있습니다. 다른 위원의 점수와 의견도 누구에게도 알리지 않겠습니다."
)
_INTERESTS_NONE = (
    "본인은 {contest}에 본인, 가족, 친족, 제자, 동료 등 이해관계가 있는 사람이 응모하였다는 사실을 알지 못합니다. "
    "심사하면서 알게 되면 그 작품을 바로 회피하겠습니다."
)
_INTERESTS_SOME = (
    "본인은 {contest}에 이해관계가 있는 사람이 응모하였거나 응모하였을 수 있음을 다음과 같이 신고합니다.\n"
    "{declared}"
)

_COMPLETION = (
    "본인은 {contest} {round}에서 맡은 작품을 모두 공고된 심사기준에 따라 스스로 심사하였으며, "
    "지금 저장된 대로 심사를 마칩니다."
)

MAX_DECLARED = 1000


def pledge_text(
    kind: PledgeKind, contest: str, declared: str = "", *, repeats: bool = False, is_shared: bool = False
) -> str:
    """The words to be signed. `declared`: what the judge knows of entrants, for the third paper only.

    repeats: whether judges meet some works twice, which the first paper tells them; is_shared: whether a round of the
    contest has a deliberation, in which the panel sees notes and scores, which the second does.
    """
    if kind is PledgeKind.INTEGRITY:
        return _INTEGRITY.format(contest=contest) + (_REPEATS if repeats else "")
    if kind is PledgeKind.SECRECY:
        return _SECRECY.format(contest=contest) + (_SHARED if is_shared else "")
    if not declared.strip():
        return _INTERESTS_NONE.format(contest=contest)
    return _INTERESTS_SOME.format(contest=contest, declared=declared.strip())


def completion_text(contest: str, round_name: str) -> str:
    """The words that end a judge's work in a round."""
    return _COMPLETION.format(contest=contest, round=round_name)


def text_digest(text: str) -> str:
    """SHA-256 (hex) of the words."""
    return hashlib.sha256(text.encode()).hexdigest()


def check_signature(signed: str, name: str, field: str = "signed_name") -> str:
    """The signature, tidied. Raises Invalid `signature.missing` or `signature.differs` for that field."""
    tidy = unicodedata.normalize("NFC", signed).strip()
    if not tidy:
        raise Invalid("signature.missing", field=field)
    if _letters(tidy) != _letters(name):
        raise Invalid("signature.differs", field=field)
    return tidy


def _letters(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
