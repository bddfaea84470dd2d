"""Sentences of the pages on which staff edit an edition. Staff's pages are Korean: not marked."""

from __future__ import annotations

from contest.infra.texts import mark, register, text
from contest.infra.texts.edition_fields import label_of, shape_of

_GROUPS = {
    "identity": "회차",
    "texts": "글",
    "notice": "공고문에만 들어가는 글(한국어)",
    "schedule": "일정",
    "verification": "공개검증",
    "succession": "승계와 시상 원칙",
    "ranking": "순위",
    "licence": "이용 기간",
    "contact": "연락처",
    "prizes": "합계와 지급",
    "texts.ko": "글",
    "texts.en": "글 (영어)",
    "texts.zh": "글 (중국어)",
}
_SUBJECTS = {
    "basics": "기본·글",
    "schedule": "일정",
    "entry": "응모 규칙",
    "findings": "확인 등급",
    "judging": "심사",
    "prizes": "시상내역",
    "verification": "공개검증·승계·동점",
    "consents": "개인정보·동의 문구",
    "retention": "보유기간",
    "contact": "연락처",
}
_LEADS = {
    "basics": "시민이 처음 읽는 글입니다. 짧고 쉽게 적어 주세요.",
    "schedule": "모든 시각은 한국 시각입니다. 마감 시각이 되는 순간 닫힙니다.",
    "entry": "누리집이 파일을 받을 때 그대로 적용합니다. 공고 뒤에는 바꿀 수 없습니다.",
    "findings": "부적합은 받지 않고, 확인 필요는 담당자가 보고 정합니다. 참고는 보여 주기만 합니다.",
    "judging": "배점의 합은 100점이어야 합니다. 공고 뒤에는 바꿀 수 없습니다.",
    "prizes": "상격별 인원과 상금을 더한 값이 합계와 같아야 합니다. 공고 뒤에는 바꿀 수 없습니다.",
    "verification": "수상 후보작을 공개하는 방법과, 빈자리와 동점을 정하는 순서입니다.",
    "consents": "동의는 항목마다 따로 받습니다. 문구가 바뀌면 새 판으로 남습니다.",
    "retention": "기간이 지나면 파기할 자료로 안내합니다.",
    "contact": "응모 화면마다 보이는 전화번호입니다.",
}
_HINTS = {
    "entry.min_bytes": "비워 두면 제한하지 않습니다.",
    "entry.keeps_network": "한 사람이 여러 이름으로 냈는지 심사를 마친 뒤에 살필 때 씁니다. 개인정보 동의의 수집 항목에 저절로 들어갑니다.",
    "entry.team_size": "비워 두면 1명입니다.",
    "entry.grace_minutes": "마감 전에 올리기 시작한 사진만 이 시간까지 제출할 수 있습니다. 비워 두면 0분입니다.",
    "entry.original_days": "수상자가 원본을 내는 기한입니다. 비워 두면 7일입니다.",
    "rounds.*.aggregation": "공고문에 그대로 실리고, 이 방법으로만 순위를 정합니다. 다른 방법으로 센 결과는 견고성 보고서에 나란히 보입니다. 바꾸고 저장하면 칸이 바뀝니다.",
    "rounds.*.trim_from": "위원이 이 수 이상이면 작품마다 최고점과 최저점을 하나씩 뺍니다. 비워 두면 5명입니다.",
    "rounds.*.method": "마지막 단계는 점수나 순서로 순위를 정합니다. 그 앞의 단계는 어떤 방식이든 되고, 몇 점이 올라갈지 정합니다. 바꾸고 저장하면 칸이 바뀝니다.",
    "rounds.*.opens": "비워 두면 앞 단계가 끝나는 대로 엽니다.",
    "rounds.*.closes": "비워 두면 심사 기간이 끝날 때까지입니다.",
    "rounds.*.advance_percent": "찬성과 반대 가운데 찬성의 몫입니다. 기권은 넣지 않습니다. 비워 두면 50 %입니다.",
    "rounds.*.deliberation": "위원이 점수를 봉인한 뒤 서로의 점수와 메모를 이름 없이 보고, 까닭을 적어 자기 점수를 고칠 수 있습니다. 메모가 다른 위원에게 보인다는 것을 위원에게 미리 알립니다.",
    "rounds.*.quorum": "비워 두면 모든 위원이 모든 작품을 봅니다. 적으면 이해관계를 피해 위원마다 고르게 나눕니다.",
    "rounds.*.repeats": "같은 작품에 얼마나 비슷한 점수를 주는지 보려고 다른 번호로 한 번 더 보입니다. 두 번째 점수는 순위에 넣지 않고, 서약서와 도움말과 공고문에 알립니다. 비워 두면 하지 않습니다.",
    "rounds.*.advance_count": "‘차례로 정한 수만큼’을 골랐을 때만 씁니다. 경계에서 같으면 모두 올라갑니다. 점수로 심사한 단계에서 올라가지 않은 작품은 그 순위대로 그 아래에 놓입니다.",
    "prizes.ceiling": "상금 합계가 이 금액을 넘으면 공고할 수 없습니다.",
    "texts.L.office_short": "문자 맨 앞에 대괄호로 붙습니다.",
    "texts.L.notes": "한 줄에 하나씩 적습니다.",
    "verification.gap_working_days": "이보다 짧으면 알려 드립니다. 공고를 막지는 않습니다.",
}
_CHOICES = {
    "jpeg": "JPEG",
    "png": "PNG",
    "camera": "카메라",
    "smartphone": "휴대전화",
    "drone": "드론",
    "looked_at": "있으면 참고",
    "winners": "수상 시 확인",
    "required": "필수",
    "refused": "받지 않음",
    "permit": "승인 서류 확인",
    "free": "제한 없음",
    "unfit": "부적합",
    "doubtful": "확인 필요",
    "note": "참고",
    "off": "끔",
    "plain": "그 작품은 빼지 않고 평균",
    "trim": "다른 작품과 같이 최고·최저점을 뺌",
    "mean": "평균",
    "trimmed": "최고·최저점을 뺀 평균",
    "median": "가운데 점수(중앙값)",
    "z_score": "위원별 표준점수의 평균",
    "borda": "위원별 순서를 점수로 바꾼 평균(보르다)",
    "top_counts": "높은 점수를 준 위원의 비율",
    "rubric": "배점표(항목마다 점수)",
    "vote": "투표(찬성·반대·기권)",
    "ballot": "순위 투표(위원마다 순서를 정해 점수로 바꿈)",
    "all": "모든 위원",
    "external": "외부 위원만",
    "internal": "내부 위원만",
    "wait_for_all": "모두 올 때까지 마감하지 않음",
    "abstain": "두 사람이 확인하면 기권으로 세고 마감할 수 있음",
    "all_go_on": "모두 올라감",
    "threshold": "찬성 비율이 정한 값 이상",
    "top": "찬성이 많거나 순위가 높은 차례로 정한 수만큼",
    "title": "작품명",
    "description": "작품설명",
    "place": "촬영지",
    "direct": "구청이 직접 지급",
    "agency": "위탁 지급(세금을 뗌)",
    "cascade": "아래 순위가 한 자리씩 올라감",
    "fill_hole": "예비순위 첫 작품이 빈자리를 채움",
    "leave_empty": "빈자리로 둠",
    "rounded": "소수 둘째 자리까지 반올림한 값(집계표와 같음)",
    "exact": "반올림하지 않은 값",
    "masked": "항상 가려서 적음(홍*동)",
    "full_with_consent": "동의한 분은 이름을 모두 적음",
    "criterion:by_weight": "배점이 큰 항목 차례로 비교",
    "counts": "가장 높은 단계를 받은 비율, 같으면 다음 단계 차례로",
    "panel_runoff": "심사위원회 결선투표(두 작품씩 견주어 다수결)",
    "chair": "위원장 재심사",
    "lot": "추첨",
}
_STAGES = {
    "draft": "준비 중",
    "open": "접수",
    "screening": "자격검토",
    "judging": "심사",
    "verification": "공개검증",
    "decided": "수상 확정",
}

