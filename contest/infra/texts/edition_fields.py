"""What the fields of an edition are called, for forms, checklists, amendments and their messages."""

from __future__ import annotations

from contest.domain.policies import is_round_day
from contest.infra.texts import LOCALES, mark, register, text

_LABELS = {
    "year": mark("연도"),
    "number": mark("회차"),
    "texts.L.title": mark("공모전 이름"),
    "texts.L.theme": mark("공모주제"),
    "texts.L.summary": mark("취지"),
    "texts.L.eligibility": mark("참가자격"),
    "texts.L.organiser": mark("주최·주관"),
    "texts.L.notes": mark("유의사항"),
    "texts.L.office": mark("담당 부서"),
    "texts.L.office_short": mark("문자 머리말에 쓰는 기관 이름(예: 금천구)"),
    "texts.L.hours": mark("문의 시간"),
    "texts.L.how_to_enter": mark("접수 방법"),
    "texts.L.correction": mark("보정 범위"),
    "texts.L.generated_images": mark("AI 생성·합성"),
    "texts.L.originals": mark("원본 제출"),
    "texts.L.judging": mark("심사와 집계"),
    "texts.L.disqualification": mark("부정행위"),
    "texts.L.copyright": mark("저작권과 이용"),
    "texts.L.portraits": mark("초상권"),
    "texts.L.minors": mark("미성년자"),
    "texts.L.verification_method": mark("공개검증 방법"),
    "texts.L.announcement": mark("결과 발표 방법"),
    "texts.L.awards_ceremony": mark("시상식과 전시"),
    "texts.L.payment": mark("상금 지급 안내"),
    "texts.L.notice_number": mark("공고번호"),
    "texts.L.notice_date": mark("공고일"),
    "texts.L.signed_by": mark("공고 명의"),
    "texts.L.legal_basis": mark("관련 근거"),
    "texts.L.outsourcing": mark("개인정보 처리위탁"),
    "texts.L.attachments": mark("붙임"),
    "contact.phone": mark("문의 전화"),
    "contact.email": mark("문의 전자우편"),
    "schedule.entry_opens": mark("접수 시작"),
    "schedule.entry_closes": mark("접수 마감"),
    "schedule.screening_closes": mark("자격검토 마감"),
    "schedule.judging_opens": mark("심사 시작"),
    "schedule.judging_closes": mark("심사 마감"),
    "schedule.verification_opens": mark("공개검증 시작"),
    "schedule.verification_closes": mark("공개검증 마감"),
    "schedule.decides_by": mark("수상 확정"),
    "schedule.publish_at": mark("결과 발표"),
    "entry": mark("응모 규칙"),
    "entry.works_per_person": mark("한 사람 출품 수(점)"),
    "entry.formats": mark("파일 형식"),
    "entry.heic": mark("아이폰 HEIC 파일도 받기"),
    "entry.min_long_side": mark("긴 변 최소(픽셀)"),
    "entry.min_bytes": mark("최소 용량(MB)"),
    "entry.max_bytes": mark("최대 용량(MB)"),
    "entry.taken_from": mark("촬영기간 시작일"),
    "entry.taken_until": mark("촬영기간 끝날"),
    "entry.place_required": mark("촬영지를 반드시 적게 하기"),
    "entry.in_district": mark("관내에서 찍은 사진만 받기"),
    "entry.devices": mark("촬영기기"),
    "entry.exif": mark("촬영 정보(EXIF)"),
    "entry.drone": mark("드론 사진"),
    "entry.drone_papers": mark("드론 승인 서류를 응모할 때 받기"),
    "entry.portrait_papers": mark("초상권 동의서를 응모할 때 받기"),
    "entry.keeps_network": mark("어느 통신망에서 냈는지 확인값 남기기"),
    "entry.team_size": mark("한 팀 인원(1: 개인만)"),
    "entry.grace_minutes": mark("마감 뒤 유예(분)"),
    "entry.original_days": mark("원본 제출 기한(일)"),
    "findings": mark("확인 등급"),
    "judges": mark("심사위원"),
    "judges.count": mark("심사위원 수(명)"),
    "judges.external": mark("외부위원 수(명)"),
    "rounds": mark("심사 단계"),
    "rounds.*": mark("심사 단계"),
    "rounds.*.name": mark("심사 단계 이름"),
    "rounds.*.name.L": mark("심사 단계 이름"),
    "rounds.*.criteria": mark("심사 항목과 배점"),
    "rounds.*.criteria.*": mark("심사 항목"),
    "rounds.*.criteria.*.code": mark("항목 구분값"),
    "rounds.*.criteria.*.name.L": mark("항목 이름"),
    "rounds.*.criteria.*.description.L": mark("항목 설명"),
    "rounds.*.criteria.*.weight": mark("배점"),
    "rounds.*.level_names": mark("평가 5단계 이름"),
    "rounds.*.level_names.*": mark("평가 단계"),
    "rounds.*.level_names.*.L": mark("평가 단계 이름"),
    "rounds.*.aggregation": mark("점수를 모아 순위를 정하는 방법"),
    "rounds.*.trim_from": mark("최고·최저점을 빼는 위원 수(명)"),
    "rounds.*.recusal_rule": mark("회피가 있는 작품의 집계"),
    "rounds.*.shows": mark("심사위원에게 보이는 것(사진 외)"),
    "rounds.*.method": mark("심사 방식"),
    "rounds.*.panel": mark("심사하는 위원"),
    "rounds.*.opens": mark("여는 날"),
    "rounds.*.closes": mark("닫는 날(그날 밤 12시까지)"),
    "rounds.*.quorum": mark("작품마다 심사하는 위원 수(명)"),
    "rounds.*.repeats": mark("위원마다 한 번 더 보이는 작품 수(점)"),
    "rounds.*.deliberation": mark("점수를 봉인한 뒤 심의하기"),
    "rounds.*.missing": mark("심사 기간이 지나도 오지 않은 표"),
    "rounds.*.advance": mark("다음 단계로 올라갈 작품"),
    "rounds.*.advance_percent": mark("올라갈 찬성 비율(%)"),
    "rounds.*.advance_count": mark("올라갈 작품 수(점)"),
    "prizes": mark("시상내역"),
    "prizes.tiers": mark("상격"),
    "prizes.tiers.*": mark("상격"),
    "prizes.tiers.*.name": mark("상격 이름"),
    "prizes.tiers.*.name.L": mark("상격 이름"),
    "prizes.tiers.*.count": mark("인원(명)"),
    "prizes.tiers.*.amount": mark("한 명 상금(원)"),
    "prizes.winners": mark("수상 인원 합계(명)"),
    "prizes.budget": mark("상금 합계(원)"),
    "prizes.ceiling": mark("상금 예산(원)"),
    "payment": mark("상금을 지급하는 곳"),
    "reserves": mark("예비순위 작품 수(점)"),
    "verification.days": mark("공개검증 최소 일수"),
    "verification.gap_working_days": mark("검증과 발표 사이 일하는 날(최소)"),
    "succession": mark("수상 제외 때 승계"),
    "may_leave_empty": mark("적격작이 없으면 상을 비워 둘 수 있음"),
    "publish_scores": mark("발표 뒤 이름을 가린 점수표를 공개해 누구나 결과를 다시 계산할 수 있게 함"),
    "ties": mark("동점 처리 순서"),
    "ties.*": mark("동점 처리 단계"),
    "compare": mark("순위를 가르는 값"),
    "one_prize_per_person": mark("한 사람은 상 하나만(높은 상)"),
    "names": mark("수상자 성명 표기"),
    "licence.years": mark("수상작 이용 기간(년)"),
    "consents": mark("동의 문구"),
    "retention": mark("보유기간"),
    "retention.entrants": mark("응모자 정보(발표일부터)"),
    "retention.losing_images": mark("수상하지 않은 사진(발표일부터)"),
    "retention.winners": mark("수상자 정보(발표일부터)"),
    "retention.access_logs": mark("접속 기록"),
    "retention.drafts": mark("제출하지 않은 응모(마감부터)"),
    "retention.objections": mark("이의신청 기록(처리부터)"),
    "retention.names": mark("공개한 성명(발표일부터)"),
    "retention.judges": mark("심사위원 정보(발표일부터)"),
    "retention.news": mark("다음 공모전 안내를 받을 연락처(동의한 날부터)"),
    "retention.N.months": mark("개월"),
    "retention.N.days": mark("일"),
}
_CONSENTS = {
    "privacy": mark("개인정보 수집·이용 동의"),
    "licence": mark("수상작 이용허락"),
    "pledge": mark("청렴서약"),
    "portrait": mark("초상권 확인"),
    "guardian": mark("법정대리인 동의"),
    "name_publication": mark("성명 공개 동의"),
    "next_contest": mark("다음 공모전 안내 동의"),
    "open_licence": mark("공공누리 개방 동의"),
}
_PARTS = {
    "title": mark("제목"),
    "purpose": mark("수집·이용 목적"),
    "items": mark("수집 항목"),
    "retention": mark("보유·이용 기간"),
    "refusal": mark("거부할 권리와 불이익"),
    "agree": mark("동의 문장"),
    "body": mark("본문"),
}
_LANGUAGES = {"en": mark("영어"), "zh": mark("중국어")}
_KINDS = {
    "not_image": mark("사진 파일이 아님"),
    "unreadable": mark("열 수 없는 파일"),
    "damaged": mark("손상된 파일"),
    "format": mark("받지 않는 형식"),
    "extension_mismatch": mark("확장자와 내용이 다름"),
    "too_small": mark("크기 미달"),
    "too_many_pixels": mark("지나치게 큰 사진"),
    "too_many_bytes": mark("용량 초과"),
    "too_few_bytes": mark("용량 미달"),
    "over_cap": mark("출품 수 초과"),
    "late": mark("마감 뒤 제출"),
    "same_file_same_person": mark("같은 사람이 같은 파일을 두 번 냄"),
    "same_file_other": mark("다른 사람과 같은 파일"),
    "near_copy_other": mark("다른 사람 작품과 비슷함"),
    "near_copy_same_person": mark("본인 작품과 비슷함"),
    "earlier_edition_copy": mark("지난 회차 작품과 같거나 비슷함"),
    "library_match": mark("다른 공모전 수상작과 같거나 비슷함"),
    "taken_outside_window": mark("촬영기간 밖"),
    "outside_district": mark("관외 촬영"),
    "near_boundary": mark("경계 부근 촬영"),
    "place_missing": mark("촬영지 없음"),
    "ai_declared": mark("AI 생성 표시"),
    "generator_mark": mark("생성 도구 흔적"),
    "credentials_unchecked": mark("제작 이력(C2PA) 미확인"),
    "editor_mark": mark("편집 도구 흔적"),
    "screenshot": mark("화면 갈무리"),
    "upscaled": mark("억지로 키운 사진"),
    "watermark": mark("얹은 글씨"),
    "border": mark("테두리"),
    "date_stamp": mark("찍힌 날짜"),
    "blank": mark("빈 사진"),
    "soft": mark("흐린 사진"),
    "thumbnail_differs": mark("다른 미리보기"),
    "messenger": mark("메신저로 옮긴 사진"),
    "no_exif": mark("촬영 정보 없음"),
    "no_gps": mark("위치 정보 없음"),
    "impossible_date": mark("있을 수 없는 촬영일"),
    "drone": mark("드론 사진"),
    "scanned": mark("스캔한 사진"),
    "same_phone_other_name": mark("같은 번호, 다른 이름"),
    "portrait_unconsented": mark("초상권 동의 없음"),
    "names_in_text": mark("글에 이름이 들어 있음"),
}

