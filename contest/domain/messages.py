"""The messages of a contest: to whom, by which channel, when they may leave, what they may name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from contest.domain.schedule import KST

#: What a message may name. Text, a count, money in won, a day, or an instant; a tuple reads "a, b".
Fact = str | int | date | datetime | tuple[str, ...]

WINDOW_OPENS = time(9, 0)
WINDOW_CLOSES = time(20, 0)

#: Filled in for every message from the edition; never passed by callers.
COMMON = ("prefix", "contest", "office", "phone")
PRIVATE_LINK = "{link}"
#: Where whoever is told of the next contest stops it: the second link of its message, named {stop}.
STOP_LINK = "{link:news}"


class Addressee(StrEnum):
    """Whom a message is for."""

    ENTRANT = "entrant"
    GUARDIAN = "guardian"
    OBJECTOR = "objector"
    JUDGE = "judge"
    STAFF = "staff"


class Channel(StrEnum):
    """How a message reaches a person; `phone` is a list of people whom somebody calls."""

    SMS = "sms"
    MAIL = "mail"
    PHONE = "phone"


@dataclass(frozen=True)
class MessageForm:
    """One line of the table of messages.

    channels: of S (text), M (mail), P (on the person's page), B (public notice).
    variables: the facts that a caller must give, and may give no others: no score, no judge of a work,
    no data of another person and no account number has a name here.
    words: those variables whose value is a key of the texts `message.word.*`.
    link: the private link of the recipient, the path of a page, or nothing.
    """

    code: str
    to: Addressee
    event: str
    channels: str
    variables: tuple[str, ...]
    link: str | None = None
    words: frozenset[str] = frozenset()
    at_once: bool = False
    is_promotional: bool = False


def _forms() -> dict[str, MessageForm]:
    entrant, guardian, objector = Addressee.ENTRANT, Addressee.GUARDIAN, Addressee.OBJECTOR
    judge, staff = Addressee.JUDGE, Addressee.STAFF
    rows: tuple[tuple[str, Addressee, str, str, str, str | None], ...] = (
        # code, to, event, channels, variables (words marked by *), link
        ("A1", entrant, "접수 완료", "SM", "receipt works closes", PRIVATE_LINK),
        ("A2", entrant, "제출 전 마감 안내", "S", "closes", "{link:draft}"),
        ("A3", entrant, "수정·철회 완료", "SM", "receipt *act at", PRIVATE_LINK),
        ("A4", guardian, "법정대리인 동의 요청", "S", "due", PRIVATE_LINK),
        ("A5", guardian, "법정대리인 동의 확인", "S", "at", None),
        ("A6", entrant, "보완 요청", "SMP", "receipt items due", PRIVATE_LINK),
        ("A7", entrant, "보완 기한 안내", "S", "receipt due *result", PRIVATE_LINK),
        ("A8", entrant, "부적격 통지", "MP", "receipt reasons due", PRIVATE_LINK),
        ("A9", entrant, "일정 변경", "SMB", "before after reason", "/call"),
        ("A10", entrant, "개인정보 요청 처리", "M", "*request *result at", None),
        ("C1", entrant, "공개검증 대상 선정", "SM", "receipt title opens closes", PRIVATE_LINK),
        ("C2", entrant, "원본·추가자료 요청", "SMP", "receipt items due", PRIVATE_LINK),
        ("C3", entrant, "소명 요청", "SMP", "receipt issue due", "{link:statement}"),
        ("C4", entrant, "소명 결과", "MP", "receipt *outcome reason", PRIVATE_LINK),
        ("C5", entrant, "차순위 승계", "SM", "receipt tier due", PRIVATE_LINK),
        ("W1", entrant, "최종 수상", "SM", "name tier amount due", PRIVATE_LINK),
        ("W2", entrant, "수상자 등록 요청", "SMP", "receipt items due days", PRIVATE_LINK),
        ("W3", entrant, "시상식·전시 안내", "SM", "at place bring", None),
        ("W4", entrant, "상금 지급 완료", "S", "amount paid_on", None),
        ("W5", entrant, "작품 활용 알림", "M", "title medium period", PRIVATE_LINK),
        ("W6", entrant, "이용허락 만료 예정", "M", "title expires", PRIVATE_LINK),
        ("W7", entrant, "수상 취소·환수", "M", "receipt reason basis amount due", None),
        ("L1", entrant, "결과 안내", "SM", "erased_on", "/results"),
        ("L2", entrant, "폐기 완료", "M", "receipt at", None),
        ("N1", entrant, "다음 공모전 안내", "S", "opens closes", "/call"),
        ("R1", objector, "신고 접수", "SM", "case entry due", PRIVATE_LINK),
        ("R2", objector, "신고 처리 안내", "M", "case *outcome summary", PRIVATE_LINK),
        ("J1", judge, "위촉·서약 안내", "SM", "opens closes due", PRIVATE_LINK),
        ("J2", judge, "심사 진행 안내", "SM", "*moment assigned done closes", PRIVATE_LINK),
        ("J3", judge, "재심사 요청", "SP", "works due", PRIVATE_LINK),
        ("J4", judge, "서명 요청", "SP", "document due", PRIVATE_LINK),
        ("J5", judge, "심사 종료", "M", "", None),
        ("J6", judge, "남은 심사 알림", "SM", "assigned done closes", PRIVATE_LINK),
        ("J7", judge, "심사 다시 열림", "SM", "round task closes", PRIVATE_LINK),
        ("J8", judge, "동점 결선투표", "SM", "works due", PRIVATE_LINK),
        ("J9", judge, "심의", "SM", "due", PRIVATE_LINK),
        ("O1", staff, "접수 현황", "MP", "total today doubtful storage", "/staff"),
        ("O2", staff, "자동검사 확인 필요", "P", "receipt items", "/staff/screening"),
        ("O3", staff, "심사 진행 문제", "SP", "judge matter", "/staff/judging"),
        ("O4", staff, "이의신청 접수·기한", "SP", "case entry due", "/staff/cases"),
        ("O5", staff, "승인 요청", "MP", "matter asked_by", "/staff"),
        ("O6", staff, "발표 예약·완료", "SM", "at count *status", "/staff/publication"),
        ("O7", staff, "발송 실패", "P", "total failed reason", "/staff/messages"),
        ("O8", staff, "개인정보 처리 알림", "MP", "account count reason", "/staff/trail"),
        ("O9", staff, "보유기간 도래", "P", "subject on matter", "/staff"),
    )
    return {
        code: MessageForm(
            code,
            to,
            event,
            channels,
            tuple(name.lstrip("*") for name in variables.split()),
            link,
            frozenset(name[1:] for name in variables.split() if name.startswith("*")),
            at_once=code in {"A1", "A5", "W1"},
        )
        for code, to, event, channels, variables, link in rows
    }


#: The table of messages by code.
FORMS = _forms()


def form_of(code: str) -> MessageForm:
    """The line of a code; ValueError for a code that is not in the table."""
    try:
        return FORMS[code]
    except KeyError as error:
        raise ValueError(f"no message {code}") from error


def send_window(now: datetime, code: str) -> datetime:
    """The first instant from `now` on at which a message may leave: 09:00 to 20:00 in Seoul, or at once."""
    if form_of(code).at_once:
        return now
    local = now.astimezone(KST)
    if local.time() < WINDOW_OPENS:
        return datetime.combine(local.date(), WINDOW_OPENS, KST).astimezone(UTC)
    if local.time() >= WINDOW_CLOSES:
        return datetime.combine(local.date() + timedelta(days=1), WINDOW_OPENS, KST).astimezone(UTC)
    return now


def channels_for(code: str, *, mobile: bool, landline: bool, mail: bool) -> tuple[Channel, ...]:
    """How a person is reached: by the channels of the table, else by whatever they gave, else by telephone.

    Messages that stand only on a page (P) or as a notice (B) have no channel.
    """
    wanted = form_of(code).channels
    if "S" not in wanted and "M" not in wanted:
        return ()
    had = {Channel.SMS: mobile, Channel.MAIL: mail}
    chosen = tuple(
        c for c, letter in ((Channel.SMS, "S"), (Channel.MAIL, "M")) if letter in wanted and had[c]
    )
    if chosen:
        return chosen
    instead = tuple(channel for channel, has in had.items() if has)
    return instead[:1] or ((Channel.PHONE,) if landline else ())


#: One example of every variable, for reading the texts before any of them leaves.
SAMPLES: dict[str, Fact] = {
    "receipt": "2024-0123",
    "works": 2,
    "opens": datetime(2024, 9, 19, 10, 0, tzinfo=KST),
    "closes": datetime(2024, 8, 30, 18, 0, tzinfo=KST),
    "due": datetime(2024, 9, 6, 18, 0, tzinfo=KST),
    "at": datetime(2024, 10, 1, 10, 0, tzinfo=KST),
    "items": "촬영 장소",
    "reasons": "촬영지가 금천구 밖입니다.",
    "before": "접수 마감 2024. 8. 30.(금) 18:00",
    "after": "접수 마감 2024. 9. 2.(월) 18:00",
    "reason": "태풍으로 인한 접수 기간 연장",
    "title": "안양천의 아침",
    "issue": "촬영 장소가 적으신 곳과 다르다는 신고",
    "tier": "우수상",
    "name": "홍길동",
    "amount": 200_000,
    "days": 3,
    "place": "금천구청 12층 대강당",
    "bring": "신분증",
    "paid_on": date(2024, 10, 25),
    "medium": "금천소식지 11월호",
    "period": "2024. 11. 1. ~ 11. 30.",
    "expires": date(2027, 9, 30),
    "basis": "공고 9. 유의사항",
    "erased_on": date(2024, 10, 31),
    "case": "이의-2024-0003",
    "entry": "2024-0123-1",
    "summary": "촬영 장소가 확인되어 심사 결과를 유지합니다.",
    "assigned": 120,
    "done": 84,
    "document": "집계표, 의결서",
    "total": 812,
    "today": 64,
    "doubtful": 9,
    "storage": "41%",
    "judge": "김심사",
    "matter": "서약서 미제출",
    "asked_by": "운영자 이담당",
    "count": 25,
    "failed": 3,
    "account": "운영자 이담당",
    "subject": "낙선작 파일 640점",
    "on": date(2024, 10, 31),
    "act": "withdrawn",
    "result": "done",
    "request": "erase",
    "outcome": "kept",
    "moment": "remaining",
    "round": "본심을",
    "task": "점수를 고칠 수 있습니다. 고치지 않으셔도 다시 서명해 주세요.",
    "status": "scheduled",
}
#: Where the same variable has words of its own in a message.
SAMPLE_WORDS: dict[tuple[str, str], Fact] = {
    ("A7", "result"): "near",
    ("R2", "outcome"): "dismissed",
    ("J3", "works"): "K7Q2, M4TX",
    ("J8", "works"): "003, 017",
    ("C1", "closes"): datetime(2024, 9, 28, 18, 0, tzinfo=KST),
    ("N1", "opens"): datetime(2024, 8, 19, 9, 0, tzinfo=KST),
    ("J1", "opens"): datetime(2024, 9, 5, 9, 0, tzinfo=KST),
    ("J1", "closes"): datetime(2024, 9, 13, 18, 0, tzinfo=KST),
    ("J2", "closes"): datetime(2024, 9, 13, 18, 0, tzinfo=KST),
    ("J6", "closes"): datetime(2024, 9, 13, 18, 0, tzinfo=KST),
    ("J7", "closes"): datetime(2024, 9, 13, 18, 0, tzinfo=KST),
}


def sample_facts(code: str) -> dict[str, Fact]:
    """Example facts for every variable of a message."""
    return {name: SAMPLE_WORDS.get((code, name), SAMPLES[name]) for name in form_of(code).variables}