register({f"group.{code}": label for code, label in _GROUPS.items()})
register({f"subject.{code}": label for code, label in _SUBJECTS.items()})
register({f"subject_lead.{code}": lead for code, lead in _LEADS.items()})
register({f"choice.{value}": label for value, label in _CHOICES.items()})
register({f"edition_stage.{value}": label for value, label in _STAGES.items()})
register(
    {
        "edition.title_number": mark(
            "{said}(이)라고 적혀 있습니다. 이 회차는 제{number}회이니 확인해 주세요."
        ),
        "edition.old_year": mark("지난 연도({years})가 들어 있습니다. 올해에 맞게 고쳤는지 확인해 주세요."),
        "edition.list_full": mark("{most}개까지 추가할 수 있습니다. 쓰지 않는 줄을 지워 주세요."),
        "edition.unread": mark("‘{typed}’은(는) 날짜와 시각이 아닙니다. 2024-08-30 18:00처럼 입력해 주세요."),
        "amendment.nothing": mark("바뀐 내용이 없습니다. 바꿀 항목을 고친 뒤 다시 제출해 주세요."),
        "amendment.reason_missing": mark("변경하는 까닭을 적어 주세요. 공고에 그대로 실립니다."),
        "amendment.pending": mark("승인을 기다리는 변경 공고가 있습니다. 그 공고를 먼저 처리해 주세요."),
        "amendment.not_open": mark("아직 공고하지 않은 회차입니다. 회차 편집 화면에서 바로 고쳐 주세요."),
        "amendment.frozen": mark(
            "{fields}은(는) 공고 뒤에 바꿀 수 없습니다. 일정, 연락처, 글만 고쳐 주세요."
        ),
        "amendment.passed": mark(
            "{was}은(는) 이미 지나 다시 열거나 옮길 수 없습니다. 처음 값으로 되돌려 주세요."
        ),
        "amendment.judging_over": mark(
            "심사가 끝나 심사 단계의 날짜를 바꿀 수 없습니다. 처음 값으로 되돌려 주세요."
        ),
        "amendment.round_begun": mark(
            "이미 시작한 심사 단계의 여는 날은 바꿀 수 없습니다. 닫는 날만 고쳐 주세요."
        ),
        "amendment.round_sealed": mark(
            "이미 마감한 심사 단계의 날짜는 바꿀 수 없습니다. 다시 열어야 하면 ‘마감한 심사 다시 열기’를 써 주세요."
        ),
        "amendment.into_past": mark("{at}은(는) 지금보다 앞입니다. 앞으로 올 시각으로 고쳐 주세요."),
        "amendment.stale": mark("제안한 뒤에 값이 바뀌었습니다. 거두고 다시 제안해 주세요."),
        "amendment.settled": mark("이미 처리된 변경 공고입니다. 화면을 새로 고쳐 주세요."),
        "amendment.same_person": mark("제안한 사람은 승인할 수 없습니다. 다른 승인자가 확인해 주세요."),
        "holiday.exists": mark("{day}은(는) 이미 공휴일로 올라 있습니다. 지우고 다시 추가해 주세요."),
        "holiday.name_missing": mark("공휴일의 이름을 적어 주세요."),
        "holiday.day_missing": mark("날짜를 2024-10-01처럼 입력해 주세요."),
        "spot.name_missing": mark("명소의 이름을 적어 주세요."),
        "spot.name_long": mark("이름은 80자까지 쓸 수 있습니다. 짧게 줄여 주세요."),
        "spot.note_long": mark("설명은 200자까지 쓸 수 있습니다. 짧게 줄여 주세요."),
        "spot.place_missing": mark("지도에서 자리를 누르거나 위도와 경도를 숫자로 적어 주세요."),
        "spot.place_far": mark("금천구에서 너무 먼 자리입니다. 지도에서 다시 눌러 주세요."),
    }
)


def group_title(path: str) -> str:
    """What a group of fields is called."""
    return text("ko", f"group.{path}") if path in _GROUPS else label_of("ko", path)


def hint_of(path: str) -> str:
    """What helps to fill in a field; empty where nothing need be said."""
    return _HINTS.get(shape_of(path), "")


def choice_label(value: str) -> str:
    """What a choice is called; a value that nobody knows is shown as it is."""
    return text("ko", f"choice.{value}") if value in _CHOICES else value
