"""Sentences of the 파기대장: kinds of what is destroyed, and the rules by which."""

from contest.infra.texts import mark, register

register(
    {
        "destruction.kind.draft": mark("제출하지 않은 응모"),
        "destruction.kind.replaced_photo": mark("바꾸거나 뺀 사진"),
        "destruction.kind.losing_photo": mark("수상하지 않은 사진"),
        "destruction.kind.entrant_data": mark("응모자 개인정보"),
        "destruction.kind.entrant_photo": mark("응모와 함께 지운 사진"),
        "destruction.kind.winner_data": mark("수상자 개인정보"),
        "destruction.kind.winner_photo": mark("수상작 사진"),
        "destruction.kind.account": mark("닫은 업무 계정의 이름과 연락처"),
        "destruction.kind.jury": mark("심사위원 정보"),
        "destruction.kind.published_name": mark("공개한 성명(가림)"),
        "destruction.kind.published_text": mark("공개한 수상작의 설명과 장소"),
        "destruction.kind.paper": mark("응모하거나 보완할 때 낸 서류"),
        "destruction.kind.message": mark("파기한 응모자에게 보낸 안내의 내용"),
        "destruction.kind.sign_in": mark("로그인 기록"),
        "destruction.kind.attempts": mark("지난 시도 횟수"),
        "destruction.kind.objection": mark("이의신청의 신고자 정보와 근거 자료"),
        "destruction.kind.stray": mark("주인 없는 파일"),
        "destruction.kind.half_written": mark("쓰다 만 파일"),
        "destruction.rule.retention.winners": mark("결과 발표부터 수상자에게 정한 기간"),
        "destruction.rule.retention.names": mark("결과 발표부터 성명 공개에 동의한 기간"),
        "destruction.rule.retention.judges": mark("결과 발표부터 심사위원에게 정한 기간"),
        "destruction.rule.accounts": mark("계정을 닫고 3년"),
        "destruction.rule.request": mark("본인의 요청"),
        "destruction.rule.restored": mark("본인의 요청(백업을 되살린 뒤 다시)"),
        "destruction.rule.refused": mark("법정대리인이 동의하지 않음"),
        "destruction.rule.kiosk": mark("접수 전용 기기를 비울 때"),
        "destruction.rule.replaced": mark("응모자가 바꾸거나 뺀 뒤 하루"),
        "destruction.rule.messages": mark("받는 사람의 정보를 지운 뒤 바로"),
        "destruction.rule.strays": mark("저장하고 하루, 지켜보고 나흘이 지난 것"),
        "destruction.rule.retention.drafts": mark("접수 마감부터 정한 기간"),
        "destruction.rule.retention.losing_images": mark("결과 발표부터 정한 기간"),
        "destruction.rule.retention.entrants": mark("결과 발표부터 정한 기간"),
        "destruction.rule.retention.objections": mark("이의신청 처리부터 정한 기간"),
        "destruction.rule.retention.access_logs": mark("마지막 이용부터 정한 기간"),
    }
)
