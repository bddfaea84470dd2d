"""The 공고문 of an edition as plain text, every value from the edition (Korean only: it is an official act)."""

from __future__ import annotations

from contest.domain.consents import ConsentKind
from contest.domain.errors import Invalid
from contest.domain.korean import day_text, instant_text, period_text, won, won_in_words
from contest.domain.persons import parse_phone
from contest.domain.ruleset import (
    BY_WEIGHT,
    CHAIR,
    COUNTS,
    LOT,
    RUNOFF,
    Advance,
    Aggregation,
    Device,
    DronePolicy,
    EditionRules,
    ExifPolicy,
    Method,
    MissingVotes,
    NameDisplay,
    Period,
    Round,
    Succession,
)
from contest.domain.schedule import Schedule

_MARKS = "가나다라마바사아자차카타파하"
_MEGABYTE = 1024 * 1024
_YEAR = 12
_DEVICES = {Device.CAMERA: "카메라", Device.SMARTPHONE: "스마트폰", Device.DRONE: "드론"}
_DELIBERATION = (
    ". 점수를 봉인하여 봉인값을 공개한 뒤 심의함: 위원이 서로의 점수와 메모를 이름 없이 보고, 까닭을 적어 자기 점수를"
    " 고칠 수 있음. 심의를 마치면 다시 봉인하고, 심의 전후의 봉인값을 모두 공개함"
)
_DRONES = {
    DronePolicy.REFUSED: "받지 않음",
    DronePolicy.PERMIT: "비행·촬영 승인 서류 확인",
    DronePolicy.FREE: "제한 없음",
}
_EXIF = {
    ExifPolicy.LOOKED_AT: "있으면 참고",
    ExifPolicy.WINNERS: "수상 시 확인",
    ExifPolicy.REQUIRED: "필수",
}
_COUNTED = {
    Aggregation.MEAN: "위원 점수를 평균함",
    Aggregation.MEDIAN: "위원 점수를 크기순으로 놓아 가운데 점수를 씀(짝수면 가운데 두 점수의 평균)",
    Aggregation.Z_SCORE: "위원마다 자기가 준 점수의 평균과 흩어진 정도로 고쳐 쓴 표준점수"
    "(평균 50, 표준편차 10)를 평균함",
    Aggregation.BORDA: "위원마다 점수가 높은 순서를 점수(맨 위 100점부터 맨 아래 0점까지)로 고르게 바꾸어 평균함",
    Aggregation.TOP_COUNTS: "가장 높은 점수부터 견주어 그 점수를 준 위원의 비율이 큰 작품이 앞섬"
    "(같으면 다음 점수 차례로)",
}
_SCORES = {
    True: "위원과 응모자의 이름을 가린 점수표를 발표와 함께 공개함",
    False: "점수는 공개하지 않음",
}
_SUCCESSIONS = {
    Succession.CASCADE: "아래 순위 작품이 한 자리씩 올라가고 예비순위 작품이 마지막 자리를 잇습니다",
    Succession.FILL_HOLE: "예비순위 첫 작품이 그 자리를 잇습니다",
    Succession.LEAVE_EMPTY: "빈자리로 둡니다",
}


def build_notice(rules: EditionRules, schedule: Schedule, address: str) -> str:
    """The text of the call; address is the public address of the entry pages.

    Raises Invalid notice.incomplete where the edition still lacks a date, a text or its prizes.
    """
    if any(at is None for _, at in schedule.instants()) or rules.scheme is None or not rules.rounds:
        raise Invalid("notice.incomplete")
    sections = (
        ("공모개요", _overview(rules, schedule)),
        ("출품규격", _specification(rules)),
        ("접수방법", _entering(rules, address)),
        ("심사", _judging(rules)),
        ("공개검증", _verification(rules, schedule)),
        ("결과발표", _announcement(rules, schedule)),
        ("시상내역", _prizes(rules)),
        ("저작권", [("저작권과 이용허락", _text(rules, "copyright")), ("초상권", _text(rules, "portraits"))]),
        ("유의사항", [("미성년자", _text(rules, "minors")), *_lines("유의", _text(rules, "notes"))]),
        ("개인정보", _privacy(rules)),
        ("문의", _contact(rules)),
    )
    head = [
        f"{_text(rules, 'organiser').split('(')[0]} 공고 제{_text(rules, 'notice_number')}호",
        "",
        f"{_text(rules, 'title')} 개최 공고",
        "",
        _text(rules, "summary"),
        "",
        _text(rules, "notice_date"),
        _text(rules, "signed_by"),
    ]
    body: list[str] = []
    for number, (title, items) in enumerate(sections, start=1):
        body += ["", f"{number}. {title}"]
        body += [f"  {_mark(at)}. {name}: {value}" for at, (name, value) in enumerate(items)]
    return "\n".join([*head, *body, "", f"붙임  {_text(rules, 'attachments')}", ""])