register({f"field.{path}": label for path, label in _LABELS.items()})
register({f"consent_kind.{kind}": label for kind, label in _CONSENTS.items()})
register({f"consent_part.{part}": label for part, label in _PARTS.items()})
register({"round_day": mark("심사 {number}단계 {label}")})
register({f"language.{code}": label for code, label in _LANGUAGES.items()})
register({f"finding_kind.{kind}": label for kind, label in _KINDS.items()})


def label_of(locale: str, path: str) -> str:
    """What a dotted path of an edition is called; of an unnamed one, what its nearest named parent is."""
    parts = path.split(".")
    if parts[0] == "consents" and len(parts) > 1 and parts[1] in _CONSENTS:
        label = text(locale, f"consent_kind.{parts[1]}")
        part = parts[-1] if parts[-1] in _PARTS and len(parts) > 3 else ""  # noqa: PLR2004  kind, locale, part
        label = f"{label}: {text(locale, f'consent_part.{part}')}" if part else label
    elif parts[0] == "findings" and len(parts) > 1 and parts[1] in _KINDS:
        label = text(locale, f"finding_kind.{parts[1]}")
    else:
        label = text(locale, f"field.{_named(parts)}")
    if is_round_day(path):
        # A day stands beside others of its kind in an amendment: which round it is of has to be said.
        return text(locale, "round_day", number=int(parts[1]) + 1, label=label)
    language = next((part for part in parts if part in _LANGUAGES), None)
    return f"{label} ({text(locale, f'language.{language}')})" if language else label


def _named(parts: list[str]) -> str:
    """The longest beginning of a path that has a label, places and languages left open."""
    shape = shape_of(".".join(parts)).split(".")
    if shape[0] == "retention" and len(shape) > 2:  # noqa: PLR2004  retention, class, unit
        shape[1] = "N"
    for end in range(len(shape), 0, -1):
        if (path := ".".join(shape[:end])) in _LABELS:
            return path
    return "consents" if parts[0] == "consents" else "number"


def shape_of(path: str) -> str:
    """A path with its places and languages left open: "prizes.tiers.*.name.L"."""
    return ".".join("*" if part.isdigit() else "L" if part in LOCALES else part for part in path.split("."))