def _mark(at: int) -> str:
    """가 to 하, then 거, 너, ... as official documents go on."""
    row, column = divmod(at, len(_MARKS))
    # The vowels ㅏ ㅓ ㅗ ㅜ ㅡ ㅣ in the order of the official numbering, as steps of a syllable block.
    return chr(ord(_MARKS[column]) + (0, 4, 8, 13, 18, 20)[row % 6] * 28)


def _text(rules: EditionRules, key: str) -> str:
    text = rules.texts.own("ko", key)
    if not text:
        raise Invalid("notice.incomplete", field=f"texts.ko.{key}")
    return text


def _lines(name: str, text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(f"{name} {number}", line) for number, line in enumerate(lines, start=1)]


def _overview(rules: EditionRules, schedule: Schedule) -> list[tuple[str, str]]:
    assert schedule.entry_opens is not None
    assert schedule.entry_closes is not None
    return [
        ("공모명", _text(rules, "title")),
        ("공모주제", _text(rules, "theme")),
        ("참가자격", _text(rules, "eligibility")),
        ("접수기간", period_text(schedule.entry_opens, schedule.entry_closes) + "까지"),
        ("주최·주관", _text(rules, "organiser")),
        ("관련 근거", _text(rules, "legal_basis")),
    ]


def _specification(rules: EditionRules) -> list[tuple[str, str]]:
    entry = rules.entry
    if entry.taken_from is None or entry.taken_until is None:
        raise Invalid("notice.incomplete", field="entry.taken_from")
    least = f", {entry.min_bytes / _MEGABYTE:g}MB 이상" if entry.min_bytes else ""
    return [
        ("형식", entry.format_names),
        ("크기", f"긴 변 {entry.min_long_side:,}픽셀 이상"),
        ("용량", f"한 점에 {entry.max_bytes / _MEGABYTE:g}MB 이하{least}"),
        ("출품 수", f"1인 {entry.works_per_person}점 이내"),
        ("촬영기간", f"{day_text(entry.taken_from)} ~ {day_text(entry.taken_until)}"),
        ("촬영지", "관내" if entry.in_district else "제한 없음"),
        ("촬영기기", ", ".join(_DEVICES[device] for device in entry.devices)),
        ("드론 촬영", _DRONES[entry.drone]),
        ("보정 범위", _text(rules, "correction")),
        ("AI 생성·합성", _text(rules, "generated_images")),
        ("촬영 정보(EXIF)", _EXIF[entry.exif]),
        ("원본 제출", _text(rules, "originals")),
        ("단체 참가", "불가" if entry.team_size == 1 else f"{entry.team_size}인 이내"),
    ]


def _entering(rules: EditionRules, address: str) -> list[tuple[str, str]]:
    grace = rules.entry.grace_minutes
    late = f"마감 전에 올리기 시작한 사진은 마감 뒤 {grace}분까지 제출할 수 있습니다." if grace else "없음"
    return [
        ("온라인", address),
        ("방법", _text(rules, "how_to_enter")),
        ("마감 뒤 유예", late),
    ]


def _judging(rules: EditionRules) -> list[tuple[str, str]]:
    names = [one.name.get("ko", "") for one in rules.rounds]
    one_each = "한 사람이 한 점만 수상(높은 상)" if rules.one_prize_per_person else "제한 없음"
    return [
        ("절차", " → ".join(["자격검토", *names, "공개검증", "확정"])),
        ("심사위원", f"{rules.judges}명(외부위원 {rules.external_judges}명)"),
        *(
            (
                f"{one.name.get('ko', '')} 심사기준",
                _rubric(one) + _goes_on(one, is_last=one is rules.rounds[-1]),
            )
            for one in rules.rounds
        ),
        ("집계", _text(rules, "judging")),
        ("동점 처리", " → ".join(_tie(rules, step) for step in rules.ties)),
        ("1인 1상", one_each),
    ]


def _rubric(one: Round) -> str:
    if one.method is Method.VOTE:
        goes_on = {
            Advance.ALL: "모든 작품이 다음 단계로 올라감",
            Advance.THRESHOLD: f"찬성이 {one.advance_percent}% 이상인 작품이 올라감",
            Advance.TOP: f"찬성 비율이 높은 {one.advance_count}점이 올라감(경계에서 같은 비율은 모두 올라감)",
        }[one.advance]
        seen = f" 작품마다 위원 {one.quorum}명이 심사." if one.quorum else ""
        missing = (
            " 기간 안에 오지 않은 표는 기권으로 셀 수 있음." if one.missing is MissingVotes.ABSTAIN else ""
        )
        return f"찬성·반대·기권 투표.{seen}{missing} {goes_on}"
    if one.method is Method.BALLOT:
        return "위원마다 작품의 순서를 정하고, 첫째 100점부터 마지막 0점까지 고르게 나눈 점수를 평균함"
    seen = f"작품마다 위원 {one.quorum}명이 심사. " if one.quorum else ""
    points = ", ".join(f"{criterion.name.get('ko', '')} {criterion.weight}점" for criterion in one.criteria)
    again = (
        f". 위원마다 작품 {one.repeats}점을 다른 번호로 한 번 더 심사하며 두 번째 점수는 순위에 넣지 않음"
        if one.repeats
        else ""
    )
    return f"{seen}{points}. {_counted(one)}{again}{_DELIBERATION if one.deliberation else ''}"


def _goes_on(one: Round, *, is_last: bool) -> str:
    """Who goes on from a round that ranks, and where the others stand."""
    if one.method is Method.VOTE or is_last:
        return ""
    return (
        f". 순위가 높은 {one.advance_count}점이 다음 단계로 올라감(경계의 동점은 모두 올라감). "
        "올라가지 않은 작품은 이 단계의 순위대로 그 아래에 두고, 그 가운데 동점은 추첨으로 정함"
    )


def _counted(one: Round) -> str:
    """How the scores of a work are made one figure."""
    if one.aggregation is Aggregation.TRIMMED:
        return f"위원이 {one.trim_from}명 이상이면 최고점과 최저점을 하나씩 빼고 평균함"
    return _COUNTED[one.aggregation]


def _tie(rules: EditionRules, step: str) -> str:
    named = {
        BY_WEIGHT: "배점이 큰 항목의 점수가 높은 작품",
        COUNTS: "가장 높은 단계를 받은 비율이 높은 작품(같으면 다음 단계 차례로)",
        RUNOFF: "이해관계 없는 심사위원의 결선투표(두 작품씩 견주어 다수결)",
        CHAIR: "위원장 재심사",
        LOT: "추첨",
    }
    for one in rules.rounds:
        for criterion in one.criteria:
            named[f"criterion:{criterion.code}"] = f"{criterion.name.get('ko', '')} 점수가 높은 작품"
    return named[step]


def _verification(rules: EditionRules, schedule: Schedule) -> list[tuple[str, str]]:
    assert schedule.verification_opens is not None
    assert schedule.verification_closes is not None
    period = period_text(schedule.verification_opens, schedule.verification_closes)
    return [
        ("기간", f"{period} ({schedule.verification_days}일)"),
        ("방법", _text(rules, "verification_method")),
        ("부정행위", _text(rules, "disqualification")),
        ("차순위 승계", f"수상에서 빠지는 작품이 있으면 {_SUCCESSIONS[rules.succession]}."),
        ("예비순위", f"{rules.reserves}점"),
    ]


def _announcement(rules: EditionRules, schedule: Schedule) -> list[tuple[str, str]]:
    assert schedule.publish_at is not None
    masked = "이름을 가려서 적음(홍*동)"
    full = f"{masked}, 성명 공개에 동의한 분은 이름을 모두 적음"
    return [
        ("일시", instant_text(schedule.publish_at)),
        ("방법", _text(rules, "announcement")),
        ("성명 표기", masked if rules.names is NameDisplay.MASKED else full),
        ("점수 공개", _SCORES[rules.publish_scores]),
    ]


def _prizes(rules: EditionRules) -> list[tuple[str, str]]:
    scheme = rules.prizes
    rows = [(tier.name["ko"], f"{tier.count}명, 각 {won(tier.amount)}") for tier in scheme.tiers]
    return [
        *rows,
        ("합계", f"{scheme.winners}명, {won(scheme.budget)}({won_in_words(scheme.budget)})"),
        ("상금 지급", _text(rules, "payment")),
        ("시상식", _text(rules, "awards_ceremony")),
        ("적격작이 없을 때", "일부 상을 드리지 않음" if rules.may_leave_empty else "다음 순위 작품으로 채움"),
    ]


def _privacy(rules: EditionRules) -> list[tuple[str, str]]:
    consent = rules.consent(ConsentKind.PRIVACY, "ko")
    kept = (
        f"응모자 {length_text(rules.retention['entrants'])}, 수상자 {length_text(rules.retention['winners'])}"
    )
    return [
        ("수집 목적", consent.part("purpose")),
        ("수집 항목", consent.part("items")),
        ("보유 기간", f"{kept}. {consent.part('retention')}"),
        ("거부할 권리", consent.part("refusal")),
        ("처리위탁", _text(rules, "outsourcing")),
        ("수상하지 않은 사진", f"발표 뒤 {length_text(rules.retention['losing_images'])} 안에 파기"),
    ]


def length_text(period: Period) -> str:
    """A length as it is read: 5년, 3개월, 30일."""
    years, months = divmod(period.months, _YEAR)
    parts = ((years, "년"), (months, "개월"), (period.days, "일"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count)


def _contact(rules: EditionRules) -> list[tuple[str, str]]:
    return [
        ("담당", _text(rules, "office")),
        ("전화", f"{parse_phone(rules.phone).display} ({_text(rules, 'hours')})"),
        ("전자우편", rules.email),
    ]
